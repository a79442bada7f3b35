"""Any training log becomes losses, steps and rates: every kind of file, read as meant or refused."""

import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from lrsim import logs

FILES = Path(__file__).parent / "logs"
LOSSES = [2.5, 2.25, 1.75, 1.5]

# file -> rows, column, first and last step, what a row is, options
GIVEN = {
    "01_minibatch_diverges.csv": (70, "loss", 0, 69, "step"),
    "03_nan_after_noise.txt": (17, "loss", None, None, "row"),
    "04_every_10th.csv": (21, "loss", 0, 200, "step"),
    "05_semicolon_decimal_comma.csv": (6, "loss", 0, 5, "epoch"),
    "07_empty_cells.csv": (8, "train_loss_step", 49, 449, "step"),
    "08_trainer_state.json": (15, "loss", 10, 150, "step"),
    "09_rows.jsonl": (15, "loss", 10, 150, "step"),
    "10_nanogpt.log": (19, "loss", 0, 180, "step"),
    "12_glog.log": (7, "loss", 0, 240, "step"),
    "15_heading_again_after_resume.csv": (6, "loss", 0, 500, "step"),
    "19_words_for_nan.csv": (7, "loss", None, None, "row"),
    "22_smooth_then_catapult.csv": (100, "loss", 500, 599, "step"),
    "24_warmup_past_the_threshold.csv": (170, "loss", 0, 169, "step"),
    "26_six_noisy_rows.txt": (6, "loss", None, None, "row"),
    "27_only_names_with_train.csv": (12, "train_loss", 0, 11, "epoch"),
    "29_epoch_means.csv": (30, "loss", 0, 29, "epoch"),
}


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_a_log_is_read_without_being_told_how(name):
    log = logs.read(FILES / name)
    rows, column, first, last, row = GIVEN[name]
    assert (len(log.losses), log.column, log.row) == (rows, column, row)
    assert (log.steps is None) == (first is None)
    if log.steps is not None:
        assert (log.steps[0], log.steps[-1], len(log.steps)) == (first, last, rows)
    assert f"{rows} rows of {column}" in str(log) and "\n" not in str(log)


def test_what_was_left_out_is_said():
    assert "2 rows without train_loss_step" in str(logs.read(FILES / "07_empty_cells.csv", column="train_loss_step"))
    again = logs.read(FILES / "15_heading_again_after_resume.csv")
    assert again.losses.tolist() == [3, 2, 1.5, 1.31, 1.2, 1.15]
    assert "a heading said again" in str(again) and "1 row logged again" in str(again)
    assert "test_loss" in str(logs.read(FILES / "27_only_names_with_train.csv"))
    lost = logs.read(FILES / "19_words_for_nan.csv").losses
    assert np.isnan(lost[5]) and lost[6] == math.inf
    assert logs.read(FILES / "12_glog.log").rates.tolist() == [0.01] * 7
    assert "4 rows before the last of their epoch" in str(logs.read(io.StringIO(WORDS["a bar at its end twice"])))
    assert "1 row of another loop" in str(logs.read(io.StringIO(WORDS["an evaluation at the end"])))
    assert "lines around the table" in str(logs.read(io.StringIO(TABLES["between other lines"])))
    assert "cut short" in str(logs.read(io.StringIO('"step","loss"\n"0","2.5"\n"1","2')))
    assert "1 row that says a step again" in str(logs.read(io.StringIO(WORDS["a line of the best"])))
    assert logs.read(io.StringIO(WORDS["an ETA of zero"])).rates is None


def rows_of(form, count=4):
    return "\n".join(form.format(i=i, v=LOSSES[i], n=10 * i + 10) for i in range(count)) + "\n"


