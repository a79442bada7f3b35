// The verdict on a decaying rate and the reason for it, from the two losses that it compares.
import { html } from "lit/html.js";
import { noiseFloor, optimalEta, rate, threshold } from "./kernel.js";
import { lossText, number, percent, plural } from "./numbers.js";
import { peakOf } from "./state.js";
import { bestText, lambdaMax, limitText, m } from "./symbols.js";

const eta0 = m("η", "0");
const etaT = m("η", "t");

/** "helps", "hurts" or "same": what the schedule leaves against what its first rate, held, leaves. */
export function verdict(decayed, held) {
  if (decayed === held || Math.abs(decayed - held) <= 1e-9 * Math.abs(held)) return "same";
  return decayed < held || (Number.isFinite(decayed) && !Number.isFinite(held)) ? "helps" : "hurts";
}

/** `losses` and `held`: expected losses of the schedule and of its first rate held constant. */
export function whyDecay(problem, losses, held) {
  const { curvatures, steps, noise, eta } = problem;
  const said = verdict(losses.at(-1), held.at(-1));
  const expected = noise ? "an expected loss of" : "a loss of";
  if (losses[0] === 0 && !noise) return "The start is the minimum: the gradient is zero there, so no rate moves it.";
  const first = peakOf(eta);
  const p = { ...problem, said, first, losses, limit: threshold(curvatures), rates: Array.from({ length: steps }, (_, t) => rate(eta, t)) };
  const leaves = html`After ${plural(steps)} it leaves ${expected} ${lossText(losses.at(-1))}`;
  if (first === 0) return html`<strong>Nothing moves:</strong> every step has length zero, however long the decay.`;
  if (p.rates.every((now) => now === first)) return html`<strong>No decay here:</strong> the rate is ${number(first)} in every step. ${leaves}${first > p.limit && losses.at(-1) > losses[0] ? html`: above ${limitText} the steep direction grows without end` : ""}.`;
  if (said === "same") return html`<strong>Decay changes nothing here.</strong> ${leaves}.`;
  const word = said === "helps" && losses.at(-1) > losses[0] ? "helps too little" : said;
  return html`<strong>Decay ${word} here.</strong> ${leaves}; ${eta0} = ${number(first)} held constant leaves ${lossText(held.at(-1))}. ${noise ? noisy(p) : quiet(p)}`;
}

function quiet({ said, first, limit, rates, losses, curvatures }) {
  const above = rates.findLastIndex((now) => now > limit);
  if (above >= 0 && above === rates.length - 1) return html`${etaT} has not sunk through ${limitText} yet: the steep direction still grows, only ever more slowly.`;
  if (above >= 0) {
    const peak = losses.reduce((best, loss, t) => (loss > losses[best] ? t : best), 0);
    const hump = peak > 0 ? html`; the loss has its peak, ${lossText(losses[peak])}, at step ${peak}` : "";
    return html`The steep direction grows until ${etaT} has sunk through ${limitText}, by step ${above + 1}, and only then shrinks${hump}.`;
  }
  if (said === "hurts" && first <= limit / 2) return html`Up to 1/${lambdaMax} nothing overshoots, so a lower rate shrinks every direction less, at every step.`;
  if (said === "hurts") return html`The flat direction sets the pace, and it needs the rate that decay takes away.`;
  if (first < optimalEta(curvatures)) return html`At ${eta0} the steep direction bounces; a lower rate damps it sooner, and here that outweighs what the flat one loses.`;
  return html`Above ${bestText} = ${number(optimalEta(curvatures))} the steep direction is the slow one: at ${eta0} it keeps ${percent(Math.abs(1 - first * Math.max(...curvatures)))} a step, and a lower rate is what it needs.`;
}

function noisy({ said, first, limit, curvatures, noise, eta }) {
  if (first >= limit) return html`Held above ${limitText}, the steep direction grows without end; the noise only feeds it.`;
  const floor = curvatures.reduce((sum, curvature) => sum + noiseFloor(curvature, first, noise), 0);
  const cloud = html`A constant rate ends in a cloud of expected loss ${number(floor)}`;
  if (said === "helps") return html`${cloud}; a sinking one shrinks the cloud.`;
  const lambda = Math.min(...curvatures);
  if (eta.schedule === "inverse_time" && eta.k > 2 * first * lambda) return html`${cloud}, but this rate has lost its speed too early: ${m("k")} is above 2${eta0}${m("λ", "min")} = ${number(2 * first * lambda)}.`;
  return html`${cloud} and is already near it; the decayed rate is still on its way. More steps turn this round.`;
}
