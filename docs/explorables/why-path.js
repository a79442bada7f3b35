// The one sentence about a path in the bowl: what the steps do, and why.
import { html } from "lit/html.js";
import { bowl, noiseFloor, rate, regime, threshold } from "./kernel.js";
import { lossText, number, percent, plural } from "./numbers.js";
import { isSchedule } from "./state.js";
import { eta, lambdaMax, limitText, m } from "./symbols.js";

const etaT = m("η", "t");

export function whyPath(problem, run) {
  const { curvatures, angle, start, steps, optimizer, noise } = problem;
  const x = bowl(curvatures, angle).toModes(start);
  const [flat, steep] = curvatures[0] <= curvatures[1] ? [0, 1] : [1, 0];
  const p = { ...problem, run, x, flat, steep, low: curvatures[flat], high: curvatures[steep], limit: threshold(curvatures, optimizer) };
  if (run.losses[0] === 0 && !noise) return "The start is the minimum: the gradient is zero there, so no rate moves it.";
  const end = run.divergedAt === null ? html` After ${plural(steps)} the loss is ${lossText(run.losses.at(-1))}.` : ` The run is lost at step ${run.divergedAt}.`;
  return html`${noise ? "Leaving the noise aside: " : ""}${optimizer ? withMomentum(p) : isSchedule(problem.eta) ? scheduled(p) : constant(p)}${noise ? cloud(p) : ""}${end}`;
}

function constant({ eta: value, run, x, flat, steep, low, high, limit }) {
  const keeps = Math.abs(1 - value * high);
  const now = regime(value, high);
  if (now === "frozen") return html`At ${eta} = 0 nothing moves.`;
  if (high === low) return html`A round bowl has no valley: the gradient points straight away from the centre, so the path is one line through it, and each step keeps ${percent(keeps)} of the distance${1 - value * high < 0 ? ", on the other side" : ""}.`;
  if (x[steep] === 0) return html`The start lies on the valley floor: nothing can bounce, whatever ${eta}.`;
  if (now === "monotone") {
    const gone = run.modes.findIndex((at) => Math.abs(at[steep]) < 0.01 * Math.abs(x[steep]));
    if (gone < 0 || x[flat] === 0) return html`Below 1/${lambdaMax} no step overshoots: the path glides, its steep part keeping ${percent(keeps)} of its length a step.`;
    return html`Below 1/${lambdaMax} the path drops to the valley floor first: by step ${gone} under 1 % of its steep part is left, but ${percent(Math.abs(run.modes[gone][flat] / x[flat]))} of the flat one. Then it crawls along the floor.`;
  }
  if (now === "marginal") return html`${eta} is ${limitText} exactly: the path jumps from wall to wall for ever, always as far out, while it drifts along the valley.`;
  if (now === "diverging") return html`${eta} is ${percent(value / limit - 1, 2)} above ${limitText}: each jump lands on the other wall, ${percent(keeps - 1)} further out.`;
  return html`Between 1/${lambdaMax} and ${limitText} each step jumps across the valley and lands on the other wall, lower: it keeps ${percent(keeps)} of its steep part, so the zig-zag narrows; the flat part keeps ${percent(Math.abs(1 - value * low))}.`;
}

function scheduled({ eta: value, steps, limit }) {
  const rates = Array.from({ length: steps }, (_, t) => rate(value, t));
  const above = rates.findLastIndex((now) => now > limit);
  const across = rates.findLastIndex((now) => now > limit / 2);
  const first = rates.findIndex((now) => now > limit);
  if (above === steps - 1 && first >= 0) return html`${etaT} is above ${limitText} ${first ? `from step ${first} on` : "in every step shown"}: the steep part grows all the time.`;
  if (first >= 0) return html`${first ? html`From step ${first} on ${etaT} is above` : html`${etaT} starts at ${number(rates[0] / limit, 2)} times`} ${limitText}: the steep part grows until ${etaT} has sunk through it at step ${above + 1}, and only then do the jumps shrink.`;
  if (across < 0) return html`${etaT} never passes 1/${lambdaMax}: nothing overshoots, and there a lower rate only slows.`;
  const settles = across + 1 < steps ? html`, and from step ${across + 1} on, below 1/${lambdaMax}, none crosses the valley` : "";
  return html`${etaT} stays below ${limitText}: every jump lands lower${settles}.`;
}

function withMomentum({ eta: value, optimizer: { name, beta }, high, limit }) {
  const heavy = name === "heavy_ball";
  const formula = html`2(1+${m("β")})/${heavy ? lambdaMax : html`((1+2${m("β")})${lambdaMax})`}`;
  if (isSchedule(value)) return html`Each step repeats ${percent(beta)} of the last, so the path swings; the threshold is ${formula} = ${number(limit)}.`;
  if (value > limit) return html`Even with momentum there is a limit, ${formula} = ${number(limit)}, and ${eta} is above it: the swings grow.`;
  const swings = heavy && value * high > (1 - Math.sqrt(beta)) ** 2 && value * high < (1 + Math.sqrt(beta)) ** 2;
  return html`Each step repeats ${percent(beta)} of the last. ${swings ? html`The steep direction swings through the valley, and keeps √${m("β")} = ${percent(Math.sqrt(beta))} of its swing a step, whatever ${eta}, nearly up to the threshold` : html`It converges below the threshold`} ${formula} = ${number(limit)}.`;
}

function cloud({ curvatures, eta: value, optimizer, noise }) {
  if (optimizer || isSchedule(value)) return " The noise jolts every step.";
  const floor = curvatures.reduce((sum, curvature) => sum + noiseFloor(curvature, value, noise), 0);
  return Number.isFinite(floor) && floor > 0 ? ` The noise keeps it in a cloud, where the expected loss is ${number(floor)}.` : "";
}
