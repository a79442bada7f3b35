// What the page shows of a log: what was read, what was found, and what there is to draw.
import { bowlOf } from "./bowl.js";
import { picture } from "./picture.js";
import { diagnose } from "./questions.js";
import { parsed, said, textOf } from "./reading.js";
import { Refused } from "./text.js";

/** `given` is {text} or {bytes}, with what was asked for: {column, step, rate, every, optimizer}. */
export function answer({ text, bytes, column, step, rate, every, optimizer }) {
  try {
    const log = parsed(text ?? textOf(new Uint8Array(bytes)), { column, step, rate });
    const { looked, ...found } = diagnose(log, { every, optimizer });
    const bowl = bowlOf(found, looked);
    return { ...found, read: said(log), plot: looked.x.length ? picture(found, looked, bowl) : null, bowl };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.message };
  }
}
