// Values outside a control's range are held at its end, and it is said. No DOM.
import { number } from "./numbers.js";

const NAMES = { eta: "η", eta0: "η₀", noise: "σ", curvatures: "a curvature", start: "a coordinate of the start", angle: "the angle", beta: "β" };
const WHOLE = ["steps", "t", "seed", "turn"];

/** What keeps a schedule's and a method's own parameters in range. */
export const PART_LIMITS = { k: [0, 10], factor: [0.01, 1], every: [1, 1000], beta: [0, 0.999], optimizer: [0, 1] };

/** The state with every value inside `limits` ([low, high] by name, words as a list); [state, what was held]. */
export function fit(state, limits, defaults) {
  const notes = [];
  const held = (value, [low, high], name) => {
    const kept = Math.min(high, Math.max(low, Number(value)));
    if (kept !== Number(value)) notes.push(`${NAMES[name] || name} is held at ${number(kept, 4)}, the end of its range`);
    return Number.isFinite(kept) ? kept : low;
  };
  const parts = (value, range) => {
    const fitted = { ...value };
    for (const [key, part] of Object.entries(value)) {
      if (key === "eta" || key === "eta0") fitted[key] = held(part, range, key);
      else if (key === "then") fitted[key] = parts(part, range);
      else if (limits[key] && typeof part === "number") fitted[key] = held(part, limits[key], key);
    }
    return fitted;
  };
  const one = (name, range, value) => {
    if (typeof range[0] === "string") return range.includes(value) ? value : defaults[name];
    if (Array.isArray(range[0])) return range.map((own, i) => held(value?.[i] ?? value?.[0] ?? defaults[name][i], own, name));
    if (typeof value === "object" && value) return parts(value, range);
    return typeof value === "number" ? held(value, range, name) : defaults[name];
  };
  for (const [name, range] of Object.entries(limits)) if (name in state) state[name] = one(name, range, state[name]);
  if (defaults.runs) state.runs = (state.runs || []).slice(0, 2).map((run) => ("eta" in run ? { ...run, eta: one("eta", [0, Infinity], run.eta) } : run));
  for (const name of WHOLE) if (name in state) state[name] = Math.round(state[name]);
  return [state, notes];
}
