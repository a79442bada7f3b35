"""Spectra of real models against Hessians made of differences of gradients that `backward` computes."""

import copy
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from lrsim import landscapes, stability
from lrsim.torch import Probe


def told(model, loss, batch):
    if isinstance(batch, dict):
        return loss(model(**batch), batch)
    *inputs, targets = batch
    return loss(model(*inputs), targets)


def written_out(model, loss, batches, h=1e-5):
    """The Hessian of the mean over batches by central differences of what `backward` leaves in `.grad`.

    Buffers and random numbers are set back before each pass: the loss is a function.
    """
    state, random = copy.deepcopy(dict(model.named_buffers())), torch.get_rng_state()
    moving = [p for p in model.parameters() if p.requires_grad]

    def gradient():
        torch.set_rng_state(random)
        model.zero_grad()
        for batch in batches:
            for name, buffer in state.items():
                module, _, last = name.rpartition(".")
                model.get_submodule(module)._buffers[last] = buffer.clone()
            (told(model, loss, batch) / len(batches)).backward()
        return torch.cat([p.grad.reshape(-1) for p in moving]).numpy().copy()

    rows = []
    with torch.no_grad():
        for p in moving:
            for i in range(p.numel()):
                ends = []
                for move in (h, -2 * h, h):
                    p.view(-1)[i] += move
                    if len(ends) < 2:
                        with torch.enable_grad():
                            ends.append(gradient())
                rows.append((ends[0] - ends[1]) / (2 * h))
    torch.set_rng_state(random)
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def test_the_ends_are_those_of_the_exact_hessian(zoo):
    model, loss, batches = zoo
    twin = copy.deepcopy(model)
    exact = np.linalg.eigvalsh(written_out(twin, loss, batches))
    found = Probe(model, loss, batches).spectrum(3)
    size = np.abs(exact).max()
    np.testing.assert_allclose(found.top, exact[:-4:-1], atol=2e-7 * size)
    np.testing.assert_allclose(found.bottom, exact[:3], atol=2e-7 * size)
    assert found.residual < 1e-6 * size
    assert Probe(model, loss, batches).sharpness() == pytest.approx(exact[-1], rel=1e-6)


@pytest.mark.parametrize(("precision", "digits"), [(torch.float64, 1e-9), (torch.float32, 1e-6)])
def test_the_network_of_the_landscapes(precision, digits):
    x = np.linspace(-1, 1, 20)[:, None]
    landscape = landscapes.tanh_network(x, 8 * x**4 - 8 * x**2 + 1, hidden=(24, 24))
    w = landscape.start(0)
    model = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1)).to(precision)
    at = 0
    with torch.no_grad():
        for layer in model[::2]:  # lrsim has weights (in, out), PyTorch (out, in)
            size = layer.weight.numel()
            layer.weight.copy_(torch.from_numpy(w[at : at + size].reshape(layer.weight.shape[::-1]).T))
            layer.bias.copy_(torch.from_numpy(w[at + size : at + size + layer.bias.numel()]))
            at += size + layer.bias.numel()
    batch = tuple(torch.from_numpy(part).to(precision) for part in (landscape.data, landscape.answers))
    probe = Probe(model, lambda output, targets: ((output - targets) ** 2).mean() / 2, [batch])
    assert probe.sharpness() == pytest.approx(stability.sharpness(landscape, w), rel=digits)
    assert probe.threshold() == pytest.approx(stability.threshold(landscape, w), rel=digits)
    found, expected = probe.spectrum(), stability.spectrum(landscape, w)
    assert found.bottom == pytest.approx(expected.bottom, rel=digits)
    assert found.products <= 1.2 * expected.products


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_half_precision_is_probed_in_single(precision):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.BatchNorm1d(6), nn.Linear(6, 3)).to(precision)
    batch = (torch.randn(8, 4, dtype=precision), torch.arange(8) % 3)
    twin, wide = copy.deepcopy(model).double(), (batch[0].double(), batch[1])
    with torch.autocast("cpu", dtype=torch.bfloat16):  # the caller's own makes no difference
        found = Probe(model, nn.functional.cross_entropy, [batch]).sharpness()
    assert found == pytest.approx(Probe(twin, nn.functional.cross_entropy, [wide]).sharpness(), rel=1e-5)
    assert {p.dtype for p in model.parameters()} == {precision}


def test_what_the_loss_does_with_the_parameters_counts():
    torch.manual_seed(0)
    model, batch = nn.Linear(4, 1).double(), (torch.randn(9, 4).double(), torch.randn(9, 1).double())
    plain = Probe(model, nn.functional.mse_loss, [batch]).sharpness()

    def with_penalty(output, targets):
        return nn.functional.mse_loss(output, targets) + 3 * sum((p**2).sum() for p in model.parameters())

    assert Probe(model, with_penalty, [batch]).sharpness() == pytest.approx(plain + 6)
    held = list(model.parameters())
    with pytest.raises(ValueError, match="loss must take the parameters from model at each call"):
        Probe(model, lambda o, t: nn.functional.mse_loss(o, t) + sum((p**2).sum() for p in held), [batch]).sharpness()


def test_only_what_the_optimizer_has_moves():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()
    batch = [(torch.randn(9, 4).double(), torch.arange(9) % 3)]
    head = torch.optim.SGD(model[2].parameters(), lr=0.1)
    alone = Probe(model, nn.functional.cross_entropy, batch, head).sharpness()
    everything = Probe(model, nn.functional.cross_entropy, batch).sharpness()
    model[0].requires_grad_(False)
    assert Probe(model, nn.functional.cross_entropy, batch).sharpness() == pytest.approx(alone) != everything


