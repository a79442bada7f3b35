// What lrsim computes, in the browser: runs on a bowl, schedules, thresholds. No DOM, no dependency.
//
// The names are lrsim's in camelCase, the operations its own in its own order, so that the numbers agree to rounding;
// tests replay runs that lrsim made. Quadratics go through their exact modes: a step multiplies each eigen-coordinate.

const MARGIN = 1e-9; // relative distance from ηλ = 2 that still counts as marginal
const FOLD = 1e6; // a run is lost when its excess passes this many times the scale of its start
const ROUND_OFF = 8 * 2 ** -52;

/** η_t by name; each takes its parameters and the step. `warmup` holds another schedule, `table` a list. */
export const SCHEDULES = {
  constant: { parameters: ["eta"], rate: (p) => p.eta },
  inverse_time: { parameters: ["eta0", "k"], rate: (p, t) => p.eta0 / (1 + p.k * t) },
  inverse_sqrt: { parameters: ["eta0", "k"], rate: (p, t) => p.eta0 / Math.sqrt(1 + p.k * t) },
  exponential: { parameters: ["eta0", "factor"], rate: (p, t) => p.eta0 * p.factor ** t },
  step_decay: {
    parameters: ["eta0", "factor", "every"],
    rate: (p, t) => p.eta0 * p.factor ** Math.floor(t / p.every),
  },
  cosine: {
    parameters: ["eta", "steps"],
    rate: ({ eta, steps, floor = 0 }, t) =>
      floor + ((eta - floor) * (1 + Math.cos(Math.PI * (Math.min(t, steps) / steps)))) / 2,
  },
  polynomial: {
    parameters: ["eta", "steps"],
    rate: ({ eta, steps, power = 1, floor = 0 }, t) => floor + (eta - floor) * (1 - Math.min(t, steps) / steps) ** power,
  },
  warmup: {
    parameters: ["steps", "then"],
    rate: (p, t) => (t < p.steps ? rate(p.then, 0) * ((t + 1) / p.steps) : rate(p.then, t - p.steps)),
  },
  table: { parameters: ["values"], rate: (p, t) => p.values[t] },
};

/** η_t of a number or of {schedule, ...parameters}. */
export function rate(eta, t) {
  return typeof eta === "number" ? eta : SCHEDULES[eta.schedule].rate(eta, t);
}

/** ½ Σ λ_i x_i², its first two axes turned by `angle` (radians). */
export function bowl(curvatures, angle = 0) {
  const turn = (v, sign) => {
    if (!angle || v.length < 2) return [...v];
    const [c, s] = [Math.cos(angle), sign * Math.sin(angle)];
    return [c * v[0] - s * v[1], s * v[0] + c * v[1], ...v.slice(2)];
  };
  const toModes = (w) => turn(w, -1);
  const fromModes = (x) => turn(x, 1);
  return {
    curvatures,
    angle,
    toModes,
    fromModes,
    loss: (w) => height(curvatures, toModes(w)),
    gradient: (w) => fromModes(toModes(w).map((x, i) => curvatures[i] * x)),
  };
}

function height(curvatures, x) {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (curvatures[i] / 2) * x[i] * x[i];
  return total;
}

/**
 * The run w_{t+1} = w_t - η_t ∇L(w_t), or with momentum, on a bowl.
 *
 * `draws[t]` are the normal numbers that lrsim drew for step t, one a mode; `method` "iterate" does what hardware does.
 * The result has lrsim's fields, infinities included, and `modes`: the iterates in eigen-coordinates.
 */
