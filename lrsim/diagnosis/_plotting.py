"""A diagnosis as a picture: what `Diagnosis.plot` draws, with matplotlib, in the caller's style."""

from typing import Any

import numpy as np

from lrsim.diagnosis import _spikes
from lrsim.diagnosis._case import Case, case


def plot(found: Any, ax: Any = None) -> Any:
    """ln(L - L*) over the steps, the noise around it, the fitted line and its window, spikes, η against 2/λ."""
    if found.curve is None:
        raise ValueError("plot needs a diagnosis that diagnose made")
    if ax is None:
        from matplotlib import pyplot

        ax = pyplot.figure().add_subplot()
    this = case(found.curve, None)
    if not len(this.x) or not (this.x > _lowest(this)).any():  # of a loss that is level there is no logarithm
        ax.set_title(found.cause)
        return ax
    with np.errstate(all="ignore"):
        _draw(found, this, ax)
    ax.set_xlabel(f"{this.curve.word}s" if this.curve.word != "row" else "row")
    ax.set_title(found.cause)
    ax.legend()
    return ax


def _lowest(this: Case) -> float:
    return this.grown.lowest if this.grown is not None else min(0.0, float(this.x.min()))


def _draw(found: Any, this: Case, ax: Any) -> None:
    at, grown, lowest = this.curve.at, this.grown, _lowest(this)
    excess = np.where(this.x > lowest, this.x - lowest, np.nan)
    line = ax.plot(at, np.log(excess), label="ln(L − L*)" if lowest else "ln L", linewidth=1)[0]
    low, high = (np.log(np.maximum(excess + sign * 2 * this.sigma, np.nanmin(excess) / 2)) for sign in (-1, 1))
    ax.fill_between(at, low, high, alpha=0.2, color=line.get_color(), linewidth=0, label="noise, 2σ")
    ax.set_ylabel(line.get_label())
    if grown is not None and grown.slope is not None:
        part = slice(grown.first, None)
        t, v = this.curve.t[part], np.log(excess[part])
        fitted = np.nanmean(v) + grown.slope * (t - np.mean(t[np.isfinite(v)]))
        ax.plot(at[part], fitted, linestyle="--", label="fit")
        ax.axvspan(at[grown.first], at[-1], alpha=0.1, linewidth=0)
    if found.cause == "spike" and (seen := _spikes.read(this.x, this.sigma)) is not None:
        ax.plot(at[seen.peaks], np.log(excess[seen.peaks]), linestyle="none", marker="v", label="spike")
    if found.lost_at is not None:
        ax.axvline(found.lost_at, linestyle=":", label="lost")
    rates = this.curve.rates
    if rates is not None and isinstance(found.eta_lambda, float) and found.divide_by:
        other = ax.twinx()
        limit = float(rates[-1]) / found.divide_by
        other.plot(at, rates, linestyle="-.", linewidth=1)
        other.axhline(limit, linestyle=":", linewidth=1)
        other.set_ylabel(f"η, and its limit {limit:.3g}")
