// Keys and pointers.

/** What a key does while the focus is inside; none of them leaves the element. */
export function key(host, event) {
  event.stopPropagation();
  const typing = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.target.type !== "range")) return;
  const act = {
    p: () => host.play(),
    ",": () => host.goTo(host.held.t - 1),
    ".": () => host.goTo(host.held.t + 1),
    l: () => "axis" in host.held && turnAxis(host),
    k: () => host.held.runs && host.keep(),
    r: () => host.reset(),
    f: () => host.toggleFull(),
    Escape: () => close(host.view) || (host.isFull && host.toggleFull()),
  }[event.key];
  if (!act) return;
  if (event.key !== "Escape") event.preventDefault();
  act();
  host.speakLater();
}

function turnAxis(host) {
  const log = host.held.axis !== "log";
  host.change({ axis: log ? "log" : "linear" });
  host.voice = `${log ? "logarithmic" : "linear"} axis`;
}

export const keys = ({ held }) =>
  `Keys in here: p plays and pauses, comma and full stop step, ${"axis" in held ? "l changes the axis, " : ""}k keeps the run, r resets, f fills the screen.`;

/** Closes the menu, and says whether one was open; the focus does not stay in what is gone. */
function close(view) {
  const open = view.querySelector(".lr-take[open]");
  if (!open) return false;
  if (open.contains(document.activeElement)) open.firstElementChild.focus();
  open.open = false;
  return true;
}

/** Whether a pointer goes more across the page than along it, which scrolls. */
const across = (from) => (to) => Math.abs(to.clientX - from.clientX) > Math.max(4, Math.abs(to.clientY - from.clientY));
const scrolls = (node) => getComputedStyle(node).touchAction !== "none";

/** A press outside a menu closes it; a finger that scrolls the page past a range does not turn it. */
export function steady(view, soon, signal) {
  let held = null;
  let goes = null;
  const on = (type, act, target = view) => target.addEventListener(type, act, { signal, capture: true });
  const take = () => {
    const range = held;
    held = null;
    range?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  on("pointerdown", (event) => {
    held = event.pointerType === "touch" && event.target.type === "range" ? event.target : null;
    goes = across(event);
  });
  on("input", (event) => event.target === held && event.stopPropagation());
  on("pointermove", (event) => held && goes(event) && take());
  on("pointerup", take);
  on("pointercancel", () => ((held = null), soon()));
  on("pointerdown", ({ target }) => target.closest?.(".lr-take") || close(view), document);
}

/** Follows a pointer from its press on; `move(x, y, event)` gets the pixels of the plot it was pressed on. */
export function drag(host, event, move) {
  if (event.button) return;
  const surface = event.currentTarget;
  const plot = surface.closest("[data-plot]");
  const rect = plot.getBoundingClientRect();
  const { width, height } = host.box(plot.dataset.plot);
  const at = (e) => move(((e.clientX - rect.left) * width) / rect.width, ((e.clientY - rect.top) * height) / rect.height, e);
  event.preventDefault();
  event.stopPropagation();
  surface.setPointerCapture?.(event.pointerId);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, host.life.signal]);
  const goes = across(event);
  let taken = event.pointerType !== "touch" || !scrolls(surface) || !scrolls(event.target);
  surface.addEventListener("pointermove", (e) => (taken ||= goes(e)) && at(e), { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    surface.addEventListener(end, (e) => (end === "pointerup" && at(e), ended.abort(), host.settle()), { signal });
  }
  if (taken) at(event); // else a finger may be about to scroll: its first moves say, or its end
}