TAGS = ("train_loss", "val_loss", "acc")
HTML = [f"<tr>\n <td>{i}</td>\n <td>{v}</td>\n</tr>" for i, v in enumerate(LOSSES)]
DOCUMENTS = {
    "columns": json.dumps({"loss": LOSSES, "val_loss": [3, 3, 3, 3], "params": {"epochs": 4}}),
    "columns within": json.dumps({"params": {"lr": 0.1}, "history": {"loss": LOSSES, "acc": [0, 1, 1, 1]}}),
    "two sets of columns": json.dumps({"train": {"loss": LOSSES}, "val": {"loss": [9, 9, 9, 9]}}),
    "rows": json.dumps([{"epoch": i, "loss": v} for i, v in enumerate(LOSSES)]),
    "rows with rows inside": json.dumps([{"step": i, "train": {"loss": v, "acc": 1}} for i, v in enumerate(LOSSES)]),
    "triples": json.dumps([[1.7e9 + i, i, v] for i, v in enumerate(LOSSES)]),
    "numbers": json.dumps(LOSSES),
    "pandas columns": json.dumps({"loss": {str(i): v for i, v in enumerate(LOSSES)}}),
    "pandas rows": json.dumps({str(i): {"loss": v} for i, v in enumerate(LOSSES)}),
    "pandas split": json.dumps(
        {"columns": ["step", "loss"], "index": [0], "data": [[i, v] for i, v in enumerate(LOSSES)]}
    ),
    "lists of other lengths": json.dumps({"loss": LOSSES, "epoch": [1, 2], "lr": [0.1], "val_loss": [3, 3, 3, 3, 3]}),
    "null is missing": json.dumps({"loss": [None, *LOSSES, None]}),
    "rows of tags": json.dumps(
        [{"key": k, "value": v if k == "train_loss" else 0.5, "step": i} for i, v in enumerate(LOSSES) for k in TAGS]
    ),
    "a notebook of HTML": json.dumps(
        {
            "cells": [
                {"outputs": [{"text": ["9.5 MB\n"]}]},
                {"outputs": [{"data": {"text/html": ["<table><tr><th>Step</th><th>Loss</th></tr>", *HTML]}}]},
            ]
        }
    ),
    "printed lists": f"Epochs: 4\nloss = {LOSSES}\nval_loss = [9.5, 9.5, 9.5, 9.5]\n",
    "printed by Python": str({"loss": LOSSES, "acc": [math.nan, 0.5, 0.5, 0.5]}),
    "a notebook's bars": json.dumps(
        {
            "cells": [
                {"outputs": [{"text": f" 9%|█ | {i}/9 [00:09<00:09, loss=\x1b[1m{v}]\r\n"}]}
                for i, v in enumerate(LOSSES)
            ]
        }
    ),
    "a notebook": json.dumps(
        {
            "cells": [
                {"cell_type": "code", "source": ["loss = 9.5\n"], "outputs": [{"text": [f"step {i} loss {v}\n"]}]}
                for i, v in enumerate(LOSSES)
            ],
        }
    ),
    "stamps beside values": json.dumps({"loss": {"at": ["10:00", "10:01", "10:02", "10:03"], "values": LOSSES}}),
    "printed lines in rows": json.dumps([{"stream": "out", "time": 1.5, "data": f"loss {v}\n"} for v in LOSSES]),
}
LINES = {
    "JSON lines": rows_of('{{"_step": {i}, "loss": {v}, "_runtime": 3.5}}'),
    "JSON lines with others": '{"config": {"lr": 0.1}}\n' + rows_of('{{"step": {i}, "train": {{"loss": {v}}}}}'),
    "Python": rows_of("{{'loss': {v}, 'learning_rate': 1e-05, 'epoch': {i}.5}}"),
    "Python between bars": rows_of(" 10%|█  | {n}/100 [00:01<00:09, 9.9it/s]\r{{'loss': {v}, 'epoch': {i}.5}}\n"),
    "printed tensors": rows_of("INFO {{'step': {i}, 'loss': tensor({v}, device='cuda:0')}}"),
    "fractions of an epoch beside updates": rows_of('{{"loss": {v}, "update": 0.{i}, "num_updates": {n}}}'),
    "rows that say that they are validation": rows_of(
        '{{"mode": "train", "epoch": {i}, "loss": {v}}}\n'
        '{{"mode": "VAL", "epoch": {i}, "loss": 9.5, "acc": {{"top1": 0.5}}}}'
    ),
    "printed rows that say that they are a test": rows_of(
        "{{'split': 'train', 'step': {n}, 'loss': {v}}}\n{{'split': 'test', 'step': {n}, 'loss': 9.5}}"
    ),
    "rows of one make, of training and of validation": rows_of(
        '{{"split": "train", "step": {i}, "loss": {v}}}\n{{"split": "val", "step": {i}, "loss": 9.5}}'
    ),
    "nested rows of two makes": rows_of(
        '{{"step": {i}, "is": {{"loss": {v}}}}}\n{{"step": {i}, "is": {{"acc": 0.5}}}}'
    ),
    "a whole number beyond all floats": rows_of("{{'step': {i}, 'loss': {v}, 'seed': 1" + 400 * "0" + "}}"),
    "printed NumPy": rows_of("epoch {i} {{'loss': np.float64({v}), 'note': None}}"),
    "whose before a dictionary": rows_of("Epoch {i}, train: {{'loss': {v}}}, val: {{'loss': 9.5, 'acc': 0.5}}"),
    "steps beside a dictionary": rows_of("2026-11-25 [info] step={n} metrics={{'time': 0.5, 'loss': {v}}} step={n}"),
}
TABLES = {
    "commas": "step,loss\n" + rows_of("{i},{v}"),
    "words for a loss not yet logged": "Step,Training Loss,Validation Loss\n0,No log,3.5\n" + rows_of("{n},{v},3.5"),
    "rows of training and of validation": "epoch,phase,loss\n" + rows_of("{i},train,{v}\n{i},val,9.5"),
    "padded rows, and a heading again": "epoch , phase , loss\n"
    + rows_of("{i} , train , {v}\nepoch , phase , loss \n{i} , val , 9.5"),
    "a heading of two words again": "train loss\n" + rows_of("{v}", 2) + "train loss\n1.75\n1.5\n",
    "padded headings": "   epoch,   train/box_loss,  val/box_loss\n" + rows_of("  {i},   {v},  3.5"),
    "between other lines": "$ cat log.csv\nstep,loss,note\n" + rows_of("{n},{v},") + "$ ls, then: exit\n",
    "an index without a heading": " epoch   loss\n" + rows_of("{n}     {i}    {v}"),
    "a run on one set": "set,step,train_loss\n" + rows_of("test,{n},{v}"),
    "rows of tags": "step,metric,value\n" + rows_of("{n},val_loss,9.5\n{n},train_loss,{v}\n{n},acc,0.5"),
    "a drawn box": "┏━━━━━━━┳━━━━━━┓\n┃ Epoch ┃ Loss ┃\n┡━━━━━━━╇━━━━━━┩\n"
    + rows_of("│ {i:>5} │ {v:<4} │")
    + "└───────┴──────┘\n",
    "steps and values": rows_of("{n} {v}"),
    "an exported column": "Wall time,Step,Value\n" + rows_of("1700000000.5,{i},{v}"),
    "commented heading": "# step loss_train loss_test\n" + rows_of("{i} {v} 3.5"),
    "aligned, commented": "#  step      rmse_val    rmse_trn    lr\n" + rows_of("  {i}   3.5   {v}  1e-3"),
    "tabs": "iter\tLogloss\n" + rows_of("{i}\t{v}"),
    "NA and empty": "step,loss,val\n0,NA,3\n1,,3\n" + rows_of("{n},{v},3"),
    "validation on rows of its own as nan": "step,loss,val_loss\n" + rows_of("{i},{v},nan\n{i},nan,3.5"),
    "cut short while written": "step,loss\n" + rows_of("{i},{v}") + "4",
    "ruled, with empty cells": "Using CPU\n  epoch    train_loss    best     dur\n"
    + "-------  ------------  ------  ------\n"
    + rows_of("{i:>7}{v:>14}       +  2.2838").replace("+", " ", 2)
    + "Stopping since nothing improves.\nepoch 3: 83.3 %\n",
    "ruled, #": "Pipeline: ['a', 'b']\nE    #       LOSS NER  ENTS_F\n---  ------  --------  ------\n"
    + rows_of("{i:>3}  {n:>6}  {v:>8}   50.00"),
    "of how many, with bars": rows_of(
        "\n   Epoch    Mem    box_loss    cls_loss   Size\n"
        "     {i}/4   2.1G {v:>11.4f}         9.5    640: 100%|##| 9/9 [0:01]"
        "\n            Class     Images        P\n              all        128    0.612"
    ),
    "Markdown": "| Step | Train loss | Val loss |\n|-----:|:----------:|---|\n" + rows_of("| {n} | {v} | 9.5 |"),
    "deviance": "Iter   TrainDeviance   ValidDeviance\n" + rows_of("{i:>4} {v:>13.4f}       nan"),
    "train and val": "epoch,train,val\n" + rows_of("{i},{v},9.5"),
    "remaining time": "\n      Iter       Train Loss   Remaining Time\n"
    + rows_of("{i:>10} {v:>16} {n:>15}.5s")
    + "train: 3.5s",
    "two lines of headings": "rate = 0.5\naverage  since         example        example\nloss     last          "
    + "counter         weight\n"
    + rows_of("{v:<8.6f} {v:.6f} {n:>12} {n:>14}.0")
    + "finished run\naverage loss = 9.5\n",
    "boxed, two lines of headings": "Training.\n|=====================|\n|  Iteration  |  Mini |\n"
    + "|   (number)  |  Loss |\n|=====================|\n"
    + rows_of("| {n:>11} | {v:>5} |")
    + "|=====================|\n",
}
WORDS = {
    "iter and colon": rows_of("iter {i}: loss {v}, time 12.5ms, mfu 14.58%"),
    "equals": rows_of("[INFO 2026-11-25 12:00:0{i}] step={i} loss={v:.4f} lr=0.01 eta: 0:10:00"),
    "is": rows_of("Loss is {v}"),
    "a tutorial's epochs": rows_of("Epoch [{i}/10], Step [{n}/600], Loss: {v}"),
    "a tutorial's pairs": rows_of("[1,  {n}] loss: {v}"),
    "samples": rows_of("Train Epoch: 1 [{n}/60000 (1%)]\tLoss: {v}"),
    "loss first": "Epoch 1\n-----\n" + rows_of("loss: {v}  [   {n}/60000]"),
    "epochs on their own line": rows_of("Epoch {i}/4\n10/10 [======] - 1s 2ms/step - loss: {v} - val_loss: 3.5"),
    "at step": rows_of("Training loss (for one batch) at step {i}: {v}"),
    "mm": rows_of(
        "2026-11-25 12:00:00,123 - mm - INFO - Epoch [1][{n}/100]\tlr: 1.0e-02, eta: 0:10:00, loss_cls: 0.5, loss: {v}"
    ),
    "d2": rows_of("[11/25 12:00:00 d2]: eta: 0:10:00  iter: {n}  total_loss: {v}  loss_cls: 0.5  lr: 0.001"),
    "fairseq": rows_of("| epoch 001: {i} / 100 loss={v}, ppl=10.5, wps=100, num_updates={n}, lr=1e-05"),
    "boxes": rows_of(
        "---------\n| time/ | |\n|    total_timesteps | {n} |\n| train/ | |\n|    loss | {v} |\n---------"
    ),
    "brackets, epoch and iteration": rows_of(
        "Epoch [{i}/4]  [{n}/100]:  ETA: 0:00:00  lr: 0.001  loss: {v}  Iter time: 0.5 s"
    ),
    "counts before their names": rows_of("00{i} epoch, 0{n} iter, average time 7.0951, loss {v}"),
    "counts of batches": rows_of(
        "[host] (trainer:79) INFO: {i}epoch:train:1-{n}batch: iter_time=1e-04, loss={v}, lr=0.1"
    ),
    "values before their names": rows_of("{n}: 9.5, {v} avg, 0.001000 rate, 2.39 seconds, {n} images"),
    "values before their names, in two words": rows_of(" {n}: 9.5, {v} avg loss, 0.001 rate, 2.4 seconds, {n} images"),
    "a loss by another name": rows_of(
        "Finished Epoch[{i} of 300]: [Training] ce = {v} * 36007; errs = 31.2% * 36007; learningRatePerSample = 0.0005"
    ),
    "a part of the loss before it": rows_of("[INFO] iter: {n}, CELoss: 9.5, mse_loss: 8.5, loss: {v}, lr: 0.1"),
    "abbreviated names": rows_of(
        "[2018-12-02 00:06:06] Ep. 1 : Up. {n} : Sen. 70,000 : Cost {v} * 414 : Time 24.02s : 8.61 words/s : L.r. 2e-05"
    ),
    "a cost of time, a loss of several words": rows_of("Epoch[{i}] Train-cross-entropy={v}\nEpoch[{i}] Time cost=50.8"),
    "rows numbered in brackets": rows_of("[{n}]\ttrain-logloss:{v}\ttest-logloss:3.5"),
    "learn": rows_of("{i}:\tlearn: {v}\ttotal: 50ms\tremaining: 1s"),
    "a loss before whose it is": rows_of(
        "Epoch 1 | iter {n} step {i} | loss train: {v}, val: n/a | iter time: 123.45 ms (step)"
    ),
    "a loss beside a dictionary": rows_of("epoch {i}: {{'accuracy': 0.5}} loss tensor({v}, device='cuda:0')"),
    "perplexity beside the loss": rows_of("[step={n}/900]\n    train/CrossEntropyLoss={v}\n    train/Perplexity=9.5"),
    "colours between words": rows_of("\x1b[1mstep: {i}\x1b[0m train \x1b[32mloss: {v}\x1b[0m val loss: 9.5"),
    "validation said first": rows_of("INFO step {n} loss {v}\nINFO Dev : loss 9.5 - score 0.5"),
    "test said in brackets": rows_of("Epoch(train) [1][{n}/40] loss: {v}\nEpoch(test) [1][4/4] time: 0.5 loss: 9.5"),
    "validation said before a score": rows_of("Train: (loss = {v}, acc = 0.5)   Test: (loss = 9.5, acc = 0.5)"),
    "validation abbreviated": rows_of("\tTrain Loss: {v} | Train PPL: 9.5\n\t Val. Loss: 9.5 |  Val. PPL: 9.5"),
    "validation numbered": rows_of("Iteration:{n}, training logloss : {v}\nIteration:{n}, valid_1 logloss : 9.5"),
    "a score of validation before the loss": rows_of("epoch {i} time: 0.5, val acc: 0.5, loss: {v}"),
    "train and val": "train 8000, val 500\n" + rows_of("Epoch {i}/4 | train={v} | val=9.5 | 12.3s"),
    "whose before the value": "0 val 9.5\n" + rows_of("{n} train {v}\n{n} val 9.5\n{n} acc 0.5"),
    "sections": rows_of("Epoch {i}\n├── Training\n│   └── loss = {v}\n└── Validation\n    └── loss = 9.5"),
    "an evaluation before sections": "Eval\nloss = 9.5\n" + rows_of("Train\nloss = {v}\nEval\nloss = 9.5"),
    "a heading of validation, once": "Train\nstep 10 loss 2.5\nValidation\nval loss 9.5\n"
    + "step 20 loss 2.25\nstep 30 loss 1.75\nstep 40 loss 1.5\n",
    "lists of settings": "betas = [0.9, 0.95]\nloss_coefs = [9.5, 9.5]\n" + rows_of("step {n} loss {v}"),
    "a list at the end": rows_of("step {n} loss {v}") + "val_losses: [9.5, 9.5]\n",
    "validation's loss, then that of training": rows_of("epoch {i} val acc 0.5 val loss 9.5 loss {v}"),
    "scores of both before the loss": rows_of("epoch {i}: train acc 0.5 val acc 0.5 loss {v}"),
    "a file called test": "step 10 loss 2.5\ntest.py:8 step 20 loss 2.25\nstep 30 loss 1.75\nstep 40 loss 1.5\n",
    "validation from the second epoch on": "Epoch 1/4\n90/90 - loss: 2.5\n"
    + "".join(f"Epoch {e}/4\n90/90 - loss: {v} - val_loss: 9.5\n" for e, v in enumerate(LOSSES[1:], 2)),
    "epochs and steps of both": rows_of("Epoch(train) [1][{n}/40] lr: 0.1 loss: {v}\nEpoch(val) [1][{n}/40] loss: 9.5"),
    "whose before a count, behind a file's line": rows_of(
        "a.py:48] train epoch: {i}, loss: {v}\na.py:52] eval epoch: {i}, loss: 9.5"
    ),
    "whose before a count": rows_of("TRAIN epoch {i} loss {v}\nTEST epoch {i} loss 9.5"),
    "words behind the loss": rows_of("step {n}: loss per token = {v}, loss on the validation set: 9.5"),
    "an array": rows_of("step {n} loss Array({v}, dtype=float32)"),
    "a shell around it": "$ pip install x==2.1\n   |##| 9.1/9.1 MB 2.1 MB/s eta 0:00:00\n$ python a.py\n"
    + rows_of("step {n} loss {v}")
    + "Traceback (most recent call last):\n  File 'a.py', line 10\nKeyError: 3\n",
    "lines that a host stamps": rows_of("2026-11-25T10:00:00.5Z {i} train {v}"),
    "a bar before a checkpoint": rows_of(
        "Epoch {i}/4\n90/90 [==] - ETA: 0s - loss: {v} - acc: 0.5\nEpoch 0{i}: val_loss improved from inf to 9.5\n"
        "90/90 [==] - 5s - loss: {v} - acc: 0.5 - val_loss: 9.5"
    ),
    "a bar that ends before its epoch": rows_of(
        "Epoch {i}/4\n89/90 [=>] - ETA: 0s - loss: 9.5 - acc: 0.5\n90/90 [==] - loss: {v} - acc: 0.5 - val_acc: 0.5"
    ),
    "a bar at its end twice": rows_of("Epoch {i}/4\n90/90 [==] - 0s - loss: 9.5\nsaving\n90/90 [==] - 5s - loss: {v}"),
    "an evaluation at the end": rows_of("Epoch {i}/4\n90/90 [==] - 5s - loss: {v} - acc: 0.5")
    + "30/30 - 1s - loss: 9.5 - acc: 0.5\n",
    "a bar of training and one of validation": rows_of(
        "Epoch {i}/4\n100%|##| 90/90 [0:01<0:00, loss={v}]\n100%|##| 30/30 [0:01<0:00, loss=9.5]"
    ),
    "no words": rows_of("    {n}/  40: {v}"),
    "the mean of an epoch": rows_of("epoch 1 - iter {n}/40 - loss {v} - time 0.5") + "EPOCH 1 done: loss 9.5\n",
    "a line of the best": rows_of("[{n}]\ttrain-l2: {v}\tval-l2: 9.5") + "Best:\n[20]\ttrain-l2: 2.25\tval-l2: 9.5\n",
    "Julia's float32": rows_of("[ Info: Epoch {i}: loss = {v}f0"),
    "Fortran": rows_of("At iterate {i}  value=  {v}D+00  |g|=  1.5D-03"),
    "an ETA of zero": rows_of("eta=0.0 ====> 5us/step - loss={v} val_loss=9.5"),
    "a cursor's moves": rows_of("\x1b[?25l\x1b[Jstep {n} loss {v}\x1b[?25h"),
    "colours": rows_of("\x1b[32mstep {i}\x1b[0m | \x1b[1mloss: {v}\x1b[0m"),
}


