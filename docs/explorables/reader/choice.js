// Which columns of a table are the losses, the steps and the rates, and which rows count.
import * as names from "./names.js";
import { Refused, count, cut, g, repr } from "./text.js";

const FEW = 4; // rows, which may be numbers of any kind
const STAMP = 1e9; // a time in seconds, and no count

/** The log in a table: rows without a loss are left out, of rows logged twice the later counts. */
export function chosen(given, { column = null, step = null, rate = null } = {}) {
  const own = counted(given);
  const at = which(own, "column", column) ?? lossAt(own);
  const losses = sound(own, at);
  const table = alike(own, losses.values.length);
  const foreign = elsewhere(table, at);
  const missing = losses.missing.map((gone, i) => gone || foreign[i]);
  let kept = rowsWhere(missing, (gone) => !gone);
  const name = table.names[at] || `column ${at + 1}`;
  if (!kept.length) throw new Refused(`${name} holds no numbers`);
  const said = [...table.leftOut];
  if (kept.length < missing.length) said.push(`${count(missing.length - kept.length, "row")} without ${name}`);
  const loop = rowsWhere(ownLoop(table, kept), Boolean);
  if (loop.length < kept.length) {
    said.push(`${count(kept.length - loop.length, "row")} of another loop`);
    kept = loop.map((i) => kept[i]);
  }
  const once = rowsWhere(onceEach(table, kept), Boolean);
  if (once.length < kept.length) {
    said.push(`${count(kept.length - once.length, "row")} before the last of their epoch`);
    kept = once.map((i) => kept[i]);
  }
  let [steps, row] = stepsOf(table, at, step, kept);
  const rates = ratesOf(table, at, rate);
  if (steps) {
    const lines = linesOf(table, at, steps, row, kept);
    if (lines.length < steps.length) {
      const again = steps.length - lines.length;
      said.push(`${count(again, "row")} that say${again === 1 ? "s" : ""} a step again`);
      [steps, kept] = [lines.map((i) => steps[i]), lines.map((i) => kept[i])];
    }
    const alive = rowsWhere(lastTime(steps), Boolean);
    if (alive.length < steps.length) {
      said.push(`${count(steps.length - alive.length, "row")} logged again later`);
      [steps, kept] = [alive.map((i) => steps[i]), alive.map((i) => kept[i])];
    }
  }
  const others = table.names.filter((own, i) => i !== at && names.isLoss(own));
  if (column === null && others.length) said.push(others.slice(0, 4).join(", ") + (others.length > 4 ? ", …" : ""));
  const of = (values) => kept.map((i) => values[i]);
  return { losses: of(losses.values), steps, rates: rates && of(rates), column: name, row, leftOut: said };
}

/** Of two columns without headings the first counts and the second has the values, if both look so. */
function counted(table) {
  if (table.names.some(Boolean) || table.names.length !== 2) return table;
  const [first, values] = table.columns.map((own) => own.values);
  const counts = first.length >= FEW && first.every((v, i) => v < STAMP && v % 1 === 0 && (!i || v > first[i - 1]));
  return counts && values.some((v) => v % 1 !== 0 && Number.isFinite(v)) ? { ...table, names: ["step", "value"] } : table;
}

/** Columns of another length than the losses, such as one value an epoch, say nothing of their rows. */
function alike(table, rows) {
  const none = { values: new Float64Array(rows).fill(NaN), missing: new Uint8Array(rows).fill(1), bad: null };
  return { ...table, columns: table.columns.map((own) => (own.values.length === rows ? own : none)) };
}

function rowsWhere(values, holds) {
  const found = [];
  for (let i = 0; i < values.length; i++) if (holds(values[i])) found.push(i);
  return found;
}

/** The place of the column that was asked for, by its heading or its number from 1. */
function which(table, argument, wanted) {
  if (wanted === null) return null;
  const text = String(wanted);
  for (const of of [(name) => name, (name) => name.toLowerCase()]) {
    const found = rowsWhere(table.names, (name) => of(name) === of(text));
    if (text && found.length > 1) throw new Refused(`${argument} ${cut(text, 40)} is there ${found.length} times: give its number, from 1`);
    if (text && found.length) return found[0];
  }
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= table.names.length) return Number(text) - 1;
  throw new Refused(`${argument} ${cut(text, 40)} is not there; the input has ${listed(table)}`);
}

const listed = ({ names: all }) => (all.some(Boolean) ? `columns ${cut(all.join(", "), 300)}` : `${all.length} columns without headings`);

function firstValues(table) {
  const first = ({ values, missing }) => values[missing.indexOf(0)];
  return ` (first values ${table.columns.slice(0, 12).map((own) => (first(own) === undefined ? "none" : g(first(own)))).join(", ")})`;
}

