// Question 7: what a column of learning rates says: the curvature behind a growth, the step where η passed 2/λ.
import { argmin, diff, fitted, last, max, mean, min, split, std, sums, where } from "./arrays.js";

const TRIALS = 40;

export const constant = (rates) => max(rates) - min(rates) <= 1e-6 * max(rates);

/**
 * λ of ln(L - L*) = c + 2 Σ ln|1 - η_s λ| over the rows from `first`, a row's rate held until the next, as {value,
 * passed: from which row on η was above 2/λ, the last time it was, misfit, error: half of the 95 % interval of λ, as a share}.
 * It grows at the end, so η λ > 2 there.
 */
export function fit(rates, t, v, first) {
  const [eta, steps] = [rates.slice(first, -1), diff(t.slice(first))];
  if (eta.length < 3 || last(rates) <= 0) return null;
  let [low, high] = [2 / max(eta), 200 / max(eta)];
  let [value, off] = [0, 0];
  for (let round = 0; round < 6; round++) {
    const trial = Array.from({ length: TRIALS }, (_, i) => (i === TRIALS - 1 ? high : low * (high / low) ** (i / (TRIALS - 1))));
    const offs = trial.map((own) => misfit(own, eta, steps, v));
    const best = argmin(offs);
    [value, off] = [trial[best], offs[best]];
    [low, high] = [trial[Math.max(best - 1, 0)], trial[Math.min(best + 1, TRIALS - 1)]];
  }
  const passed = rates.findLastIndex((own) => own * value <= 2) + 1;
  const lean = sums(eta.map((own, i) => ((2 * value * own) / (value * own - 1)) * steps[i])); // of ln L on ln λ
  const error = 2 * (off / (std([0, ...lean]) * v.length ** 0.5 + 1e-300));
  return { value, passed: passed < rates.length ? passed : null, misfit: off, error };
}

function misfit(value, eta, steps, v) {
  const model = sums(eta.map((own, i) => 2 * Math.log(Math.abs(1 - value * own) + 1e-300) * steps[i]));
  return std(v.map((own, i) => own - (i ? model[i - 1] : 0)));
}

/** One drop of the rate between two plateaus: floors F ∝ η give L* = (F₂η₁ - F₁η₂)/(η₁ - η₂). */
export function drop(rates, x) {
  const turns = where(diff(rates), Boolean).map((i) => i + 1);
  const [at] = turns;
  if (turns.length !== 1 || rates[0] <= last(rates) || Math.min(at, x.length - at) < 16) return null;
  const [levels, errors] = [[], []];
  let flat = true;
  for (const part of [x.slice(Math.floor(at / 4), at), x.slice(at + Math.floor((x.length - at) / 4))]) {
    const blocks = split(part, 8).map(mean);
    const spread = std(blocks, 1);
    const [slope] = fitted([0, 1, 2, 3, 4, 5, 6, 7], blocks);
    flat &&= Math.abs(slope) < (3 * spread) / 42 ** 0.5 + 1e-12 * Math.abs(levels.length ? levels[0] : 1);
    levels.push(mean(part));
    errors.push(spread / 8 ** 0.5);
  }
  if (!flat || levels[1] >= levels[0]) return null;
  const [high, low] = [rates[0], last(rates)];
  return { row: at, levels, errors, limit: (levels[1] * high - levels[0] * low) / (high - low) };
}
