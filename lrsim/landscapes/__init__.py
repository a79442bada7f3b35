"""Losses with their gradients and Hessians, one function a landscape."""

from lrsim.landscapes.classics import beale, double_well, himmelblau, log_cosh, product_valley, rosenbrock
from lrsim.landscapes.functions import from_functions
from lrsim.landscapes.models import logistic_regression, tanh_network
from lrsim.landscapes.quadratics import Quadratic, bowl, quadratic

__all__ = [
    "Quadratic",
    "beale",
    "bowl",
    "double_well",
    "from_functions",
    "himmelblau",
    "log_cosh",
    "logistic_regression",
    "product_valley",
    "quadratic",
    "rosenbrock",
    "tanh_network",
]
