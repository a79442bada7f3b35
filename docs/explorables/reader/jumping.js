// Runs that jump from one row to the next: what was learned is lost, or comes back slowly.
import { argmax, first, last, map, max, mean, median, min, span, std } from "./arrays.js";
import { ENOUGH } from "./case.js";
import * as flat from "./flat.js";
import { NOT_YET, OVERFITS, SAME, SLOW, whetherBack } from "./growing.js";
import { g } from "./text.js";

const STAYS = 10; // rows, from which on a jump has not come back
const STILL = 0.01; // of a jump: what moves by less does not move, as where a network is saturated
const BESIDE = 5; // rows on each side of a jump that tell how high it is
const MOST = 0.6; // of its height, which a jump has within as many rows

/** The end is far above what came before and neither grows nor came back, or comes back only now. */
export function jump(my) {
  const { growth: own, x } = my;
  if (!own || my.smooth || x.length < ENOUGH) return null;
  const { since, lowest, peak, back } = own;
  const end = median(x.slice(Math.max(x.length - 3, since)));
  const above = end - lowest;
  const tall = lowest > 0 ? 0.5 * lowest : 0.1 * (median(x.slice(0, 3)) - lowest); // of a loss below 0, by what it fell
  const least = Math.max(8 * my.sigma[since - 1], tall, my.wander);
  if (above < least || since < Math.floor(x.length / 4) || end < max(x.slice(Math.max(since - BESIDE, 0), since))) return null;
  const [rows, high] = [x.slice(since), x[peak] - lowest];
  const soon = median(rows.slice(0, BESIDE)) - lowest;
  const half = first(rows, (loss) => loss > lowest + Math.max(above, high) / 2);
  if (back > 0 || (x.length - peak > 3 && last(x) < x[peak] - 4 * my.sigma[peak])) {
    return half >= BESIDE ? null : { ...answer(my, since, peak, lowest, x[peak], { quick: soon > MOST * high }), cause: "spike", follows: NOT_YET };
  }
  const quick = soon > MOST * above;
  const landed = since + first(rows, (loss) => loss > lowest + (quick ? MOST : 0.9) * above);
  const seen = half < BESIDE || rows.length >= 3 * half; // else it may be half a swing
  const stay = stays(my, own, above, seen);
  const slow = quick || half < BESIDE ? stay : { advice: "", test: OVERFITS, ...stay, follows: `${stay.follows}; ${SLOW}` };
  return { ...answer(my, since, landed, lowest, end, { quick }), ...slow };
}

const answer = (my, since, top, low, high, { came = "", quick = true } = {}) => ({
  since: my.step(since),
  happened: `the loss ${quick ? "jumps" : "rises"} ${low > 0 ? `${g(high / low, 3)}-fold` : `by ${g(high - low, 3)}`} between ${my.where(since - 1)} and ${my.where(top)}${came}`,
  advice: `log every step around ${my.where(top)}, and clip or lower the peak rate`,
  test: SAME,
});

/** Whether it stays up there, and how much of what was learned is lost. */
function stays(my, { since, lowest }, above, seen) {
  const [rows, start] = [my.x.slice(since), median(my.x.slice(0, 3))];
  const still = rows.length > 3 && span(rows.slice(-3)) < STILL * above && above > 3 * span(my.x.slice(0, since));
  if ((rows.length < STAYS || !seen) && !still) return { cause: "cannot tell", follows: "whether it comes back cannot be seen yet" };
  if (!still && median(rows) - lowest <= 0.5 * (start - lowest)) {
    return { cause: "cannot tell", follows: `it stays there, for ${rows.length} rows by now: some of what was learned is lost, or the data changed` };
  }
  const said = flat.known(mean(rows), std(rows) / rows.length ** 0.5);
  return {
    cause: "diverging",
    lostAt: my.step(since),
    follows: `it stays there: what was learned is lost${said ? `; ${said}` : ""}`,
    advice: `halve η from before ${my.where(since)}, with a longer warmup or clipping`,
  };
}

/** A jump out of a calm that the loss has been coming down from ever since, as after its start. */
export function slowlyBack(my) {
  const { x, sigma } = my;
  const w = BESIDE;
  if (my.smooth || x.length < 4 * w) return null;
  const level = map(x.slice(w - 1), (_, i) => median(x.slice(i, i + w))); // of rows i to i + w
  const rises = map(level.slice(2 * w), (after, i) => after - level[i + w]);
  const at = argmax(rises.map((rise, i) => rise / sigma[2 * w - 1 + i]));
  const [row, rise, before, after] = [at + 2 * w, rises[at], level[at + w], level[at + 2 * w]];
  const end = median(x.slice(-3));
  const calm = Math.abs(before - level[at]) < 0.2 * rise;
  const near = x.slice(row - w, row + w);
  const sharp = max(near.slice(2).map((loss, i) => loss - near[i])) > 0.6 * rise;
  if (rise < Math.max(8 * sigma[row - 1], 0.5 * Math.abs(before)) || !calm || !sharp || end > after - 0.5 * rise || x.length - row < 2 * STAYS) return null;
  return {
    ...answer(my, row, row, before, after, { came: `, and ${whetherBack(before, after, end)}` }),
    cause: "spike",
    follows: "too few rows lead up to it to tell a bad minibatch from an instability",
  };
}
