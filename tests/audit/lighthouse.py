"""Lighthouse as a phone on a slow line sees six pages; its speed is the median of three, since machines are busy."""

import json
import os
import statistics
import subprocess

from benchmarks.host import browser, served
from tests.audit.line import Line
from tests.audit.texts import TOOLS

PAGES = ("", "learn/decay/", "my-loss-exploded/", "notebooks/decay/", "lrsim/api/descent/", "gallery/")
WHOLE = ("accessibility", "best-practices", "seo")
SLOWEST = 75  # of 100
RUNS = 3


def pages():
    with served() as address:
        found = {page: seen(address + page) for page in PAGES}
    for kind in WHOLE:
        scores = [runs[0]["categories"][kind]["score"] for runs in found.values()]
        short = [f"{page or 'home'}: {said}" for page, runs in found.items() for said in objections(runs[0], kind)]
        yield line(kind, min(scores), 100, short)
    for page, runs in found.items():
        score = statistics.median(run["categories"]["performance"]["score"] for run in runs)
        yield line("performance", score, SLOWEST, [numbers(runs[0])], page or "home")
    moved = {
        page: max(run["audits"]["cumulative-layout-shift"]["numericValue"] for run in runs)
        for page, runs in found.items()
    }
    wrong = [f"{page or 'home'}: {shift:.4f}" for page, shift in moved.items() if shift > 0.001]
    yield Line("Lighthouse sees no shift", f"{len(PAGES)} pages", wrong)


def line(kind, score, limit, said, page=""):
    score = round(100 * score)
    return Line(
        f"Lighthouse: {kind}",
        page or f"{len(PAGES)} pages, the lowest",
        said if score < limit else [],
        str(score),
        str(limit),
    )


def seen(address):
    return [run(address), *(run(address, "--only-categories=performance") for _ in range(RUNS - 1))]


def run(address, *more):
    # a phone's letters are not whole pixels wide, as hints would make them here
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --font-render-hinting=none"
    command = [str(TOOLS / "lighthouse"), address, "--output=json", "--output-path=stdout", "--quiet", flags, *more]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": browser() or ""})
    if done.returncode:
        raise SystemExit(f"Lighthouse cannot look at {address}: {done.stderr[-800:]}")
    return json.loads(done.stdout)


def objections(report, kind):
    audits = [report["audits"][ref["id"]] for ref in report["categories"][kind]["auditRefs"] if ref["weight"]]
    return [
        f"{audit['id']}: {audit['title']}"
        for audit in audits
        if (audit["score"] or 0) < 1 and audit["score"] is not None
    ]


def numbers(report):
    named = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
    return ", ".join(f"{name} {report['audits'][name]['displayValue']}" for name in named)
