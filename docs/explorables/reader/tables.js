// A table by the csv module's rules: one mark between cells, headings, missing cells; a doubtful comma is refused.
import { DECIMAL, MISSING, NUMBER, column, joined } from "./cells.js";
import { POINTS, WITH_COMMA, decimalComma, isDoubtful } from "./commas.js";
import * as csv from "./csv.js";
import * as names from "./names.js";
import { SHORT, even, lines, rowsOf, split, taken } from "./rows.js";
import { Refused } from "./text.js";

const MARKS = "\t;|,"; // between cells; blanks where there is none of them
const CHUNK = 20_000; // rows
const SHOWN = 200; // rows that decide which mark it is

const LIKE_A_NUMBER = /^[+\-−]?[.,]?\p{Nd}/u;
const TWO = new RegExp(String.raw`^(?:${DECIMAL})[ \t\n\r\f\v]+(?:${DECIMAL})$`); // blanks, not commas, are between

/** The columns of a table, which may stand between lines that are none of its rows. */
export function table(text) {
  try {
    return whole(text);
  } catch (error) {
    const inner = error instanceof Refused ? between(text) : null;
    if (inner === null) throw error;
    const found = whole(inner);
    return { ...found, leftOut: [...found.leftOut, "lines around the table"] };
  }
}

/** The rows under the first heading that has some; null if there are rows elsewhere too. */
function between(text) {
  const sample = taken(lines(text), SHOWN);
  for (const [i, [number, line]] of sample.slice(0, -1).entries()) {
    for (const mark of "\t;,") {
      const heading = parted(line, mark);
      if (heading.length < 2 || !isHeading(heading) || !isRow(sample[i + 1][1], mark, heading.length)) continue;
      const rest = text.split("\n").slice(number - 1);
      const end = rest.findIndex((own, k) => k && !isRow(own, mark, heading.length));
      if (end < 0) return [...rest, ""].join("\n");
      return rest.slice(end).some((own) => isRow(own, mark)) ? null : [...rest.slice(0, end), ""].join("\n");
    }
  }
  return null;
}

