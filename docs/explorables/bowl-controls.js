// What else can be set of the bowl, for whoever unfolds it.
import { html, nothing } from "lit/html.js";
import { choice, range } from "./controls.js";
import { PANELS } from "./lr-bowl.js";
import { number } from "./numbers.js";
import { methodPicker, noisePicker, schedulePicker } from "./schedules.js";
import { m } from "./symbols.js";

export const run = (host) => html`<div>${schedulePicker(host)}</div><div>${methodPicker(host)}${noisePicker(host)}</div>`;

export function bowl(host) {
  const { start, curvatures, angle, steps, turn, panel, axis, view } = host.held;
  const put = (i, v) => host.change({ start: start.map((old, j) => (j === i ? v : old)) });
  const degrees = Math.round((angle * 180) / Math.PI);
  return html`${range({ label: html`condition number ${m("κ")}`, value: curvatures[1] / curvatures[0], low: 1, high: 1000, log: true, onInput: (v) => host.bend([curvatures[0], curvatures[0] * v]) })}
    ${range({ label: "turn the bowl", value: degrees, low: -180, high: 180, whole: true, text: `${number(degrees)}°`, onInput: (v) => host.change({ angle: Number(((v * Math.PI) / 180).toFixed(4)) }) })}
    ${[0, 1].map((i) => range({ label: html`start, ${m("w", String(i + 1))}`, value: start[i], low: -5, high: 5, step: 0.05, onInput: (v) => put(i, v) }))}
    ${range({ label: html`steps ${m("T")}`, value: steps, low: 1, high: 1000, log: true, text: String(steps), onInput: (v) => host.change({ steps: Math.max(1, Math.round(v)) }) })}
    ${view === "above" ? nothing : range({ label: "turn the view", value: turn, low: -180, high: 180, whole: true, text: `${number(turn)}°`, onInput: (v) => host.change({ turn: v }) })}
    <div class="lr-switches">${choice(host, "panel", "what the curve shows", PANELS, panel, (v) => host.change({ panel: v }))}
    ${panel === "rate" ? nothing : choice(host, "axis", "its axis", { linear: "linear", log: "logarithmic" }, axis, (v) => host.change({ axis: v }))}</div>`;
}
