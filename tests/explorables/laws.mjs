// What holds for every run of the kernel; run by `node --test`.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import * as kernel from "../../docs/explorables/kernel.js";
import { apart, percent } from "../../docs/explorables/numbers.js";
import { withPeak } from "../../docs/explorables/state.js";
import { leftAt } from "../../docs/explorables/track.js";

const real = (min, max) => fc.double({ min, max, noNaN: true });
const problem = fc.record({
  curvatures: fc.tuple(real(0.01, 2), real(0.5, 50)),
  angle: real(-3, 3),
  start: fc.tuple(real(-10, 10), real(-10, 10)),
  steps: fc.integer({ min: 1, max: 120 }),
  share: real(0.001, 0.999), // of 2/λ_max
});
const law = (title, arbitraries, holds) =>
  test(title, () => fc.assert(fc.property(...[arbitraries].flat(), holds), { numRuns: 200, seed: 20 }));
const close = (a, b, size = Math.abs(b)) => Math.abs(a - b) <= 1e-9 * size + 1e-300;
const run = (p, eta) => kernel.descend({ ...p, eta });

law("below the threshold the loss falls at every step", problem, (p) => {
  const { losses } = run(p, p.share * kernel.threshold(p.curvatures));
  return losses.every((loss, t) => t === 0 || loss <= losses[t - 1] * (1 + 1e-12));
});
law("at constant η the loss is convex in t, whatever η", [problem, real(0, 3)], (p, factor) => {
  const { losses } = run(p, factor * kernel.threshold(p.curvatures));
  return losses.every((loss, t) => t < 2 || losses[t - 1] <= (loss + losses[t - 2]) / 2 * (1 + 1e-9));
});
law("every mode is the product of its factors under any schedule", [problem, real(0, 1), real(0, 0.5)], (p, eta0, k) => {
  const { modes, etas } = run(p, { schedule: "inverse_time", eta0, k });
  return p.curvatures.every((curvature, i) => {
    const product = etas.reduce((x, eta) => x * (1 - eta * curvature), modes[0][i]);
    return close(modes.at(-1)[i], product, Math.max(Math.abs(product), 1e-12 * Math.abs(modes[0][i])));
  });
});
law("η and 2/λ - η give one mode the same losses", [real(0.1, 10), real(0.01, 0.99)], (curvature, share) => {
  const at = (eta) => kernel.descend({ curvatures: [curvature], start: [1], eta, steps: 20 }).losses;
  const mirrored = at((2 - 2 * share) / curvature);
  return at((2 * share) / curvature).every((loss, t) => Math.abs(loss - mirrored[t]) <= 1e-9 * curvature);
});
law("turning the bowl and its start together changes no loss", problem, (p) => {
  const eta = p.share * kernel.threshold(p.curvatures);
  const { losses } = run({ ...p, angle: 0 }, eta);
  const turned = run({ ...p, start: kernel.bowl(p.curvatures, p.angle).fromModes(p.start) }, eta).losses;
  return losses.every((loss, t) => Math.abs(loss - turned[t]) <= 1e-9 * losses[0]);
});
law("exact modes and plain iteration agree below the threshold", problem, (p) => {
  const eta = p.share * kernel.threshold(p.curvatures);
  const { losses } = run(p, eta);
  const plain = kernel.descend({ ...p, eta, method: "iterate" }).losses;
  return losses.every((loss, t) => Math.abs(loss - plain[t]) <= 1e-9 * losses[0]);
});
law("the predicted turnaround is where the loss is lowest", [problem, real(1.01, 2)], (p, factor) => {
  const eta = factor * kernel.threshold(p.curvatures);
  const { losses, modes } = run(p, eta);
  const turn = kernel.turnaroundStep(p.curvatures, modes[0], eta);
  if (turn === null || turn > p.steps) return true;
  return losses.every((loss) => losses[turn] <= loss * (1 + 1e-9));
});
law("the track is the loss of the runs it stands for", problem, (p) => {
  const eta = p.share * kernel.threshold(p.curvatures);
  const { losses, modes } = run(p, eta);
  const [log] = kernel.logFinalLosses(p.curvatures, modes[0], [eta], p.steps);
  return losses.at(-1) === 0 || losses.at(-1) < 1e-290 || Math.abs(log - Math.log(losses.at(-1))) < 1e-6;
});
law("without noise the expected loss is the loss; with it, it ends at the floor", problem, (p) => {
  const eta = p.share * kernel.threshold(p.curvatures) * 0.9;
  const { losses } = run(p, eta);
  const quiet = kernel.expectedLosses({ ...p, eta });
  assert(losses.every((loss, t) => close(quiet[t], loss, losses[0])));
  const slowest = Math.min(...p.curvatures.map((curvature) => Math.min(eta * curvature, 2 - eta * curvature)));
  const steps = Math.ceil(20 / slowest);
  if (steps > 2e4) return true;
  const end = kernel.expectedLosses({ ...p, eta, steps, noise: 1 }).at(-1);
  const floor = p.curvatures.map((curvature) => kernel.noiseFloor(curvature, eta, 1)).reduce((a, b) => a + b);
  return Math.abs(end - floor) <= 1e-6 * floor;
});
test("a regime changes exactly at 1/λ and 2/λ", () => {
  const names = [0, 0.04, 0.05, 0.0501, 0.1, 0.1001].map((eta) => kernel.regime(eta, 20));
  assert.deepEqual(names, ["frozen", "monotone", "monotone", "oscillating", "marginal", "diverging"]);
});
law("the track of a schedule hangs on its shape, not on where its slider stands", [problem, real(0, 1), real(0, 0.2)], (p, k, eta0) => {
  const eta = { schedule: "inverse_time", eta0: 1, k };
  const [here, there] = [0, 0.3].map((peak) => leftAt({ ...p, eta: withPeak(eta, peak) }, [eta0])[0]);
  return here === there;
});
law("a share is called all only if it is all", real(0.9, 1.1), (share) => (percent(share) === "100\u00a0%") === (Math.abs(share - 1) < 5e-9));
law("rates that differ are written differently", [real(0.001, 1), real(1e-6, 1)], (rate, more) => new Set(apart([rate, rate * (1 + more)])).size === 2);
