// `diagnose`: the questions in their order; the first that answers, answers: lrsim.diagnosis, without two logs at once.
import { last } from "./arrays.js";
import { Case, curve } from "./case.js";
import { bursts, grows, lost } from "./growing.js";
import { jump, slowlyBack } from "./jumping.js";
import { end, few, nothing } from "./quiet.js";
import { cycle, ringing, spike } from "./swinging.js";
import { g } from "./text.js";

const QUESTIONS = [lost, nothing, few, bursts, grows, ringing, spike, cycle, jump, slowlyBack, end];
const LOST = ["diverging", "diverged to nan", "lost without growth", "bursts"];

/**
 * What happened to the run of a log {losses, steps, rates, row}, in lrsim's words, its names in camelCase; `looked` is
 * what the questions looked at. `optimizer` is {name, beta}, plain gradient descent without; `every`: updates a row.
 */
export function diagnose(log, { optimizer = null, every = null } = {}) {
  const my = new Case(curve(log, every), optimizer);
  let answer = null;
  for (const question of QUESTIONS) if ((answer = question(my))) break;
  const { gaps, first } = my.ending;
  const said = gaps === 1 ? "a row in between is not finite, at" : `${gaps} rows in between are not finite, first at`;
  if (gaps) answer.happened += `; ${said} ${my.whole.word} ${g(my.whole.at[first ?? 0], 10)}`;
  const { shape, convex, tolerance, floor, rulesOut, reason, turn } = my.shape;
  const none = { since: null, lostAt: null, factor: null, etaLambda: null, divideBy: null, factorInterval: null, etaLambdaInterval: null, noise: null, advice: "", test: "", follows: "" };
  const noise = my.x.length > 2 ? { noise: my.smooth ? 0 : last(my.noise.share) } : {};
  const seen = { shape, convex, tolerance, floor, rulesOut, reason, turn: turn === null ? null : my.whole.at[turn] };
  const found = { ...none, ...seen, ...noise, ...answer, per: my.whole.per, looked: my };
  return { ...found, lost: LOST.includes(found.cause), said: sentences(found) };
}

/** Three short sentences: what happened, what follows, what to do. */
function sentences({ happened, follows, advice, test }) {
  const parts = [happened, follows, [advice, test].filter(Boolean).join("; ")].filter(Boolean);
  return parts.map((part) => `${part[0].toUpperCase()}${part.slice(1)}.`);
}
