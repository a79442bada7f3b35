// The one sentence: what happens and why, from the numbers that are drawn.
import { html } from "lit/html.js";
import { bowl, optimalEta, threshold } from "./kernel.js";
import { lossText, number, percent, plural } from "./numbers.js";
import { isSchedule } from "./state.js";
import { bestText, eta, lambdaMax, limitText } from "./symbols.js";

/** Of a loss curve at a constant rate; `turn` is where it turns, null for never. */
export function whyLoss({ eta: value, curvatures, steps, start }, run, turn) {
  const [low, high] = [Math.min(...curvatures), Math.max(...curvatures)];
  const limit = threshold(curvatures);
  const first = run.losses[0];
  const end = run.losses.at(-1);
  const x = bowl(curvatures).toModes(start);
  if (first === 0) return "The start is the minimum: the gradient is zero there, so no rate moves it.";
  if (isSchedule(value)) return html`The rate changes from step to step, between ${number(Math.min(...run.etas))} and ${number(Math.max(...run.etas))}. After ${plural(steps)} the loss is ${lossText(end)}.`;
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
  if (Math.abs(value - optimalEta(curvatures)) < 1e-3 * limit) return html`This is ${bestText}: the flattest and the steepest direction shrink alike, to ${percent(slow)} of their length a step, and no constant rate does better for both. ${left}`;
  if (run.regime === "monotone") return html`Below 1/${lambdaMax} every direction glides down without overshooting; the flattest keeps ${percent(1 - value * low)} of its length a step and sets the pace. ${left}`;
  return html`Between 1/${lambdaMax} and ${limitText} the steep direction jumps across the valley at every step and lands ${value < limit ? "lower" : "higher"}: it keeps ${percent(Math.abs(1 - value * high))} of its length. ${left}`;
}
