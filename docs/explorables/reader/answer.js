// What the page shows of a log: what was read, what was found, and what there is to draw.
import { compare } from "./against.js";
import { bowlOf } from "./bowl.js";
import { picture } from "./picture.js";
import { diagnose } from "./questions.js";
import { parsed, said, textOf } from "./reading.js";
import { Refused } from "./text.js";

/** `given` is {text} or {bytes}, with what was asked for: {column, step, rate, every, optimizer, other: to compare with}. */
export function answer({ text, bytes, other, every, optimizer, ...columns }) {
  const read = (given) => parsed(given.text ?? textOf(new Uint8Array(given.bytes)), columns);
  try {
    const log = read({ text, bytes });
    const { looked, ...found } = diagnose(log, { every, optimizer });
    if (other) found.said.push(compare(log, read(other)).said);
    const bowl = bowlOf(found, looked);
    return { ...found, read: said(log), plot: looked.x.length ? picture(found, looked, bowl) : null, bowl };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.message };
  }
}