@pytest.mark.parametrize(
    "text",
    [*DOCUMENTS.values(), *LINES.values(), *TABLES.values(), *WORDS.values()],
    ids=[*DOCUMENTS, *LINES, *TABLES, *WORDS],
)
def test_every_kind_of_file_gives_its_losses(text, tmp_path):
    np.testing.assert_array_equal(logs.read(io.StringIO(text)).losses, LOSSES)
    path = tmp_path / "log"
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    np.testing.assert_array_equal(logs.read(path).losses, LOSSES)


@pytest.mark.parametrize(
    ("text", "steps", "row"),
    [
        (WORDS["a tutorial's epochs"].replace("40/600", "5/600"), [10, 620, 1230, 1805], "step"),
        (WORDS["a tutorial's pairs"], [10, 20, 30, 40], "step"),
        (WORDS["epochs on their own line"], [0, 1, 2, 3], "epoch"),
        (WORDS["fairseq"], [10, 20, 30, 40], "step"),
        (WORDS["boxes"], None, "row"),
        (WORDS["samples"], None, "row"),
        (WORDS["loss first"], None, "row"),
        (LINES["fractions of an epoch beside updates"], [10, 20, 30, 40], "step"),
        (WORDS["learn"], [0, 1, 2, 3], "step"),
        (WORDS["brackets, epoch and iteration"].replace("[40/", "[5/"), [10, 120, 230, 305], "step"),
        (WORDS["counts before their names"], [10, 20, 30, 40], "step"),
        (WORDS["counts of batches"], [10, 20, 30, 40], "step"),
        (WORDS["values before their names"], [10, 20, 30, 40], "step"),
        (WORDS["abbreviated names"], [10, 20, 30, 40], "step"),
        (WORDS["rows numbered in brackets"], [10, 20, 30, 40], "step"),
        (WORDS["test said in brackets"], [10, 20, 30, 40], "step"),
        (WORDS["whose before the value"], [10, 20, 30, 40], "step"),
        (WORDS["no words"], [10, 20, 30, 40], "step"),
        (WORDS["lines that a host stamps"], [0, 1, 2, 3], "step"),
        (WORDS["an evaluation at the end"], [0, 1, 2, 3], "epoch"),
        (WORDS["sections"], [0, 1, 2, 3], "epoch"),
        (WORDS["a heading of validation, once"], [10, 20, 30, 40], "step"),
        (WORDS["lists of settings"], [10, 20, 30, 40], "step"),
        (
            "".join(f"epoch {e} step {e}50/900 loss 2\nepoch {e} step {e}90/900 loss 1 lr 1\n" for e in (1, 2)),
            [150, 190, 250, 290],
            "step",
        ),
        ("step 1,000,000, loss 2\nstep 2,000,000, loss 1\n", [1e6, 2e6], "step"),
        (WORDS["a bar before a checkpoint"], [0, 1, 2, 3], "epoch"),
        (WORDS["a bar of training and one of validation"], [0, 1, 2, 3], "epoch"),
        (TABLES["steps and values"], [10, 20, 30, 40], "step"),
        ("0: step 999 loss 2.5\n0: step 1,000 loss 2\n0: loss 1.75\n0: step 1,001 loss 1\n", [999, 1000, 1001], "step"),
        ("epoch,it,loss\n1,0,5\n1,9,4\n2,0,3\n2,9,2\n2,0,2.5\n2,9,1.5\n3,0,1\n", [0, 9, 10, 19, 20], "step"),
        ("".join(f"step {s} loss {s}\n" for s in (0, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5)), [0, 1, 2, 3, 4, 5], "step"),
        (WORDS["a line of the best"], [10, 20, 30, 40], "step"),
        (LINES["steps beside a dictionary"], [10, 20, 30, 40], "step"),
        (TABLES["of how many, with bars"], [0, 1, 2, 3], "epoch"),
        ("[0/2][0/50] Loss_D: 2.5\n[0/2][25/50] Loss_D: 2\n[1/2][0/50] Loss_D: 1.5\n", [0, 25, 50], "step"),
        (rows_of("11/25 10:00:00 step #{n}: loss {v}"), [10, 20, 30, 40], "step"),
        (rows_of('{{"current_steps": {n}, "total_steps": 40, "loss": {v}}}'), [10, 20, 30, 40], "step"),
        ("it 0/20 loss 2.5\nit 10/20 loss 2.25\nit 0/20 loss 1.75\nit 10/20 loss 1.5\n", [0, 10, 20, 30], "step"),
        ("it 0/20 loss 2.5\nit 10/20 loss 1.5\nit 0/20 loss 2.4\nit 10/20 loss 1.25\n", [0, 10], "step"),
        (TABLES["ruled, #"], [10, 20, 30, 40], "step"),
        (TABLES["remaining time"], [0, 1, 2, 3], "step"),
        (TABLES["boxed, two lines of headings"], [10, 20, 30, 40], "step"),
        (DOCUMENTS["triples"], [0, 1, 2, 3], "step"),
        (LINES["JSON lines"], [0, 1, 2, 3], "step"),
        ("epoch,batch,loss\n1,1,5\n1,2,4\n2,1,3\n2,2,2\n", [1, 2, 3, 4], "step"),
        ("batch,loss\n" + "0,3\n1,2\n2,1\n" * 4, list(range(12)), "step"),
    ],
)
def test_where_rows_stand(text, steps, row):
    log = logs.read(io.StringIO(text))
    assert (None if log.steps is None else log.steps.tolist()) == steps and log.row == row


