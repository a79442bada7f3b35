// What the digits of a curve show: what plain gradient descent at a constant rate can and cannot have done.
import { diff, highestSo, map, max, min, span } from "./arrays.js";
import { EXACT, SHORT, endRatio, isConvex, monotone, quasiconvex, roundOff } from "./exact.js";
import { g } from "./text.js";

const FLOOR = 1e-13; // of the largest loss so far: round-off of a loss computed as a difference
const NEAR = { [EXACT]: 2e-14, [SHORT]: 1e-5 }; // round-off of the distance to the minimum, of the largest distance so far
const FEWEST = 4; // losses, an overflow counted as two, below which any shape could be chance
const QUADRATIC = "full-batch gradient descent at a constant η on a convex quadratic";

/** {shape, ratio, turn, convex, tolerance, floor, rulesOut, reason}; a tail of inf or nan after growth is an overflow. */
export function read(recorded) {
  const bad = recorded.findIndex((loss) => !Number.isFinite(loss));
  const end = bad < 0 ? recorded.length : bad;
  const overflow = bad >= 0;
  if (end + 2 * overflow < FEWEST || end < 2) return unknown(0, `${end} finite losses are too few, ${FEWEST} are the least`);
  const curve = recorded.slice(0, end);
  const [relative, unit] = roundOff(curve);
  if (recorded.slice(end).some(Number.isFinite)) return unknown(relative, `the loss is not finite at row ${end} and finite again later`);
  const slack = map(curve, (loss) => relative * Math.abs(loss));
  const spent = spentOn(map(curve, Math.abs), NEAR[relative < SHORT ? EXACT : SHORT]);
  let [floor, turns] = [0, monotone(curve, slack)];
  if (!quasiconvex(turns)) {
    // is it only a tremble where the digits end?
    const share = max(unit) <= 1e-3 * span(curve) ? 0.6 : 0;
    const tremble = spent.map((own, i) => own + share * unit[i]);
    const calm = monotone(curve, slack.map((own, i) => own + tremble[i]));
    if (quasiconvex(calm)) [floor, turns] = [max(tremble), calm];
  }
  if (overflow && !turns.at(-1)?.[1]) return unknown(relative, `the loss is not finite at row ${end} without having grown before`);
  if (!quasiconvex(turns)) return wiggling(turns, relative, floor);
  const doubt = slack.map((own, i) => own + spent[i] + unit[i] / 2);
  const convex = isConvex(curve, doubt);
  if (turns.length === 2 && turns[1][0] === end - 2 && !convex && !overflow) {
    return unknown(relative, "only the last loss rises, after a fall too uneven for one rise to mean much");
  }
  return smooth(turns, diff(curve), turns.length ? endRatio(curve, doubt) : null, convex, relative, floor);
}

/** What round-off in the loss and in the weights makes of a curve that comes down from high above. */
function spentOn(size, near) {
  const highest = highestSo(size);
  return size.map((own, i) => FLOOR * highest[i] + near * (2 * Math.sqrt(own) * Math.sqrt(highest[i]) + near * highest[i]));
}

function wiggling(turns, relative, floor) {
  const [peak] = turns.find(([step, up]) => !up && step);
  const hump = turns.filter(([, up]) => !up).length - Number(!turns[0][1]) === 1;
  const rulesOut =
    `Plain ${QUADRATIC} cannot do that to the loss it descends: look for a schedule that crosses 2/λ_max, ` +
    "momentum, minibatch or other noise, a loss that is not quadratic, or a curve of another loss than the one " +
    "descended (validation, or without its penalty).";
  const reason = `it rises and then falls again${hump ? "" : ", first"} at row ${peak}`;
  return { shape: "wiggling", ratio: null, turn: null, convex: false, tolerance: relative, floor, rulesOut, reason };
}

function smooth(turns, changes, end, convex, tolerance, floor) {
  const shape = turns.map(([, up]) => (up ? "rising" : "falling")).join(" then ") || "level";
  const grows = turns.at(-1)?.[1] === true;
  const ratio = end && grows === end[0] > 0 ? end : null;
  const sizes = changes.map(Math.abs);
  let reason = shape === "level" ? "it does not move by more than round-off" : "its end does not show one exponential";
  if (ratio) reason = `at its end it ${grows ? "grows" : "shrinks"} by ${g(Math.exp(ratio[0]), 4)} a row`;
  else if (shape !== "level" && convex && sizes.length > 2 && max(sizes) < 1.1 * min(sizes)) reason = "so far a straight line, as every exponential begins";
  const turn = turns.length === 2 ? turns[1][0] : null;
  return { shape, ratio, turn, convex, tolerance, floor, rulesOut: rulesOut(shape, convex, ratio !== null), reason };
}

function rulesOut(shape, convex, twins) {
  if (shape === "level") {
    return `For ${QUADRATIC} that leaves η = 0, a start at the minimum, ηλ = 2, or changes too small to see; it rules out growth that these digits would show.`;
  }
  if (!convex) {
    return (
      `L or the logarithm of its second differences is not convex, which rules out plain ${QUADRATIC}, seen in ` +
      "the loss it descends: a schedule, momentum, noise, a loss that is not quadratic or not the one descended."
    );
  }
  if (shape === "falling") {
    const said = "It rules out an η above 2/λ_max whose turn has visibly passed, not one whose turn is still to come.";
    return said + (twins ? " η and 2/λ - η give the same curve: whether it overshoots cannot be seen." : "");
  }
  return (
    `For ${QUADRATIC} that rules out any η up to 2/λ_max, if this is the loss that is descended (a validation ` +
    "loss may rise at any η); a local minimum or a rate too small cannot do it."
  );
}

const unknown = (tolerance, reason) => ({ shape: "cannot tell", ratio: null, turn: null, convex: null, tolerance, floor: 0, rulesOut: "", reason });
