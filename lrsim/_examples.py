"""Calls that show what a function makes, beside it: the laws run over all of them, the reference and `lrsim list` show
them."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

Maker = TypeVar("Maker", bound=Callable[..., Any])


def examples(*calls: str) -> Callable[[Maker], Maker]:
    """Notes calls of a function as they are written in its room, with `np` for NumPy; the function stays as it is."""

    def noted(maker: Maker) -> Maker:
        maker.__dict__["examples"] = calls
        return maker

    return noted


def of(room: ModuleType) -> dict[str, tuple[str, ...]]:
    """The calls of each function that a room exports."""
    makers = {name: getattr(room, name) for name in sorted(room.__all__) if name[0].islower()}
    return {name: maker.__dict__.get("examples", ()) for name, maker in makers.items()}


def made(room: ModuleType) -> dict[str, Any]:
    """Call -> what it makes, for all that a room exports."""
    return {call: eval(call, vars(room) | {"np": np}) for calls in of(room).values() for call in calls}
