// What is left: the run falls, is flat, rises a little, or is too short to tell.
import { argmax, argmin, diff, last, median, smoothed, span } from "./arrays.js";
import { ENOUGH } from "./case.js";
import * as flat from "./flat.js";
import { OVERFITS, SAME, SLOW, every, halve } from "./growing.js";
import * as rates from "./rates.js";
import { ragged } from "./ringing.js";
import { g } from "./text.js";

const AGAIN = "start again at half η: if it comes back to this level, look at the labels and at the gradient norm";

/** 2: too few rows for their noise, unless they blew up. */
export function few(my) {
  const rows = my.x.length;
  if (my.grown || (my.quasiconvex && rows >= 4) || rows >= ENOUGH) return null;
  return {
    cause: "cannot tell",
    happened: `${rows} row${rows === 1 ? " is" : "s are"} too few to tell, ${ENOUGH} are the least with noise`,
    test: "log on",
  };
}

/** A loss that is exactly 0 from one row to the next. */
export function nothing(my) {
  const { x } = my;
  const left = x.filter(Boolean);
  const from = x.findLastIndex(Boolean) + 1;
  if (x.length - from < 3 || (left.length && Math.abs(x[from - 1]) < 0.1 * median(left.map(Math.abs)))) return null;
  return {
    cause: "cannot tell",
    since: my.step(from),
    happened: `the loss is exactly 0 from ${my.where(from)} on`,
    follows: "some trainers write 0 where it is not finite; else it has no labels, or too few data to be wrong",
    test: "look at the gradient norm there: where that is not finite or 0, nothing is learned any more",
  };
}

/** 9: what is left: it falls, or is flat. */
export function end(my) {
  const { x, quasiconvex, shape, curve } = my;
  const trend = flat.read(x, curve.t, last(my.noise.share), quasiconvex);
  if (quasiconvex && shape.turn === null && shape.shape === "rising") return rises(my, 0);
  if (quasiconvex && shape.turn !== null && trend.share < 0) return rises(my, shape.turn);
  if (trend.rises) return rises(my, argmin(smoothed(x, Math.min(21, Math.floor(x.length / 6) | 1))));
  const drop = curve.rates && rates.drop(curve.rates, x);
  const answer = { ...(trend.falls && !drop ? falling(my, trend) : plateau(my, trend, drop)), ...shrinks(my) };
  if (my.teeth) {
    answer.happened += `, with teeth every ${my.teeth} rows`;
    answer.follows += "; teeth of an epoch come from the log or the order of the data, not from the rate";
  }
  return answer;
}

function rises(my, row) {
  const slower = my.growth?.kind === "slower" && my.growth.slope === null;
  const how = slower ? "slower than one exponential" : "too little to tell whether as an exponential";
  return {
    cause: "cannot tell",
    since: my.step(row),
    happened: `the loss rises from ${my.where(row)} on, by ${g(my.end - my.x[row], 3)}, ${how}`,
    follows: `a rate above its limit makes it grow exponentially; ${SLOW}`,
    test: OVERFITS,
  };
}

function falling(my, { start, middle, end: now }) {
  const top = argmax(my.x);
  if (now > start && !my.quasiconvex) {
    return {
      cause: "falling",
      happened:
        `the loss falls now, from ${g(middle, 4)} to ${g(now, 4)} over the last half, ` +
        `after a rise from ${g(start, 4)} to ${g(my.x[top], 4)} at ${my.where(top)}`,
      follows: "a rate too high for the start throws it up so, and so does a bad minibatch",
      advice: "a longer warmup, a lower peak rate or clipping",
      test: SAME,
    };
  }
  return {
    cause: "falling",
    happened: `the loss falls, from ${g(start, 4)} to ${g(now, 4)}, and from ${g(middle, 4)} over the last half`,
    follows: "nothing here says that η is too high, and a higher one may be faster",
    test: "a short run at twice η: faster, or above the limit",
  };
}

/** The factor of an end that shrinks without noise, and both ηλ that give it. */
function shrinks(my) {
  if (!my.factor || my.factor[0] >= 0) return {};
  const [slope, error] = my.factor;
  const [r, low, high] = [slope, slope - error, slope + error].map(Math.exp);
  const [found, said] = [{ factor: r, factorInterval: [low, high] }, `at its end it shrinks to ${g(r, 4)} ${my.each}`];
  if (my.curve.per !== "update") return { ...found, follows: `${said}; ${every(my)}` };
  if (my.named) return { ...found, follows: said };
  const pair = [1 - r ** 0.5, 1 + r ** 0.5];
  return { ...found, etaLambda: pair, follows: `${said}, so ηλ ≈ ${g(pair[0], 4)} or ${g(pair[1], 4)} of the mode seen there: both give one and the same curve` };
}

function plateau(my, trend, dropped) {
  const answer = {
    cause: "plateau",
    since: my.step(trend.since),
    happened: `the loss is flat from ${my.where(trend.since)} on, at ${g(trend.level, 4)} ± ${g(trend.levelError, 2)}`,
    follows: "a noise floor, a saddle and a rate too small look alike",
    advice: "if it is a floor, decay η, average the iterates or take larger minibatches",
    test: halve("a floor sinks, a rate too small falls more slowly, a saddle changes little"),
  };
  if (dropped) {
    const { levels, errors, row, limit } = dropped;
    return {
      ...answer,
      since: my.step(0),
      happened: `the loss is flat at ${g(levels[0], 4)}, and at ${g(levels[1], 4)} ± ${g(errors[1], 2)} since the rate dropped at ${my.where(row)}`,
      follows: `so it is a noise floor: with η → 0 it would be ${g(limit, 4)}`,
      advice: "decay η further, average the iterates or take larger minibatches",
      test: halve("the floor sinks again"),
    };
  }
  const said = !my.teeth && flat.known(trend.level, trend.levelError);
  if (said) return { ...answer, follows: said, advice: "", test: AGAIN };
  const { t, per } = my.curve;
  const c = my.smooth || my.teeth || per !== "update" ? null : ragged(my.x.slice(trend.since));
  if (c === null || span(diff(t)) !== 0 || t[1] - t[0] !== 1) return answer;
  return { ...answer, follows: `${answer.follows}; if it is one mode's floor, its memory c = ${g(c, 2)} puts ηλ at ${g(1 - c ** 0.5, 2)} or ${g(1 + c ** 0.5, 2)}` };
}
