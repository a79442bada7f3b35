// One loop for all explorables on a page: it turns while somebody has something to do, and sleeps otherwise.
const awake = new Set();
let frame = 0;

/** Calls `element.tick(now)` in the next frame, and in those after it as long as it answers true. */
export function wake(element) {
  awake.add(element);
  frame ||= requestAnimationFrame(turn);
}

export function sleep(element) {
  awake.delete(element);
  if (!awake.size && frame) {
    cancelAnimationFrame(frame);
    frame = 0;
  }
}

function turn(now) {
  frame = 0;
  for (const element of [...awake]) {
    try {
      if (!element.tick(now)) awake.delete(element);
    } catch (error) {
      element.fall(error);
    }
  }
  if (awake.size) frame ||= requestAnimationFrame(turn);
}
