// A training log is pasted, dropped or chosen, and told what happened to it, as lrsim does; nothing leaves the browser.
import { html, nothing, render } from "lit/html.js";
import css from "../explorables.css";
import { steady } from "../hands.js";
import { styles } from "../styles.js";
import { foundPart, inWords } from "./log-found.js";
import { form } from "./log-form.js";
import own from "./log.css";
import worker from "./worker.js?worker";

const LONG = 200_000; // characters, above which a text is not laid out in the box
const MOST = 50e6; // bytes that a page takes
const WAIT = 600; // ms after the last key
const adopt = [styles(css), styles(own)];
const NOTHING = { text: "", name: "train.log", size: "", column: null, step: null, rate: null, every: null, optimizer: null };
const HOW = "Paste a training log or choose its file; what happened to the run is said below, with a picture.";

class Log extends HTMLElement {
  connectedCallback() {
    adopt.forEach((take) => take());
    this.life = new AbortController();
    this.id ||= "log";
    this.held ??= { ...NOTHING };
    this.boxes = {};
    [this.share, this.rate, this.asked] = [1, null, false];
    this.view = document.createElement("div");
    this.view.className = "lr-x";
    this.view.setAttribute("role", "group");
    this.view.setAttribute("aria-label", "Your training log");
    this.prepend(this.view);
    this.classList.add("lr-live");
    this.redraw();
    this.listen();
    this.ready = Promise.resolve();
  }

  listen() {
    const { signal } = this.life;
    this.observer = new ResizeObserver(() => this.measure() && this.redraw());
    this.observer.observe(this.view);
    const over = (on) => (event) => {
      event.preventDefault();
      this.view.classList.toggle("lr-over", on);
      if (event.type === "drop") this.dropped(event.dataTransfer);
    };
    for (const [type, on] of Object.entries({ dragover: true, dragleave: false, drop: false })) this.view.addEventListener(type, over(on), { signal });
    steady(this.view, () => this.redraw(), signal);
    this.view.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  }

  disconnectedCallback() {
    this.life.abort();
    this.observer.disconnect();
    clearTimeout(this.waiting);
    this.stop();
    this.view.remove();
    this.classList.remove("lr-live");
  }

  /** What was given and said of it: {text, column, step, rate, every, optimizer}; assigning part of it asks anew. */
  get state() {
    const { text, column, step, rate, every, optimizer } = this.held;
    return { text, column, step, rate, every, optimizer };
  }

  set state(partial) {
    this.take({ ...NOTHING, ...this.state, ...partial });
  }

  // --- what comes in ---------------------------------------------------------------------------------------------

  take(held, file = null) {
    [this.held, this.file, this.share, this.rate, this.coming, this.found] = [held, file, 1, null, null, null];
    return this.ask();
  }

  pasted(event) {
    const text = event.clipboardData?.getData("text") ?? "";
    if (text.length <= LONG) return;
    event.preventDefault();
    this.take({ ...NOTHING, text, name: "train.log", size: `pasted, ${megabytes(text.length)}` });
  }

