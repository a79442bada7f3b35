// Commas in numbers: decimal, thousands, or two numbers.
import { NUMBER } from "./cells.js";
import { Refused, cut, repr } from "./text.js";

export const WITH_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const WHOLE = /^[+-]?\d+(e[+-]?\d+)?$/i;
const THOUSANDS = /^[+-]?[1-9]\d?\d?,\d\d\d$/;
export const POINTS = "write decimal points and no thousands separators, or ; between columns, or quote such cells";

/** Whether 2,31 or 1 762 in rows without headings may be one number as well as two. */
export function isDoubtful(mark, rows) {
  if (!rows.every((row) => row.cells.every((cell) => !cell || WHOLE.test(cell)))) return false;
  return mark === "," || rows.every((row) => row.cells.slice(1).every((cell) => /^\d{3}$/.test(cell)));
}

/** Whether the table writes 2,31 for 2.31: one answer for all of it, which 1,762 alone does not decide. */
export function decimalComma(cells) {
  const commas = cells.filter((cell) => cell.includes(",") && WITH_COMMA.test(cell));
  const points = commas.length ? cells.filter((cell) => cell.includes(".") && NUMBER.test(cell)) : [];
  const decimal = commas.some((cell) => !THOUSANDS.test(cell));
  if (points.length && (decimal || points.every((cell) => THOUSANDS.test(cell.replaceAll(".", ","))))) {
    throw new Refused(`${cut(repr(commas[0]), 40)} and ${cut(repr(points[0]), 40)} in one table: ${POINTS}`);
  }
  return decimal;
}
