// What the η slider's track shows: ln L after T steps over the rate, the rest of the problem as it is. No DOM.
import { bowl, descend, expectedLosses, logFinalLosses, logSum, rate } from "./kernel.js";
import { isSchedule, withPeak } from "./state.js";

const RATES = 240; // points of the track, fewer where each is a simulation
const SIMULATED = 40_000; // steps for a whole track

const simulates = ({ eta, optimizer, noise }) => Boolean(optimizer || noise || isSchedule(eta));

/** The rates from 0 to `reach` at which the track is computed. */
export function rates(problem, reach) {
  const count = simulates(problem) ? Math.max(60, Math.min(RATES, Math.round(SIMULATED / problem.steps))) : RATES;
  return Array.from({ length: count + 1 }, (_, i) => (reach * i) / count);
}

/** ln L after `steps` at each of `etas`: exact for gradient descent, expected under noise. */
export function leftAt(problem, etas) {
  const { curvatures, angle, start, eta, steps, optimizer, noise } = problem;
  const at = (value) => ({ ...problem, noise: optimizer ? 0 : noise, eta: withPeak(eta, value) });
  if (optimizer) return etas.map((value) => Math.log(descend(at(value)).losses.at(-1)));
  if (noise) return etas.map((value) => Math.log(expectedLosses(at(value)).at(-1)));
  const x = bowl(curvatures, angle).toModes(start);
  if (!isSchedule(eta)) return logFinalLosses(curvatures, x, etas, steps);
  const unit = withPeak(eta, 1);
  const shape = Array.from({ length: steps }, (_, t) => rate(unit, t));
  return etas.map((value) => scheduled(curvatures, x, value, shape));
}

function scheduled(curvatures, x, value, shape) {
  return logSum(
    curvatures.map((curvature, i) =>
      shape.reduce((log, part) => log + 2 * Math.log(Math.abs(1 - value * part * curvature)), Math.log(curvature / 2) + 2 * Math.log(Math.abs(x[i]))),
    ),
  );
}
