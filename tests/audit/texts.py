"""What can be seen without a browser: addresses, HTML, spelling, and how prose is set."""

import json
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup

from tests import test_links
from tests.audit.line import Line

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
TOOLS = ROOT / ".cache" / "audit" / "node_modules" / ".bin"
TEXTS = ROOT / ".cache" / "audit" / "texts"  # the prose of the site, for the speller
PAGES = test_links.PAGES
UNREAD = "code, pre, script, style, svg, .katex, .md-header, .md-sidebar, .md-footer, .md-skip, .lr-cite"
WRITTEN = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
SLIPS = {
    "a hyphen for a minus": r"(?<![\w.\-–/])-\d",
    "a formula that is not set": r"(?<![A-Za-z_])[A-Za-zΑ-ω]_[\w{]|[_^]\{|\w\^\w|\\[a-zA-Z]+|(?<!\w)\$",
    "dots for an ellipsis": r"\w\.\.\.(?!\.)",
    "two hyphens for a dash": r"\w ?--+ ?\w",
    "a letter for a times sign": r"\d ?x ?\d",
    "a word twice": r"\b([a-z]{2,}) \1\b",
    "a space before a stop": r"\w [,;:.!?](?=\s)",
}


def addresses():
    wrong = [
        f"{page}: {why}" for page in PAGES for at in test_links.addresses(page) if (why := test_links.broken(page, at))
    ]
    count = sum(1 for page in PAGES for _ in test_links.addresses(page))
    yield Line("addresses lead somewhere", f"{count} on {len(PAGES)} pages", wrong)


def html():
    command = [
        TOOLS / "html-validate",
        "--config",
        HERE / "html-validate.json",
        "--formatter",
        "json",
        ROOT / "site/**/*.html",
    ]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as report:  # it ends before a pipe has taken all of a long one
        done = subprocess.run([str(part) for part in command], stdout=report, stderr=subprocess.PIPE, text=True)
        report.seek(0)
        said_of = json.loads(report.read() or sys.exit(done.stderr))
    found = [
        f"{page}: {said['ruleId']}: {said['message']} ({said.get('selector')})"
        for file in said_of
        for page in [Path(file["filePath"]).relative_to(ROOT / "site")]
        for said in file["messages"]
    ]
    yield Line("HTML is valid", f"{len(PAGES)} pages, html-validate:standard", found)


@cache
def prose(page):
    """What a reader reads as words, a block a line."""
    soup = BeautifulSoup((ROOT / "site" / page).read_text(encoding="utf-8"), "html.parser").body
    for part in soup.select(UNREAD):
        part.replace_with(" ")
    for block in soup.select("p, li, td, th, dt, dd, h1, h2, h3, h4, figcaption, summary, div"):
        block.append("\n")
    return re.sub(r"[ \t]*\n\s*", "\n", soup.get_text())


def typography():
    found = [
        f"{page}: {name}: …{line[max(0, at.start() - 30) : at.end() + 20]}…"
        for page in PAGES
        if not page.startswith("licences")
        for line in prose(page).splitlines()
        for name, pattern in SLIPS.items()
        for at in re.finditer(pattern, line)
    ]
    yield Line("prose is well set", f"{len(PAGES)} pages, {len(SLIPS)} kinds of slips", found)


def spelling():
    for page in PAGES:
        file = TEXTS / page.replace("/index.html", ".txt").replace(".html", ".txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(prose(page), encoding="utf-8")
    command = [
        TOOLS / "cspell",
        "lint",
        "--config",
        HERE / "cspell.json",
        "--no-progress",
        "--no-summary",
        "--no-color",
    ]
    files = [TEXTS / "**/*.txt", *(ROOT / name for name in WRITTEN)]
    done = subprocess.run([str(part) for part in [*command, *files]], capture_output=True, text=True, cwd=ROOT)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    found = re.findall(r"^(\S+?):\d+:\d+ - Unknown word \((.+?)\)", done.stdout, re.MULTILINE)
    words = [f"{word} ({Path(file).name})" for file, word in found]
    yield Line("spelling is British", f"{len(PAGES)} pages, {len(WRITTEN)} files", words)