  typed(text) {
    [this.held, this.file, this.coming] = [{ ...this.held, text, name: NOTHING.name, size: "" }, null, null];
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), WAIT);
    this.redraw();
  }

  async chosen(input) {
    const [file] = input.files;
    if (file) await this.open(file);
    input.value = "";
  }

  dropped(data) {
    const [file] = data.files;
    return file ? this.open(file) : this.take({ ...NOTHING, text: data.getData("text") });
  }

  /** A short file is shown in the box; a long one is read beside the page. */
  async open(file) {
    const { name, size } = file;
    if (size > MOST) return this.tell({ refused: `${name} has ${megabytes(size)}, and this page takes ${megabytes(MOST)}: the command line reads more` });
    const coming = (this.coming = {});
    const bytes = size <= LONG ? new Uint8Array(await file.arrayBuffer().catch(() => [0])) : null;
    if (this.coming !== coming) return;
    const text = bytes && !bytes.includes(0) ? new TextDecoder().decode(bytes) : null;
    if (text !== null && !text.includes("\ufffd")) return this.take({ ...NOTHING, text, name });
    return this.take({ ...NOTHING, name, size: megabytes(size) }, file);
  }

  async example(name) {
    const coming = (this.coming = {}); // what is pasted, chosen or asked for meanwhile is wanted more
    const answer = await fetch(new URL(`../../../explorables/logs/${name}`, import.meta.url)).catch(() => null);
    const text = answer?.ok && (await answer.text());
    if (this.coming !== coming) return;
    if (!text) return this.tell({ refused: "the example could not be fetched" });
    return this.take({ ...NOTHING, text, name });
  }

  /** Keeps this log, and the next one is held against it; or forgets the one that was kept. */
  keep() {
    const { text, name } = this.held;
    this.other = this.other ? null : { text, name, file: this.file ?? undefined };
    if (!this.other) return this.ask();
    this.redraw();
  }

  /** The log that this one is compared with, if another was kept. */
  get against() {
    const { other } = this;
    return other && (other.file !== (this.file ?? undefined) || other.text !== this.held.text) ? other : null;
  }

  /** More about the log: which columns, how many updates a row is, which optimizer. */
  say(more) {
    this.held = { ...this.held, ...more };
    return this.ask();
  }

  // --- what goes out ---------------------------------------------------------------------------------------------

  ask() {
    clearTimeout(this.waiting);
    this.stop();
    const { text, size, every, column, step, rate, optimizer } = this.held;
    if (!this.file && !text.trim()) return this.tell(null);
    const updates = every === null ? null : Number(every);
    if (every !== null && !(Number.isInteger(updates) && updates >= 1)) return this.tell({ refused: `updates a row must be a whole number of at least 1, got ${every}` });
    this.worker ??= new Worker(new URL(worker, import.meta.url), { type: "module" });
    this.busy = true;
    this.drawing = new Promise((done) => {
      this.worker.onmessage = ({ data }) => done(this.tell(data));
      this.worker.onerror = (event) => {
        event.preventDefault?.();
        done((this.stop(), this.tell({ refused: `this browser could not read it${event.message ? ` (${event.message})` : ""}: the command line does` })));
      };
    });
    this.worker.postMessage({ text: this.file ? undefined : text, file: this.file ?? undefined, column, step, rate, every: updates, optimizer, other: this.against });
    this.redraw();
    return this.drawing;
  }

  /** What is under way is of no use any more. */
  stop() {
    if (this.busy) {
      this.worker?.terminate();
      this.worker = null;
    }
    this.busy = false;
  }

  async tell(found) {
    [this.busy, this.found, this.told] = [false, found, ""];
    this.asked ||= /column=/.test(found?.refused ?? "");
    this.voice = found ? (found.refused !== undefined ? inWords(found.refused) : `${found.cause}. ${found.said.join(" ")}`) : "";
    if (found?.bowl && !this.cliff) {
      const { cliff, roleAt } = await import("./log-cliff.js");
      Object.assign(this, { cliff, roleAt });
    }
    if (this.isConnected) this.redraw();
  }

  async copy(text, what) {
    const { copied } = await import("../take-along.js");
    this.voice = this.told = await copied(text, `The lines for ${what}`);
    this.redraw();
  }

  // --- what the picture and the slider ask for -------------------------------------------------------------------

  /** Another rate, as a share of the reader's. */
  slide(share) {
    this.share = share;
    this.redraw();
  }

  setRate(text) {
    this.rate = Number(text) > 0 ? Number(text) : null;
    this.redraw();
  }

  settle() {}

  box(name) {
    return this.boxes[name] || { width: 640, height: 360 };
  }

  get big() {
    return 1;
  }

  measure() {
    let changed = false;
    for (const plot of this.view.querySelectorAll("[data-plot]")) {
      const { width, height } = plot.getBoundingClientRect();
      const old = this.boxes[plot.dataset.plot];
      if (!width || (old && Math.abs(old.width - width) < 0.5 && Math.abs(old.height - height) < 0.5)) continue;
      this.boxes[plot.dataset.plot] = { width: Math.round(width), height: Math.round(height) };
      changed = true;
    }
    return changed;
  }

  redraw() {
    this.draw();
    if (this.measure()) this.draw();
    this.dispatchEvent(new CustomEvent("lr-change", { bubbles: true }));
  }

  draw() {
    render(
      html`<p class="lr-hidden">${HOW}</p>
        <div class="lr-log">${form(this)}</div>
        ${foundPart(this)}
        <p class="lr-hidden" role="status">${this.voice ?? ""}</p>`,
      this.view,
    );
  }
}

const megabytes = (bytes) => (bytes < 1e5 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${Number((bytes / 1e6).toPrecision(2))} MB`);

customElements.define("lr-log", Log);
