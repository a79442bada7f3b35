// Diagnoses logs as the browser does: [log, options] as JSON on standard input, what was found on standard output.
import { readFileSync } from "node:fs";
import { diagnose } from "../../docs/explorables/reader/questions.js";

const shown = (key, value) => (key === "looked" ? undefined : typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const answers = JSON.parse(readFileSync(0, "utf8")).map(([log, options]) => diagnose({ ...log, losses: log.losses.map(Number) }, options));
process.stdout.write(JSON.stringify(answers, shown));
