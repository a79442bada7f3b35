// Replays runs that lrsim made: problems as JSON on standard input, what the kernel makes of them on standard output.
import { readFileSync } from "node:fs";
import { descend, expectedLosses, turnaroundStep } from "../../docs/explorables/kernel.js";

const said = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const answers = JSON.parse(readFileSync(0, "utf8")).map((problem) => {
  const { losses, iterates, etas, divergedAt, regime, modes } = descend(problem);
  const expected = problem.optimizer ? null : expectedLosses({ ...problem, noise: 0.3 });
  const turn = typeof problem.eta === "number" ? turnaroundStep(problem.curvatures, modes[0], problem.eta) : null;
  return { losses, iterates, etas, divergedAt, regime, expected, turn };
});
process.stdout.write(JSON.stringify(answers, said));
