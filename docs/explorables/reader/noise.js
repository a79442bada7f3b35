// Question 2: how large the noise is, and whether the loss alternates.
import { TINY, diff, dot, first, max, mean, median, min, smoothed, split, std } from "./arrays.js";

const BLOCK = 40; // rows over which the noise is taken to be alike
const ROBUST = 1.4826 * (2 / 3) ** 0.5; // from the median of |x_t - (x_{t-1} + x_{t+1})/2| to σ

/** How far each but the first and last is from the mean of its neighbours. */
const apart = (u) => u.slice(2).map((next, i) => u[i + 1] - (u[i] + next) / 2);

/** {u, share, sigma}: ln L, or what stands in for it where losses are not positive; σ of that, and of L, by row. */
export function read(x, roundOff) {
  const size = sizeOf(x);
  if (size === 0 && min(x) <= 0) {
    const [level, lowest] = [smoothed(x, 5), min(x.filter((loss) => loss > 0))];
    x = x.map((loss, i) => (loss > 0 ? loss : Math.max(level[i], lowest)));
  }
  const u = x.map(size === 0 ? Math.log : (loss) => Math.asinh(loss / (2 * size)));
  const scale = x.map(size === 0 ? Math.abs : (loss) => Math.hypot(loss, 2 * size));
  const d = apart(u).map(Math.abs);
  if (!d.length) return { u, share: new Float64Array(x.length), sigma: roundOff };
  const width = Math.max(BLOCK, Math.floor(d.length / 400));
  const blocks = [];
  for (let i = 0; i < Math.max(d.length - Math.floor(width / 2), 1); i += width) blocks.push(ROBUST * median(d.slice(i, i + width)));
  const block = (i) => blocks[Math.min(Math.floor(Math.max(i - 1, 0) / width), blocks.length - 1)];
  const share = x.map((_, i) => Math.max(block(i), roundOff[i] / Math.max(scale[i], TINY)));
  return { u, share, sigma: share.map((own, i) => own * scale[i]) };
}

/** 0 where ln will do; else the size below which a loss is as good as 0. */
function sizeOf(x) {
  if (x.filter((loss) => loss > 0).length / x.length > 0.98) return 0; // noise may throw a loss below 0
  const middle = median(x);
  return median(x.map((loss) => Math.abs(loss - middle))) || max(x.map(Math.abs)) || 1;
}

/** The rows after which ln L does the same again: teeth; null where less than half of its changes is due to that. */
export function repeats({ u }, rows = 2000) {
  const changes = diff(u.slice(-rows));
  const middle = mean(changes);
  const d = changes.map((own) => own - middle);
  const [power, most] = [dot(d, d), Math.min(Math.floor(d.length / 3), rows / 4)];
  if (most < 3 || power === 0) return null;
  const alike = new Float64Array(most - 1).map((_, i) => ((dot(d.slice(0, -2 - i), d.subarray(2 + i)) / power) * d.length) / (d.length - 2 - i));
  const highest = max(alike.slice(1));
  const lag = 3 + first(alike.slice(1), (own) => own > 0.9 * highest);
  const [own, again, between] = [alike[lag - 2], alike[(2 * lag <= most ? 2 * lag : lag) - 2], min(alike.slice(0, lag - 2))];
  return own > 0.5 && again > 0.4 && between < own / 2 ? lag : null; // a slow change is alike at every lag
}

/** The share by which every second loss of the last rows is higher, if that is no chance; else null. */
export function alternates({ u }, rows = 400) {
  const part = u.slice(-rows);
  if (part.length < 12) return null;
  const d = apart(part).map((own, i) => (own / 2) * (i % 2 ? -1 : 1)); // ± its height, plus noise
  const [height, spread] = [Math.abs(mean(d)), std(d)];
  const [one, two] = split(d, 2).map(mean);
  const [small, large] = Math.abs(two) < Math.abs(one) ? [two, one] : Math.abs(two) > Math.abs(one) ? [one, two] : [one, one];
  const steady = height ? small / large > 0.5 : false;
  return steady && height > (6 * spread) / d.length ** 0.5 && height > spread && height > 1e-9 ? 2 * height : null;
}
