// Numbers and strings as Python prints them, so that the sentences here are lrsim's.

/** What cannot be read or answered, in words: Python's ValueError. */
export class Refused extends Error {}

/** `value` as Python's format "…g" writes it, to `digits` significant digits, a tie to the even digit. */
export function g(value, digits = 6) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const sign = value < 0 ? "-" : "";
  let [mantissa, power] = rounded(Math.abs(value), digits);
  power = Number(power);
  mantissa = mantissa.replace(".", "");
  if (power < -4 || power >= digits) {
    const e = `${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
    return `${sign}${trimmed(`${mantissa[0]}.${mantissa.slice(1)}`)}e${e}`;
  }
  if (power < 0) return sign + trimmed(`0.${"0".repeat(-power - 1)}${mantissa}`);
  return sign + trimmed(`${mantissa.slice(0, power + 1)}.${mantissa.slice(power + 1)}`);
}

const trimmed = (text) => text.replace(/\.?0*$/, "");

/** JavaScript rounds a tie up, Python to the even digit. */
function rounded(value, digits) {
  const [more] = value.toExponential(digits + 40).split("e");
  const last = more[digits === 1 ? 0 : digits];
  const tie = /^\.?50*$/.test(more.slice(digits === 1 ? 1 : digits + 1)) && Number(last) % 2 === 0;
  if (!tie) return value.toExponential(digits - 1).split("e");
  return [more.slice(0, digits === 1 ? 1 : digits + 1), value.toExponential(digits + 40).split("e")[1]];
}

/** The first characters of a text, as many as asked for. */
export const cut = (text, most) => (text.length <= most ? text : [...text].slice(0, most).join(""));

const ESCAPED = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** A value as Python's repr writes it. */
export function repr(value) {
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const body = value.replace(/[\n\r\t\\]/g, (c) => ESCAPED[c]).replace(/[\0-\x1f\x7f-\xa0\xad]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
    return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map((pair) => pair.map(repr).join(": ")).join(", ")}}`;
  return value === null || value === undefined ? "None" : value === true ? "True" : value === false ? "False" : String(value);
}

export const str = (value) => (typeof value === "string" ? value : repr(value));

export const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
