"""Sums and products whose bits do not depend on how many runs are computed beside one another."""

import numpy as np


def halves(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The upper half of the digits, and the rest (Veltkamp), so that products of halves are exact: T. J. Dekker, "A
    floating-point technique for extending the available precision", Numerische Mathematik 18 (1971) 224-242."""
    with np.errstate(all="ignore"):
        scaled = value * 134217729.0
        upper = scaled - (scaled - value)
        return upper, value - upper


SMALL, FEW = 8, 64


def in_order(terms: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Σ_i terms[i] over the first axis, first to last: NumPy's own sum has an order that depends on the shape."""
    if len(terms) == 1 or (len(terms) > FEW and terms[0].size < len(terms)):
        total = np.add.accumulate(terms, axis=0)[-1]
        return total if out is None else np.add(total, 0.0, out=out)
    total = np.add(terms[0], terms[1], out)
    if len(terms) > 2:
        for term in terms[2:]:
            total += term
    return total


def product(matrix: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Σ_j M_ij v_j, v (d, *runs): in order, or one BLAS product a run, since the bits of one for many are others."""
    if len(matrix) > SMALL:
        if v.ndim == 1:
            return matrix @ v
        runs = np.ascontiguousarray(v.reshape(len(v), -1).T)
        return np.matmul(matrix, runs[:, :, None])[:, :, 0].T.reshape(len(matrix), *v.shape[1:])
    if v.ndim == 1:
        return np.add.accumulate(matrix * v, axis=1)[:, -1]
    return in_order(matrix.T.reshape(*matrix.shape, *[1] * (v.ndim - 1)) * v[:, None])
