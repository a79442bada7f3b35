"""The margin is 1 where torch's own optimizer turns: found by running it, not by its formula."""

import math

import pytest
import torch
from torch import nn

from lrsim.torch import Probe

CURVATURES = torch.tensor([3.0, 2.0, 0.5, 20.0], dtype=torch.float64)


class Bowl(nn.Module):
    """½ Σ (rotated w)² λ, with its weights in two parameters."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Parameter(torch.ones(3).double()), nn.Parameter(torch.ones(1).double())
        turn = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(0)).double())[0]
        self.register_buffer("matrix", turn * CURVATURES @ turn.T)

    def forward(self, scale):
        w = torch.cat([self.a, self.b])
        return scale * (w @ self.matrix @ w) / 2


def first(output, targets):
    return output


BATCH = [(torch.tensor(1.0).double(), torch.tensor(0.0))]
SGD, ADAM = torch.optim.SGD, torch.optim.Adam
RULES = {
    "descent": (SGD, {}),
    "momentum": (SGD, {"momentum": 0.9}),
    "dampened": (SGD, {"momentum": 0.8, "dampening": 0.5}),
    "Nesterov": (SGD, {"momentum": 0.9, "nesterov": True}),
    "decay": (SGD, {"momentum": 0.5, "weight_decay": 4.0}),
    "RMSprop": (torch.optim.RMSprop, {"alpha": 1.0}),
    "RMSprop, momentum, centred": (torch.optim.RMSprop, {"alpha": 1.0, "momentum": 0.7, "centered": True}),
    "Adam": (ADAM, {"betas": (0.9, 1.0)}),
    "Adam, decay": (ADAM, {"betas": (0.5, 1.0), "weight_decay": 4.0}),
    "AMSGrad": (ADAM, {"betas": (0.9, 1.0), "amsgrad": True}),
    "AdamW": (torch.optim.AdamW, {"betas": (0.9, 1.0), "weight_decay": 0.5}),
}


def prepared(kind, options, eta, groups=False):
    """A model and its optimizer long after the start, with squares of the gradients that no step changes."""
    model = Bowl()
    given = [{"params": [model.a]}, {"params": [model.b], "lr": eta / 4}] if groups else model.parameters()
    if "betas" in options:  # torch asks for β₂ < 1
        options = {**options, "betas": (options["betas"][0], 1 - 1e-16)}
    optimizer = kind(given, lr=eta, **options)
    if kind is not SGD:
        for p, squares in ((model.a, [0.5, 1.0, 4.0]), (model.b, [9.0])):
            squares = torch.tensor(squares).double()
            state = {"step": torch.tensor(1e6), "square_avg": squares, "momentum_buffer": torch.zeros_like(squares)}
            state |= {"grad_avg": torch.full_like(squares, 0.3)} if options.get("centered") else {}
            if "betas" in options:
                corrected = squares * (1 - options["betas"][1] ** 1e6)
                state = {"step": torch.tensor(1e6), "exp_avg": torch.zeros_like(squares), "exp_avg_sq": corrected}
                state |= {"max_exp_avg_sq": corrected.clone()} if options.get("amsgrad") else {}
            optimizer.state[p] = state
    return model, optimizer


def grows(kind, options, eta, groups):
    """Whether the optimizer is driven away from the minimum: 800 steps, its means of squares held still."""
    model, optimizer = prepared(kind, options, eta, groups)
    held = {
        id(p): {k: v.clone() for k, v in s.items() if "sq" in k or k == "grad_avg"} for p, s in optimizer.state.items()
    }
    start = None
    for step in range(800):
        optimizer.zero_grad()
        model(BATCH[0][0]).backward()
        optimizer.step()
        for p, state in optimizer.state.items():
            for key, value in held.get(id(p), {}).items():
                state[key].copy_(value)
        size = float(torch.cat([model.a, model.b]).detach().norm())
        if step == 300:
            start = size
    return size > start


@pytest.mark.parametrize("groups", [False, True], ids=["one group", "two rates"])
@pytest.mark.parametrize("name", RULES)
def test_the_threshold_is_where_the_optimizer_turns(name, groups):
    kind, options = RULES[name]
    model, optimizer = prepared(kind, options, 0.01, groups)
    probe = Probe(model, first, BATCH, optimizer)
    limit = probe.threshold()
    assert probe.margin() == pytest.approx(0.01 / limit) and probe.eta == 0.01
    assert not grows(kind, options, 0.985 * limit, groups)
    assert grows(kind, options, 1.015 * limit, groups)


def test_groups_with_their_own_momentum_are_unstable_above():
    model = Bowl()
    optimizer = SGD([{"params": [model.a], "momentum": 0.9}, {"params": [model.b]}], lr=0.1)
    limit = Probe(model, first, BATCH, optimizer).threshold()
    for share, expected in ((0.97, False), (1.03, True)):
        twin = Bowl()
        own = SGD([{"params": [twin.a], "momentum": 0.9}, {"params": [twin.b]}], lr=share * limit)
        for _ in range(1000):
            own.zero_grad()
            twin(BATCH[0][0]).backward()
            own.step()
        assert (float(twin.b.detach().abs()) > 1) == expected


def test_what_is_read_is_what_holds_now():
    model = Bowl()
    optimizer = SGD(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: step)
    probe = Probe(model, first, BATCH, optimizer)
    assert (probe.margin(), probe.eta) == (0, 0) and probe.threshold() == pytest.approx(0.1)
    optimizer.step()
    schedule.step()
    assert probe.margin() == pytest.approx(0.1)
    optimizer.param_groups[0]["momentum"] = 0.9
    assert probe.threshold() == pytest.approx(0.19)


def test_an_adaptive_optimizer_must_have_stepped():
    model = Bowl()
    probe = Probe(model, first, BATCH, ADAM(model.parameters()))
    with pytest.raises(ValueError, match="optimizer must have taken a step: Adam has no preconditioner before"):
        probe.margin()
    assert probe.sharpness() == pytest.approx(20)


def test_no_curvature_has_no_limit():
    model = Bowl()
    probe = Probe(model, lambda output, targets: -output, BATCH, SGD(model.parameters(), lr=1.0))
    assert probe.threshold() == math.inf and probe.margin() == 0
    assert probe.spectrum()[:2] == pytest.approx((-0.5, -20))


def test_a_wrapped_optimizer_is_the_one_within():
    class Wrapper:
        def __init__(self, optimizer):
            self.optimizer = optimizer

    model = Bowl()
    assert Probe(model, first, BATCH, Wrapper(SGD(model.parameters(), lr=0.05))).margin() == pytest.approx(0.5)


@pytest.mark.parametrize("beta1", [0.5, 0.9])
def test_adam_on_a_real_network_settles_at_its_limit(beta1):
    """2(1+β₁)/(1-β₁) on P⁻¹H, 6 and 38: training comes to it and stays there (J. Cohen et al., arXiv:2207.14484)."""
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 64)[:, None]
    y = torch.sin(4 * x) + 0.3 * torch.sin(9 * x)
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = ADAM(model.parameters(), lr={0.5: 2e-3, 0.9: 1e-2}[beta1], betas=(beta1, 0.99))
    probe, margins = Probe(model, nn.functional.mse_loss, [(x, y)], optimizer), []
    for step in range(1000):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        if step >= 500 and step % 25 == 0:
            margins.append(probe.margin())
    assert 0.9 < sum(margins) / len(margins) < 1.05
    assert min(margins) > 0.75 and max(margins) < 1.25
