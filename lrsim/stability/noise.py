"""What gradient noise makes of the loss: its expectation at every step, and where a constant rate ends."""

import math
from typing import Any, overload

import numpy as np

from lrsim import _check
from lrsim._engine.task import spread, sweep
from lrsim.landscapes._points import points
from lrsim.landscapes._quadratic import Quadratic, is_quadratic
from lrsim.optimizers import Optimizer
from lrsim.optimizers._optimizer import called
from lrsim.schedules._given import as_schedule
from lrsim.typing import Array, Numbers, ScheduleLike

__all__ = ["expected_losses", "noise_floor"]


@overload
def noise_floor(curvature: float, eta: float, noise: float, optimizer: Optimizer | None = None) -> float: ...
@overload
def noise_floor(
    curvature: Numbers, eta: Numbers, noise: Numbers, optimizer: Optimizer | None = None
) -> Array | Any: ...
def noise_floor(curvature: Numbers, eta: Numbers, noise: Numbers, optimizer: Optimizer | None = None) -> Any:
    """ησ²/(2(2-ηλ)): the expected loss of a mode of curvature λ at which constant η ends, gradients ∇L + σ·N(0, 1).

    With momentum β, a = ηλ: heavy_ball ησ²(1+β)/(2(1-β)(2(1+β)-a)), nesterov
    ησ²(1+2β+2β²-β(1-a)(1+2β)) / (2(1-β(1-a))(2+2β-a(1+2β))): about 1/(1-β) times as much for small a.

    Infinite from the threshold on (ηλ = 2 without momentum), and 0 for λ = 0, where the mode wanders without changing
    the loss. Arguments broadcast: the eigenvalues of a quadratic give each mode its floor, their sum that of the loss.
    The fixed point of the second moments that `expected_losses` follows.

    Raises:
        ValueError: curvature, eta or noise negative, not finite, or of shapes that do not broadcast. TypeError: an
        optimizer other than gradient descent and momentum.

    >>> from lrsim import optimizers
    >>> round(float(noise_floor([1, 20], 0.09, 1).sum()), 3)
    0.249
    >>> round(noise_floor(1, 0.01, 1, optimizers.heavy_ball(0.9)), 5)
    0.02507
    """
    name, beta = _momentum(optimizer)
    curvature = _check.array("curvature", curvature, low=0)
    eta = _check.array("eta", eta, low=0)
    noise = _check.array("noise", noise, low=0)
    curvature, eta, noise = _check.together(curvature=curvature, eta=eta, noise=noise)
    with np.errstate(all="ignore"):
        a = eta * curvature
        if name == "nesterov":
            margin = 2 + 2 * beta - a * (1 + 2 * beta)
            share = (1 + 2 * beta + 2 * beta**2 - beta * (1 - a) * (1 + 2 * beta)) / (1 - beta * (1 - a))
        else:
            margin, share = 2 * (1 + beta) - a, (1 + beta) / (1 - beta)
        floor = (noise * np.sqrt(share * eta / np.where(margin > 0, 2 * margin, 1))) ** 2
    floor = np.where(margin > 0, floor, math.inf)
    floor = np.where((eta == 0) | (noise == 0) | (curvature == 0), 0.0, floor)
    return floor if floor.ndim else float(floor)


def expected_losses(
    landscape: Quadratic,
    start: Numbers,
    eta: Numbers | ScheduleLike,
    steps: int,
    noise: float,
    *,
    optimizer: Optimizer | None = None,
    average: int | None = None,
) -> Array:
    """E L(w_t) under gradients ∇L + σ·N(0, 1), (*batch, steps+1): the mean of all noisy runs at once, none sampled.

    Without momentum the second moment of each mode obeys m ← (1-ηλ)² m + η²σ²; with it, so do those of position and
    velocity together, M ← A M Aᵀ + σ² b bᵀ. Arguments are those of `descend`.

    Args:
        average: from this step on, the loss of the mean of the iterates since then, which the noise moves less. B. T.
            Polyak and A. B. Juditsky, SIAM Journal on Control and Optimization 30 (1992) 838-855.

    Raises:
        TypeError: a landscape that is not quadratic, or an optimizer other than gradient descent and momentum.
        ValueError: as `descend`.

    >>> from lrsim import landscapes
    >>> bowl = landscapes.bowl([1, 20])
    >>> expected_losses(bowl, [5, 0.01], 0.09, 100, noise=1.0)[[0, 100]].round(3)
    array([12.501,  0.249])
    """
    if not is_quadratic(landscape):
        raise TypeError(f"landscape must be a quadratic, got {landscape!r:.60}")
    name, beta = _momentum(optimizer)
    steps, noise = _check.count("steps", steps), _check.real("noise", noise, low=0)
    since = steps + 1 if average is None else _check.count("average", average, high=steps)
    schedule = as_schedule(eta, steps)
    x = landscape.to_modes(points(_check.array("start", start), landscape.dimension, "start"))
    shape = sweep(x.shape[1:], schedule.batch)
    x = spread(x, shape)
    curvature = landscape.eigenvalues.reshape(-1, *[1] * len(shape))
    losses = np.empty((steps + 1, *shape))
    moments = np.zeros((3, 3, *x.shape))  # of position, velocity and the sum of the positions since `average`
    with np.errstate(all="ignore"):
        moments[0, 0] = x * x
        for step in range(steps + 1):
            if step == since:
                moments[2, :], moments[:, 2] = moments[0, :], moments[:, 0]
                moments[2, 2] = moments[0, 0]
            second = moments[0, 0] if step < since else moments[2, 2] / (step - since + 1) ** 2
            losses[step] = np.sum(curvature * second, axis=0) / 2 + landscape.offset
            if step < steps:
                rate = schedule.rates(np.asarray(step))
                moments = _moved(moments, rate, curvature, beta, name == "nesterov", noise, step >= since)
    return np.moveaxis(losses, 0, -1)


def _moved(
    moments: np.ndarray, eta: Any, curvature: np.ndarray, beta: float, nesterov: bool, noise: float, summed: bool
) -> np.ndarray:
    """A M Aᵀ + σ² b bᵀ for v ← βv + λx + σξ, x ← x - ηv, or x - η(λx + σξ + βv), and the sum of the new x."""
    ahead = (1 + beta) * eta if nesterov else eta
    rows = [[1 - ahead * curvature, -(beta**2 if nesterov else beta) * eta, 0.0], [curvature, beta, 0.0]]
    shake = [-ahead * noise, noise]
    rows.append([rows[0][0], rows[0][1], 1.0] if summed else [0.0, 0.0, 0.0])
    shake.append(shake[0] if summed else 0.0)
    half = [[sum(row[j] * moments[j, k] for j in range(3)) for k in range(3)] for row in rows]
    new = np.empty_like(moments)
    for i in range(3):
        for k in range(i + 1):
            new[i, k] = new[k, i] = sum(half[i][j] * rows[k][j] for j in range(3)) + shake[i] * shake[k]
    return new


def _momentum(optimizer: Optimizer | None) -> tuple[str, float]:
    """The rule's name and β."""
    name = "gradient_descent" if optimizer is None else getattr(optimizer, "name", None)
    if name not in ("gradient_descent", "heavy_ball", "nesterov"):
        called(optimizer)
        raise TypeError(f"optimizer must be gradient_descent, heavy_ball or nesterov, got {optimizer!r:.60}")
    return name, 0.0 if optimizer is None or name == "gradient_descent" else optimizer.beta
