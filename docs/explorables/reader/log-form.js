// Where a log comes in: pasted, dropped, chosen, or one of the examples; and what its owner may say about it.
import { html, nothing } from "lit/html.js";
import { live } from "lit/directives/live.js";

export const EXAMPLES = {
  "04_every_10th.csv": "it grows",
  "01_minibatch_diverges.csv": "it grows, with noise",
  "03_nan_after_noise.txt": "NaN",
  "22_smooth_then_catapult.csv": "a spike",
  "24_warmup_past_the_threshold.csv": "a warmup",
  "10_nanogpt.log": "console text",
};
const OPTIMIZERS = { "": "not given (plain gradient descent)", gradient_descent: "gradient descent", heavy_ball: "momentum", nesterov: "Nesterov", adam: "Adam" };
const SAMPLE = "step,loss\n0,2.31\n10,1.84\n20,1.79\n\nor CSV, JSON, console text";

export function form(host) {
  const { text, name, size } = host.held;
  const shown = size ? `${name}, ${size}` : "";
  return html`<form @submit=${(e) => (e.preventDefault(), host.ask())}>
    <label class="lr-title-line" for="${host.id}-text">Paste your log, or drop its file here</label>
    <textarea id="${host.id}-text" rows="7" spellcheck="false" autocomplete="off" autocapitalize="off" placeholder=${SAMPLE} aria-describedby="${host.id}-stays"
      .value=${live(size ? "" : text)} @paste=${(e) => host.pasted(e)} @input=${(e) => host.typed(e.target.value)}></textarea>
    <p class="lr-quiet" id="${host.id}-stays">Nothing leaves this page: your log is read here, in your browser, up to 50 MB. TensorBoard's event files are for the command line.</p>
    <div class="lr-tools">
      <button class="lr-primary" aria-disabled=${!text && !size}>Diagnose</button>
      <label class="lr-button lr-file"><input type="file" @change=${(e) => host.chosen(e.target)} /><span>Choose a file</span></label>
      ${shown ? html`<span class="lr-quiet">${shown}</span>` : nothing}
    </div>
    <div class="lr-examples" role="group" aria-label="examples"><span class="lr-quiet">Or try one:</span>
      ${Object.entries(EXAMPLES).map(([file, words]) => html`<button type="button" class="lr-button" aria-pressed=${name === file} @click=${() => host.example(file)}>${words}</button>`)}
    </div>
    <details class="lr-more" ?open=${host.asked}><summary>Say more about it</summary><div class="lr-grid">${options(host)}</div></details>
  </form>`;
}

function options(host) {
  const { optimizer } = host.held;
  const field = (key, label, hint, more = nothing) => html`<label class="lr-select">${label}
    <input .value=${String(host.held[key] ?? "")} placeholder=${hint} inputmode=${more === nothing ? "text" : more} @change=${(e) => host.say({ [key]: e.target.value.trim() || null })} /></label>`;
  return html`${field("column", "column of the losses", "name or number from 1")}
    ${field("step", "column of the steps", "found by its name")}
    ${field("rate", "column of the learning rates", "found by its name")}
    ${field("every", "updates a row", "from the steps", "numeric")}
    <label class="lr-select">optimizer
      <select @change=${(e) => host.say({ optimizer: e.target.value ? { name: e.target.value, ...(e.target.value === "gradient_descent" ? {} : { beta: 0.9 }) } : null })}>
        ${Object.entries(OPTIMIZERS).map(([key, words]) => html`<option value=${key} ?selected=${key === (optimizer?.name ?? "")}>${words}</option>`)}</select></label>
    ${optimizer?.beta === undefined ? nothing : html`<label class="lr-select">its momentum ${optimizer.name === "adam" ? "β₁" : "β"}
      <input type="number" min="0" max="0.999" step="any" .value=${live(String(optimizer.beta))} @change=${(e) => host.say({ optimizer: { ...optimizer, beta: Math.min(0.999, Math.max(0, Number(e.target.value) || 0)) } })} /></label>`}`;
}
