"""The rules themselves: gradient descent, momentum, and the ones that divide by the size of the gradient."""

from typing import Any

import numpy as np

from lrsim._examples import examples
from lrsim.optimizers._optimizer import Optimizer, State, below_one, from_zero

__all__ = ["adam", "gradient_descent", "heavy_ball", "nesterov", "rmsprop"]


@examples("gradient_descent()")
def gradient_descent() -> Optimizer:
    """w ← w - η g. PyTorch: `SGD`; Keras: `SGD`; optax: `sgd`."""
    return Optimizer("gradient_descent", _gradient_descent, linear=True)


def _gradient_descent(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int) -> None:
    g *= eta
    w -= g


@examples("heavy_ball(0.9)")
def heavy_ball(beta: float) -> Optimizer:
    """v ← βv + g, w ← w - η v; 0 ≤ β < 1. Polyak (1964).

    PyTorch: `SGD(momentum=beta)`; optax: `sgd(momentum=beta)`. Keras' `SGD(momentum=)` has η inside the buffer,
    v ← βv - ηg, w ← w + v: the same at constant η, slower to follow a schedule.
    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Computational
    Mathematics and Mathematical Physics 4 (1964) 1-17.
    """
    return Optimizer("heavy_ball", _heavy_ball, 1, (("beta", below_one("beta", beta)),), linear=True)


def _heavy_ball(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, beta: float) -> None:
    (velocity,) = state
    velocity *= beta
    velocity += g
    np.multiply(velocity, eta, out=g)
    w -= g


@examples("nesterov(0.9)")
def nesterov(beta: float) -> Optimizer:
    """v ← βv + g, w ← w - η (g + βv); 0 ≤ β < 1.

    PyTorch: `SGD(momentum=beta, nesterov=True)`; optax: `sgd(momentum=beta, nesterov=True)`. Keras' `SGD(momentum=,
    nesterov=True)` has η inside the buffer. Source: Y. Nesterov, Soviet Mathematics Doklady 27 (1983) 372-376, in the
    form of I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013.
    """
    return Optimizer("nesterov", _nesterov, 2, (("beta", below_one("beta", beta)),), linear=True)


def _nesterov(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, beta: float) -> None:
    velocity, scratch = state
    velocity *= beta
    velocity += g
    np.multiply(velocity, beta, out=scratch)
    g += scratch
    g *= eta
    w -= g


@examples("rmsprop()", "rmsprop(0.9, eps=0)")
def rmsprop(rho: float = 0.99, eps: float = 1e-8) -> Optimizer:
    """s ← ρs + (1-ρ) g², w ← w - η g / (√s + ε).

    PyTorch: `RMSprop(alpha=rho, eps=eps)`. Keras' `RMSprop` (defaults ρ 0.9, ε 1e-7) and optax's `rmsprop` put ε under
    the root, √(s + ε). Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012).
    """
    return Optimizer("rmsprop", _rmsprop, 2, (("rho", below_one("rho", rho)), ("eps", from_zero("eps", eps))))


def _rmsprop(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, rho: float, eps: float) -> None:
    squares, scratch = state
    np.multiply(g, g, out=scratch)
    scratch *= 1 - rho
    squares *= rho
    squares += scratch
    _quotient(g, squares, 1.0, eps, scratch)
    g *= eta
    w -= g


@examples("adam()", "adam(0.8, 0.99, eps=1e-4)")
def adam(beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """m ← β₁m + (1-β₁)g, s ← β₂s + (1-β₂)g², w ← w - η m̂ / (√ŝ + ε), m̂ = m/(1-β₁ᵗ⁺¹), ŝ = s/(1-β₂ᵗ⁺¹).

    PyTorch: `Adam(betas=(beta1, beta2), eps=eps)`; optax: `adam`. Keras' `Adam` (ε 1e-7) adds its ε to √s before the
    correction, the "epsilon hat" of the paper. Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic
    optimization", ICLR 2015, arXiv:1412.6980, algorithm 1.
    """
    shares = (("beta1", below_one("beta1", beta1)), ("beta2", below_one("beta2", beta2)))
    return Optimizer("adam", _adam, 3, (*shares, ("eps", from_zero("eps", eps))))


def _adam(w: np.ndarray, g: np.ndarray, eta: Any, state: State, t: int, beta1: float, beta2: float, eps: float) -> None:
    mean, squares, scratch = state
    np.multiply(g, g, out=scratch)
    scratch *= 1 - beta2
    squares *= beta2
    squares += scratch
    g *= 1 - beta1
    mean *= beta1
    mean += g
    np.divide(mean, 1 - beta1 ** (t + 1), out=g)
    _quotient(g, squares, (1 - beta2 ** (t + 1)) ** 0.5, eps, scratch)
    g *= eta
    w -= g


def _quotient(g: np.ndarray, squares: np.ndarray, correction: float, eps: float, scratch: np.ndarray) -> None:
    """g ← g / (√squares / correction + ε), and 0 where that is 0/0: no gradient has come yet, and ε = 0."""
    np.sqrt(squares, out=scratch)
    scratch /= correction
    scratch += eps
    if eps == 0:
        scratch[scratch == 0] = 1
    np.divide(g, scratch, out=g)
