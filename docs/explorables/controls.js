// What the hand touches: the η slider that is itself a figure, quieter ranges, the time cursor, the toolbar.
import { html, nothing, svg } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { frame, inside, round } from "./draw.js";
import { bowl, descend, logFinalLosses, optimalEta, rate, regime, threshold } from "./kernel.js";
import { fromLog, number } from "./numbers.js";
import { isSchedule, peakOf, withPeak } from "./state.js";
import { copyLink, copyPython, copyEmbed, saveCsv, savePng, saveSvg } from "./take-along.js";

export const m = (letter, below = "") => html`<span class="lr-sym"><i class="lr-m">${letter}</i>${below ? html`<sub>${below}</sub>` : nothing}</span>`;
export const eta = m("η");
export const lambdaMax = m("λ", "max");
export const limitText = html`<span class="lr-sym">2/<i class="lr-m">λ</i><sub>max</sub></span>`;
export const bestText = html`<span class="lr-sym"><i class="lr-m">η</i>*</span>`;

const RATES = 240; // points of the track
const THUMB = 28; // px
const NAMES = { crawl: "glides", bounce: "bounces", diverge: "diverges" };

/** How far the η slider reaches. */
export const etaReach = ({ curvatures, optimizer }) => 1.35 * threshold(curvatures, optimizer);

/** ln L after `steps` over η, the rest of the problem as it is: exact for gradient descent, simulated for momentum. */
function track(problem, etas) {
  const x = bowl(problem.curvatures, problem.angle).toModes(problem.start);
  if (problem.optimizer) {
    return etas.map((value) => Math.log(descend({ ...problem, noise: 0, eta: withPeak(problem.eta, value) }).losses.at(-1)));
  }
  if (!isSchedule(problem.eta)) return logFinalLosses(problem.curvatures, x, etas, problem.steps);
  const shape = Array.from({ length: problem.steps }, (_, t) => rate(problem.eta, t) / (peakOf(problem.eta) || 1));
  return etas.map((value) => {
    let [top, logs] = [-Infinity, []];
    problem.curvatures.forEach((curvature, i) => {
      let log = Math.log(curvature / 2) + 2 * Math.log(Math.abs(x[i]));
      for (const part of shape) log += 2 * Math.log(Math.abs(1 - value * part * curvature));
      logs.push(log);
      top = Math.max(top, log);
    });
    return Number.isFinite(top) ? top + Math.log(logs.reduce((s, log) => s + Math.exp(log - top), 0)) : top;
  });
}

