"""Losses with their gradients and Hessians, one function a landscape."""

from lrsim.landscapes import bowls_and_saddles, classics, functions, models, regression
from lrsim.landscapes._quadratic import Quadratic
from lrsim.landscapes.bowls_and_saddles import *
from lrsim.landscapes.classics import *
from lrsim.landscapes.functions import *
from lrsim.landscapes.models import *
from lrsim.landscapes.regression import *

__all__ = ["Quadratic"]
__all__ += bowls_and_saddles.__all__
__all__ += classics.__all__
__all__ += functions.__all__
__all__ += models.__all__
__all__ += regression.__all__
