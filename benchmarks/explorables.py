"""python -m benchmarks.explorables: what the explorables cost a reader's browser, on the built site.

A frame is the main thread's time for one redraw, four times over (a phone), less that of an empty frame; `one` draws
the reader's run alone, `four` with two kept runs and the ghost of the one before. `scripts` is what a page brings,
gzipped; `load` what they add to the main thread's time of a page, four times over; `idle` how often anything moved in
five seconds of rest.
"""

import gzip
import re
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, Request, sync_playwright

from benchmarks import host
from benchmarks.host import SITE, SUB_PATH, served

ROOT = Path(__file__).resolve().parent.parent
PHONE = 4  # times slower than this machine
FRAMES, LOADS, REST = 60, 5, 5  # redraws, loads, seconds
LIMITS = {
    "one, median ms": 8,
    "one, 95 % ms": 16,
    "four, median ms": 12,
    "four, 95 % ms": 20,
    "scripts kB": 30,
    "load ms": 150,
    "shift": 0,
    "idle": 0,
}
CALLED = re.compile(r'{{ explorable\("(\w+)"\) }}')
RUNS = {
    "one": "e => e.state = 'runs' in e.state ? { runs: [] } : {}",
    "four": "e => { const eta = e.state.eta; e.state = 'runs' in e.state ? { runs: [{ eta }, { eta }] } : {} }",
}
FRAME = """async ([name, turn]) => {
  const e = document.getElementById(name);
  if (turn !== null) {
    const { eta } = e.state, top = 2 / Math.max(...e.state.curvatures), next = top * (0.5 + 0.3 * Math.sin(turn));
    if (turn % 8 === 0) e.moving = false; // a new drag leaves a new ghost
    e.change({ eta: typeof eta === 'number' ? next : { ...eta, eta0: next } });
  }
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}"""
SHIFT = """() => new Promise(done => {
  let sum = 0;
  const seen = new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value));
  seen.observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300);
})"""
MOVES = """async ([name, seconds]) => {
  let seen = 0;
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = f => (seen++, ask(f));
  document.getElementById(name).addEventListener('lr-change', () => seen++);
  await new Promise(done => setTimeout(done, 1000 * seconds));
  return seen;
}"""


def main() -> int:
    found = {
        name: page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for page in sorted((ROOT / "docs").glob("**/*.md"))
        for name in CALLED.findall(page.read_text(encoding="utf-8"))
    }
    program = host.browser()
    if not program or not (SITE / "index.html").exists():
        print("explorables are not timed: that needs Chromium and a built site/ (make site)")
        return 0
    over = 0
    with served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, page in found.items():
            measured = measure(chromium.new_page, name, f"{address}{page}/")
            print(name, *(f"{key} {value:.3g}" for key, value in measured.items()), sep="  ", flush=True)
            over += sum(measured[key] > limit for key, limit in LIMITS.items())
        chromium.close()
    print("limits", *(f"{key} {limit}" for key, limit in LIMITS.items()), sep="  ")
    return int(over > 0)


def measure(new_page, name: str, address: str) -> dict[str, float]:
    page = new_page()
    scripts: list[str] = []
    page.on("requestfinished", lambda request: scripts.append(path(request)))
    arrive(page, name, address)
    shift = page.evaluate(SHIFT)
    page.locator(f"#{name}").scroll_into_view_if_needed()
    brought = {s for s in scripts if "explorables/" in s and s.endswith(".js")}
    size = sum(len(gzip.compress((SITE / s).read_bytes())) for s in brought) / 1000
    idle = page.evaluate(MOVES, [name, REST])
    times = {}
    for kind, prepare in RUNS.items():
        page.evaluate(f"({prepare})(document.getElementById('{name}'))")
        frames = sorted(PHONE * 1000 * cost for cost in redraws(page, name))
        times[f"{kind}, median ms"] = statistics.median(frames)
        times[f"{kind}, 95 % ms"] = frames[int(0.95 * len(frames))]
    page.close()
    return times | {"scripts kB": size, "load ms": load(new_page, name, address), "shift": shift, "idle": idle}


def redraws(page: Page, name: str) -> list[float]:
    """Seconds of the main thread for each redraw beyond an empty frame, the two in turn."""
    busy = clock(page)
    full, empty = [], []
    for turn in range(FRAMES):
        for costs, given in ((empty, None), (full, turn)):
            before = busy()
            page.evaluate(FRAME, [name, given])
            costs.append(busy() - before)
    rest = statistics.median(empty)
    return [max(0.0, cost - rest) for cost in full]


def load(new_page, name: str, address: str) -> float:
    """What the scripts add to the main thread's time of a page's load."""
    costs: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(LOADS):
        for scripted in costs:
            page = new_page()
            busy = clock(page)
            page.route("**/explorables/*.js", lambda route, go=scripted: route.continue_() if go else route.abort())
            before = busy()
            arrive(page, name, address, scripted)
            page.wait_for_timeout(500)
            costs[scripted].append(busy() - before)
            page.close()
    return PHONE * 1000 * (min(costs[True]) - min(costs[False]))


def clock(page: Page):
    """The seconds of its processor that the main thread of a page has had, whatever else the machine does."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> float:
        metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        return metrics["ThreadTime"]

    return busy


def arrive(page: Page, name: str, address: str, scripted: bool = True) -> None:
    page.goto(address, wait_until="load")
    if scripted:
        page.locator(f"#{name}.lr-live").wait_for(state="attached")


def path(request: Request) -> str:
    return request.url.partition(SUB_PATH)[2].partition("?")[0]


if __name__ == "__main__":
    sys.exit(main())
