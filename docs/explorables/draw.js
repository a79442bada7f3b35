// Scales, axes, curves and marks of an SVG plot: what every explorable draws with.
import { nothing, svg } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { number, raised } from "./numbers.js";

/** A scale from `domain` to `range`: callable, with `invert`, `ticks(count)` and `log` (whether it is logarithmic). */
export function scale(domain, range, log = false) {
  const to = log ? Math.log10 : (v) => v;
  const [a, b] = domain.map(to);
  const slope = (range[1] - range[0]) / (b - a || 1);
  const at = (value) => range[0] + (to(value) - a) * slope;
  at.invert = (pixel) => {
    const value = a + (pixel - range[0]) / slope;
    return log ? 10 ** value : value;
  };
  at.ticks = (count) => (log ? decades(a, b, count) : ticks(domain[0], domain[1], count));
  return Object.assign(at, { domain, range, log });
}

/** Round numbers, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
function ticks(a, b, count) {
  const rough = (b - a) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].findLast((m, i) => i === 0 || rough / power >= m / [1, 1.41, 1.58, 1.41][i]);
  const [first, last] = [Math.ceil(a / step - 1e-9), Math.floor(b / step + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function decades(a, b, count) {
  const every = Math.max(1, Math.ceil((b - a) / count));
  const found = [];
  for (let power = Math.ceil(a / every) * every; power <= b + 1e-9; power += every) found.push(10 ** power);
  return found;
}

/** The room of a plot inside an SVG of `width` x `height`, and its scales; its type is `s` times the usual. */
export function frame({ width, height, margin, x, y, logX = false, logY = false, s = 1 }) {
  const [top, right, bottom, left] = margin.map((space) => space * s);
  const box = { left, top, right: width - right, bottom: height - bottom, width, height };
  return {
    ...box,
    s,
    key: [width, height, margin, x, y, logX, logY, s].join(), // two frames of one key draw the same
    x: scale(x, [box.left, box.right], logX),
    y: scale(y, [box.bottom, box.top], logY),
  };
}

/** Letters that stand for quantities, η and what is between stars, in the italics of mathematics. */
export const symbols = (text) =>
  text.split(/(\*\w+\*|[ηλσβκ]₀?)/).map((part) => (/^(\*|[ηλσβκ])/.test(part) ? svg`<tspan class="lr-m">${part.replaceAll("*", "")}</tspan>` : part));

const tick = (value, log) => {
  const power = Math.round(Math.log10(value));
  return log && (power < -2 || power > 3) ? `10${raised(power)}` : number(value, 4);
};

/** Axes without a box: ticks and labels below and left, hairlines where values are read off. */
export const axes = (f, options) => guard([f.key, JSON.stringify(options)], () => drawnAxes(f, options));

function drawnAxes(f, { xLabel, yLabel, xCount = 5, yCount = 5, lines = true }) {
  const { s } = f;
  const below = f.bottom + 4 + 14 * s;
  return svg`<g class="axes">
    ${f.y.ticks(yCount).map(
      (v) => svg`${lines ? svg`<line class="grid" x1=${f.left} x2=${f.right} y1=${f.y(v)} y2=${f.y(v)} />` : nothing}
      <text class="tick end" x=${f.left - 3 - 8 * s} y=${f.y(v) + 4 * s}>${tick(v, f.y.log)}</text>`,
    )}
    <line class="axis" x1=${f.left} x2=${f.right} y1=${f.bottom} y2=${f.bottom} />
    ${f.x.ticks(xCount).map(
      (v) => svg`<line class="axis" x1=${f.x(v)} x2=${f.x(v)} y1=${f.bottom} y2=${f.bottom + 4} />
      <text class="tick middle" x=${f.x(v)} y=${below}>${tick(v, f.x.log)}</text>`,
    )}
    ${xLabel ? svg`<text class="label end" x=${f.right} y=${below + 17 * s}>${symbols(xLabel)}</text>` : nothing}
    ${yLabel ? svg`<text class="label" x=${f.left} y=${f.top - 8 * s}>${symbols(yLabel)}</text>` : nothing}
  </g>`;
}

/** What is drawn inside stays inside: a nested SVG clips, and needs no id. Its coordinates are those of the plot. */
export const inside = (f, content, pad = 0) => {
  const [x, y, w, h] = [f.left - pad, f.top - pad, f.right - f.left + 2 * pad, f.bottom - f.top + 2 * pad];
  return svg`<svg class="inside" x=${x} y=${y} width=${Math.max(w, 0)} height=${Math.max(h, 0)} viewBox="${x} ${y} ${Math.max(w, 1)} ${Math.max(h, 1)}">${content}</svg>`;
};

