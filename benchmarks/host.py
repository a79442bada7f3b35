"""The built site as a host serves it, to a browser here: under a sub-path, texts compressed, films in ranges."""

import functools
import gzip
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.etree import ElementTree

SITE = Path(__file__).resolve().parent.parent / "site"
SUB_PATH = "/some/where/"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEXTS = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv"}


def browser() -> str | None:
    """Where the first of these is, the quickest to start."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def locations() -> list[str]:
    """The addresses of all pages, as the sitemap has them."""
    if not (SITE / "sitemap.xml").exists():
        return [""]
    return [e.text or "" for e in ElementTree.parse(SITE / "sitemap.xml").iter() if e.tag.endswith("loc")]


HOME = min(locations(), key=len)
PAGES = [location.removeprefix(HOME) for location in locations()]


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler] | None = None) -> Iterator[str]:
    """The address of the home page while the site is served."""
    assert SITE.exists(), "site/ is missing: run `make site`"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler or Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    finally:
        server.shutdown()
        server.server_close()


class Host(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files

    def translate_path(self, path: str) -> str:
        path = path.partition("?")[0].partition("#")[0]
        if not path.startswith(SUB_PATH):
            return str(SITE / "nowhere")
        self.directory = str(SITE)
        return super().translate_path("/" + path.removeprefix(SUB_PATH))

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.partition("?")[0].endswith("/"):
            file /= "index.html"
        if file.suffix not in TEXTS or not file.is_file():
            return self._part(file) if "Range" in self.headers and file.is_file() else super().do_GET()
        body = compressed(file, file.stat().st_mtime_ns, f"http://{self.headers['Host']}{SUB_PATH}")
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(str(file))}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _part(self, file: Path) -> None:
        """Without ranges no browser can seek in a film."""
        whole = file.read_bytes()
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        body = whole[int(first) : int(last) + 1 if last else None]
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{len(whole)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with suppress(ConnectionError):  # a page that is left does not wait for what it asked for
            super().handle()

    def log_message(self, *args: object) -> None: ...


@functools.cache
def compressed(file: Path, changed: int, home: str) -> bytes:
    """A text of the site as if it had been built with SITE_URL set to this host."""
    body = file.read_bytes()
    if file.suffix in (".html", ".xml"):
        body = body.replace(HOME.encode(), home.encode())
    return gzip.compress(body)
