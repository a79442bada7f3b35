// Loss over the step at a rate the reader turns; first they draw what they expect.
import { html, nothing, svg } from "lit/html.js";
import { choice, eta, etaReach, etaSlider, lambdaMax, limitText, range, toolbar, transport } from "./controls.js";
import { path } from "./draw.js";
import { Explorable, reducedMotion } from "./explorable.js";
import { SKETCHES, complete, explain, stroke } from "./guess.js";
import { bowl, optimalEta, threshold, turnaroundStep } from "./kernel.js";
import { NAMES, lossFrame, lossPlot, lossText } from "./loss-plot.js";
import { number, percent } from "./numbers.js";
import { etaText, roleOf } from "./state.js";

const REVEAL = 1400; // ms in which the computed curve is drawn over the guess

class ThreeRates extends Explorable {
  static id = "rates";
  static figure = "three-learning-rates";
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
    curvatures: [[0.1, 10], [0.1, 1000]],
    start: [[-100, 100], [-100, 100]],
    steps: [1, 1000],
    t: [0, state.steps],
    eta: [0, etaReach(state)],
  });

  asking = true;
  guess = [];
  stack = false;

  assigned() {
    this.asking = false;
    this.compared = null;
  }

  fit(state) {
    const fitted = super.fit(state);
    if (!["linear", "log"].includes(fitted.axis)) fitted.axis = "linear";
    fitted.runs = (fitted.runs || []).slice(0, 2);
    return fitted;
  }

  reset() {
    this.compared = null;
    super.reset();
  }

  keep() {
    this.change({ runs: [...this.held.runs, { eta: this.held.eta }].slice(-2) });
    this.settle();
  }

  get shown() {
    const best = optimalEta(this.held.curvatures);
    const problems = this.problems();
    const shown = this.runs.map((run, i) => {
      const role = roleOf(run, problems[i], best);
      return { run, role, label: `${i ? NAMES[role] : "yours"}\n${etaText(problems[i].eta)}` };
    });
    if (this.ghost && !this.asking && JSON.stringify(this.ghost) !== JSON.stringify(this.state)) {
      const { runs, ...before } = this.ghost;
      const run = this.ghostKey === JSON.stringify(before) ? this.ghostRun : this.computeOne(before);
      [this.ghostKey, this.ghostRun] = [JSON.stringify(before), run];
      shown.push({ run, role: roleOf(run, before, best), ghost: true });
    }
    return shown;
  }

  template() {
    return this.asking ? this.question() : this.answer();
  }

  // --- the guess -------------------------------------------------------------------------------------------------

  question() {
    const { steps } = this.held;
    const f = lossFrame(this, { shown: [{ run: this.run }], steps, log: false });
    const done = complete(this.guess, steps);
    const first = this.run.losses[0];
    const drawn = this.guess.map((_, t) => t).filter((t) => this.guess[t] !== undefined);
    const tip = drawn.at(-1) ?? 0;
    return html`
      <div class="lr-head"><p class="lr-title-line">Draw the loss you expect at ${eta} = ${number(this.held.eta)}</p></div>
      <svg class="lr-plot lr-canvas" data-plot="loss" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="An empty plot of loss over the step; the loss starts at ${number(first)}."
        @pointerdown=${(e) => this.draw(e, f)}>
        ${lossPlot(this, { shown: [], steps, log: false, f, only: true })}
        <rect class="surface" x=${f.left} y=${f.top} width=${f.right - f.left} height=${f.bottom - f.top} />
        ${drawn.length ? svg`<path class="guess" d=${path(f, drawn, drawn.map((t) => this.guess[t]))} />` : svg`<text class="hint middle" x=${(f.left + f.right) / 2} y=${f.top + 0.42 * (f.bottom - f.top)}>draw from the ring to the right edge</text>`}
        <circle class="handle" cx=${f.x(tip)} cy=${Math.max(f.top, f.y(this.guess[tip] ?? first))} r="8" />
      </svg>
      <div class="lr-below">
        <p class="lr-sentence">It starts at ${number(first)}, and the threshold ${limitText} is ${number(threshold(this.held.curvatures))}. Commit to a curve before you see the computed one: draw it, or take the sketch that comes closest.</p>
        <div class="lr-sketches" role="group" aria-label="five sketches to choose from">${Object.entries(SKETCHES).map(
          ([name, shape]) => html`<button type="button" class="lr-sketch" aria-pressed=${this.sketch === name} @click=${() => this.choose(name, shape)}>
            <svg viewBox="0 0 64 40" aria-hidden="true"><path d="M${thumbnail(shape)}" /></svg><span>${name}</span></button>`,
        )}</div>
        <div class="lr-tools">
          <button type="button" class="lr-button lr-primary" aria-disabled=${!done} @click=${() => this.reveal()}>Show the computed curve</button>
          <button type="button" class="lr-button" aria-disabled=${!drawn.length} @click=${() => this.clear()}>Clear</button>
          <button type="button" class="lr-button" @click=${() => this.skip()}>Skip</button>
        </div>
      </div>`;
  }

  draw(event, f) {
    let from = null;
    this.sketch = null;
    if (!this.guess.length) from = { t: 0, loss: this.run.losses[0] };
    this.drag(event, (px, py) => {
      const to = { t: f.x.invert(px), loss: Math.min(f.y.domain[1], Math.max(0, f.y.invert(py))) };
      const guess = [...this.guess];
      guess[0] = this.run.losses[0];
      guess.length = Math.max(guess.length, this.held.steps + 1);
      this.guess = stroke(Array.from(guess), from, to, this.held.steps);
      from = to;
      this.soon();
    });
  }

  choose(name, shape) {
    const { steps } = this.held;
    this.sketch = name;
    this.guess = Array.from({ length: steps + 1 }, (_, t) => (t ? shape(t / steps) : 1) * this.run.losses[0]);
    this.soon();
  }

  clear() {
    this.guess = [];
    this.sketch = null;
    this.soon();
  }

  skip() {
    this.assigned();
    this.focusOn(".lr-track input");
  }

  reveal() {
    if (!complete(this.guess, this.held.steps)) return;
    this.asking = false;
    this.compared = { guess: this.guess, text: explain(this.guess, this.run, this.held), eta: this.held.eta, steps: this.held.steps };
    this.held.axis = "linear";
    this.unfolds = reducedMotion() ? null : { since: null };
    this.soon();
    this.speakLater();
    this.focusOn(".lr-track input");
  }

  /** The button that was pressed is gone: the focus goes at once to what took its place. */
  focusOn(selector) {
    this.redraw();
    this.view.querySelector(selector)?.focus({ preventScroll: true });
  }

  askAgain() {
    const limit = threshold(this.held.curvatures);
    const others = [0.02, 0.4, 0.75, 0.99, 1.03, 1.2].map((share) => Number((share * limit).toPrecision(2)));
    this.asked = ((this.asked ?? -1) + 1) % others.length;
    this.change({ eta: others[this.asked], t: 0 });
    this.moving = false;
    this.ghost = null;
    this.asking = true;
    this.clear();
    this.focusOn(".lr-sketch");
  }

  tick(now) {
    if (!this.unfolds) return super.tick(now);
    this.unfolds.since ??= now;
    this.unfolds.share = Math.min(1, (now - this.unfolds.since) / REVEAL);
    if (this.unfolds.share === 1) this.unfolds = null;
    this.dirty = true;
    super.tick(now);
    return Boolean(this.unfolds) || this.playing;
  }

  // --- the run ---------------------------------------------------------------------------------------------------

  answer() {
    const { steps, axis, t } = this.held;
    const log = axis === "log";
    const compared = this.compared?.eta === this.held.eta && this.compared.steps === steps ? this.compared : null;
    const shown = compared ? this.shown.slice(0, 1) : this.shown;
    const f = lossFrame(this, { shown, steps, log });
    const { run, role } = shown[0];
    const turn = turnaroundStep(this.held.curvatures, run.modes[0], this.held.eta);
    return html`
      <div class="lr-head">
        <p class="lr-title-line">Turn ${eta} and see why</p>
        ${choice(this, "axis", "loss axis", { linear: "linear", log: "logarithmic" }, axis, (v) => this.change({ axis: v }))}
      </div>
      <svg class="lr-plot" data-plot="loss" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="Loss over the step, ${log ? "logarithmic" : "linear"} axis: ${shown.filter((s) => !s.ghost).map((s) => s.label.replace("\n", ", ")).join("; ")}."
        @pointerdown=${(e) => this.drag(e, (px) => this.goTo(Math.round(f.x.invert(px))))}>
        ${lossPlot(this, { shown: this.unfolding(shown), steps, log, f, before: [this.stack ? this.modes(f, run, log) : nothing, this.turn(f, turn, run)], after: compared ? this.guessed(f, compared.guess) : nothing })}
      </svg>
      <div class="lr-below">
        ${transport(this, `loss ${lossText(run.losses[t])}`)}
        ${etaSlider(this, this.held, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-sentence">${compared && !this.unfolds ? compared.text : this.sentence(run, turn)}</p>
        <details class="lr-more"><summary>Start, curvatures, steps</summary><div class="lr-grid">
          ${this.moreControls()}
        </div></details>
        ${toolbar(this, html`<button type="button" class="lr-button" @click=${() => this.askAgain()}>Guess another</button>
          <button type="button" class="lr-button" aria-pressed=${this.stack} @click=${() => ((this.stack = !this.stack), this.soon())}>Directions</button>`)}
      </div>`;
  }

  guessed(f, guess) {
    const at = Math.round(0.62 * this.held.steps);
    const y = Math.max(f.top + 16, f.y(guess[at]) - 9);
    return svg`<path class="guess" d=${path(f, guess.map((_, i) => i), guess)} /><text class="name guessname middle" x=${f.x(at)} y=${y}>your guess</text>`;
  }

  unfolding(shown) {
    if (!this.unfolds) return shown;
    const until = Math.round((this.unfolds.share || 0) * this.held.steps);
    return shown.slice(0, 1).map((s) => ({ ...s, label: "", run: { ...s.run, losses: s.run.losses.map((v, t) => (t <= until ? v : NaN)) } }));
  }

  moreControls() {
    const { start, curvatures, steps } = this.held;
    const put = (list, i, v) => list.map((old, j) => (j === i ? v : old));
    return [
      range({ label: html`steps <i class="lr-m">T</i>`, value: steps, low: 1, high: 1000, log: true, text: String(steps), onInput: (v) => this.change({ steps: Math.max(1, Math.round(v)) }) }),
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

  sentence(run, turn) {
    const { eta: value, curvatures, steps, start } = this.held;
    const [low, high] = [Math.min(...curvatures), Math.max(...curvatures)];
    const limit = threshold(curvatures);
    const first = run.losses[0];
    const end = run.losses.at(-1);
    const x = bowl(curvatures).toModes(start);
    const plural = (n) => `${n} step${n === 1 ? "" : "s"}`;
    if (first === 0) return "The start is the minimum: the gradient is zero there, so no rate moves it.";
    if (run.regime === "frozen") return html`At ${eta} = 0 nothing moves: every step has length zero.`;
    if (run.regime === "diverging") {
      if (turn === null) return html`${eta} is above ${limitText}, but the start has nothing of the steep direction, so nothing grows: the loss falls to ${lossText(end)}.`;
      const back = run.losses.findIndex((v, t) => t > turn && v > first);
      const growth = Math.abs(1 - value * high) - 1;
      const lost = run.divergedAt === null ? "" : ` It is lost at step ${run.divergedAt}.`;
      const over = value / limit - 1;
      if (turn === 0) return html`${eta} is ${percent(over, 2)} above ${limitText}: the steep direction grows by ${percent(growth)} a step and already leads, so the loss climbs from the first step.${lost}`;
      if (turn > steps) return html`${eta} is ${percent(over, 2)} above ${limitText}, and yet the loss falls in all of the ${plural(steps)} shown: the steep direction, growing by ${percent(growth)} a step, takes over only at step ${turn}.`;
      return html`${eta} is ${percent(over, 2)} above ${limitText}. The loss falls for ${plural(turn)} while the flat direction shrinks; then the steep one, growing by ${percent(growth)} a step, takes over${back > 0 ? `, and passes the start at step ${back}` : ""}.${lost}`;
    }
    if (run.regime === "marginal") return html`${eta} is ${limitText} exactly: the steep direction jumps from side to side at the same height for ever, and the loss stops at ${number((high / 2) * x[curvatures.indexOf(high)] ** 2)}.`;
    const slow = Math.max(Math.abs(1 - value * low), Math.abs(1 - value * high));
    const left = html`After ${plural(steps)} ${end / first < 1e-3 ? html`the loss is ${lossText(end)}` : html`${percent(end / first)} of the loss is left`}.`;
    if (Math.abs(value - optimalEta(curvatures)) < 1e-3 * limit) return html`This is ${m0}: the flattest and the steepest direction shrink alike, to ${percent(slow)} of their length a step, and no constant rate does better for both. ${left}`;
    if (run.regime === "monotone") return html`Below 1/${lambdaMax} every direction glides down without overshooting; the flattest keeps ${percent(1 - value * low)} of its length a step and sets the pace. ${left}`;
    return html`Between 1/${lambdaMax} and ${limitText} the steep direction jumps across the valley at every step and lands ${value < limit ? "lower" : "higher"}: it keeps ${percent(Math.abs(1 - value * high))} of its length. ${left}`;
  }
}

/** A sketch as a path in 64 x 40. */
function thumbnail(shape) {
  const values = Array.from({ length: 33 }, (_, i) => Math.min(2.4, shape(i / 32)));
  const top = Math.max(1.2, ...values);
  return values.map((v, i) => `${2 * i} ${(38 - (35 * v) / top).toFixed(1)}`).join("L");
}

const m0 = html`<span class="lr-sym"><i class="lr-m">η</i>*</span>`;

customElements.define("lr-three-rates", ThreeRates);
