"""Update rules as PyTorch writes them: frozen, with `init(w)` -> state and an in-place `step` for many runs at once.

In all of them η multiplies last, outside the buffers, so a schedule acts at once; the docstrings say where Keras
differs. `clipped` and `decayed` take another rule and change the gradient it gets, or the point it starts from.
"""

from lrsim.optimizers import composed, rules
from lrsim.optimizers._optimizer import Optimizer
from lrsim.optimizers.composed import *
from lrsim.optimizers.rules import *

__all__ = ["Optimizer"]
__all__ += composed.__all__
__all__ += rules.__all__
