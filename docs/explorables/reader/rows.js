// The rows of a table: its lines without comments, cut by the csv module's rules.
import { POINTS } from "./commas.js";
import * as csv from "./csv.js";
import { Refused } from "./text.js";

const RULE = /^\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$/; // Markdown's, between bars
export const SHORT = "the last line, which is cut short";

const same = (one, other) => one.length === other.length && one.every((cell, i) => cell === other[i]);
export const split = (line) => line.trim().split(/\s+/);

/** The first of them. */
export function taken(from, most) {
  const found = [];
  for (let i = 0; i < most; i++) {
    const { value, done } = from.next();
    if (done) break;
    found.push(value);
  }
  return found;
}

export function* lines(text) {
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? undefined : end).replace(/^[ \r\n]+|[ \r\n]+$/g, "");
    number++;
    at = end < 0 ? text.length : end + 1;
    if (line.includes("--") && RULE.test(line)) continue;
    if (line && line[0] !== "#" && !line.startsWith("sep=") && line.trim()) yield [number, line];
  }
}

/** {line, cells}, with the number of their line; a line of blank cells is none. */
export function* rowsOf(text, mark) {
  let number = 0;
  function* numbered() {
    for (const [i, line] of lines(text)) {
      number = i;
      yield line;
    }
  }
  if (mark === " ") {
    for (const line of numbered()) yield { line: number, cells: split(line).map(bare) };
    return;
  }
  const read = csv.rows(numbered(), mark, { skipBlanks: mark !== "\t", strict: true });
  for (;;) {
    let next;
    try {
      next = read.next();
    } catch (error) {
      if (error instanceof Refused) throw new Refused(`line ${number} of the table cannot be read: ${error.message}`);
      throw error;
    }
    if (next.done) return;
    const cells = next.value.map(bare);
    if (cells.some(Boolean)) yield { line: number, cells };
  }
}

function bare(cell) {
  const text = cell.trim();
  return text[0] === "'" || text[0] === '"' ? text.replace(/^["']+|["']+$/g, "").trim() : text;
}

/** The rows without headings said again; refuses those with more or fewer cells than the first. */
export function* even(rows, width, line, heading, again, ended) {
  const refuse = (row) => {
    throw new Refused(`line ${row.line} has ${row.cells.length} columns and line ${line} ${width}; ${POINTS}`);
  };
  let short = null;
  for (const row of rows) {
    if (short) refuse(short);
    if (same(row.cells, heading)) again.push(row);
    else if (row.cells.length === width) yield row;
    else if (row.cells.length > width && !row.cells.slice(width).some(Boolean)) yield { line: row.line, cells: row.cells.slice(0, width) };
    else if (row.cells.length < width) short = row; // the last line of a file that is being written
    else refuse(row);
  }
  if (short && ended) refuse(short);
  if (short) again.push({ line: -1, cells: [SHORT] });
}
