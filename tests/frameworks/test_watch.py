"""What a watch records, says and writes along real runs."""

import math

import pytest
import torch
from torch import nn

from lrsim import logs
from lrsim.diagnosis import diagnose
from lrsim.torch import Probe, Row, Watch

X = torch.linspace(-1, 1, 64)[:, None]
Y = torch.sin(4 * X) + 0.3 * torch.sin(9 * X)
LOSS = nn.functional.mse_loss


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def trained(make, steps, **options):
    """(watch, the probe, margins that it would have found anew at each look)"""
    model = network()
    optimizer = make(model.parameters())
    probe = Probe(model, LOSS, [(X, Y)], optimizer)
    watch, afresh = Watch(probe, **options), []
    for step in range(steps):
        optimizer.zero_grad()
        loss = LOSS(model(X), Y)
        loss.backward()
        optimizer.step()
        if step % watch._every == 0 and math.isfinite(loss.item()):
            afresh.append(probe.margin())
        watch(step, loss)
    return watch, afresh


def sgd(eta):
    return lambda parameters: torch.optim.SGD(parameters, lr=eta)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01, betas=(0.9, 0.99))


@pytest.mark.parametrize("make", [sgd(0.2), adam], ids=["SGD", "Adam"])
def test_looks_agree_with_probes_and_cost_few_products(make, monkeypatch):
    from lrsim.torch._curvature import Curvature

    used, product = [0], Curvature.__call__

    def counted(self, v):
        used[0] += 1
        return product(self, v)

    monkeypatch.setattr(Curvature, "__call__", counted)
    watch, afresh = trained(make, 300, every=20)
    found = [row.margin for row in watch.rows[::20]]
    assert found == pytest.approx(afresh, rel=1e-3)
    total, used[0] = used[0], 0
    for _ in afresh:
        watch._probe.margin()
    looks = 2 if make is adam else 1  # the sharpness of H is another matrix than what Adam makes of it
    assert (total - used[0]) / len(afresh) / looks < 0.8 * used[0] / len(afresh)


def test_the_log_is_read_by_logs_and_diagnose(tmp_path):
    path = tmp_path / "run.csv"
    watch, _ = trained(sgd(0.05), 120, every=50, path=path)
    log = logs.read(path)
    assert log.column == "loss" and log.row == "step"
    assert log.steps.tolist() == list(range(101))  # complete at each look
    assert watch.rows[119].step == 119 and len(logs.read(path).losses) == 120  # and whenever it is asked
    assert logs.read(path).losses == pytest.approx([row.loss for row in watch.rows], rel=1e-9)
    assert set(logs.read(path).rates) == {0.05}
    assert diagnose(log.losses)
    looked = [row for row in watch.rows if not math.isnan(row.margin)]
    assert [row.step for row in looked] == [0, 50, 100]
    assert all(row.margin == pytest.approx(row.sharpness * row.eta / 2) for row in looked)
    assert path.read_text().splitlines()[0] == ",".join(Row._fields)
    assert 0 < watch.share < 1
    assert str(watch).startswith("120 calls, 3 looks, the last at step 100 with margin 0.")


def test_it_says_once_when_the_margin_passes_one(capsys):
    trained(sgd(0.05), 60, every=10)
    assert capsys.readouterr().err == ""
    watch, _ = trained(sgd(0.2), 60, every=10)
    said = capsys.readouterr().err
    row = watch.rows[0]
    assert row.margin > 1 and said.count("lrsim:") == 1 and said.count("\n") == 1
    assert f"at step 0 η = 0.2 is {row.margin:.2f} times its limit {0.2 / row.margin:.3g}." in said
    assert "divide η by 2" in said


def test_a_young_adam_is_no_alarm(capsys):
    watch, _ = trained(adam, 41, every=20)
    assert watch.rows[0].margin > 1 and capsys.readouterr().err == ""


def test_a_lost_run_ends_no_loop(tmp_path, capsys):
    watch, _ = trained(sgd(3.0), 200, every=10, path=tmp_path / "lost.csv")
    assert math.isnan(watch.rows[-1].loss) and math.isnan(watch.rows[190].sharpness)
    assert "the run is lost: divide η by 2" not in capsys.readouterr().err
    assert not all(map(math.isfinite, logs.read(tmp_path / "lost.csv").losses))


def test_a_loss_that_is_nan_at_once_is_lost_in_what_is_written_too(tmp_path):
    """And not a row without a loss, of which nobody would hear."""
    model, path = network(), tmp_path / "nan.csv"
    watch = Watch(Probe(model, LOSS, [(X, Y)], torch.optim.SGD(model.parameters(), lr=0.1)), every=10, path=path)
    for step in range(61):
        watch(step, 1 / (1 + step) if step < 40 else math.nan)
    found = diagnose(logs.read(path))
    assert (found.lost_at, found.cause) == (40, "lost without growth")


@pytest.mark.parametrize(("loss", "error"), [(None, TypeError), ("high", TypeError), ([1.0, 2.0], ValueError)])
def test_what_is_no_loss_is_refused_at_once(loss, error):
    model = network()
    watch = Watch(Probe(model, LOSS, [(X, Y)], torch.optim.SGD(model.parameters(), lr=0.1)), every=10)
    watch(0, 1.0)
    with pytest.raises(error, match="loss"):
        watch(1, loss)
    assert [row.loss for row in watch.rows] == [1.0]


def test_losses_are_read_at_looks_alone():
    """So that nothing waits for a device: until then a tensor is a tensor, of the value that it had."""
    model = network()
    watch = Watch(Probe(model, LOSS, [(X, Y)], torch.optim.SGD(model.parameters(), lr=0.1)), every=10)
    loss = torch.tensor(1.0)
    for step in range(3):
        watch(step, loss)
        loss += 1
    assert [type(value) for _, value, _ in watch._waiting] == [torch.Tensor] * 2
    assert [row.loss for row in watch.rows] == [1, 2, 3]


def test_before_an_adaptive_optimizer_has_stepped_there_is_no_margin():
    model = network()
    watch = Watch(Probe(model, LOSS, [(X, Y)], torch.optim.Adam(model.parameters())))
    watch(0, 1.0)
    assert math.isnan(watch.rows[0].margin) and watch.rows[0].sharpness > 0


def test_wrong_input_is_refused_by_its_name():
    model = network()
    without = Probe(model, LOSS, [(X, Y)])
    probe = Probe(model, LOSS, [(X, Y)], torch.optim.SGD(model.parameters(), lr=0.1))
    with pytest.raises(TypeError, match="optimizer must be given to Probe"):
        Watch(without)
    with pytest.raises(TypeError, match=r"probe must be a lrsim\.torch\.Probe, got Sequential"):
        Watch(model)
    with pytest.raises(ValueError, match="every must be >= 1, got 0"):
        Watch(probe, every=0)
    with pytest.raises(ValueError, match=r"loss must be one number, got shape \(3,\)"):
        Watch(probe)(0, torch.ones(3))
