// Reads and diagnoses beside the page, which goes on answering.
import { answer } from "./answer.js";

const loaded = async ({ file, ...given }) => (file ? { ...given, bytes: await file.arrayBuffer() } : given);

addEventListener("message", async ({ data: { other, ...given } }) => {
  postMessage(answer({ ...(await loaded(given)), other: other && (await loaded(other)) }));
});
