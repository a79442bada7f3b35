// A rate that sinks: through the threshold or below it, with noise or without, and whether that pays.
import { html, nothing, svg } from "lit/html.js";
import { choice, folded, range, toolbar, transport } from "./controls.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { crossingStep, expectedLosses, optimalEta, rate, threshold } from "./kernel.js";
import { lossFrame, lossPlot } from "./loss-plot.js";
import { lossText, number } from "./numbers.js";
import { grip, overTime } from "./plot.js";
import { noisePicker, schedulePicker } from "./schedules.js";
import { etaText, isSchedule, peakOf, roleOf, withPeak } from "./state.js";
import { eta, lambdaMax, m } from "./symbols.js";
import { whyDecay } from "./why-decay.js";

const REACH = 3; // thresholds that η₀ may span

class Decay extends Explorable {
  static id = "decay";
  static figure = "the-hump";
  static room = { 0: "120cqw + 957.8px", 291: "120cqw + 935.3px", 342: "120cqw + 887.3px", 382: "120cqw + 864.8px", 602: "41.7cqw + 708px" };
  static words = {
    title: "A rate that sinks, and what it leaves",
    how: "Choose the first rate with the slider; the decay, the noise and the bowl have controls below it.",
  };
  static defaults = {
    curvatures: [1, 20],
    start: [5, 0.01],
    eta: { schedule: "inverse_time", eta0: 0.2, k: 0.1 },
    steps: 50,
    noise: 0,
    seed: 0,
    axis: "log",
    panel: "loss",
    t: 0,
    runs: [],
  };

  limits = (state) => ({
    axis: ["linear", "log"],
    panel: ["loss", "modes"],
    curvatures: [[0.1, 10], [0.1, 1000]],
    start: [[-100, 100], [-100, 100]],
    noise: [0, 10],
    seed: [0, 7],
    steps: [1, 1000],
    t: [0, state.steps],
    eta: [0, etaReach(state, REACH)],
  });

  /** The first rate held constant: what decay is measured by. */
  get held0() {
    const problem = { ...this.problems()[0], eta: peakOf(this.held.eta) };
    const run = this.runOf({ ...problem, noise: 0 });
    return { run, problem, role: roleOf(run, problem, optimalEta(problem.curvatures)), label: `held: ${etaText(problem.eta)}` };
  }

  get shown() {
    const [first, ...others] = super.shown;
    return [{ ...first, label: "yours" }, ...(isSchedule(this.held.eta) ? [this.held0] : []), ...others.map((one) => ({ ...one, label: one.ghost ? "" : etaText(one.problem.eta), again: !one.ghost }))];
  }

  template() {
    const { steps, panel, noise } = this.held;
    const { shown } = this;
    const expected = shown.map(({ problem, run, ghost }) => (noise && !ghost ? expectedLosses(problem) : run.losses));
    const held = isSchedule(this.held.eta) ? expected[1] : expected[0];
    return html`
      <div class="lr-head">
        <p class="lr-title-line">Let the rate sink: does it pay?</p>
        ${choice(this, "panel", "what the second plot shows", { loss: "loss", modes: "directions" }, panel, (v) => this.change({ panel: v }))}
      </div>
      <div class="lr-two lr-halves">${this.rates(shown)}${panel === "loss" ? this.losses(shown, expected) : this.directions(shown[0])}</div>
      <div class="lr-below">
        ${transport(this, `rate ${number(rate(this.held.eta, this.held.t))}, loss ${lossText(shown[0].run.losses[this.held.t])}`)}
        ${etaSlider(this, this.held, { role: shown[0].role, reach: etaReach(this.held, REACH), onEta: (v) => this.change({ eta: withPeak(this.held.eta, v) }) })}
        <p class="lr-sentence">${whyDecay(this.held, expected[0], held)}</p>
        <div class="lr-grid"><div>${schedulePicker(this)}${this.stops()}</div><div>${noisePicker(this)}</div></div>
        ${folded(this, "more", "Start, curvatures, steps", () => this.more(steps))}
        ${toolbar(this)}
      </div>`;
  }

  /** η_t, its two ends to be grabbed, and the threshold it may sink through. */
  rates(shown) {
    const { steps, eta: given, curvatures } = this.held;
    const limit = threshold(curvatures);
    const series = shown.map((one) => ({ ...one, label: "", values: [...one.run.etas, NaN] }));
    const reach = 1.25 * Math.max(limit, ...series.flatMap(({ values }) => values.filter(Number.isFinite)));
    const f = lossFrame(this, { name: "rate", shown: series, steps, log: false, reach });
    const crossing = this.crossing(f, { said: true });
    const ends = given.schedule === "inverse_time" ? this.ends(f) : nothing;
    return overTime(this, "rate", f, "the rate over the step", lossPlot(this, { name: "rate", shown: series, steps, log: false, f, yLabel: "rate ηₜ", limit, before: crossing, after: ends }));
  }

