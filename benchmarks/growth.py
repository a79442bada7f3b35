"""Growth: lrsim's time a run and step, over runs 1 to 10⁶, dimensions 2 to 1,000 and steps 10² to 10⁷.

One size grows and the others stand still. Each point is the least processor time of three calls, or of fewer once they
have taken LONGEST seconds; a curve ends before a call that would take longer than that, or hold more than MOST bytes.
Processor time, since every call keeps one core busy and other programs bend it less than the clock's; in a process of
its own, whose BLAS is told to use one core too.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

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
CURVES = {  # what is run, and what is kept of it
    "modes": ("path", "summary"),
    "iterate": ("path", "summary"),
    "dense": ("summary",),
    "minibatch": ("summary",),
}
SAMPLES, BATCH = 1000, 32


def measure() -> dict:
    print(f"\n{__doc__.splitlines()[0]}", flush=True)
    command, alone = [sys.executable, "-m", "benchmarks.growth"], os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    root = Path(__file__).resolve().parent.parent
    return json.loads(subprocess.run(command, env=alone, cwd=root, stdout=subprocess.PIPE, check=True).stdout)


def here() -> dict:
    loads, curves = [os.getloadavg()[0]], []
    for grows, sizes in SIZES.items():
        for job, records in CURVES.items():
            for record in records:
                points = curve(grows, sizes, job, record)
                curves.append({"grows": grows, "job": job, "record": record, **points})
                print(f"  {grows:10} {job:9} {record:8}", *(f"{ns:.3g}" for ns in points["ns"]), "ns", file=sys.stderr)
                loads.append(os.getloadavg()[0])
    return {
        "fixed": FIXED,
        "longest_s": LONGEST,
        "most_gb": MOST / 2**30,
        "batch": BATCH,
        "samples": SAMPLES,
        "load": [min(loads), max(loads)],
        "curves": curves,
    }


def curve(grows: str, sizes: list[int], job: str, record: str) -> dict[str, list]:
    done, found, last = [], [], 0.0
    for size in sizes:
        shape = FIXED[grows] | {grows: size}
        numbers = shape["runs"] * (shape["steps"] if record == "path" else 1) * (shape["dimensions"] + 1)
        if done and (last * size / done[-1] > LONGEST or 8 * numbers > MOST):
            break
        last = least(shape, job, record)
        done.append(size)
        found.append(1e9 * last / (shape["runs"] * shape["steps"]))
    return {"sizes": done, "ns": found}


def least(shape: dict[str, int], job: str, record: str) -> float:
    """Seconds of a sweep of η, all of whose runs converge."""
    from lrsim import descend

    landscape, options = asked(job, shape["dimensions"])
    start = np.ones(shape["dimensions"])
    eta = 0.05 if shape["runs"] == 1 else np.linspace(0.01, 0.09, shape["runs"])
    times: list[float] = []
    while len(times) < 3 and sum(times) < LONGEST:
        begun = time.process_time()
        descend(landscape, start, eta, shape["steps"], record=record, **options)
        times.append(time.process_time() - begun)
    return min(times)


def asked(job: str, dimensions: int) -> tuple[Any, dict[str, Any]]:
    """A bowl with as many curvatures as dimensions, along the axes or, dense, along any; or a regression."""
    from lrsim import landscapes

    stream, curvatures = np.random.default_rng(0), np.linspace(1, 20, dimensions)
    if job == "minibatch":
        data = stream.standard_normal((SAMPLES, dimensions)) / dimensions**0.5
        return landscapes.linear_regression(data, stream.standard_normal(SAMPLES)), {"batch": BATCH}
    if job == "dense":
        basis = np.linalg.qr(stream.standard_normal((dimensions, dimensions)))[0]
        matrix = basis * curvatures @ basis.T
        return landscapes.quadratic((matrix + matrix.T) / 2), {"method": "iterate"}
    return landscapes.bowl(curvatures), {"method": job}


if __name__ == "__main__":
    print(json.dumps(here()))
