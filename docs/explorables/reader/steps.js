// What a row of a log is, and its step: counts that go on, that start again in every epoch, epochs.
import { where } from "./arrays.js";
import { endsOf } from "./cells.js";
import * as names from "./names.js";

/** The steps of the rows that are kept, in the column asked for or the surest, and what a row is. */
export function stepsOf(table, at, asked, kept) {
  const of = (i) => kept.map((k) => table.columns[i].values[k]);
  if (asked !== null) return [of(asked), names.epoch(table.names[asked]) ? "epoch" : "step"];
  const epochs = counting(table, at, kept, where(table.names, names.epoch));
  const ranked = where(table.names, (name) => names.step(name) !== null).sort((a, b) => names.step(table.names[a]) - names.step(table.names[b]) || a - b);
  const steps = counting(table, at, kept, ranked);
  if (steps === null) {
    if (epochs === null) return [null, "row"];
    const values = of(epochs);
    return values.every((v, i) => !i || v !== values[i - 1]) ? [values, "epoch"] : [null, "row"];
  }
  const values = of(steps);
  const back = where(values.slice(1).map((v, i) => v - values[i]), (change) => change < 0);
  if (epochs === null) {
    const again = goesOn(table, steps, values, back, of(at));
    return [again ? unrolled(values, back, perEpoch(table, steps, values, kept)) : values, "step"];
  }
  const epoch = of(epochs);
  if (!back.some((i) => epoch[i + 1] > epoch[i])) return [values, "step"];
  const [first, size] = [least(epoch), perEpoch(table, steps, values, kept)];
  return [epoch.map((e, i) => (e - first) * size + values[i]), "step"];
}

const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** The candidate that counts furthest over the rows that are kept; the surest of equals. */
function counting(table, at, kept, candidates) {
  let [best, furthest] = [null, 1];
  for (const i of candidates) {
    const values = kept.map((k) => table.columns[i].values[k]);
    if (i === at || !values.every((v) => Number.isFinite(v) && v >= 0)) continue;
    const different = new Set(values).size;
    if (different > furthest) [best, furthest] = [i, different];
  }
  return best;
}

/** Whether a count that starts again is one in an epoch: often, or at its end while the loss goes on. */
function goesOn(table, at, values, back, losses) {
  const ahead = values.slice(1).map((v, i) => v - values[i]).filter((change) => change > 0).sort((a, b) => a - b);
  const gap = ahead.length ? (ahead[(ahead.length - 1) >> 1] + ahead[ahead.length >> 1]) / 2 : 0;
  const start = least(values) + gap;
  if (!back.length || back.some((i) => values[i + 1] > start)) return false;
  const said = Array.from(endsOf(table, at)).filter((v) => !Number.isNaN(v));
  const of = said.length ? most(said) : Infinity;
  const near = (i) => Math.abs(losses[i + 1] - losses[i]) < Math.abs(losses[i + 1] - losses[0]);
  return back.length > 2 || back.every((i) => values[i] + gap >= of && near(i));
}

function perEpoch(table, at, values, kept) {
  const ends = endsOf(table, at);
  const said = most(kept.map((k) => ends[k]));
  return said >= most(values) ? said : most(values) + Number(least(values) === 0);
}

/** A count that starts again in every epoch, counted on. */
function unrolled(values, back, size) {
  const starts = new Set(back);
  let rounds = 0;
  return values.map((v, i) => (starts.has(i - 1) && rounds++, rounds * size + v));
}
