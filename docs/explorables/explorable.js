// What every explorable has: a state that can be read, assigned and linked to; runs; one time for all of them; a voice.
import { fromAddress, query, toAddress } from "./address.js";
import { fit } from "./fit.js";
import { optimalEta } from "./kernel.js";
import { Runs } from "./runs.js";
import { Stage } from "./stage.js";
import { roleOf, written } from "./state.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const reducedMotion = () => calm.matches;
const SPEAK_AFTER = 600; // ms after the last change
const WRITE_AFTER = 400; // ms between two writes to the address: Safari allows 100 in 10 s
const LONGEST_PLAY = 7000; // ms for a whole run
const TIME = ["t", "axis", "panel", "view", "turn"]; // what changes only the way a run is looked at

/**
 * A custom element around the static figure. One file a kind; it has `static id`, `static figure`, `static defaults`,
 * `static words` (its title and how it is used), `limits(state)` (what `fit` takes) and `template()`.
 */
export class Explorable extends Stage {
  memory = new Runs((drawn) => (this.drawing = drawn.then(() => this.soon())));

  get state() {
    return structuredClone(this.held ?? this.constructor.defaults);
  }

  set state(partial) {
    this.assigned?.(partial);
    this.change(partial);
    this.settle();
  }

  given(found) {
    if (Object.keys(found).length) this.assigned?.(found);
    return found;
  }

  fit(state) {
    const { defaults } = this.constructor;
    const [near] = fit({ ...state }, this.limits(state), defaults); // the range of η hangs on the curvatures, that of t on the steps
    [state, this.notes] = fit(state, this.limits(near), defaults);
    return state;
  }

  /** Takes part of a state, from a control or a program; the run before the change stays as a ghost. */
  change(partial) {
    const known = this.constructor.defaults;
    const given = Object.fromEntries(Object.entries(partial).filter(([key, v]) => key in known && v !== undefined));
    if ("t" in given || "steps" in given) this.clock = null;
    const timeOnly = Object.keys(given).every((key) => TIME.includes(key));
    if (!timeOnly && !this.moving) {
      this.ghost = this.state;
      this.moving = true;
    }
    this.held = this.fit({ ...(this.held ?? known), ...structuredClone(given) });
    this.soon();
    return this;
  }

  /** The hand has let go: the address is written, the sentence is spoken. */
  settle() {
    this.moving = false;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => toAddress(this), WRITE_AFTER);
    this.speakLater();
  }

  speakLater() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const [before, now] = [this.spoken, this.speaks];
      this.spoken = now;
      const which = now.findIndex((text, i) => text !== before[i]);
      if (which === 0 || (which === 1 && !document.activeElement.matches(".lr-scrub"))) this.voice = now[which];
      this.soon();
    }, SPEAK_AFTER);
  }

  /** What may be said aloud: the sentence, and where the cursor in time stands. */
  get speaks() {
    const [said, time] = [".lr-sentence", ".lr-scrub"].map((selector) => this.view.querySelector(selector));
    return [said?.textContent.replace(/\s+/g, " ").trim(), time?.ariaValueText];
  }

  async begin() {
    await super.begin();
    this.spoken = this.speaks;
  }

  /** Another bowl; a rate that a steeper one held at its range's end comes back while the hand has not let go. */
  bend(curvatures) {
    this.change({ curvatures, eta: (this.moving ? this.ghost : this.held).eta });
  }

  /** What the prose speaks of: its own problem, whatever the reader has done; the runs they keep stay. */
  show(partial) {
    const { runs, ...own } = this.constructor.defaults;
    for (const name of TIME) if (name !== "t") delete own[name];
    this.state = { ...own, ...partial };
  }

  reset() {
    this.change(this.constructor.defaults);
    this.settle();
  }

  /** Pins the present run beside the new one; two at most. */
  keep() {
    const own = Object.fromEntries(["eta", "optimizer"].filter((name) => name in this.held).map((name) => [name, this.held[name]]));
    this.change({ runs: [...this.held.runs, own].slice(-2) });
    this.voice = "This run is kept.";
    this.settle();
  }

  query() {
    return query(this);
  }

  /** Back and forward: our keys are taken; an anchor on the page drops the query, so it is put back. */
  popped() {
    if (location.pathname !== this.path) return;
    const found = this.given(fromAddress(this));
    if (Object.keys(found).length) this.change({ ...this.constructor.defaults, ...found });
    else if (location.hash) toAddress(this);
    else this.change(this.constructor.defaults);
    this.moving = false;
  }

  // --- runs ------------------------------------------------------------------------------------------------------

  /** The problems of a state: the first, then those laid over it. */
  problems(state = this.held) {
    const { runs = [], ...first } = state;
    return [first, ...runs.map((run) => ({ ...first, ...run }))];
  }

  get runs() {
    return this.problems().map((problem) => this.runOf(problem));
  }

  get run() {
    return this.runs[0];
  }

  runOf(problem) {
    return this.memory.of(asRun(problem));
  }

  /** The program that makes a run with lrsim. */
  async program(i = 0) {
    return (await import("./take-along.js")).python(this.problems()[i], written);
  }

  /** [{run, problem, role, ghost}]: what the reader set, what is kept, and the run before the last change. */
  get shown() {
    const best = optimalEta(this.held.curvatures);
    const problems = this.problems();
    const shown = this.runs.map((run, i) => ({ run, problem: problems[i], role: roleOf(run, problems[i], best) }));
    if (!this.ghost) return shown;
    const before = this.problems(this.ghost)[0];
    const run = this.runOf(before);
    return run === shown[0].run ? shown : [...shown, { run, problem: before, role: roleOf(run, before, best), ghost: true }];
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
}

const asRun = (state) => Object.fromEntries(Object.entries(state).filter(([key]) => !TIME.includes(key)));
