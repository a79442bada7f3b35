// Loss over the step at a rate the reader turns; first they draw what they expect.
import { html, nothing, svg } from "lit/html.js";
import { choice, range, toolbar, transport } from "./controls.js";
import { path } from "./draw.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { GuessMode } from "./guess-mode.js";
import { turnaroundStep } from "./kernel.js";
import { NAMES, lossFrame, lossPlot } from "./loss-plot.js";
import { lossText } from "./numbers.js";
import { etaText, isSchedule } from "./state.js";
import { eta, lambdaMax, m } from "./symbols.js";
import { whyLoss } from "./why.js";
import { whyPath } from "./why-path.js";

class ThreeRates extends Explorable {
  static id = "rates";
  static figure = "three-learning-rates";
  static room = { 0: "90cqw + 497.9px", 340: "90cqw + 417.3px", 596: "50cqw + 273px" };
  static words = {
    title: "Loss over the step, at a rate you choose",
    how: "Choose a learning rate with the slider or type it; the curve, the sentence and the numbers follow.",
  };
  static defaults = {
    curvatures: [1, 20],
    start: [10, 0.05],
    eta: 0.105,
    steps: 120,
    axis: "linear",
    t: 0,
    runs: [{ eta: 0.001 }, { eta: 2 / 21 }],
  };

  limits = (state) => ({
    axis: ["linear", "log"],
    curvatures: [[0.1, 10], [0.1, 1000]],
    start: [[-100, 100], [-100, 100]],
    steps: [1, 1000],
    t: [0, state.steps],
    eta: [0, etaReach(state)],
  });

  game = new GuessMode(this);
  stack = false;

  assigned() {
    this.game.dismiss();
  }

  reset() {
    this.game.compared = null;
    super.reset();
  }

  get shown() {
    return super.shown.map((s, i) => ({ ...s, label: s.ghost ? "" : `${i ? NAMES[s.role] : "yours"}\n${etaText(s.problem.eta)}` }));
  }

  tick(now) {
    const unfolds = this.game.tick(now);
    return super.tick(now) || unfolds;
  }

  template() {
    return this.game.asking ? this.game.template() : this.answer();
  }

  answer() {
    const { steps, axis, t } = this.held;
    const log = axis === "log";
    const { fitting: compared } = this.game;
    const shown = compared ? this.shown.slice(0, 1) : this.shown;
    const f = lossFrame(this, { shown, steps, log });
    const { run, role } = shown[0];
    const turn = isSchedule(this.held.eta) ? null : turnaroundStep(this.held.curvatures, run.modes[0], this.held.eta);
    return html`
      <div class="lr-head">
        <p class="lr-title-line">Turn ${eta} and see why</p>
        ${choice(this, "axis", "loss axis", { linear: "linear", log: "logarithmic" }, axis, (v) => this.change({ axis: v }))}
      </div>
      <svg class="lr-plot" data-plot="loss" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="Loss over the step, ${log ? "logarithmic" : "linear"} axis: ${shown.filter((s) => !s.ghost).map((s) => s.label.replace("\n", ", ")).join("; ")}."
        @pointerdown=${(e) => this.drag(e, (px) => this.goTo(Math.round(f.x.invert(px))))}>
        ${lossPlot(this, { shown: this.game.unfolding(shown), steps, log, f, before: [this.stack ? this.modes(f, run, log) : nothing, this.turn(f, turn, run)], after: compared ? this.game.drawn(f) : nothing })}
      </svg>
      <div class="lr-below">
        ${transport(this, `loss ${lossText(run.losses[t])}`)}
        ${etaSlider(this, this.held, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-sentence">${compared && !this.game.unfolds ? compared.text : isSchedule(this.held.eta) ? whyPath(this.held, run) : whyLoss(this.held, run, turn)}</p>
        <details class="lr-more"><summary>Start, curvatures, steps</summary><div class="lr-grid">
          ${this.moreControls()}
        </div></details>
        ${toolbar(this, html`<button type="button" class="lr-button" @click=${() => this.game.askAgain()}>Guess another</button>
          <button type="button" class="lr-button" aria-pressed=${this.stack} @click=${() => ((this.stack = !this.stack), this.soon())}>Directions</button>`)}
      </div>`;
  }

  moreControls() {
    const { start, curvatures, steps } = this.held;
    const put = (list, i, v) => list.map((old, j) => (j === i ? v : old));
    return [
      range({ label: html`steps ${m("T")}`, value: steps, low: 1, high: 1000, log: true, text: String(steps), onInput: (v) => this.change({ steps: Math.max(1, Math.round(v)) }) }),
      range({ label: "start, steep direction", value: start[1], low: 0, high: 5, step: 0.01, onInput: (v) => this.change({ start: put(start, 1, v) }) }),
      range({ label: "start, flat direction", value: start[0], low: 0, high: 20, step: 0.1, onInput: (v) => this.change({ start: put(start, 0, v) }) }),
      range({ label: html`steepest curvature ${lambdaMax}`, value: curvatures[1], low: curvatures[0], high: 1000 * curvatures[0], log: true, onInput: (v) => this.change({ curvatures: put(curvatures, 1, v) }) }),
    ];
  }

  /** Each direction's share of the loss: stacked where the axis is linear, as curves where it is not. */
  modes(f, run, log) {
    const terms = this.held.curvatures.map((curvature, i) => run.modes.map((x) => (curvature / 2) * x[i] * x[i]));
    const xs = run.losses.map((_, t) => t);
    const line = (values) => path(f, xs, values);
    const area = (lower, upper) => `${line(upper)}L${line(lower).slice(1).split("L").reverse().join("L")}Z`;
    const zero = terms[0].map(() => 0);
    const names = ["flat direction", "steep direction"];
    const [x0, y0] = log ? [f.left + 10, f.bottom - 46] : [f.left + 0.56 * (f.right - f.left), f.top + 0.42 * (f.bottom - f.top)];
    return svg`<svg class="inside" x=${f.left} y=${f.top} width=${f.right - f.left} height=${f.bottom - f.top} viewBox="${f.left} ${f.top} ${f.right - f.left} ${f.bottom - f.top}">
      ${log ? terms.map((term, i) => svg`<path class="mode mode${i}" d=${line(term)} />`) : [svg`<path class="share share0" d=${area(zero, terms[0])} />`, svg`<path class="share share1" d=${area(terms[0], run.losses)} />`]}
    </svg>
    <g>${names.map((name, i) => svg`<rect class="share share${i}" x=${x0} y=${y0 + 19 * i} width="12" height="12" /><text class="tick" x=${x0 + 18} y=${y0 + 10 + 19 * i}>${name}</text>`)}</g>`;
  }

  turn(f, turn, run) {
    if (turn === null || turn < 1 || turn > this.held.steps) return nothing;
    return svg`<line class="stop r-diverge" x1=${f.x(turn)} x2=${f.x(turn)} y1=${f.top} y2=${f.bottom} /><text class="tick r-name" x=${f.x(turn) + 6} y=${f.top + 0.55 * (f.bottom - f.top)}>turns at ${turn}</text>`;
  }

}

customElements.define("lr-three-rates", ThreeRates);
