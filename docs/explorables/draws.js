// Normal numbers that lrsim drew, fetched when somebody asks for noise: `draws[t]` holds those of step t.
const MODES = 2;
const known = new Map();

/** The draws of a seed, or a promise of them. */
export function draws(seed) {
  if (!known.has(seed)) known.set(seed, load(seed));
  return known.get(seed);
}

async function load(seed) {
  const answer = await fetch(new URL(`../draws/${seed}.bin`, import.meta.url));
  if (!answer.ok) throw new Error(`the draws of seed ${seed} cannot be had: ${answer.status}`);
  const flat = new Float64Array(await answer.arrayBuffer());
  const drawn = Array.from({ length: flat.length / MODES }, (_, t) => flat.subarray(MODES * t, MODES * (t + 1)));
  known.set(seed, drawn);
  return drawn;
}
