"""The ends of a symmetric matrix's spectrum from products with it, and how far out an eigenvalue can have been missed.

A residual proves that an eigenvalue is near, not that it is the largest. That rests on the random start: where it has a
share of at least δ/√d of every eigenvector, an eigenvalue that it does not show by now lies in bounds. (J. van
Dorsselaer, M. Hochstenbach and H. van der Vorst, "Computing probabilistic bounds for extreme eigenvalues of symmetric
matrices with the Lanczos method", SIAM J. Matrix Anal. Appl. 22 (2000) 837-852.)
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrsim import _random
from lrsim._engine.krylov import length

TOLERANCE = 1e-8  # of the residual, relative to the largest |eigenvalue|
MOST = 500  # products, after which the residual says how far it came
MEMORY = 2**27  # numbers in the Krylov basis, 1 GiB
LOPSIDED = 0.05  # of the largest |eigenvalue|: more is no round-off, nor a kink in the gradient
LEAVES = 1e-14  # of the largest entry so far: less is round-off, and the space is one that H does not leave
SHARE = 1e-3  # δ: a random direction has less than δ/√d of a given one with probability 0.8 δ
MISSED, MISSED_ALONE = 1e-5, 1e-3  # how far out an eigenvalue may hide: of both ends, and of the top alone
PASSING = (
    3e-3,
    1.0,
)  # the residual and the same for a look at a matrix that is much as it was: proof is most of the cost
NUDGE = 0.1  # of the random direction beside an old eigenvector: what shows an eigenvalue that has overtaken it

Product = Callable[[np.ndarray], np.ndarray]


class Ends(NamedTuple):
    """Ritz values, rising, their residuals, unit vectors as rows for the first k and the last, products taken, and by
    how much any u·Hv and v·Hu differ."""

    values: np.ndarray
    residuals: np.ndarray
    bottom: np.ndarray
    top: np.ndarray
    products: int
    lopsided: float


class Krylov:
    """An orthonormal basis Q (m, d), Q H Qᵀ, and the directions in which H leads out of it.

    Band Lanczos with full reorthogonalisation: `width` random starts, each of which shows one more eigenvector of a
    multiple eigenvalue; a fresh one where H leads nowhere any more. Source: B. N. Parlett, The Symmetric Eigenvalue
    Problem (SIAM 1998), chapter 13; A. Ruhe, Mathematics of Computation 33 (1979) 680-687, for more than one start.
    """

    def __init__(self, dimension: int, width: int, near: np.ndarray | None = None) -> None:
        self.most = min(dimension, MOST, max(2, MEMORY // dimension))
        self.stream = _random.stream(np.random.SeedSequence(0), "lanczos start")
        self.basis, self.projected = np.empty((min(self.most, 16), dimension)), np.zeros((self.most, self.most))
        self.m, self.width, self.dead_ends, self.near = 0, width, 0, near
        self.starts: list[int] = []  # places in the basis
        self.outside: list[tuple[np.ndarray, int]] = []  # what H makes of a basis vector beyond the basis, its place
        self.scale = self.lopsided = 0.0

    @property
    def over(self) -> bool:
        """Whether the space is used up, or has been found closed twice from independent starts."""
        return self.m == self.most or (self.dead_ends > 0 and not self.outside)

    def grow(self, product: Product) -> None:
        """One product more."""
        new, expected = self._next()
        if self.m == len(self.basis):
            self.basis = np.concatenate([self.basis, np.empty((min(self.m, self.most - self.m), new.size))])
        self.basis[self.m] = new
        self.m += 1
        basis, image = self.basis[: self.m], product(new)
        column = basis @ image
        image = image - column @ basis
        again = basis @ image  # once leaves round-off that grows into copies of found eigenvalues
        image -= again @ basis
        column += again
        self.lopsided = max(self.lopsided, float(np.abs(column[:-1] - expected).max(initial=0.0)))
        column[:-1] = (column[:-1] + expected) / 2  # a symmetric H has both alike
        self.projected[: self.m, self.m - 1] = self.projected[self.m - 1, : self.m] = column
        rest = length(image)
        self.scale = max(self.scale, float(np.abs(column).max()), rest)
        if rest > LEAVES * self.scale:
            self.outside.append((image, self.m - 1))

    def _next(self) -> tuple[np.ndarray, np.ndarray]:
        """The next basis vector, and what H must have along it of those before."""
        basis, expected = self.basis[: self.m], np.zeros(self.m)
        if self.m < self.width or not self.outside:
            if self.m >= self.width:
                self.dead_ends, self.starts = self.dead_ends + 1, []
            self.starts.append(self.m)
            new = self.stream.standard_normal(self.basis.shape[1])
            if self.near is not None and self.m == 0:
                new *= NUDGE / length(new)
                new += self.near
        else:
            new, place = self.outside.pop(0)
            expected[place] = length(new)
        new = new / length(new)
        for _ in range(2 if self.starts[-1] == self.m else 1):
            new -= (basis @ new) @ basis
        new /= length(new)
        for vector, place in self.outside:
            expected[place] = vector @ new
            vector -= expected[place] * new
        self.outside = [pair for pair in self.outside if length(pair[0]) > LEAVES * self.scale]
        return new, expected

    def look(self) -> "Ritz":
        values, vectors = np.linalg.eigh(self.projected[: self.m, : self.m])
        places = [place for _, place in self.outside]
        beyond = None
        if len(places) == 1:
            beyond = np.array([[length(self.outside[0][0])]])
        elif places:
            beyond = np.linalg.qr(np.array([vector for vector, _ in self.outside]).T)[1]
        share = SHARE if self.near is None else SHARE * NUDGE
        return Ritz(values, vectors, self.starts, places, beyond, share / np.sqrt(self.basis.shape[1]))


class Ritz(NamedTuple):
    """Eigenvalues and eigenvectors of H within a space, and the triangle R of what leads out at `places`."""

    values: np.ndarray
    vectors: np.ndarray
    starts: list[int]
    places: list[int]
    beyond: np.ndarray | None
    least: float  # share of an eigenvector in the start

    @property
    def residuals(self) -> np.ndarray:
        if self.beyond is None:
            return np.zeros(len(self.values))
        return np.linalg.norm(self.beyond @ self.vectors[self.places], axis=0)

    def could_hide(self, value: float) -> bool:
        """Whether an eigenvalue there, outside of all that is seen, needs no smaller share in the start than the least.

        Of its unit eigenvector u, c = Q u and what lies along the directions out, y, obey (value - QHQᵀ) c = Rᵀ y at
        their places, and |c|² + |y|² ≤ 1. Further out shares only shrink.
        """
        if self.beyond is None:
            return False
        inside = (self.vectors / (value - self.values)) @ (self.vectors[self.places].T @ self.beyond.T)
        if len(self.places) == 1:
            share = length(inside[self.starts, 0]) / np.hypot(1.0, length(inside[:, 0]))
        else:
            whole = np.linalg.qr(np.concatenate([inside, np.eye(len(self.places))]))[0]
            share = np.linalg.norm(whole[self.starts], 2)
        return bool(share > self.least)


@np.errstate(all="ignore")
def ends(
    product: Product, dimension: int, enough: Callable[[Ritz], bool], k: int = 1, near: np.ndarray | None = None
) -> Ends:
    """The extreme Ritz pairs once `enough` holds, the space is used up, or MOST products are taken.

    `near` is a unit vector that was the top eigenvector a little while ago.
    """
    space = Krylov(dimension, k, near)
    while True:
        space.grow(product)
        m = space.m
        if space.over or (m >= k and (m <= 32 or m % (m // 8) == 0)):
            found = space.look()
            if space.over or (space.outside and enough(found)):
                break
    values, vectors = found.values, found.vectors
    top, bottom = ((vectors[:, part].T @ space.basis[:m]) for part in (slice(-1, -k - 1, -1), slice(k)))
    return Ends(values, np.maximum(found.residuals, space.lopsided), bottom, top, m, space.lopsided)


def symmetric(found: Ends, rough: float) -> Ends:
    """Refuses products that are not those of a symmetric matrix, beyond what their round-off may do."""
    largest = np.abs(found.values).max()
    if found.lopsided > max(LOPSIDED * largest, rough):
        raise ValueError(
            "the products H v must be those of a symmetric matrix, got u·Hv and v·Hu that differ by "
            f"{found.lopsided:g}, where the largest eigenvalue is {largest:g}: "
            "is that the gradient of a loss, and smooth at w?"
        )
    return found


def dense(matrix: np.ndarray, k: int = 1) -> Ends:
    """The same from the d products with the axes, the columns of `matrix`: nothing is missed."""
    with np.errstate(all="ignore"):
        lopsided = float(np.abs(matrix - matrix.T).max())
    values, vectors = np.linalg.eigh(matrix / 2 + matrix.T / 2)
    residuals = np.linalg.norm(matrix @ vectors - values * vectors, axis=0) if lopsided else np.zeros(len(values))
    return Ends(values, residuals, vectors[:, :k].T, vectors[:, ::-1][:, :k].T, len(matrix), lopsided)


def both(k: int, tolerance: float = TOLERANCE) -> Callable[[Ritz], bool]:
    """Whether k eigenvalues at each end have residuals below that share of the largest, and none further out hides."""

    def enough(found: Ritz) -> bool:
        values, residuals = found.values, found.residuals
        scale = np.abs(values[[0, -1]]).max()
        if len(values) < k or max(residuals[:k].max(), residuals[-k:].max()) > tolerance * scale:
            return False
        missed = max(MISSED, tolerance) * scale
        return not (found.could_hide(values[-1] + missed) or found.could_hide(values[0] - missed))

    return enough


def top_alone(found: Ritz) -> bool:
    """λ_max to 1e-10 by r²/gap, the error bound of a Ritz value with residual r: fewer products than r ≤ 1e-8 takes.

    A second eigenvalue within r of the first could hide in the gap, hence the bound on r itself.
    """
    values, r = found.values, found.residuals[-1]
    size = max(abs(values[-1]), 1e-7 * np.abs(values).max())  # round-off is relative to the largest |eigenvalue|
    if r > 1e-6 * size:
        return False
    gap = values[-1] - values[-2] - r if len(values) > 1 else 0.0
    if r > 1e-10 * size and r * r > gap * 1e-10 * size:
        return False
    return not found.could_hide(values[-1] + MISSED_ALONE * size)


def top_in_passing(found: Ritz) -> bool:
    """λ_max with a residual of 0.3 %, and nothing twice as large hides."""
    residual, missed = (share * max(abs(found.values[-1]), 1e-7 * np.abs(found.values).max()) for share in PASSING)
    return bool(found.residuals[-1] <= residual) and not found.could_hide(found.values[-1] + missed)
