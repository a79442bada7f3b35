"""A real run that exploded: a small network on handwritten digits, warmed up past its limit; and the remedies.

The first 128 images of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits" (1998), UCI Machine
Learning Repository, doi:10.24432/C50P49, CC BY 4.0, as scikit-learn ships them: a line an image, its digit and then its
8 x 8 pixels, row by row, each from 0 to g = 16. So few that BLAS does not spread a product over threads, which would
take longer and might change the last digits, on which a run at the edge of stability hangs.
"""

from functools import cache

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from figures.files import ROOT
from lrsim import Trajectory, descend, landscapes, optimizers, schedules, stability
from lrsim.landscapes.models import Network

READS = ("figures/digits.txt",)
HIDDEN = 32
ETA, WARM, STEPS = 1.5, 100, 600
LOWER, LONGER, CLIP, K = 0.5, 500, 0.1, 0.1
BINOMIAL = 8  # differences that tell a bounce from a path
WHOLE_ETA, BATCHES = 1.0, (5, 20)  # at this constant rate all data at once live


@cache
def network() -> Network:
    """64-32-10, tanh, ½ mean ‖f(x) - y‖² with y one of ten corners; each pixel from 0 to 1, less its mean."""
    lines = [line.split() for line in (ROOT / READS[0]).read_text(encoding="utf-8").splitlines()]
    pixels = np.array([[int(pixel, 17) for pixel in image] for _, image in lines]) / 16
    answers = np.eye(10)[[int(digit) for digit, _ in lines]]
    return landscapes.tanh_network(pixels - pixels.mean(axis=0), answers, hidden=(HIDDEN,))


def warmed(steps: int = WARM) -> schedules.Schedule:
    return schedules.warmup(steps, schedules.constant(ETA))


def run(eta: float | schedules.Schedule, steps: int = STEPS, **options) -> Trajectory:
    return descend(network(), network().start(0), eta, steps, **options)


@cache
def exploded() -> Trajectory:
    return run(warmed(), 2 * WARM)


@cache
def limits() -> np.ndarray:
    """2/λ_max measured at every step of the run that explodes, until it is lost."""
    found = exploded()
    assert found.diverged_at is not None
    return 2 / stability.sharpness(network(), found.iterates[: found.diverged_at].T)


def crossing() -> int:
    """The first step whose rate is above the limit measured there."""
    rates = exploded().etas[: len(limits())]
    return int((rates > limits()).argmax())


@cache
def bounce() -> np.ndarray:
    """How far the run that explodes bounces to and fro, a step: the part that changes sign at every step of its path
    along the steepest direction, taken where the rate passes the limit. Eight differences leave nothing else of a
    smooth path.
    """
    iterates, w = exploded().iterates, exploded().iterates[crossing()]
    product = LinearOperator((len(w), len(w)), matvec=lambda v: network().hvp(w, v.ravel()), dtype=float)
    steepest = eigsh(product, k=1, which="LA", v0=np.ones(len(w)))[1][:, 0]
    along = iterates[: len(limits())] @ steepest
    return np.abs(np.diff(along, BINOMIAL)) / 2**BINOMIAL


def saturated(step: int) -> float:
    """The share of hidden units' answers within a hundredth of -1 or 1 at a step of the run that explodes."""
    w, pixels = exploded().iterates[step], network().data
    weights = pixels.shape[1] * HIDDEN
    answers = np.tanh(pixels @ w[:weights].reshape(-1, HIDDEN) + w[weights : weights + HIDDEN])
    return float((np.abs(answers) > 0.99).mean())


@cache
def remedies() -> dict[str, Trajectory]:
    """The same network from the same start, each with one thing changed."""
    clipped = optimizers.clipped(optimizers.gradient_descent(), norm=CLIP)
    decayed = schedules.warmup(WARM, schedules.inverse_time(ETA, k=K))
    return {
        "lower rate": run(LOWER, record="loss"),
        "longer warmup": run(warmed(LONGER), record="loss"),
        "clipping": run(warmed(), optimizer=clipped, record="loss"),
        "decay": run(decayed, record="loss"),
    }


@cache
def batched() -> dict[int, Trajectory]:
    """At one constant rate: all rows, then few and more of them a step."""
    rows = network().samples
    return {b: run(WHOLE_ETA, batch=None if b == rows else b) for b in (rows, *BATCHES)}


def margin(trajectory: Trajectory, eta: float) -> float:
    """η over the limit where a run ended."""
    return float(eta * stability.sharpness(network(), trajectory.last) / 2)