  ends(f) {
    const { eta: given, steps } = this.held;
    const tail = Math.max(1, Math.round(0.7 * steps));
    const first = (x, y) => this.change({ eta: { ...given, eta0: Number(Math.max(0, y).toPrecision(3)) } });
    const last = (x, y) => {
      const at = Math.max(1, x);
      this.change({ eta: { ...given, k: Number(Math.max(0, (given.eta0 / Math.max(y, 1e-9) - 1) / at).toPrecision(3)) } });
    };
    return [
      grip(this, f, "eta0 r-decay", [0, given.eta0], first, "η₀"),
      grip(this, f, "k r-decay", [tail, rate(given, tail)], last, "*k*"),
    ];
  }

  /** Where an inverse-time rate sinks through the threshold, said once, and where the steep direction is back to its start. */
  crossing(f, { said = false, back = false } = {}) {
    const { eta: given, curvatures, steps } = this.held;
    if (given.schedule !== "inverse_time") return nothing;
    const at = crossingStep(given.eta0, given.k, Math.max(...curvatures));
    const line = (t, text = nothing, end = t > 0.7 * steps) => (t > 0 && t <= steps ? svg`<line class="stop r-muted" x1=${f.x(t)} x2=${f.x(t)} y1=${f.top} y2=${f.bottom} /><text class="tick r-name ${end ? "end" : ""}" x=${f.x(t) + (end ? -6 : 6)} y=${f.bottom - 10 * f.s}>${text}</text>` : nothing);
    const tc = svg`<tspan class="lr-m">t</tspan><tspan class="lr-m lower" dy="4">c</tspan>`;
    return [line(at, said ? svg`${tc}<tspan dy="-4"> = ${number(at)}</tspan>` : nothing), back && at > 0 ? line(2 * at + 1, svg`2${tc}<tspan dy="-4"> + 1</tspan>`, f.x(2 * at) > f.left + 60 * f.s) : nothing];
  }

  losses(shown, expected) {
    const { steps, axis, noise } = this.held;
    const log = axis === "log";
    const series = shown.map((one, i) => ({ ...one, values: expected[i] }));
    const first = expected[0][0] || 1;
    const f = lossFrame(this, { shown: series, steps, log, span: [1e-9, 1e4], reach: 1.2 * Math.max(first, ...expected[0].filter((v) => v < 1e6 * first)) });
    const sample = noise ? [{ ...shown[0], ghost: true, label: "" }] : [];
    return overTime(this, "loss", f, `${noise ? "expected loss" : "loss"} over the step`, lossPlot(this, { shown: [...series, ...sample], steps, log, f, before: this.crossing(f), yLabel: `${noise ? "expected loss" : "loss *L*"}${log ? ", logarithmic" : ""}` }));
  }

  /** How long each direction's part is: the steep one has the hump. */
  directions({ run }) {
    const { steps, curvatures } = this.held;
    const steep = curvatures[1] >= curvatures[0] ? 1 : 0;
    const part = (i, role, label) => ({ run, role, label, values: run.modes.map((x) => Math.abs(x[i])) });
    const shown = [part(steep, "bounce", "steep"), part(1 - steep, "crawl", "flat")];
    const f = lossFrame(this, { shown, steps, log: true, span: [1e-8, 1e5] });
    return overTime(this, "loss", f, "length of the steep and of the flat part over the step", lossPlot(this, { shown, steps, log: true, f, before: this.crossing(f, { back: true }), yLabel: "length of each part" }));
  }

  /** Decays that mean something. */
  stops() {
    const { eta: given, curvatures } = this.held;
    if (given.schedule !== "inverse_time") return nothing;
    const one = Number((given.eta0 * Math.min(...curvatures)).toPrecision(6));
    const stop = (k, text) => html`<button type="button" class="lr-stop r-decay" aria-pressed=${Math.abs(given.k - k) < 1e-9} @click=${() => (this.change({ eta: { ...given, k } }), this.settle())}>${text}</button>`;
    return html`<div class="lr-stops" role="group" aria-label="decays that mean something">${stop(0, html`${m("k")} = 0: held`)}${stop(one, html`${m("k")} = ${eta}<sub>0</sub>${m("λ", "min")} = ${number(one)}`)}</div>`;
  }

  more(steps) {
    const { start, curvatures, axis } = this.held;
    const put = (i, v) => this.change({ start: start.map((old, j) => (j === i ? v : old)) });
    return [
      range({ label: html`steps ${m("T")}`, value: steps, low: 1, high: 1000, log: true, text: String(steps), onInput: (v) => this.change({ steps: Math.max(1, Math.round(v)) }) }),
      range({ label: html`steepest curvature ${lambdaMax}`, value: curvatures[1], low: curvatures[0], high: 1000 * curvatures[0], log: true, onInput: (v) => this.change({ curvatures: [curvatures[0], v] }) }),
      range({ label: "start, steep direction", value: start[1], low: 0, high: 2, cubic: true, onInput: (v) => put(1, v) }),
      range({ label: "start, flat direction", value: start[0], low: 0, high: 20, step: 0.1, onInput: (v) => put(0, v) }),
      html`<div class="lr-switches">${choice(this, "axis", "loss axis", { linear: "linear", log: "logarithmic" }, axis, (v) => this.change({ axis: v }))}</div>`,
    ];
  }
}

customElements.define("lr-decay", Decay);
