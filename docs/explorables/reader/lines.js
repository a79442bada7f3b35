// Lines that hold dictionaries, JSON or Python, with anything between: JSON lines, printed trainer logs.
import { fromRows } from "./cells.js";
import { readPython } from "./documents.js";
import { heldOut } from "./names.js";
import { parsed } from "./values.js";
import { counts, splitOf } from "./words.js";

const CHUNK = 10_000;
const FLAT = /\{[^{}]*\}/g;

/** The rows that the dictionaries of a text are, null if fewer than two lines hold one. */
export function table(text) {
  if (text.indexOf("{") === text.lastIndexOf("{")) return null;
  const found = fromRows(chunks(text));
  return found.names.length && found.columns[0].values.length > 1 ? found : null;
}

function* chunks(text) {
  const lines = text.split("\n").filter((line) => line.includes("{"));
  for (let at = 0; at < lines.length; at += CHUNK) {
    const part = lines.slice(at, at + CHUNK);
    const rows = parsed(`[${part.join(",")}]`) ?? part.flatMap(rowsOf);
    yield rows.filter((row) => row instanceof Map);
  }
}

function rowsOf(line) {
  const whole = parsed(line);
  if (whole !== undefined) return [whole];
  const parts = [...line.matchAll(FLAT)].map((found) => [found, read(found[0])]).filter(([, row]) => row instanceof Map && row.size);
  const beside = line.replace(FLAT, " ");
  const own = parts.length && beside.trim() ? counts(beside) : [];
  let at = 0;
  return parts.map(([{ index, 0: text }, row]) => {
    const whose = splitOf(line.slice(at, index));
    at = index + text.length;
    return new Map([...own, ...(whose ? heldOut(row, whose) : row)]);
  });
}

const read = (text) => parsed(text) ?? readPython(text);