function lossAt(table) {
  let able = rowsWhere(table.columns, (own) => own.bad || !own.missing.every(Boolean));
  const text = (i) => Number(table.columns[i].missing.every(Boolean)); // is last
  const ranked = able.filter((i) => names.isLoss(table.names[i])).sort((a, b) => names.before(names.loss(table.names[a]), names.loss(table.names[b])) || text(a) - text(b) || a - b);
  if (ranked.length) {
    const twice = ranked.filter((i) => table.names[i] === table.names[ranked[0]]);
    if (twice.length > 1) throw new Refused(`two columns are called ${table.names[twice[0]]}: give the number of one as column=`);
    const [first] = ranked;
    if (names.loss(table.names[first])[1] === 2 && risesToOne(table.columns[first])) {
      throw new Refused(`${table.names[first]} may be an accuracy, since it rises and stays below 1: say which is the loss with column=`);
    }
    return first;
  }
  if (table.names.some(Boolean)) able = able.filter((i) => table.names[i] && !names.counts(table.names[i]));
  if (able.length === 1 && table.names.length === 1 && !names.isGain(table.names[0])) return able[0];
  if (!able.length) throw new Refused("the input holds no numbers");
  if (table.columns.every((own) => own.missing.every(Boolean))) throw new Refused("the input holds no loss: neither a column of numbers nor words such as loss: 2.3");
  throw new Refused(`the input has ${listed(table)}: say which with column=${firstValues(table)}`);
}

function risesToOne({ values, missing }) {
  const own = values.filter((_, i) => !missing[i]);
  return own.length > 1 && own.at(-1) > own[0] && own.every((v) => v >= 0 && v <= 1);
}

function sound(table, at) {
  const { bad } = table.columns[at];
  if (!bad) return table.columns[at];
  const hint = bad[1].includes(",") ? "; it may have a decimal comma or a thousands separator: write decimal points" : "";
  throw new Refused(`line ${bad[0]} has ${cut(repr(bad[1]), 40)} where a number was needed${hint}`);
}

/** Rows that are another metric's: nan here, a number there, and that one has none where this one has. */
function elsewhere(table, at) {
  const own = table.columns[at].values;
  const found = new Uint8Array(own.length);
  if (own.every(Number.isFinite) || !own.some(Number.isFinite)) return found;
  table.columns.forEach(({ values }, i) => {
    if (i === at || names.counts(table.names[i]) || values.some((v, k) => Number.isFinite(v) && Number.isFinite(own[k]))) return;
    values.forEach((v, k) => Number.isFinite(v) && Number.isNaN(own[k]) && (found[k] = 1));
  });
  return found;
}

/** Rows, but those that count to another number than most in an epoch that has some of these: an evaluation's. */
function ownLoop(table, kept) {
  const counted = table.names.findIndex((name) => name.endsWith("/of") && names.step(name.slice(0, -3)) !== null);
  const epochs = table.names.findIndex((name) => names.epoch(name));
  if (counted < 0 || epochs < 0) return kept.map(() => true);
  const [of, epoch] = [counted, epochs].map((i) => kept.map((k) => table.columns[i].values[k]));
  const often = new Map();
  for (const end of of) often.set(end, (often.get(end) ?? 0) + 1);
  const [usual, rows] = [...often].reduce((best, one) => (one[1] > best[1] ? one : best));
  if (2 * rows < of.length) return kept.map(() => true);
  const theirs = new Set(epoch.filter((_, i) => of[i] === usual && !Number.isNaN(epoch[i])));
  return of.map((end, i) => end === usual || Number.isNaN(end) || !theirs.has(epoch[i]));
}

/** Rows, but those before the last of their epoch that are its bar: at its end too, or of another make, one each. */
function onceEach(table, kept) {
  const keep = kept.map(() => true);
  const epochs = table.names.findIndex((name) => names.epoch(name));
  if (epochs < 0 || kept.length < 2) return keep;
  const of = (i) => kept.map((k) => table.columns[i].values[k]);
  const epoch = of(epochs);
  table.names.forEach((name, i) => {
    const own = table.names.indexOf(`${name}/of`);
    if (names.step(name) === null || own < 0) return;
    const [values, ends] = [of(i), of(own)];
    const said = (k) => table.namesOf?.[table.makes?.[kept[k]] ?? 0].includes(name) ?? true;
    const same = (k) => said(k) && said(k + 1) && values[k] === ends[k] && values[k + 1] === ends[k] && ends[k] === ends[k + 1] && epoch[k] === epoch[k + 1];
    for (let k = 0; k < keep.length - 1; k++) keep[k] &&= !same(k);
  });
  if (table.makes) {
    const last = kept.map((k) => table.makes[k] === table.makes[kept.at(-1)]);
    const theirs = epoch.filter((_, i) => last[i]);
    const set = new Set(theirs);
    if (set.size === theirs.length && 2 * theirs.length >= kept.length && epoch.every((e) => !Number.isNaN(e) && set.has(e))) return keep.map((own, i) => own && last[i]);
  }
  return keep;
}

