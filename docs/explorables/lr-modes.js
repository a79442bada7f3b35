// One run in the original axes and in the bowl's own, linked, and the factor that each eigenvalue gets from η.
import { html, nothing, svg } from "lit/html.js";
import { at, ground, leaves, mapFrame, trail } from "./bowl-map.js";
import { folded, range, toolbar, transport } from "./controls.js";
import { arrow, axes, frame, inside, marks, path, round } from "./draw.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { bowl, rate } from "./kernel.js";
import { lossFrame, lossPlot } from "./loss-plot.js";
import { lossText, number } from "./numbers.js";
import { parts } from "./parts.js";
import { grip, overTime, plot, tap } from "./plot.js";
import { m } from "./symbols.js";
import { whyModes } from "./why-modes.js";

const AXIS = 2.6; // distance of the turning handle from the centre
const MARKED = 200; // steps up to which each coordinate has its marks
const NAMES = ["flat", "steep"];

class Modes extends Explorable {
  static id = "modes";
  static figure = "the-stable-band";
  static room = { 0: "202.8cqw + 820.4px", 342: "202.8cqw + 772.4px", 382: "202.8cqw + 749.9px", 602: "83.3cqw + 478.3px" };
  static words = {
    title: "Two directions that do not know of each other",
    how: "Choose a learning rate with the slider; the eigenvalues, the angle and the start have controls below.",
  };
  static defaults = { curvatures: [1, 20], angle: 0.5, start: [-4, -1], eta: 0.095, steps: 30, t: 0, runs: [] };

  limits = (state) => ({
    curvatures: [[0.1, 1000], [0.1, 1000]],
    angle: [-Math.PI, Math.PI],
    start: [[-100, 100], [-100, 100]],
    steps: [1, 1000],
    t: [0, state.steps],
    eta: [0, etaReach(state)],
  });

  get shown() {
    return super.shown.map((one, i) => ({ ...one, again: i > 0 && !one.ghost }));
  }

  template() {
    const { shown } = this;
    const { run, role } = shown[0];
    const { angle, curvatures, start, t } = this.held;
    const { toModes, fromModes } = bowl(curvatures, angle);
    const own = shown.map((one) => ({ ...one, run: { ...one.run, iterates: one.run.modes } }));
    const two = (w) => this.change({ start: w.map((v) => Number(v.toFixed(2))), t: 0 });
    return html`<div class="lr-tall">
      <div class="lr-head"><p class="lr-title-line">Turn ${m("η")}: two directions</p></div>
      <div class="lr-two lr-halves lr-quarters">
        ${this.chart("map", shown, angle, start, ["*w*₁", "*w*₂"], two, true)}
        ${this.chart("own", own, 0, toModes(start), ["*x*₁ along λ₁", "*x*₂ along λ₂"], (x) => two(fromModes(x)), false)}
        ${this.factors()}${this.losses(shown)}
      </div>
      <div class="lr-below">
        ${transport(this, `coordinates ${run.modes[t].map((v) => number(v)).join(" and ")}, loss ${lossText(run.losses[t])}`)}
        ${etaSlider(this, this.held, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-sentence">${whyModes(this.held, run)}</p>
        ${folded(this, "more", "Eigenvalues, angle, start, steps", () => this.more())}
        ${toolbar(this)}
      </div></div>`;
  }

  /** The bowl and the run in one pair of axes; in its own the coordinates walk on the axes, each by itself. */
  chart(name, shown, angle, start, [xLabel, yLabel], place, turns) {
    const { curvatures, t } = this.held;
    const f = mapFrame(this, name, start);
    const s = this.big;
    const { run, role } = shown[0];
    const [cx, cy] = [round(f.x(0)), round(f.y(0))];
    const move = (x, y) => place([Math.min(f.x.domain[1], Math.max(f.x.domain[0], x)), Math.min(f.y.domain[1], Math.max(f.y.domain[0], y))]);
    const turn = (x, y) => this.change({ angle: Number(Math.atan(y / (x || 1e-9)).toFixed(3)) });
    const drawn = svg`
      ${axes(f, { xLabel, yLabel, xCount: 5, yCount: 4, lines: false })}
      ${inside(f, svg`${ground(f, curvatures, angle)}
        ${turns ? eigenAxes(f, angle) : svg`<path class="axis" d="M${f.left} ${cy}H${f.right}M${cx} ${f.top}V${f.bottom}" /><path class="drop" d="M${cx} ${round(held(f.y(run.modes[t][1])))}H${round(held(f.x(run.modes[t][0])))}V${cy}" />`}
        ${[...shown].reverse().map((one) => trail(f, one, t, s))}
        ${turns || run.modes.length > MARKED ? nothing : walks(f, run, cx, cy, s)}
        ${t < this.last ? svg`<path class="arrow r-${role}" d=${arrow(at(f, run.iterates[t]), at(f, run.iterates[t + 1]), 8 * s)} />` : nothing}
        <path class="mark now r-${role}" d=${marks(role, [at(f, run.iterates[t])], 5 * s)} />`)}
      ${leaves(f, shown)}
      ${turns ? grip(this, f, "turn", [AXIS * Math.cos(angle), AXIS * Math.sin(angle)], turn, "turn") : nothing}
      ${grip(this, f, `start r-${role}`, start, move)}`;
    return plot(name, f, `The run in ${turns ? "the original axes" : "the bowl's own axes"}`, drawn, { kind: "lr-place", click: (e) => tap(this, e, f, move) });
  }

