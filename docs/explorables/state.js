// How a state is written in an address, a program and a sentence; lrsim's own spelling everywhere. No DOM.
import { SCHEDULES, threshold } from "./kernel.js";
import { number } from "./numbers.js";

export const OPTIMIZERS = ["heavy_ball", "nesterov"];

/** inverse_time(0.2, k=0.1), heavy_ball(0.9), 0.105: as lrsim takes it. */
export function written(value) {
  if (Array.isArray(value)) return value.map(written).join(",");
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  const { schedule, name, ...rest } = value;
  const order = schedule ? SCHEDULES[schedule].parameters : ["beta"];
  const keys = [...order, ...Object.keys(rest).filter((key) => !order.includes(key))].filter((key) => key in rest);
  const parts = keys.map((key, i) => (i ? `${key}=` : "") + written(rest[key]));
  return `${schedule || name}(${parts.join(", ")})`;
}

/** What `written` wrote; undefined for anything else. */
export function parsed(text) {
  if (text === "none") return null;
  const called = /^\s*(\w+)\((.*)\)\s*$/s.exec(text);
  if (called) return parsedCall(called[1], split(called[2]));
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.map((part) => (part !== "" && Number.isFinite(Number(part)) ? Number(part) : undefined));
  if (values.every((value) => value !== undefined)) return values.length > 1 ? values : values[0];
  return /^\w+$/.test(text) ? text : undefined;
}

function parsedCall(name, parts) {
  const known = SCHEDULES[name]?.parameters || (OPTIMIZERS.includes(name) ? ["beta"] : undefined);
  if (!known) return undefined;
  const kind = SCHEDULES[name] ? "schedule" : "name";
  const found = { [kind]: name };
  parts.forEach((part, i) => {
    const [, key = known[i], value] = /^\s*(?:(\w+)\s*=)?(.*)$/s.exec(part);
    if (key && key !== kind) found[key] = parsed(value.trim());
  });
  return known.every((key) => found[key] !== undefined) ? found : undefined;
}

function split(text) {
  const parts = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")") depth--;
    else if (i === text.length || (text[i] === "," && !depth)) {
      if (text.slice(from, i).trim()) parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return parts;
}

/** The first rate of a schedule before any warmup: what the η slider holds. */
export const peakOf = (eta) => (typeof eta === "number" ? eta : eta.schedule === "warmup" ? peakOf(eta.then) : (eta.eta0 ?? eta.eta));

/** The same schedule from another first rate. */
export function withPeak(eta, value) {
  if (typeof eta === "number") return value;
  if (eta.schedule === "warmup") return { ...eta, then: withPeak(eta.then, value) };
  return "eta0" in eta ? { ...eta, eta0: value } : { ...eta, eta: value };
}

export const isSchedule = (eta) => typeof eta === "object";

/** The role in which a run is drawn; where two apply: decay, diverge, edge, fast, bounce, crawl, in that order. */
export function roleOf(run, { eta, curvatures, optimizer }, best) {
  if (isSchedule(eta)) return "decay";
  if (optimizer) return eta > threshold(curvatures, optimizer) ? "diverge" : "bounce";
  if (run.regime === "diverging") return "diverge";
  if (run.regime === "marginal") return "edge";
  if (Math.abs(eta - best) < 1e-3 * best) return "fast";
  return run.regime === "oscillating" ? "bounce" : "crawl";
}

/** A run's rate for a label: η = 0.105, or η₀ = 0.24, k = 0.1. */
export function etaText(eta, digits = 3) {
  if (typeof eta === "number") return `η = ${number(eta, digits)}`;
  const { schedule, ...p } = eta;
  if (schedule === "inverse_time") return `η₀ = ${number(p.eta0, digits)}, k = ${number(p.k, digits)}`;
  return `${schedule.replace("_", " ")} from ${number(peakOf(eta), digits)}`;
}
