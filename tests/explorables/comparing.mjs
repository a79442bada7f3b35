// Compares logs as the browser does: pairs of them as JSON on standard input, what was found on standard output.
import { readFileSync } from "node:fs";
import { compare } from "../../docs/explorables/reader/against.js";

const read = (log) => ({ ...log, losses: log.losses.map(Number) });
const answers = JSON.parse(readFileSync(0, "utf8")).map((pair) => {
  try {
    return compare(...pair.map(read));
  } catch (error) {
    return { refused: error.message };
  }
});
process.stdout.write(JSON.stringify(answers, (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value)));
