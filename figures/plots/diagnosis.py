"""`lrsim diagnose` names the cause of {{ n.diagnosis_right }} of {{ n.diagnosis_logs }} logs.

Caption: The true cause of simulated logs that nothing was tuned on (rows), and the cause that was found (columns). On
the diagonal it is right. Of {{ n.diagnosis_bad }} runs that blew up it lets {{ n.diagnosis_missed }} pass, and it
raises the alarm in {{ n.diagnosis_false }} of {{ n.diagnosis_good }} that did not.

Alt: A table of nine causes against nine causes with a circle in each cell that is not empty, as large as its share of
the row. Nearly all circles are on the diagonal; beside it stand a few small ones where plateaus and slow falls
are taken for each other.
"""

import json
import re

from matplotlib.figure import Figure

from figures import style
from figures.files import ROOT
from figures.palette import Palette

PAGE = "lrsim/diagnosis"
READS = ("benchmarks/diagnosis.json",)
TOOLS = ("lrsim", "runmedic", "trainspotter")


def _measured() -> dict:
    return json.loads((ROOT / READS[0]).read_text(encoding="utf-8"))


def _counts() -> dict[str, dict[str, int]]:
    """True cause -> cause found -> logs."""
    counts: dict[str, dict[str, int]] = {}
    for row in _measured()["scenarios"].values():
        own = counts.setdefault(row["cause"], {})
        for cause, logs in row["causes"].items():
            own[cause] = own.get(cause, 0) + logs
    return counts


def facts() -> dict[str, str]:
    found, counts = _measured(), _counts()
    rows = found["scenarios"].values()
    tools = [tool for tool in TOOLS if all(f"{tool} alarms" in row for row in rows)]
    bad, good = ([row for row in rows if row["lost"] is lost] for lost in (True, False))

    def alarms(part: list[dict], tool: str) -> int:
        return sum(row[f"{tool} alarms"] for row in part)

    heads = ["What was done", "Cause", "Logs", "`lrsim` is right", *(f"Alarms of `{tool}`" for tool in tools)]
    lines = [heads, ["---", "---", *["---:"] * (2 + len(tools))]]
    for name, row in found["scenarios"].items():
        right = row["causes"].get(row["cause"], 0)
        own = [str(row[f"{tool} alarms"]) for tool in tools]
        name = re.sub(" (?=\\d)", "\N{NO-BREAK SPACE}", name)
        lines.append([name, row["cause"], str(row["runs"]), str(right), *own])
    totals = [["Runs that blew up", *_total(bad, tools)], ["Runs that did not", *_total(good, tools)]]
    short = [
        ["What happened", "Logs", *(f"Alarms of `{tool}`" for tool in tools)],
        ["---", *["---:"] * (1 + len(tools))],
        *totals,
    ]
    return {
        "diagnosis_right": str(sum(own.get(cause, 0) for cause, own in counts.items())),
        "diagnosis_logs": str(sum(row["runs"] for row in rows)),
        "diagnosis_bad": str(sum(row["runs"] for row in bad)),
        "diagnosis_good": str(sum(row["runs"] for row in good)),
        "diagnosis_missed": str(sum(row["runs"] for row in bad) - alarms(bad, "lrsim")),
        "diagnosis_false": str(alarms(good, "lrsim")),
        "diagnosis_intervals": str(found["intervals"]),
        "diagnosis_covered": str(found["covered"]),
        "diagnosis_tools": f"{', '.join(found['tools'])}, {found['date']}".replace("lrsim", "`lrsim`"),
        "diagnosis_table": "\n".join(f"| {' | '.join(line)} |" for line in lines),
        "diagnosis_alarms": "\n".join(f"| {' | '.join(line)} |" for line in short),
    }


def _total(rows: list[dict], tools: list[str]) -> list[str]:
    return [str(sum(row["runs"] for row in rows)), *(str(sum(row[f"{tool} alarms"] for row in rows)) for tool in tools)]


def data() -> dict[str, list]:
    cells = [(cause, found, logs) for cause, own in _counts().items() for found, logs in own.items()]
    return {head: [cell[i] for cell in cells] for i, head in enumerate(("true cause", "cause found", "logs"))}


def draw(colours: Palette) -> Figure:
    counts = _counts()
    causes = list(counts)
    fig, (ax,) = style.panels(1, height=(4.6, 4.2))
    for y, cause in enumerate(causes):
        total = sum(counts[cause].values())
        for found, number in counts[cause].items():
            x, colour = causes.index(found), colours.fast if found == cause else colours.diverge
            ax.scatter(x, y, s=30 + 170 * number / total, color=colour, linewidth=0, zorder=3)
            beside = (7, 8) if style.narrow() else (12, 0)  # where columns are narrow, over the next one's circle
            if not style.narrow() or found == cause:
                ax.annotate(str(number), (x, y), beside, textcoords="offset points", va="center", size=8.5)
    ax.set_xticks(range(len(causes)), causes, rotation=60, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(causes)), causes)
    ax.set(xlim=(-0.6, len(causes) - 0.2), ylim=(len(causes) - 0.5, -0.5), xlabel="found", ylabel="true cause")
    ax.grid(visible=True)
    return fig
