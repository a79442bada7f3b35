"""Question 3: whether the loss grows at its end, beyond the noise, and whether as one exponential."""

from typing import NamedTuple

import numpy as np

FEWEST, FOLDS = 5, 1.5  # rows, and factors of e, below which a rise is no exponential yet
CLEAR = 4.0  # factors of e above where it shows: there L* and what still falls no longer count
STRAY = 0.1  # of the running median of L - L*: one loss far below its neighbours is worth no more
WALK = 0.5  # of an error in the next, above which errors add up
HUGE = 1e3  # times the level before: no bad minibatch does that


class Growth(NamedTuple):
    onset: int  # the row from which it grows: where the line comes out of the noise
    since: int  # the row from which it stands clear of the noise
    first: int  # the window of the fit
    peak: int
    lowest: float  # L*
    kind: str  # "exponential", "steeper", "slower", "jump"
    slope: float | None  # of ln(L - L*), by `t`; of a "slower" one where L* lies lower than is seen
    error: float  # half of the 95 % interval of it
    back: float  # by how many factors of e the end is below the peak, beyond the noise


class Fit(NamedTuple):
    slope: float
    error: float
    together: float = 0.0  # how much one error has of the next


def smoothed(x: np.ndarray, width: int) -> np.ndarray:
    """The running median; x itself at both ends."""
    if width < 3 or len(x) < width:
        return x
    windows = np.lib.stride_tricks.sliding_window_view(x, width)
    chunks = [np.median(windows[i : i + 100_000], axis=1) for i in range(0, len(windows), 100_000)]
    return np.concatenate([x[: width // 2], *chunks, x[len(x) - width // 2 :]])


def read(x: np.ndarray, t: np.ndarray, sigma: np.ndarray, smooth: bool) -> Growth | None:
    """The growth since the loss was last as low as at its lowest; None if it is that low at its end."""
    level = x if smooth else smoothed(x, min(7, len(x) // 6 | 1))
    low = int(len(x) - 1 - np.argmin(level[::-1]))
    lowest = float(level[low])
    calm = np.maximum(level, x)[low:] - lowest <= 4 * sigma[low]
    since = int(np.flatnonzero(calm)[-1:].sum()) + low + 1
    if since >= len(x):
        return None
    since = since if smooth or not _alone(x, since, lowest) else len(x) - 1
    v = np.log(np.maximum(x[since:] - lowest, STRAY * np.maximum(level[since:] - lowest, sigma[low])))
    peak = int(np.argmax(smoothed(v, 3) if len(v) > 4 else v))
    steps = np.diff(v)
    rough = 1.5 * float(np.median(np.abs(steps - np.median(steps)))) if len(steps) > 2 else 0.0
    after = len(v) - 1 - peak
    back = float(v[peak] - np.median(v[-min(3, after + 1) :])) - 1 - 3 * rough * after**0.5 if after else -1.0
    kind, first, fit = _exponential(t[since:], v, lowest, sigma[low] / (abs(lowest) + 1e-300), smooth)
    onset = since if smooth or fit is None else max(low, min(since, _onset(t, v, since, first, fit.slope, sigma[low])))
    return Growth(
        onset, since, since + first, since + peak, lowest, kind, fit and fit.slope, fit.error if fit else 0.0, back
    )


def _alone(x: np.ndarray, since: int, lowest: float) -> bool:
    """Whether the last row is far above all, and the rows before it no higher than those before `since`."""
    level = max(float(x[:since].max()) - lowest, abs(lowest))
    return bool(x[-1] - lowest > HUGE * level and (x[since:-1] - lowest <= level).all())


def _onset(t: np.ndarray, v: np.ndarray, since: int, first: int, slope: float, sigma: float) -> int:
    """The row where the fitted line is at a quarter of the noise."""
    part = t[since + first :]
    middle = float(np.mean(v[first:]) - slope * np.mean(part))
    return int(np.searchsorted(t, (np.log(sigma / 4 + 1e-300) - middle) / slope))


def _exponential(
    t: np.ndarray, v: np.ndarray, lowest: float, share: float, smooth: bool
) -> tuple[str, int, Fit | None]:
    """The kind of rise, the first row of the window in which both halves agree, and the line through it."""
    if len(v) < FEWEST or v[-1] - v[0] < FOLDS:
        return "jump", 0, None
    weight = np.exp(v) / (
        np.exp(v) + abs(lowest)
    )  # the noise is a share of L: of L - L* it is more where that is small
    floor = max(v[0] + CLEAR, np.log(abs(lowest) + 1e-300) - np.log(max(share, 0.003) / 4))
    start = int(np.argmax(v > floor))
    start = 0 if v[-1] < floor + CLEAR or len(v) - start < 2 * FEWEST else start
    halves: list[Fit] = []
    for first in sorted({start, *(start + (len(v) - start) * k // 8 for k in range(1, 6))}):
        if len(v) - first < FEWEST or v[-1] - v[first] < 1:
            break
        half = first + (len(v) - first) // 2
        parts = (slice(first, half + 1), slice(half, None), slice(first, None))
        one, two, whole = (line(t[p], v[p], weight[p]) for p in parts)
        apart = abs(one.slope - two.slope)
        if whole.slope > 0 and apart <= max(np.hypot(one.error, two.error), 0.02 * whole.slope if smooth else 0):
            sure = max(whole.error, apart if smooth else 0)
            wide = 0.0 if smooth else walked(t[first:], v[first:], whole.together)
            least = max(2 * sure, wide if len(v) - first >= 2 * FEWEST else 0.0)  # fewer cannot rule a walk out
            if whole.slope > least and (smooth or not bent(t[first:], v[first:], weight[first:])):
                return "exponential", first, Fit(whole.slope, max(sure, wide) + 1e-9 * whole.slope)
        halves = [one, two]
    if not halves:
        return "jump", 0, None
    return ("steeper" if halves[1].slope > halves[0].slope else "slower"), 0, None


def line(t: np.ndarray, v: np.ndarray, weight: np.ndarray) -> Fit:
    """The slope of v against t and half of its 95 % interval, for errors that hang together as AR(1) or a walk."""
    w = weight**2
    w = w / w.sum()
    tc, vc = t - w @ t, v - w @ v
    slope = float((w * tc) @ vc / ((w * tc) @ tc))
    rest = vc - slope * tc
    spare = max(len(t) - 2, 1)
    hangs = together(rest)
    error = float(((w * tc) ** 2 @ rest**2) ** 0.5 / ((w * tc) @ tc)) * ((len(t) / spare) ** 0.5)
    error *= ((1 + hangs) / (1 - hangs)) ** 0.5
    if hangs > 0.6 and len(t) > 4:  # a walk: its drift is known from its increments alone
        error = max(error, float(np.std(np.diff(v)) / (len(t) - 1) ** 0.5 / np.mean(np.diff(t))))
    return Fit(slope, error * (1.96 + 2.4 / spare), hangs)


def together(rest: np.ndarray) -> float:
    """How much one error has of the next."""
    power = float(rest @ rest)
    return min(max(float(rest[1:] @ rest[:-1]) / power, 0.0), 0.99) if power else 0.0


def bent(t: np.ndarray, v: np.ndarray, weight: np.ndarray) -> bool:
    """Whether the slope of a parabola through v clearly falls, by a quarter of itself or more: a line, a root.

    The errors about a straight line hang together where v is bent, so that both halves of it seem to agree. Of fewer
    rows than two halves need the error of a bend is not known.
    """
    if len(t) < 2 * FEWEST:
        return False
    w = weight**2 / (weight @ weight)
    tc, vc = (t - w @ t) / (t[-1] - t[0]), v - w @ v
    pull = w * tc / ((w * tc) @ tc)
    q = tc**2 - w @ tc**2
    q = q - (pull @ q) * tc
    lever = w * q / ((w * q) @ q)
    slope, bend = float(pull @ vc), float(lever @ vc)
    rest = vc - slope * tc - bend * q
    hangs = together(rest)
    error = float(lever**2 @ rest**2) ** 0.5 * ((1 + hangs) / (1 - hangs)) ** 0.5
    return 2 * bend < -0.25 * slope and bend < -4 * error


def walked(t: np.ndarray, v: np.ndarray, together: float) -> float:
    """Half of the 95 % interval of the drift of a walk, by Student's t of its steps; 0 where v is seen to be none.

    The errors about a line through a short walk hang together as little as those of white noise.
    """
    count = len(t) - 1
    if together <= min(WALK, 1 - 24 / len(t)):
        return 0.0
    student = 1.96 + 2.4 / (count - 1) + 2.8 / (count - 1) ** 2
    return student * float(np.std(np.diff(v))) / (count - 1) ** 0.5 / float(np.mean(np.diff(t)))
