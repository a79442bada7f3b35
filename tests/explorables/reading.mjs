// Reads logs as the browser does: [text, options] as JSON on standard input, what was read on standard output.
import { readFileSync } from "node:fs";
import { parsed, said } from "../../docs/explorables/reader/reading.js";
import { Refused } from "../../docs/explorables/reader/text.js";

const shown = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const answers = JSON.parse(readFileSync(0, "utf8")).map(([text, options]) => {
  try {
    const log = parsed(text, options);
    return { ...log, said: said(log) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.message };
  }
});
process.stdout.write(JSON.stringify(answers, shown));