/** The slider: its track is the loss that is left after T steps, over η, with the regimes as bands. */
export function etaSlider(host, problem, { role, onEta, name = "eta", label = html`learning rate ${eta}` }) {
  const { width, height } = host.box("track");
  const reach = etaReach(problem);
  const step = 10 ** Math.floor(Math.log10(reach / 400));
  const value = peakOf(problem.eta);
  const limit = threshold(problem.curvatures, problem.optimizer);
  const key = JSON.stringify([problem.curvatures, problem.angle, problem.start, problem.steps, problem.optimizer, isSchedule(problem.eta) && withPeak(problem.eta, 1)]);
  if (host.trackKey !== key) {
    host.trackKey = key;
    host.trackEtas = Array.from({ length: RATES + 1 }, (_, i) => (reach * i) / RATES);
    host.trackLogs = track(problem, host.trackEtas);
  }
  const now = track({ ...problem }, [value])[0];
  const start = Number.isFinite(host.trackLogs[0]) ? host.trackLogs[0] : 0; // at the minimum there is nothing to lose
  const finite = host.trackLogs.filter(Number.isFinite);
  const low = Math.max(Math.min(start - 2.3, ...finite), start - 60);
  const f = frame({ width, height, margin: [16, THUMB / 2, 12, THUMB / 2], x: [0, reach], y: [low - 0.06 * (start - low), start + Math.max(4.6, (start - low) * 0.45)] });
  const plain = !problem.optimizer;
  const y = (log) => Math.max(f.top - 40, Math.min(f.bottom + 40, f.y(Number.isNaN(log) ? 1e9 : Math.max(-1e9, Math.min(1e9, log)))));
  const points = host.trackEtas.map((e, i) => `${round(f.x(e))} ${round(y(host.trackLogs[i]))}`);
  const best = optimalEta(problem.curvatures);
  const edges = { crawl: [0, limit / 2], bounce: [limit / 2, limit], diverge: [limit, reach] };
  const said = isSchedule(problem.eta) ? "first rate" : regime(value, Math.max(...problem.curvatures));
  const stops = plain ? [["crawl", limit / 2, html`1/${lambdaMax}`], ["fast", best, bestText], ["edge", limit, limitText]] : [["edge", limit, "threshold"]];
  return html`<div class="lr-eta r-${role}">
    <div class="lr-row">
      <label for="${host.id}-${name}-number">${label} =
        <input id="${host.id}-${name}-number" class="lr-number" type="number" min="0" max=${reach} step="any" .value=${live(String(Number(value.toPrecision(6))))}
          @change=${(e) => e.target.value !== "" && onEta(Number(e.target.value))} /></label>
      <span class="lr-quiet">the track: loss left after ${problem.steps} step${problem.steps === 1 ? "" : "s"}, at each rate</span>
    </div>
    <div class="lr-track">
      <svg class="lr-plot" data-plot="track" viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${Object.entries(edges).map(([role, [a, b]]) => svg`<rect class="band r-${role}" x=${f.x(a)} y=${f.top} width=${Math.max(0, f.x(b) - f.x(a))} height=${f.bottom - f.top} />
          <text class="bandname r-${role} middle" x=${(f.x(a) + f.x(b)) / 2} y=${f.top - 5}>${plain ? NAMES[role] : ""}</text>`)}
        ${stops.map(([role, at]) => svg`<line class="stop r-${role}" x1=${f.x(at)} x2=${f.x(at)} y1=${f.top} y2=${f.bottom} />`)}
        ${inside(f, areas(f, host.trackEtas, host.trackLogs.map(y), edges))}
        <line class="startline" x1=${f.left} x2=${f.right} y1=${f.y(start)} y2=${f.y(start)} />
        ${inside(f, svg`<path class="trackcurve" d="M${points.join("L")}" />`)}
        <line class="axis" x1=${f.left} x2=${f.right} y1=${f.bottom} y2=${f.bottom} />
        <line class="stem r-${role}" x1=${f.x(value)} x2=${f.x(value)} y1=${f.top} y2=${f.bottom} />
        <circle class="spot r-${role}" cx=${f.x(value)} cy=${Math.max(f.top + 3, Math.min(f.bottom - 3, y(now)))} r="5" />
      </svg>
      <input type="range" min="0" max=${reach} step=${step} .value=${live(String(value))} aria-label="learning rate eta"
        aria-valuetext="eta ${number(value)} per curvature, ${said}; loss left ${fromLog(now)}"
        @input=${(e) => onEta(Number((Math.round(Number(e.target.value) / step) * step).toPrecision(9)))} />
    </div>
    <div class="lr-stops" role="group" aria-label="rates that mean something">
      ${stops.map(([role, at, text]) => html`<button type="button" class="lr-stop r-${role}" aria-pressed=${Math.abs(value - at) < 1e-9 * limit}
        @click=${() => (onEta(at), host.settle())}>${text} = ${number(at)}</button>`)}
    </div>
  </div>`;
}

/** What lies under the track's curve, in the colour of each regime. */
function areas(f, etas, ys, edges) {
  return Object.entries(edges).map(([role, [low, high]]) => {
    const part = etas.map((e, i) => [f.x(e), ys[i], e]).filter(([, , e]) => e >= low - 1e-12 && e <= high + 1e-12);
    if (part.length < 2) return nothing;
    const [a, b] = [f.x(low), f.x(high)];
    return svg`<path class="area r-${role}" d="M${round(a)} ${f.bottom}L${round(a)} ${round(part[0][1])}L${part.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}L${round(b)} ${round(part.at(-1)[1])}L${round(b)} ${f.bottom}Z" />`;
  });
}

