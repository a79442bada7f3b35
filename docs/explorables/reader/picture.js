// What is drawn of a diagnosis: what lrsim's Diagnosis.plot draws, in at most some thousand points.
import { last, least, map, mean, min } from "./arrays.js";
import { read as spikesOf } from "./spikes.js";

const MOST = 1600; // points of a curve

/** Rows that show a long curve: the lowest and the highest of each piece of it. */
export function shown(x) {
  const size = Math.max(1, Math.ceil((2 * x.length) / MOST));
  if (size === 1) return Array.from(x, (_, row) => row);
  const rows = [0];
  for (let from = 0; from < x.length; from += size) {
    let [low, high] = [from, from];
    for (let row = from; row < Math.min(from + size, x.length); row++) {
      if (x[row] < x[low]) low = row;
      if (x[row] > x[high]) high = row;
    }
    rows.push(Math.min(low, high), Math.max(low, high));
  }
  rows.push(x.length - 1);
  return [...new Set(rows)];
}

/** L - L* over the steps and the noise around it, the fitted line and its window, spikes, η and its limit; L* of `bowl`. */
export function picture(found, my, bowl) {
  const { x, curve: { at, t, rates, word }, grown, sigma } = my;
  const lowest = bowl?.fits ? bowl.lowest : grown ? grown.lowest : least(0, min(x));
  const rows = shown(x);
  const excess = (row) => (x[row] > lowest ? x[row] - lowest : NaN);
  const floor = rows.reduce((found, row) => (excess(row) < found ? excess(row) : found), Infinity) / 2;
  const of = (values) => rows.map((row) => values[row]);
  return {
    word,
    lowest,
    at: of(at),
    t: of(t),
    excess: rows.map(excess),
    low: rows.map((row) => Math.max(excess(row) - 2 * sigma[row], floor)),
    high: rows.map((row) => Math.max(excess(row) + 2 * sigma[row], floor)),
    fit: grown && grown.slope !== null ? fitOf(grown, at, t, x, lowest) : null,
    spikes: found.cause === "spike" ? (spikesOf(x, sigma)?.peaks ?? []).map((row) => [at[row], excess(row)]) : [],
    lostAt: found.lostAt,
    rates: rates && of(rates),
    limit: rates && typeof found.etaLambda === "number" && found.divideBy ? last(rates) / found.divideBy : null,
  };
}

/** The line through ln(L - L*), at its two ends. */
function fitOf({ first, slope, lowest }, at, t, x, below) {
  const v = map(x.slice(first), (loss) => Math.log(loss - lowest));
  const seen = v.map((_, i) => i).filter((i) => Number.isFinite(v[i]));
  const [level, middle] = [mean(seen.map((i) => v[i])), mean(seen.map((i) => t[first + i]))];
  return [first, x.length - 1].map((row) => [at[row], Math.exp(level + slope * (t[row] - middle)) + lowest - below]);
}
