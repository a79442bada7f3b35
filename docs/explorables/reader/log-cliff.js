// The cliff at the reader's own rate: the loss that the bowl of their log would leave, over η.
import { html } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { etaSlider } from "../eta-slider.js";
import { number } from "../numbers.js";

/** The bowl in the reader's rate: η is 1 where none is known, and then counts in theirs. */
export function problemOf({ products, heights, steps }, own, eta) {
  const curvatures = products.map((product) => product / own);
  return { curvatures, angle: 0, start: heights.map((height, i) => Math.sqrt((2 * height) / curvatures[i])), eta, steps };
}

export const roleAt = (share, { products }) => {
  const product = share * Math.max(...products);
  return product > 2 ? "diverge" : product > 1 ? "bounce" : "crawl";
};

/** The slider, and what it says of one rate. */
export function cliff(host, bowl) {
  const known = [host.rate, bowl.rate].find((rate) => rate > 1e-99 && rate < 1e99);
  const own = known ?? 1;
  const eta = own * host.share;
  const problem = problemOf(bowl, own, eta);
  const limit = 2 / Math.max(...problem.curvatures);
  const reach = Math.max(1.35 * limit, 1.1 * own);
  const to = (value) => host.slide(Math.min(reach, Math.max(0, value)) / own);
  return html`<div class="lr-cliff">
    <p class="lr-title-line">The cliff at your learning rate</p>
    <p>${bowl.fits ? "The bowl that fits your curve" : "The steep direction of your run, taken alone,"} has its limit at ${known ? html`<i class="lr-m">η</i> = ${number(limit, 4)}` : `${number(limit, 4)} times your rate`}; yours is ${number(own / limit, 4)} times that. Slide to another rate: the track shows the loss that it would leave${bowl.fits ? ", and the picture above the whole run" : ""}.</p>
    ${etaSlider(host, problem, { role: roleAt(host.share, bowl), onEta: to, reach, label: known ? html`learning rate <i class="lr-m">η</i>` : html`times your rate` })}
    <div class="lr-row">
      <button type="button" aria-pressed=${host.share === 1} @click=${() => to(own)}>Your rate</button>
      <label>What is your rate? <input type="number" min="0" step="any" .value=${live(String(known ?? ""))}
        @change=${(e) => host.setRate(e.target.value)} /></label>
    </div>
  </div>`;
}