const FAR = 1e5; // pixels; beyond it a browser's own clipping is at fault

const held = (pixel) => Math.max(-FAR, Math.min(FAR, pixel));

/** An SVG path through the points; what is not finite, or not positive on a logarithmic axis, is left at the edge. */
export function path(f, xs, ys) {
  const floor = f.y.log ? f.y.domain[0] / 1e3 : -Infinity;
  const x = (v) => held(f.x(Math.max(-1e300, Math.min(1e300, v))));
  const y = (v) => held(f.y(Math.max(Math.min(1e300, Math.max(-1e300, v)), floor)));
  const points = xs.map((v, i) => (Number.isNaN(v) || Number.isNaN(Number(ys[i])) ? null : `${round(x(v))} ${round(y(ys[i]))}`));
  return `M${points.filter(Boolean).join("L") || "0 0"}`;
}

export const round = (value) => Math.round(value * 100) / 100;

const SHAPES = {
  crawl: (r) => ring(r),
  fast: (r) => `m0 ${-1.25 * r}l${1.25 * r} ${1.25 * r}l${-1.25 * r} ${1.25 * r}l${-1.25 * r} ${-1.25 * r}z`,
  bounce: (r) => `m${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  edge: (r) => polygon(5, 1.2 * r),
  diverge: (r) => polygon(8, 1.45 * r, 0.42),
  decay: (r) => polygon(3, 1.45 * r),
};
const ring = (r) => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

function polygon(corners, r, inner = 1) {
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
    const reach = inner === 1 || i % 2 ? r : r * inner;
    return `${round(reach * Math.cos(angle))} ${round(reach * Math.sin(angle))}`;
  });
  let [x, y] = [0, 0];
  return `${points
    .map((p, i) => {
      const [px, py] = p.split(" ").map(Number);
      const move = `${i ? "l" : "m"}${round(px - x)} ${round(py - y)}`;
      [x, y] = [px, py];
      return move;
    })
    .join("")}z`;
}

/** One path for all marks of a series, in the shape of its role; `points` in pixels, `size` a number or one each. */
export function marks(role, points, size = 3.2) {
  const shape = SHAPES[role] || ring;
  const seen = points
    .map(([x, y], i) => ({ x, y, r: typeof size === "number" ? size : size[i] }))
    .filter(({ x, y }) => Math.abs(x) < FAR && Math.abs(y) < FAR);
  return seen.map(({ x, y, r }) => `M${round(x)} ${round(y)}${shape(round(r))}`).join("") || "M0 0";
}

/** The height nearest `y` at which a label meets none of those `taken`, by steps of `by`. */
export function clear(taken, y, by) {
  while (taken.some((other) => Math.abs(other - y) < Math.abs(by))) y += by;
  taken.push(y);
  return y;
}

/** An arrow from one pixel to another. */
export function arrow([x0, y0], [x1, y1], head = 7) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 1) || length > FAR) return "M0 0";
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const h = Math.min(head, length / 2);
  const wing = (side) => `${round(x1 - h * ux + side * h * 0.5 * uy)} ${round(y1 - h * uy - side * h * 0.5 * ux)}`;
  return `M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}M${wing(1)}L${round(x1)} ${round(y1)}L${wing(-1)}`;
}

/** Heights of the contours: squares of evenly spaced numbers, up to what the picture holds. */
export const heights = (top, count = 12) => Array.from({ length: count }, (_, i) => top * ((i + 0.6) / (count - 0.4)) ** 2);

/** Powers of ten around the finite, positive values, at least two apart and within `limits`. */
export function logDomain(values, limits = [1e-12, 1e12]) {
  const good = values.filter((v) => v > 0 && Number.isFinite(v));
  const [low, high] = good.length ? [Math.min(...good), Math.max(...good)] : [0.1, 10];
  const inside = (v) => Math.min(Math.max(v, limits[0]), limits[1]);
  const a = Math.floor(Math.log10(inside(low)) + 1e-9);
  const b = Math.ceil(Math.log10(inside(high)) - 1e-9);
  return [10 ** Math.min(a, b - 2), 10 ** Math.max(b, a + 2)];
}
