"""Names that are to go: for one minor version they still work, and say what to use instead."""

import warnings
from collections.abc import Callable
from typing import Any


def names(room: str, moved: dict[str, Any]) -> Callable[[str], Any]:
    """A module's `__getattr__` that knows the old names of what there is."""

    def found(name: str) -> Any:
        if name not in moved:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        new = moved[name]
        said = f"{room}.{name} is called {room}.{new.__name__} now; the old name goes with the next minor version"
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        return new

    return found
