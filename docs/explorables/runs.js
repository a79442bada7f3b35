// Runs of problems; the last few are remembered, so that a drag computes no more than it changes. No DOM.
import { draws } from "./draws.js";
import { descend } from "./kernel.js";

const REMEMBERED = 8;

export class Runs {
  known = new Map();

  /** `wait` gets a promise of the draws of a noisy run; until they have come that run is given without its noise. */
  constructor(wait) {
    this.wait = wait;
  }

  of(problem) {
    const key = JSON.stringify(problem);
    const run = this.known.get(key) ?? this.computed(problem);
    this.known.delete(key); // to the end: the first is the one that goes
    this.known.set(key, run);
    if (this.known.size > REMEMBERED) this.known.delete(this.known.keys().next().value);
    return run;
  }

  computed(problem) {
    if (!problem.noise) return descend(problem);
    const drawn = draws(problem.seed);
    if (Array.isArray(drawn)) return descend({ ...problem, draws: drawn });
    this.wait(drawn.then(() => this.known.clear(), console.error));
    return descend({ ...problem, noise: 0 });
  }
}
