// Cells become numbers: words for not finite are not finite, words for missing are missing, the rest is refused.
import { apart } from "./names.js";
import { str } from "./text.js";

export const MISSING = new Set(["", "na", "n/a", "null", "none", "-", "--", "missing", "no log"]);
export const DECIMAL = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
export const LOST = String.raw`[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|1\.#\w+)`; // as Python, C, Windows and JavaScript write it
const whole = (pattern) => new RegExp(`^(?:${pattern})$`, "i");
export const NUMBER = whole(`${DECIMAL}|${LOST}`);
const PLAIN = whole(DECIMAL);

/** A cell as a number, null if it says that there is none, undefined if it is neither. */
export function number(cell) {
  if (typeof cell === "number") return cell;
  const text = cell === null || cell === undefined ? "" : typeof cell === "string" ? cell.trim() : "?";
  if (PLAIN.test(text)) return Number(text);
  if (MISSING.has(text.toLowerCase())) return null;
  if (!NUMBER.test(text)) return undefined;
  return !/inf/i.test(text) ? NaN : text[0] === "-" ? -Infinity : Infinity;
}

/** {values, missing, bad}: missing is where the log says nothing; bad the first cell that is no number, and its row. */
export function column(cells) {
  const [values, missing] = [new Float64Array(cells.length), new Uint8Array(cells.length)];
  let bad = null;
  for (let i = 0; i < cells.length; i++) {
    const value = number(cells[i]);
    if (value === undefined) bad ??= [i, str(cells[i])];
    missing[i] = value === null || value === undefined ? 1 : 0;
    values[i] = missing[i] ? NaN : value;
  }
  return { values, missing, bad };
}

export function joined(parts) {
  const size = parts.reduce((sum, part) => sum + part.values.length, 0);
  const whole = { values: new Float64Array(size), missing: new Uint8Array(size), bad: null };
  let at = 0;
  for (const { values, missing, bad } of parts) {
    whole.values.set(values, at);
    whole.missing.set(missing, at);
    whole.bad ??= bad && [bad[0] + at, bad[1]];
    at += values.length;
  }
  return whole;
}

/** Nested dictionaries as one, the keys joined by /. */
function flat(row, before = "") {
  if (!before) row = apart(row);
  if (!before && ![...row.values()].some((value) => value instanceof Map)) return row;
  const found = new Map();
  for (const [key, value] of row) {
    if (value instanceof Map) for (const [inner, own] of flat(value, `${before}${key}/`)) found.set(inner, own);
    else found.set(`${before}${key}`, value);
  }
  return found;
}

/** {names, columns, leftOut} of rows that name their cells, in chunks; what a row does not name is missing there. */
export function fromRows(chunks) {
  const parts = new Map();
  let done = 0;
  for (const chunk of chunks) {
    const rows = chunk.map((row) => flat(row));
    for (const row of rows) {
      for (const key of row.keys()) {
        const name = str(key);
        if (!parts.has(name)) parts.set(name, done ? [{ values: new Float64Array(done).fill(NaN), missing: new Uint8Array(done).fill(1), bad: null }] : []);
      }
    }
    done += rows.length;
    for (const [name, own] of parts) own.push(column(rows.map((row) => row.get(name))));
  }
  return { names: [...parts.keys()], columns: [...parts.values()].map(joined), leftOut: [] };
}

/** What a count of a table is out of, as in 3/10; NaN where nothing says it. */
export function endsOf({ names, columns }, at) {
  const own = names.indexOf(`${names[at]}/of`);
  return own < 0 ? columns[at].values.map(() => NaN) : columns[own].values;
}
