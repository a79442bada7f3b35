// What the diagnosis asks of arrays, as NumPy answers it.

export const TINY = 2.2250738585072014e-308; // the smallest normal float
export const last = (x) => x[x.length - 1];
export const most = (a, b) => (b > a ? b : a); // Python's max and min, which keep the first where nothing compares
export const least = (a, b) => (b < a ? b : a);

export const map = (x, f) => Float64Array.from(x, f);
export const diff = (x) => new Float64Array(Math.max(x.length - 1, 0)).map((_, i) => x[i + 1] - x[i]);
export const running = (x, f) => {
  let held = x[0];
  return map(x, (value) => (held = f(held, value)));
};
export const lowestSo = (x) => running(x, Math.min);
export const highestSo = (x) => running(x, Math.max);
export const sums = (x) => {
  let total = 0;
  return map(x, (value) => (total += value));
};

/** In the order in which NumPy adds, so that what cancels leaves the same round-off. */
export function sum(x, from = 0, size = x.length) {
  if (size > 128) {
    const half = (size >> 1) - ((size >> 1) % 8);
    return sum(x, from, half) + sum(x, from + half, size - half);
  }
  let total = 0;
  let i = 0;
  if (size >= 8) {
    const r = x.slice(from, from + 8);
    for (i = 8; i < size - (size % 8); i += 8) for (let k = 0; k < 8; k++) r[k] += x[from + i + k];
    total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  }
  for (; i < size; i++) total += x[from + i];
  return total;
}
export function dot(x, y) {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
}
export const mean = (x) => sum(x) / x.length;
export function std(x, spare = 0) {
  const middle = mean(x);
  return Math.sqrt(sum(map(x, (value) => (value - middle) ** 2)) / (x.length - spare));
}

/** The first place of the largest value, or of the first NaN. */
export function argmax(x) {
  let at = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) return i;
    if (x[i] > x[at]) at = i;
  }
  return at;
}
export function argmin(x) {
  let at = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) return i;
    if (x[i] < x[at]) at = i;
  }
  return at;
}
export const min = (x) => x[argmin(x)];
export const max = (x) => x[argmax(x)];
export const span = (x) => max(x) - min(x);

const sorted = (x) => Float64Array.from(x).sort();

export function quantile(x, q) {
  const s = sorted(x);
  if (Number.isNaN(last(s))) return NaN; // NaN is sorted to the end
  const [low, share] = [Math.floor(q * (s.length - 1)), (q * (s.length - 1)) % 1];
  const [a, b] = [s[low], s[Math.min(low + 1, s.length - 1)]];
  return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share);
}

export function median(x) {
  if (!x.length) return NaN;
  const s = sorted(x);
  const half = s.length >> 1;
  return Number.isNaN(last(s)) ? NaN : s.length % 2 ? s[half] : (s[half - 1] + s[half]) / 2;
}

/** The places where `holds`. */
export function where(x, holds) {
  const found = [];
  for (let i = 0; i < x.length; i++) if (holds(x[i], i)) found.push(i);
  return found;
}

/** The first row where `holds`, 0 if there is none: argmax of booleans. */
export const first = (x, holds) => Math.max(x.findIndex(holds), 0);

/** Parts of nearly one length, the longer ones first. */
export function split(x, parts) {
  const [size, more] = [Math.floor(x.length / parts), x.length % parts];
  let at = 0;
  return Array.from({ length: parts }, (_, i) => x.slice(at, (at += size + (i < more ? 1 : 0))));
}

/** Runs of places of which neighbours are at most `gap` apart. */
export function groups(places, gap) {
  const found = [];
  places.forEach((at, i) => (i && at - places[i - 1] <= gap ? last(found).push(at) : found.push([at])));
  return found;
}

/** The line through points: [slope, value at 0]. */
export function fitted(t, v) {
  const [a, b] = [mean(t), mean(v)];
  const [dt, dv] = [map(t, (x) => x - a), map(v, (x) => x - b)];
  const slope = dot(dt, dv) / dot(dt, dt);
  return [slope, b - slope * a];
}

/** The running median; x itself at both ends. */
export function smoothed(x, width) {
  if (width < 3 || x.length < width) return x;
  const half = width >> 1;
  const window = new Float64Array(width);
  return x.map((value, i) => {
    if (i < half || i >= x.length - half) return value;
    for (let k = 0; k < width; k++) {
      const next = x[i - half + k];
      let at = k;
      for (; at > 0 && window[at - 1] > next; at--) window[at] = window[at - 1];
      window[at] = next;
    }
    return window[half];
  });
}
