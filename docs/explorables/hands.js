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
    l: () => "axis" in host.held && host.change({ axis: host.held.axis === "log" ? "linear" : "log" }),
    k: () => host.held.runs && host.keep(),
    r: () => host.reset(),
    f: () => host.toggleFull(),
    Escape: () => host.view.classList.contains("lr-full") && host.toggleFull(),
  }[event.key];
  if (!act) return;
  if (event.key !== "Escape") event.preventDefault();
  act();
  host.speakLater();
}

export const KEYS =
  "Keys in here: p plays and pauses, comma and full stop step, l changes the axis, k keeps the run, r resets, f fills the screen.";

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
  surface.addEventListener("pointermove", at, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    surface.addEventListener(end, () => (ended.abort(), host.settle()), { signal });
  }
  at(event);
}
