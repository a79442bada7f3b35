// Which rows of a log count: none of another loop, none that a later one says better or says again.
import { where } from "./arrays.js";
import { endsOf } from "./cells.js";
import * as names from "./names.js";
import { count } from "./text.js";

const NEAR = 0.9; // of an epoch, where a bar is drawn for the last time

/** The rows of the training's own loop, of an epoch's bar the last; `said` gets what was left out. */
export function own(table, kept, said) {
  kept = without(kept, ownLoop(table, kept), "of another loop", said);
  return without(kept, onceEach(table, kept), "before the last of their epoch", said);
}

/** Of rows that say a step again the one that counts, and their steps; `said` gets what was left out. */
export function last(table, losses, steps, row, kept, said) {
  const lines = linesOf(table, losses, steps, row, kept);
  const again = lines.filter((keep) => !keep).length;
  kept = without(kept, lines, `that say${again === 1 ? "s" : ""} a step again`, said);
  steps = steps.filter((_, i) => lines[i]);
  const alive = lastTime(steps);
  return [without(kept, alive, "logged again later", said), steps.filter((_, i) => alive[i])];
}

function without(kept, keep, why, said) {
  const left = where(keep, Boolean);
  if (left.length < kept.length) said.push(`${count(kept.length - left.length, "row")} ${why}`);
  return left.map((i) => kept[i]);
}

/** Rows, but those that count to another number than most in an epoch that has some of these: an evaluation's. */
function ownLoop(table, kept) {
  const counted = table.names.findIndex((name) => name.endsWith("/of") && names.step(name.slice(0, -3)) !== null);
  const epochs = table.names.findIndex((name) => names.epoch(name));
  if (counted < 0 || epochs < 0) return kept.map(() => true);
  const [of, epoch] = [counted, epochs].map((i) => kept.map((k) => table.columns[i].values[k]));
  const often = new Map();
  for (const end of of) often.set(end, (often.get(end) ?? 0) + 1);
  const [usual, rows] = [...often].reduce((best, one) => (one[1] > best[1] ? one : best));
  if (2 * rows < of.length) return kept.map(() => true);
  const theirs = new Set(epoch.filter((_, i) => of[i] === usual && !Number.isNaN(epoch[i])));
  return of.map((end, i) => end === usual || Number.isNaN(end) || !theirs.has(epoch[i]));
}

/** Rows, but those before the last of their epoch that are its bar: at its end too, or near it in another make. */
function onceEach(table, kept) {
  const keep = kept.map(() => true);
  const bar = kept.map(() => true);
  const epochs = table.names.findIndex((name) => names.epoch(name));
  if (epochs < 0 || kept.length < 2) return keep;
  const of = (i) => kept.map((k) => table.columns[i].values[k]);
  const epoch = of(epochs);
  table.names.forEach((name, i) => {
    if (names.step(name) === null || name.endsWith("/of")) return;
    const [values, all] = [of(i), endsOf(table, i)];
    const ends = kept.map((k) => all[k]);
    const said = (k) => table.namesOf?.[table.makes?.[kept[k]] ?? 0].includes(name) ?? true;
    for (let k = 0; k < bar.length; k++) bar[k] &&= !said(k) || values[k] >= NEAR * ends[k];
    const same = (k) => said(k) && said(k + 1) && values[k] === ends[k] && values[k + 1] === ends[k] && ends[k] === ends[k + 1] && epoch[k] === epoch[k + 1];
    for (let k = 0; k < keep.length - 1; k++) keep[k] &&= !same(k);
  });
  if (table.makes) {
    const last = kept.map((k) => table.makes[k] === table.makes[kept.at(-1)]);
    const theirs = epoch.filter((_, i) => last[i]);
    const set = new Set(theirs);
    if (set.size === theirs.length && 2 * theirs.length >= kept.length && epoch.every((e) => !Number.isNaN(e) && set.has(e))) return keep.map((own, i) => own && (last[i] || !bar[i]));
  }
  return keep;
}

/** Rows, but those of another make than most at a step that one of these has, and a last one said before. */
function linesOf(table, losses, steps, row, kept) {
  let own = steps.map(() => true);
  if (table.makes && row === "step") {
    const often = new Map();
    for (const k of kept) often.set(table.makes[k], (often.get(table.makes[k]) ?? 0) + 1);
    const usual = [...often].sort(([a, m], [b, n]) => n - m || a - b)[0][0];
    let place = 0;
    const places = steps.map((s, i) => (i && s !== steps[i - 1] ? ++place : place));
    const taken = new Set(places.filter((_, i) => table.makes[kept[i]] === usual));
    own = places.map((p, i) => table.makes[kept[i]] === usual || !taken.has(p));
  }
  const end = steps.length - 1;
  if (end > 0 && steps[end] < steps[end - 1]) {
    const said = (s, i) => i < end && s === steps[end] && losses[kept[i]] === losses[kept[end]];
    own[end] &&= !steps.some(said);
  }
  return own;
}

/** Rows whose step no later row reaches or goes back behind: what a resumed run overwrote does not count. */
function lastTime(steps) {
  const alive = new Array(steps.length);
  let later = Infinity;
  for (let i = steps.length - 1; i >= 0; i--) {
    alive[i] = steps[i] < later;
    later = Math.min(later, steps[i]);
  }
  return alive;
}