export function descend({
  curvatures,
  angle = 0,
  start,
  eta,
  steps,
  optimizer = null,
  noise = 0,
  draws = null,
  method = "auto",
}) {
  const landscape = bowl(curvatures, angle);
  const etas = Array.from({ length: steps }, (_, t) => rate(eta, t));
  const exact = method !== "iterate";
  const move = stepper({ curvatures, landscape, eta, optimizer, noise, draws, exact });
  let here = exact ? landscape.toModes(start) : [...start];
  const path = [here];
  for (let t = 0; t < steps; t++) path.push((here = move(here, etas[t], t)));
  if (exact && !noise && !optimizer && Number.isNaN(height(curvatures, here))) mend(path);
  const modes = exact ? path : path.map(landscape.toModes);
  const iterates = exact ? path.map(landscape.fromModes) : path;
  const losses = modes.map((x) => height(curvatures, x));
  const first = noise && draws ? draws[0] : null;
  const scale = steps ? etas[0] * sum(modes[0].map((x, i) => (curvatures[i] * x + (first ? noise * first[i] : 0)) ** 2)) : 0;
  return { losses, iterates, etas, modes, divergedAt: divergedAt(losses, scale), regime: runRegime(eta, curvatures, optimizer) };
}

/** A mode that overflowed and then met its perfect step, ηλ = 1, is at rest. */
function mend(path) {
  for (const x of path) for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i])) x[i] = 0;
}

function stepper({ curvatures, landscape, eta, optimizer, noise, draws, exact }) {
  const plain = exact && !noise && (!optimizer || optimizer.name === "gradient_descent");
  if (plain && (typeof eta === "number" || eta.schedule === "constant")) {
    const steady = curvatures.map((curvature) => factor(curvature, rate(eta, 0)));
    return (x) => x.map((value, i) => (value === 0 ? 0 : steady[i] * value));
  }
  if (plain) return (x, rate) => x.map((value, i) => (value === 0 ? 0 : (1 + rate * -curvatures[i]) * value));
  const slope = exact ? (x) => x.map((value, i) => curvatures[i] * value) : landscape.gradient;
  const rule = momentum(optimizer, curvatures.length);
  return (x, rate, t) => {
    const g = slope(x);
    if (noise) for (let i = 0; i < g.length; i++) g[i] += noise * draws[t][i];
    return rule(x, g, rate);
  };
}

function momentum(optimizer, dimension) {
  const { name = "gradient_descent", beta = 0 } = optimizer || {};
  if (name === "gradient_descent") return (x, g, eta) => x.map((value, i) => value - g[i] * eta);
  const velocity = new Array(dimension).fill(0);
  const ahead = name === "nesterov";
  return (x, g, eta) =>
    x.map((value, i) => {
      velocity[i] = velocity[i] * beta + g[i];
      return value - (ahead ? g[i] + velocity[i] * beta : velocity[i]) * eta;
    });
}

/** 1 - ηλ to the last place: the rounding of ηλ is put back, which near ηλ = 1 is all there is. */
export function factor(curvature, eta) {
  const product = curvature * eta;
  const plain = 1 - product;
  if (Math.abs(plain) >= 0.5) return plain;
  const [a, b] = halves(curvature);
  const [c, d] = halves(eta);
  const lost = a * c - product + a * d + b * c + b * d;
  return Number.isFinite(lost) ? plain - lost : plain;
}

function halves(value) {
  const big = value * 134217729;
  const high = big - (big - value);
  return [high, value - high];
}

/** The first step at which L_t - min L > 10⁶ max(L_0 - min L, η₀‖g₀‖²), or at which L_t is not finite; null for none. */
function divergedAt(losses, scale) {
  let low = losses[0];
  if (!Number.isFinite(low)) return 0;
  for (let t = 1; t < losses.length; t++) {
    const loss = losses[t];
    if (!Number.isFinite(loss)) return t;
    low = Math.min(low, loss);
    const reach = Math.max(losses[0] - low, scale);
    if (reach !== 0 && loss - low > Math.max(FOLD * reach, ROUND_OFF * Math.abs(loss))) return t;
  }
  return null;
}

function runRegime(eta, curvatures, optimizer) {
  const steady = typeof eta === "number" || eta.schedule === "constant";
  const plain = !optimizer || optimizer.name === "gradient_descent";
  return steady && plain ? regime(rate(eta, 0), Math.max(...curvatures)) : null;
}

/** By ηλ_max: "frozen" (η = 0), "monotone" (≤ 1), "oscillating" (< 2), "marginal" (2 to 1e-9), "diverging" (> 2). */
export function regime(eta, sharpness) {
  const product = eta * sharpness;
  if (eta === 0) return "frozen";
  if (Math.abs(product - 2) <= 2 * MARGIN) return "marginal";
  return product <= 1 ? "monotone" : product < 2 ? "oscillating" : "diverging";
}

