// `parsed`: which kind of file a text is, and then the log in it: lrsim.logs, without TensorBoard's event files.
import { chosen } from "./choice.js";
import * as documents from "./documents.js";
import * as lines from "./lines.js";
import * as printed from "./printed.js";
import * as tables from "./tables.js";
import { Refused, count, g } from "./text.js";
import * as words from "./words.js";

const BEGINNING = 100_000; // characters, which show how a file writes its numbers
const COLOUR = /\x1b\[[0-9;?]*[A-Za-z]/g;
const EXPONENT = /(?<![\w.])([+-]?\d+\.\d*)[dDf]([+-]?\d{1,3})(?!\w)/; // Fortran's and Julia's 2.3f-5
const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)? /gm; // as hosts write
const THOUSANDS = /\b(?:step|iter|iteration|update|batch)[ :=#]+\d{1,3}(?:,\d{3})+(?![\w.]|,\S)/i;
const KINDS = [documents, lines, tables, printed, words];

/** {losses, steps, rates, column, row, leftOut} of a text, of the first kind of file that has a loss in it. */
export function parsed(text, options = {}) {
  const refused = [];
  const whole = plain(text);
  const kinds = words.likely(whole) ? [documents, lines, printed, words, tables] : KINDS;
  for (const kind of kinds) {
    try {
      const table = kind.table(whole);
      if (table) return chosen(table, options);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(error);
      if (kind !== documents) continue;
      const printed = documents.printed(whole);
      if (printed !== null) return parsed(printed, options);
      break;
    }
  }
  throw refused.find((error) => error.message.includes("say which")) ?? refused[0]; // which lists what is there
}

/** Without colours and a host's stamps, with lines, boxes and numbers written as most files write them. */
function plain(text) {
  let whole = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").replace(COLOUR, ""); // progress bars go back to the start of their line
  if (/[│┃║]/.test(whole.slice(0, BEGINNING))) whole = whole.replace(/[│┃║┆]/g, "|").replace(/[─━═╌]/g, "-").replace(/[├┤┡┩╞╡╇┼╪┏┳┓┌┬┐└┴┘╒╤╕╘╧╛╔╦╗╠╬╣╚╩╝]/g, "+");
  if (THOUSANDS.test(whole.slice(0, BEGINNING))) whole = whole.replace(new RegExp(THOUSANDS, "gi"), (step) => step.replaceAll(",", ""));
  if (whole.search(STAMP) === 0) whole = whole.replace(STAMP, "");
  if (EXPONENT.test(whole.slice(0, BEGINNING))) whole = whole.replace(new RegExp(EXPONENT, "g"), "$1e$2");
  return whole;
}

/** What bytes say, in UTF-8, or in UTF-16 where the first of them say so. */
export function textOf(bytes) {
  const coding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(coding, { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new Refused("must be text in UTF-8, or in UTF-16 with its mark; its bytes are not");
}

/** In one line what was taken and what was left out. */
export function said({ losses, steps, rates, column, row, leftOut }) {
  const span = steps ? `, ${row} ${g(steps[0], 10)} to ${g(steps.at(-1), 10)}` : "";
  const out = leftOut.length ? `; left out: ${leftOut.join(", ")}` : "";
  return `${count(losses.length, "row")} of ${column}${span}${rates ? ", with rates" : ""}${out}`;
}
