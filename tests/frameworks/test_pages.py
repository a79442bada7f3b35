"""The code on the site runs, and prints what the page says, to the last digits that round-off leaves."""

import inspect
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import lrsim.torch
from lrsim import stability

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "lrsim" / "torch.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE, re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def alike(printed, said):
    """Whether the words are the same and the numbers nearly: processors round each in their own way."""
    assert NUMBER.sub("#", printed) == NUMBER.sub("#", said), printed
    for own, told in zip(NUMBER.findall(printed), NUMBER.findall(said), strict=True):
        assert float(own) == pytest.approx(float(told), rel=0.1, abs=0.02), printed


def kind(code):
    """Whose code it is: the page's own, or that of another library."""
    return next((name for name in ("lightning", "transformers", "jax") if f"import {name}\n" in code), "torch")


def run(library, capsys, names=None):
    """What the page's code for a library leaves; it prints what the page says."""
    names = names if names is not None else {}
    for code, said in FENCES:
        if kind(code) == library:
            exec(compile(code, f"torch.md, {library}", "exec"), names)
            printed = capsys.readouterr().out
            if said:
                alike(printed, said)
    return names


def test_the_page_prints_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run("torch", capsys)
    command = re.search(r"^lrsim (diagnose .*)$", PAGE, re.MULTILINE)[1].split()
    done = subprocess.run([sys.executable, "-m", "lrsim", *command], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout and done.returncode in (0, 1, 2, 3) and "Traceback" not in done.stderr


def test_the_notebooks_recipes_find_the_limit_of_a_model(monkeypatch):
    """Of the same function in PyTorch and in JAX, whose limit is 2 over the top eigenvalue of its whole Hessian."""
    text = (ROOT / "docs" / "notebooks" / "your-own-model.py").read_text(encoding="utf-8")
    fences = re.findall(r"^```\w*\n(.*?)^```$", re.sub(r"(?m)^# ?", "", text), re.S | re.M)
    recipes = {kind(code): code for code in fences}
    torch.manual_seed(0)
    x, model = torch.randn(20, 3).double(), torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh())
    y, kept = torch.randn(20, 4).double(), [p.detach().double().clone() for p in model.parameters()]
    bends = torch.func.hessian(lambda w: ((torch.tanh(x @ w[:12].view(4, 3).T + w[12:]) - y) ** 2).mean())
    whole = bends(torch.cat([p.reshape(-1) for p in kept]))
    limit = 2 / float(torch.linalg.eigvalsh(whole)[-1])
    found = []
    names = {"stability": stability, "print": found.append, "model": model, "X": x, "y": y}
    exec(recipes["torch"], names | {"loss_function": torch.nn.functional.mse_loss})
    assert all(torch.equal(p, was) for p, was in zip(model.parameters(), kept, strict=True)), "not as it was"

    import jax.numpy as jnp

    params = {"weight": jnp.array(kept[0].numpy()), "bias": jnp.array(kept[1].numpy())}

    def loss(params, X, y):
        return jnp.mean((jnp.tanh(X @ params["weight"].T + params["bias"]) - y) ** 2)

    exec(recipes["jax"], names | {"params": params, "loss": loss, "X": jnp.array(x.numpy()), "y": jnp.array(y.numpy())})
    assert len(found) == 3 and found == pytest.approx(3 * [limit], rel=1e-3)


def test_the_margin_takes_five_lines():
    margin = next(code for code, _ in FENCES if "probe = Probe(" in code)
    assert len([line for line in margin.splitlines() if line.strip()]) <= 5


def test_the_jax_recipe(capsys):
    run("jax", capsys)


def watching(library, base, monkeypatch, capsys):
    """The page's callback, on a trainer's module that has nothing but the class it derives from."""
    monkeypatch.setitem(sys.modules, library, SimpleNamespace(**{base: object}))
    names = {"islice": islice, "Probe": lrsim.torch.Probe, "Watch": lrsim.torch.Watch, "torch": torch}
    return run(library, capsys, names)["Watching"]()


def test_lightning(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    callback = watching("lightning", "Callback", monkeypatch, capsys)
    batches = [(torch.randn(16, 20), torch.arange(16) % 3) for _ in range(6)]
    module = torch.nn.Linear(20, 3)
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.01)
    trainer = SimpleNamespace(train_dataloader=batches, optimizers=[optimizer], global_step=0)
    callback.on_train_start(trainer, module)
    for i, batch in enumerate(batches):
        loss = torch.nn.functional.cross_entropy(module(batch[0]), batch[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        trainer.global_step += 1
        callback.on_train_batch_end(trainer, module, {"loss": loss}, batch, i)
    assert [row.step for row in callback.watch.rows] == [1, 2, 3, 4, 5, 6]
    assert callback.watch.rows[0].margin > 0


class Output(torch.nn.Module):
    """A model that takes a batch by names and has its loss in its output."""

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(20, 3)

    def forward(self, inputs, labels):
        return SimpleNamespace(loss=torch.nn.functional.cross_entropy(self.linear(inputs), labels))


def test_hugging_face(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    callback = watching("transformers", "TrainerCallback", monkeypatch, capsys)
    model = Output()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    batches = [{"inputs": torch.randn(16, 20), "labels": torch.arange(16) % 3}]
    callback.on_train_begin(
        None, None, None, model=model, optimizer=optimizer, train_dataloader=batches, tokenizer=None
    )
    for step in (10, 20):
        model(**batches[0]).loss.backward()
        optimizer.step()
        callback.on_log(None, SimpleNamespace(global_step=step), None, logs={"loss": 1.5, "epoch": 1})
    callback.on_log(None, SimpleNamespace(global_step=20), None, logs={"train_runtime": 1.5})
    assert [row.step for row in callback.watch.rows] == [10, 20]
    assert all(row.margin > 0 for row in callback.watch.rows)


@pytest.mark.parametrize("name", lrsim.torch.__all__)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(lrsim.torch, name)
    assert re.match(r".{15,}", inspect.getdoc(thing))
    assert all(inspect.getdoc(member) for key, member in vars(thing).items() if not key.startswith("_"))
