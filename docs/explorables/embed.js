// On a bare page: follows the system's theme, and tells the page around it how high it is.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => (document.body.dataset.mdColorScheme = dark.matches ? "slate" : "default");
dark.addEventListener("change", paint);
paint();

const tell = () => {
  const height = Math.ceil(document.querySelector("main").getBoundingClientRect().height);
  parent.postMessage({ height }, "*");
  parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
};
if (parent !== window) {
  new ResizeObserver(tell).observe(document.querySelector("main"));
  addEventListener("message", ({ data }) => data?.type === "embed-size" && tell());
}
