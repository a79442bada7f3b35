// Letters that stand for quantities, set as mathematics.
import { html, nothing } from "lit/html.js";

export const m = (letter, below = "") => html`<span class="lr-sym"><i class="lr-m">${letter}</i>${below ? html`<sub>${below}</sub>` : nothing}</span>`;
export const eta = m("η");
export const lambdaMax = m("λ", "max");
export const limitText = html`<span class="lr-sym">2/<i class="lr-m">λ</i><sub>max</sub></span>`;
export const bestText = html`<span class="lr-sym"><i class="lr-m">η</i>*</span>`;
export const lambdaPlain = m("λ");
