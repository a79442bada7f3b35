// Loss over the step at a rate the reader turns; first they draw what they expect.
import { html, nothing, svg } from "lit/html.js";
import { choice, folded, range, toolbar, transport } from "./controls.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { GuessMode } from "./guess-mode.js";
import { turnaroundStep } from "./kernel.js";
import { NAMES, lossFrame, lossPlot } from "./loss-plot.js";
import { lossText } from "./numbers.js";
import { parts } from "./parts.js";
import { overTime } from "./plot.js";
import { etaText, isSchedule } from "./state.js";
import { eta, lambdaMax, m } from "./symbols.js";
import { whyLoss } from "./why.js";

class ThreeRates extends Explorable {
  static id = "rates";
  static figure = "three-learning-rates";
  static room = { 0: "90cqw + 537.1px", 299: "90cqw + 489.1px", 342: "90cqw + 482.1px", 382: "90cqw + 459.7px", 394: "90cqw + 444.5px", 411: "90cqw + 428.9px", 602: "50cqw + 308.2px", 662: "50cqw + 292.9px" };
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
    this.classList.toggle("lr-asking", this.game.asking);
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
    const words = shown.filter((s) => !s.ghost).map((s) => s.label.replace("\n", ", "));
    return html`
      <div class="lr-head">
        <p class="lr-title-line">Turn ${eta} and see why</p>
        ${choice(this, "axis", "loss axis", { linear: "linear", log: "logarithmic" }, axis, (v) => this.change({ axis: v }))}
      </div>
      ${overTime(this, "loss", f, `Loss over the step, ${log ? "logarithmic" : "linear"} axis: ${words.join("; ")}.`, lossPlot(this, { shown: this.game.unfolding(shown), steps, log, f, before: [this.stack ? parts(f, run, this.held.curvatures, log) : nothing, this.turn(f, turn, run)], after: compared ? this.game.drawn(f) : nothing, named: this.game.named }))}
      <div class="lr-below">
        ${transport(this, `loss ${lossText(run.losses[t])}`)}
        ${etaSlider(this, this.held, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-sentence">${compared && !this.game.unfolds ? compared.text : whyLoss(this.held, run, turn)}</p>
        ${folded(this, "more", "Start, curvatures, steps", () => this.moreControls())}
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

  turn(f, turn, run) {
    if (turn === null || turn < 1 || turn > this.held.steps) return nothing;
    const y = f.y.log ? f.bottom - 10 * f.s : f.top + 0.55 * (f.bottom - f.top);
    const back = f.x(run.losses.findIndex((loss, t) => t > turn && f.y(loss) < y + 4 * f.s)); // where the curve itself is at the height of the words
    const x = back > f.left && back - f.x(turn) < 76 * f.s && !f.y.log ? back + 10 : f.x(turn) + 6;
    const end = x > f.width - 70 * f.s;
    return svg`<line class="stop r-diverge" x1=${f.x(turn)} x2=${f.x(turn)} y1=${f.top} y2=${f.bottom} /><text class="tick r-name ${end ? "end" : ""}" x=${end ? f.x(turn) - 6 : x} y=${y}>turns at ${turn}</text>`;
  }
}

customElements.define("lr-three-rates", ThreeRates);
