// The picture of a diagnosis: ln(L - L*) with the fit and its window, noise, spikes and the bowl; the rate and its limit.
import { html, nothing, svg } from "lit/html.js";
import { axes, frame, inside, logDomain, path, round } from "../draw.js";
import { number } from "../numbers.js";

const NARROW = 560;
const STEEP = 20; // times, from which a loss is drawn logarithmically
const FINE = 300; // points of the bowl's curve, at least

/** [step, Σ heights (1 - η λ)^2t] of the bowl at `share` times the rate of the log. */
export function bowlLosses({ products, heights, from }, { at, t }, share) {
  const above = (time) => heights.reduce((sum, height, i) => sum + height * Math.abs(1 - share * products[i]) ** (2 * time), 0);
  const pieces = Math.ceil(FINE / at.length);
  return at.slice(1).flatMap((step, i) =>
    Array.from({ length: pieces + (i === at.length - 2 ? 1 : 0) }, (_, k) => [at[i] + ((step - at[i]) * k) / pieces, above(t[i] - from + ((t[i + 1] - t[i]) * k) / pieces)]),
  );
}

/** `bowl`: {points, role} to draw over the log's, or null. */
export function logPlot(host, plot, bowl) {
  const { width, height } = host.box("log");
  const reach = plot.excess.concat(plot.fit ? plot.fit.map(([, y]) => y) : []);
  const [log, y] = domainOf(reach.filter((v) => v > 0));
  const f = frame({ width, height, margin: [30, 14, 42, 56], x: spanOf(plot.at, plot.lostAt), y, logY: log });
  const good = plot.at.map((_, i) => i).filter((i) => plot.low[i] > 0 || (!log && Number.isFinite(plot.low[i])));
  const edge = (values) => good.map((i) => `${round(f.x(plot.at[i]))} ${round(f.y(values[i]))}`);
  const label = (plot.lowest ? "L − L*" : "loss *L*") + (log ? ", logarithmic" : "");
  return html`<svg class="lr-plot" data-plot="log" viewBox="0 0 ${width} ${height}" role="img" aria-label=${spoken(plot, log)}>
    ${axes(f, { xLabel: plot.word, yLabel: label, xCount: width < NARROW ? 4 : 6, yCount: 5 })}
    ${inside(
      f,
      svg`${plot.fit ? svg`<rect class="window" x=${f.x(plot.fit[0][0])} y=${f.top} width=${Math.max(1, f.x(plot.fit[1][0]) - f.x(plot.fit[0][0]))} height=${f.bottom - f.top} />` : nothing}
      ${good.length > 1 ? svg`<path class="noise" d="M${[...edge(plot.high), ...edge(plot.low).reverse()].join("L")}Z" />` : nothing}
      <path class="measured" d=${path(f, plot.at, plot.excess)} />
      ${bowl ? svg`<path class="curve r-${bowl.role}" d=${path(f, bowl.points.map(([x]) => x), bowl.points.map(([, v]) => v))} />` : nothing}
      ${plot.fit ? svg`<path class="fit" d=${path(f, plot.fit.map(([x]) => x), plot.fit.map(([, v]) => v))} />` : nothing}`,
      2,
    )}
    ${plot.spikes.filter(([, v]) => v > 0 && v < Infinity).map(([x, v]) => svg`<path class="peak" d="M${round(f.x(x))} ${round(f.y(v) - 5)}l-5 -9h10z" />`)}
    ${plot.lostAt === null ? nothing : lost(f, plot)}
  </svg>`;
}

/** [whether a logarithmic axis is of use, what it spans]. */
function domainOf(values) {
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0.1, 10];
  const room = 0.08 * (high - low || high);
  return high > STEEP * low ? [true, logDomain(values, [1e-300, 1e300])] : [false, [low - room, high + room]];
}

const spanOf = (at, also) => {
  const [low, high] = [at[0], Math.max(at.at(-1), also ?? -Infinity)];
  return [low, high > low ? high : low + 1];
};

function lost(f, { lostAt, word }) {
  const x = f.x(lostAt);
  const left = x > (f.left + f.right) / 2;
  return svg`<line class="stop r-diverge" x1=${x} x2=${x} y1=${f.top} y2=${f.bottom} stroke-dasharray="3 3" />
    <text class="name r-diverge ${left ? "end" : ""}" x=${x + (left ? -6 : 6)} y=${left ? f.bottom - 8 : f.top + 14}>lost at ${word} ${number(lostAt, 6)}</text>`;
}

const spoken = ({ word, at, excess, lowest }, log) =>
  `The loss${lowest ? ` above ${number(lowest, 4)}` : ""} over the ${word}s ${number(at[0], 6)} to ${number(at.at(-1), 6)}${log ? ", logarithmic" : ""}; it begins at ${number(excess[0] || 0)} and ends at ${number(excess.at(-1) || 0)}.`;

/** η over the steps, and the limit that it passed. */
export function ratePlot(host, { at, rates, limit, word, lostAt }) {
  const { width, height } = host.box("rates");
  const top = Math.max(...rates, limit ?? 0) || 1;
  const f = frame({ width, height, margin: [26, 14, 40, 56], x: spanOf(at, lostAt), y: [0, 1.08 * top] });
  return html`<svg class="lr-plot" data-plot="rates" viewBox="0 0 ${width} ${height}" role="img" aria-label="The learning rate over the ${word}s${limit === null ? "" : `, and its limit ${number(limit)}`}.">
    ${axes(f, { xLabel: word, yLabel: "learning rate η", xCount: width < NARROW ? 4 : 6, yCount: 3 })}
    <path class="curve r-decay" d=${path(f, at, rates)} />
    ${limit === null ? nothing : svg`<line class="stop r-edge" x1=${f.left} x2=${f.right} y1=${f.y(limit)} y2=${f.y(limit)} /><text class="name r-edge end" x=${f.right} y=${f.y(limit) + 17}>limit ${number(limit)}</text>`}
  </svg>`;
}
