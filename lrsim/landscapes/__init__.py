"""Losses with their gradients and Hessians, one function a landscape."""

from lrsim.landscapes.classics import beale, double_well, himmelblau, log_cosh, product_valley, rosenbrock
from lrsim.landscapes.functions import from_functions
from lrsim.landscapes.models import logistic_regression, tanh_network
from lrsim.landscapes.quadratics import Quadratic, bowl, quadratic, saddle
from lrsim.landscapes.regression import linear_regression

__all__ = [
    "Quadratic",
    "beale",
    "bowl",
    "double_well",
    "from_functions",
    "himmelblau",
    "linear_regression",
    "log_cosh",
    "logistic_regression",
    "product_valley",
    "quadratic",
    "rosenbrock",
    "saddle",
    "tanh_network",
]
