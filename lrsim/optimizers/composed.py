"""Optimizers around another one: clipped gradients, decayed weights."""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim._arithmetic import in_order
from lrsim._examples import examples
from lrsim.optimizers._optimizer import Optimizer, State, called, from_zero
from lrsim.optimizers.rules import adam

__all__ = ["adamw", "clipped", "decayed"]


@examples("clipped(gradient_descent(), norm=0.5)", "clipped(adamw(0.8, decay=3), value=2)")
def clipped(optimizer: Optimizer, norm: float | None = None, value: float | None = None) -> Optimizer:
    """The rule with g · min(1, norm/‖g‖) for g, or with each g_i brought into [-value, value]: one of the two.

    ‖g‖ is that of all coordinates of a run together, and each run of a sweep has its own. A gradient with an infinite
    entry has no direction: by norm that entry is nan and the others 0, by value it is ±value; nan stays nan, and by
    norm takes the whole gradient along.

    PyTorch: `clip_grad_norm_(parameters, norm)`, which divides by ‖g‖ + 10⁻⁶, so that what it clips is shorter by a
    share of 10⁻⁶/‖g‖, or `clip_grad_value_(parameters, value)`, before `optimizer.step()`. Keras: `global_clipnorm=`
    (`clipnorm=` is each variable's own), `clipvalue=`. optax: `chain(clip_by_global_norm(norm), ...)`, `clip(value)`.
    Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013,
    arXiv:1211.5063.

    Raises:
        TypeError: neither or both of norm and value; not an optimizer. ValueError: norm or value not above 0.

    >>> from lrsim.optimizers import heavy_ball
    >>> clipped(heavy_ball(0.9), norm=1)
    clipped(optimizer=heavy_ball(beta=0.9), norm=1.0, value=None)
    """
    if (norm is None) == (value is None):
        raise TypeError(
            f"norm or value must be given, one of the two, got {_check.said(norm)} and {_check.said(value)}"
        )
    inner = _optimizer(optimizer)
    norm = None if norm is None else _check.real("norm", norm, above=0)
    value = None if value is None else _check.real("value", value, above=0)
    return Optimizer("clipped", _clipped, inner.buffers, (("optimizer", inner), ("norm", norm), ("value", value)))


def _clipped(
    w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, optimizer: Optimizer, norm: Any, value: Any
) -> None:
    if norm is None:
        np.clip(g, -value, value, out=g)
    else:
        _shorten(g, norm)
    optimizer.step(w, g, eta, state, t)


def _shorten(g: np.ndarray, norm: float) -> None:
    """Each run's gradient to at most that length; against its largest entry, so that no square overflows or is lost."""
    with np.errstate(all="ignore"):
        largest = np.abs(g).max(axis=0)
        shares = g / largest
        length = np.where(np.isinf(largest), 1.0, np.sqrt(in_order(shares * shares)))
        long = ~((largest == 0) | (largest * length <= norm))  # true for nan
        np.multiply(shares, norm / length, out=g, where=long)


@examples("decayed(clipped(nesterov(0.5), norm=3), 0.1)")
def decayed(optimizer: Optimizer, decay: float) -> Optimizer:
    """w ← (1 - ημ) w, then the rule's step with the gradient of before: decoupled weight decay, μ = decay ≥ 0.

    It pulls every coordinate to 0 at the rate ημ, past it where ημ > 1 and away from it where ημ > 2; μ = 0 is the rule
    itself. L2 regularisation is another thing: it adds ½μ‖w‖² to the loss, so that μw is part of the gradient, runs
    through momentum and is divided by Adam's √s. Only for `gradient_descent` are the two one. With momentum β on a
    curvature λ L2 ends at λ/(λ+μ) of the minimum, decoupled decay at λ/(λ+(1-β)μ); Adam with L2 at λ/(λ+μ), AdamW
    without noise at 1.

    PyTorch: `AdamW(weight_decay=decay)`; the `weight_decay=` of `SGD`, `RMSprop` and `Adam` is L2. Keras:
    `weight_decay=decay` of every optimizer. optax: `add_decayed_weights(decay)` after the rule and before the rate;
    before the rule it is L2. Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
    arXiv:1711.05101.

    Raises:
        TypeError: not an optimizer. ValueError: decay below 0, or an optimizer that has a decay already.

    >>> from lrsim.optimizers import heavy_ball
    >>> decayed(heavy_ball(0.9), 0.01)
    decayed(optimizer=heavy_ball(beta=0.9), decay=0.01)
    """
    inner = _optimizer(optimizer)
    within: Any = inner
    while within is not None:
        if within.name == "decayed":
            raise ValueError(f"optimizer must have no decay yet, got {optimizer!r:.90}")
        within = dict(within.parameters).get("optimizer")
    return Optimizer("decayed", _decayed, inner.buffers, (("optimizer", inner), ("decay", from_zero("decay", decay))))


def _decayed(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, optimizer: Optimizer, decay: float) -> None:
    w *= 1 - eta * decay
    optimizer.step(w, g, eta, state, t)


@examples("adamw()")
def adamw(beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8, decay: float = 0.01) -> Optimizer:
    """w ← w(1-ημ) - η m̂ / (√ŝ + ε), μ = decay: `decayed(adam(beta1, beta2, eps), decay)`.

    PyTorch: `AdamW(betas=(beta1, beta2), eps=eps, weight_decay=decay)`, the same defaults. Keras' `AdamW` (μ 0.004,
    ε 1e-7) has its ε elsewhere, as its `Adam`; optax: `adamw` (μ 1e-4).

    >>> adamw(decay=0.1)
    decayed(optimizer=adam(beta1=0.9, beta2=0.999, eps=1e-08), decay=0.1)
    """
    return decayed(adam(beta1, beta2, eps), decay)


def _optimizer(given: Any) -> Optimizer:
    called(given)
    if not isinstance(given, Optimizer):
        raise TypeError(f"optimizer must be one of lrsim.optimizers, got {_check.said(given)}")
    return given