def test_a_shuffling_loader_and_a_linear_loss():
    torch.manual_seed(0)
    model = nn.Linear(4, 1)
    data = torch.utils.data.TensorDataset(torch.randn(12, 4), torch.randn(12, 1))
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True)
    probe = Probe(model, nn.functional.mse_loss, loader)
    augmented = torch.cat([data.tensors[0], torch.ones(12, 1)], dim=1).double()
    assert probe.sharpness() == pytest.approx(
        float(2 / 12 * torch.linalg.eigvalsh(augmented.T @ augmented)[-1]), rel=1e-5
    )
    assert Probe(model, lambda output, targets: output.sum(), [data[:]]).spectrum()[:2] == (0, 0)


def test_wrapped_models_are_probed_as_what_they_wrap():
    torch.manual_seed(0)
    model, batch = nn.Linear(4, 3), [(torch.randn(9, 4), torch.arange(9) % 3)]
    expected = Probe(model, nn.functional.cross_entropy, batch).sharpness()
    for wrapped in (torch.compile(model), nn.DataParallel(model)):
        optimizer = torch.optim.SGD(wrapped.parameters(), lr=0.1)
        assert Probe(wrapped, nn.functional.cross_entropy, batch, optimizer).sharpness() == expected


def test_gradients_may_be_off_where_it_is_asked():
    torch.manual_seed(0)
    probe = Probe(nn.Linear(4, 3), nn.functional.cross_entropy, [(torch.randn(9, 4), torch.arange(9) % 3)])
    expected = probe.sharpness()
    for off in (torch.no_grad, torch.inference_mode):
        with off():
            assert probe.sharpness() == expected


LINEAR = nn.Linear(4, 3)
PAIR = (torch.zeros(9, 4), torch.arange(9) % 3)
WRONG = {
    "no module": ((lambda w: w, entropy := nn.functional.cross_entropy, [PAIR]), TypeError, "model must be a torch.nn"),
    "a class for a loss": ((LINEAR, nn.CrossEntropyLoss, [PAIR]), TypeError, "loss must be a function of output"),
    "one batch": ((LINEAR, entropy, PAIR), TypeError, r"batches\[0\] .* single batch is written \[\(inputs, targets"),
    "a tensor": ((LINEAR, entropy, PAIR[0]), TypeError, "batches must be a loader or a list of batches, got a Tensor"),
    "one dictionary": ((LINEAR, entropy, {"x": PAIR[0]}), TypeError, "batches must be a loader or a list"),
    "inputs alone": ((LINEAR, entropy, [PAIR[:1]]), TypeError, r"batches\[0\] must be .*, got a tuple of 1"),
    "no batch": ((LINEAR, entropy, []), ValueError, "batches must hold at least one"),
    "an optimizer unknown": (
        (LINEAR, entropy, [PAIR], torch.optim.Adagrad(LINEAR.parameters())),
        TypeError,
        "optimizer must be one of torch.optim's SGD, Adam, AdamW, RMSprop, got Adagrad",
    ),
    "a climbing optimizer": (
        (LINEAR, entropy, [PAIR], torch.optim.SGD(LINEAR.parameters(), maximize=True)),
        ValueError,
        "optimizer must minimise",
    ),
    "another's optimizer": (
        (LINEAR, entropy, [PAIR], torch.optim.SGD(nn.Linear(2, 1).parameters())),
        ValueError,
        "model must have parameters with requires_grad=True that optimizer has",
    ),
    "nothing to train": ((nn.Tanh(), entropy, [PAIR]), ValueError, "model must have parameters with requires_grad"),
    "complex": ((nn.Linear(4, 3, dtype=torch.complex64), entropy, [PAIR]), TypeError, "must have real parameters"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_refused_by_its_name(what):
    given, kind, words = WRONG[what]
    with pytest.raises(kind, match=words):
        Probe(*given)


def test_what_only_a_product_shows_is_refused_by_its_name():
    def sharpness(loss, model=LINEAR):
        return Probe(model, loss, [PAIR]).sharpness()

    with pytest.raises(TypeError, match=r"loss must return a tensor that holds one number, got shape \(9,\)"):
        sharpness(nn.CrossEntropyLoss(reduction="none"))
    with pytest.raises(TypeError, match=r"loss must return a tensor that holds one number, got 1\.5"):
        sharpness(lambda output, targets: 1.5)
    with pytest.raises(ValueError, match="loss must depend on the parameters"):
        sharpness(lambda output, targets: output.detach().sum())
    with pytest.raises(ValueError, match="the product H v must be finite"):
        sharpness(lambda output, targets: (output**2).sum() * float("nan"))
    with pytest.raises(ValueError, match="k must be at most 15"):
        Probe(LINEAR, entropy, [PAIR]).spectrum(16)
    with pytest.raises(TypeError, match="optimizer must be given to Probe"):
        Probe(LINEAR, entropy, [PAIR]).margin()


def test_without_torch_the_error_says_what_to_install():
    code = "import sys; sys.modules['torch'] = None; import lrsim.torch"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stderr.endswith("ImportError: lrsim.torch needs PyTorch: pip install lrsim[torch]\n")


class Crooked(torch.autograd.Function):
    """xy, whose derivative by x cannot be differentiated."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, slope):
        x, y = ctx.saved_tensors
        return y.detach() * slope, x * slope


def test_a_wrong_second_derivative_is_refused():
    def crooked(output, targets):
        return Crooked.apply(output[:, 0], output[:, 1]).mean()

    torch.manual_seed(0)
    with pytest.raises(ValueError, match="second derivative of loss must be a symmetric matrix"):
        Probe(nn.Linear(4, 2), crooked, [(torch.randn(9, 4), torch.zeros(9))]).sharpness()
