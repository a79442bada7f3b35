// Brings in the explorables that stand on a page, and lets the prose play them.

/** `parts` says how each element is brought in, by its tag. */
export function start(parts) {
  const scan = () => {
    for (const [tag, load] of Object.entries(parts)) {
      if (document.querySelector(tag) && !customElements.get(tag)) load().catch(console.error);
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-explorable]");
    if (button) play(button);
  });
  scan();
  window.document$?.subscribe(scan); // after each instant navigation
}

/** A button in the prose: sets the explorable, brings it into view. */
async function play(button) {
  const explorable = document.getElementById(button.dataset.explorable);
  if (!explorable) return;
  await customElements.whenDefined(explorable.localName);
  await explorable.ready;
  explorable.show(JSON.parse(button.dataset.state));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  explorable.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  explorable.classList.remove("lr-glow");
  requestAnimationFrame(() => explorable.classList.add("lr-glow"));
}
