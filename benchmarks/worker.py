"""One contestant of one job in this fresh process: first call, check of its answer, then warm calls.

Prints seconds: `setup`, `first`, `warm` (the median of the later calls) and `fastest` (the least of them).
"""

import importlib
import json
import resource
import sys
import time
from statistics import median

LONGEST, MOST = 0.5, 1000  # seconds and calls spent on the warm time ...
SLOW = 2.0  # ... and seconds after which even three calls are too many


def peak_mb():
    """The most memory this process has held. VmHWM, since ru_maxrss starts from the parent's on Linux."""
    try:
        with open("/proc/self/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def timed(function):
    begun = time.perf_counter()
    answer = function()
    return time.perf_counter() - begun, answer


def measure(job_name, contestant, truth_file):
    idle = peak_mb()
    job = importlib.import_module(f"benchmarks.{job_name}")
    setup, (run, gather) = timed(getattr(job, f"with_{contestant}"))
    first, answer = timed(run)
    memory = peak_mb() - idle

    import numpy as np

    gathered = np.asarray(gather(answer) if gather else answer)
    if not job.agrees(gathered, np.load(truth_file), contestant):
        return {"error": "its answer is not the right one"}
    extra = {"products": float(gathered[1])} if hasattr(job, "PRODUCTS") else {}
    del answer, gathered
    times = []
    while not times or (sum(times) < (SLOW if len(times) < 3 else LONGEST) and len(times) < MOST):
        times.append(timed(run)[0])
    return {"setup": setup, "first": first, "warm": median(times), "fastest": min(times), "peak_mb": memory, **extra}


if __name__ == "__main__":
    try:
        result = measure(*sys.argv[1:])
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result))
