// Bundles docs/explorables into the folder given: hashed files, one part an element and what they share, workers alone;
// what stands in a folder of its own shares nothing with the others, which would cut what they share into more files.
// Prints the names of the two entries.
import { build, transform } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

process.on("uncaughtException", (error) => {
  if (!error.errors) console.error(error); // a build that failed has said why
  process.exit(1);
});
const [source, target] = process.argv.slice(2);
const elements = readdirSync(source, { recursive: true }).filter((name) => /(^|\/)lr-[^/]*\.js$/.test(name)).sort();
const part = (tag, path) => `"${tag}": () => import("./${path}")`;
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
    // a path from here, since names are hashed of it: those of a build must not depend on where the project lies
    onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({ path: relative(source, join(resolveDir, path.split("?")[0])), namespace: "worker" }));
    onLoad({ filter: /./, namespace: "worker" }, async ({ path }) => {
      const { outputFiles } = await build({ ...usual, entryPoints: [join(source, path)], write: false });
      return { contents: outputFiles[0].contents, loader: "file" };
    });
  },
};
const usual = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "error" };
const names = { entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]" };
const made = new Map(); // each file with the source that it is the entry of, if any

async function bundle(given) {
  const { metafile } = await build({ ...usual, ...names, splitting: true, outdir: target, plugins: [styles, workers], metafile: true, ...given });
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) made.set(basename(path), entryPoint);
}

for (const folder of new Set(elements.map(dirname))) {
  if (folder !== ".") await bundle({ entryPoints: elements.filter((name) => dirname(name) === folder).map((name) => join(source, name)) });
}
const apart = [...made].filter(([, from]) => from && basename(from).startsWith("lr-"));
const parts = elements.filter((name) => dirname(name) === ".").map((name) => part(basename(name, ".js"), name));
await bundle({
  entryPoints: [join(source, "embed.js")],
  stdin: {
    contents: `import { start } from "./load.js"; start({ ${[...parts, ...apart.map(([name, from]) => part(basename(from, ".js"), name))].join(", ")} });`,
    resolveDir: source,
    sourcefile: "site.js",
  },
  external: apart.map(([name]) => `./${name}`),
});
for (const name of readdirSync(target)) if (name.endsWith(".js") && !made.has(name)) rmSync(join(target, name));
const named = (start) => [...made.keys()].find((name) => name.startsWith(`${start}-`));
process.stdout.write(JSON.stringify({ site: named("stdin"), embed: named("embed") }));
