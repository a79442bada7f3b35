// Runs that are lost or grow: to no number at all, in one exponential, in bursts.
import { argmax, last, max, median } from "./arrays.js";
import * as walks from "./bursts.js";
import { CREDIBLE, needed } from "./ending.js";
import * as rates from "./rates.js";
import { g } from "./text.js";

export const halve = (what) => `halve η: ${what}`; // the one experiment that separates most causes
export const SAME = "at half η and the same data order an instability goes, a bad minibatch comes again";
export const SLOW = "a validation loss rises so when the model overfits";
export const NOT_YET = "it falls since, not back yet";
export const every = (my) => `for ηλ, say how many updates ${my.each} is (every)`;
export const OVERFITS = "look at the training loss of the same steps: where it falls on, the model overfits";
const STILL = "the curvature rose or the rate is not the cause";
const WHY = {
  steeper: ": a loss steeper than a quadratic, or a rate that grows",
  slower: ": a rate that falls, clipping, a loss less steep than a quadratic, or a validation loss",
  jump: ": too little of the growth shows",
}; // no factor can be read off a growth of each kind

/** A rise as it is said: 3 times what it rose from, 3 above it where that is not above 0. */
export const howHigh = (low, high) => (low > 0 ? `${g(high / low, 3)} times` : `${g(high - low, 3)} above`);

/** What is said of a loss that rose from `low` to `high`; one below 0 is measured by what it rose. */
export const whetherBack = (low, high, end) => (end < (low > 0 ? 1.5 * low : low + 0.1 * (high - low)) ? "the loss came back" : NOT_YET);

const placed = (whole, row) => `${whole.word} ${g(whole.at[row], 10)}`;

/** 1: not finite from some row on: after growth, or out of nothing. */
export function lost(my) {
  const { lost, first, kept, gaps, but } = my.ending;
  if (!lost) return null;
  const next = kept.length ? last(kept) + 1 : 0;
  const row = next > first && !gaps ? first : next;
  const [at, step] = [placed(my.whole, row), my.whole.at[row]];
  const since = but ? `at ${at}` : `from ${at} on`;
  if (my.grown) {
    const grown = growth(my);
    return { ...grown, cause: "diverged to nan", happened: `the loss is not finite ${since}; before, it ${grown.happened.replace(/^the loss /, "")}`, lostAt: step };
  }
  return { cause: "lost without growth", lostAt: step, since: step, happened: `the loss is not finite ${since}; nothing grew before`, ...overflow(my, row) };
}

/** Whether a rate could have led from the last finite loss to an overflow in the steps between. */
function overflow(my, row) {
  const suspects = "look for a logarithm or root of 0, a division by 0, float16 overflow or a bad minibatch";
  if (!my.x.length) return { follows: "so it was never finite", advice: suspects };
  const level = Math.max(last(my.sigma), 1e-12 * Math.abs(my.end));
  const gap = my.whole.t[row] - last(my.curve.t);
  const [name, factor] = needed(level, gap);
  const said = `a ${name} overflow out of the noise takes ${g(factor, 3)}-fold growth ${my.each}`;
  const at = placed(my.whole, row);
  const known = my.curve.per === "update";
  if (factor > CREDIBLE && known && gap <= 1) {
    return { follows: `${said}: that is data or arithmetic, not the learning rate`, advice: suspects, test: `log the inputs and the gradient norm around ${at}` };
  }
  let could = ": an instability could do that between two rows of this log";
  if (factor > CREDIBLE) {
    could = known
      ? `, but nothing of the ${g(gap, 4)} updates before ${at} was logged: an instability, data or arithmetic`
      : `: data or arithmetic if one ${my.unit} is one update, an instability as well if it is many`;
  }
  return { follows: said + could, advice: `halve η and log every step before ${at}`, test: SAME };
}

/** 6, before growth, since a burst at the end is one: ln L walks up and down without a drift. */
export function bursts(my) {
  const times = my.smooth ? null : walks.read(my.noise.u);
  if (times === null) return null;
  const top = argmax(my.x);
  const high = my.x[top] / median(my.x.slice(0, 5).map(Math.abs));
  return {
    cause: "bursts",
    since: my.step(0),
    lostAt: my.step(top),
    happened: `the loss blew up ${times} times and returned, at most to ${g(high, 3)} times its start at ${my.where(top)}`,
    follows: "so η is near the threshold of these minibatches: a typical run comes back, the mean of many does not",
    advice: "halve η, or take larger minibatches",
    test: "at half η bursts from the rate end, those from bad data come at the same samples",
  };
}

