"""What a batch is, and the loss of a model on one."""

from collections.abc import Callable, Mapping
from typing import Any

import torch

WIDE = 4  # bytes: half precision has three digits, too few for a second derivative


class Whole(torch.nn.Module):
    """loss(model(inputs), targets) as one module: what the loss does with the model's parameters counts too."""

    def __init__(self, model: torch.nn.Module, loss: Callable) -> None:
        super().__init__()
        self.model, self.loss = model, loss

    def forward(self, batch: Any) -> Any:
        if isinstance(batch, Mapping):
            return self.loss(self.model(**batch), batch)
        *inputs, targets = batch
        return self.loss(self.model(*inputs), targets)


def taken(batches: Any) -> list:
    """The batches in a list, since every product needs the same ones and a loader shuffles."""
    if isinstance(batches, (torch.Tensor, Mapping)) or not hasattr(batches, "__iter__"):
        raise TypeError(f"batches must be a loader or a list of batches, got {_kind(batches)}")
    found = list(batches)
    if not found:
        raise ValueError("batches must hold at least one batch, got none: was the loader's iterator used up?")
    for i, batch in enumerate(found):
        if not isinstance(batch, Mapping) and (not isinstance(batch, (tuple, list)) or len(batch) < 2):
            hint = ": a single batch is written [(inputs, targets)]" if isinstance(batch, torch.Tensor) else ""
            raise TypeError(f"batches[{i}] must be (inputs, targets) or a dictionary, got {_kind(batch)}{hint}")
    return found


def _kind(given: Any) -> str:
    return f"a {type(given).__name__}" + (f" of {len(given)}" if isinstance(given, (tuple, list)) else "")


def moved(batch: Any, device: torch.device) -> Any:
    """The batch on another device, its half-precision numbers in single precision."""
    if isinstance(batch, torch.Tensor):
        return widened(batch.to(device))
    if isinstance(batch, Mapping):
        return {key: moved(value, device) for key, value in batch.items()}
    if type(batch) in (tuple, list):
        return type(batch)(moved(item, device) for item in batch)
    return batch.to(device) if hasattr(batch, "to") else batch  # packed sequences, graphs


def widened(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.float() if tensor.is_floating_point() and tensor.element_size() < WIDE else tensor
