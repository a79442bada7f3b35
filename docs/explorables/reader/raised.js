// Question 3, where L* is not seen: one exponential c e^{st} above a level of its own, below the lowest loss.
import { argmin, dot, last, map, most, smoothed } from "./arrays.js";
import { FEWEST, FOLDS, WALK, hanging, walked } from "./growth.js";

const [TRIALS, ROUNDS, ROWS] = [40, 30, 5000]; // rows are thinned to so many
const EXACT = 1e-9; // of the loss: what is left about the fit is round-off
const SURE = 0.25; // of s
const ASTRAY = 2.5; // standard errors of a line beside the exponential
const LEFT = 2; // times the noise

/** The growth, with the slope of such an exponential where that is known and not what was read already. */
export function read(g, x, t, sigma) {
  if (!["slower", "exponential"].includes(g.kind)) return g;
  const before = g.since - 1;
  const own = fit(t.slice(g.since), x.slice(g.since), sigma[before] / Math.abs(x[before]));
  if (!own || (g.slope !== null && Math.abs(own[0] - g.slope) <= own[1])) return g;
  const straight = g.since + Math.floor((5 * (x.length - g.since)) / 8); // there whatever L* is hardly bends it any more
  return { ...g, slope: own[0], error: own[1], first: straight };
}

/** [s, half of its 95 % interval]; null where anything else fits better, or s is not known to a quarter. */
function fit(t, x, noise) {
  if (x.length < FEWEST + 3) return null;
  const every = 1 + Math.floor(x.length / ROWS);
  [t, x] = [t, x].map((all) => all.filter((_, i) => i % every === 0));
  const span = last(t) - t[0];
  const u = map(t, (own) => (own - last(t)) / span);
  const w = map(smoothed(x, 7), (level) => 1 / Math.max(Math.abs(level), 1e-300)); // the noise is a share of L
  const [low, high] = [FOLDS / 3, 3 * x.length];
  const trial = Array.from({ length: TRIALS }, (_, i) => low * (high / low) ** (i / (TRIALS - 1)));
  let s = trial[argmin(trial.map((own) => square(fitted(own, u, x, w).rest)))];
  let step = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { rest, lean } = fitted(s, u, x, w);
    step = dot(lean, rest) / square(lean);
    s += step;
    if (!(low <= s && s <= high)) return null;
  }
  const { height, rest, lean, beside } = fitted(s, u, x, w);
  const [spare, hangs] = [x.length - 3, hanging(rest)];
  const spread = (square(rest) / spare) ** 0.5;
  const exact = !(spread > EXACT);
  if (!(height > 0) || s < FOLDS || Math.abs(step) > 1e-6) return null;
  if (!exact && (spread > LEFT * noise || hangs > WALK || Math.abs(dot(beside, rest)) > ASTRAY * spread * square(beside) ** 0.5)) return null;
  const wide = exact ? EXACT : spread * ((1 + hangs) / (1 - hangs)) ** 0.5;
  const error = most((wide / square(lean) ** 0.5) * (1.96 + 2.4 / spare), exact ? 0 : walked(u, rest, hangs));
  return error < SURE * s ? [s / span, error / span] : null;
}

const square = (v) => dot(v, v);

/** c `height`, what is left, what it would change if s were more, and a line: all as far as what is before does not do it. */
function fitted(s, u, x, w) {
  const e = map(u, (own, i) => Math.exp(s * own) * w[i]);
  const rise = left(e, w);
  const above = left(map(x, (loss, i) => loss * w[i]), w);
  const height = dot(rise, above) / square(rise);
  const lean = left(map(u, (own, i) => height * own * e[i]), w, rise);
  return { height, rest: map(above, (own, i) => own - height * rise[i]), lean, beside: left(map(u, (own, i) => own * w[i]), w, rise, lean) };
}

function left(v, ...others) {
  for (const other of others) {
    const share = dot(other, v) / square(other);
    v = map(v, (own, i) => own - share * other[i]);
  }
  return v;
}
