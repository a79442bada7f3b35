"""The only file with a colour in it: roles × light/dark, for matplotlib, Manim and CSS.

A role is what a thing *is* (a diverging run, the axis text), never what it looks like. Every role that draws
text or a curve keeps a contrast of at least 4.5:1 on its paper, and every two of the run roles stay apart under
simulated protan, deutan and tritan sight; `tests/test_palette.py` computes both.
"""

from dataclasses import dataclass

RUNS = ("crawl", "fast", "bounce", "edge", "diverge", "decay")

# How a role is drawn besides its colour, so that colour never carries the meaning alone.
LINES = {
    "crawl": {"linestyle": "-", "linewidth": 1.6},
    "fast": {"linestyle": "-", "linewidth": 2.8},
    "bounce": {"linestyle": (0, (5, 1.6)), "linewidth": 1.9},
    "edge": {"linestyle": (0, (6, 1.6, 1.2, 1.6)), "linewidth": 1.9},
    "diverge": {"linestyle": (0, (1.1, 1.1)), "linewidth": 2.8},
    "decay": {"linestyle": "-", "linewidth": 1.9},
}
MARKS = {"crawl": "o", "fast": "D", "bounce": "s", "edge": "p", "diverge": "X", "decay": "^"}


@dataclass(frozen=True)
class Palette:
    """The colours of one theme by role, as hex strings; `line(role)` and `mark(role)` are matplotlib keywords."""

    name: str
    paper: str
    ink: str
    muted: str
    grid: str
    crawl: str
    fast: str
    bounce: str
    edge: str
    diverge: str
    decay: str
    low: str  # the bowl's surface and filled contours, from the minimum ...
    high: str  # ... to the rim
    band: str  # a fill that carries a meaning: seen on the paper, and what is drawn on it seen too
    code: str  # background of program text

    def line(self, role: str) -> dict:
        return {"color": getattr(self, role), **LINES[role]}

    def mark(self, role: str) -> dict:
        return {"color": getattr(self, role), "marker": MARKS[role], "linestyle": "none"}


LIGHT = Palette(
    name="light",
    paper="#ffffff",
    ink="#1b1f24",
    muted="#5b6570",
    grid="#e3e7eb",
    crawl="#2460d8",
    fast="#12806a",
    bounce="#8f6a10",
    edge="#3a2670",
    diverge="#a32018",
    decay="#a8408f",
    low="#dde5ee",
    high="#fafbfc",
    band="#dde5ee",
    code="#f5f7f9",
)
DARK = Palette(
    name="dark",
    paper="#11151a",
    ink="#e8ecf0",
    muted="#9aa6b2",
    grid="#2a3139",
    crawl="#3f93ea",
    fast="#9aeccb",
    bounce="#e8bd62",
    edge="#b9a6f4",
    diverge="#fb6152",
    decay="#d35fa8",
    low="#161d26",
    high="#2b3542",
    band="#2e3945",
    code="#171d25",
)
THEMES = {"light": LIGHT, "dark": DARK}


def css() -> str:
    """The site's colours: Material's variables for both schemes and one `--lr-<role>` variable a role.

    Paper is white: the dark scheme is for screens alone, and whoever prints from it gets the light one.
    """
    light = _scheme(':root,\n[data-md-color-scheme="default"]', LIGHT)
    dark = _scheme('[data-md-color-scheme="slate"]', DARK)
    return f"{light}\n@media screen {{\n{dark}}}\n"


def _scheme(selector: str, p: Palette) -> str:
    rules = {f"--lr-{role}": getattr(p, role) for role in p.__dataclass_fields__ if role != "name"}
    rules |= {
        "--md-default-bg-color": p.paper,
        "--md-default-fg-color": p.ink,
        "--md-default-fg-color--light": p.muted,
        "--md-default-fg-color--lighter": p.muted + "66",
        "--md-default-fg-color--lightest": p.grid,
        "--md-primary-fg-color": p.paper,
        "--md-primary-bg-color": p.ink,
        "--md-primary-bg-color--light": p.muted,
        "--md-accent-fg-color": p.crawl,
        "--md-accent-fg-color--transparent": p.crawl + "1a",
        "--md-typeset-color": p.ink,
        "--md-typeset-a-color": p.crawl,
        "--md-code-bg-color": p.code,
        "--md-code-fg-color": p.ink,
        "--md-code-hl-comment-color": p.muted,
        "--md-code-hl-keyword-color": p.decay,
        "--md-code-hl-string-color": p.fast,
        "--md-code-hl-number-color": p.diverge,
        "--md-code-hl-function-color": p.crawl,
        "--md-code-hl-constant-color": p.edge,
        "--md-code-hl-special-color": p.diverge,
        "--md-code-hl-operator-color": p.muted,
        "--md-code-hl-punctuation-color": p.muted,
        "--md-code-hl-generic-color": p.muted,
        "--md-code-hl-variable-color": p.ink,
        "--md-code-hl-name-color": p.ink,
        "--md-footer-bg-color": p.paper,
        "--md-footer-bg-color--dark": p.paper,
        "--md-footer-fg-color": p.ink,
        "--md-footer-fg-color--light": p.muted,
        "--md-footer-fg-color--lighter": p.muted,
    }
    return selector + " {\n" + "".join(f"  {name}: {value};\n" for name, value in rules.items()) + "}\n"
