// One step on a parabola: where it lands as η grows, and why the threshold is two over the curvature.
import { html, nothing, svg } from "lit/html.js";
import { choice, folded, range, toolbar, transport } from "./controls.js";
import { arrow, axes, frame, inside, marks, path, round } from "./draw.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { rate } from "./kernel.js";
import { lossFrame, lossPlot } from "./loss-plot.js";
import { lossText, number } from "./numbers.js";
import { grip, overTime, plot, tap } from "./plot.js";
import { etaText } from "./state.js";
import { lambdaPlain, m } from "./symbols.js";
import { whyStep } from "./why-step.js";

const REACH = 1.85; // of w, over the start's distance

class OneStep extends Explorable {
  static id = "step";
  static figure = "a-step-on-a-parabola";
  static room = { 0: "131.4cqw + 707.6px", 342: "131.4cqw + 659.6px", 382: "131.4cqw + 637.1px", 602: "45cqw + 521.3px" };
  static words = {
    title: "One step on a parabola",
    how: "Choose a learning rate with the slider and read where the step lands; the curvature and the start have controls below.",
  };
  static defaults = { curvatures: [1], start: [1], eta: 0.5, steps: 8, axis: "linear", t: 0, runs: [] };

  limits = (state) => ({
    axis: ["linear", "log"],
    curvatures: [[0.1, 100]],
    start: [[-10, 10]],
    steps: [1, 1000],
    t: [0, state.steps],
    eta: [0, etaReach(state)],
  });

  get shown() {
    return super.shown.map((one, i) => ({ ...one, label: i && !one.ghost ? etaText(one.problem.eta) : "", again: i > 0 && !one.ghost }));
  }

  /** The last step has no successor: the cursor stays one before the end. */
  get stepAt() {
    return Math.min(this.held.t, this.last - 1);
  }

  template() {
    const { shown } = this;
    const { steps, axis } = this.held;
    const { run, role } = shown[0];
    const f = lossFrame(this, { shown, steps, log: axis === "log", span: [1e-8, 1e4], reach: 1.6 * (run.losses[0] || 1) });
    return html`
      <div class="lr-head"><p class="lr-title-line">Turn ${m("η")}: where does it land?</p>
        ${choice(this, "axis", "loss axis", { linear: "linear", log: "logarithmic" }, axis, (v) => this.change({ axis: v }))}</div>
      <div class="lr-two">${this.parabola(shown)}
        ${overTime(this, "loss", f, `the loss over ${steps} such steps`, lossPlot(this, { shown, steps, log: axis === "log", f }))}</div>
      <div class="lr-below">
        ${transport(this, `w ${number(run.iterates[this.held.t][0])}, loss ${lossText(run.losses[this.held.t])}`)}
        ${etaSlider(this, { ...this.held, steps: 1 }, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-quiet lr-numbers">${this.numbers(run)}</p>
        <p class="lr-sentence">${whyStep({ ...this.held, t: this.stepAt })}</p>
        ${folded(this, "more", "Curvature, start, steps", () => this.more())}
        ${toolbar(this)}
      </div>`;
  }

  room() {
    const { width, height } = this.box("map");
    const { curvatures, start } = this.held;
    const s = this.big;
    const wide = REACH * Math.max(1, Math.abs(start[0]));
    const top = Math.max(0.5 * wide ** 2, 0.7 * curvatures[0] * start[0] ** 2);
    return frame({ s, width, height, margin: [26, 10, 40, 46], x: [-wide, wide], y: [0, top] });
  }

