"""Question 4: what a factor of the loss says of ηλ, and by what to divide η."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lrsim import optimizers, stability
from lrsim.optimizers._optimizer import Optimizer, called


class Meaning(NamedTuple):
    eta_lambda: Callable[[float], float]  # of ρ, the growth of the weights an update
    limit: float
    curvature: str
    name: str
    beta: float | None  # of its momentum


def of(optimizer: Any) -> Meaning:
    """What growth means under an optimizer, of which None is plain gradient descent.

    A growing weight has z = -ρ as root of its recursion: plain ηλ = 1+ρ, heavy ball (1+ρ)(ρ+β)/ρ, Nesterov
    1+ρ²/((1+β)ρ+β). Adam's momentum averages, so that ηλ is heavy ball's over 1-β₁.

    Raises:
        TypeError: not an optimizer.
    """
    given = optimizers.gradient_descent() if optimizer is None else optimizer
    called(given)
    while isinstance(given, Optimizer) and given.name in ("clipped", "decayed"):
        given = given.optimizer
    if not isinstance(given, Optimizer):
        raise TypeError(f"optimizer must be one of lrsim.optimizers, got {optimizer!r:.60}")
    limit = float(stability.threshold(1.0, optimizer=given))
    if given.name == "heavy_ball":
        b = given.beta
        return Meaning(lambda rho: (1 + rho) * (rho + b) / rho, limit, "curvature", given.name, b)
    if given.name == "nesterov":
        b = given.beta
        return Meaning(lambda rho: 1 + rho**2 / ((1 + b) * rho + b), limit, "curvature", given.name, b)
    if given.name in ("adam", "adamw"):
        b = given.beta1
        return Meaning(
            lambda rho: (1 + rho) * (rho + b) / rho / (1 - b), limit, "preconditioned curvature", given.name, b
        )
    kind = "curvature" if given.name == "gradient_descent" else "preconditioned curvature"
    return Meaning(lambda rho: 1 + rho, limit, kind, given.name, None)