def test_after_a_resume_the_later_rows_count():
    text = "step,loss\n0,9\n100,8\n200,7\n300,6\n100,5\n200,4\n"
    log = logs.read(io.StringIO(text))
    assert log.steps.tolist() == [0, 100, 200] and log.losses.tolist() == [9, 5, 4]
    assert "3 rows logged again" in str(log)


def test_words_for_not_finite_are_losses_and_words_for_missing_are_none():
    words = ["nan", "NaN", "-nan(ind)", "1.#QNAN", "1.#IND", "nan(snan)", "inf", "1.#INF", "Infinity", "-1.#INF"]
    log = logs.read(io.StringIO("loss\n1.5\n" + "\n".join(words)))
    assert not np.isfinite(log.losses[1:]).any() and len(log.losses) == 11 and log.losses[-1] == -math.inf
    log = logs.read(io.StringIO("1/1 - loss: nan - acc: 0.1\n" * 3))
    assert np.isnan(log.losses).all() and len(log.losses) == 3
    log = logs.read(
        io.StringIO("loss,val\n1.5,2\n" + "".join(f"{word},3\n" for word in ("NA", "null", "", "-", "None")))
    )
    assert log.losses.tolist() == [1.5] and "5 rows without loss" in str(log)


def test_frames_histories_and_dictionaries():
    class History:
        def __init__(self):
            self.history = {"loss": LOSSES, "val_loss": [3, 3, 3, 3]}

    for given in ({"loss": LOSSES, "step": (1, 2, 3, 4)}, {"loss": np.array(LOSSES)}, History()):
        log = logs.read(given)
        assert log.losses.tolist() == LOSSES and log.column == "loss"
    assert logs.read({"a": LOSSES, "b": [1, 2, 3, 4]}, column="a").losses.tolist() == LOSSES
    pandas = pytest.importorskip("pandas")
    log = logs.read(pandas.DataFrame({"train_loss": [*LOSSES, math.nan], "val_loss": 4 * [math.nan] + [3.0]}))
    assert log.losses.tolist() == LOSSES


