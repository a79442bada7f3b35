// The plots that are shown as one picture that stands alone: its claim, its colours and its fonts are inside.

const SVG = "http://www.w3.org/2000/svg";
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "paint-order", "display"];
const EDGE = 16; // px around everything

/** Of an explorable, as the text of an SVG: title, sentence, and the plots where they stand on the page. */
export async function picture(host) {
  const plots = [...host.view.querySelectorAll("svg[data-plot]")].filter((plot) => plot.dataset.plot !== "track" && plot.clientWidth);
  const rects = plots.map((plot) => plot.getBoundingClientRect());
  const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((side, i) => Math[i < 2 ? "min" : "max"](...rects.map((r) => r[side])));
  const width = right - left;
  const said = words(host, width);
  const height = said.height + bottom - top;
  const whole = made("svg", { xmlns: SVG, width: width + 2 * EDGE, height: height + 2 * EDGE, viewBox: `${-EDGE} ${-EDGE} ${width + 2 * EDGE} ${height + 2 * EDGE}` });
  const paper = getComputedStyle(host).getPropertyValue("--lr-paper").trim();
  whole.append(made("rect", { x: -EDGE, y: -EDGE, width: width + 2 * EDGE, height: height + 2 * EDGE, fill: paper }), ...said.lines);
  plots.forEach((plot, i) => {
    const { x, y, width, height } = rects[i];
    const copy = painted(plot);
    for (const [name, value] of Object.entries({ x: x - left, y: said.height + y - top, width, height })) copy.setAttribute(name, value);
    whole.append(copy);
  });
  whole.prepend(Object.assign(document.createElementNS(SVG, "style"), { textContent: await fonts(whole) }));
  return new XMLSerializer().serializeToString(whole).replace(/<!--.*?-->/gs, "");
}

const made = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/** A copy with its styles written out. */
function painted(plot) {
  const copy = plot.cloneNode(true);
  const [from, to] = [plot, copy].map((node) => [node, ...node.querySelectorAll("*")]);
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of STYLES) to[i].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "tabindex"]) to[i].removeAttribute(name);
  });
  return copy;
}

/** The title and the sentence, in lines that fit; `height` with the space below them. */
function words(host, width) {
  const lines = [];
  let y = 0;
  for (const selector of [".lr-title-line", ".lr-sentence"]) {
    const node = host.view.querySelector(selector);
    const style = getComputedStyle(node);
    const pen = Object.assign(document.createElement("canvas").getContext("2d"), { font: `${style.fontWeight} ${style.fontSize} ${style.fontFamily}` });
    const size = parseFloat(style.fontSize);
    const attributes = Object.fromEntries(["font-family", "font-size", "font-weight"].map((name) => [name, style.getPropertyValue(name)]));
    const fitting = node.innerText.split(/[ \n]+/).reduce((rows, word) => {
      const longer = `${rows.at(-1)} ${word}`.trim();
      return pen.measureText(longer).width <= width ? [...rows.slice(0, -1), longer] : [...rows, word];
    }, [""]);
    for (const row of fitting) lines.push(Object.assign(made("text", { ...attributes, x: 0, y: (y += 1.5 * size), fill: style.color }), { textContent: row }));
    y += 0.5 * size;
  }
  return { lines, height: y + 8 };
}

/** The @font-face rules that the picture's text needs, with the fonts inside: a picture may fetch nothing. */
async function fonts(whole) {
  const used = new Set([...whole.querySelectorAll("text, tspan")].map((node) => first(node.getAttribute("font-family") ?? "")));
  const loaded = new Set([...document.fonts].filter(({ status }) => status === "loaded").map((face) => [first(face.family), face.weight, face.style, face.unicodeRange].join()));
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).map(({ style }) => ({ style, sheet })));
  const asked = rules.filter(({ style: s }) => {
    const [family, ...rest] = ["font-family", "font-weight", "font-style", "unicode-range"].map((name) => s.getPropertyValue(name));
    return used.has(first(family)) && loaded.has([first(family), ...rest.map((v, i) => v || ["normal", "normal", "U+0-10FFFF"][i])].join());
  });
  const written = asked.map(async ({ style, sheet }) => {
    const [, address] = /url\("?([^")]+\.woff2)/.exec(style.getPropertyValue("src")) ?? [];
    return address ? style.cssText.replace(/src:[^;]*;/, `src: url(${await inside(new URL(address, sheet.href))});`) : "";
  });
  return (await Promise.all(written)).map((body) => `@font-face {${body}}`).join("");
}

const first = (families) => families.split(",")[0].replace(/["']/g, "").trim();

async function inside(address) {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  return `data:font/woff2;base64,${btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""))}`;
}
