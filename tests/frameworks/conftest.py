"""A zoo of small models, in double precision, each with its loss and batches; some of them have pitfalls."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

torch.set_num_threads(1)  # models this small lose by a second one


def numbers(*shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


def labels(n, classes=3):
    return torch.arange(n) % classes


class Last(nn.Module):
    """The last output of a recurrent layer, read by a linear one."""

    def __init__(self, recurrent):
        super().__init__()
        self.recurrent, self.head = recurrent, nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


class Tied(nn.Module):
    """An embedding that is its own output layer."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.mix, self.out = nn.Linear(4, 4), nn.Linear(4, 7, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, x):
        return self.out(torch.tanh(self.mix(self.embed(x).mean(1))))


class Named(nn.Module):
    """Takes a batch by names, like a Hugging Face model, and has its loss in what it returns."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)

    def forward(self, features, targets):
        return {"loss": nn.functional.cross_entropy(torch.tanh(self.linear(features)), targets)}


class Drifting(nn.Module):
    """Replaces a buffer and changes another in place whenever it is asked."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(4))

    def forward(self, x):
        self.calls = self.calls + 1
        self.mean.lerp_(x.mean(0).detach(), 0.5)
        return torch.tanh(self.linear(x - self.mean))


def squares(output, targets):
    return ((output - targets) ** 2).mean()


def entropy(output, targets):
    return nn.functional.cross_entropy(output, targets)


def dense(*more):
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), *more, nn.Linear(6, 3))


def frozen():
    model = dense()
    model[0].requires_grad_(False)
    return model


FEATURES = [(numbers(12, 4), labels(12))]
IMAGES = [(numbers(6, 2, 5, 5), labels(6))]
WORDS = [(numbers(6, 3, 4), labels(6))]
ZOO = {
    "dense": (dense, entropy, FEATURES),
    "three batches": (dense, entropy, [(numbers(4, 4, seed=s), labels(4)) for s in range(3)]),
    "loss as a module": (dense, lambda: nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0])), FEATURES),
    "BatchNorm": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Tanh(), nn.Flatten(), nn.Linear(27, 3)),
        entropy,
        IMAGES,
    ),
    "BatchNorm, eval": (lambda: dense(nn.BatchNorm1d(6)).eval(), entropy, FEATURES),
    "dropout": (lambda: dense(nn.Dropout(0.4)), entropy, FEATURES),
    "LSTM": (lambda: Last(nn.LSTM(4, 5, batch_first=True)), entropy, WORDS),
    "GRU": (lambda: Last(nn.GRU(4, 5, batch_first=True)), entropy, WORDS),
    "attention": (
        lambda: nn.Sequential(
            nn.TransformerEncoderLayer(4, 2, 6, 0.1, batch_first=True), nn.Flatten(), nn.Linear(12, 3)
        ),
        entropy,
        WORDS,
    ),
    "weight norm": (lambda: dense(nn.utils.parametrizations.weight_norm(nn.Linear(6, 6))), entropy, FEATURES),
    "spectral norm": (
        lambda: dense(nn.utils.parametrizations.spectral_norm(nn.Linear(6, 6))).eval(),
        entropy,
        FEATURES,
    ),
    "tied": (Tied, entropy, [(torch.arange(24).reshape(8, 3) % 7, labels(8, 7))]),
    "frozen": (frozen, entropy, FEATURES),
    "by names": (Named, lambda output, batch: output["loss"], [{"features": FEATURES[0][0], "targets": labels(12)}]),
    "drifting buffers": (Drifting, entropy, FEATURES),
}


@pytest.fixture(params=ZOO)
def zoo(request):
    """(model, loss, batches)"""
    make, loss, batches = ZOO[request.param]
    torch.manual_seed(3)
    model = make().double()
    if loss not in (entropy, squares) and request.param == "loss as a module":
        loss = loss().double()
    return model, loss, copy.deepcopy(batches)
