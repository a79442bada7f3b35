// The bowl that fits a run which grows: L* + one mode that falls and one that grows, under plain gradient descent.
import { last, max, mean, min } from "./arrays.js";
import { shown } from "./picture.js";

const SLOWEST = 1e-5; // ηλ of the mode that falls
const FALLS = 80; // trials of it
const GROWTHS = 5; // trials of the growth, over its interval
const WORST = 0.1; // misfit of ln L, as a share of how far ln L went, of what is no bowl
const PARTS = [["grows"], ["grows", "falls"], ["grows", "level"], ["grows", "falls", "level"]];

/**
 * {products: ηλ of each mode, heights: its share of the first loss, lowest: L*, steps, from: the first t, rate: η at the end or null,
 * fits}, null
 * where the log shows no growth that says ηλ. Where it `fits` it is least squares of the relative error, every part of
 * the loss at least 0; where the rate changed, it is the steep mode alone.
 */
export function bowlOf({ cause, etaLambda, factor, factorInterval, per }, { named, x, curve: { t, rates } }) {
  if (!cause.startsWith("diverg") || !(etaLambda > 2) || per !== "update" || named) return null;
  const rows = shown(x);
  const loss = rows.map((row) => Math.abs(x[row]) || 1);
  const times = rows.map((row) => t[row] - t[0]);
  const steps = Math.round(last(times));
  if (!(steps > 0)) return null;
  const alone = { products: [etaLambda], heights: [loss[0]], lowest: 0, steps, from: t[0], rate: rates ? last(rates) : null, fits: false };
  if (rates && max(rates) > min(rates) * (1 + 1e-6)) return alone;
  const logs = loss.map(Math.log);
  const best = fitted(times, loss, logs, steps, growths(factor, factorInterval));
  if (!(best.misfit < WORST * (max(logs) - min(logs)) + 0.05)) return alone;
  const { r, slow, heights } = best;
  const fast = [1 + r ** 0.5, heights.grows * r ** -steps];
  const modes = heights.falls ? [[slow, heights.falls], fast] : [fast];
  return { ...alone, products: modes.map(([product]) => product), heights: modes.map(([, height]) => height), lowest: heights.level ?? 0, fits: true };
}

const growths = (factor, [low, high]) => (low > 1 ? Array.from({ length: GROWTHS }, (_, i) => low * (high / low) ** (i / (GROWTHS - 1))) : [factor]);

function fitted(times, loss, logs, steps, factors) {
  let best = { misfit: Infinity };
  const share = (values) => values.map((value, i) => value / loss[i]);
  const level = share(times.map(() => 1));
  for (const r of factors) {
    const grows = share(times.map((time) => r ** (time - steps)));
    for (let k = 0; k < FALLS; k++) {
      const slow = SLOWEST ** (1 - (k + 0.5) / FALLS);
      const known = { grows, level, falls: share(times.map((time) => (1 - slow) ** (2 * time))) };
      for (const names of PARTS) {
        const found = solved(names.map((name) => known[name]));
        if (!found || found.some((height) => !(height >= 0))) continue;
        const misfit = mean(logs.map((_, i) => Math.log(found.reduce((sum, height, n) => sum + height * known[names[n]][i], 1e-300)) ** 2)) ** 0.5;
        if (misfit < best.misfit) best = { misfit, r, slow, heights: Object.fromEntries(names.map((name, n) => [name, found[n]])) };
      }
    }
  }
  return best;
}

/** The least squares of `parts` against 1, null where they are not independent. */
function solved(parts) {
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const rows = parts.map((part) => [...parts.map((other) => dot(part, other)), part.reduce((sum, value) => sum + value, 0)]);
  for (let i = 0; i < rows.length; i++) {
    if (!(rows[i][i] > 1e-12 * dot(parts[i], parts[i]))) return null;
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const times = rows[j][i] / rows[i][i];
      rows[j] = rows[j].map((value, k) => value - times * rows[i][k]);
    }
  }
  return rows.map((row, i) => row.at(-1) / row[i]);
}
