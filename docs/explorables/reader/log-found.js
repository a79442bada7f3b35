// What was found: what was read, the cause, three sentences, the picture, the cliff, and the lines that give the same.
import { html, nothing } from "lit/html.js";
import { number } from "../numbers.js";
import { bowlLosses, logPlot, ratePlot } from "./log-plot.js";
import { commandLine, python } from "./recipes.js";

const CALM = { "cannot tell": "muted", plateau: "muted", falling: "fast", ringing: "bounce", spike: "bounce", "two-cycle": "bounce" };

export function foundPart(host) {
  const { found } = host;
  if (!found) return host.busy ? html`<div class="lr-found"><p>Reading…</p></div>` : nothing;
  if (found.refused !== undefined) return html`<div class="lr-found"><p class="lr-refused">${inWords(found.refused)}</p></div>`;
  const bowl = found.bowl?.fits && host.cliff ? { role: host.roleAt(host.share, found.bowl), points: bowlLosses(found.bowl, found.plot, host.share) } : null;
  return html`<div class="lr-found" aria-busy=${host.busy}>
    <p class="lr-quiet">${found.read}</p>
    <p class="lr-cause r-${found.lost ? "diverge" : CALM[found.cause]}">${found.cause[0].toUpperCase() + found.cause.slice(1)}</p>
    <div class="lr-verdict">${found.said.map((sentence) => html`<p>${sentence}</p>`)}</div>
    ${found.plot ? html`${logPlot(host, found.plot, bowl)}${key(found.plot, bowl)}` : nothing}
    ${found.plot?.rates ? ratePlot(host, found.plot) : nothing}
    ${found.bowl && host.cliff ? host.cliff(host, found.bowl) : nothing}
    ${comparing(host)}
    <p class="lr-title-line">The same on your machine</p>
    ${recipe(host, "the command line", commandLine(host.held, host.against?.name))}
    ${recipe(host, "Python", python(host.held, host.against?.name))}
    ${host.told ? html`<p class="lr-quiet">${host.told}</p>` : nothing}
  </div>`;
}

/** What a refusal names is a field here, and an argument in Python. */
export const inWords = (refused) => {
  const said = refused.replace("say which with column=", "say which under “Say more about it”").replace("give the number of one as column=", "give the number of one under “Say more about it”");
  return `${said[0].toUpperCase()}${said.slice(1)}.`;
};

function key(plot, bowl) {
  return html`<p class="lr-quiet"><i class="lr-key"></i> your loss${plot.lowest ? html` above <i class="lr-m">L</i>* = ${number(plot.lowest, 4)}` : ""},
    <i class="lr-key noisy"></i> its noise${plot.fit ? html`, <i class="lr-key fitted"></i> the line that was fitted, in its shaded window` : ""}${bowl ? html`, <i class="lr-key r-${bowl.role}"></i> the bowl at the rate of the slider` : ""}${plot.spikes.length ? ", triangles: spikes" : ""}.</p>`;
}

/** This log may be kept, and the next one is held against it. */
const comparing = (host) => html`<div class="lr-row">
  ${host.other ? html`<span class="lr-quiet">${host.against ? "Compared with" : "The next log is compared with"} ${host.other.name}.</span>` : nothing}
  <button type="button" class="lr-button" @click=${() => host.keep()}>${host.other ? "Compare no more" : "Keep it, to compare the next log with it"}</button>
</div>`;

const recipe = (host, what, code) => html`<div class="lr-recipe"><pre><code>${code}</code></pre>
  <button type="button" class="lr-button" aria-label="copy the lines for ${what}" @click=${() => host.copy(code, what)}>Copy</button></div>`;
