// What the reader carries away: a link, a program, the data, the picture, an embed code.

export async function copied(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    return `${what} copied.`;
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    box.className = "lr-hidden";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done ? `${what} copied.` : `Copying was refused: ${text}`;
  }
}

export const copyLink = (host) => copied(location.origin + location.pathname + host.query() + `#${host.id}`, "Link");
export const copyPython = (host) => copied(programs(host), "Python");

/** One program a run that is shown; the first prints the final loss of what the reader set. */
export const programs = (host) => host.problems().map((_, i) => host.program(i)).join("\n");

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
export const saveSvg = (host) => save(`${host.id}.svg`, picture(host), "image/svg+xml");

export async function savePng(host) {
  const source = picture(host);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 2, height: image.height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  return save(`${host.id}.png`, blob, "image/png");
}

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "paint-order", "display"];

/** The plots that are shown, one under the other, with their colours written out: it stands alone. */
export function picture(host) {
  const plots = [...host.view.querySelectorAll("svg[data-plot]")].filter((plot) => plot.dataset.plot !== "track" && plot.clientWidth);
  const names = "http://www.w3.org/2000/svg";
  const whole = document.createElementNS(names, "svg");
  let [y, width] = [0, 0];
  for (const plot of plots) {
    const copy = plot.cloneNode(true);
    const [from, to] = [plot, copy].map((node) => [node, ...node.querySelectorAll("*")]);
    from.forEach((node, i) => {
      const style = getComputedStyle(node);
      for (const name of STYLES) to[i].setAttribute(name, style.getPropertyValue(name));
      for (const name of ["class", "tabindex"]) to[i].removeAttribute(name);
    });
    const { width: w, height: h } = host.box(plot.dataset.plot);
    for (const [name, value] of Object.entries({ x: 0, y, width: w, height: h })) copy.setAttribute(name, value);
    whole.append(copy);
    [y, width] = [y + h, Math.max(width, w)];
  }
  const paper = document.createElementNS(names, "rect");
  const colour = getComputedStyle(host).getPropertyValue("--lr-paper").trim();
  for (const [name, value] of Object.entries({ width, height: y, fill: colour })) paper.setAttribute(name, value);
  whole.prepend(paper);
  for (const [name, value] of Object.entries({ xmlns: names, width, height: y, viewBox: `0 0 ${width} ${y}` })) whole.setAttribute(name, value);
  return new XMLSerializer().serializeToString(whole).replace(/<!--.*?-->/gs, "");
}
