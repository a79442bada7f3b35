"""Losses with data in them: logistic regression and a small tanh network, whole or in minibatches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrsim import _check, _random
from lrsim._examples import examples
from lrsim.landscapes._points import points
from lrsim.landscapes._sampled import Sampled, table
from lrsim.typing import Array, Numbers

__all__ = ["logistic_regression", "tanh_network"]


@dataclass(frozen=True, eq=False, repr=False)
class Logistic(Sampled):
    """Made by `logistic_regression`."""

    def __repr__(self) -> str:
        return f"logistic_regression({self.samples} rows, {self.dimension} features)"

    @property
    def dimension(self) -> int:
        return self.data.shape[1]

    def _loss(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Any:
        return np.logaddexp(0, (1 - 2 * y) * (X @ w)).mean()

    def _gradient(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        return X.T @ (_sigmoid(X @ w) - y) / len(y)

    def _hvp_at(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        z = X @ w
        bend = _sigmoid(z) * _sigmoid(-z)
        return lambda v: X.T @ (bend * (X @ v)) / len(y)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


@examples("logistic_regression([[1, 0.5], [1, -1], [1, 2], [1, 0]], [0, 1, 1, 0])")
def logistic_regression(X: Numbers, y: Numbers) -> Logistic:
    """Mean of ln(1 + exp(-s xᵀw)), s = ±1 for labels y = 1, 0: convex, curvature at most λ_max(XᵀX)/4n.

    X (n, d), y (n,) of 0 and 1 or False and True; add a column of ones for an intercept. On separable data there is no
    minimum: the loss tends to 0 and w to infinity. Never overflows. `gradient(w, rows=)` takes a
    minibatch. Source: D. R. Cox, "The regression analysis of binary sequences", Journal of the Royal
    Statistical Society B 20 (1958) 215-242.

    Raises:
        ValueError: shapes that do not match, labels other than 0 and 1, anything not finite.

    >>> logistic_regression([[1.0], [-2.0]], [1, 0]).loss([0.0])
    np.float64(0.693147...)
    """
    data = table("X", X)
    labels = _check.array("y", y, kinds="biuf")
    if labels.shape != (len(data),):
        raise ValueError(f"y must have one label a row of X, shape ({len(data)},), got shape {labels.shape}")
    wrong = (labels != 0) & (labels != 1)
    if wrong.any():
        where = int(np.argmax(wrong))
        raise ValueError(f"y must be labels 0 or 1, got {labels[where]:g} at index ({where},)")
    return Logistic(data, labels)


@dataclass(frozen=True, eq=False, repr=False)
class Network(Sampled):
    """Made by `tanh_network`. `widths` are the layers' sizes, input and output included."""

    widths: tuple[int, ...]

    def __repr__(self) -> str:
        return f"tanh_network({'-'.join(map(str, self.widths))}, {self.samples} rows)"

    @property
    def dimension(self) -> int:
        """How many parameters: Σ (in + 1)·out."""
        return sum((a + 1) * b for a, b in zip(self.widths, self.widths[1:], strict=False))

    def start(self, seed: "int | np.random.SeedSequence | np.random.Generator" = 0) -> Array:
        """A start, (d,): weights N(0, 1/in) (LeCun et al., "Efficient BackProp", 1998), biases 0."""
        stream = _random.stream(_random.source("seed", seed), "network start")
        layers = zip(self.widths, self.widths[1:], strict=False)
        drawn = [(stream.standard_normal(a * b) / a**0.5, np.zeros(b)) for a, b in layers]
        return np.concatenate([part for pair in drawn for part in pair])

    def predict(self, w: Numbers, X: Numbers) -> Array:
        """The network's answers to the rows of X, (n, outputs), at one point w (d,)."""
        w, data = points(w, self.dimension), table("X", X)
        if w.ndim != 1:
            raise ValueError(f"w must be one point of shape ({self.dimension},), got shape {w.shape}")
        if data.shape[1] != self.widths[0]:
            raise ValueError(f"X must have {self.widths[0]} columns, got {data.shape[1]}")
        with np.errstate(all="ignore"):
            return self._forward(self._layers(w), data)[-1]

    def _layers(self, w: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        layers, at = [], 0
        for a, b in zip(self.widths, self.widths[1:], strict=False):
            layers.append((w[at : at + a * b].reshape(a, b), w[at + a * b : at + (a + 1) * b]))
            at += (a + 1) * b
        return layers

    def _forward(self, layers: list, X: np.ndarray) -> list[np.ndarray]:
        """The activations of every layer, the data first."""
        signals = [X]
        for weights, biases in layers[:-1]:
            signals.append(np.tanh(signals[-1] @ weights + biases))
        weights, biases = layers[-1]
        return [*signals, signals[-1] @ weights + biases]

    def _loss(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Any:
        return 0.5 * np.sum((self._forward(self._layers(w), X)[-1] - y) ** 2) / len(y)

    def _gradient(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self._both(w, X, y)[1]

    def _both(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[Any, np.ndarray]:
        layers = self._layers(w)
        signals = self._forward(layers, X)
        gap = signals[-1] - y
        loss, error = 0.5 * np.sum(gap**2) / len(y), gap / len(y)
        slopes: list[np.ndarray] = []
        for depth in reversed(range(len(layers))):
            slopes[:0] = ((signals[depth].T @ error).ravel(), error.sum(axis=0))
            if depth:
                error = (error @ layers[depth][0].T) * (1 - signals[depth] ** 2)
        return loss, np.concatenate(slopes)

    def _hvp_at(self, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """R{∇L}: the derivative along v of every line of `_forward` and `_gradient`."""
        layers = self._layers(w)
        signals = self._forward(layers, X)
        bends = [1 - signal**2 for signal in signals[:-1]]
        errors, backs = [(signals[-1] - y) / len(y)], []  # as `_both` finds them, last layer first
        for (weights, _), bend in zip(layers[:0:-1], bends[:0:-1], strict=True):
            backs.append(errors[-1] @ weights.T)
            errors.append(backs[-1] * bend)
        errors.reverse()
        backs.reverse()
        twists = [2 * back * signal for back, signal in zip(backs, signals[1:-1], strict=True)]

        def along(v: np.ndarray) -> np.ndarray:
            moves = self._layers(v)
            drifts = [signals[0] @ moves[0][0] + moves[0][1]]  # how each layer's signals change along v
            for depth in range(1, len(layers)):
                drifts[-1] *= bends[depth]
                drifts.append(drifts[-1] @ layers[depth][0] + signals[depth] @ moves[depth][0] + moves[depth][1])
            change = drifts[-1] / len(y)
            slopes: list[np.ndarray] = []
            for depth in reversed(range(len(layers))):
                slope = signals[depth].T @ change
                if depth:
                    slope += drifts[depth - 1].T @ errors[depth]
                slopes[:0] = (slope.ravel(), change.sum(axis=0))
                if depth:
                    change = (change @ layers[depth][0].T + errors[depth] @ moves[depth][0].T) * bends[depth]
                    change -= twists[depth - 1] * drifts[depth - 1]
            return np.concatenate(slopes)

        return along


@examples(
    "tanh_network([[0.1], [0.5], [0.9]], [0, 1, 0.5], hidden=[3, 2])",
    "tanh_network([[1, 0], [0, 1], [1, 1]], [[0, 1], [1, 0], [0.5, 0.5]], hidden=[3])",
)
def tanh_network(X: Numbers, y: Numbers, hidden: Sequence[int] = (64, 64)) -> Network:
    """½ mean ‖f(x) - y‖², f a network with tanh hidden layers and a linear last one.

    X (n, p), y (n,) or (n, q), `hidden` the sizes of the hidden layers. w holds each layer's weights (in,
    out), row by row, and biases (out,), first layer first. `start(seed)` initialises; `hvp` is exact (B.
    A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994) 147-160);
    `gradient(w, rows=)` takes a minibatch. Under full-batch descent at a constant η its sharpness
    often rises to about 2/η and stays there (J. Cohen et al., "Gradient descent on neural networks typically
    occurs at the edge of stability", ICLR 2021, arXiv:2103.00065); at a small η training may end before it
    gets there, at a large one the run is lost, and with momentum it may settle below its limit.

    Raises:
        ValueError, TypeError: shapes that do not match, anything not finite, sizes that are not whole or
        below 1.

    >>> import numpy as np
    >>> network = tanh_network(np.zeros((512, 2)), np.ones(512), hidden=(64, 64))
    >>> network.dimension, network.loss(network.start())
    (4417, np.float64(0.5))
    """
    data = table("X", X)
    answers = _check.array("y", y)
    if answers.ndim not in (1, 2) or len(answers) != len(data) or not answers.size:
        raise ValueError(f"y must have {len(data)} rows, as X has, and one axis or two, got shape {answers.shape}")
    if not isinstance(hidden, (tuple, list)) or not hidden:
        raise TypeError(f"hidden must be a list of layer sizes, got {hidden!r}")
    answers = answers.reshape(len(data), -1)
    sizes = [_check.count(f"hidden[{i}]", size, 1) for i, size in enumerate(hidden)]
    return Network(data, answers, (data.shape[1], *sizes, answers.shape[1]))
