// The one sentence about a single step on a parabola: where it lands, and why there.
import { html } from "lit/html.js";
import { rate } from "./kernel.js";
import { percent } from "./numbers.js";
import { eta, m } from "./symbols.js";

const lambda = m("λ");
const product = html`${eta}${lambda}`;
const beyond = (limit) => html`<span class="lr-sym">${product} > ${limit}</span>`;
const EDGE = 1e-9; // relative distance from ηλ = 1 and 2 that counts as there

export function whyStep({ curvatures: [curvature], start: [w], eta: given, t }) {
  if (w === 0) return "The start is the minimum: the slope is zero there, so no rate moves it.";
  const a = rate(given, t) * curvature;
  const share = percent(Math.abs(1 - a));
  const loss = percent((1 - a) ** 2);
  if (a === 0) return html`At ${eta} = 0 the step has length zero, however steep the slope.`;
  if (Math.abs(a - 1) <= EDGE) return html`It lands on the minimum: ${eta} = 1/${lambda} times the slope ${lambda}${m("w")} is the distance ${m("w")} itself. Twice this rate carries it as far beyond.`;
  if (Math.abs(a - 2) <= 2 * EDGE) return html`It lands on its mirror image, at the same height: the step is twice the distance to the bottom. There the slope is as steep the other way, so it jumps back, for ever. That is why the threshold is <em>two</em> <span class="lr-sym">over ${lambda}.</span>`;
  if (a < 1) return html`It lands short of the bottom: the step covers ${product} = ${percent(a)} of the distance, and ${share} of it is left, with ${loss} of the loss.`;
  if (a < 2) return html`It passes the bottom, which is ${beyond(1)}, and lands on the other side, <em>lower</em>: at ${share} of its distance, with ${loss} of the loss. A rate of <span class="lr-sym">2/${lambda} − ${eta}</span> would leave the same loss, without crossing.`;
  return html`It lands on the other side, <em>higher</em>: the step is more than twice the distance to the bottom, so ${beyond(2)}. It stands at ${share} of its distance, where the slope is steeper still, and the next step is longer.`;
}
