"""Small losses that are known exactly, each one showing something a quadratic cannot do."""

from typing import Any

import numpy as np

from lrsim import _check
from lrsim._examples import examples
from lrsim.landscapes._formulas import Classic

__all__ = ["beale", "double_well", "himmelblau", "log_cosh", "product_valley", "rosenbrock"]


@examples("double_well()", "double_well(tilt=0.3)")
def double_well(tilt: float = 0.0) -> Classic:
    """(x² - 1)²/4 + tilt·x, in one dimension; untilted, minima at ±1 with curvature 2 and a maximum at 0.

    A tilt makes one well the deeper, the first of `minima`; from |tilt| = 2/√27 on it is the only one.
    Untilted gradient descent, x ← x - η(x³ - x): a minimum is stable below η = 1, splits into a 2-cycle
    above it, doubles again at √5 - 1, 1.28803, 1.29923, ...; the doublings pile up at 1.302283, where chaos
    begins (with periodic windows in it). From 3√3/2 - 1 it spreads over both wells. Above 2 it escapes, and at
    any η from |x| > √(1 + 2/η). The Landau (1937) quartic; as a map, the odd cubic of T. D. Rogers and D. C.
    Whitley, "Chaos in the cubic mapping", Mathematical Modelling 4 (1983) 9-25.

    >>> double_well().loss([0.0]), double_well(tilt=0.1).minima
    (np.float64(0.25), ((-1.04668...,), (0.94564...,)))
    """
    tilt = _check.real("tilt", tilt, low=-1e300, below=1e300)
    side, size = 1.0 if tilt < 0 else -1.0, abs(tilt)
    minima: tuple[tuple[float], ...] = ((side * _bottom(size),),)
    if size < SINGLE:
        minima += ((-side * _bottom(-size),),)
    return Classic("double_well", 1, (_well, _well_slope, _well_bend), minima, (("tilt", tilt),))


SINGLE = 2 / 27**0.5  # the tilt at which the shallower well is gone


def _bottom(pull: float) -> float:
    """The largest root of x³ - x - pull: Newton from outside, where it falls monotonically."""
    x = 1 + max(pull, 0) ** (1 / 3)
    for _ in range(100):
        closer = x - (x * (x * x - 1) - pull) / (3 * x * x - 1)
        if not closer < x:
            break
        x = closer
    return x


def _well(w: np.ndarray, tilt: float) -> Any:
    x = w[0]
    # factored, since x² - 1 has no digits left near ±1
    return ((x - 1) * (x + 1)) ** 2 / 4 + tilt * x


def _well_slope(w: np.ndarray, out: np.ndarray, tilt: float) -> None:
    x = w[0]
    out[0] = x * ((x - 1) * (x + 1)) + tilt


def _well_bend(w: np.ndarray, out: np.ndarray, tilt: float) -> None:
    out[0, 0] = 3 * w[0] ** 2 - 1


@examples("log_cosh()")
def log_cosh() -> Classic:
    """ln cosh x, in one dimension: curvature 1 at the minimum, slope never above 1, so nothing diverges.

    Above η = 2 gradient descent ends on a 2-cycle ±x with 2x = η tanh x, the more slowly the larger η:
    far out the slope is ±1, so every pair x, x - η nearly is one. Exact at any finite x. Source: P. J.
    Green, "Bayesian reconstructions from emission tomography data using a modified EM algorithm", IEEE
    Transactions on Medical Imaging 9 (1990) 84-93.

    >>> log_cosh().loss([1e300]), log_cosh().gradient([1e300])
    (np.float64(1e+300), array([1.]))
    """
    return Classic("log_cosh", 1, (_lncosh, _lncosh_slope, _lncosh_bend), ((0.0,),))


def _lncosh(w: np.ndarray) -> Any:
    size = np.abs(w[0])
    near = np.log1p(2 * np.sinh(np.minimum(size, 1) / 2) ** 2)
    return np.where(size < 1, near, size + (np.log1p(np.exp(-2 * size)) - np.log(2)))[()]


def _lncosh_slope(w: np.ndarray, out: np.ndarray) -> None:
    np.tanh(w, out=out)


def _lncosh_bend(w: np.ndarray, out: np.ndarray) -> None:
    tail = np.exp(-2 * np.abs(w[0]))
    out[0, 0] = 4 * tail / (1 + tail) ** 2


@examples("product_valley()")
def product_valley() -> Classic:
    """½(uv - 1)²: a two-layer linear network with one weight each. Every point of uv = 1 is a minimum.

    The sharpness along the valley is u² + v², at least 2. With S₀ = u₀² + v₀², a run with ηS₀ above 2 is
    thrown out of its valley and lands in a flatter one, up to a limit near 4 that depends on the start: (3, 0.5)
    lands at ηS₀ = 4.09 and is lost at 4.10, (2.5, 0.02) lands at 3.67 and is lost at 3.68. Source: A.
    Lewkowycz et al., "The large learning rate phase of deep learning: the catapult mechanism" (2020), arXiv:2003.02218.

    >>> product_valley().gradient([3, 0.5])
    array([0.25, 1.5 ])
    """
    return Classic("product_valley", 2, (_product, _product_slope, _product_bend), ())


def _product(w: np.ndarray) -> Any:
    return 0.5 * (w[0] * w[1] - 1) ** 2


