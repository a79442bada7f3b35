// The bowl from above: its contours, the paths on them, and what can be grabbed.
import { nothing, svg } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { arrow, axes, clear, frame, heights, inside, marks, path, round } from "./draw.js";
import { bowl } from "./kernel.js";
import { grip } from "./plot.js";

const [MIDDLE, WIDE, TALL] = [-0.9, 8.4, 5.4]; // what is shown of w₁ and w₂ where the start is within
const TIP = 2.3; // distance of the turning handle from the centre
const COUNTED = 200; // steps up to which every iterate has its mark

/** Equal scales on both axes, wide enough for the start. */
export function mapFrame(host, name = "map", start = host.held.start) {
  const { width, height } = host.box(name);
  const s = host.big;
  const margin = [26, 8, 40, 44];
  const [w, h] = [Math.max(1, width - s * (margin[1] + margin[3])), Math.max(1, height - s * (margin[0] + margin[2]))];
  const [x, y] = start.map(Math.abs);
  const out = Math.max(1, x / 3.1 / (start[0] < 0 ? 1.6 : 1), y / 2.6);
  const unit = out * Math.max(WIDE / w, TALL / h);
  return frame({ s, width, height, margin, x: [MIDDLE * out - (unit * w) / 2, MIDDLE * out + (unit * w) / 2], y: [(-unit * h) / 2, (unit * h) / 2] });
}

/** Level sets of a bowl are ellipses: exact, one path for all of them, spaced so that the valley shows. */
function contours(f, { curvatures, angle }, levels) {
  const [cx, cy] = [f.x(0), f.y(0)];
  const unit = f.x(1) - f.x(0);
  const degrees = round((-angle * 180) / Math.PI);
  return levels
    .map((level) => {
      const [a, b] = curvatures.map((curvature) => Math.min(1e5, round(unit * Math.sqrt((2 * level) / curvature))));
      const [dx, dy] = [a * Math.cos(angle), -a * Math.sin(angle)].map(round);
      return `M${cx - dx} ${cy - dy}A${a} ${b} ${degrees} 1 0 ${cx + dx} ${cy + dy}A${a} ${b} ${degrees} 1 0 ${cx - dx} ${cy - dy}`;
    })
    .join("");
}

/** The contours of what the picture holds. */
export const ground = (f, curvatures, angle) =>
  guard([f.key, ...curvatures, angle], () => {
    const corner = bowl(curvatures, angle).loss([f.x.domain[0], f.y.domain[1]]);
    return svg`<path class="contour" d=${contours(f, { curvatures, angle }, heights(Math.max(corner, 1)))} />`;
  });

export function map(host, shown) {
  const { curvatures, angle, t } = host.held;
  const f = mapFrame(host);
  const s = host.big;
  const [cx, cy] = [round(f.x(0)), round(f.y(0))];
  const now = shown[0].run.iterates;
  const plus = `M${cx - 6} ${cy}h12M${cx} ${cy - 6}v12`;
  return svg`
    ${axes(f, { xLabel: "*w*₁", yLabel: "*w*₂", xCount: 6, yCount: 4, lines: false })}
    ${inside(f, svg`
      ${ground(f, curvatures, angle)}
      ${host.brief ? nothing : svg`<path class="contour strong" d=${contours(f, { curvatures, angle }, [(Math.min(...curvatures) * TIP ** 2) / 2])} />`}
      <path class="centre" d=${plus} />
      ${[...shown].reverse().map((one) => trail(f, one, t, s))}
      ${t < host.last ? svg`<path class="arrow r-${shown[0].role}" d=${arrow(at(f, now[t]), at(f, now[t + 1]), 9 * s)} />` : nothing}
      <path class="mark now r-${shown[0].role}" d=${marks(shown[0].role, [at(f, now[t])], 5.5 * s)} />`)}
    ${leaves(f, shown)}
    ${handles(host, f, shown[0].role)}`;
}

export const at = (f, [x, y]) => [f.x(x), f.y(y)];

