"""What a `torch.optim` optimizer makes of curvature: one symmetric matrix whose largest eigenvalue is the margin.

An update turns from damping to swinging where w_t = (-1)ᵗ x solves it, and for every rule here that reads
(E/aP)(H + L) x + ½EM x = x: rates E, limits a, preconditioner P, L2 decay L, decoupled decay M, all diagonal. With
S = √(E/aP) the symmetric S (H + L) S + ½EM has the same eigenvalues: 1 is the edge. With one momentum in all groups
that is the limit of stability; with several, above it a run is unstable.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

from lrsim import optimizers
from lrsim._engine.lanczos import Product
from lrsim.stability.limits import _limit

SETTLED = 3  # e⁻³ is 5 %


class Rule(NamedTuple):
    """S, L and ½EM, each (d,), for rates relative to `eta`, the largest; `settled` once P and the mean of the gradients
    have forgotten that they began at zero: until then the next steps change them, and with them the limit."""

    scale: np.ndarray
    pull: np.ndarray
    decay: np.ndarray
    eta: float
    settled: bool = True

    @property
    def uniform(self) -> bool:
        """Whether the matrix is H scaled and shifted."""
        return all(bool((part == part[0]).all()) for part in self[:3])

    def bent(self, product: Product) -> Product:
        """v -> (S (H + L) S + ½EM) v from v -> H v."""
        scale, pull, decay = self[:3]
        return lambda v: scale * (product(scale * v) + pull * (scale * v)) + decay * v


def plain(dimension: int) -> Rule:
    """Gradient descent: λ_max/2, at a rate of 1."""
    return Rule(np.full(dimension, math.sqrt(0.5)), np.zeros(dimension), np.zeros(dimension), math.nan)


def known(optimizer: Any) -> torch.optim.Optimizer:
    """The optimizer, or the one that a trainer has wrapped."""
    inner = optimizer
    while type(inner) not in LIMITS and hasattr(inner, "optimizer"):
        inner = inner.optimizer
    if type(inner) not in LIMITS:
        names = ", ".join(kind.__name__ for kind in LIMITS)
        raise TypeError(f"optimizer must be one of torch.optim's {names}, got {type(optimizer).__name__}")
    if any(group.get("maximize") for group in inner.param_groups):
        raise ValueError("optimizer must minimise, got one with maximize=True")
    return inner


def rule(optimizer: torch.optim.Optimizer, chosen: list[torch.nn.Parameter]) -> Rule | None:
    """The rule of the next step, P held still; None where P is made by steps and none was taken."""
    groups = {id(p): group for group in optimizer.param_groups for p in group["params"]}
    rates = {id(group): float(group["lr"]) for group in optimizer.param_groups}
    eta = max(rates.values())
    limit = LIMITS[type(optimizer)]
    adaptive = type(optimizer) is not torch.optim.SGD
    if adaptive and not any(optimizer.state.get(p) for p in chosen):
        return None
    parts: list[tuple[np.ndarray, ...]] = []
    for p in chosen:
        group = groups[id(p)]
        share = rates[id(group)] / eta if eta > 0 else 1.0
        divisor = _preconditioner(optimizer, group, p) if adaptive else np.ones(p.numel())
        with np.errstate(divide="ignore"):  # P = 0 where no gradient ever came, and ε = 0: it does not move
            square = np.where(divisor > 0, share / (limit(group) * divisor), 0.0)
        mu = float(group["weight_decay"])
        apart = bool(group.get("decoupled_weight_decay"))
        still = np.zeros(p.numel())
        parts.append((np.sqrt(square), still + mu * (not apart), still + share * mu * apart / 2))
    scale, pull, decay = (np.concatenate(column) for column in zip(*parts, strict=True))
    settled = not adaptive or max(_ages(optimizer, groups, chosen)) >= SETTLED
    return Rule(scale, pull, decay, eta, settled)


def _preconditioner(optimizer: torch.optim.Optimizer, group: dict, p: torch.nn.Parameter) -> np.ndarray:
    """P, (d,); infinite where the optimizer has never moved the parameter."""
    state = optimizer.state.get(p)
    if not state:
        return np.full(p.numel(), math.inf)
    if isinstance(optimizer, torch.optim.RMSprop):
        squares = state["square_avg"] - (state["grad_avg"] ** 2 if group["centered"] else 0.0)
        return _numbers(squares.clamp(min=0)) ** 0.5 + group["eps"]
    beta1, beta2 = map(float, group["betas"])
    t = float(state["step"])
    squares = state["max_exp_avg_sq" if group["amsgrad"] else "exp_avg_sq"]
    return (1 - beta1**t) * ((_numbers(squares) / (1 - beta2**t)) ** 0.5 + group["eps"])


def _ages(optimizer: torch.optim.Optimizer, groups: dict, chosen: list[torch.nn.Parameter]) -> Iterator[float]:
    """Steps taken, in units of how many gradients the mean that lags behind averages over."""
    for p in chosen:
        if state := optimizer.state.get(p):
            group = groups[id(p)]
            yield float(state["step"]) * (1 - float(group["betas"][0] if "betas" in group else group["alpha"]))


def _numbers(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().double().numpy().ravel()


def _momentum(group: dict) -> float:
    """The largest stable ηλ of SGD; dampening scales what comes in."""
    beta = float(group["momentum"])
    if beta == 0:
        return _limit(optimizers.gradient_descent())[0]
    kind = optimizers.nesterov if group["nesterov"] else optimizers.heavy_ball
    return _limit(kind(beta))[0] / (1 - float(group["dampening"]))


def _adam(group: dict) -> float:
    return _limit(optimizers.adam(float(group["betas"][0])))[0]


def _rmsprop(group: dict) -> float:
    return _limit(optimizers.heavy_ball(float(group["momentum"])))[0]


LIMITS = {torch.optim.SGD: _momentum, torch.optim.Adam: _adam, torch.optim.AdamW: _adam, torch.optim.RMSprop: _rmsprop}
