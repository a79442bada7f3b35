// `parsed`: which kind of file a text is, and then the log in it: lrsim.logs, without TensorBoard's event files.
import { chosen } from "./choice.js";
import * as documents from "./documents.js";
import * as lines from "./lines.js";
import * as printed from "./printed.js";
import * as tables from "./tables.js";
import { Refused, count, g } from "./text.js";
import * as words from "./words.js";

const KINDS = [documents, lines, tables, printed, words];

/** {losses, steps, rates, column, row, leftOut} of a text, of the first kind of file that has a loss in it. */
export function parsed(text, options = {}) {
  const refused = [];
  const whole = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n"); // progress bars go back to the start of their line
  const kinds = words.likely(whole) ? [documents, lines, printed, words, tables] : KINDS;
  for (const kind of kinds) {
    try {
      const table = kind.table(whole);
      if (table) return chosen(table, options);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(error);
      if (kind === documents) break;
    }
  }
  throw refused[0];
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