/** The steps of the rows that are kept, and what a row is. */
function stepsOf(table, at, wanted, kept) {
  const of = (i) => kept.map((k) => table.columns[i].values[k]);
  const asked = which(table, "step", wanted);
  if (asked !== null) {
    sound(table, asked);
    if (!of(asked).every(Number.isFinite)) throw new Refused(`step ${wanted} must have a number in every row with a loss`);
    return [of(asked), names.epoch(table.names[asked]) ? "epoch" : "step"];
  }
  const epochs = counting(table, at, kept, rowsWhere(table.names, names.epoch));
  const ranked = rowsWhere(table.names, (name) => names.step(name) !== null).sort((a, b) => names.step(table.names[a]) - names.step(table.names[b]) || a - b);
  const steps = counting(table, at, kept, ranked);
  if (steps === null) {
    if (epochs === null) return [null, "row"];
    const values = of(epochs);
    return values.every((v, i) => !i || v !== values[i - 1]) ? [values, "epoch"] : [null, "row"];
  }
  const values = of(steps);
  const back = rowsWhere(values.slice(1).map((v, i) => v - values[i]), (change) => change < 0);
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
  const own = table.names.indexOf(`${table.names[at]}/of`);
  const of = own < 0 ? Infinity : most(Array.from(table.columns[own].values).filter((v) => !Number.isNaN(v)));
  const near = (i) => Math.abs(losses[i + 1] - losses[i]) < Math.abs(losses[i + 1] - losses[0]);
  return back.length > 2 || back.every((i) => values[i] + gap >= of && near(i));
}

function perEpoch(table, at, values, kept) {
  const own = table.names.indexOf(`${table.names[at]}/of`);
  const said = own < 0 ? 0 : most(kept.map((k) => table.columns[own].values[k]));
  return said >= most(values) ? said : most(values) + Number(least(values) === 0);
}

/** A count that starts again in every epoch, counted on. */
function unrolled(values, back, size) {
  const starts = new Set(back);
  let rounds = 0;
  return values.map((v, i) => (starts.has(i - 1) && rounds++, rounds * size + v));
}

/** Rows, but those of another make than most at a step that one of these has, and a last one said before. */
function linesOf(table, at, steps, row, kept) {
  let own = steps.map(() => true);
  if (table.makes && row === "step") {
    const often = new Map();
    for (const k of kept) often.set(table.makes[k], (often.get(table.makes[k]) ?? 0) + 1);
    const usual = [...often].sort(([a, m], [b, n]) => n - m || a - b)[0][0];
    let place = 0;
    const places = steps.map((s, i) => (i && s !== steps[i - 1] ? ++place : place));
    const taken = new Set(places.filter((_, i) => table.makes[kept[i]] === usual));
    own = places.map((p, i) => table.makes[kept[i]] === usual || !taken.has(p));
  }
  const [last, { values }] = [steps.length - 1, table.columns[at]];
  if (last > 0 && steps[last] < steps[last - 1]) {
    const said = (s, i) => i < last && s === steps[last] && values[kept[i]] === values[kept[last]];
    own[last] &&= !steps.some(said);
  }
  return rowsWhere(own, Boolean);
}

/** Rows whose step no later row reaches or goes back behind: what a resumed run overwrote does not count. */
function lastTime(steps) {
  const alive = new Array(steps.length);
  let later = Infinity;
  for (let i = steps.length - 1; i >= 0; i--) {
    alive[i] = steps[i] < later;
    later = Math.min(later, steps[i]);
  }
  return alive;
}

/** The rate of each row, held on where it is not said again. */
function ratesOf(table, at, wanted) {
  let asked = which(table, "rate", wanted);
  if (asked === null) {
    const able = rowsWhere(table.names, (name) => names.rate(name) !== null).filter((i) => i !== at && isRated(table.columns[i]) && table.columns[i].values.some((v) => v > 0));
    if (!able.length) return null;
    asked = able.reduce((best, i) => (names.rate(table.names[i]) < names.rate(table.names[best]) ? i : best));
  } else if (!isRated(sound(table, asked))) throw new Refused(`rate ${wanted} must hold finite rates >= 0`);
  const { values, missing } = table.columns[asked];
  let held = values[missing.indexOf(0)];
  return values.map((value, i) => (missing[i] ? held : (held = value)));
}

function isRated({ values, missing }) {
  const said = values.filter((_, i) => !missing[i]);
  return said.length > 0 && said.every((v) => Number.isFinite(v) && v >= 0);
}
