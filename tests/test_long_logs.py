"""Long logs are read in pieces and by the shape of their lines: the same answer, and little work and memory a row."""

import io
import json
import sys
import tracemalloc

import numpy as np
import pytest

from lrsim import logs
from lrsim.logs import _printed, _rows, _shapes
from tests.test_reader import by_lrsim, spoilt, texts
from tests.test_tables import READ, REFUSED

BAR = "{n}%|█▊ | {i}/60 [00:0{d}<00:09, {v:.2f}it/s]"
LINES = [
    "iter {i}: loss {v:.4f}, time {v:.2f}ms, mfu {d}%",
    "Epoch {d}/9",
    "100/100 - {d}s - loss: {v:.4f} - accuracy: {v:.3f}",
    "[2026-11-{i:02d} 12:00:0{d}] step={i} loss={x} lr={v:e} l2={x} top{d}={v}",
    "epoch {d:03d} | train loss {x} | val loss {x}",
    BAR + "\r" + BAR,
    BAR + "{{'loss': {x}, 'grad_norm': {v!r}, 'learning_rate': {v:e}, 'epoch': {v:.2f}}}",
    "{{'loss': '{v:.4g}', 'note': None, 'at': '12:0{d}', 'train': {{'acc': {v:.3f}}}, 'run': {{}}}}",
    "INFO {{'step': {i:0{d}d}, 'loss': tensor({x}, device='cuda:{d}')}} {{'step': {i}, 'nll': -{v}}}",
    '{{"step": {i}, "loss": {v}, "ok": true, "list": [{i}, {d}], "top{d}": {v:.2f}}}',
    "{{'split': 'val', 'step': {i}, 'loss': {x}}}",
    "{{'step': {i:0{d}d}, 'loss': {x}, 'l{d}': {v}}}",
    "{{'{d}': {v}, 'loss': {x}}}",
    "back at -{d} epoch: loss {v:.3f}",
    "saved model_{i}.pt after {v:.1f}s",
    "Traceback: x{d} is no number, {i}_000 is none",
    "{n}: {v}, {v} avg, 0.00{d} rate",
    "loss at step {i}: {x}",
    "",
]


TABLES = [  # where a comma is no decimal one, or a row is longer
    "step;loss\n0;2,31\n1;,5\n2;1,45\n",
    "step;loss\n0;2,31\n1;5,\n2;1,45\n",
    "step;loss\n0;2,31\n1;1,2,3\n2;1,45\n",
    "step;loss\n0;1,762\n1;1,451\n2;1,303\n",
    "step;loss\n0;2,31\n1;1.5\n2;1,45\n",
    "step loss\n0 2.5\n\n1 1.5\n2 1.25 9\n",
    "step,loss,val\n0,2.5,\n,,\n1,,3\n2,nan,\n",
]


def made(rng):
    """A log of a few kinds of lines, in runs and between each other, with what is not finite and what is missing."""
    kinds = rng.choice(LINES, rng.integers(1, 5), replace=False)
    lines = []
    while len(lines) < 40:
        kind, alone = rng.choice(kinds), rng.random() < 0.3
        for _ in range(1 if alone else rng.integers(2, 12)):
            v = float(rng.random() * 10.0 ** rng.integers(-6, 4))
            x = rng.choice([repr(v), repr(-v), "nan", "inf", f"{v:.3e}", str(int(v))], p=[0.7, 0.06, *4 * [0.06]])
            lines.append(kind.format(i=len(lines), n=10 * len(lines), v=v, x=x, d=rng.integers(10)))
            if rng.random() < 0.05:
                lines[-1] = lines[-1][: rng.integers(len(lines[-1]) + 1)]
    return "\n".join(lines)


def same(one, two):
    if isinstance(one, str) or isinstance(two, str):
        return one == two
    arrays = ((one.losses, two.losses), (one.steps, two.steps), (one.rates, two.rates))
    return str(one) == str(two) and all(
        (a is None) == (b is None) and (a is None or np.array_equal(a, b, equal_nan=True)) for a, b in arrays
    )


def read(text, monkeypatch, few, block, chunk):
    with monkeypatch.context() as patched:
        patched.setattr(_shapes, "FEW", few)
        patched.setattr(_shapes, "BLOCK", block)
        patched.setattr(_rows, "CHUNK", chunk)
        patched.setattr(_printed, "CHUNK", chunk)
        return by_lrsim(text, {})


def test_lines_read_together_say_what_they_say_alone(monkeypatch):
    rng = np.random.default_rng(0)
    plain = [text for _, text, options in texts() if not options]
    tables = [*READ.values(), *(text for text, _, _ in REFUSED.values()), *TABLES]
    for text in [made(rng) for _ in range(300)] + plain + tables + [spoilt(rng, text) for text in 3 * tables]:
        alone = read(text, monkeypatch, 10**9, 10**9, 1)
        for few, block, chunk in ((1, 10**9, 10**9), (3, 700, 3)):
            assert same(read(text, monkeypatch, few, block, chunk), alone), text


