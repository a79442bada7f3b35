// What every explorable has: a state that can be read, assigned and linked to; keys; a voice; and a clean end.
import { html, nothing, render } from "lit/html.js";
import { sleep, wake } from "./clock.js";
import css from "./explorables.css";
import { descend } from "./kernel.js";
import { number } from "./numbers.js";
import { parsed, python, written } from "./state.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const SPEAK_AFTER = 600; // ms after the last change
const WRITE_AFTER = 400; // ms between two writes to the address: Safari allows 100 in 10 s
const LONGEST_PLAY = 7000; // ms for a whole run

/**
 * A custom element around the static figure. One file a kind; it has `static id`, `static defaults`, `static words`
 * (its title and how it is used), `limits(state)` ([low, high] by name) and `template()`.
 */
export class Explorable extends HTMLElement {
  connectedCallback() {
    if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    this.life = new AbortController();
    this.path = location.pathname;
    this.ready = Promise.resolve().then(() => this.life && !this.life.signal.aborted && this.begin());
  }

  begin() {
    const { defaults, words } = this.constructor;
    this.id ||= this.constructor.id;
    this.view = document.createElement("div");
    this.view.className = "lr-x";
    this.view.setAttribute("role", "group");
    this.view.setAttribute("aria-label", words.title);
    this.held = this.held || this.fit({ ...structuredClone(defaults), ...this.fromAddress() });
    this.notes = this.notes || [];
    this.boxes = {};
    try {
      (this.querySelector("figure") || this).prepend(this.view);
      this.redraw();
      this.classList.add("lr-live");
      this.measure();
      this.redraw();
      this.listen();
    } catch (error) {
      this.classList.remove("lr-live");
      this.view.remove();
      console.error(error);
    }
  }

  listen() {
    const { signal } = this.life;
    this.observer = new ResizeObserver(() => this.measure() && this.soon());
    this.observer.observe(this.view);
    this.view.addEventListener("keydown", (event) => this.key(event), { signal });
    this.view.addEventListener("change", () => this.settle(), { signal });
    addEventListener("popstate", () => this.popped(), { signal });
    document.addEventListener("fullscreenchange", () => this.full(document.fullscreenElement === this.view), { signal });
  }

  disconnectedCallback() {
    this.life?.abort();
    this.observer?.disconnect();
    sleep(this);
    clearTimeout(this.speaking);
    clearTimeout(this.writing);
    this.playing = false;
    this.classList.remove("lr-live");
    this.view?.remove();
  }

  // --- state -----------------------------------------------------------------------------------------------------

  get state() {
    return structuredClone(this.held ?? this.constructor.defaults);
  }

  set state(partial) {
    this.assigned?.(partial);
    this.change(partial);
    this.settle();
  }

  /** The state with every value inside its control's range; `notes` say what was held. */
  fit(state) {
    this.notes = [];
    const limits = this.limits(state);
    const held = (value, [low, high], name) => {
      const kept = Math.min(high, Math.max(low, Number(value)));
      if (kept !== Number(value)) this.notes.push(`${NAMES[name] || name} is held at ${number(kept, 4)}, the end of its range`);
      return Number.isFinite(kept) ? kept : low;
    };
    for (const [name, range] of Object.entries(limits)) {
      const value = state[name];
      if (Array.isArray(range[0])) state[name] = range.map((own, i) => held(value[i] ?? value[0], own, name));
      else if (typeof value === "object" && value) state[name] = this.fitParts(value, range, held, limits);
      else if (typeof value === "number") state[name] = held(value, range, name);
      else if (value !== null) state[name] = this.constructor.defaults[name];
    }
    for (const name of ["steps", "t", "seed"]) if (name in state) state[name] = Math.round(state[name]);
    return state;
  }

  fitParts(value, range, held, limits) {
    const fitted = { ...value };
    for (const [key, part] of Object.entries(value)) {
      if (key === "eta" || key === "eta0") fitted[key] = held(part, range, key);
      else if (limits[key] && typeof part === "number") fitted[key] = held(part, limits[key], key);
      else if (key === "then") fitted[key] = this.fitParts(part, range, held, limits);
    }
    return fitted;
  }

  /** Takes part of a state, from a control or a program; the run before the change stays as a ghost. */
  change(partial) {
    const known = this.constructor.defaults;
    const given = Object.fromEntries(Object.entries(partial).filter(([key, v]) => key in known && v !== undefined));
    const timeOnly = Object.keys(given).every((key) => ["t", "axis"].includes(key));
    if (!timeOnly && !this.moving) {
      this.ghost = this.state;
      this.moving = true;
    }
    this.held = this.fit({ ...this.state, ...structuredClone(given) });
    this.stale = true;
    this.soon();
    return this;
  }