def _product_slope(w: np.ndarray, out: np.ndarray) -> None:
    np.multiply(w[::-1], w[0] * w[1] - 1, out=out)


def _product_bend(w: np.ndarray, out: np.ndarray) -> None:
    u, v = w
    out[0, 0], out[1, 1] = v * v, u * u
    out[0, 1] = out[1, 0] = 2 * u * v - 1


@examples("rosenbrock()")
def rosenbrock() -> Classic:
    """(1 - x)² + 100 (y - x²)²: a curved valley with its minimum at (1, 1), condition number 2508.

    Source: H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function",
    The Computer Journal 3 (1960) 175-184, who starts at (-1.2, 1).

    >>> rosenbrock().loss([-1.2, 1])
    np.float64(24.1999...)
    """
    return Classic("rosenbrock", 2, (_banana, _banana_slope, _banana_bend), ((1.0, 1.0),), both=_banana_both)


def _banana(w: np.ndarray) -> Any:
    x, y = w
    gap, rest = y - x * x, 1 - x
    return 100 * (gap * gap) + rest * rest


def _banana_slope(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    along = 200 * (y - x * x)
    out[0], out[1] = -2 * (1 - x + along * x), along


def _banana_both(w: np.ndarray, out: np.ndarray) -> Any:
    if w.ndim == 1:  # a run takes 0.32 of the time in Python's own numbers, to the same bits
        a, b = w.tolist()
        gap, rest = b - a * a, 1 - a
        out[0], out[1] = -2 * (rest + 200 * gap * a), 200 * gap
        return np.float64(100 * (gap * gap) + rest * rest)
    # in place 10,000 runs take 0.83 of the time: temporaries cost more than the arithmetic
    x, y, across, along = w[0, ...], w[1, ...], out[0, ...], out[1, ...]
    np.multiply(x, x, out=along)
    np.subtract(y, along, out=along)
    np.subtract(1, x, out=across)
    loss = along * along
    loss *= 100
    rest = across * across
    loss += rest
    along *= 200
    across += along * x
    across *= -2
    return loss


def _banana_bend(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[0, 0], out[1, 1] = 2 - 400 * (y - 3 * x * x), 200
    out[0, 1] = out[1, 0] = -400 * x


HOLLOWS = (
    (3.0, 2.0),
    (-2.8051180869527448, 3.1313125182505730),
    (-3.7793102533777469, -3.2831859912861694),
    (3.5844283403304917, -1.8481265269644036),
)


@examples("himmelblau()")
def himmelblau() -> Classic:
    """(x² + y - 11)² + (x + y² - 7)²: four minima of depth 0: η decides which is found.

    Source: D. M. Himmelblau, Applied Nonlinear Programming (McGraw-Hill, 1972), page 428.

    >>> himmelblau().loss([0, 0])
    np.float64(170.0)
    """
    return Classic("himmelblau", 2, (_hollows, _hollows_slope, _hollows_bend), HOLLOWS)


def _hollows(w: np.ndarray) -> Any:
    x, y = w
    return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2


def _hollows_slope(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    first, second = x * x + y - 11, x + y * y - 7
    out[0], out[1] = 4 * x * first + 2 * second, 2 * first + 4 * y * second


def _hollows_bend(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[0, 0], out[1, 1] = 12 * x * x + 4 * y - 42, 4 * x + 12 * y * y - 26
    out[0, 1] = out[1, 0] = 4 * (x + y)


BEALE = (1.5, 2.25, 2.625)


@examples("beale()")
def beale() -> Classic:
    """Σ (c_i - x(1 - yⁱ))², c = (1.5, 2.25, 2.625): minimum 0 at (3, ½) amid plateaus and steep walls.

    Source: E. M. L. Beale, "On an iterative method for finding a local minimum of a function of more than
    one variable", Technical Report 25, Princeton (1958); problem 5 of J. J. Moré, B. S. Garbow and K. E.
    Hillstrom, "Testing unconstrained optimization software", ACM Transactions on Mathematical Software 7
    (1981) 17-41.

    >>> beale().loss([1, 1])
    np.float64(14.203125)
    """
    return Classic("beale", 2, (_beale, _beale_slope, _beale_bend), ((3.0, 0.5),))


def _beale(w: np.ndarray) -> Any:
    x, y = w
    return sum((c - x * (1 - y**i)) ** 2 for i, c in enumerate(BEALE, 1))


def _beale_slope(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[:] = 0
    for i, c in enumerate(BEALE, 1):
        rest = 2 * (c - x * (1 - y**i))
        out[0] -= rest * (1 - y**i)
        out[1] += rest * (i * x * y ** (i - 1))


def _beale_bend(w: np.ndarray, out: np.ndarray) -> None:
    x, y = w
    out[:] = 0
    for i, c in enumerate(BEALE, 1):
        rest, gap, slope = c - x * (1 - y**i), 1 - y**i, i * y ** (i - 1)
        out[0, 0] += 2 * gap**2
        out[0, 1] += 2 * slope * (rest - x * gap)
        if i > 1:
            out[1, 1] += 2 * rest * x * (i * (i - 1) * y ** (i - 2))
        out[1, 1] += 2 * (x * slope) ** 2
    out[1, 0] = out[0, 1]
