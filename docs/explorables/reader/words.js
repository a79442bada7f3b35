// Text with words and numbers: `iter 10: loss 2.3`, `loss=2.3`, `Loss is 2.3`, progress bars, boxes of metrics.
import { DECIMAL, LOST, fromRows } from "./cells.js";
import * as names from "./names.js";

const CHUNK = 10_000;
const S = "[ \\t\\n\\r\\f\\v]";
const VALUE = String.raw`(${DECIMAL}|${LOST})(?!\w|[.:,]\d)`;
const BEFORE = "train|training|val|valid|validation|test|eval|total|avg|average|mean|smoothed|running|global|learning|time";
const CALLED = String.raw`(?:\w+\.)?(?:tensor|array|devicearray|float\d\d)`;
const PAIR = new RegExp(
  String.raw`\b([A-Za-z_][\w/]*(?:[-.][A-Za-z][\w/]*)*\.?)["'*]*(?:${S}*[:=|]+${S}*|${S}+is${S}+|${S}+|(?=\[))` +
    String.raw`[\[(#]?${S}*(?:${CALLED}\()?${VALUE}(?:${S}*/${S}*(\d+))?`,
  "gi",
);
const AT = new RegExp(String.raw`loss\b[^\d:=]*\b(step|iteration|iter|epoch|batch)${S}+(\d+)${S}*[:=]${S}*${VALUE}`, "i");
const LONG = /\bloss((?: [a-z]+){1,4})(?= ?[:=] ?[-+.\d])/gi; // loss on the test set: 2.3
const COUNT = /(?<![\w.])(?:\d+-)?(\d+) ?(epoch|iteration|iter|step|batch)\b(?! *[=:]? *\d)/gi;
const ROW = /^\s*(?:\[(\d+)\]\s|(\d+):\s|(\d+)\s+(?=\[|(?:train|val|valid|test|loss)\b))/i;
const NO_WORDS = new RegExp(String.raw`^${S}*(\d+)${S}*/${S}*(\d+)${S}*:${S}*${VALUE}${S}*$`, "i"); // 10/200: 2.3
const OF = /(?:^|[[|])\s*(\d+)\s*\/\s*(\d+)(?=[\s\])]|$)(?! *\(\d+%\)| \d+:)/; // with a share they are samples
const EPOCH_ITER = /^\s*\[\s*(\d+)\s*,\s*(\d+)\s*\]/;
const BEHIND = /loss[^|[]*\[\s*\d+\s*\/\s*\d+\s*\]\s*$/i; // loss: 2.3 [64/60000]: samples
const OF_EACH = /\[\s*(\d+)\s*\/\s*\d+\s*\]\s*\[\s*(\d+)\s*\/\s*(\d+)\s*\]/; // epochs, then steps
const TWO = new RegExp(String.raw`\b(${BEFORE}) (?=[a-z_]*(?:loss|cost|epoch|step|iter|rate))`, "gi");
// Whose the losses are that follow: Test: [0/98] loss 2.3
const SPLIT =
  /(?<![^ \t[(|>:,])(train|training|val|vali|valid|validate|validation|test|testing|eval|evaluation|dev|cv)(?:_\d+)?(?![^ \t[\]):|.,]|\.\w)/gi;
const SECTION =
  /^[^A-Za-z0-9\n]*(train|training|val|valid|validation|test|testing|eval|evaluation|dev)(?: (?:set|phase|results?|metrics?|step|loop))?[^A-Za-z0-9\n]*$/im; // -- validation --
const EPOCH_OF = /\b(epoch|iter)\((train|val|test)\)/gi; // Epoch(train) [1]
const TURNED = new RegExp(String.raw`\bloss (${BEFORE})(?= *[:=])`, "gi"); // loss train: 2.3
const BACK = new RegExp(String.raw`(?<![\w.,:])(${DECIMAL}|${LOST}) (avg(?:[ _]loss)?|loss|rate)(?=,|${S}*$)`, "g"); // 2.3 avg
const MAKE = "its make";
const BEGINNING = 20_000; // characters
const MEANT = { avg: "avg_loss", rate: "lr", "Ep.": "epoch", "Up.": "update", "L.r.": "lr" }; // Darknet's, Marian's

/** A row for every line that gives a loss; counts and rates hold on until they are said again. null if none does. */
export function table(text) {
  const makes = new Map();
  const found = fromRows(chunks(glued(sectioned(text)), makes));
  if (!found.names.length) return null;
  const at = found.names.indexOf(MAKE);
  const [make] = [found.columns[at], found.names.splice(at, 1), found.columns.splice(at, 1)];
  const namesOf = [...makes.keys()].map((own) => own.split("\n"));
  return { ...found, namesOf, ...(makes.size > 1 && { makes: make.values }) };
}

/** Lines under a heading of validation get its word before them, where one of training ends them. */
function sectioned(text) {
  if (!SECTION.test(text.slice(0, BEGINNING))) return text;
  const [before, ...parts] = text.split(SECTION);
  const held = parts.filter((_, i) => i % 2 === 0).map((word) => !["train", "training"].includes(word.toLowerCase()));
  const often = held.map((_, i) => parts[2 * i + 1].toLowerCase().split("loss").length - 1);
  const trained = often.reduce((sum, count, i) => sum + (held[i] ? 0 : count), 0);
  if (2 * held.filter(Boolean).length > held.length + 1 || (held.at(-1) && often.at(-1) > trained)) return text;
  return before + held.map((own, i) => (own ? parts[2 * i + 1].replaceAll("\n", "\nvalidation: ") : parts[2 * i + 1])).join("");
}

const glued = (text) => text.replace(TURNED, "$1_loss").replace(LONG, "$1 loss").replace(TWO, "$1_").replace(EPOCH_OF, "$2 $1");

/** The last word for a split in a text, if it is one for validation or test. */
export function splitOf(text) {
  const said = [...text.matchAll(SPLIT)].at(-1)?.[1].toLowerCase();
  return names.HELD_OUT.has(said) ? said : "";
}

/** The steps, epochs and rates that a line says. */
export const counts = (line) => [...pairs(glued(line))].filter(([name]) => names.counts(name));

const saysLoss = (said) => [...said.keys()].some(names.isLoss);

/** Whether two of the first lines say a loss in words. */
export const likely = (text) => text.slice(0, BEGINNING).split("\n").slice(0, -1).filter((line) => saysLoss(pairs(line))).length > 1;

function* chunks(text, makes) {
  let rows = [];
  const held = new Map();
  for (const line of text.split("\n")) {
    const said = pairs(line);
    for (const [name, value] of said) if (names.counts(name)) held.set(name, value);
    if (saysLoss(said)) {
      const own = [...said.keys()].join("\n");
      if (!makes.has(own)) makes.set(own, makes.size);
      rows.push(new Map([...held, ...said, [MAKE, makes.get(own)]]));
    }
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
  const bare = NO_WORDS.exec(line);
  if (bare) return new Map([["iter", bare[1]], ["iter/of", bare[2]], ["value", bare[3]]]);
  const said = new Map();
  const first = (name, value) => said.has(name) || said.set(name, value);
  const both = EPOCH_ITER.exec(line);
  if (both) said.set("epoch", both[1]).set("iter", both[2]);
  const each = line.includes("/") && OF_EACH.exec(line);
  if (each) said.set("epoch", each[1]).set("iter", each[2]).set("iter/of", each[3]);
  for (const [name, value, of] of whose(line)) {
    first(name, value);
    if (of && names.counts(name)) first(`${name}/of`, of);
  }
  const of = line.includes("/") && !BEHIND.test(line) && OF.exec(line.replace(PAIR, ""));
  if (of) {
    first("iter", of[1]);
    first("iter/of", of[2]);
  }
  for (const [, value, name] of line.matchAll(COUNT)) first(name, value);
  for (const [, value, name] of line.matchAll(BACK)) first(MEANT[name] ?? name, value);
  const row = ROW.exec(line);
  if (row && ![...said.keys()].some((name) => names.step(name) !== null)) said.set("#", row[1] ?? row[2] ?? row[3]);
  return said;
}

/** The names and values in a line; a loss behind a word for validation or test has that in its name, but once. */
function* whose(line) {
  const splits = [...line.matchAll(SPLIT)];
  const named = new Set();
  let [held, measured] = ["", false];
  for (const found of line.matchAll(PAIR)) {
    const [, said, value, of] = found;
    const name = MEANT[said] ?? said;
    const alone = names.alone(name);
    while (splits.length && splits[0].index < found.index + Number(alone)) {
      const split = splits.shift();
      const between = line.slice(split.index + split[0].length, found.index);
      const its = measured && !names.isLoss(name) && !/[^ ]/.test(between);
      if (!its && (split.index < found.index || /^\d+$/.test(value))) held = split[1].toLowerCase(); // it has no value itself
    }
    const [part, ...more] = names.parts(name);
    if (names.ALONE.has(part) && names.counts(more.join("_"))) held = part; // TEST epoch 3
    measured ||= names.isLoss(name) || names.isGain(name);
    if (alone && (/^\d+$/.test(value) || line[found.index + found[0].length] === "%")) continue; // a count, or a share
    named.add(name);
    const itsOwn = named.has(`${held}_${name}`) || names.parts(name).some((word) => names.ALONE.has(word));
    const other = names.HELD_OUT.has(held) && names.isLoss(name) && !itsOwn;
    yield [other ? `${held}/${name}` : name, value, of];
  }
}
