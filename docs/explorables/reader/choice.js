// The log in a table: which columns are the losses and the rates, and what a user asks for.
import { where } from "./arrays.js";
import { last, own } from "./kept.js";
import * as names from "./names.js";
import { stepsOf } from "./steps.js";
import { Refused, count, cut, g, repr } from "./text.js";

const FEW = 4; // rows, which may be numbers of any kind
const STAMP = 1e9; // a time in seconds, and no count

/** The log in a table: rows without a loss are left out, of rows logged twice the later counts. */
export function chosen(given, { column = null, step = null, rate = null } = {}) {
  const all = counted(given);
  const at = which(all, "column", column) ?? lossAt(all);
  const losses = sound(all, at);
  const table = alike(all, losses.values.length);
  const foreign = elsewhere(table, at);
  const missing = losses.missing.map((gone, i) => gone || foreign[i]);
  let kept = where(missing, (gone) => !gone);
  const name = table.names[at] || `column ${at + 1}`;
  if (!kept.length) throw new Refused(`${name} holds no numbers`);
  const said = [...table.leftOut];
  if (kept.length < missing.length) said.push(`${count(missing.length - kept.length, "row")} without ${name}`);
  kept = own(table, kept, said);
  const asked = which(table, "step", step);
  if (asked !== null) sound(table, asked);
  let [steps, row] = stepsOf(table, at, asked, kept);
  if (asked !== null && !steps.every(Number.isFinite)) throw new Refused(`step ${step} must have a number in every row with a loss`);
  const rates = ratesOf(table, at, rate);
  if (steps) [kept, steps] = last(table, losses.values, steps, row, kept, said);
  const others = table.names.filter((called, i) => i !== at && names.isLoss(called));
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

/** The place of the column that was asked for, by its heading or its number from 1. */
function which(table, argument, wanted) {
  if (wanted === null) return null;
  const text = String(wanted);
  for (const of of [(name) => name, (name) => name.toLowerCase()]) {
    const found = where(table.names, (name) => of(name) === of(text));
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
  let able = where(table.columns, (own) => own.bad || !own.missing.every(Boolean));
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

/** The rate of each row, held on where it is not said again. */
function ratesOf(table, at, wanted) {
  let asked = which(table, "rate", wanted);
  if (asked === null) {
    const able = where(table.names, (name) => names.rate(name) !== null).filter((i) => i !== at && isRated(table.columns[i]) && table.columns[i].values.some((v) => v > 0));
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
