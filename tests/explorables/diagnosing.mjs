// Diagnoses logs as the browser does: [log, options] as JSON on standard input, what was found on standard output.
import { readFileSync } from "node:fs";
import { bowlOf } from "../../docs/explorables/reader/bowl.js";
import { picture } from "../../docs/explorables/reader/picture.js";
import { diagnose } from "../../docs/explorables/reader/questions.js";

const shown = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const answers = JSON.parse(readFileSync(0, "utf8")).map(([log, { drawn, ...options }]) => {
  const { looked, ...found } = diagnose({ ...log, losses: log.losses.map(Number) }, options);
  return drawn ? { ...found, plot: picture(found, looked), bowl: bowlOf(found, looked) } : found;
});
process.stdout.write(JSON.stringify(answers, shown));
