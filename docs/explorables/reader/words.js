// Text with words and numbers: `iter 10: loss 2.3`, `loss=2.3`, `Loss is 2.3`, progress bars, boxes of metrics.
import { DECIMAL, LOST, fromRows } from "./cells.js";
import * as names from "./names.js";

const CHUNK = 10_000;
const S = "[ \\t\\n\\r\\f\\v]";
const VALUE = String.raw`(${DECIMAL}|${LOST})(?!\w|[.:,]\d)`;
const BEFORE = "train|training|val|valid|validation|test|eval|total|avg|average|mean|smoothed|running|global|learning|time";
const PAIR = new RegExp(
  String.raw`\b([A-Za-z_][\w/]*(?:[-.][A-Za-z][\w/]*)*\.?)["'*]*(?:${S}*[:=|]+${S}*|${S}+is${S}+|${S}+|(?=\[))` +
    String.raw`[\[(]?${S}*(?:tensor\()?${VALUE}(?:${S}*/${S}*(\d+))?`,
  "gi",
);
const AT = new RegExp(String.raw`loss\b[^\d:=]*\b(step|iteration|iter|epoch|batch)${S}+(\d+)${S}*[:=]${S}*${VALUE}`, "i");
const COUNT = /(?<![\w.])(?:\d+-)?(\d+) ?(epoch|iteration|iter|step|batch)\b(?! *[=:]? *\d)/gi;
const ROW = /^\s*(?:\[(\d+)\]|(\d+):)\s/;
const OF = /(?:^|[[|])\s*(\d+)\s*\/\s*(\d+)(?=[\s\])]|$)(?! *\(\d+%\))/; // with a share they are samples
const EPOCH_ITER = /^\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]/;
const TWO = new RegExp(String.raw`\b(${BEFORE}) (?=[a-z_]*(?:loss|cost|epoch|step|iter|rate))`, "gi");
const TURNED = new RegExp(String.raw`\bloss (${BEFORE})(?= *[:=])`, "gi"); // loss train: 2.3
const BACK = new RegExp(String.raw`(?<![\w.,:])(${DECIMAL}|${LOST}) (avg(?:[ _]loss)?|loss|rate)(?=,|${S}*$)`, "g"); // 2.3 avg
const MEANT = { avg: "avg_loss", rate: "lr", "Ep.": "epoch", "Up.": "update", "L.r.": "lr" }; // Darknet's, Marian's
const COLOUR = /\x1b\[[0-9;]*[A-Za-z]/g;

/** A row for every line that gives a loss; counts and rates hold on until they are said again. null if none does. */
export function table(text) {
  const found = fromRows(chunks(text.replace(COLOUR, "").replace(TURNED, "$1_loss").replace(TWO, "$1_")));
  return found.names.length ? found : null;
}

const saysLoss = (said) => [...said.keys()].some(names.isLoss);

/** Whether two of the first lines say a loss in words. */
export const likely = (text) => text.slice(0, 20_000).split("\n").slice(0, -1).filter((line) => saysLoss(pairs(line))).length > 1;

function* chunks(text) {
  let rows = [];
  const held = new Map();
  for (const line of text.split("\n")) {
    const said = pairs(line);
    for (const [name, value] of said) if (names.counts(name)) held.set(name, value);
    if (saysLoss(said)) rows.push(new Map([...held, ...said]));
    if (rows.length === CHUNK) {
      yield rows;
      rows = [];
    }
  }
  yield rows;
}

function pairs(line) {
  const at = (line.includes(" step ") || line.includes(" at ")) && AT.exec(line);
  if (at) return new Map([[at[1].toLowerCase(), at[2]], ["loss", at[3]]]);
  const said = new Map();
  const first = (name, value) => said.has(name) || said.set(name, value);
  const both = EPOCH_ITER.exec(line);
  if (both) said.set("epoch", both[1]).set("iter", both[2]);
  for (const [, name, value, of] of line.matchAll(PAIR)) {
    first(MEANT[name] ?? name, value);
    if (of && names.counts(name)) first(`${name}/of`, of);
  }
  const of = line.includes("/") && OF.exec(line.replace(PAIR, ""));
  if (of) {
    first("iter", of[1]);
    first("iter/of", of[2]);
  }
  for (const [, value, name] of line.matchAll(COUNT)) first(name, value);
  for (const [, value, name] of line.matchAll(BACK)) first(MEANT[name] ?? name, value);
  const row = ROW.exec(line);
  if (row && ![...said.keys()].some((name) => names.step(name) !== null)) said.set("iter", row[1] ?? row[2]);
  return said;
}
