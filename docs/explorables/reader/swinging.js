// Runs that go up and come back: spikes, cycles, ringing.
import { diff, median } from "./arrays.js";
import { ENOUGH } from "./case.js";
import { SAME, every, halve, howHigh, whetherBack } from "./growing.js";
import * as noise from "./noise.js";
import * as rings from "./ringing.js";
import * as spikes from "./spikes.js";
import { g } from "./text.js";

const OTHERS = "or a validation, partial or smoothed loss";
const SLOW = 6; // rows, from which a period tells more than a decay

/** 8: swings of even period that die out. */
export function ringing(my) {
  const found = my.smooth ? null : rings.read(my.x, my.curve.t);
  if (!found) return null;
  const answer = {
    cause: "ringing",
    since: my.step(found.first),
    factor: found.share,
    happened: `the loss swings with a period of ${g(found.period, 3)} ${my.unit}s, and its peaks shrink to ${g(found.share, 4)} of their height ${my.each}`,
    advice: "nothing is wrong: a smaller momentum ends it sooner, a lower η does not",
    test: halve("the swings grow longer far from the limit, shorter near it"),
  };
  if (my.named && my.meaning.beta === undefined) {
    const said = "without momentum no mode of a bowl swings the loss it descends: data that repeat";
    return { ...answer, follows: `${said}, ${OTHERS}`, advice: "look for momentum, or data that repeat" };
  }
  if (my.curve.per !== "update") {
    return { ...answer, follows: `so that is momentum; ${every(my)}` };
  }
  const gap = median(diff(my.curve.t));
  return { ...answer, ...(my.meaning.name === "nesterov" ? nesterov : heavyBall)(my.meaning, found, gap, my.named) };
}

/** It rings at angles below π/2 alone, and by how fast the peaks shrink: s = β(1-ηλ). */
function nesterov({ beta, limit }, found, gap) {
  if (found.share > 1.01 * beta) {
    return { follows: `so that is momentum, but not Nesterov's with β = ${g(beta, 3)}, whose peaks shrink faster` };
  }
  let [product] = rings.products(found);
  if (gap > 1 || found.period < SLOW) product = Math.max(product, 1 - found.share / beta);
  return {
    etaLambda: product,
    follows: `so that is momentum: ηλ ≈ ${g(product, 3)} of the mode that rings (Nesterov), against its limit ${g(limit, 4)}`,
    test: halve("the swings grow longer, and the peaks shrink more slowly"),
  };
}

/** Heavy ball, Adam, whose momentum averages, or nothing named: far from the limit or near it. */
function heavyBall({ name, beta }, found, gap, named) {
  const adam = name === "adam";
  const [low, high] = rings.products(found).map((v) => v / (1 - (adam ? beta : 0)));
  const rule = adam ? "Adam" : "heavy ball";
  const said = `so that is momentum, β ≈ ${g(Math.min(found.share, 0.9999), 3)}: ηλ `;
  if (gap > 1) {
    return {
      follows: `${said}lies between ${g(low, 3)} and ${g(high, 3)} (${rule}); with ${g(gap, 4)} updates a row, how near the limit cannot be told`,
      test: "log every update for a while: that leaves two values of ηλ",
    };
  }
  return {
    etaLambda: [low, high],
    follows: `${said}≈ ${g(low, 3)} of the mode that rings, or ${g(high, 3)}, near the limit (${rule}${named ? "" : `; Nesterov: ${g(low, 3)}, and a larger β`})`,
  };
}

/** 5: far above both sides. */
export function spike(my) {
  const { x } = my;
  const found = x.length < ENOUGH || my.smooth ? null : spikes.read(x, my.sigma);
  if (!found) return null;
  const { top, first, rows, peaks } = found;
  const calm = median(x.slice(Math.max(0, first - 10), first + 1));
  const came = whetherBack(calm, x[top], median(x.slice(-3)));
  const grew = rows >= spikes.GROWING;
  const ratio = spikes.growth(x, found);
  const pace = ratio === null || ratio <= 1 ? "" : `, ${g(ratio, 2)}-fold a row`;
  const evenly = spikes.evenly(peaks);
  const often = evenly === null ? "" : `, one every ${g(evenly, 3)} rows`;
  const so = often && "; an epoch or a schedule comes as evenly";
  return {
    cause: "spike",
    since: my.step(grew ? first : peaks[0]),
    happened: `${peaks.length > 1 ? `${peaks.length} spikes${often}` : "a spike"}, the highest ${howHigh(calm, x[top])} what was before it, at ${my.where(top)}, and ${came}`,
    follows: `${grew
      ? `it grew for ${rows} rows before${pace}: an instability that ended at a flatter place (catapult, edge of stability)`
      : "too few rows lead up to it to tell a bad minibatch from an instability"}${so}`,
    advice: grew ? "a lower peak rate, a longer warmup or clipping keeps it smaller" : `log every step around ${my.where(top)}`,
    test: SAME,
  };
}

/** 2: every second loss is higher, for ever. */
export function cycle(my) {
  const share = my.smooth ? null : noise.alternates(my.noise);
  return share === null
    ? null
    : {
        cause: "two-cycle",
        since: my.step(0),
        happened: `every second loss is higher, by ${g(100 * share, 3)} %, and that goes on`,
        follows: `plain descent on a bowl cannot do that to the loss it descends: the edge of stability, data of period 2, ${OTHERS}`,
        advice: "lower η a little to settle, or average the last two iterates",
        test: halve("an edge of stability goes quiet, data of period 2 does not"),
      };
}
