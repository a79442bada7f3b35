// The η slider is itself a figure: its track is the loss that is left, over η, with the regimes as bands.
import { html, nothing, svg } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { frame, inside, round } from "./draw.js";
import { optimalEta, regime, threshold } from "./kernel.js";
import { apart, fromLog, number, plural } from "./numbers.js";
import { isSchedule, peakOf, withPeak } from "./state.js";
import { bestText, eta, lambdaMax, lambdaPlain, m } from "./symbols.js";
import { leftAt, rates } from "./track.js";

const THUMB = 28; // px
const NAMES = { crawl: "glides", bounce: "bounces", diverge: "diverges" };
const AT_FIRST = { crawl: "glides", bounce: "bounces", diverge: "grows at first" };
const WITH_MOMENTUM = { bounce: "converges", diverge: "diverges" };

/** How far the η slider reaches. */
export const etaReach = ({ curvatures, optimizer }, times = 1.35) => times * threshold(curvatures, optimizer);

/** The slider: its track is the logarithm of the loss that is left after T steps, over η, with the regimes as bands. */
export function etaSlider(host, problem, { role, onEta, reach = etaReach(problem), label = isSchedule(problem.eta) ? html`first rate ${m("η", "0")}` : html`learning rate ${eta}` }) {
  const step = 10 ** Math.floor(Math.log10(reach / 400));
  const value = peakOf(problem.eta);
  const plain = !problem.optimizer;
  const left = leftAt(problem, [value])[0];
  const id = `${host.id}-eta-number`;
  const marked = stops(problem);
  const texts = apart(marked.map(([, at]) => at));
  return html`<div class="lr-eta">
    <div class="lr-row">
      <label for=${id}>${label} =
        <input id=${id} class="lr-number r-${role}" type="number" min="0" max=${reach} step="any" .value=${live(String(Number(value.toPrecision(6))))}
          @change=${(e) => e.target.value !== "" && onEta(Number(e.target.value))} /></label>
      <span class="lr-quiet">${problem.noise && plain ? "expected " : ""}loss after ${plural(problem.steps)} (log)</span>
    </div>
    <div class="lr-track">
      ${track(host, problem, reach, { value, left, role })}
      <input type="range" class="r-${role}" min="0" max=${reach} step=${step} .value=${live(String(value))} aria-label="learning rate eta"
        aria-valuetext="eta ${number(value, 4)} per curvature, ${named(problem, value)}; loss left ${fromLog(left)}"
        @input=${(e) => onEta(Number((Math.round(Number(e.target.value) / step) * step).toPrecision(9)))} />
    </div>
    <div class="lr-stops" role="group" aria-label="rates that mean something">
      ${marked.map(([role, at, text], i) => html`<button type="button" class="lr-stop r-${role}" aria-pressed=${Math.abs(value - at) < 1e-9 * reach}
        @click=${() => (onEta(at), host.settle())}><span>${text}</span><span class="lr-equals"> = </span>${texts[i]}</button>`)}
    </div>
  </div>`;
}

function named({ eta, curvatures, optimizer }, value) {
  if (isSchedule(eta)) return "first rate";
  return optimizer ? (value < threshold(curvatures, optimizer) ? "converging" : "diverging") : regime(value, Math.max(...curvatures));
}

/** The rates that mean something, each with its role and its name. */
function stops({ curvatures, optimizer }) {
  const limit = threshold(curvatures, optimizer);
  if (optimizer) return [["edge", limit, "threshold"]];
  const best = optimalEta(curvatures);
  const one = curvatures.length === 1 ? lambdaPlain : lambdaMax;
  return [["crawl", limit / 2, html`1/${one}`], ...(best > limit / 2 ? [["fast", best, html`best ${bestText}`]] : []), ["edge", limit, html`2/${one}`]];
}

