// A table as consoles show it: columns that stand under their headings, between other lines.
// Rules of dashes or bars may frame it, a heading may take two lines, a cell may be empty: where it stands says whose it is.
import { NUMBER, column } from "./cells.js";
import { Refused, cut, repr } from "./text.js";

const RULE = /^[ |+:]*[-=]{2}[-=|+: ]*$/;
const OF = /^( *\d+)(\/\d+)(?= +\d\S* +\d)/m;
const BAR = / *\d+%\|[^|\n]*\|[^\n]*/g;
const BEGINNING = 20_000; // characters, which show whether rows begin with such as 1/10
const BETWEEN_BARS = /[^|]+/g;
const WORDS = /[^ ]+(?: [^ ]+)*/g; // a heading of several words has one blank between two of them
const WORD = /[^ |]+/g;

const bare = (text) => text.replace(/^ +| +$/g, "");
const numbers = (cells) => cells.filter(({ text }) => NUMBER.test(text)).length;

/** The rows under the first heading that has some, null if there is no such table. */
export function table(given) {
  let text = given;
  if (OF.test(text.slice(0, BEGINNING))) {
    // 1/10 is 1, and a bar behind a row no part of it
    text = text.replace(new RegExp(OF, "gm"), (_, count, of) => count + " ".repeat(of.length)).replace(BAR, "");
  }
  const lines = text.split("\n").filter(bare);
  for (const [first, at, heads] of headings(lines)) {
    const below = lines.slice(at);
    const rows = below.map((line) => row(line, heads)).filter(Boolean);
    if (rows.length > 1) {
      const columns = heads.map((_, i) => column(rows.map((own) => own.get(i) ?? null)));
      return { names: heads.map((head) => head.text), columns, leftOut: below.includes(lines[first]) ? ["a heading said again"] : [] };
    }
  }
  return null;
}

/** Headings, where they are and where their rows begin; a second line of words belongs to the first. */
function* headings(lines) {
  for (const [first, line] of lines.entries()) {
    let heads = headsOf(line);
    if (heads.length < 2 || numbers(heads)) continue;
    let at = first + 1;
    const below = headsOf(lines[at] ?? "");
    if (below.length && !numbers(below)) heads = joined(heads, cells(WORD, lines[at++]));
    for (; at < lines.length && RULE.test(lines[at]); at++) {
      const rules = cells(WORD, lines[at]);
      if (rules.length === heads.length) heads = heads.map(({ text }, i) => ({ ...rules[i], text })); // as wide as its rule
    }
    if (numbers(cells(WORD, lines[at] ?? "")) > 1) yield [first, at, heads];
  }
}

const headsOf = (line) => (RULE.test(line) || line.includes("\t") ? [] : cells(line.includes("|") ? BETWEEN_BARS : WORDS, line));

function cells(kind, line) {
  const found = [...line.matchAll(kind)].map(({ index, 0: text }) => ({ start: index, end: index + text.length, text: bare(text) }));
  return found.filter(({ text }) => text);
}

function joined(heads, below) {
  const found = heads.map((head) => ({ ...head }));
  for (const cell of below) {
    const at = under(cell, heads);
    if (at !== null) found[at].text += ` ${cell.text}`;
  }
  return found;
}

/** The heading that most of a cell stands under. */
function under(cell, heads) {
  const shared = heads.map((head) => Math.min(cell.end, head.end) - Math.max(cell.start, head.start));
  const most = Math.max(...shared);
  return most > 0 ? shared.indexOf(most) : null;
}

function row(line, heads) {
  const own = cells(WORD, line);
  if (own.length < 2 || !NUMBER.test(own[0].text) || numbers(own) < 2) return null;
  const places = own.map((cell) => under(cell, heads));
  if (!places.includes(null) && new Set(places).size === places.length) return new Map(own.map((cell, i) => [places[i], cell.text]));
  if (numbers(own) === own.length) throw new Refused(`the row ${cut(repr(bare(line)), 40)} does not stand under the headings`);
  return null;
}
