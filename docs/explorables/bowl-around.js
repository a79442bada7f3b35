// The bowl seen from the side, in its own projection: it turns, by hand and by a range.
import { nothing, svg } from "lit/html.js";
import "./lr-bowl.js"; // there already: so the bundler keeps what both need in one file
import { clear, heights, marks, round } from "./draw.js";
import { bowl } from "./kernel.js";

const [RISE, TILT] = [0.8, (38 * Math.PI) / 180]; // height of the rim over its half length, how far the eye looks down
const ROUND = 60; // corners of a contour

/** A view of w and its loss in pixels; `turn` in degrees. */
function projection({ width, height }, { curvatures, angle }, top, turn) {
  const reach = Math.sqrt((2 * top) / Math.min(...curvatures));
  const size = Math.min(width * 0.47, height * 0.66) / reach;
  const yaw = (turn * Math.PI) / 180;
  const [c, s, sin, cos] = [Math.cos(yaw), Math.sin(yaw), Math.sin(TILT), Math.cos(TILT)];
  const view = ([x, y], loss) => [
    width / 2 + size * (c * x - s * y),
    height * 0.82 - size * (sin * (s * x + c * y) + (cos * RISE * reach * loss) / top),
  ];
  const { fromModes } = bowl(curvatures, angle);
  const ring = (level) =>
    Array.from({ length: ROUND }, (_, i) => (2 * Math.PI * i) / ROUND).map((p) =>
      view(fromModes([Math.sqrt((2 * level) / curvatures[0]) * Math.cos(p), Math.sqrt((2 * level) / curvatures[1]) * Math.sin(p)]), level),
    );
  return { view, ring };
}

const line = (points, close = "") => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}${close}`;

export function around(host, shown) {
  const { curvatures, angle, start, t, turn } = host.held;
  const landscape = bowl(curvatures, angle);
  const top = 1.5 * (landscape.loss(start) || 1);
  const { view, ring } = projection(host.box("map"), host.held, top, turn);
  const levels = heights(top, 9).reverse();
  const s = host.big;
  const taken = [];
  return svg`
    ${levels.map((level, i) => svg`<path class="wall" fill-opacity=${round(0.35 + 0.6 * (i / levels.length))} d=${line(ring(level), "Z")} />`)}
    ${[...shown].reverse().map((one) => walk(one, t, top, view, s, taken))}
    ${mark(shown[0], t, top, view, 6 * s)}
    <text class="label" x="10" y="20">drag to turn</text>`;
}

/** The run where it is below the rim, and a cross where it leaves for good. */
function walk({ run, role, ghost, again }, t, top, view, s, taken) {
  const inside = run.losses.map((loss) => loss <= top);
  const end = inside.lastIndexOf(true) + 1;
  const points = run.iterates.slice(0, end).map((w, i) => inside[i] && view(w, run.losses[i]));
  if (!end) return nothing;
  const kind = `r-${role} ${ghost ? "ghost" : ""} ${again ? "again" : ""}`;
  const drawn = (name, part) => {
    const pieces = part.map((point, i) => point && `${part[i - 1] ? "L" : "M"}${round(point[0])} ${round(point[1])}`).filter(Boolean);
    if (!pieces.length) return nothing;
    return svg`<path class="trail ${kind} ${name}" d=${pieces.join("")} />${ghost || end > 200 ? nothing : svg`<path class="mark ${kind} ${name}" d=${marks(role, part.filter(Boolean), 2.9 * s)} />`}`;
  };
  const [x, y] = points.at(-1);
  const cross = end < inside.length && !ghost ? svg`<path class="mark r-${role}" d=${marks("diverge", [[x, y]], 6)} /><text class="name r-${role}" x=${round(x + 10)} y=${round(clear(taken, y - 8, -15 * s))}>leaves at step ${end}</text>` : nothing;
  if (!t || ghost) return [drawn("", points), cross];
  return [drawn("ahead", points.slice(t)), drawn("", points.slice(0, t + 1)), cross];
}

const mark = ({ run, role }, t, top, view, size) =>
  run.losses[t] <= top ? svg`<path class="mark now r-${role}" d=${marks(role, [view(run.iterates[t], run.losses[t])], size)} />` : nothing;
