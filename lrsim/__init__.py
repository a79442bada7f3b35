"""What the learning rate does to gradient descent, computed: `descend`, and the rooms it uses."""

from typing import TYPE_CHECKING

from lrsim import landscapes, optimizers, schedules, stability
from lrsim.descent import descend
from lrsim.trajectory import Trajectory

__all__ = ["Trajectory", "descend", "diagnosis", "landscapes", "logs", "optimizers", "schedules", "stability"]
__version__ = "0.2.0"

if TYPE_CHECKING:  # what reads files takes as long to import as all the rest: it waits until somebody asks
    from lrsim import diagnosis, logs
else:  # where a checker saw this, it would believe in every name

    def __getattr__(name):
        if name in __all__:
            from importlib import import_module

            return import_module(f"lrsim.{name}")
        raise AttributeError(f"module 'lrsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
