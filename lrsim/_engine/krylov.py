"""The loss curve of a large quadratic from a few products with its Hessian, without its eigenvectors.

Every iterate is p(H)(w₀ - w*) with a polynomial p, so the curve depends on H and the start only through the weights
that w₀ - w* puts on the spectrum. Lanczos replaces that measure by m points that integrate polynomials up to degree
2m - 1 exactly: m modes instead of d. G. H. Golub and G. Meurant, Matrices, Moments and Quadrature with Applications
(2010), chapter 7.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from lrsim.landscapes._quadratic import Quadratic, own

FROM, FIRST, STRIDE = 200, 72, 12  # dimension from which it pays; products before the first look and between two
LOOKED_AT = 50  # steps by which two looks are compared; the error is smooth in t
# Two looks that agree to this part of each loss, or of the start's, are enough: the second is far better than that.
AGREE, FLOOR = 1e-9, 1e-25


def curve(landscape: Quadratic, start: np.ndarray, every: int, problem: Hashable, follow: Callable[..., Any]) -> Any:
    """What `follow(few modes, their start, every)` returns once its losses settle; None where d/3 products do not do.

    Each loss is then good to 1e-8 of itself or 1e-25 of the start's, as a rule to 1e-12.

    `follow` returns `Results`, whose losses at some of the steps, last and peak are compared between two looks. How
    many products were enough is remembered for a `problem`: the answer is the same, without the looks before.
    """
    recurrence, steps = remembered(landscape, start), problem[0]  # type: ignore[index]
    before, sparse, most = None, max(every, steps // LOOKED_AT), max(len(start) // 3, FIRST + STRIDE)
    known = recurrence.enough.get(problem)
    if known is not None:
        return None if known > most else follow(*recurrence.reduced(known), every)
    for size in range(FIRST, most + 1, STRIDE):
        found = follow(*recurrence.reduced(size), sparse)
        if recurrence.complete(size) or (before is not None and _agree(before, found)):
            recurrence.enough[problem] = size
            return found if found.losses is None or sparse == every else follow(*recurrence.reduced(size), every)
        before = found
    recurrence.enough[problem] = most + 1
    return None


class Recurrence:
    """The Lanczos recurrence from one start as far as it went, and the reduced problems made of it.

    Its vectors lose their orthogonality in time, and are not kept: what round-off does is the work of a slightly larger
    exact recurrence, whose measure is as good (A. Greenbaum, Linear Algebra and its Applications 113 (1989) 7-63).
    However far it went for others, its first m coefficients are the same bits; one thread at a time carries it on.
    """

    def __init__(self, landscape: Quadratic, start: np.ndarray) -> None:
        self.matrix, self.offset, self.start = landscape.matrix, landscape.offset, start.copy()
        shifted = start - landscape.minimum
        self.length = length(shifted)
        self.before, self.newest = np.zeros(len(start)), shifted / (self.length or 1.0)
        self.alphas: list[float] = []
        self.betas: list[float] = []
        self.known: dict[int, tuple[Quadratic, np.ndarray]] = {}
        self.enough: dict[Hashable, int] = {}
        self.exhausted, self.scale = not self.length, 0.0
        import threading  # here, since it takes 0.6 ms and few ask for it

        self.lock = threading.Lock()

    def complete(self, size: int) -> bool:
        """Whether the start lies in a space that H does not leave: the answer is exact."""
        return self.exhausted and len(self.alphas) <= size

    def reduced(self, size: int) -> tuple[Quadratic, np.ndarray]:
        """At most `size` modes that stand for all, and the start in them."""
        with self.lock:
            while len(self.alphas) < size and not self.exhausted:
                self._grow()
            size = min(size, len(self.alphas))
            if size not in self.known:
                nodes, x = np.zeros(1), np.zeros(1)
                if size:
                    nodes, vectors = tridiagonal(self.alphas[:size], self.betas[: size - 1])
                    x = self.length * np.abs(vectors[0])
                self.known[size] = Quadratic(np.zeros(len(nodes)), nodes, offset=self.offset), own(x)
            return self.known[size]

    def _grow(self) -> None:
        """One product with H, orthogonal to the last two vectors."""
        vector = self.matrix @ self.newest
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


def remembered(landscape: Quadratic, start: np.ndarray) -> Recurrence:
    """The recurrence from a start, kept with the landscape for the next call from there."""
    recurrence = landscape.remembered.get("recurrence")
    if recurrence is None or not np.array_equal(recurrence.start, start):
        recurrence = landscape.remembered["recurrence"] = Recurrence(landscape, start)
    return recurrence


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


def _agree(before: Any, found: Any) -> bool:
    floor = FLOOR * np.abs(found.past.first)
    pairs = [(before.final, found.final), (before.past.peak, found.past.peak)]
    if found.losses is not None:
        pairs.append((before.losses, found.losses))
    with np.errstate(all="ignore"):
        return all(_near(old, new, floor) for old, new in pairs)


def _near(old: np.ndarray, new: np.ndarray, floor: np.ndarray) -> bool:
    slack = AGREE * np.abs(new) + (floor if new.ndim == floor.ndim else floor[..., None])
    return bool(((np.abs(new - old) <= slack) | (new == old) | (np.isnan(old) & np.isnan(new))).all())
