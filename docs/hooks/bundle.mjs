// Bundles docs/explorables into the folder given: hashed files, one part an element and what they share. Prints
// the names of the two entries.
import { build, transform } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

const [source, target] = process.argv.slice(2);
const elements = readdirSync(source).filter((name) => /^lr-.*\.js$/.test(name)).sort();
const parts = elements.map((name) => `"${basename(name, ".js")}": () => import("./${name}")`);
const styles = {
  name: "styles as text",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    }),
};
const { metafile } = await build({
  entryPoints: [join(source, "embed.js")],
  stdin: { contents: `import { start } from "./load.js"; start({ ${parts.join(", ")} });`, resolveDir: source, sourcefile: "site.js" },
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  target: "es2022",
  outdir: target,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  plugins: [styles],
  legalComments: "none",
  metafile: true,
  logLevel: "error",
});
const made = Object.keys(metafile.outputs).map((path) => basename(path));
for (const name of readdirSync(target)) if (name.endsWith(".js") && !made.includes(name)) rmSync(join(target, name));
const named = (start) => made.find((name) => name.startsWith(`${start}-`));
process.stdout.write(JSON.stringify({ site: named("stdin"), embed: named("embed") }));
