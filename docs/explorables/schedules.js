// Choosing a schedule and a method: what the reader may put in place of a constant rate and of plain descent.
import { html, nothing } from "lit/html.js";
import { range } from "./controls.js";
import { isSchedule, peakOf } from "./state.js";
import { m } from "./symbols.js";

const FORMS = {
  constant: ["constant", (eta) => eta],
  inverse_time: ["inverse time", (eta0) => ({ schedule: "inverse_time", eta0, k: 0.1 })],
  inverse_sqrt: ["inverse square root", (eta0) => ({ schedule: "inverse_sqrt", eta0, k: 0.3 })],
  exponential: ["exponential", (eta0) => ({ schedule: "exponential", eta0, factor: 0.93 })],
  step_decay: ["in steps", (eta0) => ({ schedule: "step_decay", eta0, factor: 0.5, every: 10 })],
  cosine: ["cosine", (eta, steps) => ({ schedule: "cosine", eta, steps })],
  polynomial: ["line to zero", (eta, steps) => ({ schedule: "polynomial", eta, steps })],
  warmup: ["warmup, then constant", (eta) => ({ schedule: "warmup", steps: 10, then: { schedule: "constant", eta } })],
};
const PARTS = {
  k: { label: html`decay ${m("k")} per step`, low: 0, high: 1, cubic: true },
  factor: { label: "factor", low: 0.5, high: 1, step: 0.005 },
  every: { label: "steps between drops", low: 1, high: 100, whole: true },
  steps: { label: "steps of the schedule", low: 1, high: 200, whole: true },
};

/** A drop-down with its name. */
export const select = (label, options, value, onPick) => html`<label class="lr-select"><span>${label}</span>
  <select @change=${(e) => onPick(e.target.value)}>${Object.entries(options).map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}</select></label>`;

export function schedulePicker(host) {
  const { eta, steps } = host.held;
  const now = isSchedule(eta) ? eta.schedule : "constant";
  const names = Object.fromEntries(Object.entries(FORMS).map(([key, [text]]) => [key, text]));
  const parts = isSchedule(eta) ? Object.keys(PARTS).filter((key) => key in eta) : [];
  return html`${select("schedule", names, now, (name) => host.change({ eta: FORMS[name][1](peakOf(eta), steps) }))}
    ${parts.map((key) => range({ ...PARTS[key], value: eta[key], onInput: (v) => host.change({ eta: { ...eta, [key]: v } }) }))}`;
}

export function methodPicker(host) {
  const { optimizer } = host.held;
  const names = { none: "plain descent", heavy_ball: "heavy ball", nesterov: "Nesterov's" };
  const pick = (name) => host.change({ optimizer: name === "none" ? null : { name, beta: optimizer?.beta ?? 0.8 } });
  return html`${select("momentum", names, optimizer?.name ?? "none", pick)}
    ${optimizer ? range({ label: html`momentum ${m("β")}`, value: optimizer.beta, low: 0, high: 0.99, step: 0.01, onInput: (beta) => host.change({ optimizer: { ...optimizer, beta } }) }) : nothing}`;
}

export function noisePicker(host, high = 3) {
  const { noise, seed } = host.held;
  return html`${range({ label: html`noise ${m("σ")} in each gradient`, value: noise, low: 0, high, step: high / 100, onInput: (v) => host.change({ noise: v }) })}
    ${noise ? range({ label: "seed of the noise", value: seed, low: 0, high: 7, whole: true, text: String(seed), onInput: (v) => host.change({ seed: v }) }) : nothing}`;
}
