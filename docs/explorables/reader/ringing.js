// Question 8: what a loss that swings says: momentum by its period and its decay, a ragged floor by how it hangs on.
import { argmin, diff, dot, fitted, mean, median, min, std, where } from "./arrays.js";

const DEEP = 0.7; // of the height of a peak: what swings goes lower than that in between
const EARLY = 0.22; // of a period: arches are low half-way between their peaks or later, teeth in the row after a peak
const FEWEST = 5; // peaks
const LOWEST = 0.02; // the share of the first peak from which on they are lost in noise

/** {period of the loss, share: peak to peak, by step: β of heavy ball, first: the row of the first peak, peaks}. */
export function read(x, t) {
  let peaks = where(x, (loss, i) => i && i < x.length - 1 && loss > x[i - 1] && loss >= x[i + 1]);
  if (peaks.length < FEWEST) return null;
  const lowest = min(x);
  const height = (row) => x[row] - lowest;
  const lost = peaks.findIndex((row) => height(row) < LOWEST * height(peaks[0]));
  peaks = peaks.slice(0, Math.max(lost < 0 ? peaks.length : lost, FEWEST));
  const at = peaks.map((row) => t[row]);
  const gaps = diff(at);
  const logs = peaks.map((row) => Math.log(Math.max(height(row), 1e-300)));
  const lows = peaks.slice(1).map((row, i) => peaks[i] + argmin(x.slice(peaks[i], row)));
  if (mean(diff(peaks)) > 4.5 && median(lows.map((row, i) => (t[row] - at[i]) / gaps[i])) < EARLY) return null;
  const depths = lows.map((row, i) => height(row) / (height(peaks[i + 1]) + 1e-300));
  if (Math.max(median(depths), median(depths.slice(0, (depths.length + 1) >> 1))) > DEEP) return null; // teeth look deep where all is low
  const [slope, start] = fitted(at, logs);
  const off = std(logs.map((log, i) => log - slope * at[i] - start));
  const fall = -slope * (at.at(-1) - at[0]);
  if (std(gaps) > 0.3 * mean(gaps) || fall < 1 || off > 0.15 * fall || mean(gaps) < 3 * (t[1] - t[0])) return null;
  return { period: mean(gaps), share: Math.exp(slope), first: peaks[0], peaks };
}

/**
 * The least and the greatest ηλ whose loss swings so: a mode z = √s e^{±iθ} swings the loss by 2θ an update, which θ and
 * π-θ do alike, and with rows of k updates 2k angles between the two. For heavy ball and Nesterov alike ηλ = |1-z|².
 */
export function products({ period, share }) {
  const s = Math.min(share, 0.9999);
  const far = 2 * s ** 0.5 * Math.cos(Math.PI / period);
  return [1 + s - far, 1 + s + far];
}

/** The lag-1 autocorrelation c of a noisy floor, where ηλ = 1 ∓ √c for one mode; null where it is not clear of 0. */
export function ragged(x) {
  if (x.length < 64) return null;
  const middle = mean(x);
  const rest = x.map((loss) => loss - middle);
  const power = dot(rest, rest);
  const c = power ? dot(rest.subarray(1), rest) / power : 0;
  return 4 / x.length ** 0.5 < c && c < 1 ? c : null;
}
