"""`Probe`: the ends of the Hessian of a model in training, and how far its optimizer is from its limit."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from lrsim import _check
from lrsim._engine import lanczos
from lrsim.stability.hessian import Spectrum, narrowed, outermost
from lrsim.torch import _rules
from lrsim.torch._batches import Whole, taken
from lrsim.torch._curvature import Curvature
from lrsim.torch._still import still

UNEVEN = 1e-2  # relative to the largest |λ|: single precision is as uneven as 1e-5
SINGLE = 1e-4  # residual relative to the largest |λ|: an eigenvalue's error is its square over the gap


class Probe:
    """λ_max, λ_min and η over its limit for a model as it is now: nothing of it moves.

    model: any `torch.nn.Module`, on any device, in the mode in which it is: BatchNorm and dropout act as in training
    unless you call `model.eval()`, dropout with the same masks throughout. loss: called as loss(output, targets), it
    returns one number. batches: each is (inputs, targets), or (inputs, more inputs, targets), or a dictionary, for
    which loss(model(**batch), batch) is called. They are taken once, kept and moved to the model's device when
    needed; the loss is their mean. A few are enough: `itertools.islice(loader, 4)`. optimizer: SGD, Adam, AdamW or
    RMSprop of `torch.optim`, as it is now: rates, momentum, weight decay, groups and state are read at each call.

    H is the Hessian for the parameters that are trained, those with `requires_grad` which the optimizer has; tied ones
    count once. Products with it are computed in single precision (in double for a model in double) by double
    backward and orthogonalised in double. One takes about as long as two to five gradients.

    Parameters, gradients, buffers, statistics, modes and random numbers are afterwards as they were, also after an
    error. Compiled and data-parallel models are probed as the module that they wrap.

    Raises:
        TypeError: not a module, a batch of another kind, an optimizer whose limit is not known. ValueError: no
        batch, no trainable parameter, a loss that does not depend on them, or that is not finite.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        loss: Callable[[Any, Any], torch.Tensor],
        batches: Iterable,
        optimizer: torch.optim.Optimizer | None = None,
    ) -> None:
        if not isinstance(model, torch.nn.Module):
            raise TypeError(f"model must be a torch.nn.Module, got {_check.said(model)}")
        if not callable(loss) or isinstance(loss, type):
            raise TypeError(f"loss must be a function of output and targets, got {_check.said(loss)}")
        self._whole = Whole(_unwrapped(model), loss)
        self._optimizer = None if optimizer is None else _rules.known(optimizer)
        self._chosen()
        with still(self._whole):  # a loader draws random numbers
            self._batches = taken(batches)

    @property
    def eta(self) -> float:
        """η, the largest of the optimizer's rates, as it is now.

        Raises:
            TypeError: the probe has no optimizer.
        """
        return max(float(group["lr"]) for group in self._asked().param_groups)

    def spectrum(self, k: int | None = None) -> Spectrum:
        """λ_max and λ_min of H, signs included, or the `k` largest and smallest, with residual and products.

        As `lrsim.stability.spectrum` has them: an eigenvalue lies within `residual` of each. In single precision the
        residual is below 1e-4 of the largest |λ|, and the error of an eigenvalue far below that, or 500 products
        were not enough. Up to 32 parameters nothing is left to chance.
        """
        product = self._curvature()
        count = 1 if k is None else _check.count("k", k, 1, product.dimension)
        tolerance = SINGLE if product.single else lanczos.TOLERANCE
        found = _symmetric(outermost(product, product.dimension, lanczos.both(count, tolerance), count))
        return narrowed(found, found.products, k)

    def sharpness(self) -> float:
        """λ_max of H alone: fewer products than for both ends."""
        product = self._curvature()
        return _top(product, product.dimension)[0]

    def threshold(self) -> float:
        """The η at which the optimizer turns unstable here: 2/λ_max for SGD, and without an optimizer.

        SGD with momentum β and dampening τ: 2(1+β)/((1-τ) λ_max), with Nesterov's 2(1+β)/((1+2β) λ_max). RMSprop with
        momentum: 2(1+β)/λ_max, Adam and AdamW: 2(1+β₁)/((1-β₁) λ_max), of the preconditioned Hessian P⁻¹H with P from
        the optimizer's state, √s + ε, both bias corrections included. L2 weight decay μ adds μ to H, decoupled decay
        a μ/2 to P⁻¹H where the limit is a/λ_max. Groups of parameters with rates of their own are one more
        preconditioner: the threshold is for the largest rate, the others in proportion. Infinite where λ_max ≤ 0.

        With one momentum for all groups, descent is stable near a minimum below it and unstable above; with several,
        unstable above.

        Raises:
            ValueError: an adaptive optimizer before its first step has no P.

        Source: J. Cohen et al., arXiv:2103.00065 (momentum), arXiv:2207.14484 (Adam).
        """
        flip = self._flip()
        return 1 / flip if flip > 0 else math.inf

    def margin(self) -> float:
        """η over its threshold, 0 to ∞: above 1 the optimizer is unstable here.

        Raises:
            TypeError: the probe has no optimizer. ValueError: an adaptive one has not stepped yet.
        """
        return max(0.0, self.eta * self._flip())

    def _asked(self) -> torch.optim.Optimizer:
        if self._optimizer is None:
            raise TypeError("optimizer must be given to Probe: without one there is no η")
        return self._optimizer

    def _chosen(self) -> list[torch.nn.Parameter]:
        """The parameters that move, each once."""
        found = [p for p in self._whole.parameters() if p.requires_grad]
        if self._optimizer is not None:
            own = {id(p) for group in self._optimizer.param_groups for p in group["params"]}
            found = [p for p in found if id(p) in own]
        if not found:
            of = "" if self._optimizer is None else " that optimizer has"
            raise ValueError(f"model must have parameters with requires_grad=True{of}, got none")
        if any(p.is_complex() for p in found):
            raise TypeError("model must have real parameters, got complex ones")
        return found

    def _curvature(self) -> Curvature:
        return Curvature(self._whole, self._batches, self._chosen())

    def _flip(self) -> float:
        """The margin at a largest rate of 1."""
        product, chosen = self._curvature(), self._chosen()
        rule = _rules.plain(product.dimension) if self._optimizer is None else _rules.rule(self._optimizer, chosen)
        if rule is None:
            name = type(self._optimizer).__name__
            raise ValueError(f"optimizer must have taken a step: {name} has no preconditioner before")
        return _top(rule.bent(product), product.dimension)[0]

    def _look(self, near: dict[str, np.ndarray]) -> tuple[float, float, bool]:
        """Sharpness, margin and whether it has settled, nan before an adaptive optimizer's first step.

        From the vectors in `near`, which become those of this look.
        """
        product, chosen = self._curvature(), self._chosen()
        rule = _rules.rule(self._asked(), chosen)
        sharpest, near["sharpness"] = _top(product, product.dimension, near.get("sharpness"))
        if rule is None:
            return sharpest, math.nan, False
        if rule.uniform:
            scale, pull, decay = (float(part[0]) for part in rule[:3])
            return sharpest, max(0.0, rule.eta * (scale**2 * (sharpest + pull) + decay)), rule.settled
        flip, near["margin"] = _top(rule.bent(product), product.dimension, near.get("margin"))
        return sharpest, max(0.0, rule.eta * flip), rule.settled


def _top(product: lanczos.Product, dimension: int, near: np.ndarray | None = None) -> tuple[float, np.ndarray]:
    """λ_max and its eigenvector; from the one of a look before, to the accuracy that a look needs."""
    enough = lanczos.top_alone if near is None else lanczos.top_in_passing
    found = _symmetric(outermost(product, dimension, enough, 1, near))
    return float(found.values[-1]), found.top[0]


def _symmetric(found: lanczos.Ends) -> lanczos.Ends:
    """Refuses second derivatives that are none: a rule for backward that is not one itself, or a loss by chance."""
    largest = np.abs(found.values).max()
    if found.lopsided > UNEVEN * largest:
        raise ValueError(
            "the second derivative of loss must be a symmetric matrix, got one that differs from its transpose by "
            f"{found.lopsided / largest:.1g} of its largest eigenvalue: is there an operation in model whose backward "
            "cannot be differentiated, or a generator of random numbers of its own?"
        )
    return found


def _unwrapped(model: torch.nn.Module) -> torch.nn.Module:
    """Neither compiled code nor the reducers of data parallelism have a second derivative."""
    while True:
        if hasattr(model, "_orig_mod"):
            model = model._orig_mod
        elif isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
            model = model.module
        else:
            return model
