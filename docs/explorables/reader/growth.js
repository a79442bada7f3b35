// Question 3: whether the loss grows at its end, beyond the noise, and whether as one exponential.
import { argmax, argmin, diff, dot, last, least, map, max, mean, median, most, smoothed, std, sum } from "./arrays.js";

export const FEWEST = 5; // rows, below which a rise is no exponential yet
export const FOLDS = 1.5; // and factors of e
const CLEAR = 4; // factors of e above where it shows: there L* and what still falls no longer count
const STRAY = 0.1; // of the running median of L - L*: one loss far below its neighbours is worth no more
export const WALK = 0.5; // of an error in the next, above which errors add up
export const HUGE = 1e3; // times the level before: no bad minibatch does that

export const medianWidth = (rows) => Math.min(7, Math.floor(rows / 6) | 1);

/**
 * The growth since the loss was last as low as at its lowest; null if it is that low at its end. Rows: `onset`, where
 * the line comes out of the noise, `since`, where it stands clear of it, `first` of the fit, `peak`; L* `lowest`;
 * `kind` "exponential", "steeper", "slower" or "jump"; `slope` of ln(L - L*) by t, of a "slower" one where L* lies lower than is seen, and `error`, half of its 95 %
 * interval; `back`, by how many factors of e the end is below the peak, beyond the noise.
 */
export function read(x, t, sigma, smooth) {
  const level = smooth ? x : smoothed(x, medianWidth(x.length));
  const low = x.length - 1 - argmin(level.slice().reverse());
  const lowest = level[low];
  let since = x.length;
  while (since > low && !(Math.max(level[since - 1], x[since - 1]) - lowest <= 4 * sigma[low])) since--;
  since = since > low ? since : low + 1;
  if (since >= x.length) return null;
  if (!smooth && alone(x, since, lowest)) since = x.length - 1;
  const v = x.slice(since).map((loss, i) => Math.log(Math.max(loss - lowest, STRAY * Math.max(level[since + i] - lowest, sigma[low]))));
  const peak = argmax(v.length > 4 ? smoothed(v, 3) : v);
  const steps = diff(v);
  const middle = median(steps);
  const rough = steps.length > 2 ? 1.5 * median(steps.map((step) => Math.abs(step - middle))) : 0;
  const after = v.length - 1 - peak;
  const back = after ? v[peak] - median(v.slice(-Math.min(3, after + 1))) - 1 - 3 * rough * after ** 0.5 : -1;
  const [kind, first, fit] = exponential(t.slice(since), v, lowest, sigma[low] / (Math.abs(lowest) + 1e-300), smooth);
  const onset = smooth || !fit ? since : Math.max(low, Math.min(since, onsetOf(t, v, since, first, fit.slope, sigma[low])));
  return { onset, since, first: since + first, peak: since + peak, lowest, kind, slope: fit && fit.slope, error: fit ? fit.error : 0, back };
}

/** Whether the last row is far above all, and the rows before it no higher than those before `since`. */
function alone(x, since, lowest) {
  const level = Math.max(max(x.slice(0, since)) - lowest, Math.abs(lowest));
  return last(x) - lowest > HUGE * level && x.slice(since, -1).every((loss) => loss - lowest <= level);
}

/** The row where the fitted line is at a quarter of the noise. */
function onsetOf(t, v, since, first, slope, sigma) {
  const middle = mean(v.slice(first)) - slope * mean(t.slice(since + first));
  const at = t.findIndex((own) => own >= (Math.log(sigma / 4 + 1e-300) - middle) / slope);
  return at < 0 ? t.length : at;
}