/** Segments and a mark at each iterate, faint where the cursor has not been; of a schedule the marks shrink with η_t. */
export const trail = (f, { run, role, ghost, again }, t, s) => guard([f.key, run.iterates, role, ghost, again, t, s], () => walked(f, { run, role, ghost, again }, t, s));

function walked(f, { run, role, ghost, again }, t, s) {
  const kind = `r-${role} ${ghost ? "ghost" : ""} ${again ? "again" : ""}`;
  const points = run.iterates.slice(0, returns(f, run) + 2);
  const line = (from, to) => path(f, ...[0, 1].map((i) => points.slice(from, to).map((w) => w[i])));
  const size = role === "decay" ? run.etas.concat(run.etas.at(-1)).map((eta) => s * (1.3 + 3 * Math.sqrt(eta / Math.max(...run.etas, 1e-300)))) : points.map(() => 2.9 * s);
  const dots = (from, to) => marks(role, points.slice(from, to).map((w) => at(f, w)), size.slice(from, to));
  const drawn = (name, from, to) => svg`<path class="trail ${kind} ${name}" d=${line(from, to)} />${points.length > COUNTED || ghost ? nothing : svg`<path class="mark ${kind} ${name}" d=${dots(from, to)} />`}`;
  if (!t || ghost) return drawn("", 0, points.length);
  return [drawn("ahead", t, points.length), drawn("", 0, t + 1)];
}

/** The last iterate that the picture holds. */
const returns = (f, run) => run.iterates.findLastIndex(([x, y]) => x >= f.x.domain[0] && x <= f.x.domain[1] && y >= f.y.domain[0] && y <= f.y.domain[1]);

/** Runs that leave the picture for good are left at its edge, with the step. */
export function leaves(f, shown) {
  const taken = [];
  return shown.map(({ run, role, ghost }) => (ghost ? nothing : leaving(f, run, role, taken)));
}

function leaving(f, run, role, taken) {
  const step = returns(f, run) + 1;
  if (step < 1 || step >= run.iterates.length) return nothing;
  const [from, to] = [run.iterates[step - 1], run.iterates[step].map((v) => Math.max(-1e9, Math.min(1e9, Number.isNaN(v) ? 0 : v)))];
  const share = [f.x, f.y].reduce((most, scale, i) => {
    const end = scale.domain[to[i] > from[i] ? 1 : 0];
    return to[i] === from[i] ? most : Math.min(most, Math.max(0, (end - from[i]) / (to[i] - from[i])));
  }, 1);
  const [x, y] = at(f, from.map((v, i) => v + (to[i] - v) * share));
  const right = x > (f.left + f.right) / 2;
  const below = y < f.top + 30;
  const base = clear(taken, y + (below ? 18 : -8), (below ? 15 : -15) * f.s);
  return svg`<path class="mark r-${role}" d=${marks("diverge", [[x, y]], 6)} /><text class="name r-${role} ${right ? "end" : ""}" x=${x + (right ? -12 : 12)} y=${base}>leaves at step ${step}</text>`;
}

/** What can be grabbed: the start, and two rings that turn and stretch the bowl. Each has a range below. */
function handles(host, f, role) {
  const { curvatures, angle, start } = host.held;
  const [low, high] = curvatures;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const narrow = TIP * Math.sqrt(low / high);
  const turned = (x, y) => host.change({ angle: Number(Math.atan(y / (x || 1e-9)).toFixed(3)) });
  const stretched = (x, y) => {
    const away = Math.min(TIP, Math.max(TIP / Math.sqrt(1000), Math.abs(-s * x + c * y)));
    host.bend([low, Number((low * (TIP / away) ** 2).toPrecision(3))]);
  };
  if (host.brief) return grip(host, f, `start r-${role}`, start, (x, y) => host.placeStart(x, y));
  return [
    grip(host, f, "turn", [TIP * c, TIP * s], turned, "turn"),
    grip(host, f, "stretch", [s * narrow, -c * narrow], stretched, "stretch"),
    grip(host, f, `start r-${role}`, start, (x, y) => host.placeStart(x, y)),
  ];
}
