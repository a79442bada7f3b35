// What the reader carries away: a link, a program, the data, the picture, an embed code.
import { picture } from "./picture.js";
export { python } from "./python.js";

export async function copied(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    return `${what} copied.`;
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    const from = document.activeElement;
    box.className = "lr-hidden";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    from.focus({ preventScroll: true });
    return done ? `${what} copied.` : `Copying was refused: ${text}`;
  }
}

export const copyLink = (host) => copied(location.origin + location.pathname + host.query() + `#${host.id}`, "Link");
export const copyPython = async (host) => copied((await programs(host)).join("\n"), "Python");

/** One program a run that is shown; the first prints the final loss of what the reader set. */
export const programs = (host) => Promise.all(host.problems().map((_, i) => host.program(i)));

export function copyEmbed(host) {
  const address = new URL(`${root()}explorables/${host.id}/`, location.href);
  address.search = host.query();
  const title = host.constructor.words.title;
  return copied(
    `<iframe src="${address}" title="${title}" width="100%" height="760" loading="lazy" style="border:0" allow="clipboard-write; fullscreen"></iframe>`,
    "Embed code",
  );
}

/** Where the site begins, as seen from this script, whatever page it is on. */
const root = () => new URL("../../../", import.meta.url).href;

function save(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  return `${name} saved.`;
}

export function csv(host) {
  const runs = host.runs;
  const head = ["step", ...runs.flatMap((run, i) => ["eta", "loss", ...run.iterates[0].map((_, j) => `w${j + 1}`)].map((c) => `${c} of run ${i + 1}`))];
  const longest = Math.max(...runs.map((run) => run.losses.length));
  const rows = Array.from({ length: longest }, (_, t) =>
    [t, ...runs.flatMap((run) => [run.etas[t] ?? "", run.losses[t] ?? "", ...(run.iterates[t] ?? [])])].join(","),
  );
  return [head.join(","), ...rows, ""].join("\n");
}

export const saveCsv = (host) => save(`${host.id}.csv`, csv(host), "text/csv");
export const saveSvg = async (host) => save(`${host.id}.svg`, await picture(host), "image/svg+xml");

export async function savePng(host) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(await picture(host))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 2, height: image.height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return save(`${host.id}.png`, await new Promise((resolve) => canvas.toBlob(resolve)), "image/png");
}
