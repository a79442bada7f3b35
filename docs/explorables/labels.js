// Each curve's label at its end, where neither a curve nor another label is in its way.
import { svg } from "lit/html.js";
import { symbols } from "./draw.js";

const LETTER = 7; // px, about what one takes
const PROBES = 9; // places along a label where the curves are looked at

/** `series`: [{values, role, label, ghost}], the labels of which may have two lines. */
export function endLabels(f, series) {
  const { s } = f;
  const wide = f.width - f.right > 60 * s;
  const ends = series.filter(({ label }) => label).map((one) => ending(f, one));
  const out = ends.filter((one) => one.out);
  const rest = ends.filter((one) => !one.out).sort((a, b) => a.y - b.y);
  const name = { left: f.left, right: f.left + 130 * s, y: f.top - 8 * s }; // of the axis
  return [above(f, out, wide), wide ? beside(f, rest) : rest.reduce((placed, one) => [...placed, free(f, one, series, placed)], [name]).map(({ drawn }) => drawn)];
}

/** Where a curve ends: at the right, or where it leaves the picture above. */
function ending(f, { values, role, label }) {
  const out = values.findIndex((v, t) => t > 0 && !(v <= f.y.domain[1] || Number.isNaN(v)));
  const last = Math.min(f.x.domain[1], values.findLastIndex((v) => !Number.isNaN(v)));
  const y = out > 0 ? f.top : pixel(f, values[last]) || f.bottom;
  return { role, values, lines: label.split(/\n| (?=from |k =)/), y, x: out > 0 ? f.x(out) + 10 : f.right, out: out > 0 };
}

const pixel = (f, value) => Math.min(f.bottom, Math.max(f.top, f.y(Math.max(value, f.y.domain[0]))));

/** Those of curves that leave above, one below the other. */
function above(f, labels, wide) {
  let y = f.top + 12 * f.s;
  return labels.map(({ role, lines, x }) => {
    const end = x > f.left + 0.62 * (f.right - f.left) && !wide;
    if (end && y === f.top + 12 * f.s && lines.length === 1) y = f.top - 3 * f.s; // the curve comes from the left
    const drawn = text(lines, role, end ? x - 20 : x, y, end ? "end" : "", f.s);
    y += (15 * lines.length + 2) * f.s;
    return drawn;
  });
}

/** Right of the plot, pushed apart where they would meet; none goes down to the axis' own numbers. */
function beside(f, labels) {
  const { s } = f;
  const mixed = labels.some(({ lines }) => lines.length > 1);
  const high = ({ lines }) => (15 * lines.length + (mixed && lines.length === 1 ? 11 : 3)) * s;
  labels.forEach((one, i) => i && (one.y = Math.max(one.y, labels[i - 1].y + high(labels[i - 1]))));
  let floor = f.bottom + 3 * s;
  for (const one of labels.toReversed()) {
    one.y = Math.min(one.y, floor - high(one) + 8 * s);
    floor = one.y - 8 * s;
  }
  return labels.map(({ role, lines, x, y }) => text(lines, role, x + 8, y + (lines.length > 1 ? -4 : 4) * s, "", s));
}

/** Above its curve's end or below it, or a little before: at the first place with the least in its way. */
function free(f, { role, lines, x, y: end, values }, series, placed) {
  const { s } = f;
  const words = lines.join(" ");
  const wide = LETTER * s * words.length;
  const drawn = (curve, right) =>
    Array.from({ length: PROBES }, (_, i) => {
      const t = Math.max(0, f.x.invert(right - (wide * i) / (PROBES - 1)));
      const [a, b] = [Math.floor(t), Math.ceil(t)].map((step) => pixel(f, curve[step]));
      return a + (b - a) * (t - Math.floor(t));
    }).filter(Number.isFinite);
  const curves = series.filter(({ ghost }) => !ghost);
  let best = { cost: Infinity };
  for (const right of [0, 0.5, 1, 1.5, 2].map((back) => x - back * wide)) {
    const own = drawn(values, right);
    if (!own.length) own.push(end); // of one step a rate is a point
    const others = curves.map((one) => drawn(one.values, right));
    for (const y of [Math.min(...own) - 6 * s, Math.max(...own) + 15 * s, Math.min(...own) - 23 * s, Math.max(...own) + 32 * s]) {
      const meets = (top, bottom) => top < y + 3 * s && bottom > y - 11 * s;
      const cost =
        (y < f.top - 3 * s || y > f.bottom - 3 * s || right - wide < f.left ? 1000 : 0) +
        100 * placed.filter((other) => other.left < right && other.right > right - wide && meets(other.y - 11 * s, other.y + 3 * s)).length +
        10 * others.filter((ys) => ys.some((v) => meets(v - 1, v + 1))).length;
      if (cost < best.cost) best = { cost, y, right, left: right - wide };
    }
    if (!best.cost) break;
  }
  return { ...best, drawn: text([words], role, best.right, best.y, "end", s) };
}

const text = (lines, role, x, y, anchor, s) => svg`<text class="name r-${role} ${anchor}" x=${x} y=${y}>${lines.map((part, i) => svg`<tspan x=${x} dy=${i ? 15 * s : 0}>${symbols(part)}</tspan>`)}</text>`;
