"""Products H v with the Hessian of a model's mean loss over batches, by double backward.

Written out here, since curvlinops-for-pytorch 3.0.1, the best kept of the libraries that have them, wants the loss to
be a module and gives no products for BatchNorm in training mode, LSTMs or attention.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.overrides import TorchFunctionMode

from lrsim.stability.hessian import NotFinite
from lrsim.torch._batches import Whole, moved, widened
from lrsim.torch._still import still

Slopes = tuple[torch.Tensor | None, ...]


class Curvature:
    """v -> H v, both (d,) in float64, at the parameters as they are now; `chosen` are the ones that move.

    The model computes with copies of its parameters and buffers, in single precision or better, so that their values,
    gradients, hooks and version counts notice nothing. H is that of the mean over batches, each counting as one.
    """

    def __init__(self, whole: Whole, batches: list, chosen: list[torch.nn.Parameter]) -> None:
        self.whole, self.batches, self.chosen = whole, batches, chosen
        names = {id(p): name for name, p in whole.named_parameters()}  # a tied one has one name
        with _exact(chosen[0].device):
            self.copies = {name: widened(p.detach().clone()) for name, p in whole.named_parameters()}
            self.moving = [self.copies[names[id(p)]].requires_grad_() for p in chosen]
        self.bounds = np.cumsum([p.numel() for p in chosen])
        self.dimension = int(self.bounds[-1])
        self.kept: Slopes | None = None

    @property
    def single(self) -> bool:
        """Whether products have the seven digits of single precision."""
        return any(p.element_size() < 8 for p in self.moving)

    def __call__(self, v: np.ndarray) -> np.ndarray:
        split = np.split(v, self.bounds[:-1])
        image = np.zeros(self.dimension)
        with _exact(self.moving[0].device):
            along = [
                torch.tensor(u, dtype=p.dtype).to(p.device).view_as(p)  # not every device has double precision
                for u, p in zip(split, self.moving, strict=True)
            ]
            for slopes in self._slopes():
                pairs = [(s, u) for s, u in zip(slopes, along, strict=True) if s is not None and s.requires_grad]
                if pairs:  # else the loss of this batch is linear
                    bent, by = zip(*pairs, strict=True)
                    bends = torch.autograd.grad(bent, self.moving, by, retain_graph=True, allow_unused=True)
                    image += self._flat(bends)
        image /= len(self.batches)
        if not np.isfinite(image).all():
            raise NotFinite("the product H v must be finite, got nan or inf: has the model left what its numbers hold?")
        return image

    def _flat(self, parts: Slopes) -> np.ndarray:
        zero = torch.zeros(())
        flat = [(zero.expand(p.shape) if s is None else s).reshape(-1) for s, p in zip(parts, self.moving, strict=True)]
        return np.concatenate([part.cpu().double().numpy() for part in flat])

    def _slopes(self) -> Iterator[Slopes]:
        """∇L of each batch with its graph, which is kept where there is one batch: half of every product is saved."""
        if len(self.batches) > 1:
            for batch in self.batches:
                yield self._slope(batch)
            return
        if self.kept is None:
            self.kept = self._slope(self.batches[0])
        yield self.kept

    def _slope(self, batch: object) -> Slopes:
        with still(self.whole), self._twice_differentiable():
            buffers = {name: widened(b.detach().clone()) for name, b in self.whole.named_buffers()}
            given = (moved(batch, self.moving[0].device),)
            loss = torch.func.functional_call(self.whole, self.copies | buffers, given)
            if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
                shape = f"shape {tuple(loss.shape)}" if isinstance(loss, torch.Tensor) else f"{loss!r:.60}"
                raise TypeError(f"loss must return a tensor that holds one number, got {shape}")
            if not loss.requires_grad:
                raise ValueError("loss must depend on the parameters of model by what torch can differentiate")
            found = torch.autograd.grad(loss, [*self.moving, *self.chosen], create_graph=True, allow_unused=True)
        if any(slope is not None for slope in found[len(self.moving) :]):
            raise ValueError("loss must take the parameters from model at each call, got one that holds them itself")
        return found[: len(self.moving)]

    @contextmanager
    def _twice_differentiable(self) -> Iterator[None]:
        """Fast attention and cuDNN's recurrent layers have no second derivative."""
        recurrent = any(isinstance(module, torch.nn.RNNBase) for module in self.whole.modules())
        slow = torch.backends.cudnn.flags(enabled=False) if recurrent else nullcontext()
        with sdpa_kernel(SDPBackend.MATH), slow, _WeightNorm():
            yield


class _WeightNorm(TorchFunctionMode):
    """g v/‖v‖ in steps: the second derivative of torch 2.13's fused one takes ‖v‖ for a constant, and is no symmetric
    matrix."""

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        if func is torch._weight_norm:
            v, g, dim = (*args, 0)[:3]
            return v * (g / torch.norm_except_dim(v, 2, dim))
        return func(*args, **(kwargs or {}))


@contextmanager
def _exact(device: torch.device) -> Iterator[None]:
    """Gradients on and half precision off, whatever the caller has set."""
    known = torch.amp.is_autocast_available(device.type)
    half = torch.autocast(device.type, enabled=False) if known else nullcontext()
    with torch.inference_mode(False), torch.enable_grad(), half:
        yield
