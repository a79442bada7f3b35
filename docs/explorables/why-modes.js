// The one sentence about two directions that do not know of each other.
import { html } from "lit/html.js";
import { bowl, optimalEta, rate, regime } from "./kernel.js";
import { percent } from "./numbers.js";
import { bestText, eta, lambdaMax, limitText, m } from "./symbols.js";

/** A direction's factor in words: how much it keeps, and whether it lands on the other side. */
const does = (factor) => html`${Math.abs(factor) > 1 ? "grows to" : "keeps"} ${percent(Math.abs(factor))} of its length a step${factor < 0 ? ", changing sides" : ""}`;

export function whyModes({ curvatures, angle, start, eta: given, t }, run) {
  if (run.losses[0] === 0) return "The start is the minimum: the gradient is zero there, so no rate moves it.";
  const now = rate(given, t);
  const [low, high] = [Math.min(...curvatures), Math.max(...curvatures)];
  const x = bowl(curvatures, angle).toModes(start);
  if (now === 0) return html`At ${eta} = 0 nothing moves: every factor is 1.`;
  if (low === high) return html`With equal curvatures every direction is an own axis, and each ${does(1 - now * low)}.`;
  if (x[curvatures.indexOf(high)] === 0) return html`The start has nothing of the steep direction, so only the flat one counts: it ${does(1 - now * low)}.`;
  const both = html`Along the bowl's own axes the flat part ${does(1 - now * low)}, and the steep one ${does(1 - now * high)}.`;
  const kind = regime(now, high);
  if (kind === "diverging") return html`${both} The steepest is the first to leave the band, at ${eta} = ${limitText}, and one is enough.`;
  if (kind === "marginal") return html`${both} At ${limitText} its factor is −1: it bounces for ever.`;
  if (Math.abs(now - optimalEta(curvatures)) < 1e-3 * now) return html`${both} At ${bestText} both keep the same share, ${m("κ")} − 1 over ${m("κ")} + 1, and no constant rate does better for both.`;
  if (kind === "monotone") return html`${both} Below 1/${lambdaMax} neither overshoots.`;
  return html`${both} Both factors are inside the band, so both shrink.`;
}
