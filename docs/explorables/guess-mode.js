// The guess before the answer: drawn on an empty plot or taken from five sketches, then met by the computed curve.
import { html, nothing, svg } from "lit/html.js";
import { eta, limitText } from "./symbols.js";
import { path } from "./draw.js";
import { reducedMotion } from "./explorable.js";
import { SKETCHES, complete, explain, stroke } from "./guess.js";
import { threshold } from "./kernel.js";
import { lossFrame, lossPlot } from "./loss-plot.js";
import { number } from "./numbers.js";

const REVEAL = 1400; // ms in which the computed curve is drawn over the guess

export class GuessMode {
  asking = true;
  guess = [];

  constructor(host) {
    this.host = host;
  }

  template() {
    const { steps } = this.host.held;
    const f = lossFrame(this.host, { shown: [{ run: this.host.run }], steps, log: false });
    const done = complete(this.guess, steps);
    const first = this.host.run.losses[0];
    const drawn = this.guess.map((_, t) => t).filter((t) => this.guess[t] !== undefined);
    const tip = drawn.at(-1) ?? 0;
    return html`
      <div class="lr-head"><p class="lr-title-line">Draw the loss you expect at ${eta} = ${number(this.host.held.eta)}</p></div>
      <svg class="lr-plot lr-canvas" data-plot="loss" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="An empty plot of loss over the step; the loss starts at ${number(first)}."
        @pointerdown=${(e) => this.draw(e, f)}>
        ${lossPlot(this.host, { shown: [], steps, log: false, f, only: true })}
        <rect class="surface" x=${f.left} y=${f.top} width=${f.right - f.left} height=${f.bottom - f.top} />
        ${drawn.length ? svg`<path class="guess" d=${path(f, drawn, drawn.map((t) => this.guess[t]))} />` : svg`<text class="hint middle" x=${(f.left + f.right) / 2} y=${f.top + 0.42 * (f.bottom - f.top)}>draw from the ring to the right edge</text>`}
        <circle class="handle" cx=${f.x(tip)} cy=${Math.max(f.top, f.y(this.guess[tip] ?? first))} r=${8 * f.s} />
      </svg>
      <div class="lr-below">
        <p class="lr-sentence">It starts at ${number(first)}, and the threshold ${limitText} is ${number(threshold(this.host.held.curvatures))}. Commit to a curve before you see the computed one: draw it, or take the sketch that comes closest.</p>
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
    if (!this.guess.length) from = { t: 0, loss: this.host.run.losses[0] };
    this.host.drag(event, (px, py) => {
      const to = { t: f.x.invert(px), loss: Math.min(f.y.domain[1], Math.max(0, f.y.invert(py))) };
      const guess = [...this.guess];
      guess[0] = this.host.run.losses[0];
      guess.length = Math.max(guess.length, this.host.held.steps + 1);
      this.guess = stroke(Array.from(guess), from, to, this.host.held.steps);
      from = to;
      this.host.soon();
    });
  }

  choose(name, shape) {
    const { steps } = this.host.held;
    this.sketch = name;
    this.guess = Array.from({ length: steps + 1 }, (_, t) => (t ? shape(t / steps) : 1) * this.host.run.losses[0]);
    this.host.soon();
  }

  clear() {
    this.guess = [];
    this.sketch = null;
    this.host.soon();
  }

  skip() {
    this.dismiss();
    this.host.focusOn(".lr-track input");
  }

  reveal() {
    if (!complete(this.guess, this.host.held.steps)) return;
    this.asking = false;
    this.compared = { guess: this.guess, text: explain(this.guess, this.host.run, this.host.held), eta: this.host.held.eta, steps: this.host.held.steps };
    this.host.held.axis = "linear";
    this.unfolds = reducedMotion() ? null : { since: null };
    this.host.soon();
    this.host.speakLater();
    this.host.focusOn(".lr-track input");
  }

  askAgain() {
    const limit = threshold(this.host.held.curvatures);
    const others = [0.02, 0.4, 0.75, 0.99, 1.03, 1.2].map((share) => Number((share * limit).toPrecision(2)));
    this.asked = ((this.asked ?? -1) + 1) % others.length;
    this.host.change({ eta: others[this.asked], t: 0 });
    this.host.moving = false;
    this.host.ghost = null;
    this.asking = true;
    this.clear();
    this.host.focusOn(".lr-sketch");
  }

  dismiss() {
    this.asking = false;
    this.compared = null;
  }

  /** The guess that is still about what is shown. */
  get fitting() {
    const { eta, steps } = this.host.held;
    return this.compared?.eta === eta && this.compared.steps === steps ? this.compared : null;
  }

  /** Its curve, and what its name stands at. */
  drawn(f) {
    const { guess } = this.fitting;
    return svg`<path class="guess" d=${path(f, guess.map((_, i) => i), guess)} />`;
  }

  get named() {
    return this.fitting ? [{ values: this.fitting.guess, role: "ink", label: "your guess" }] : [];
  }

  /** The computed curve as far as it is drawn by now. */
  unfolding(shown) {
    if (!this.unfolds) return shown;
    const until = Math.round((this.unfolds.share || 0) * this.host.held.steps);
    return shown.slice(0, 1).map((s) => ({ ...s, label: "", run: { ...s.run, losses: s.run.losses.map((v, t) => (t <= until ? v : NaN)) } }));
  }

  /** Whether the curve is still being drawn. */
  tick(now) {
    if (!this.unfolds) return false;
    this.unfolds.since ??= now;
    this.unfolds.share = Math.min(1, (now - this.unfolds.since) / REVEAL);
    if (this.unfolds.share === 1) this.unfolds = null;
    this.host.dirty = true;
    return Boolean(this.unfolds);
  }
}

/** A sketch as a path in 64 x 40; what climbs leaves it at the top. */
function thumbnail(shape) {
  const values = Array.from({ length: 33 }, (_, i) => shape(i / 32));
  const top = Math.min(2.4, Math.max(1.2, ...values));
  const end = values.findIndex((v) => v > top);
  return values.slice(0, end < 0 ? 33 : end).map((v, i) => `${2 * i} ${(38 - (35 * v) / top).toFixed(1)}`).join("L");
}
