"""A real run that exploded: a small network on handwritten digits, warmed up past its limit; and the remedies.

The first 128 images of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits" (1998), UCI Machine
Learning Repository, doi:10.24432/C50P49, CC BY 4.0, as scikit-learn ships them: a line an image, its digit and then its
8 x 8 pixels, row by row, each from 0 to g = 16. So few that BLAS does not spread a product over threads, which would
take longer. What grows above the limit grows out of the last digits, which no two processors have alike: so each
gradient carries noise of a known stream, about as much as single precision makes, in which networks are trained.
"""

from functools import cache

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from figures.files import ROOT
from lrsim import Trajectory, descend, landscapes, optimizers, schedules, stability
from lrsim.diagnosis import Diagnosis, diagnose
from lrsim.landscapes.models import Network

READS = ("figures/digits.txt",)
HIDDEN = 32
ETA, WARM, STEPS = 1.5, 100, 600
LOWER, LONGER, CLIP = 0.5, 200, 0.1
EARLY, K = 20, 0.02  # after a warmup of all WARM steps the decay comes too late
PRECISION = 1e-8  # of a gradient's coordinate
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


def decayed(warm: int) -> schedules.Schedule:
    return schedules.warmup(warm, schedules.inverse_time(ETA, k=K))


def run(eta: float | schedules.Schedule, steps: int = STEPS, **options) -> Trajectory:
    return descend(network(), network().start(0), eta, steps, noise=PRECISION, **options)


@cache
def exploded(seed: int = 0) -> Trajectory:
    return run(warmed(), 2 * WARM, seed=seed)


def rates() -> np.ndarray:
    """Of the run that explodes, a rate for each loss: the last row of a log has one, too."""
    return np.append(exploded().etas, ETA)


@cache
def asked(seed: int = 0) -> tuple[int, Diagnosis]:
    """The first row of the log at which `diagnose` says that the run diverges, and what it says there."""
    losses = exploded(seed).losses
    answers = ((rows, diagnose(losses[: rows + 1], rates=rates()[: rows + 1])) for rows in range(WARM // 2, 2 * WARM))
    return next((row, found) for row, found in answers if found.cause == "diverging")


@cache
def limits() -> np.ndarray:
    """2/λ_max measured at every step of the run that explodes, until it is lost."""
    found = exploded()
    assert found.diverged_at is not None
    return 2 / stability.sharpness(network(), found.iterates[: found.diverged_at].T)


def held(limit: float) -> Trajectory:
    """The same warmup, held at the last rate below a limit."""
    last = int((exploded().etas < limit).argmin()) - 1
    return run(schedules.warmup(last + 1, schedules.constant(float(exploded().etas[last]))), record="loss")


def spoilt(step: int) -> bool:
    """Whether even the lower rate is lost from where the run that explodes is at a step."""
    return descend(network(), exploded().iterates[step], LOWER, 100, record="summary").diverged_at is not None


def turn() -> int:
    """The last step before the loss of the run that explodes rises."""
    return int(exploded().losses[: len(limits())].argmin())


def crossing() -> int:
    """The first step whose rate is above the limit measured there."""
    return int((exploded().etas[: len(limits())] > limits()).argmax())


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
    return {
        "lower rate": run(LOWER, record="loss"),
        "longer warmup": run(warmed(LONGER), record="loss"),
        "clipping": run(warmed(), optimizer=clipped, record="loss"),
        "decay": run(decayed(EARLY), record="loss"),
    }


@cache
def batched() -> dict[int, Trajectory]:
    """At one constant rate: all rows, then few and more of them a step."""
    rows = network().samples
    return {b: run(WHOLE_ETA, batch=None if b == rows else b) for b in (rows, *BATCHES)}


def margin(trajectory: Trajectory, eta: float) -> float:
    """η over the limit where a run ended."""
    return float(eta * stability.sharpness(network(), trajectory.last) / 2)
