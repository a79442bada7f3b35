// A JSON document: rows, columns, a trainer's log_history, TensorBoard's triples.
import { column, fromRows } from "./cells.js";
import { isLoss } from "./names.js";
import { Refused, str } from "./text.js";
import { parsed } from "./values.js";
import { likely } from "./words.js";

const HISTORIES = ["log_history", "history", "data", "logs", "log", "rows", "results", "metrics", "scalars"];

const NAMED = /^[ \t]*([A-Za-z_][\w./-]*)[ \t]*[:=][ \t]*(\[[^[\]{}\n]*,[^[\]{}\n]*\])[ \t]*$/gm;
const PRINTED = ["text", "text/html", "data", "log", "message"];
const BLOCK = 250_000; // characters
const CALLED = /\b[\w.]+\(\s*([+-]?[\w.+-]+)[^()]*\)/g; // tensor(2.3), np.float64(2.3)
const BARE = /(?<![\p{L}\p{N}_'".])([+-]?(?:nan|inf|NaN|Infinity))(?![\p{L}\p{N}_'"])/gu;

const isMap = (value) => value instanceof Map;
const single = (value) => !Array.isArray(value) && !isMap(value);

/** The table in a JSON document, null if this is no JSON document. */
export function table(text) {
  if (!/^\s*[{[]/.test(text)) return text.length < BLOCK ? lists(text) : null;
  let document = parsed(text);
  if (document === undefined && text.length < BLOCK && /[}\]]$/.test(text.trimEnd())) document = readPython(text);
  if (document === undefined || (isMap(document) && [...document.values()].every(single))) return null; // one line of dictionaries
  const found = within(document);
  if (!found) throw new Refused("the JSON document holds neither rows nor columns of numbers");
  return found;
}

/** What a notebook's cells, or the rows that a host makes of printed lines, say in words; null if it is neither. */
export function printed(text) {
  const document = parsed(text);
  const cells = isMap(document) ? document.get("cells") : document;
  if (!Array.isArray(cells) || !cells.every(isMap)) return null;
  const inside = cells.flatMap((cell) => cell.get("outputs") ?? []).filter(isMap);
  const outputs = (inside.length ? inside : cells).map((out) => (isMap(out.get("data")) ? out.get("data") : out));
  const said = outputs.flatMap((out) => PRINTED.filter((name) => out.has(name)).map((name) => out.get(name)));
  const texts = said.map((part) => (Array.isArray(part) ? part.map(str).join("") : part)).filter((part) => typeof part === "string");
  return texts.map(untagged).join("") || null;
}

/** The rows of an HTML table with tabs between cells; other text as it is. */
function untagged(text) {
  if (!text.includes("<td")) return text;
  const cells = (row) => [...row.matchAll(/<t[dh][^>]*>\s*([^<]*?)\s*<\/t[dh]/g)].map(([, cell]) => cell);
  return text.split(/<\/tr\s*>/).map((row) => `${cells(row).join("\t")}\n`).join("");
}

/** Lists that are printed with a name each, one of them a loss and no loss beside them: `loss = [2.3, 1.9, 1.6]`. */
function lists(text) {
  const found = [...text.matchAll(NAMED)].map(([, name, cells]) => [name, cells]);
  const names = found.map(([name]) => name);
  if (new Set(names).size < names.length || !names.some(isLoss) || likely(text.replace(NAMED, ""))) return null;
  return columns(new Map(found.map(([name, cells]) => [name, readPython(cells)])));
}

/** What a Python literal says, as print writes it: with nan and tensor(2.3); undefined if it is none. */
export const readPython = (text) => parsed(text.trim().replace(CALLED, "$1").replace(BARE, "'$1'"), "python");

function within(document, depth = 0) {
  if (Array.isArray(document)) return list(document);
  if (!isMap(document) || depth > 3) return null;
  const [heads, rows] = [document.get("columns"), document.get("data")];
  if (Array.isArray(heads) && Array.isArray(rows)) return fromRows([rows.map((row) => paired(heads.map(str), row))]); // pandas, orient="split"
  for (const name of HISTORIES) {
    const found = within(document.get(name), depth + 1);
    if (found) return found;
  }
  return columns(document) ?? keyed(document) ?? deeper(document, depth);
}

const paired = (names, row) => new Map(names.slice(0, row.length).map((name, i) => [name, row[i]]));

function list(items) {
  if (items.length && items.every(isMap)) return fromRows([items]);
  if (items.length && items.every((item) => Array.isArray(item) && item.length === 3)) return fromRows([items.map((item) => paired(["wall time", "step", "value"], item))]); // TensorBoard
  if (items.length < 2 || !items.every(single)) return null;
  const found = column(items);
  return found.missing.every(Boolean) ? null : { names: ["loss"], columns: [found], leftOut: [] };
}

/** A dictionary of lists; nested ones and single values are left out. */
function columns(document, before = "") {
  const found = new Map();
  for (const [name, value] of document) {
    if (Array.isArray(value) && value.length > 1 && value.every(single)) found.set(before + name, column(value));
    else if (isMap(value) && !before) {
      const inner = columns(value, `${name}/`);
      inner?.names.forEach((own, i) => found.set(own, inner.columns[i]));
    }
  }
  return found.size ? { names: [...found.keys()], columns: [...found.values()], leftOut: [] } : null;
}

/** {"loss": {"0": 2.3, "1": 1.9}}, as pandas writes columns, or {"0": {"loss": 2.3}}, as it writes rows. */
function keyed(document) {
  const inner = [...document.values()];
  if (!inner.length || !inner.every((value) => isMap(value) && value.size)) return null;
  if ([...document.keys()].every((key) => /^-*\p{Nd}+-*$/u.test(key))) return fromRows([[...document].map(([key, value]) => new Map([["index", key], ...value]))]);
  if (!inner.every((value) => [...value.keys()].every((key) => /^\p{Nd}+$/u.test(key)))) return null;
  return { names: [...document.keys()], columns: inner.map((value) => column([...value.values()])), leftOut: [] };
}

function deeper(document, depth) {
  const longest = (found) => Math.max(...found.columns.map((own) => own.values.length));
  const tables = [...document.values()].filter((value) => !single(value)).map((value) => within(value, depth + 1)).filter(Boolean);
  return tables.reduce((best, found) => (best && longest(best) >= longest(found) ? best : found), null);
}
