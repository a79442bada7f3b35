// Question 9: whether the end falls or is flat, from block means, and at which level.
import { dot, last, map, mean, split, std } from "./arrays.js";
import { g } from "./text.js";

const BLOCKS = 20;
const UNDERFLOW = 87.3365; // -ln of the smallest normal float32
const CLASSES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100, 200, 1000, 10_000, 21_841, 32_000, 50_257];

/**
 * The slope over the last half ± its standard error; flat where it is nothing, or nothing that matters: {share by
 * which the last half falls, falls, rises, since: the row from which it is flat, level, levelError, start, middle, end}.
 */
export function read(x, t, noise, smooth) {
  const from = (row) => fall(x.slice(row), t.slice(row));
  const half = Math.floor(x.length / 2);
  const [share, error] = from(half);
  const [total, spread] = from(0);
  const least = smooth ? 0.005 : Math.max(0.01, 0.2 * noise);
  const times = (k, own) => Math.max(least, smooth ? 0 : k * own);
  let falls = share > times(3, error);
  let rises = -share > times(4, error);
  if (!falls && !rises && !smooth) {
    // what is only likely here, and sure a little further back
    const [more, doubt] = from(Math.floor(x.length / 3));
    const likely = Math.max(least, 1.2 * error);
    falls = share > likely && more > 3 * doubt;
    rises = -share > likely && (-more > 4 * doubt || -total > 4 * spread);
  }
  falls ||= x.length < 24 && total > times(3, spread);
  let since = half;
  while (!falls && since > Math.floor(x.length / 8)) {
    // how far back is it as flat?
    const earlier = Math.floor((since * 3) / 4);
    const [more, doubt] = from(earlier);
    if (Math.abs(more) > Math.max(least, 3 * doubt) || !level(x, earlier, since, least)) break;
    since = earlier;
  }
  const part = x.slice(since);
  const blocks = means(part, Math.min(BLOCKS, part.length));
  const levelError = blocks.length > 1 ? std(blocks, 1) / blocks.length ** 0.5 : 0;
  if (since <= Math.floor(x.length / 8) && level(x, 0, since, least)) since = 0;
  return { share, falls, rises, since, level: mean(part), levelError, ...three(x, half) };
}

/** Whether the rows before have the level of those from `since` on. */
function level(x, row, since, least) {
  const after = x.slice(since);
  const near = Math.max(4 * std(after), least * Math.abs(mean(after)));
  return row === since || Math.abs(mean(x.slice(row, since)) - mean(after)) <= near;
}

function three(x, half) {
  const few = Math.max(1, Math.floor(x.length / 20));
  return { start: mean(x.slice(0, few)), middle: mean(x.slice(half, half + few)), end: mean(x.slice(-few)) };
}

const means = (x, blocks) => split(x, blocks).map(mean);

/** By which share of its level x falls along a line, and the standard error of that from block means. */
function fall(x, t) {
  const blocks = Math.min(BLOCKS, Math.max(Math.floor(x.length / 2), 2), x.length);
  const [y, at] = [means(x, blocks), means(t, blocks)];
  const [centre, middle] = [mean(at), mean(y)];
  const s = at.map((own) => own - centre);
  const span = last(t) - t[0];
  const slope = y.length > 1 ? dot(s, y) / dot(s, s) : 0;
  const rest = y.map((own, i) => own - middle - slope * s[i]);
  const error = y.length > 2 ? (dot(rest, rest) / Math.max(y.length - 2, 1) / dot(s, s)) ** 0.5 : 0;
  const size = mean(map(x, Math.abs)) || 1;
  return [(-slope * span) / size, (error * span) / size];
}

/** What a flat level is known for: ln K of K classes that are guessed, -ln of the smallest normal float32. */
export function known(level, error) {
  if (error > 0.005) return null; // any level is near to some logarithm
  const near = Math.max(4 * error, 0.005);
  if (Math.abs(level - UNDERFLOW) < Math.max(near, 0.01)) return `${UNDERFLOW} is -ln of the smallest normal float32: a probability of 0`;
  const classes = 0.6 < level && level < 12 ? Math.round(Math.exp(level)) : 0;
  if (!CLASSES.includes(classes) || !(Math.abs(level - Math.log(classes)) < near)) return null;
  return `${g(Math.log(classes), 4)} is ln ${classes}, the loss of a guess among ${classes} classes`;
}
