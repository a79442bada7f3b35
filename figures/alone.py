"""One build at a time in a folder: the others wait, and say for what.

`python figures/alone.py COMMAND …` runs a command when nobody else builds here; `with alone():` does so in Python.
The lock is on the folder itself, so a killed build leaves nothing behind. Runs before anything is installed.
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOLDER = ROOT / ".cache" / "builder"  # what the one at work calls itself, for those who wait
MARK = "LRSIM_BUILDS_IN"  # set for all that the one at work starts


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Nobody else builds in this folder meanwhile; inside another build it costs nothing."""
    if os.environ.get(MARK) == str(ROOT):
        yield
        return
    lock = _take(what)
    os.environ[MARK] = str(ROOT)
    try:
        yield
    finally:
        del os.environ[MARK]
        os.close(lock)


def _take(what: str) -> int:
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print(f"waiting for {_holder()} to finish in this folder", file=sys.stderr, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    HOLDER.parent.mkdir(exist_ok=True)
    HOLDER.write_text(f"`{what}` (process {os.getpid()})", encoding="utf-8")
    return lock


def _holder() -> str:
    try:
        return HOLDER.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "another build"


if __name__ == "__main__":
    command = sys.argv[1:]
    try:
        if os.environ.get(MARK) != str(ROOT):
            os.set_inheritable(_take(" ".join(command)), True)  # released when the last process it starts has ended
            os.environ[MARK] = str(ROOT)
        os.execvp(command[0], command)
    except KeyboardInterrupt:
        sys.exit(130)
