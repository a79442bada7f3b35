// What a column is, by its name: a loss, a count of steps or epochs, a rate.
import { str } from "./text.js";

const LOSS = new Set(["loss", "losses", "nll", "objective", "cost"]);
// Where nothing is called a loss:
const OTHER = new Set(["perplexity", "value", "values", "rmse", "mse", "mae", "error", "err", "learn", "l2", "ce", "bce", "xent", "crossentropy", "cross", "deviance"]);
export const HELD_OUT = new Set(["val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev", "heldout", "cv", "va"]);
const GAIN = new Set(["accuracy", "acc", "score", "f1", "auc", "precision", "recall", "reward", "time"]); // what nobody descends
export const SPLITS = new Set(["mode", "split", "phase", "stage", "dataset", "set", "subset"]); // columns that say which
export const TAGS = ["metric", "tag", "name", "key", "variable"]; // columns that say what another, of values, is
const SMOOTHED = new Set(["smooth", "smoothed", "ema", "avg", "average", "mean", "running", "epoch"]);
const TRAIN = new Set(["train", "training", "trn", "learn", "step", "batch", "total", "overall", "loop", "tr"]);
export const ALONE = new Set(["train", "training", ...HELD_OUT]);
const NO_LOSS = new Set(["time", "scale", "scaler", "weight", "weights", "steps"]);
const STEPS = ["num update", "global step", "step", "iteration", "iter", "update", "batch", "it", "t"];
const FILLERS = new Set(["train", "trainer", "training", "total", "global", "num", "n", "number", "of", "idx", "index", "id", "time", "current", "env"]);

/** A function of a name, computed once for each. */
function known(compute) {
  const found = new Map();
  return (name) => {
    if (!found.has(name)) found.set(name, compute(name));
    return found.get(name);
  };
}

/** The words of a name, small: CrossEntropyLoss and train/loss_step come apart. */
export const parts = known((name) => (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+\p{Nd}*|\p{Nd}+/gu) ?? []).map((word) => word.toLowerCase()));

const isLossWord = (word) => LOSS.has(word) || word.endsWith("loss");

/** How far a column is from being the training loss, smaller is nearer; null if nothing says that it is one. */
export const loss = known((name) => {
  const words = parts(name);
  const kind = words.some(isLossWord) ? 0 : words.some((word) => OTHER.has(word)) ? 1 : 2;
  if (kind === 2 && alone(name)) return [Number(HELD_OUT.has(words[0])), 2, 0, 0, words.length];
  if (kind === 2 || counts(name) || words.some((word) => NO_LOSS.has(word))) return null;
  const rest = words.filter((word) => !(kind ? OTHER : LOSS).has(word) && !word.endsWith("loss"));
  const more = rest.filter((word) => !TRAIN.has(word) && !HELD_OUT.has(word) && !SMOOTHED.has(word));
  const has = (set) => Number(rest.some((word) => set.has(word)));
  return [has(HELD_OUT), kind, Number(more.length > 0), has(SMOOTHED), more.length + rest.length];
});

/** Whether it says of which rows it is and not what, as train and val in `train=2.3 val=2.5`. */
export const alone = known((name) => {
  const [first, ...more] = parts(name);
  return ALONE.has(first) && more.every((word) => /^\p{Nd}+$/u.test(word));
});

/** Which of two losses is the nearer one: below 0 the first. */
export const before = (one, other) => one.map((value, i) => value - other[i]).find(Boolean) ?? 0;

export const isLoss = (name) => loss(name) !== null;

export const isGain = (name) => parts(name).some((word) => GAIN.has(word));

/** A row that says of itself that it is one of validation or test, or what its value is, with that in its names. */
export function apart(row) {
  const said = [...row].find(([key, cell]) => SPLITS.has(key) && typeof cell === "string" && HELD_OUT.has(cell.toLowerCase()));
  if (!said) {
    const tag = TAGS.map((key) => row.get(key)).find((own) => typeof own === "string") ?? "";
    if (!row.has("value") || !(isLoss(tag) || isGain(tag) || counts(tag))) return row;
    return new Map([...row].map(([name, cell]) => [name === "value" ? tag : name, cell]));
  }
  return heldOut(row, said[1].toLowerCase());
}

export const heldOut = (row, whose) => new Map([...row].map(([name, cell]) => [isLoss(str(name)) ? `${whose}/${name}` : name, cell]));

/** Which of the words for a count of updates it is, the surest first; null if it is none. */
export const step = known((name) => {
  const words = parts(name).map((word) => (word.length > 2 ? word.replace(/s$/, "") : word));
  if (name === "#") return STEPS.length;
  if (words.at(-1) === "time") return null; // iter_time is how long one takes
  if (STEPS.includes(words.join(" "))) return STEPS.indexOf(words.join(" "));
  const rest = words.filter((word) => !FILLERS.has(word));
  return rest.length === 1 && STEPS.includes(rest[0]) ? 1 + STEPS.indexOf(rest[0]) : null;
});

export const epoch = known((name) => {
  const words = parts(name).filter((word) => !FILLERS.has(word) && word !== "current");
  return words.length === 1 && ["epoch", "epochs"].includes(words[0]);
});

/** How far a column is from being the learning rate; null if nothing says that it is one. */
export const rate = known((name) => {
  const words = parts(name);
  if (["lr", "learning_rate", "learning rate", "eta", "etas"].includes(name.toLowerCase())) return 0;
  const named = words.some((word) => /^lr\p{Nd}*$/u.test(word)) || (words.includes("learning") && words.includes("rate"));
  return named ? words.length : null;
});

/** Whether it holds on until it is said again: a step, an epoch, a rate. */
export const counts = known((name) => step(name) !== null || epoch(name) || rate(name) !== null);
