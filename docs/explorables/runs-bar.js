// The runs that are compared: which one is the reader's, and which are pinned beside it.
import { html } from "lit/html.js";
import { etaText, written } from "./state.js";

const own = ({ eta, optimizer = null }) => ({ eta, optimizer });

/** A button a run: the first is the reader's; another one takes its place when pressed, or goes. */
export function runsBar(host, shown, names) {
  const { runs } = host.held;
  const take = (i) => host.change({ ...own({ ...host.held, ...runs[i] }), runs: runs.map((run, j) => (j === i ? own(host.held) : run)) });
  const drop = (i) => host.change({ runs: runs.filter((_, j) => j !== i) });
  return html`<div class="lr-runs" role="group" aria-label="runs">
    ${shown.filter(({ ghost }) => !ghost).map(({ role, problem }, i) => {
      const text = `${names[role]}, ${etaText(problem.eta)}${problem.optimizer ? `, ${written(problem.optimizer)}` : ""}`;
      return html`<span class="lr-chip r-${role}"><button type="button" class="lr-stop" aria-pressed=${i === 0} @click=${() => i && (take(i - 1), host.settle())}>${i ? text : html`yours: ${text}`}</button>
        ${i ? html`<button type="button" class="lr-drop" aria-label="remove: ${text}" @click=${() => (drop(i - 1), host.settle(), host.focusOn(".lr-chip button"))}>×</button>` : ""}</span>`;
    })}
  </div>`;
}
