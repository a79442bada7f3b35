"""Losses with their gradients and Hessians, one function a landscape."""

from lrsim.landscapes.quadratics import Quadratic, bowl, quadratic

__all__ = ["Quadratic", "bowl", "quadratic"]
