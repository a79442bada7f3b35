// What a row of losses shows by itself: its round-off, its turns, whether it is convex, the exponential at its end.
import { diff, last, map, most } from "./arrays.js";

export const EXACT = 1e-12; // round-off of double precision
export const SHORT = 1e-6; // of single precision or of losses printed to ≤ 9 digits
const MANY = 4; // monotone parts, after which a curve wiggles, however it goes on
const BEND = 0.05; // what the changes must grow or shrink by before one exponential is told from a sum of them

/** The relative round-off that the numbers show, and the unit of the last digit of each. */
export function roundOff(values) {
  const every = 1 + Math.floor(values.length / 1000); // a thousand show how it was written
  const said = Array.from(values.filter((_, i) => i % every === 0), String);
  const lengths = said.map((text) => text.split("e")[0].replaceAll(".", "").replace(/^[-0]+|[-0]+$/g, "").length);
  const [digits, places] = [Math.max(...lengths), Math.max(...said.map(placesOf))];
  const same = (value) => new Float64Array(values.length).fill(value);
  const unit = places <= 14 ? 10 ** -places : 0; // printed to so many places, or so many digits
  const size = (value) => (value ? 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1) : 0);
  const printed = digits <= 14 ? map(values, (value) => Math.max(unit, size(value))) : same(unit);
  // large numbers in full have few places: then most of them have all the digits there are
  if (digits > 9 && (places > 8 || lengths.filter((length) => length >= 15).length > said.length / 2)) {
    if (digits <= 14) return [EXACT, printed];
    const short = values.every((value) => Math.fround(value) === value);
    return [short ? SHORT : EXACT, same(places > 8 ? grain(values) : 10 ** -places)];
  }
  return [SHORT, digits <= 9 ? printed : same(unit)];
}

/** A few times the largest power of two that divides every loss: what a loss minus a constant was rounded to. */
function grain(values) {
  const view = new DataView(new ArrayBuffer(8));
  return 16 * values.reduce((found, value) => (value ? Math.min(found, lowestBit(view, value)) : found), Infinity);
}

function lowestBit(view, value) {
  view.setFloat64(0, value);
  const [high, low] = [view.getUint32(0), view.getUint32(4)];
  const zeros = (word) => 31 - Math.clz32(word & -word);
  const bit = low ? zeros(low) : high & 0xfffff ? 32 + zeros(high & 0xfffff) : 52;
  return 2 ** (Math.max((high >>> 20) & 0x7ff, 1) - 1075 + bit);
}

/** How many decimal places a number has, written plainly or with an exponent. */
function placesOf(text) {
  const [number, exponent] = text.split("e");
  return Math.max(0, (number.split(".")[1] ?? "").replace(/0+$/, "").length - Number(exponent ?? 0));
}

/** [step of the extreme it starts from, whether it goes up] of every monotone part that moves by more than slack. */
export function monotone(curve, slack) {
  const found = [];
  if (curve.length > 2 && curve.every((loss, i) => !i || loss - curve[i - 1] <= 0)) {
    return curve.some((loss, i) => i && curve[0] - loss > slack[i] + slack[0]) ? [[0, false]] : [];
  }
  let low = 0;
  let high = 0;
  for (let t = 0; t < curve.length; t++) {
    const up = found.length ? last(found)[1] : null;
    if (up !== true && curve[t] - curve[low] > slack[t] + slack[low]) {
      found.push([low, true]);
      high = t;
    } else if (up !== false && curve[high] - curve[t] > slack[t] + slack[high]) {
      found.push([high, false]);
      low = t;
    }
    if (curve[t] < curve[low]) low = t;
    if (curve[t] > curve[high]) high = t;
    if (found.length === MANY) return found;
  }
  return found;
}

/** Whether a convex curve could do it: nothing, down, up, or down and up. */
export const quasiconvex = (turns) => turns.length < 2 || (turns.length === 2 && turns[1][1]);

/** D(t) = L(t) - 2L(t+1) + L(t+2) ≥ 0 and D(t)² ≤ D(t-1) D(t+1), for some curve within the slack of this one. */
export function isConvex(curve, slack) {
  const bend = curve.slice(2).map((loss, i) => curve[i] / 2 - curve[i + 1] + loss / 2);
  const room = slack.slice(2).map((own, i) => slack[i] / 2 + slack[i + 1] + own / 2);
  if (bend.some((own, i) => own + room[i] < 0)) return false;
  const roots = bend.map((own, i) => Math.sqrt(own + room[i]));
  return !bend.some((own, i) => i && i < bend.length - 1 && Math.max(own - room[i], 0) > (1 + 1e-15) * roots[i - 1] * roots[i + 1]);
}

/** [ln r of L* + c rᵗ, its doubt] at the end that still moves; null unless two parts of it agree on one. */
export function endRatio(curve, slack) {
  const changes = diff(curve);
  const noise = changes.map((_, i) => slack[i + 1] + slack[i]);
  const isClear = (change, i) => Math.abs(change) > 50 * noise[i];
  const end = changes.findLastIndex(isClear);
  if (end < 0) return null;
  const start = 1 + changes.slice(0, end).findLastIndex((change, i) => !(change * changes[end] > 0 && isClear(change, i)));
  const width = Math.min(Math.max(Math.floor((end - start) / 4), 1), 50);
  if (end - start < 2 * width) return null;
  const [a, b, c] = [2 * width, width, 0].map((back) => Math.log(Math.abs(changes[end - back])));
  const [earlier, later] = [(b - a) / width, (c - b) / width];
  let widest = 0;
  for (let i = end - 2 * width; i <= end; i++) widest = Math.max(widest, noise[i] / Math.abs(changes[i]));
  const doubt = (4 * widest) / width;
  const apart = Math.abs(later - earlier);
  if (apart > 0.02 * Math.abs(later) + doubt || Math.abs(later) < most(3 * doubt, BEND / (2 * width))) return null;
  return [later, apart + doubt];
}
