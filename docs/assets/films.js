// <lr-film> holds a picture and one <video>, which takes its place once it is there. It plays only while in view and
// while its theme is shown; where the reader asked for reduced motion, and in the gallery, it waits for its play
// button: the player's own controls would lie over the still. A reader who pauses it is not overruled. <lr-pauses>
// holds both themes' films and one bar for them: pause points and speed, which go on where they were when the theme
// changes.
const calm = matchMedia("(prefers-reduced-motion: reduce)");

class Film extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.still = this.querySelector("img");
    this.poster ??= this.still.src; // now: the address changes before the page
    this.querySelector("a").removeAttribute("href"); // no stop for the keyboard that will be gone
    this.controls();
    this.video.addEventListener("pause", () => (this.stopped = this.visible && !this.video.ended && !this.leaving));
    this.video.addEventListener("play", () => {
      this.stopped = false;
      this.bare = false;
    });
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
    URL.revokeObjectURL(this.blob);
  }

  /** One plain button while the film stands still; the player's controls once it plays or is pointed at. */
  controls() {
    const { video } = this;
    this.start ??= this.appendChild(document.createElement("button"));
    Object.assign(this.start, { type: "button", className: "lr-start", textContent: "Play", ariaLabel: this.still.alt });
    this.start.onclick = video.onclick = () => this.bare && video.play().catch(() => {});
    video.onpointermove = ({ pointerType }) => pointerType === "touch" || (this.bare = false);
    video.onpointerleave = () => video.paused && !video.matches(":focus-visible") && (this.bare = true);
    this.bare = true;
  }

  get bare() {
    return !this.video.controls;
  }

  set bare(bare) {
    const focused = this.start.matches(":focus");
    this.video.controls = !bare;
    this.start.hidden = !bare;
    if (focused && !bare) this.video.focus({ preventScroll: true });
  }

  /** Goes to a moment. Where the host sends no parts of files the browser cannot: then the film is fetched whole, once. */
  async seek(time) {
    const { video } = this;
    this.goal = time;
    if (!video.readyState) await this.load();
    const { seekable } = video;
    if (!seekable.length || time > seekable.end(seekable.length - 1)) await (this.whole ??= this.fetch());
    if (this.goal === time) video.currentTime = time;
  }

  /** Until the length is known, and with it where one can go. */
  load() {
    this.video.preload = "auto";
    return new Promise((known) => this.video.addEventListener("loadedmetadata", known, { once: true }));
  }

  /** Puts the whole file in the place of its address; speed, place and whether it plays stay. */
  async fetch() {
    const { video } = this;
    const answer = await fetch(video.currentSrc);
    if (!answer.ok) return;
    const whole = await answer.blob();
    if (!this.isConnected) return;
    const { currentTime, paused } = video;
    video.src = this.blob = URL.createObjectURL(whole);
    await this.load();
    video.currentTime = currentTime;
    if (!paused) video.play().catch(() => {});
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
    else if (!this.stopped && !this.closest(".lr-card")) this.begin();
  }

  /** The picture first: a film would be fetched beside it. Where autoplay is refused, it and the controls remain. */
  async begin() {
    await this.drawn;
    if (!this.leaving && !this.stopped) this.video.play().catch(() => {});
  }
}

const NEXT = ["ArrowRight", "PageDown"]; // the second is what a presenter's remote control sends
const BACK = ["ArrowLeft", "PageUp"];

class Pauses extends HTMLElement {
  connectedCallback() {
    this.films = [...this.querySelectorAll("lr-film")];
    this.numbers = [...this.querySelectorAll("[data-at]")];
    this.points = this.numbers.map((one) => Number(one.dataset.at));
    this.words = this.querySelector("output");
    const [back, next] = this.querySelectorAll(".lr-back, .lr-next");
    back.onclick = () => this.back();
    next.onclick = () => this.next();
    this.numbers.forEach((one, i) => (one.onclick = () => this.stop(this.points[i])));
    this.onkeydown = this.key;
    for (const video of this.querySelectorAll("video")) video.ontimeupdate = () => video === this.video && this.point();
    this.querySelector("select").onchange = ({ target }) => {
      for (const { video } of this.films) video.defaultPlaybackRate = video.playbackRate = Number(target.value);
    };
    this.shown = new ResizeObserver(() => this.changeTheme());
    for (const film of this.films) this.shown.observe(film);
  }

  disconnectedCallback() {
    this.shown.disconnect();
  }

  get video() {
    return this.film?.video;
  }

  /** The film of the theme now shown goes on where the other one was. */
  changeTheme() {
    const film = this.films.find((one) => one.checkVisibility());
    if (!film || film === this.film) return;
    const before = this.film;
    this.film = film;
    if (!before?.video.currentTime) return;
    if ((film.stopped = before.stopped)) film.video.pause();
    film.seek(before.video.currentTime);
  }

  stop(time) {
    this.until = undefined;
    this.film.stopped = true;
    this.video.pause();
    this.film.bare = true;
    this.film.seek(time);
    this.words.textContent = this.numbers[this.points.indexOf(time)]?.ariaLabel ?? "";
  }

  get now() {
    return this.until ?? this.video.currentTime;
  }

  next() {
    const time = this.points.find((at) => at > this.now + 0.1);
    if (calm.matches) return this.stop(time ?? 0);
    this.film.goal = undefined; // on from where it is, whatever was asked before
    if (time === undefined) this.film.seek(0);
    const until = (this.until = time ?? this.points[0]);
    this.words.textContent = "";
    this.video.play().catch(() => {});
    const look = () => {
      if (this.until !== until) return;
      if (this.video.currentTime < until || this.video.seeking) return requestAnimationFrame(look);
      this.stop(until);
    };
    look();
  }

  back() {
    this.stop(this.points.findLast((at) => at < this.now - 0.3) ?? 0);
  }

  /** Keys mean the film while the focus is in it: none of them reaches the page's own shortcuts. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    if (event.target.matches("select")) return;
    const point = this.points[Number(event.key) - 1];
    if (point) this.stop(point);
    else if (NEXT.includes(event.key)) this.next();
    else if (BACK.includes(event.key)) this.back();
    else return;
    event.preventDefault();
  }

  /** Marks the point at which the film is. */
  point() {
    const at = this.points.findLastIndex((time) => time < this.video.currentTime + 0.1);
    this.numbers.forEach((one, i) => (i === at ? one.setAttribute("aria-current", "step") : one.removeAttribute("aria-current")));
    if (!this.video.paused) this.words.textContent = "";
  }
}

if (!customElements.get("lr-film")) customElements.define("lr-film", Film);
if (!customElements.get("lr-pauses")) customElements.define("lr-pauses", Pauses);