  /** |1 - ηλ| over λ: the band in which a direction shrinks, and the two eigenvalues, to be grabbed. */
  factors() {
    const { width, height } = this.box("factor");
    const { curvatures, eta: given, t } = this.held;
    const now = rate(given, t);
    const most = Math.max(30, 1.2 * Math.max(...curvatures));
    const top = Math.min(3, Math.max(1.35, 1.15 * Math.abs(1 - now * Math.max(...curvatures))));
    const f = frame({ s: this.big, width, height, margin: [28, 14, 40, 44], x: [0, most], y: [0, top] });
    const factor = (curvature) => Math.abs(1 - now * curvature);
    const corners = [0, ...(now > 0 && 1 / now < most ? [1 / now] : []), most];
    const limit = 2 / now;
    const pull = (i) => (x) => this.bend(curvatures.map((old, j) => (j === i ? Number(Math.min(most, Math.max(0.1, x)).toPrecision(3)) : old)));
    const steep = curvatures[1] >= curvatures[0];
    const close = Math.abs(f.x(curvatures[0]) - f.x(curvatures[1])) < 44 * f.s; // one name for both
    const drawn = svg`
      <rect class="bandshade" x=${f.left} width=${f.right - f.left} y=${f.y(1)} height=${f.bottom - f.y(1)} />
      ${axes(f, { xLabel: "curvature λ", yLabel: "factor per step |1 − ηλ|", xCount: 6, yCount: 3, lines: false })}
      ${limit < most ? svg`<line class="stop r-edge" x1=${f.x(limit)} x2=${f.x(limit)} y1=${f.top} y2=${f.bottom} /><text class="tick r-name ${limit > 0.8 * most ? "end" : ""}" x=${f.x(limit) + (limit > 0.8 * most ? -6 : 6)} y=${f.bottom - 8}>2/η</text>` : nothing}
      ${inside(f, svg`<path class="ground" d=${path(f, corners, corners.map(factor))} />`, 2)}
      ${curvatures.map((c, i) => grip(this, f, `value mode${i}`, [c, Math.min(factor(c), top)], pull(i), close ? (i ? "flat, steep" : " ") : NAMES[(i === 1) === steep ? 1 : 0], (close ? 2 * c > most : now * c > 1) ? "left" : "right"))}`;
    return plot("factor", f, `The factor per step over the curvature; ${curvatures.map((c) => `${number(c)} gets ${number(factor(c))}`).join(", ")}.`, drawn);
  }

  /** The loss and each direction's part of it: one factor a step, so a straight line. */
  losses(shown) {
    const { steps, curvatures } = this.held;
    const f = lossFrame(this, { shown, steps, log: true, span: [1e-8, 1e5] });
    const series = shown.map((one) => ({ ...one, label: "" }));
    const drawn = lossPlot(this, { shown: series, steps, log: true, f, yLabel: f.width < 300 * f.s ? "*L*" : undefined, before: parts(f, shown[0].run, curvatures, true) });
    return overTime(this, "loss", f, "The loss over the step, and each direction's part of it", drawn);
  }

  more() {
    const { start, curvatures, angle, steps } = this.held;
    const put = (list, i, v) => list.map((old, j) => (j === i ? v : old));
    const degrees = Math.round((angle * 180) / Math.PI);
    return [
      ...[0, 1].map((i) => range({ label: html`eigenvalue ${m("λ", String(i + 1))}`, value: curvatures[i], low: 0.1, high: 1000, log: true, onInput: (v) => this.bend(put(curvatures, i, v)) })),
      range({ label: "turn the bowl", value: degrees, low: -180, high: 180, whole: true, text: `${number(degrees)}°`, onInput: (v) => this.change({ angle: Number(((v * Math.PI) / 180).toFixed(4)) }) }),
      range({ label: html`steps ${m("T")}`, value: steps, low: 1, high: 1000, log: true, text: String(steps), onInput: (v) => this.change({ steps: Math.max(1, Math.round(v)) }) }),
      ...[0, 1].map((i) => range({ label: html`start, ${m("w", String(i + 1))}`, value: start[i], low: -5, high: 5, step: 0.05, onInput: (v) => this.change({ start: put(start, i, v) }) })),
    ];
  }
}

const held = (pixel) => Math.max(-1e4, Math.min(1e4, Number.isNaN(pixel) ? 0 : pixel));

function eigenAxes(f, angle) {
  const [c, s] = [20 * Math.cos(angle), 20 * Math.sin(angle)];
  const line = ([x, y]) => `M${round(f.x(-x))} ${round(f.y(-y))}L${round(f.x(x))} ${round(f.y(y))}`;
  return svg`<path class="drop" d="${line([c, s])}${line([-s, c])}" />`;
}

/** Each coordinate's own walk along its axis. */
const walks = (f, run, cx, cy, s) => [
  svg`<path class="mark mode0" d=${marks("crawl", run.modes.map((x) => [f.x(x[0]), cy]), 2.6 * s)} />`,
  svg`<path class="mark mode1" d=${marks("bounce", run.modes.map((x) => [cx, f.y(x[1])]), 2.6 * s)} />`,
];

customElements.define("lr-modes", Modes);