  /** The hand has let go: the address is written, the sentence is spoken. */
  settle() {
    this.moving = false;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.toAddress(), WRITE_AFTER);
    this.speakLater();
  }

  speakLater() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const said = this.view.querySelector(".lr-sentence");
      if (said) this.voice = said.textContent.replace(/\s+/g, " ").trim();
      this.soon();
    }, SPEAK_AFTER);
  }

  reset() {
    this.change(this.constructor.defaults);
    this.settle();
  }

  /** The runs of a state: the first, then those laid over it. */
  problems(state = this.held) {
    const { runs = [], ...first } = state;
    return [first, ...runs.map((run) => ({ ...first, ...run }))];
  }

  get runs() {
    if (this.stale || !this.computed) {
      this.computed = this.problems().map((problem) => this.computeOne(problem));
      this.stale = false;
    }
    return this.computed;
  }

  get run() {
    return this.runs[0];
  }

  computeOne(problem) {
    return descend({ ...problem, noise: problem.noise && this.draws ? problem.noise : 0, draws: this.draws?.[problem.seed] });
  }

  /** The program that makes a run with lrsim. */
  program(i = 0) {
    return python(this.problems()[i]);
  }

  // --- the address -----------------------------------------------------------------------------------------------

  fromAddress() {
    const found = {};
    for (const [key, text] of new URLSearchParams(location.search)) {
      const [id, ...names] = key.split(".");
      if (id !== (this.id || this.constructor.id)) continue;
      const value = parsed(text);
      if (value !== undefined) this.take(found, names, value);
    }
    if (Object.keys(found).length) this.assigned?.(found);
    return found;
  }

  take(found, names, value) {
    const { defaults } = this.constructor;
    const [first, second] = names;
    const numbered = /^run([12])$/.exec(first);
    if (!fitting(value, defaults[second || first])) return;
    if (numbered && second && second in defaults) {
      found.runs ??= structuredClone(defaults.runs);
      found.runs[numbered[1] - 1] = { ...found.runs[numbered[1] - 1], [second]: value };
    } else if (first === "runs" && typeof value === "number") found.runs = (found.runs ?? structuredClone(defaults.runs)).slice(0, value);
    else if (!second && first in defaults && first !== "runs") {
      found[first] = Array.isArray(defaults[first]) && !Array.isArray(value) ? [value] : value;
    }
  }

  /** The query of the present state: what differs from the default, beside what is not ours. */
  query() {
    const search = new URLSearchParams(location.search);
    for (const key of [...search.keys()]) if (key.startsWith(`${this.id}.`)) search.delete(key);
    const { defaults } = this.constructor;
    const { runs = [], ...rest } = this.state;
    const differs = (a, b) => JSON.stringify(a) !== JSON.stringify(b);
    for (const [name, value] of Object.entries(rest)) {
      if (differs(value, defaults[name])) search.set(`${this.id}.${name}`, written(value));
    }
    if (runs.length < (defaults.runs || []).length) search.set(`${this.id}.runs`, runs.length);
    runs.forEach((run, i) => {
      for (const [name, value] of Object.entries(run)) {
        if (differs(value, defaults.runs?.[i]?.[name])) search.set(`${this.id}.run${i + 1}.${name}`, written(value));
      }
    });
    const text = search.toString().replaceAll("%2C", ",").replaceAll("%28", "(").replaceAll("%29", ")").replaceAll("%3D", "=");
    return text && `?${text}`;
  }

  toAddress() {
    const query = this.query();
    if (location.pathname !== this.path || query === location.search) return;
    history.replaceState(history.state, "", location.pathname + query + location.hash);
  }

  /** Back and forward: our keys are taken; an anchor on the page drops the query, so it is put back. */
  popped() {
    if (location.pathname !== this.path) return;
    const found = this.fromAddress();
    if (Object.keys(found).length) this.change({ ...this.constructor.defaults, ...found });
    else if (location.hash) this.toAddress();
    else this.change(this.constructor.defaults);
    this.moving = false;
  }

  // --- time ------------------------------------------------------------------------------------------------------

  get last() {
    return this.held.steps;
  }

  play() {
    this.playing = !this.playing;
    if (this.playing && this.held.t >= this.last) this.held.t = 0;
    this.clock = null;
    if (this.playing && calm.matches) {
      this.playing = false;
      this.change({ t: this.last });
      this.settle();
    }
    this.soon();
  }

  goTo(t) {
    this.playing = false;
    this.change({ t: Math.max(0, Math.min(this.last, t)) });
  }

  soon() {
    this.dirty = true;
    if (this.isConnected) wake(this);
  }

  tick(now) {
    if (this.playing) this.advance(now);
    if (this.dirty) this.redraw();
    return this.playing;
  }

  advance(now) {
    this.clock ??= { since: now, from: this.held.t };
    const perStep = Math.min(160, LONGEST_PLAY / this.last);
    const t = Math.min(this.last, this.clock.from + Math.floor((now - this.clock.since) / perStep));
    if (t === this.held.t) return;
    this.held.t = t;
    this.dirty = true;
    if (t >= this.last) {
      this.playing = false;
      this.settle();
    }
  }

  // --- drawing ---------------------------------------------------------------------------------------------------

  redraw() {
    this.dirty = false;
    const { words } = this.constructor;
    render(
      html`<p class="lr-hidden">${words.how} ${KEYS}</p>
        ${this.template()}
        ${this.notes.length ? html`<p class="lr-note">${this.notes.join("; ")}.</p>` : nothing}
        <p class="lr-hidden" role="status">${this.voice ?? ""}</p>`,
      this.view,
    );
    this.dispatchEvent(new CustomEvent("lr-change", { bubbles: true }));
  }

  /** The room of the plot called `name`, in pixels, as CSS made it. */
  box(name) {
    return this.boxes[name] || { width: 640, height: 360 };
  }

  measure() {
    let changed = false;
    for (const plot of this.view.querySelectorAll("[data-plot]")) {
      const { width, height } = plot.getBoundingClientRect();
      if (!width || !height) continue;
      const old = this.boxes[plot.dataset.plot];
      if (old && Math.abs(old.width - width) < 0.5 && Math.abs(old.height - height) < 0.5) continue;
      this.boxes[plot.dataset.plot] = { width: Math.round(width), height: Math.round(height) };
      changed = true;
    }
    return changed;
  }

  get big() {
    return this.view.classList.contains("lr-full") ? 1.5 : 1;
  }

  full(on) {
    this.view.classList.toggle("lr-full", on);
    this.soon();
  }

  async toggleFull() {
    if (this.view.classList.contains("lr-full")) return document.fullscreenElement ? document.exitFullscreen() : this.full(false);
    if (!this.view.requestFullscreen) return this.full(true);
    return this.view.requestFullscreen().catch(() => this.full(true));
  }

  // --- hands -----------------------------------------------------------------------------------------------------

  key(event) {
    event.stopPropagation();
    const typing = event.target.matches("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.target.type !== "range")) return;
    const act = {
      p: () => this.play(),
      ",": () => this.goTo(this.held.t - 1),
      ".": () => this.goTo(this.held.t + 1),
      l: () => "axis" in this.held && this.change({ axis: this.held.axis === "log" ? "linear" : "log" }),
      k: () => this.keep?.(),
      r: () => this.reset(),
      f: () => this.toggleFull(),
      Escape: () => this.view.classList.contains("lr-full") && this.toggleFull(),
    }[event.key];
    if (!act) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
    this.speakLater();
  }

  /** Follows a pointer from its press on; `move(x, y, event)` gets the pixels of the plot it was pressed on. */
  drag(event, move) {
    if (event.button) return;
    const surface = event.currentTarget;
    const plot = surface.closest("[data-plot]");
    const rect = plot.getBoundingClientRect();
    const { width, height } = this.box(plot.dataset.plot);
    const at = (e) => move(((e.clientX - rect.left) * width) / rect.width, ((e.clientY - rect.top) * height) / rect.height, e);
    event.preventDefault();
    surface.setPointerCapture?.(event.pointerId);
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.life.signal]);
    surface.addEventListener("pointermove", at, { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      surface.addEventListener(end, () => (ended.abort(), this.settle()), { signal });
    }
    at(event);
  }
}

/** Whether a value from an address is of the kind that stands there: a number or a schedule, a list, a word. */
function fitting(value, known) {
  if (Array.isArray(known)) return [value].flat().every((v) => typeof v === "number");
  if (typeof known === "string") return typeof value === "string";
  return typeof value === "number" || (typeof value === "object" && !Array.isArray(value));
}

const NAMES = { eta: "η", eta0: "η₀", noise: "σ", curvatures: "a curvature", start: "a coordinate of the start", angle: "the angle" };

const KEYS =
  "Keys, while the focus is in here: p plays and pauses, comma and full stop step back and on, l changes the axis, " +
  "k keeps the run, r resets, f fills the screen.";

export const reducedMotion = () => calm.matches;
