// What all questions look at: the finite part of a curve, its noise, its shape, its growth.
import { TINY, diff, last, map, max, median, quantile, span } from "./arrays.js";
import * as endings from "./ending.js";
import * as growths from "./growth.js";
import { meaning } from "./meaning.js";
import * as noises from "./noise.js";
import * as raised from "./raised.js";
import * as rates from "./rates.js";
import * as shapes from "./shape.js";
import { g } from "./text.js";

export const ENOUGH = 8; // noisy rows, below which any shape could be chance

/** A curve {losses, at, t, per, word, rates} out of a log; `every`: how many updates a row is. */
export function curve(log, every = null) {
  const word = log.row;
  const rows = map(log.losses, (_, i) => i);
  const at = log.steps ? Float64Array.from(log.steps) : rows;
  let [t, per] = word === "step" ? [at, "update"] : [rows, "row"];
  if (every !== null) [t, per] = [map(!log.steps || word === "step" ? rows : at.map((own) => own - at[0]), (own) => own * every), "update"];
  return { losses: Float64Array.from(log.losses), at, t, per, word, rates: log.rates && Float64Array.from(log.rates) };
}

export class Case {
  constructor(whole, optimizer = null) {
    this.whole = whole;
    this.meaning = meaning(optimizer);
    this.named = optimizer !== null; // whether the optimizer was given
    this.held = {};
  }

  once(name, compute) {
    if (!(name in this.held)) this.held[name] = compute();
    return this.held[name];
  }

  get ending() {
    return this.once("ending", () => endings.read(this.whole.losses));
  }

  get curve() {
    return this.once("curve", () => {
      const { whole, ending: { kept } } = this;
      const of = (values) => values && map(kept, (row) => values[row]);
      return { ...whole, losses: of(whole.losses), at: of(whole.at), t: of(whole.t), rates: of(whole.rates) };
    });
  }

  get x() {
    return this.curve.losses;
  }

  get shape() {
    return this.once("shape", () => shapes.read(this.whole.losses));
  }

  /** Whether it falls, rises, or falls and then rises: noise may hide in that. */
  get quasiconvex() {
    return this.shape.shape !== "wiggling" && this.shape.shape !== "cannot tell";
  }

  get smooth() {
    return this.quasiconvex && this.shape.convex !== false;
  }

  get roundOff() {
    const { tolerance, floor } = this.shape;
    return this.once("roundOff", () => this.x.map((loss) => Math.max(tolerance, 1e-15) * Math.abs(loss) + floor));
  }

  get noise() {
    return this.once("noise", () => noises.read(this.x, this.roundOff));
  }

  /** The rows after which the loss does the same again. */
  get teeth() {
    return this.once("teeth", () => (this.smooth ? null : noises.repeats(this.noise)));
  }

  get sigma() {
    return this.smooth ? this.roundOff : this.noise.sigma;
  }

  get growth() {
    return this.once("growth", () => {
      const g = this.x.length > 1 ? growths.read(this.x, this.curve.t, this.sigma, this.smooth) : null;
      return !g || this.smooth ? g : raised.read(g, this.x, this.curve.t, this.sigma);
    });
  }

  /** 7 x (q90 - median) of the losses between the first as low as the lowest and the growth. */
  get wander() {
    const { since, lowest } = this.growth;
    const before = this.x.slice(0, since);
    const low = before.slice(Math.max(before.findIndex((loss) => loss <= lowest + 4 * this.sigma[since - 1]), 0));
    return low.length >= ENOUGH ? 7 * (quantile(low, 0.9) - median(low)) : 0;
  }

  /** The growth, if it is one that sets the verdict: up to the end, beyond the noise and what came before. */
  get grown() {
    return this.once("grown", () => {
      const { growth: g, x } = this;
      if (!g || g.back > 0) return null;
      const size = Math.abs(g.lowest);
      if (last(x) - g.lowest > growths.HUGE * Math.max(max(x.slice(0, -1)) - g.lowest, size)) return g; // its last row alone does that
      const end = median(x.length - g.since > 2 ? x.slice(-3) : x.slice(-1));
      const above = end - g.lowest;
      const scale = Math.max(max(x.slice(0, g.since)) - g.lowest, size * 1e-3);
      const half = x.slice(g.since, Math.floor((g.since + x.length) / 2));
      if (g.kind !== "jump" && half.length && end <= max(half)) return null; // what grows is higher at its end than half-way
      const before = x.slice(0, g.since);
      if (this.teeth && x.length - g.since <= this.teeth && above < 2 * span(before.slice(-this.teeth))) return null; // one more tooth
      if (g.kind === "exponential" || g.kind === "steeper") {
        const many = this.quasiconvex || x.length >= ENOUGH;
        return many && above > this.wander && (g.kind === "exponential" || above > 0.1 * scale) ? g : null;
      }
      if (g.kind === "slower") return above > 2 * scale && above > size ? g : null;
      const rows = x.length - g.since;
      const smooth = this.smooth && this.shape.convex !== false && rows > 2 && above > 0.5 * size;
      const huge = rows > 1 && above > (growths.HUGE / 10) * Math.max(scale, size);
      return smooth || huge ? g : null;
    });
  }

  /** The row from which it grows: the last that is level with the turn, or out of the noise. */
  get onset() {
    const start = this.shape.turn ?? 0;
    const level = this.x[start] + 4 * this.roundOff[start];
    return this.quasiconvex ? this.x.findLastIndex((loss) => loss <= level) : this.growth.onset;
  }

  /** ln of the growth every `per` at the end, and half of its 95 % interval; null if it is not one exponential. */
  get factor() {
    return this.once("factor", () => {
      const gaps = diff(this.curve.t);
      const { ratio } = this.shape;
      if (this.smooth && ratio && gaps.length && span(gaps) <= 1e-9 * gaps[0]) return [ratio[0] / gaps[0], (2 * ratio[1]) / gaps[0]];
      const g = this.grown;
      return g && g.slope !== null ? [g.slope, g.error] : null;
    });
  }

  /** λ from the rates of the log, where they change while the loss grows, under plain gradient descent. */
  get curvature() {
    return this.once("curvature", () => {
      const { grown: g, curve: { rates: eta, per, t } } = this;
      if (!g || !eta || this.named || per !== "update") return null;
      if (g.slope !== null && rates.constant(eta.slice(g.first))) return null;
      return rates.fit(eta, t, this.x.slice(g.since).map((loss) => Math.log(Math.max(loss - g.lowest, TINY))), g.since);
    });
  }

  get unit() {
    return this.curve.per === "update" ? "step" : this.curve.word;
  }

  get each() {
    return this.unit === "epoch" ? "an epoch" : `a ${this.unit}`;
  }

  /** Such as "step 120". */
  where(row) {
    return `${this.curve.word} ${g(this.curve.at[row], 10)}`;
  }

  step(row) {
    return this.curve.at[row];
  }

  get end() {
    return last(this.x);
  }
}
