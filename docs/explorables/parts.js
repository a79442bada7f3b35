// Each direction's part of the loss: stacked where the axis is linear; where it is not, one curve each.
import { svg } from "lit/html.js";
import { inside, path } from "./draw.js";

const NAMES = ["flat direction", "steep direction"];

export function parts(f, run, curvatures, log) {
  const xs = run.losses.map((_, t) => t);
  const terms = curvatures.map((curvature, i) => run.modes.map((x) => (curvature / 2) * x[i] * x[i]));
  const line = (values) => path(f, xs, values);
  const area = (lower, upper) => `${line(upper)}L${line(lower).slice(1).split("L").reverse().join("L")}Z`;
  const { s } = f;
  const [x0, y0] = log ? [f.left + 10 * s, f.bottom - 46 * s] : [f.left + 0.56 * (f.right - f.left), f.top + 0.42 * (f.bottom - f.top)];
  const drawn = log
    ? terms.map((term, i) => svg`<path class="mode mode${i}" d=${line(term)} />`)
    : [terms[0].map(() => 0), terms[0]].map((lower, i) => svg`<path class="share share${i}" d=${area(lower, i ? run.losses : terms[0])} />`);
  return svg`${inside(f, drawn)}
    ${NAMES.map((name, i) => svg`<rect class="share share${i} ${log ? "solid" : ""}" x=${x0} y=${y0 + s * (19 * i + (log ? 5 : 0))} width=${12 * s} height=${(log ? 2 : 12) * s} /><text class="tick r-name" x=${x0 + 18 * s} y=${y0 + s * (10 + 19 * i)}>${name}</text>`)}`;
}
