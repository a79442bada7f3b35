// Loss over the step, as the static figure draws it: one curve a run in its role, the cursor in time through all.
import { nothing, svg } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { axes, frame, inside, logDomain, marks, path } from "./draw.js";
import { endLabels } from "./labels.js";

const NARROW = 560;
const DOTTED = 120; // steps up to which a schedule's curve has its dots

const of = ({ run, values }) => values ?? run.losses;

/** The plot's room; a logarithmic axis spans what the runs do, within what can still be read. */
export function lossFrame(host, { name = "loss", shown, steps, log, reach, span = [1e-11, 1e8] }) {
  const { width, height } = host.box(name);
  const s = host.big;
  const first = of(shown[0])[0];
  const values = shown.flatMap((one) => of(one).slice(0, steps + 1)).filter((v) => Number.isFinite(v) && v > 0);
  const top = reach ?? 1.2 * (first || 1);
  const y = log ? logDomain(values.concat(first || 1), [(first || 1) * span[0], (first || 1) * span[1]]) : [0, top];
  return frame({ s, width, height, margin: [30, width < NARROW * s ? 14 : 112, 42, 50], x: [0, Math.max(steps, 1)], y, logY: log });
}

/** shown: [{run, role, label, ghost}]; the first is the reader's and is drawn on top. */
export function lossPlot(host, { name = "loss", shown, steps, log, f = lossFrame(host, { name, shown, steps, log }), before = nothing, after = nothing, xLabel = "step *t*", yLabel = log ? "loss *L*, logarithmic" : "loss *L*", limit = null, named = [], only }) {
  const { t } = host.held;
  const xs = Array.from({ length: steps + 1 }, (_, i) => i);
  const curves = [...shown].reverse().map((s) =>
    guard([f.key, of(s), s.role, s.ghost, s.again], () => svg`<path class="curve r-${s.role} ${s.ghost ? "ghost" : ""} ${s.again ? "again" : ""}" d=${path(f, xs, of(s))} />${dots(f, s)}`),
  );
  const spots = shown.filter(({ ghost }) => !ghost).map((s) => {
    const { role } = s;
    const y = f.y(Math.max(of(s)[t], f.y.domain[0]));
    return Number.isFinite(y) && y > f.top - 6 ? svg`<path class="mark r-${role}" d=${marks(role, [[f.x(t), Math.min(y, f.bottom)]], 5 * f.s)} />` : nothing;
  });
  return svg`
    ${axes(f, { xLabel, yLabel, xCount: f.width < NARROW * f.s ? 4 : 6, yCount: 5, lines: log })}
    ${limit === null ? nothing : svg`<line class="stop r-edge" x1=${f.left} x2=${f.right} y1=${f.y(limit)} y2=${f.y(limit)} />`}
    ${before}
    ${inside(f, svg`${curves}`, 2)}
    ${only ? nothing : svg`<line class="cursor" x1=${f.x(t)} x2=${f.x(t)} y1=${f.top} y2=${f.bottom} />${spots}`}
    ${shown.filter(({ ghost }) => !ghost).map((s) => left(f, of(s), s.role))}
    ${endLabels(f, [...shown.map((one) => ({ ...one, values: of(one) })), ...(limit === null ? [] : [{ values: xs.map(() => limit), role: "edge", label: "threshold" }]), ...named])}
    ${after}`;
}

/** On a schedule's curve a dot a step, which shrinks with η_t. */
function dots(f, s) {
  if (s.role !== "decay" || s.ghost || s.run.etas.length > DOTTED) return nothing;
  const top = Math.max(...s.run.etas, 1e-300);
  const size = of(s).map((_, t) => f.s * (0.9 + 2.3 * Math.sqrt((s.run.etas[t] ?? 0) / top)));
  const at = of(s).map((value, t) => [f.x(t), f.y(Math.max(value, f.y.log ? f.y.domain[0] / 10 : -Infinity))]);
  return svg`<path class="dots r-decay" d=${marks("crawl", at, size)} />`;
}

/** Where a run leaves the picture above: a cross at its edge. */
function left(f, values, role) {
  const at = values.findIndex((v, t) => t > 0 && !(v <= f.y.domain[1] || Number.isNaN(v)));
  if (at < 0) return nothing;
  return svg`<path class="mark r-${role}" d=${marks("diverge", [[f.x(at - 0.3), f.top]], 5)} />`;
}

export const NAMES = { crawl: "low", fast: "optimal", bounce: "bouncing", edge: "on the edge", diverge: "too high", decay: "decaying", frozen: "frozen" };
