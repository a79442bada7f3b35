// The η slider is itself a figure: its track is the loss that is left, over η, with the regimes as bands.
import { html, nothing, svg } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { frame, inside, round } from "./draw.js";
import { bowl, descend, expectedLosses, logFinalLosses, optimalEta, rate, regime, threshold } from "./kernel.js";
import { fromLog, number, plural } from "./numbers.js";
import { isSchedule, peakOf, withPeak } from "./state.js";
import { bestText, eta, lambdaMax, lambdaPlain, m } from "./symbols.js";

const RATES = 240; // points of the track, fewer where each is a simulation
const SIMULATED = 40_000; // steps for a whole track
const THUMB = 28; // px
const NAMES = { crawl: "glides", bounce: "bounces", diverge: "diverges" };
const AT_FIRST = { crawl: "glides", bounce: "bounces", diverge: "grows at first" };
const WITH_MOMENTUM = { bounce: "converges", diverge: "diverges" };

/** How far the η slider reaches. */
export const etaReach = ({ curvatures, optimizer }, times = 1.35) => times * threshold(curvatures, optimizer);

const simulates = ({ eta, optimizer, noise }) => Boolean(optimizer || noise || isSchedule(eta));

/** ln L after `steps` over η, the rest of the problem as it is: exact for gradient descent, expected under noise. */
function track(problem, etas) {
  if (problem.noise && !problem.optimizer) return etas.map((value) => Math.log(expectedLosses({ ...problem, eta: withPeak(problem.eta, value) }).at(-1)));
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
export function etaSlider(host, problem, { role, onEta, reach = etaReach(problem), name = "eta", label = isSchedule(problem.eta) ? html`first rate ${m("η", "0")}` : html`learning rate ${eta}` }) {
  const { width, height } = host.box("track");
  const step = 10 ** Math.floor(Math.log10(reach / 400));
  const value = peakOf(problem.eta);
  const limit = threshold(problem.curvatures, problem.optimizer);
  const plain = !problem.optimizer;
  const count = simulates(problem) ? Math.max(60, Math.min(RATES, Math.round(SIMULATED / problem.steps))) : RATES;
  const shape = isSchedule(problem.eta) && withPeak(problem.eta, 1);
  const key = JSON.stringify([problem.curvatures, problem.angle, problem.start, problem.steps, problem.optimizer, problem.noise, shape]);
  if (host.trackKey !== key) {
    host.trackKey = key;
    host.trackEtas = Array.from({ length: count + 1 }, (_, i) => (reach * i) / count);
    host.trackLogs = track(problem, host.trackEtas);
  }
  const now = track({ ...problem }, [value])[0];
  const start = Number.isFinite(host.trackLogs[0]) ? host.trackLogs[0] : 0; // at the minimum there is nothing to lose
  const finite = host.trackLogs.filter(Number.isFinite);
  const low = Math.max(Math.min(start - 2.3, ...finite), start - 60);
  const f = frame({ width, height, margin: [16, THUMB / 2, 12, THUMB / 2], x: [0, reach], y: [low - 0.06 * (start - low), start + Math.max(4.6, (start - low) * 0.45)] });
  const y = (log) => Math.max(f.top - 40, Math.min(f.bottom + 40, f.y(Number.isNaN(log) ? 1e9 : Math.max(-1e9, Math.min(1e9, log)))));
  const points = host.trackEtas.map((e, i) => `${round(f.x(e))} ${round(y(host.trackLogs[i]))}`);
  const best = optimalEta(problem.curvatures);
  const edges = plain ? { crawl: [0, limit / 2], bounce: [limit / 2, limit], diverge: [limit, reach] } : { bounce: [0, limit], diverge: [limit, reach] };
  const said = shape ? "first rate" : plain ? regime(value, Math.max(...problem.curvatures)) : value < limit ? "converging" : "diverging";
  const one = problem.curvatures.length === 1 ? lambdaPlain : lambdaMax;
  const ends = [["crawl", limit / 2, html`1/${one}`], ["fast", best, bestText], ["edge", limit, html`2/${one}`]];
  const stops = plain ? ends.filter(([role]) => role !== "fast" || best > limit / 2) : [["edge", limit, "threshold"]];
  return html`<div class="lr-eta r-${role}">
    <div class="lr-row">
      <label for="${host.id}-${name}-number">${label} =
        <input id="${host.id}-${name}-number" class="lr-number" type="number" min="0" max=${reach} step="any" .value=${live(String(Number(value.toPrecision(6))))}
          @change=${(e) => e.target.value !== "" && onEta(Number(e.target.value))} /></label>
      <span class="lr-quiet">the track: ${problem.noise && plain ? "expected " : ""}loss left after ${plural(problem.steps)}, at each rate</span>
    </div>
    <div class="lr-track">
      <svg class="lr-plot" data-plot="track" viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${Object.entries(edges).map(([role, [a, b]]) => svg`<rect class="band r-${role}" x=${f.x(a)} y=${f.top} width=${Math.max(0, f.x(b) - f.x(a))} height=${f.bottom - f.top} />
          <text class="bandname r-${role} middle" x=${(f.x(a) + f.x(b)) / 2} y=${f.top - 5}>${(plain ? (shape ? AT_FIRST : NAMES) : WITH_MOMENTUM)[role]}</text>`)}
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
