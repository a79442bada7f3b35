// The rules of Python's csv module for quotes, and nothing else.
import { Refused } from "./text.js";

const LIMIT = 131_072; // characters of a cell

/** The cells of each row of `lines`; a quoted cell may go on over several of them. */
export function* rows(lines, mark, { skipBlanks, strict = false }) {
  let open = null; // the row whose quoted cell goes on in the next line
  for (const line of lines) {
    if (open === null && !line.includes('"')) {
      const cells = line.split(mark).map((cell) => (skipBlanks ? cell.replace(/^ +/, "") : cell));
      if (cells.some((cell) => cell.length > LIMIT)) tooLong();
      yield line ? cells : [];
      continue;
    }
    open = cellsOf(line, mark, skipBlanks, strict, open);
    if (open.quoted) continue;
    yield open.cells;
    open = null;
  }
  if (open === null) return;
  if (strict) throw new Refused("unexpected end of data");
  yield [...open.cells, open.cell];
}

function tooLong() {
  throw new Refused(`field larger than field limit (${LIMIT})`);
}

function cellsOf(line, mark, skipBlanks, strict, open) {
  const cells = open ? open.cells : [];
  let [cell, state] = open ? [open.cell, "quoted"] : ["", "start"];
  for (const c of line) {
    if (state === "quoted") {
      if (c === '"') state = "quote";
      else cell += c;
    } else if (state === "quote" && c === '"') {
      cell += c;
      state = "quoted";
    } else if (c === mark) {
      cells.push(cell);
      [cell, state] = ["", "start"];
    } else if (state === "quote" && strict) throw new Refused(`'${mark}' expected after '"'`);
    else if (state === "start" && c === '"') state = "quoted";
    else if (state !== "start" || c !== " " || !skipBlanks) {
      cell += c;
      state = "inside";
    }
    if (cell.length > LIMIT) tooLong();
  }
  if (state === "quoted") return { cells, cell, quoted: true };
  cells.push(cell);
  return { cells, quoted: false };
}
