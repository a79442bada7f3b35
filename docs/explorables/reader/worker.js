// Reads and diagnoses beside the page, which goes on answering.
import { answer } from "./answer.js";

addEventListener("message", async ({ data: { file, ...given } }) => {
  postMessage(answer(file ? { ...given, bytes: await file.arrayBuffer() } : given));
});
