// Values outside a control's range are held at its end, and it is said. No DOM.
import { SCHEDULES } from "./kernel.js";
import { number } from "./numbers.js";
import { OPTIMIZERS } from "./state.js";

const NAMES = { eta: "η", eta0: "η₀", noise: "σ", curvatures: "a curvature", start: "a coordinate of the start", angle: "the angle", beta: "β" };
const WHOLE = ["steps", "t", "seed", "turn"];
const LAID = ["eta", "optimizer", "curvatures", "angle", "start", "noise", "seed"]; // what a run may have of its own

/** What keeps a schedule's and a method's own parameters in range. */
const PART_LIMITS = { k: [0, 10], factor: [0.01, 1], every: [1, 1000], floor: [0, 10], power: [0, 10], beta: [0, 0.999], optimizer: [0, 1] };

/** The state with every value inside `limits` ([low, high] by name, words as a list); [state, what was held]. */
export function fit(state, own, defaults) {
  const limits = { ...PART_LIMITS, ...own };
  const notes = [];
  const held = (value, [low, high], name) => {
    const kept = Math.min(high, Math.max(low, Number(value) || 0));
    if (kept !== Number(value)) notes.push(`${NAMES[name] || name} is held at ${number(kept, 4)}, the end of its range`);
    return Number.isFinite(kept) ? kept : low;
  };
  const parts = (value, range) => {
    const fitted = { ...value };
    for (const [key, part] of Object.entries(value)) {
      if (key === "eta" || key === "eta0") fitted[key] = held(part, range, key);
      else if (key === "then") fitted[key] = one("eta", range, part);
      else if (limits[key]) fitted[key] = held(part, limits[key], key);
    }
    return fitted;
  };
  const one = (name, range, value) => {
    if (typeof range[0] === "string") return range.includes(value) ? value : defaults[name];
    if (Array.isArray(range[0])) return range.map((own, i) => held(value?.[i] ?? value?.[0] ?? defaults[name][i], own, name));
    const called = { eta: value?.schedule in SCHEDULES && value.schedule !== "table", optimizer: OPTIMIZERS.includes(value?.name) };
    if (called[name]) return parts(value, range);
    const kept = typeof value === "number" ? held(value, range, name) : defaults[name];
    return WHOLE.includes(name) ? Math.round(kept) : kept;
  };
  for (const [name, range] of Object.entries(limits)) if (name in state) state[name] = one(name, range, state[name]);
  const laid = (run) => Object.entries(run).filter(([name]) => LAID.includes(name) && name in defaults);
  if (defaults.runs) state.runs = (state.runs || []).slice(0, 2).map((run) => Object.fromEntries(laid(run).map(([name, value]) => [name, one(name, name === "eta" ? [0, Infinity] : limits[name], value)])));
  return [state, notes];
}
