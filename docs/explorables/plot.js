// A plot in its place, and what a hand can do on it: take a ring, tap, drag the cursor in time.
import { html, nothing, svg } from "lit/html.js";
import { round, symbols } from "./draw.js";

/** The <div> makes a plot's layout its own affair: an SVG that is a grid's item is laid out with all of the page. */
export const plot = (name, f, label, content, { kind = "", down, click } = {}) => html`<div>
  <svg class="lr-plot ${kind}" data-plot=${name} viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label=${label} @pointerdown=${down} @click=${click}>${content}</svg></div>`;

/** One over the step: dragging on it moves the cursor. */
export const overTime = (host, name, f, label, content) =>
  plot(name, f, label, content, { down: (event) => host.drag(event, (px) => host.goTo(Math.round(f.x.invert(px)))) });

/** A ring that can be grabbed, 44 pixels wide to a finger; `move` gets where it is taken to. Its name is below, or above at a side. */
export function grip(host, f, name, [x, y], move, text = "", side = "") {
  const [px, py] = [round(f.x(x)), round(f.y(y))];
  const aside = side === "left" ? -14 : side || px < f.left + 12 ? 14 : 0;
  const [dy, anchor] = aside ? [-10, aside < 0 ? "end" : ""] : [py + 24 * f.s < f.bottom ? 24 : -15, "middle"];
  return svg`<g class="grip ${name}" @pointerdown=${(e) => host.drag(e, (ex, ey) => move(f.x.invert(ex), f.y.invert(ey)))}>
    <circle class="reach" cx=${px} cy=${py} r="22" /><circle class="handle" cx=${px} cy=${py} r=${(text ? 7 : 11) * f.s} />
    ${text ? svg`<text class="tick r-name ${anchor}" x=${px + aside * f.s} y=${py + dy * f.s}>${symbols(text)}</text>` : nothing}</g>`;
}

/** A tap on the plot of `f`, not on a handle: `place` gets where. */
export function tap(host, event, f, place) {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  const [px, py] = [event.clientX - left, event.clientY - top];
  const beside = px < f.left || px > f.right || py < f.top || py > f.bottom;
  if (beside || event.target.closest(".grip")) return;
  place(f.x.invert(px), f.y.invert(py));
  host.settle();
}