  parabola(shown) {
    const { curvatures: [curvature], eta: given } = this.held;
    const f = this.room();
    const { run, role } = shown[0];
    const t = this.stepAt;
    const [from, to] = [run.iterates[t][0], run.iterates[t + 1][0]];
    const loss = (w) => (curvature / 2) * w * w;
    const ws = Array.from({ length: 121 }, (_, i) => f.x.domain[0] + ((f.x.domain[1] - f.x.domain[0]) * i) / 120);
    const spot = (w) => [f.x(w), f.y(loss(w))];
    const base = f.bottom;
    const across = (w) => Math.max(f.left, Math.min(f.right, f.x(w)));
    const s = this.big;
    const seen = to >= f.x.domain[0] && to <= f.x.domain[1] && loss(to) <= f.y.domain[1];
    const land = (x) => this.change({ eta: Number(Math.max(0, (from - x) / (curvature * from)).toPrecision(4)) });
    const start = (x) => this.change({ start: [Number(Math.min(1, Math.max(-1, x)).toFixed(2))], t: 0 });
    const drawn = svg`
      ${axes(f, { xLabel: "*w*", yLabel: "loss *L*", xCount: 5, yCount: 4, lines: false })}
      ${this.stops(f, from, curvature)}
      ${inside(f, svg`<path class="ground" d=${path(f, ws, ws.map(loss))} />
        <path class="tangent" d=${tangent(f, from, curvature)} />
        ${shown.slice(1).map((one) => svg`<path class="mark r-${one.role} ${one.ghost ? "ghost" : "again"}" d=${marks(one.role, one.run.iterates.map(([w]) => spot(w)), 4 * s)} />`)}
        <path class="trail r-${role} ahead" d=${path(f, run.iterates.map(([w]) => w), run.losses)} />
        <path class="mark r-${role} ahead" d=${marks(role, run.iterates.map(([w]) => spot(w)), 3.4 * s)} />
        ${[from, to].map((w) => svg`<path class="drop" d="M${round(clampPixel(f.x(w)))} ${round(Math.max(-1e4, f.y(loss(w))))}V${base}" />`)}`, 2)}
      <path class="arrow r-${role}" d=${arrow([across(from), base], [across(to), base], 10 * s)} />
      ${seen ? nothing : svg`<text class="name r-${role} middle" x=${to < 0 ? f.left + 70 : f.right - 70} y=${f.top + 16}>lands at ${number(to)}</text>`}
      ${seen ? svg`<path class="mark now r-${role}" d=${marks(role, [spot(to)], 6 * s)} />` : nothing}
      ${from !== 0 && seen && t === 0 && typeof given === "number" ? grip(this, f, `land r-${role}`, [to, loss(to)], land) : nothing}
      ${grip(this, f, `start r-${role}`, [this.held.start[0], Math.min(loss(this.held.start[0]), f.y.domain[1])], start)}`;
    return plot("map", f, `A parabola; from w = ${number(from)} one step leads to w = ${number(to)}.`, drawn, { kind: "lr-place", click: (e) => tap(this, e, f, start) });
  }

  /** Where the steps of 1/λ and 2/λ land: on the bottom, and on the mirror image. */
  stops(f, from, curvature) {
    const height = (curvature / 2) * from * from;
    if (!from || height > f.y.domain[1] || Math.abs(from) > f.x.domain[1]) return nothing;
    const [x0, x1, y, middle] = [f.x(-from), f.x(from), f.y(height), f.x(0)].map(round);
    const lines = svg`<path class="mirror" d="M${x1} ${y}L${x0} ${y}V${f.bottom}" /><path class="mirror" d="M${middle} ${f.bottom}V${y}" />`;
    if (f.bottom - y < 30 * f.s) return lines; // no room for words
    const out = Math.sign(x0 - x1); // where outside is on the mirror's side
    const beside = (out < 0 ? x0 - f.left : f.right - x0) > 74 * f.s;
    return svg`${lines}<text class="tick r-name middle" x=${middle} y=${y - 7 * f.s}>1/λ ${Math.abs(x1 - x0) > 190 * f.s ? "lands here" : "here"}</text>
      <text class="tick r-name ${(out < 0) === beside ? "end" : ""}" x=${x0 + out * (beside ? 12 : -8) * f.s} y=${y + (beside ? 4 : -22) * f.s}>2/λ here</text>`;
  }

  numbers(run) {
    const t = this.stepAt;
    const w = run.iterates[t][0];
    const next = Math.abs(run.iterates[t + 1][0]) < 1e-12 * Math.abs(w) ? 0 : run.iterates[t + 1][0]; // round-off
    const slope = this.held.curvatures[0] * w;
    return html`slope ${number(slope)}, step −${m("η")} × slope = ${number(next - w)}: from ${m("w")} = ${number(w)} to ${number(next)}; <span class="lr-sym">${m("η")}${lambdaPlain} = ${number(rate(this.held.eta, t) * this.held.curvatures[0])}</span>`;
  }

  more() {
    const { curvatures, start, steps } = this.held;
    return [
      range({ label: html`curvature ${lambdaPlain}`, value: curvatures[0], low: 0.1, high: 10, log: true, onInput: (v) => this.change({ curvatures: [v] }) }),
      range({ label: html`start ${m("w")}`, value: start[0], low: -1, high: 1, step: 0.01, onInput: (v) => this.change({ start: [v], t: 0 }) }),
      range({ label: html`steps ${m("T")}`, value: steps, low: 1, high: 100, whole: true, text: String(steps), onInput: (v) => this.change({ steps: v }) }),
    ];
  }
}

const clampPixel = (x) => Math.max(-1e4, Math.min(1e4, x));

/** A piece of the tangent where the step begins. */
function tangent(f, w, curvature) {
  const reach = 0.3 * (f.x.domain[1] - f.x.domain[0]);
  const ends = [w - 0.6 * reach, w + 0.4 * reach];
  return path(f, ends, ends.map((x) => (curvature / 2) * w * w + curvature * w * (x - w)));
}

customElements.define("lr-one-step", OneStep);
