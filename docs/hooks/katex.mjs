// Formulas in, HTML out: reads [[tex, display], ...] as JSON on standard input and writes the rendered strings.
import { readFileSync } from "node:fs";
import katex from "../../node_modules/katex/dist/katex.mjs";

const formulas = JSON.parse(readFileSync(0, "utf8"));
const html = formulas.map(([tex, displayMode]) =>
  katex.renderToString(tex, { displayMode, strict: "error", throwOnError: true, output: "htmlAndMathml" }),
);
process.stdout.write(JSON.stringify(html));
