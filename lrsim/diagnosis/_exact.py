"""What a row of losses shows by itself: its round-off, its turns, whether it is convex, the exponential at its end."""

import numpy as np

EXACT, SHORT = 1e-12, 1e-6  # round-off of double precision; of single precision or of losses printed to ≤ 9 digits
CHUNK = 10_000
MANY = 4  # monotone parts, after which a curve wiggles, however it goes on
BEND = 0.05  # what the changes must grow or shrink by before one exponential is told from a sum of them


def round_off(recorded: np.ndarray) -> tuple[float, np.ndarray]:
    """The relative round-off that the numbers show, and the unit of the last digit of each."""
    values, none = recorded.astype(np.float64), np.zeros(len(recorded))
    if recorded.dtype.kind == "f" and recorded.dtype.itemsize < 8:
        return max(SHORT, float(np.finfo(recorded.dtype).eps)), none + _grain(values)
    said = [repr(v) for v in values[:: 1 + len(values) // 1000].tolist()]  # a thousand show how it was written
    lengths = [len(text.split("e")[0].replace(".", "").strip("-0")) for text in said]
    digits, places = max(lengths), max(map(_places, said))
    sizes = np.floor(np.log10(np.abs(values), out=none.copy(), where=values != 0))
    unit = none + 10.0**-places if places <= 14 else none  # printed to so many places, or so many digits
    printed = np.maximum(unit, np.where(values != 0, 10.0 ** (sizes - digits + 1), 0)) if digits <= 14 else unit
    # large numbers in full have few places: then most of them have all the digits there are
    if digits > 9 and (places > 8 or sum(length >= 15 for length in lengths) > len(said) / 2):
        if digits <= 14:
            return EXACT, printed
        with np.errstate(over="ignore"):
            short = (values.astype(np.float32) == values).all()
        return SHORT if short else EXACT, none + (_grain(values) if places > 8 else 10.0**-places)
    return SHORT, printed if digits <= 9 else unit


def _grain(values: np.ndarray) -> float:
    """A few times the largest power of two that divides every loss: what a loss minus a constant was rounded to."""
    mantissas, exponents = np.frexp(values[values != 0])
    whole = (mantissas * 2.0**53).astype(np.int64)
    return 16 * float(np.ldexp((whole & -whole).astype(np.float64), exponents - 53).min(initial=np.inf))


def _places(text: str) -> int:
    """How many decimal places a number has, written plainly or with an exponent."""
    number, _, exponent = text.partition("e")
    return max(0, len(number.partition(".")[2].rstrip("0")) - int(exponent or 0))


def monotone(curve: np.ndarray, slack: np.ndarray) -> list[tuple[int, bool]]:
    """(step of the extreme it starts from, whether it goes up) of every monotone part that moves by more than slack."""
    found: list[tuple[int, bool]] = []
    if len(curve) > 2 and (np.diff(curve) <= 0).all():
        return [(0, False)] if (curve[0] - curve[1:] > slack[1:] + slack[0]).any() else []
    low = high = (0, float(curve[0]), float(slack[0]))  # row, loss, slack
    for start in range(0, len(curve), CHUNK):  # Python's floats: a million of NumPy's take seconds
        part = zip(curve[start : start + CHUNK].tolist(), slack[start : start + CHUNK].tolist(), strict=True)
        for t, (loss, doubt) in enumerate(part, start):
            up = found[-1][1] if found else None
            if up is not True and loss - low[1] > doubt + low[2]:
                found.append((low[0], True))
                high = (t, loss, doubt)
            elif up is not False and high[1] - loss > doubt + high[2]:
                found.append((high[0], False))
                low = (t, loss, doubt)
            if loss < low[1]:
                low = (t, loss, doubt)
            if loss > high[1]:
                high = (t, loss, doubt)
            if len(found) == MANY:
                return found
    return found


def quasiconvex(turns: list[tuple[int, bool]]) -> bool:
    """Whether a convex curve could do it: nothing, down, up, or down and up."""
    return len(turns) < 2 or (len(turns) == 2 and turns[1][1])


def is_convex(curve: np.ndarray, slack: np.ndarray) -> bool:
    """D(t) = L(t) - 2L(t+1) + L(t+2) ≥ 0 and D(t)² ≤ D(t-1) D(t+1), for some curve within the slack of this one.

    L* + Σ c_i r_iᵗ has D = Σ c_i (1-r_i)² r_iᵗ, whatever L* and whichever modes grow.
    """
    bend = curve[:-2] / 2 - curve[1:-1] + curve[2:] / 2
    doubt = slack[:-2] / 2 + slack[1:-1] + slack[2:] / 2
    least, most = np.maximum(bend - doubt, 0), bend + doubt
    if (most < 0).any():
        return False
    roots = np.sqrt(most)
    return not (least[1:-1] > (1 + 1e-15) * roots[:-2] * roots[2:]).any()


def end_ratio(curve: np.ndarray, slack: np.ndarray) -> tuple[float, float] | None:
    """ln r of L* + c rᵗ, and its doubt, at the end that still moves; None unless two parts of it agree on one."""
    changes = np.diff(curve)
    noise = slack[1:] + slack[:-1]
    clear = np.flatnonzero(np.abs(changes) > 50 * noise)
    if not len(clear):
        return None
    last = int(clear[-1])
    alike = (changes[:last] * changes[last] > 0) & (np.abs(changes[:last]) > 50 * noise[:last])
    first = 0 if alike.all() else last - int(np.argmin(alike[::-1]))
    width = min(max((last - first) // 4, 1), 50)
    if last - first < 2 * width:
        return None
    logs = np.log(np.abs(changes[[last - 2 * width, last - width, last]]))
    earlier, later = np.diff(logs) / width
    doubt = 4 * float(np.max(noise[last - 2 * width : last + 1] / np.abs(changes[last - 2 * width : last + 1]))) / width
    if abs(later - earlier) > 0.02 * abs(later) + doubt or abs(later) < max(3 * doubt, BEND / (2 * width)):
        return None
    return float(later), float(abs(later - earlier) + doubt)
