"""The look of the notebooks' pictures: a cell of plain matplotlib, which a build writes into them.

With it a notebook that was taken away draws as the site does, and runs alone; without it `C0` and `C6` are colours too.
"""

import json
import textwrap

from figures import style
from figures.palette import DARK, LIGHT, RUNS

CYCLE = (*RUNS, "muted", "ink")
ABOUT = f"# The look of the site's figures: C0 to C{len(CYCLE) - 1} are {', '.join(CYCLE)}."
LEFT = ("axes.prop_cycle", "font.family", "savefig.", "svg.")  # of the plots' settings, what is none of a notebook's


def shared() -> dict:
    """The cell, its first line, by which it is known, and what each of its colours is on dark paper."""
    used = ("paper", "grid", *CYCLE)
    return {"about": ABOUT, "cell": cell(), "dark": {getattr(LIGHT, role): getattr(DARK, role) for role in used}}


def cell() -> str:
    settings = {name: value for name, value in style.settings(LIGHT).items() if not name.startswith(LEFT)}
    settings |= {
        "axes.prop_cycle": f"cycler(color={[getattr(LIGHT, role) for role in CYCLE]})",
        "figure.constrained_layout.use": True,
        "figure.figsize": [5, 3.4],  # can still be read on a telephone
        "axes.titleweight": "bold",  # which every typeface has
        "font.sans-serif": ["Inter", "DejaVu Sans"],
    }
    words = ", ".join(f'"{name}": {_said(value)}'.replace(" ", "\0") for name, value in sorted(settings.items()))
    lines = textwrap.fill(words, 116, break_long_words=False, break_on_hyphens=False).replace("\0", " ")
    return f"{ABOUT}\nimport matplotlib.pyplot as plt\n\nplt.rcParams.update({{\n{textwrap.indent(lines, '    ')},\n}})"


def _said(value: object) -> str:
    return repr(value) if isinstance(value, bool) else json.dumps(value)
