// Lines that hold dictionaries, JSON or Python, with anything between: JSON lines, printed trainer logs.
import { fromRows } from "./cells.js";
import { parsed } from "./values.js";
import { counts } from "./words.js";

const CHUNK = 10_000;
const FLAT = /\{[^{}]*\}/g;
const CALLED = /\b[\w.]+\(\s*([+-]?[\w.+-]+)[^()]*\)/g; // tensor(2.3), np.float64(2.3)
const BARE = /(?<![\p{L}\p{N}_'".])([+-]?(?:nan|inf|NaN|Infinity))(?![\p{L}\p{N}_'"])/gu;

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
  const rows = (line.match(FLAT) ?? []).map(read).filter((row) => row instanceof Map && row.size);
  const beside = rows.length === 1 ? line.replace(FLAT, " ") : "";
  return beside.trim() ? [new Map([...counts(beside), ...rows[0]])] : rows;
}

const read = (text) => parsed(text) ?? parsed(text.replace(CALLED, "$1").replace(BARE, "'$1'"), "python");
