"""A model, its optimizer and every random number are afterwards what they were, whatever happens in between."""

import copy
import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from lrsim.torch import Probe, Watch
from lrsim.torch._still import still


def portrait(model):
    """Everything of a model and of the world that a look could change, as something that compares."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    return {
        "identity": {name: (id(t), t._version, t.requires_grad, t.data_ptr()) for name, t in tensors.items()},
        "numbers": {name: t.detach().numpy().tobytes() for name, t in tensors.items()},
        "gradients": {name: t.grad is not None and t.grad.numpy().tobytes() for name, t in tensors.items()},
        "modes": [module.training for module in model.modules()],
        "torch": torch.get_rng_state().numpy().tobytes(),
        "numpy": np.random.get_state()[1].tobytes(),  # noqa: NPY002
        "python": random.getstate(),
        "settings": (torch.is_grad_enabled(), torch.is_autocast_enabled("cpu"), torch.backends.cudnn.enabled),
    }


def look_at(model, loss, batches):
    probe = Probe(model, loss, batches, torch.optim.SGD(model.parameters(), lr=0.1))
    probe.spectrum(2), probe.margin(), Watch(probe)(0, 1.0)


def test_a_look_changes_nothing(zoo):
    model, loss, batches = zoo
    for p in model.parameters():
        p.grad = torch.full_like(p, 0.5)
    kept = copy.deepcopy(batches)
    before = portrait(model)
    look_at(model, loss, batches)
    assert portrait(model) == before
    torch.testing.assert_close(batches, kept, rtol=0, atol=0)


@pytest.mark.parametrize("when", [1, 2, 5])
def test_nor_does_one_that_fails(zoo, when):
    model, loss, batches = zoo
    batches, calls = batches * 2, []

    def failing(output, targets):
        calls.append(model.training)
        model.train(not model.training)  # a loss that leaves traces, and fails in the middle
        torch.rand(3), np.random.random(), random.random()  # noqa: NPY002
        if len(calls) == when:
            raise KeyboardInterrupt
        return loss(output, targets)

    before = portrait(model)
    with pytest.raises(KeyboardInterrupt):
        look_at(model, failing, batches)
    assert portrait(model) == before and len(calls) == when


def test_training_goes_on_as_if_nobody_had_looked():
    """To the bit, with BatchNorm, dropout, a shuffling loader, hooks, and looks between forward and backward."""
    torch.manual_seed(0)
    data = torch.utils.data.TensorDataset(torch.randn(48, 4), torch.arange(48) % 3)

    def trained(watched):
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))
        seen = []
        model[0].weight.register_hook(lambda slope: seen.append(float(slope.norm())))
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        loader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)
        loss = nn.functional.cross_entropy
        watch = Watch(Probe(model, loss, loader, optimizer), every=3) if watched else None
        for epoch in range(3):
            for step, (x, y) in enumerate(loader):
                optimizer.zero_grad()
                value = loss(model(x), y)
                if watch:
                    watch(6 * epoch + step, value)
                value.backward()
                optimizer.step()
        return [t.numpy().tobytes() for t in model.state_dict().values()], seen

    assert trained(True) == trained(False)


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_the_random_numbers_of_any_device_are_as_they_were(kind, monkeypatch):
    """On devices that are not here: their modules are asked for the state, and given it back after an error."""
    states = {0: torch.tensor([1]), 1: torch.tensor([2])}
    module = SimpleNamespace(
        get_rng_state=lambda i: states[i], set_rng_state=lambda state, i: states.update({i: state})
    )
    asked = []
    monkeypatch.setattr(torch, "get_device_module", lambda device=None: asked.append(device) or module)
    parameters = [SimpleNamespace(device=torch.device(kind, i)) for i in (0, 1, 1)]
    model = SimpleNamespace(modules=list, parameters=lambda: [*parameters, nn.Parameter(torch.zeros(2))])
    with pytest.raises(KeyboardInterrupt), still(model):
        states.update({0: torch.tensor([8]), 1: torch.tensor([9])})
        raise KeyboardInterrupt
    assert (int(states[0]), int(states[1])) == (1, 2) and kind in asked