/** A labelled native range with its value beside it; `log` for a control over decades. */
export function range({ label, value, low, high, log = false, whole = false, text = number(value), say, onInput, step }) {
  const to = log ? Math.log10 : (v) => v;
  const from = (v) => (log ? Number((10 ** v).toPrecision(3)) : whole ? Math.round(v) : Number(v.toPrecision(3)));
  const [a, b] = [to(low), to(high)];
  return html`<label class="lr-range"><span>${label}</span><span class="lr-value">${text}</span>
    <input type="range" min=${a} max=${b} step=${step ?? (whole && !log ? 1 : (b - a) / 400)} .value=${live(String(to(value)))}
      aria-valuetext=${say ?? text} @input=${(e) => onInput(from(Number(e.target.value)))} /></label>`;
}

/** Play, step and scrub: the one cursor in time. */
export function transport(host, text) {
  const { t } = host.held;
  return html`<div class="lr-time" role="group" aria-label="time">
    <button type="button" class="lr-icon" aria-label="one step back" aria-disabled=${t <= 0} @click=${() => (host.goTo(t - 1), host.settle())}>${icon(BACK)}</button>
    <button type="button" class="lr-icon lr-playbutton" aria-label=${host.playing ? "pause" : "play"} @click=${() => host.play()}>${icon(host.playing ? PAUSE : PLAY)}</button>
    <button type="button" class="lr-icon" aria-label="one step on" aria-disabled=${t >= host.last} @click=${() => (host.goTo(t + 1), host.settle())}>${icon(ON)}</button>
    <input type="range" class="lr-scrub" min="0" max=${host.last} step="1" .value=${live(String(t))} aria-label="step" aria-valuetext="step ${t} of ${host.last}, ${text}"
      @input=${(e) => host.goTo(Number(e.target.value))} />
    <span class="lr-value">step ${t}</span>
  </div>`;
}

const icon = (d) => html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d=${d} /></svg>`;
const PLAY = "M6 3.5v13l10.5-6.5z";
const PAUSE = "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z";
const BACK = "M14 4v12L6.5 10zM4 4h2v12H4z";
const ON = "M6 4v12l7.5-6zM14 4h2v12h-2z";

/** Keep, reset, take along, full screen. */
export function toolbar(host, extra = nothing) {
  const done = (text) => {
    host.voice = host.told = text;
    host.soon();
  };
  const item = (text, act) => html`<button type="button" class="lr-button" @click=${async () => done(await act(host))}>${text}</button>`;
  const kept = host.held.runs;
  return html`<div class="lr-tools" role="group" aria-label="tools">
    ${extra}
    ${kept ? html`<button type="button" class="lr-button" @click=${() => host.keep()}>Keep this run</button>` : nothing}
    <button type="button" class="lr-button" @click=${() => host.reset()}>Reset</button>
    <button type="button" class="lr-button" aria-pressed=${host.view.classList.contains("lr-full")} @click=${() => host.toggleFull()}>Full screen</button>
    <details class="lr-take"><summary class="lr-button">Take it along</summary><div class="lr-menu">
      ${item("Copy link", copyLink)}${item("Copy as Python", copyPython)}${item("Data (CSV)", saveCsv)}
      ${item("Picture (SVG)", saveSvg)}${item("Picture (PNG)", savePng)}${item("Copy embed code", copyEmbed)}
      ${host.told ? html`<span class="lr-told">${host.told}</span>` : nothing}
    </div></details>
  </div>`;
}

/** Two or more choices, one of them taken: native radio buttons that look like one switch. */
export function choice(host, name, label, options, value, onPick) {
  return html`<fieldset class="lr-choice"><legend class="lr-hidden">${label}</legend>
    ${Object.entries(options).map(([key, text]) => html`<label><input type="radio" name="${host.id}-${name}" .checked=${live(key === value)} @change=${() => onPick(key)} /><span>${text}</span></label>`)}
  </fieldset>`;
}