/** 3, 4 and 7: growth to the end, beyond the noise; what its factor means. */
export const grows = (my) => my.grown && { cause: "diverging", ...growth(my) };

function growth(my) {
  const { grown: own, onset: row, x } = my;
  const highest = max(x.slice(0, own.since));
  const out = x.findLastIndex((loss) => loss <= highest) + 1;
  const answer = { since: my.step(row), lostAt: out < x.length ? my.step(out) : null };
  if (my.curvature && my.curvature.misfit < 1.5) return { ...answer, ...scheduled(my, row) };
  if (my.factor && my.factor[0] > 0) return { ...answer, ...factorOf(my, row) };
  const jumped = `, to ${howHigh(own.lowest, my.end)} its lowest`;
  const more = { steeper: ", faster than one exponential", slower: ", slower than one exponential", jump: jumped }[own.kind] ?? "";
  return {
    ...answer,
    happened: `the loss grows from ${my.where(row)} on${more}`,
    follows: `so ηλ cannot be read off${WHY[own.kind] ?? ""}`,
    advice: `halve η or clip the gradient${before(my, row)}`,
    test: own.kind === "slower" ? OVERFITS : SAME,
  };
}

function factorOf(my, row) {
  const [slope, error] = my.factor;
  const [r, low, high] = [slope, slope - error, slope + error].map(Math.exp);
  const answer = {
    factor: r,
    factorInterval: [low, high],
    happened: `the loss grows ${g(r, 4)}-fold ${my.each} from ${my.where(row)} on (95 %: ${g(low, 4)} to ${g(high, 4)})`,
  };
  const { limit, curvature, etaLambda } = my.meaning;
  const [product, least, most] = [r, Math.max(low, 1), high].map((v) => etaLambda(v ** 0.5));
  const enough = (1.2 * product) / limit;
  if (my.curve.per !== "update") { // of more updates a row the same growth asks for less
    return {
      ...answer,
      follows: every(my),
      advice: `halve η until it no longer grows${before(my, row)}`,
      test: `if it still grows at η divided by ${g(Math.max(enough, 2), 3)}, ${STILL}`,
    };
  }
  const whose = my.named ? `of the ${curvature} where it grows, above its limit ${g(limit, 4)}` : `where it grows, above the limit ${g(limit, 4)} of plain gradient descent`;
  return {
    ...answer,
    etaLambda: product,
    etaLambdaInterval: [least, most],
    divideBy: product / limit,
    follows: `so ηλ ≈ ${g(product, 4)} (${g(least, 4)} to ${g(most, 4)}) ${whose}${passed(my, product)}`,
    advice: `divide η by more than ${g(product / limit, 4)}, say ${g(enough, 3)}${before(my, row)}`,
    test: `if it still grows then, ${STILL}`,
  };
}

/** Where to start again: what grew may have left for where it is steeper. */
const before = (my, row) => (row ? `, from before ${my.where(row)}` : "");

/** The step where a changing rate passed its limit, if λ was then what it is at the end. */
function passed(my, product) {
  const eta = my.curve.rates;
  if (!eta || rates.constant(eta) || !(last(eta) > 0)) return "";
  const limit = (last(eta) * my.meaning.limit) / product;
  const low = eta.findLastIndex((own) => own <= limit);
  return low < 0 ? "" : `; η passed its limit there, ${g(limit, 4)}, at ${my.where(Math.min(low + 1, eta.length - 1))}`;
}

function scheduled(my, row) {
  const { value, passed: over, error } = my.curvature;
  const product = value * last(my.curve.rates);
  const [low, high] = [product * (1 - error), product * (1 + error)];
  return {
    factor: (1 - product) ** 2,
    etaLambda: product,
    divideBy: product / 2,
    factorInterval: [(1 - low) ** 2, (1 - high) ** 2],
    etaLambdaInterval: [low, high],
    happened: `the loss grows from ${my.where(row)} on`,
    follows:
      `the rates of the log put λ at ${g(value, 4)} where it grows, so the limit is 2/λ = ${g(2 / value, 4)}` +
      `${over === null ? "" : `, passed at ${my.where(over)}`}, and ηλ ≈ ${g(product, 4)} at the end`,
    advice: `keep η below ${g(2 / value, 4)}`,
    test: "hold η where it was before it passed: the loss no longer grows",
  };
}
