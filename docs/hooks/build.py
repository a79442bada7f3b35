"""Builds the site aside and moves it into place when it is whole; does nothing when nothing changed.

What a site is made of is compared by content, settings included. It is noted before the build, so that an edit saved
meanwhile is built by the next; a killed build leaves the old site or none, never half of one.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = ROOT / "site"
STAMP = ROOT / ".cache" / "site.json"  # what the site was made of, and its files with their sizes
SETTINGS = ("SITE_URL", "REPO_URL")
FILES = ("mkdocs.yml", "CITATION.cff", "LICENSE", "requirements.lock", "package-lock.json")
FOLDERS = ("docs", "lrsim", "figures/plots", "figures/films", "tests/logs")  # the last three: what the site carries
MADE_HERE = ROOT / "docs" / "assets" / "generated" / "explorables"
LOCAL = re.compile(rb'\s(?:href|src)="((?!#)[^":?#]+)["?#]')  # an address without a scheme


def main():
    made_of = _made_of()
    if _stamp() == {"made_of": made_of, "files": _sizes(SITE)}:
        return 0
    print("building site/ (runs the notebooks, about half a minute)", flush=True)
    for left in STAMP.parent.glob("site-*"):  # of a build that was killed
        shutil.rmtree(left)
    STAMP.parent.mkdir(exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix="site-", dir=STAMP.parent))
    try:
        if code := _mkdocs(aside / "new"):
            return code
        if missing := lacking(aside / "new"):
            print(f"the site is not whole and was not put in place; missing: {', '.join(missing[:9])}", file=sys.stderr)
            return 1
        if SITE.exists():
            SITE.rename(aside / "old")
        (aside / "new").rename(SITE)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    STAMP.write_text(json.dumps({"made_of": made_of, "files": _sizes(SITE)}), encoding="utf-8")
    print("site/index.html is ready")
    return 0


def _mkdocs(target):
    """Its warnings and errors are shown, its progress is not."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8", errors="replace") as building:
        for line in building.stderr:
            if not line.startswith(("INFO", "[IPKernelApp]")):
                sys.stderr.write(line)
    return building.returncode


def _made_of():
    whole = hashlib.sha256()
    for name in SETTINGS:
        whole.update(f"{name}={os.environ.get(name)}\0".encode())
    for path in [*(ROOT / name for name in FILES), *(p for name in FOLDERS for p in sorted(_files(ROOT / name)))]:
        content = path.read_bytes() if path.is_file() else b""
        whole.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode(errors="surrogateescape") + content)
    return whole.hexdigest()


def _files(folder):
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(ROOT).parts)
        if path.is_file() and not hidden and MADE_HERE not in path.parents:
            yield path


def _stamp():
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _sizes(site):
    return {str(p.relative_to(site)): p.stat().st_size for p in sorted(site.rglob("*")) if p.is_file()}


def lacking(site):
    """What a built site names and does not hold: its first pages, and every file that a page leads to."""
    named = {site / name for name in ("index.html", "404.html", "sitemap.xml", "search/search_index.json")}
    for page in site.rglob("*.html"):
        if page.name != "404.html":  # which names its files from the host's root
            named |= {page.parent / unquote(found.decode()) for found in LOCAL.findall(page.read_bytes())}
    missing = {path for path in named if not (path / "index.html" if path.is_dir() else path).is_file()}
    return sorted(os.path.relpath(path, site) for path in missing)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
