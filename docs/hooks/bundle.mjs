// Bundles docs/explorables into the folder given: hashed files, one part an element and what they share, workers alone. Prints
// the names of the two entries.
import { build, transform } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

const [source, target] = process.argv.slice(2);
const elements = readdirSync(source, { recursive: true }).filter((name) => /(^|\/)lr-[^/]*\.js$/.test(name)).sort();
const parts = elements.map((name) => `"${basename(name, ".js")}": () => import("./${name}")`);
const styles = {
  name: "styles as text",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    }),
};
const workers = {
  name: "a worker as a file of its own, imported by ?worker",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.split("?")[0]), namespace: "worker" }));
    onLoad({ filter: /./, namespace: "worker" }, async ({ path }) => {
      const { outputFiles } = await build({ ...usual, entryPoints: [path], write: false });
      return { contents: outputFiles[0].contents, loader: "file" };
    });
  },
};
const usual = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "error" };
const { metafile } = await build({
  ...usual,
  entryPoints: [join(source, "embed.js")],
  stdin: { contents: `import { start } from "./load.js"; start({ ${parts.join(", ")} });`, resolveDir: source, sourcefile: "site.js" },
  splitting: true,
  outdir: target,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  plugins: [styles, workers],
  metafile: true,
});
const made = Object.keys(metafile.outputs).map((path) => basename(path));
for (const name of readdirSync(target)) if (name.endsWith(".js") && !made.includes(name)) rmSync(join(target, name));
const named = (start) => made.find((name) => name.startsWith(`${start}-`));
process.stdout.write(JSON.stringify({ site: named("stdin"), embed: named("embed") }));