/** The picture below the thumb: what does not hang on the present rate is drawn once. */
function track(host, problem, reach, { value, left, role }) {
  const { width, height } = host.box("track");
  const s = host.big;
  const { curvatures, angle, start, steps, optimizer, noise } = problem;
  const shape = isSchedule(problem.eta) && withPeak(problem.eta, 1);
  const key = JSON.stringify([curvatures, angle, start, steps, optimizer, noise, shape, reach]);
  if (host.trackKey !== key) {
    host.trackKey = key;
    host.trackEtas = rates(problem, reach);
    host.trackLogs = leftAt(problem, host.trackEtas);
  }
  const f = trackFrame(width, height, s, reach, host.trackLogs);
  return html`<svg class="lr-plot" data-plot="track" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    ${guard([key, f.key], () => scenery(f, problem, host.trackEtas, host.trackLogs))}
    <line class="stem r-${role}" x1=${f.x(value)} x2=${f.x(value)} y1=${f.top} y2=${f.bottom} />
    <circle class="spot r-${role}" cx=${f.x(value)} cy=${Math.max(f.top + 3, Math.min(f.bottom - 3, f.at(left)))} r="5" />
  </svg>`;
}

/** Logarithmic in the loss: `at(ln L)` in pixels, `first` that of the start. */
function trackFrame(width, height, s, reach, logs) {
  const start = Number.isFinite(logs[0]) ? logs[0] : 0; // at the minimum there is nothing to lose
  const low = Math.max(Math.min(start - 2.3, ...logs.filter(Number.isFinite)), start - 60);
  const f = frame({ s, width, height, margin: [16, THUMB / 2 / s, 12 / s, THUMB / 2 / s], x: [0, reach], y: [low - 0.06 * (start - low), start + Math.max(4.6, (start - low) * 0.45)] });
  const at = (log) => Math.max(f.top - 40, Math.min(f.bottom + 40, f.y(Number.isNaN(log) ? 1e9 : Math.max(-1e9, Math.min(1e9, log)))));
  return { ...f, at, first: f.y(start) };
}

/** Bands and their names, the rates that mean something, and the curve. */
function scenery(f, problem, etas, logs) {
  const limit = threshold(problem.curvatures, problem.optimizer);
  const reach = f.x.domain[1];
  const names = problem.optimizer ? WITH_MOMENTUM : isSchedule(problem.eta) ? AT_FIRST : NAMES;
  const bands = problem.optimizer ? { bounce: [0, limit], diverge: [limit, reach] } : { crawl: [0, limit / 2], bounce: [limit / 2, limit], diverge: [limit, reach] };
  const points = etas.map((e, i) => [f.x(e), f.at(logs[i]), e]);
  return svg`${Object.entries(bands).map(([role, [a, b]]) => svg`<rect class="band r-${role}" x=${f.x(a)} y=${f.top} width=${Math.max(0, f.x(b) - f.x(a))} height=${f.bottom - f.top} />
      <text class="bandname r-${role} middle" x=${(f.x(a) + f.x(b)) / 2} y=${f.top - 5 * f.s}>${names[role]}</text>`)}
    ${stops(problem).map(([role, at]) => svg`<line class="stop r-${role}" x1=${f.x(at)} x2=${f.x(at)} y1=${f.top} y2=${f.bottom} />`)}
    ${inside(f, Object.entries(bands).map(([role, ends]) => area(f, points, role, ends)))}
    <line class="startline" x1=${f.left} x2=${f.right} y1=${f.first} y2=${f.first} />
    ${inside(f, svg`<path class="trackcurve" d="M${line(points)}" />`)}
    <line class="axis" x1=${f.left} x2=${f.right} y1=${f.bottom} y2=${f.bottom} />`;
}

const line = (points) => points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L");

/** What lies under the track's curve, in the colour of a regime. */
function area(f, points, role, [low, high]) {
  const part = points.filter(([, , e]) => e >= low - 1e-12 && e <= high + 1e-12);
  if (part.length < 2) return nothing;
  const [a, b] = [f.x(low), f.x(high)].map(round);
  return svg`<path class="area r-${role}" d="M${a} ${f.bottom}L${a} ${round(part[0][1])}L${line(part)}L${b} ${round(part.at(-1)[1])}L${b} ${f.bottom}Z" />`;
}
