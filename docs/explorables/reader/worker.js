// Reads and diagnoses beside the page, which goes on answering.
import { answer } from "./answer.js";

const loaded = async ({ file, ...given }) => (file ? { ...given, bytes: await file.arrayBuffer() } : given);

addEventListener("message", async ({ data: { other, ...given } }) => {
  try {
    postMessage(answer({ ...(await loaded(given)), other: other && (await loaded(other)) }));
  } catch (error) {
    if (!(error instanceof DOMException)) return reportError(error);
    postMessage({ refused: "the file cannot be read, or has changed since it was chosen: choose it again" });
  }
});
