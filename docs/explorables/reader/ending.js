// Question 1: whether the end is finite, and if not, whether a learning rate could have done it from where it was.
import { groups, last, most, where } from "./arrays.js";

const AGAIN = 3; // rows that are finite again, from which a run counts as going on
const LARGEST = 3.4e38; // of float32
export const CREDIBLE = 20; // growth of the loss a step on a bowl, ηλ of 5.5: more is no bowl's, but a network steepens as it grows

/** {first, lost, kept, gaps, but}: the first row that is not finite, whether it stays so, the finite rows up to there; but if some are later. */
export function read(losses) {
  const bad = where(losses, (loss) => !Number.isFinite(loss));
  if (!bad.length) return { first: null, lost: false, kept: where(losses, () => true), gaps: 0, but: false };
  const runs = groups(bad, AGAIN); // finite for three rows between two of them
  const lost = losses.length - 1 - last(last(runs)) < AGAIN;
  const end = lost ? last(runs)[0] : losses.length;
  const kept = where(losses.slice(0, end), Number.isFinite);
  return { first: !lost || runs.length > 1 ? bad[0] : last(runs)[0], lost, kept, gaps: end - kept.length, but: losses.slice(end).some(Number.isFinite) };
}

/** The float that overflows first in words, and the growth a step that leads there from `level` in `gap` steps. */
export const needed = (level, gap) => ["float32", (LARGEST / most(level, 1e-30)) ** (1 / most(gap, 1))];
