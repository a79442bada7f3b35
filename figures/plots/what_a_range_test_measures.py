"""What a range test suggests depends on its ramp and on the noise; the cliff does not.

Caption: The canonical bowl under a rate that rises tenfold in so many steps, with noise of $\\sigma$ in every gradient
or without: expected losses, computed exactly. Left, the curve of one test; right, what the usual rules take from six:
the steepest point, a tenth of the lowest point, the lowest point. At {{ n.range_fast }} steps a decade and without
noise the lowest point is at {{ n.range_high }}, {{ n.range_times }} times the limit {{ n.threshold }}; at
{{ n.range_slow }} with noise it is at {{ n.range_low }}.

Alt: Left, loss against learning rate on logarithmic axes: level, then a fall to a sharp bottom at the line of the
limit, then a wall upwards, with three marks on it. Right, six rows, one a test, with the same three marks each. From
row to row the marks move over more than a decade, together or apart, on both sides of two lines that stand still: the
best constant rate and the limit.
"""

from functools import cache

import numpy as np
from matplotlib.ticker import NullFormatter

from figures import runs, style
from figures.facts import number
from lrsim import schedules, stability

PAGE = "my-loss-exploded"
RAMPS, NOISES = (10, 50, 200), (0.0, 1.0)
LOW, DECADES = 1e-4, 5
RULES = {  # role, words, and where these stand beside the mark
    "steepest": ("crawl", "steepest", {"ha": "right", "xytext": (-8, -8)}),
    "tenth": ("bounce", "lowest / 10", {"xytext": (9, 5)}),
    "lowest": ("diverge", "lowest", {"xytext": (9, -4)}),
}


@cache
def tested(per_decade, noise):
    steps = DECADES * per_decade + 1
    ramp = schedules.ramp(LOW, LOW * 10.0**DECADES, steps)
    return stability.range_test(runs.canonical(), runs.RATES_START, ramp, steps, noise)


def tests():
    return [(per_decade, noise) for noise in NOISES for per_decade in RAMPS]


def facts() -> dict[str, str]:
    high, low = tested(RAMPS[0], NOISES[0]), tested(RAMPS[-1], NOISES[-1])
    steepest = [tested(*test).steepest for test in tests()]
    return {
        "range_fast": str(RAMPS[0]),
        "range_slow": str(RAMPS[-1]),
        "range_high": number(high.lowest, 2),
        "range_times": number(high.lowest / high.threshold, 2),
        "range_low": number(low.lowest, 2),
        "range_steepest_low": number(min(steepest), 2),
        "range_steepest_high": number(max(steepest), 2),
    }


def data():
    found = [tested(*test) for test in tests()]
    columns = {"steps a decade": [n for n, _ in tests()], "noise": [noise for _, noise in tests()]}
    columns |= {rule: [getattr(test, rule) for test in found] for rule in RULES}
    return columns | {"best": [test.best for test in found], "threshold": [test.threshold for test in found]}


def draw(colours):
    fig, (curve, rows) = style.panels(2, height=(3.3, 3.1))
    one = tested(RAMPS[1], NOISES[1])
    curve.loglog(one.etas, one.losses, color=colours.ink, linewidth=1.6)
    for rule, (role, words, beside) in RULES.items():
        eta = getattr(one, rule)
        curve.plot(eta, np.interp(eta, one.etas, one.losses), markersize=8, zorder=4, **colours.mark(role))
        values = [getattr(tested(*test), rule) for test in tests()]
        rows.semilogx(values, range(len(values)), markersize=7.5, zorder=4, **colours.mark(role))
        style.label(curve, eta, np.interp(eta, one.etas, one.losses), words, getattr(colours, role), **beside)
    for ax, at in ((curve, 0.09), (rows, 0.985)):
        style.threshold(ax, one.threshold, r"$2/\lambda_{\max}$", vertical=True, at=at, colour=colours.edge)
        ax.axvline(one.best, color=colours.fast, linewidth=0.9, zorder=1)
        ax.set(xlim=(2e-3, 3), xlabel=r"learning rate $\eta$ (1/curvature)")
        ax.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
        ax.xaxis.set_minor_formatter(NullFormatter())
    style.label(rows, one.best, -0.75, r"$\eta^*$", colours.fast, ha="right", xytext=(-3, 0), fontsize=11)
    curve.set(title=f"One test: {RAMPS[1]} steps a decade, noise", ylim=(0.05, 1e3), ylabel="loss before the step")
    rows.set(title="Six tests", ylim=(len(tests()) - 0.5, -1.2))
    names = [f"{n}, {'noise' if noise else 'no noise'}" for n, noise in tests()]
    rows.set_yticks(range(len(names)), names)
    rows.grid(axis="y")
    return fig
