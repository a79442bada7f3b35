// The bowl and its loss curve, linked: up to three runs, seen from above or from the side.
import { html, nothing } from "lit/html.js";
import { map, mapFrame } from "./bowl-map.js";
import { choice, folded, toolbar, transport } from "./controls.js";
import { etaReach, etaSlider } from "./eta-slider.js";
import { Explorable } from "./explorable.js";
import { rate, threshold } from "./kernel.js";
import { lossFrame, lossPlot } from "./loss-plot.js";
import { lossText, number, pair } from "./numbers.js";
import { overTime, plot, tap } from "./plot.js";
import { runsBar } from "./runs-bar.js";
import { m } from "./symbols.js";
import { whyPath } from "./why-path.js";

const NAMES = { crawl: "small", fast: "best", bounce: "large", edge: "on the edge", diverge: "too large", decay: "decaying" };
export const PANELS = { loss: "loss", length: "step length", rate: "rate" };
const Y_LABELS = { length: "length of the step", rate: "rate ηₜ" };

class Bowl extends Explorable {
  static id = "bowl";
  static figure = "three-paths";
  static room = { 0: "131.4cqw + 909.6px", 342: "131.4cqw + 861.6px", 382: "131.4cqw + 839.1px", 602: "45cqw + 619.3px" };
  static roomBrief = { 0: "131.4cqw + 813.6px", 342: "131.4cqw + 765.6px", 382: "131.4cqw + 743.1px", 602: "45cqw + 523.3px" };
  static words = {
    title: "Paths in a bowl, and the loss along them",
    how: "Choose a learning rate with the slider; all else has controls below it.",
  };
  static defaults = {
    curvatures: [1, 10],
    angle: 0,
    start: [-4, 1],
    eta: 0.19,
    steps: 30,
    optimizer: null,
    noise: 0,
    seed: 0,
    axis: "log",
    panel: "loss",
    view: "above",
    turn: 20,
    t: 0,
    runs: [
      { eta: 0.02, optimizer: null },
      { eta: { schedule: "inverse_time", eta0: 0.24, k: 0.1 }, optimizer: null },
    ],
  };

  limits = (state) => ({
    axis: ["linear", "log"],
    panel: Object.keys(PANELS),
    view: ["above", "around"],
    curvatures: [[0.1, 10], [0.1, 1000]],
    start: [[-100, 100], [-100, 100]],
    angle: [-Math.PI, Math.PI],
    noise: [0, 10],
    seed: [0, 7],
    steps: [1, 1000],
    t: [0, state.steps],
    turn: [-180, 180],
    eta: [0, etaReach(state)],
  });

  get brief() {
    return this.hasAttribute("brief");
  }

  placeStart(x, y) {
    const f = mapFrame(this);
    const inside = (v, [low, high]) => Number(Math.min(high, Math.max(low, v)).toFixed(2));
    this.change({ start: [inside(x, f.x.domain), inside(y, f.y.domain)], t: 0 });
  }

  get shown() {
    const seen = new Set();
    return super.shown.map((one) => {
      const again = !one.ghost && seen.has(one.role);
      if (!one.ghost) seen.add(one.role);
      return { ...one, again, label: one.ghost ? "" : NAMES[one.role], values: this.measured(one) };
    });
  }

  /** What the second plot shows of a run. */
  measured({ run }) {
    if (this.held.panel === "rate") return [...run.etas, NaN];
    if (this.held.panel === "length") return [...run.etas.map((_, t) => Math.hypot(...run.iterates[t].map((v, i) => run.iterates[t + 1][i] - v))), NaN];
    return run.losses;
  }

  template() {
    const { shown } = this;
    const { view } = this.held;
    const { run, role } = shown[0];
    const words = shown.filter((s) => !s.ghost).map((s) => `${s.label}: ${s.run.divergedAt === null ? `ends at loss ${lossText(s.run.losses.at(-1))}` : `lost at step ${s.run.divergedAt}`}`);
    const paths = `the paths of ${words.join("; ")}.`;
    const flat = view === "above";
    return html`
      <div class="lr-head">
        <p class="lr-title-line">Turn ${m("η")} and watch the path</p>
        ${choice(this, "view", "view of the bowl", { above: "from above", around: "in space" }, view, (v) => this.change({ view: v }))}
      </div>
      <div class="lr-two">
        ${flat
          ? plot("map", this.box("map"), `Contours of the bowl from above with ${paths}`, map(this, shown), { kind: "lr-place", click: (e) => tap(this, e, mapFrame(this), (x, y) => this.placeStart(x, y)) })
          : plot("map", this.box("map"), `The bowl from the side with ${paths}`, this.later("around", () => import("./bowl-around.js"))?.around(this, shown) ?? nothing, { kind: "lr-spin", down: (e) => this.spin(e) })}
        ${this.second(shown)}
      </div>
      <div class="lr-below">
        ${transport(this, `loss ${lossText(run.losses[this.held.t])}`)}
        ${etaSlider(this, this.held, { role, onEta: (value) => this.change({ eta: value }) })}
        <p class="lr-quiet lr-numbers">${this.numbers(run)}</p>
        <p class="lr-sentence">${whyPath(this.held, run)}</p>
        ${runsBar(this, shown, NAMES)}
        ${this.brief ? nothing : this.more()}
        ${toolbar(this)}
      </div>`;
  }

  /** A part that comes when somebody asks for it; undefined until it is there. */
  later(name, load) {
    this.parts ??= {};
    if (!this.parts[name]) this.drawing = load().then((part) => ((this.parts[name] = part), this.soon()));
    return this.parts[name];
  }

  second(shown) {
    const { steps, axis, panel, curvatures, optimizer } = this.held;
    const log = axis === "log" && panel !== "rate";
    const limit = threshold(curvatures, optimizer);
    const most = Math.max(...shown.flatMap((s) => s.values.filter(Number.isFinite)), 0);
    const reach = panel === "rate" ? 1.1 * Math.max(most, limit) : undefined;
    const f = lossFrame(this, { shown, steps, log, reach, span: [1e-8, 1e5] });
    return overTime(this, "loss", f, `${PANELS[panel]} over the step`, lossPlot(this, { shown, steps, log, f, yLabel: Y_LABELS[panel], limit: panel === "rate" ? limit : null }));
  }

  /** Where the run stands, and the step that it takes from there. */
  numbers(run) {
    const { t } = this.held;
    const here = html`${m("w")} = ${pair(run.iterates[t])}, loss ${lossText(run.losses[t])}`;
    if (t >= this.last) return here;
    const step = run.iterates[t + 1].map((v, i) => v - run.iterates[t][i]);
    return html`${here}; next step ${pair(step)}${typeof this.held.eta === "object" ? html`, at ${m("η", String(t))} = ${number(rate(this.held.eta, t))}` : ""}`;
  }

  more() {
    const made = (name) => () => this.later("controls", () => import("./bowl-controls.js"))?.[name](this);
    return [folded(this, "more", "Schedule, momentum, noise", made("run")), folded(this, "more", "Bowl, start, view", made("bowl"))];
  }

  spin(event) {
    const { turn } = this.held;
    let from = null;
    this.drag(event, (px) => {
      from ??= px;
      const now = turn + (px - from) * 0.5;
      this.change({ turn: Math.round(((((now + 180) % 360) + 360) % 360) - 180) });
    });
  }
}

customElements.define("lr-bowl", Bowl);
