// <lr-film> holds a picture and one <video>, which takes its place once it is there. It plays only while in view and
// while its theme is shown; where the reader asked for reduced motion it waits for its own play button. A reader who
// pauses it is not overruled.
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class Film extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.still = this.querySelector("img");
    this.poster ??= this.still.src; // now: the address changes before the page
    this.querySelector("a").removeAttribute("href"); // no stop for the keyboard that will be gone
    this.addSpeed();
    this.video.addEventListener("pause", () => (this.stopped = this.visible && !this.video.ended && !this.leaving));
    this.video.addEventListener("play", () => (this.stopped = false));
    this.watch = new IntersectionObserver(([entry]) => this.seen(entry.isIntersecting), { threshold: 0.35 });
    this.watch.observe(this);
    this.shown = new ResizeObserver(() => this.unveil()); // what is hidden has no size
    this.shown.observe(this);
    this.onPrint = () => this.matches(".only-light") && (this.still.loading = "eager"); // paper is white
    addEventListener("beforeprint", this.onPrint);
    calm.addEventListener("change", (this.onCalm = () => this.seen(this.visible)));
  }

  disconnectedCallback() {
    this.watch.disconnect();
    this.shown.disconnect();
    removeEventListener("beforeprint", this.onPrint);
    calm.removeEventListener("change", this.onCalm);
  }

  /** Once its picture has come, which it does when it is nearly in sight. */
  unveil() {
    if (!this.checkVisibility()) return;
    this.drawn ??= this.still.decode().catch(() => {}).then(() => {
      this.video.poster = this.poster;
      this.classList.add("lr-live");
    });
  }

  seen(visible) {
    this.visible = visible;
    this.leaving = !visible || calm.matches;
    if (this.leaving) this.video.pause();
    else if (!this.stopped) this.begin();
  }

  /** The picture first: a film would be fetched beside it. Where autoplay is refused, it and the controls remain. */
  async begin() {
    await this.drawn;
    if (!this.leaving && !this.stopped) this.video.play().catch(() => {});
  }

  addSpeed() {
    if (this.querySelector("label")) return; // instant navigation may connect the same element twice
    const label = document.createElement("label");
    label.className = "lr-speed";
    label.innerHTML = `Speed <select>${[0.25, 0.5, 1, 1.5, 2]
      .map((rate) => `<option value="${rate}"${rate === 1 ? " selected" : ""}>${rate}×</option>`)
      .join("")}</select>`;
    label.querySelector("select").addEventListener("change", (event) => {
      this.video.playbackRate = Number(event.target.value);
    });
    this.append(label);
  }
}

if (!customElements.get("lr-film")) customElements.define("lr-film", Film);
