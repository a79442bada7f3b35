"""Growth: lrsim's time a run and step, over runs 1 to 10⁶, dimensions 2 to 1,000 and steps 10² to 10⁷.

One size grows and the others stand still. Each point is the least processor time of three calls, or of fewer once they
have taken LONGEST seconds; a curve ends before a call that would take longer than that, or hold more than MOST bytes.
Processor time, since every call keeps one core busy and other programs bend it less than the clock's.
"""

import os
import time

import numpy as np

LONGEST, MOST = 2.0, 2**30
SIZES = {
    "runs": [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000],
    "dimensions": [2, 4, 8, 16, 32, 64, 128, 256, 512, 1000],
    "steps": [100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
}
FIXED = {
    "runs": {"steps": 100, "dimensions": 2},
    "dimensions": {"runs": 100, "steps": 100},
    "steps": {"runs": 1, "dimensions": 2},
}
METHODS = ("modes", "iterate")
RECORDS = ("path", "summary")


def measure() -> dict:
    print(f"\n{__doc__.splitlines()[0]}", flush=True)
    loads, curves = [os.getloadavg()[0]], []
    for grows, sizes in SIZES.items():
        for method in METHODS:
            for record in RECORDS:
                points = curve(grows, sizes, method, record)
                curves.append({"grows": grows, "method": method, "record": record, **points})
                print(f"  {grows:10} {method:8} {record:8}", *(f"{ns:.3g}" for ns in points["ns"]), "ns", flush=True)
                loads.append(os.getloadavg()[0])
    return {
        "fixed": FIXED,
        "longest_s": LONGEST,
        "most_gb": MOST / 2**30,
        "load": [min(loads), max(loads)],
        "curves": curves,
    }


def curve(grows: str, sizes: list[int], method: str, record: str) -> dict[str, list]:
    done, found, last = [], [], 0.0
    for size in sizes:
        shape = FIXED[grows] | {grows: size}
        numbers = shape["runs"] * (shape["steps"] if record == "path" else 1) * (shape["dimensions"] + 1)
        if done and (last * size / done[-1] > LONGEST or 8 * numbers > MOST):
            break
        last = least(shape, method, record)
        done.append(size)
        found.append(1e9 * last / (shape["runs"] * shape["steps"]))
    return {"sizes": done, "ns": found}


def least(shape: dict[str, int], method: str, record: str) -> float:
    """Seconds of a sweep of η on a bowl with as many curvatures as dimensions; all of its runs converge."""
    from lrsim import descend, landscapes

    bowl = landscapes.bowl(np.linspace(1, 20, shape["dimensions"]))
    start = np.ones(shape["dimensions"])
    eta = 0.05 if shape["runs"] == 1 else np.linspace(0.01, 0.09, shape["runs"])
    times: list[float] = []
    while len(times) < 3 and sum(times) < LONGEST:
        begun = time.process_time()
        descend(bowl, start, eta, shape["steps"], record=record, method=method)
        times.append(time.process_time() - begun)
    return min(times)
