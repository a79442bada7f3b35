// Question 6: a loss that blows up and returns, again and again: minibatches near the threshold.
import { diff, mean, smoothed, span, std } from "./arrays.js";

const TALL = 4; // factors of e of a burst
const OFTEN = 3; // and how many of them are no chance
const DRIFT = 4; // standard errors of the mean change of ln L, above which it leaves for good

/** How many times ln L rises by four and more between returns as far; null where that is no walk without drift. */
export function read(u) {
  const legs = legsOf(smoothed(u, 3));
  const changes = diff(u);
  return legs < OFTEN || mean(changes) > (DRIFT * std(changes)) / changes.length ** 0.5 ? null : legs;
}

function legsOf(u) {
  if (span(u) < TALL) return 0;
  let [low, high, up, count] = [u[0], u[0], false, 0];
  for (const value of u) {
    if (up) {
      high = Math.max(high, value);
      if (value < high - TALL) [up, low] = [false, value];
    } else {
      low = Math.min(low, value);
      if (value > low + TALL) [up, high, count] = [true, value, count + 1];
    }
  }
  return count;
}
