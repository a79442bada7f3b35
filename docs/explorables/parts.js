// Each direction's part of the loss: stacked where the axis is linear; where it is not, one curve each.
import { svg } from "lit/html.js";
import { inside, path } from "./draw.js";

const NAMES = ["flat", "steep"];

export function parts(f, run, curvatures, log) {
  const xs = run.losses.map((_, t) => t);
  const terms = curvatures.map((curvature, i) => run.modes.map((x) => (curvature / 2) * x[i] * x[i]));
  const line = (values) => path(f, xs, values);
  const area = (lower, upper) => `${line(upper)}L${line(lower).slice(1).split("L").reverse().join("L")}Z`;
  const { s } = f;
  const steep = curvatures[1] >= curvatures[0] ? 1 : 0;
  const drawn = log
    ? terms.map((term, i) => svg`<path class="mode mode${i}" d=${line(term)} />`)
    : [terms[0].map(() => 0), terms[0]].map((lower, i) => svg`<path class="share share${i}" d=${area(lower, i ? run.losses : terms[0])} />`);
  return svg`${inside(f, drawn)}
    ${[1 - steep, steep].map((i, nth) => {
      const x = f.right - (nth ? 52 : 100) * s; // beside the axis' name: no curve gets there
      return svg`<rect class="share share${i} ${log ? "solid" : ""}" x=${x} y=${f.top - (log ? 13 : 18) * s} width=${12 * s} height=${(log ? 2 : 12) * s} /><text class="tick" x=${x + 17 * s} y=${f.top - 8 * s}>${NAMES[nth]}</text>`;
    })}`;
}
