"""What the learning rate does to gradient descent, computed: `descend`, and the rooms it uses."""

from importlib import import_module
from typing import Any

from lrsim.descent import descend
from lrsim.trajectory import Trajectory

__all__ = ["Trajectory", "descend", "diagnosis", "landscapes", "logs", "optimizers", "schedules", "stability"]
__version__ = "0.2.0"


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    if name in __all__:  # a room is imported when somebody enters it
        return import_module(f"lrsim.{name}")
    raise AttributeError(f"module 'lrsim' has no attribute {name!r}")
