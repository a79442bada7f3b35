// An element's life on a page: its view comes and goes without a trace, is drawn when something changed, and fills the screen.
import { html, nothing, render } from "lit/html.js";
import { fromAddress } from "./address.js";
import { sleep, wake } from "./clock.js";
import css from "./explorables.css";
import { drag, key, keys, steady } from "./hands.js";
import { styles } from "./styles.js";

const adopt = styles(css);

/** What `Explorable` builds on; `redraw` renders `template()`. */
export class Stage extends HTMLElement {
  connectedCallback() {
    adopt();
    this.life = new AbortController();
    this.path = location.pathname;
    this.ready = Promise.resolve().then(() => this.life && !this.life.signal.aborted && this.begin());
  }

  async begin() {
    const { defaults, words, id } = this.constructor;
    this.id ||= id;
    this.view = document.createElement("div");
    this.view.className = "lr-x";
    this.view.setAttribute("role", "group");
    this.view.setAttribute("aria-label", words.title);
    this.boxes = {};
    this.big = 1;
    this.unfolded = new Set();
    try {
      this.held ??= this.fit({ ...structuredClone(defaults), ...this.given(fromAddress(this)) });
      const claim = this.querySelector(".lr-claim");
      claim ? claim.after(this.view) : (this.querySelector("figure") || this).prepend(this.view);
      this.redraw();
      this.classList.add("lr-live");
      this.measure();
      this.redraw();
      this.listen();
    } catch (error) {
      this.fall(error);
    }
    await this.drawing;
  }

  /** What cannot be drawn leaves the static figure standing. */
  fall(error) {
    this.disconnectedCallback();
    console.error(error);
  }

  listen() {
    const { signal } = this.life;
    this.observer = new ResizeObserver(() => this.measure() && this.soon());
    this.observer.observe(this.view);
    this.view.addEventListener("keydown", (event) => key(this, event), { signal });
    steady(this.view, () => this.soon(), signal);
    this.view.addEventListener("change", () => this.settle(), { signal });
    addEventListener("popstate", () => this.popped(), { signal });
    document.addEventListener("fullscreenchange", () => this.full(document.fullscreenElement === this.view), { signal });
  }

  disconnectedCallback() {
    this.life?.abort();
    this.observer?.disconnect();
    sleep(this);
    clearTimeout(this.speaking);
    clearTimeout(this.writing);
    this.playing = false;
    this.classList.remove("lr-live");
    this.view?.remove();
  }

  redraw() {
    this.dirty = false;
    const { words } = this.constructor;
    render(
      html`<p class="lr-hidden">${words.how} ${keys(this)}</p>
        ${this.isFull ? html`<button type="button" class="lr-icon lr-close" aria-label="leave full screen" @click=${() => this.toggleFull()}>×</button>` : nothing}
        ${this.template()}
        ${this.notes.length ? html`<p class="lr-note">${this.notes.join("; ")}.</p>` : nothing}
        <p class="lr-hidden" role="status">${this.voice ?? ""}</p>`,
      this.view,
    );
    this.dispatchEvent(new CustomEvent("lr-change", { bubbles: true }));
  }

  /** The room of the plot called `name`, in pixels, as CSS made it. */
  box(name) {
    return this.boxes[name] || { width: 640, height: 360 };
  }

  measure() {
    const big = Number(getComputedStyle(this.view).getPropertyValue("--lr-s"));
    let changed = big !== this.big;
    this.big = big; // how many times its usual size the type is, as CSS says
    for (const plot of this.view.querySelectorAll("[data-plot]")) {
      const { width, height } = plot.getBoundingClientRect();
      if (!width || !height) continue;
      const old = this.boxes[plot.dataset.plot];
      if (old && Math.abs(old.width - width) < 0.5 && Math.abs(old.height - height) < 0.5) continue;
      this.boxes[plot.dataset.plot] = { width: Math.round(width), height: Math.round(height) };
      changed = true;
    }
    return changed;
  }

  get isFull() {
    return this.view.classList.contains("lr-full");
  }

  full(on) {
    this.view.classList.toggle("lr-full", on);
    this.measure();
    this.soon();
  }

  async toggleFull() {
    if (this.isFull) return document.fullscreenElement ? document.exitFullscreen() : this.full(false);
    if (!this.view.requestFullscreen) return this.full(true);
    return this.view.requestFullscreen().catch(() => this.full(true));
  }

  /** The button that was pressed is gone: the focus goes at once to what took its place. */
  focusOn(selector) {
    this.redraw();
    if (this.measure()) this.redraw(); // what fills the screen does not grow with what is in it
    this.view.querySelector(selector)?.focus({ preventScroll: true });
  }

  soon() {
    this.dirty = true;
    if (this.view?.isConnected) wake(this);
  }

  drag(event, move) {
    drag(this, event, move);
  }
}
