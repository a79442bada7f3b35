"""The loss curve of a large quadratic from a few products with its Hessian, without its eigenvectors.

Every iterate is p(H)(w₀ - w*) with a polynomial p, so the curve depends on H and the start only through the weights
that w₀ - w* puts on the spectrum. Lanczos replaces that measure by m points that integrate polynomials up to degree
2m - 1 exactly: m modes instead of d. G. H. Golub and G. Meurant, Matrices, Moments and Quadrature with Applications
(2010), chapter 7.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrsim.landscapes.form import Quadratic

FROM, FIRST, STRIDE = 200, 72, 12  # dimension from which it pays; products before the first look and between two
LOOKED_AT = 50  # steps by which two looks are compared; the error is smooth in t
# Two looks that agree to this part of each loss, or of the start's, are enough: the second is far better than that.
AGREE, FLOOR = 1e-9, 1e-25


def curve(landscape: Quadratic, start: np.ndarray, steps: int, every: int, follow: Callable[..., Any]) -> Any:
    """What `follow(few modes, their start, every)` returns once its losses settle; None where d/3 products do not do.

    Each loss is then good to 1e-8 of itself or 1e-25 of the start's, as a rule to 1e-12.

    `follow` returns a `Room`, whose losses at some of the steps, last and peak are compared between two looks.
    """
    memory, before, sparse = _memory(landscape, start), None, max(every, steps // LOOKED_AT)
    for size in memory.sizes():
        found = follow(*memory.reduced(size), sparse)
        if memory.complete(size) or (before is not None and _agree(before, found)):
            memory.enough = size - STRIDE
            return found if found.losses is None or sparse == every else follow(*memory.reduced(size), every)
        before = found
    return None


class _Memory:
    """The Lanczos recurrence from one start as far as it went, and the reduced problems made of it.

    Its vectors lose their orthogonality in time, and are not kept: what round-off does is the work of a slightly larger
    exact recurrence, whose measure is as good (A. Greenbaum, Linear Algebra and its Applications 113 (1989) 7-63).
    """

    def __init__(self, landscape: Quadratic, start: np.ndarray) -> None:
        self.landscape, self.start = landscape, start.copy()
        shifted = start - landscape.minimum
        self.length = length(shifted)
        self.before, self.newest = np.zeros(len(start)), shifted / (self.length or 1.0)
        self.alphas: list[float] = []
        self.betas: list[float] = []
        self.known: dict[int, tuple[Quadratic, np.ndarray]] = {}
        self.enough = FIRST
        self.exhausted, self.scale = not self.length, 0.0

    def sizes(self) -> range:
        return range(self.enough, max(len(self.start) // 3, FIRST + STRIDE) + 1, STRIDE)

    def complete(self, size: int) -> bool:
        """Whether the start lies in a space that H does not leave: the answer is exact."""
        return self.exhausted and len(self.alphas) <= size

    def reduced(self, size: int) -> tuple[Quadratic, np.ndarray]:
        while len(self.alphas) < size and not self.exhausted:
            self._grow()
        size = min(size, len(self.alphas))
        if size not in self.known:
            if size:
                nodes, vectors = tridiagonal(self.alphas[:size], self.betas[: size - 1])
                x = self.length * np.abs(vectors[0])
            else:
                nodes, x = np.zeros(1), np.zeros(1)
            self.known[size] = Quadratic(np.zeros(len(nodes)), nodes, offset=self.landscape.offset), x
        return self.known[size]

    def _grow(self) -> None:
        """One product with H, orthogonal to the last two vectors."""
        vector = self.landscape.matrix @ self.newest
        if self.betas:
            vector -= self.betas[-1] * self.before
        self.alphas.append(float(self.newest @ vector))
        vector -= self.alphas[-1] * self.newest
        beta = length(vector)
        self.scale = max(self.scale, abs(self.alphas[-1]), beta)
        if beta <= 1e-14 * self.scale:
            self.exhausted = True
            return
        self.betas.append(beta)
        vector /= beta
        self.before, self.newest = self.newest, vector


def tridiagonal(diagonal: Any, beside: Any) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, rising, and eigenvectors of the symmetric matrix that has these diagonals and no others."""
    return np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))


def length(vector: np.ndarray) -> float:
    """‖v‖, whose squares may overflow or underflow."""
    square = float(vector @ vector)
    if 1e-280 < square < 1e280:
        return math.sqrt(square)
    largest = float(np.abs(vector).max())
    return largest * float(np.linalg.norm(vector / largest)) if largest > 0 else 0.0


def _memory(landscape: Quadratic, start: np.ndarray) -> _Memory:
    """Kept with the landscape for the next call from the same start."""
    memory = landscape.__dict__.get("_krylov")
    if memory is None or not np.array_equal(memory.start, start):
        memory = landscape.__dict__["_krylov"] = _Memory(landscape, start)
    return memory


def _agree(before: Any, found: Any) -> bool:
    with np.errstate(all="ignore"):
        return all(
            _near(getattr(before, key), getattr(found, key), FLOOR * np.abs(found.first))
            for key in ("losses", "final", "peak")
            if getattr(found, key) is not None
        )


def _near(old: np.ndarray, new: np.ndarray, floor: np.ndarray) -> bool:
    slack = AGREE * np.abs(new) + (floor if new.ndim == floor.ndim else floor[..., None])
    return bool(((np.abs(new - old) <= slack) | (new == old) | (np.isnan(old) & np.isnan(new))).all())