/** The kind of rise, the first row of the window in which both halves agree, and the line through it. */
function exponential(t, v, lowest, share, smooth) {
  if (v.length < FEWEST || last(v) - v[0] < FOLDS) return ["jump", 0, null];
  const size = Math.abs(lowest);
  const weight = map(v, (own) => Math.exp(own) / (Math.exp(own) + size)); // noise is a share of L: of L - L* it is more where that is small
  const floor = most(v[0] + CLEAR, Math.log(size + 1e-300) - Math.log(most(share, 0.003) / 4));
  let start = Math.max(v.findIndex((own) => own > floor), 0);
  if (last(v) < floor + CLEAR || v.length - start < 2 * FEWEST) start = 0;
  const starts = [start, ...[1, 2, 3, 4, 5].map((k) => start + Math.floor(((v.length - start) * k) / 8))];
  let halves = null;
  for (const first of [...new Set(starts)].sort((a, b) => a - b)) {
    if (v.length - first < FEWEST || last(v) - v[first] < 1) break;
    const half = first + Math.floor((v.length - first) / 2);
    const [one, two, whole] = [[first, half + 1], [half], [first]].map((part) => line(...[t, v, weight].map((all) => all.slice(...part))));
    const apart = Math.abs(one.slope - two.slope);
    const wide = smooth ? 0 : walked(t.slice(first), v.slice(first), whole.together);
    if (whole.slope > 0 && apart <= most(Math.hypot(one.error, two.error), smooth ? 0.02 * whole.slope : 0)) {
      const sure = most(whole.error, smooth ? apart : 0);
      const enough = most(2 * sure, v.length - first >= 2 * FEWEST ? wide : 0); // fewer cannot rule a walk out
      if (whole.slope > enough && (smooth || !bent(...[t, v, weight].map((all) => all.slice(first))))) {
        return ["exponential", first, { slope: whole.slope, error: most(sure, wide) + 1e-9 * whole.slope }];
      }
    }
    halves = [one, two];
  }
  if (!halves) return ["jump", 0, null];
  return [halves[1].slope > halves[0].slope ? "steeper" : "slower", 0, null];
}

/** The slope of v against t and half of its 95 % interval, for errors that hang together as AR(1) or a walk. */
function line(t, v, weight) {
  const squares = map(weight, (w) => w ** 2);
  const total = sum(squares);
  const w = squares.map((own) => own / total);
  const [a, b] = [dot(w, t), dot(w, v)];
  const [tc, vc] = [map(t, (own) => own - a), map(v, (own) => own - b)];
  const lever = w.map((own, i) => own * tc[i]);
  const pull = dot(lever, tc);
  const slope = dot(lever, vc) / pull;
  const rest = vc.map((own, i) => own - slope * tc[i]);
  const spare = Math.max(t.length - 2, 1);
  const together = hanging(rest);
  let error = (sum(lever.map((own, i) => (own * rest[i]) ** 2)) ** 0.5 / pull) * (t.length / spare) ** 0.5;
  error *= ((1 + together) / (1 - together)) ** 0.5;
  // a walk: its drift is known from its increments alone
  if (together > 0.6 && t.length > 4) error = most(error, std(diff(v)) / (t.length - 1) ** 0.5 / mean(diff(t)));
  return { slope, error: error * (1.96 + 2.4 / spare), together };
}

/** How much one error has of the next. */
export function hanging(rest) {
  const power = dot(rest, rest);
  return power ? least(most(dot(rest.subarray(1), rest) / power, 0), 0.99) : 0;
}

/**
 * Whether the slope of a parabola through v clearly falls, by a quarter of itself or more: a line, a root. The errors
 * about a straight line hang together where v is bent, so that both halves of it seem to agree.
 */
function bent(t, v, weight) {
  if (t.length < 2 * FEWEST) return false;
  const total = dot(weight, weight);
  const w = weight.map((own) => own ** 2 / total);
  const [a, b, wide] = [dot(w, t), dot(w, v), last(t) - t[0]];
  const [tc, vc] = [map(t, (own) => (own - a) / wide), map(v, (own) => own - b)];
  const square = tc.map((own) => own ** 2);
  const spread = dot(w, square);
  const pull = w.map((own, i) => (own * tc[i]) / spread);
  let q = square.map((own) => own - spread);
  const tilt = dot(pull, q);
  q = q.map((own, i) => own - tilt * tc[i]);
  const size = sum(q.map((own, i) => w[i] * own * own));
  const lever = w.map((own, i) => (own * q[i]) / size);
  const [slope, bend] = [dot(pull, vc), dot(lever, vc)];
  const rest = vc.map((own, i) => own - slope * tc[i] - bend * q[i]);
  const together = hanging(rest);
  const error = sum(lever.map((own, i) => (own * rest[i]) ** 2)) ** 0.5 * ((1 + together) / (1 - together)) ** 0.5;
  return 2 * bend < -0.25 * slope && bend < -4 * error;
}

/**
 * Half of the 95 % interval of the drift of a walk, by Student's t of its steps; 0 where v is seen to be none. The
 * errors about a line through a short walk hang together as little as those of white noise.
 */
export function walked(t, v, together) {
  const count = t.length - 1;
  if (together <= least(WALK, 1 - 24 / t.length)) return 0;
  const student = 1.96 + 2.4 / (count - 1) + 2.8 / (count - 1) ** 2;
  return (student * std(diff(v))) / (count - 1) ** 0.5 / mean(diff(t));
}
