// Commit first: the reader draws the loss curve they expect, then the computed one is drawn over it. No DOM, no drawing.
import { turnaroundStep } from "./kernel.js";
import { number, percent } from "./numbers.js";

/** Five sketches to choose from, as shares of the starting loss over the share of time s. */
export const SKETCHES = {
  "falls fast, then flat": (s) => Math.exp(-9 * s),
  "sinks in a line": (s) => 1 - 0.75 * s,
  "falls, then shakes": (s) => Math.exp(-9 * s) + 0.16 * Math.abs(Math.sin(26 * s)) * Math.min(1, 4 * s),
  "falls, then climbs": (s) => Math.exp(-16 * s) + 1.25 * Math.max(0, s - 0.22) ** 2 * 6,
  "climbs at once": (s) => 1 + 4 * s ** 1.5,
};

/** Puts a stroke's point into a guess of one entry a step; columns that the stroke skipped are filled in between. */
export function stroke(guess, from, to, steps) {
  const filled = [...guess];
  const clampStep = (t) => Math.max(0, Math.min(steps, t));
  const [a, b] = from && from.t < to.t ? [from, to] : [to, from || to];
  for (let t = Math.ceil(clampStep(a.t) - 0.5); t <= Math.floor(clampStep(b.t) + 0.5); t++) {
    if (t <= 0 || t > steps) continue;
    const share = b.t === a.t ? 1 : Math.max(0, Math.min(1, (t - a.t) / (b.t - a.t)));
    filled[t] = Math.max(0, a.loss + (b.loss - a.loss) * share);
  }
  const first = filled.findIndex((v, t) => t > 0 && v !== undefined);
  if (first > 1 && filled[0] !== undefined) {
    for (let t = 1; t < first; t++) filled[t] ??= filled[0] + ((filled[first] - filled[0]) * t) / first;
  }
  return bridged(filled);
}

function bridged(guess) {
  let before = 0;
  return guess.map((value, t) => {
    if (value !== undefined) return (before = t), value;
    const after = guess.findIndex((v, i) => i > t && v !== undefined);
    return after < 0 ? undefined : guess[before] + ((guess[after] - guess[before]) * (t - before)) / (after - before);
  });
}

export const complete = (guess, steps) => guess.length > steps && guess.slice(0, steps + 1).every((v) => v !== undefined);

/** The one sentence that explains the gap between a guess and the run. */
export function explain(guess, run, { curvatures, eta }) {
  const first = run.losses[0];
  const turns = changes(guess, 0.04 * first);
  const low = lowest(guess);
  const turn = turnaroundStep(curvatures, run.modes[0], eta);
  const rises = guess.at(-1) > guess[low] + 0.08 * first;
  if (turns > 1) return "Your curve wiggles, and this one cannot: each direction shrinks or grows by a fixed factor a step, and a sum of such curves can turn upward at most once.";
  if (run.regime === "diverging" && turn < run.losses.length) {
    if (!rises) return `You let it settle. It falls for ${turn} steps, because the flat direction holds nearly all of the loss; meanwhile the steep one grows by ${percent(Math.abs(1 - eta * Math.max(...curvatures)) - 1)} a step, from almost nothing, and then takes over.`;
    if (low < turn / 2) return turn < 3 ? `You saw it turn; it does so at step ${turn}.` : `You let it turn at step ${low}; it turns at step ${turn}: the start has very little of the steep direction, and that little needs time to grow up.`;
    if (low > turn * 1.6 + 2) return `You let it turn at step ${low}; it turns sooner, at step ${turn}: growth by a factor overtakes any sum of what shrinks.`;
    return `You saw it: falls first, then climbs. It turns at step ${turn}; you drew step ${low}.`;
  }
  if (rises) return "Your curve climbs at the end. Below the threshold no direction grows, so the loss can only fall.";
  const half = run.losses.findIndex((v) => v <= first / 2);
  const drawn = guess.findIndex((v) => v <= first / 2);
  if (half < 0) return `After ${run.losses.length - 1} steps ${percent(run.losses.at(-1) / first, 2)} of the loss is still there: a small rate crawls, and its curve looks like a line only because it is the beginning of an exponential.`;
  if (drawn < 0 || drawn > 2 * half + 2) return `Faster than you drew: half of the loss is gone by step ${half}, for every step takes the same share of what is left.`;
  if (drawn < half / 2 - 1) return `Slower than you drew: half of the loss is gone by step ${half}. The flattest direction sets the pace.`;
  return `You saw it. Every step takes the same share of what is left, so the curve never quite arrives; after ${run.losses.length - 1} steps ${number(run.losses.at(-1))} is left.`;
}

/** How often a curve changes its direction, not counting what is smaller than `slack`. */
function changes(values, slack) {
  let [count, direction, extreme] = [0, 0, values[0]];
  for (const value of values) {
    if (direction >= 0 && value > extreme) extreme = value;
    else if (direction <= 0 && value < extreme) extreme = value;
    if (Math.abs(value - extreme) > slack) {
      const now = Math.sign(value - extreme);
      if (direction && now !== direction) count++;
      [direction, extreme] = [now, value];
    } else if (!direction && Math.abs(values[0] - value) > slack) direction = Math.sign(value - values[0]);
  }
  return count;
}

const lowest = (values) => values.reduce((best, v, i) => (v < values[best] ? i : best), 0);