/** 2/λ_max, for heavy ball 2(1+β)/λ_max, for Nesterov 2(1+β)/((1+2β)λ_max). */
export function threshold(curvatures, optimizer = null) {
  const { name, beta = 0 } = optimizer || {};
  const limit = name === "heavy_ball" ? 2 * (1 + beta) : name === "nesterov" ? (2 * (1 + beta)) / (1 + 2 * beta) : 2;
  return limit / Math.max(...curvatures);
}

/** η* = 2/(λ_min + λ_max). */
export function optimalEta(curvatures) {
  return 1 / (Math.min(...curvatures) / 2 + Math.max(...curvatures) / 2);
}

/** The smallest t with Σ c_i ρ_i^{2t} (ρ_i² - 1) ≥ 0: where L(t) is lowest; 0 if it rises at once, null if never. */
export function turnaroundStep(curvatures, x, eta) {
  const modes = curvatures
    .map((curvature, i) => ({ product: eta * curvature, log: Math.log(curvature / 2) + 2 * Math.log(Math.abs(x[i])) }))
    .filter(({ product, log }) => log > -Infinity && product > 0);
  if (!modes.some(({ product }) => product > 2)) return null;
  const part = (t, grows) =>
    logSum(
      modes
        .filter(({ product }) => (grows ? product > 2 : product < 2))
        .map(({ product, log }) => log + Math.log(product) + Math.log(Math.abs(product - 2)) + (t ? 2 * t * logFactor(product) : 0)),
    );
  const rises = (t) => part(t, true) >= part(t, false);
  if (rises(0)) return 0;
  let [low, high] = [0, 1];
  while (!rises(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (rises(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function logFactor(product) {
  return product < 1 ? Math.log1p(-product) : Math.log1p(product - 2);
}

/** ln Σ exp(terms), where exp itself would overflow. */
export function logSum(terms) {
  const top = Math.max(-Infinity, ...terms);
  return Number.isFinite(top) ? top + Math.log(sum(terms.map((term) => Math.exp(term - top)))) : top;
}

/** t_c = (η₀λ/2 - 1)/k, where an inverse-time rate sinks through 2/λ; 0 if it starts below, Infinity if never. */
export function crossingStep(eta0, k, curvature) {
  const above = (eta0 * curvature) / 2 - 1;
  return above <= 0 ? 0 : k === 0 ? Infinity : above / k;
}

/** ησ²/(2(2-ηλ)): the expected loss of a mode at which constant η ends; infinite from the threshold on. */
export function noiseFloor(curvature, eta, noise) {
  if (eta === 0 || noise === 0 || curvature === 0) return 0;
  const room = 2 - eta * curvature;
  return room > 0 ? (eta * noise ** 2) / (2 * room) : Infinity;
}

/** E L(w_t), t = 0 ... steps, with normal noise of deviation σ in every gradient: m ← (1-ηλ)² m + η²σ² a mode. */
export function expectedLosses({ curvatures, angle = 0, start, eta, steps, noise = 0 }) {
  let moments = bowl(curvatures, angle).toModes(start).map((x) => x * x);
  const losses = [sum(moments.map((m, i) => (curvatures[i] * m) / 2))];
  for (let t = 0; t < steps; t++) {
    const now = rate(eta, t);
    moments = moments.map((m, i) => (m === 0 ? 0 : (1 - now * curvatures[i]) ** 2 * m) + (now * noise) ** 2);
    losses.push(sum(moments.map((m, i) => (curvatures[i] * m) / 2)));
  }
  return losses;
}

/** ln L after `steps` at each of `etas`: what the slider's track draws. Logarithms, so that nothing overflows. */
export function logFinalLosses(curvatures, x, etas, steps) {
  const logs = curvatures.map((curvature, i) => Math.log(curvature / 2) + 2 * Math.log(Math.abs(x[i])));
  return etas.map((eta) =>
    logSum(curvatures.map((curvature, i) => logs[i] + (steps ? 2 * steps * Math.log(Math.abs(1 - eta * curvature)) : 0))),
  );
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
