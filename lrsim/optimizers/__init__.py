"""Update rules as PyTorch writes them: frozen, with `init(w)` -> state and an in-place `step` for a batch of runs.

In all of them η multiplies last, outside the buffers, so a schedule acts at once; the docstrings say where Keras
differs. `clipped` and `decayed` take another rule and change the gradient it gets, or the point it starts from.
"""

from lrsim.optimizers.composed import adamw, clipped, decayed
from lrsim.optimizers.optimizer import Optimizer
from lrsim.optimizers.rules import adam, gradient_descent, heavy_ball, nesterov, rmsprop

__all__ = [
    "Optimizer",
    "adam",
    "adamw",
    "clipped",
    "decayed",
    "gradient_descent",
    "heavy_ball",
    "nesterov",
    "rmsprop",
]