def listed(found):
    """What comes, and then why no more does."""
    try:
        yield from found
    except ValueError as error:
        yield str(error)


def test_rows_cut_many_at_a_time_are_the_rows_one_by_one():
    rng = np.random.default_rng(1)
    for text in [spoilt(rng, text) for text in 3 * [*READ.values(), *TABLES]]:
        for mark in "\t;|, ":
            one = [getattr(row, "cells", row) for row in listed(_rows.numbered(text, mark))]
            many = [[rows] if isinstance(rows, str) else rows for rows in listed(_rows._cut(text, mark))]
            assert [row for rows in many for row in rows] == one, (text, mark)


ROWS = {
    "plain": ("step,loss,lr\n", "{i},{v},0.1\n"),
    "decimal commas": ("step;loss;lr\n", "{i};{v};0,1\n"),
    "blanks": ("step loss lr\n", "{i} {v} 0.1\n"),
    "missing cells": ("step,loss,val\n", "{i},{v},\n"),
    "quotes": ('"step","loss","lr"\n', '"{i}","{v}","0.1"\n'),
    "quoted decimal commas": ("step;loss;lr\n", '{i};"{v}";"0,1"\n'),
    "words beside": ("# a note\nétape,split,loss\n", "{i},train,{v}\n"),
    "a commented heading": ("# step loss\n", "{i} {v}\n"),
    "one column without a heading": ("", "{v}\n"),
    "a printed table": ("  step      loss\n------  --------\n", "{i:>6}  {v:>8}\n"),
    "words": ("", "iter {i}: loss {v}, lr 0.1\n"),
    "epochs, several losses": ("", "Epoch [{i}/9] train_loss: {v} loss_cls: {v} loss_box: {v} lr: 0.1\n"),
    "epochs on their own line": ("", "Epoch {i}/9\n100/100 - 1s - loss: {v} - accuracy: {v}\n"),
    "bars": ("", "Epoch 1: {i}%|## | {i}/100 [00:01<00:09, 9.{i}it/s, loss={v}]\r"),
    "JSON lines": ("", '{{"step": {i}, "loss": {v}, "lr": 0.1}}\n'),
    "nested JSON lines": ("", '{{"step": {i}, "train": {{"loss": {v}, "by": {{"a": {v}}}}}, "lr": 0.1}}\n'),
    "dictionaries": ("", "{{'loss': {v}, 'grad_norm': {v}, 'epoch': {i}.5}}\n"),
    "a document": ("", None),
}


def long(kind, rows):
    values = np.random.default_rng(0).random(rows).round(6).tolist()
    head, row = ROWS[kind]
    if row is None:
        history = [{"step": i, "loss": v, "learning_rate": 0.1} for i, v in enumerate(values)]
        return json.dumps({"best_metric": None, "log_history": history, "max_steps": 9}, indent=2), values
    text = head + "".join(row.format(i=i, v=v) for i, v in enumerate(values))
    return text.replace(".", ",") if "decimal commas" in kind else text, values


def test_a_printed_table_is_read_in_pieces(monkeypatch):
    """Cells stand where they stood in the lines before; an empty one, and one that is no number, are found again."""
    values = np.random.default_rng(0).random(300).round(4).tolist()
    rows = [f"{i:>7}  {v:>8}  {'+' * (i % 3 == 0):>4}  {'' if i % 7 else 9.5:>6}" for i, v in enumerate(values)]
    text = "  epoch      loss  best     val\n-------  --------  ----  ------\n" + "\n".join(rows) + "\n"
    whole = logs.read(io.StringIO(text), "val")
    monkeypatch.setattr(_printed, "CHUNK", 11)
    log = logs.read(io.StringIO(text))
    assert log.losses.tolist() == values and log.steps.tolist() == list(range(300)) and log.row == "epoch"
    assert same(logs.read(io.StringIO(text), "val"), whole) and len(whole.losses) == 43


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_more_is_little_work_and_little_memory(kind, monkeypatch):
    """Of twice as many rows: less than two calls of Python a row, and memory for the text and its numbers alone."""
    monkeypatch.setattr(_shapes, "BLOCK", 50_000)
    monkeypatch.setattr(_rows, "CHUNK", 1000)
    monkeypatch.setattr(_printed, "CHUNK", 1000)
    calls, peaks, sizes, count = [], [], [], 4000
    for rows in (count, 2 * count):
        text, values = long(kind, rows)
        files, own = [io.StringIO(text, newline="") for _ in range(2)], [0]
        sys.setprofile(lambda _, event, __, own=own: own.__setitem__(0, own[0] + (event == "call")))
        try:
            log = logs.read(files[0])
        finally:
            sys.setprofile(None)
        np.testing.assert_array_equal(log.losses, values)
        tracemalloc.start()
        logs.read(files[1])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        calls.append(own[0])
        sizes.append(len(text))
    assert calls[1] - calls[0] < 2 * count
    assert peaks[1] - peaks[0] < 2 * (sizes[1] - sizes[0]) + 150 * count
