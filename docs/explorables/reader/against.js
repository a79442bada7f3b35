// Question 10: two logs against each other: their plateaus, and the steps that they take to one loss.
import { last, min, smoothed } from "./arrays.js";
import { Case, curve } from "./case.js";
import * as flat from "./flat.js";
import { medianWidth } from "./growth.js";
import { Refused, g } from "./text.js";

/** {difference, error, loss, ratio, said} of two logs, one an update a row, as lrsim.diagnosis.compare. */
export function compare(one, other) {
  const cases = [one, other].map((log) => new Case(curve(log)));
  cases.forEach(({ x }, i) => {
    if (x.length < 4) throw new Refused(`${["one", "other"][i]} must have at least 4 finite losses, got ${x.length}`);
  });
  const ends = cases.map((my) => flat.read(my.x, my.curve.t, last(my.noise.share), my.quasiconvex));
  const levels = cases.map((my) => (my.quasiconvex ? my.x : smoothed(my.x, medianWidth(my.x.length))));
  const loss = Math.max(...levels.map(min));
  const times = cases.map(({ curve: { t } }, i) => t[Math.max(levels[i].findIndex((level) => level <= loss), 0)] - t[0]);
  const ratio = Math.min(...times) > 0 ? times[0] / times[1] : null;
  const flatBoth = !ends.some((end) => end.falls);
  const [difference, error] = flatBoth ? [ends[0].level - ends[1].level, Math.hypot(ends[0].levelError, ends[1].levelError)] : [null, null];
  return { difference, error, loss, ratio, said: sentence(difference, error, loss, ratio) };
}

function sentence(difference, error, loss, ratio) {
  const said = [];
  if (difference !== null) {
    const sure = Math.abs(difference) > 2 * error ? "" : ", within the noise";
    said.push(`its plateau is ${difference < 0 ? "" : "+"}${g(difference, 4)} ± ${g(error, 2)} from the other's${sure}`);
  }
  if (ratio !== null) said.push(`it takes ${g(ratio, 3)} times the steps of the other to a loss of ${g(loss, 4)}`);
  const text = said.join(", and ") || "the two have no loss in common that both come down to";
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