def test_columns_by_name_or_number():
    text = "step,a,b,lr\n0,3,4,0.1\n1,2,5,0.2\n"
    for column in ("b", "B", "3", 3):
        log = logs.read(io.StringIO(text), column=column, step="step", rate="lr")
        assert log.losses.tolist() == [4, 5] and log.rates.tolist() == [0.1, 0.2] and log.steps.tolist() == [0, 1]
    assert logs.read(io.StringIO(text), column="a", step="b", rate="b").steps.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("a,b\n3,4\n1,2\n", {}, "the input has columns a, b: say which with column= (first values 3, 4)"),
        (rows_of("170000000{i} {v}"), {}, "2 columns without headings: say which with column="),
        ("1,2.5\n3,4.5\n", {}, "2 columns without headings: say which with column="),
        ("a,loss\n3,4\n", {"column": "c"}, "column c is not there; the input has columns a, loss"),
        ("a,loss\n3,4\n", {"step": "c"}, "step c is not there"),
        ("a,loss\n3,4\n", {"rate": "5"}, "rate 5 is not there"),
        ("loss,loss\n3,4\n", {}, "two columns are called loss"),
        ("loss\n1_5\n2\n", {}, "line 2 has '1_5' where a number was needed"),
        ("step,loss\n0,1.5\n1,oops\n", {}, "line 3 has 'oops'"),
        ("lr,loss\n-1,1.5\n1,2\n", {"rate": "lr"}, "rate lr must hold finite rates >= 0"),
        ('{"a": {"b": 3}}', {}, "the JSON document holds neither rows nor columns"),
        ("loss: 2,31\nloss: 1,76\n", {}, ""),
        ("accuracy\n0.5\n0.6\n", {}, "the input has columns accuracy: say which"),
        ("", {}, "the input holds no numbers"),
        ("At 1/1, rms=6.8%, delta=7.2%\nAt 2/2, rms=5.8%, delta=6.2%\n", {}, "the input holds no loss"),
        (
            "Train: 0.5, Val: 0.5\nTrain: 0.6, Val: 0.5\n",
            {},
            "Train may be an accuracy, since it rises and stays below 1",
        ),
        (
            "  Epoch  box  cls\n   0/9  2.5  1.5\n   1/9  2.1  1.2\nbest: 1\n",
            {},
            "the input has columns Epoch, box, cls: say which",
        ),
        ("hello\nworld\n", {}, "line 2 has 'world' where a number was needed"),
    ],
)
def test_what_is_no_log_is_refused_in_words(text, options, said):
    with pytest.raises(ValueError) as refused:
        logs.read(io.StringIO(text), **options)
    assert said in str(refused.value)


def test_other_things_are_refused(tmp_path):
    with pytest.raises(TypeError, match="path_or_file must be a path"):
        logs.read(3)
    with pytest.raises(OSError, match="No such file"):
        logs.read(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="lists of numbers"):
        logs.read({})


def test_event_files_say_what_they_need(tmp_path, monkeypatch):
    path = tmp_path / "events.out.tfevents.1.host"
    path.write_bytes(b"")
    monkeypatch.setitem(sys.modules, "tensorboard.backend.event_processing.event_accumulator", None)
    for given in (path, tmp_path):
        with pytest.raises(ValueError, match="needs tensorboard: pip install"):
            logs.read(given)