const parted = (line, mark) => line.split(mark).map((cell) => cell.replace(/^[ "']+|[ "']+$/g, ""));

/** Whether it has several cells, as many as asked for, of which the first is a number. */
function isRow(line, mark, width = 0) {
  const cells = parted(line, mark);
  return cells.length > 1 && (!width || cells.length === width) && NUMBER.test(cells[0]);
}

/** Tab, ; | , or blanks between cells, a heading or none, # for comments. */
function whole(given) {
  const last = given.lastIndexOf("\n") + 1;
  const short = given.slice(last).split('"').length % 2 === 0;
  const text = short ? given.slice(0, last) : given;
  const sample = taken(lines(text), SHOWN);
  if (!sample.length) throw new Refused("the input holds no numbers");
  const mark = markOf(sample.map(([, line]) => line));
  let rows = rowsOf(text, mark);
  const first = rows.next().value;
  if (!first) throw new Refused("the input holds no numbers");
  const said = isHeading(first.cells) ? first.cells : []; // where the heading is a row
  let heading = said.length ? said : null;
  if (!heading) {
    rows = after(first, rows);
    heading = commented(text, first.cells.length);
  }
  if (heading && mark === " " && heading.length > 1 && heading.at(-1) && sample.slice(1, 3).every(([, line]) => split(line).length === 1)) {
    heading = [heading.join(" ")]; // one column, headed by several words
  }
  if (said.length && heading.length > 1 && " \t;".includes(mark) && sample.length > 1) {
    const below = rowsOf(sample[1][1], mark).next().value.cells;
    if (below.length === heading.length + 1 && below.at(-1)) heading = ["", ...heading]; // an index, which pandas and R name not
  }
  const tag = heading && tagOf(heading, taken(rowsOf(text, mark), SHOWN));
  if (tag) heading = heading.map((name) => (name.toLowerCase() === "value" ? tag.named : name));
  const again = [];
  const width = (heading ?? first.cells).length;
  let body = even(rows, width, first.line, said, again, !text || "\r\n".includes(text.at(-1)));
  if (heading && sample.slice(said.length ? 1 : 0).some(([, line]) => line.toLowerCase().includes("train"))) body = trained(body, heading);
  if (tag) body = tagged(body, tag);
  const columns = columnsOf(body, mark, heading, text, width);
  const leftOut = [short ? SHORT : [], again.map((row) => (row.line < 0 ? row.cells[0] : "a heading said again"))].flat(2);
  return { names: heading ?? columns.map(() => (columns.length === 1 ? "loss" : "")), columns, leftOut: [...new Set(leftOut)] };
}

/** The rows, without the losses of those that say of themselves that they are of validation or test. */
function* trained(body, heading) {
  const splits = heading.flatMap((name, i) => (names.SPLITS.has(name) ? [i] : []));
  for (const row of body) {
    const held = splits.some((i) => names.HELD_OUT.has(row.cells[i].toLowerCase()));
    yield held ? { ...row, cells: row.cells.map((cell, i) => (names.isLoss(heading[i]) ? "" : cell)) } : row;
  }
}

/** A column that says what another, of values, is: of which tag these are losses. */
function tagOf(heading, rows) {
  const low = heading.map((name) => name.toLowerCase());
  const at = names.TAGS.map((name) => low.indexOf(name)).find((i) => i >= 0) ?? -1;
  if (at < 0 || !low.includes("value")) return null;
  const tags = rows.slice(1).filter(({ cells }) => cells.length === heading.length).map(({ cells }) => cells[at]).filter(names.isLoss);
  const before = (one, other) => names.before(names.loss(one), names.loss(other)) || (one < other ? -1 : Number(one > other));
  return tags.length ? { at, values: low.indexOf("value"), named: tags.sort(before)[0] } : null;
}

function* tagged(body, { at, values, named }) {
  for (const row of body) yield row.cells[at] === named ? row : { ...row, cells: row.cells.map((cell, i) => (i === values ? "" : cell)) };
}

/** The mark that cuts most lines of the table, and all of them alike before another. */
function markOf(sample) {
  const often = [...MARKS]
    .filter((mark) => sample.some((line) => line.includes(mark)))
    .map((mark) => [mark, [...csv.rows(sample, mark, { skipBlanks: mark !== "\t" })].filter((cells) => cells.length > 1).length]);
  const [mark, most] = often.reduce((best, one) => (one[1] > best[1] ? one : best), often[0] ?? [" ", 0]);
  const blanks = mark === "," && sample.some((line) => line.split(",").some((cell) => cell.includes(" ") && TWO.test(cell.trim())));
  return !most || blanks ? " " : mark;
}

function* after(first, rows) {
  yield first;
  yield* rows;
}

/** Whether a first row is the heading: no number in it, and a word. */
function isHeading(cells) {
  if (cells.some((cell) => NUMBER.test(cell))) return false;
  return cells.some((cell) => !LIKE_A_NUMBER.test(cell) && !MISSING.has(cell.toLowerCase()) && /\p{L}/u.test(cell));
}

/** The last comment before the first row, if it names as many columns as there are. */
function commented(text, width) {
  let found = null;
  for (const whole of text.slice(0, 100_000).split("\n")) {
    const line = whole.trim();
    if (line && line[0] !== "#") break;
    const words = line.replace(/^[# ]+/, "");
    for (const cells of [words.trim() ? split(words) : [], ...[...MARKS].map((mark) => words.split(mark))]) {
      const own = cells.map((cell) => cell.trim());
      if (line && own.length === width && isHeading(own)) found = own;
    }
  }
  return found;
}

const turned = (rows) => rows[0].cells.map((_, i) => rows.map((row) => row.cells[i]));

function columnsOf(body, mark, heading, text, width) {
  const commas = text.includes(",") && (mark !== "," || text.includes('"') || text.includes("'"));
  let doubt = !heading && ", ".includes(mark) && width > 1;
  const [parts, whole] = [[], []];
  let line;
  for (let chunk; (chunk = taken(body, CHUNK)).length; ) {
    doubt &&= isDoubtful(mark, chunk);
    line ??= chunk[0].line;
    if (commas) for (const row of chunk) whole.push(row);
    else parts.push(turned(chunk).map((cells) => located(column(cells), chunk)));
  }
  if (doubt) throw new Refused(`line ${line} may be columns of whole numbers, decimal commas or thousands: ${POINTS}`);
  if (commas && whole.length) {
    const own = turned(whole);
    const decimal = decimalComma(own.flat());
    return own.map((cells) => {
      const read = cells.map((cell) => (decimal && WITH_COMMA.test(cell) ? cell.replaceAll(",", ".") : cell));
      return located(column(read), whole);
    });
  }
  if (!parts.length) throw new Refused("the input holds no numbers");
  return parts[0].map((_, i) => joined(parts.map((own) => own[i])));
}

/** The first cell that is no number, by its line in the file. */
const located = (found, rows) => (found.bad ? { ...found, bad: [rows[found.bad[0]].line, found.bad[1]] } : found);
