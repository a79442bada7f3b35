// Numbers as a person writes them, by the rules of the pages' prose.
const RAISED = Object.fromEntries([..."-0123456789"].map((c, i) => [c, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]));

/** `value` to `digits` significant digits: 0.0952, 12.5, 4.8 × 10⁶; −0.1 with a true minus. */
export function number(value, digits = 3) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "undefined" : value > 0 ? "∞" : "−∞";
  const [mantissa, power] = value.toExponential(digits - 1).split("e").map(Number);
  const text =
    power >= -4 && power < 6
      ? String(Number(value.toFixed(Math.max(0, digits - 1 - power))))
      : (Math.abs(mantissa) === 1 ? String(mantissa).replace("1", "10") : `${mantissa}\u00a0×\u00a010`) + raised(power);
  return text.replace("-", "−");
}

export const raised = (power) => [...String(power)].map((c) => RAISED[c]).join("");

/** A share that is not quite all is not called all: 99.99 %. */
export function percent(share, digits = 3) {
  const text = number(100 * share, digits);
  return text === "100" && share !== 1 && digits < 9 ? percent(share, digits + 1) : `${text}\u00a0%`;
}

/** Numbers in as few digits as tell them apart. */
export function apart(values, digits = 3) {
  const texts = values.map((v) => number(v, digits));
  return new Set(texts).size < values.length && digits < 9 ? apart(values, digits + 1) : texts;
}

/** A loss given by its logarithm, which may be far beyond a float. */
export function fromLog(log, digits = 2) {
  if (log === -Infinity) return "0";
  if (Math.abs(log) < 600) return number(Math.exp(log), digits);
  return `10${raised(Math.round(log / Math.LN10))}`;
}

/** A loss for a sentence; what overflowed is beyond a float. */
export const lossText = (loss) => (Number.isFinite(loss) ? number(loss) : "more than a float holds");

export const plural = (n, what = "step") => `${n} ${what}${n === 1 ? "" : "s"}`;

export const pair = (values) => `(${values.map((v) => number(v)).join(",\u00a0")})`;
