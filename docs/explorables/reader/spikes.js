// Question 5: losses far above what is before and after them.
import { argmax, diff, groups, lowestSo, map, mean, median, min, quantile, smoothed, split, std, where } from "./arrays.js";

const BLOCK = 100; // rows, at least, over which the tail of the noise is taken to be alike
const LEAST = 0.05; // of the level: what is below is none
const TALL = 10; // and what is above is one
export const GROWING = 4; // rows of steady growth before a peak that make it an instability

const spread = (x) => quantile(x, 0.9) - median(x);

/** {peaks: rows, the highest of each spike; top; first: the row from which the highest grows; rows: for how many}. */
export function read(x, sigma) {
  const level = x.length < 12 ? x : smoothed(x, 5);
  const before = lowestSo(level);
  const after = lowestSo(level.slice().reverse()).reverse();
  const calm = before.map((own, i) => Math.max(own, after[i]));
  const base = calm.map((own, i) => Math.max(Math.abs(own), sigma[i]));
  const share = x.map((loss, i) => (loss - calm[i]) / base[i]);
  const wander = 7 * spread(share); // slow swings are no spikes
  const tails = tailsOf(x.map((loss, i) => (loss - level[i]) / base[i]));
  const tall = Math.max(LEAST, Math.min(wander, TALL));
  const calmly = x.length < 12 ? sigma : smoothed(sigma, 5); // not the noise of a loss as high as the spike
  const high = (i) => x[i] - calm[i] > 8 * calmly[i] && share[i] > 7 * tails[i] && share[i] > tall;
  const rows = where(x, (_, i) => i > 0 && i < x.length - 1 && high(i));
  if (!rows.length) return null;
  const peaks = groups(rows, 3).map((group) => group[argmax(group.map((row) => x[row]))]);
  const top = peaks[argmax(peaks.map((row) => share[row]))];
  let start = Math.max(x.slice(0, top).findLastIndex((loss, i) => loss <= before[top] + 4 * sigma[i]), 0);
  while (start > 0 && x[start - 1] < x[start]) start--;
  let crest = start;
  while (crest + 1 < x.length && x[crest + 1] > x[crest]) crest++;
  return { peaks, top, first: start, rows: crest - start };
}

/** The slowest growth a row on the way up, of two rows together: the linear part of an instability. */
export function growth(x, { first, rows }) {
  const changes = diff(x.slice(first, first + rows + 1));
  const ratios = map(changes.slice(1), (change, i) => change / changes[i]);
  if (ratios.length < GROWING || !ratios.every((ratio) => ratio > 0)) return null;
  return min(map(ratios.slice(1), (ratio, i) => ratio * ratios[i])) ** 0.5;
}

/** q90 - median of what rises above the running median nearby: rows with a long tail are held against themselves. */
function tailsOf(rest) {
  const parts = split(rest, Math.max(1, Math.min(Math.floor(rest.length / BLOCK), 400)));
  const tails = parts.map(spread);
  const widest = tails.map((own, i) => Math.max(own, tails[Math.max(i - 1, 0)], tails[Math.min(i + 1, tails.length - 1)]));
  return parts.flatMap((part, i) => Array(part.length).fill(widest[i]));
}

/** The rows from spike to spike, where they come at even distances; null where they do not. */
export function evenly(peaks) {
  const gaps = diff(Float64Array.from(peaks));
  return gaps.length > 2 && std(gaps) < 0.1 * mean(gaps) ? mean(gaps) : null;
}
