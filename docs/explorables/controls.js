// What the hand touches: quiet ranges, the time cursor, the toolbar.
import { html, nothing } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { number } from "./numbers.js";

/** A labelled native range with its value beside it; `log` for a control over decades, `cubic` where they start at 0. */
export function range({ label, value, low, high, log = false, cubic = false, whole = false, text = number(value), say, onInput, step }) {
  const to = log ? Math.log10 : cubic ? Math.cbrt : (v) => v;
  const from = (v) => (cubic ? Number((v ** 3).toPrecision(3)) : log ? Number((10 ** v).toPrecision(3)) : whole ? Math.round(v) : Number(v.toPrecision(3)));
  const [a, b] = [to(low), to(high)];
  return html`<label class="lr-range"><span>${label}</span><span class="lr-value" aria-hidden="true">${text}</span>
    <input type="range" min=${a} max=${b} step=${step ?? (whole && !log ? 1 : (b - a) / 400)} .value=${live(String(to(value)))}
      aria-valuetext=${say ?? text} @input=${(e) => onInput(from(Number(e.target.value)))} /></label>`;
}

/** Play, step and scrub: the one cursor in time. */
export const transport = (host, text) => guard([host.held.t, host.last, host.playing, text], () => timeControls(host, text));

function timeControls(host, text) {
  const { t } = host.held;
  return html`<div class="lr-time" role="group" aria-label="time">
    <button type="button" class="lr-icon" aria-label="one step back" aria-disabled=${t <= 0} @click=${() => (host.goTo(t - 1), host.settle())}>${icon(BACK)}</button>
    <button type="button" class="lr-icon lr-playbutton" aria-label=${host.playing ? "pause" : "play"} @click=${() => host.play()}>${icon(host.playing ? PAUSE : PLAY)}</button>
    <button type="button" class="lr-icon" aria-label="one step on" aria-disabled=${t >= host.last} @click=${() => (host.goTo(t + 1), host.settle())}>${icon(ON)}</button>
    <input type="range" class="lr-scrub" min="0" max=${host.last} step="1" .value=${live(String(t))} aria-label="step" aria-valuetext="step ${t} of ${host.last}, ${text}"
      @input=${(e) => host.goTo(Number(e.target.value))} />
    <span class="lr-value">step ${t}</span>
  </div>`;
}

const icon = (d) => html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d=${d} /></svg>`;
const PLAY = "M6 3.5v13l10.5-6.5z";
const PAUSE = "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z";
const BACK = "M14 4v12L6.5 10zM4 4h2v12H4z";
const ON = "M6 4v12l7.5-6zM14 4h2v12h-2z";

const FOLDS = { more: ["", "lr-grid"], take: ["lr-button", "lr-menu"] };

/** What stays folded until somebody asks for it; only then is it made. */
export function folded(host, kind, words, content) {
  const [summary, body] = FOLDS[kind];
  const make = () => {
    if (host.unfolded.has(words)) return;
    host.unfolded.add(words);
    host.redraw();
  };
  return html`<details class="lr-${kind}" @toggle=${make}><summary class=${summary} @click=${make}>${words}</summary>
    <div class=${body}>${host.unfolded.has(words) ? content() : nothing}</div></details>`;
}

/** Keep, reset, take along, full screen. */
export const toolbar = (host, extra = nothing) => guard([host.told, host.big, host.unfolded.size, extra === nothing || {}], () => tools(host, extra));

function tools(host, extra) {
  const done = (text) => {
    host.voice = host.told = text;
    host.soon();
  };
  const item = (text, name) => html`<button type="button" class="lr-button" @click=${async () => done(await (await import("./take-along.js"))[name](host))}>${text}</button>`;
  const kept = host.held.runs;
  return html`<div class="lr-tools" role="group" aria-label="tools">
    ${extra}
    ${kept ? html`<button type="button" class="lr-button" @click=${() => host.keep()}>Keep this run</button>` : nothing}
    <button type="button" class="lr-button" @click=${() => host.reset()}>Reset</button>
    <button type="button" class="lr-button" aria-pressed=${host.isFull} @click=${() => host.toggleFull()}>Full screen</button>
    ${folded(host, "take", "Take it along", () => [ITEMS.map(([words, name]) => item(words, name)), host.told ? html`<span class="lr-told">${host.told}</span>` : nothing])}
  </div>`;
}

const ITEMS = [
  ["Copy link", "copyLink"],
  ["Copy as Python", "copyPython"],
  ["Data (CSV)", "saveCsv"],
  ["Picture (SVG)", "saveSvg"],
  ["Picture (PNG)", "savePng"],
  ["Copy embed code", "copyEmbed"],
];

/** Two or more choices, one of them taken: native radio buttons that look like one switch. */
export function choice(host, name, label, options, value, onPick) {
  return html`<fieldset class="lr-choice"><legend class="lr-hidden">${label}</legend>
    ${Object.entries(options).map(([key, text]) => html`<label><input type="radio" name="${host.id}-${name}" .checked=${live(key === value)} @change=${() => onPick(key)} /><span>${text}</span></label>`)}
  </fieldset>`;
}
