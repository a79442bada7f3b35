"""The command line: what it prints, what its exit codes mean, one line for an error and no traceback."""

import contextlib
import csv
import io
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrsim import __main__ as cli
from lrsim import _commands, _examples, _expressions, _text, descend, landscapes, logs, optimizers, schedules

RUN = "run 'bowl([1, 20])' --start 10 0.05 --eta 0.105 --steps 200"


def test_run_shows_a_short_table_and_what_became_of_it(lrsim):
    code, out, err = lrsim(RUN)
    assert code == cli.DIVERGED and not err
    assert len(out.splitlines()) < 25
    assert "regime       diverging" in out and "diverged_at  113" in out


def test_run_as_csv_holds_every_step_and_digit(lrsim):
    code, out, _ = lrsim("run 'bowl([1, 20])' --start=-10,0.05 --eta 2/21 --steps 30 --csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    run = descend(landscapes.bowl([1, 20]), [-10, 0.05], 2 / 21, 30)
    assert code == cli.FINE and len(rows) == 31 and rows[-1]["eta"] == ""
    assert [float(row["loss"]) for row in rows] == run.losses.tolist()
    assert [[float(row["w0"]), float(row["w1"])] for row in rows] == run.iterates.tolist()


def test_run_as_json_writes_null_for_what_json_has_no_word_for(lrsim):
    code, out, _ = lrsim("run 'bowl([1, 20])' --start 10 0.05 --eta 0.5 --steps 600 --json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert code == cli.DIVERGED and found["diverged_at"] == 5 and found["final_loss"] is None
    assert len(found["losses"]) == 601 and found["losses"][0] == 50.025


def test_run_takes_schedules_optimizers_and_noise(lrsim):
    line = "run 'quadratic([[2, 1], [1, 2]])' --start 1 2 --eta 'warmup(5, then=cosine(0.1, 20))' --steps 25"
    code, out, _ = lrsim(f"{line} --optimizer 'heavy_ball(beta=0.5)' --noise 0.1 --seed 4 --json")
    run = descend(
        landscapes.quadratic([[2, 1], [1, 2]]), [1, 2], schedules.warmup(5, schedules.cosine(0.1, 20)), 25,
        optimizer=optimizers.heavy_ball(0.5), noise=0.1, seed=4,
    )  # fmt: skip
    assert code == cli.FINE and json.loads(out)["losses"] == run.losses.tolist()


def test_threshold(lrsim):
    assert lrsim("threshold 'bowl([1, 20])' --json")[1] == (
        '{"sharpness": 20.0, "threshold": 0.1, "optimal_eta": ' + str(2 / 21) + "}\n"
    )
    assert "threshold  0.0678571" in lrsim("threshold 20 --optimizer 'nesterov(0.9)'")[1]
    assert lrsim("threshold -5")[1] == "sharpness  -5\nthreshold  inf\n"
    at = json.loads(lrsim("threshold 'double_well()' --at 1 --json")[1])
    assert at["threshold"] == pytest.approx(1) and "optimal_eta" not in at
    assert json.loads(lrsim("threshold 'double_well()' --at 0 --json")[1])["threshold"] is None
    assert "inf" in lrsim("threshold 'double_well()' --at 0")[1]


def test_sweep_equals_single_runs(lrsim):
    code, out, _ = lrsim("sweep 'bowl([1, 20])' --start 10 0.05 --eta 0 0.2 --points 41 --steps 50 --csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == cli.FINE and len(rows) == 41
    for row in rows:
        run = descend(landscapes.bowl([1, 20]), [10, 0.05], float(row["eta"]), 50)
        assert float(row["final_loss"]) == pytest.approx(run.final_loss, rel=1e-12) and row["regime"] == run.regime
        assert row["diverged_at"] == ("" if run.diverged_at is None else str(run.diverged_at))
    short = lrsim("sweep 'bowl([1, 20])' --start 10 0.05 --eta 0.001 0.2 --points 1000 --steps 50 --log")[1]
    assert len(short.splitlines()) < 30 and "runs             1000" in short
    assert lrsim("sweep 20 --start 1 --eta 1 2 --steps 50")[0] == cli.DIVERGED


def test_a_long_sweep_draws_a_bar_on_a_terminal_and_stays_the_same(lrsim, monkeypatch):
    line = "sweep 'bowl([1, 20])' --start 10 0.05 --eta 0 0.2 --points 50 --steps 20 --csv"
    plain = lrsim(line)
    monkeypatch.setattr(_commands, "WORK", 100)
    assert lrsim(line) == plain
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    code, out, err = lrsim(line)
    assert (code, out) == plain[:2] and "█" in err and "%" in err


@pytest.mark.parametrize("terminal", [False, True])
def test_a_noisy_sweep_is_that_of_descend_whether_or_not_a_bar_would_be_drawn(lrsim, monkeypatch, terminal):
    """A run's noise hangs on its place in the sweep: in pieces each would begin at place 0 again."""
    monkeypatch.setattr(_commands, "WORK", 100)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    out = lrsim("sweep 'bowl([1, 20])' --start 10 0.05 --eta 0 0.09 --points 40 --steps 20 --noise 0.5 --seed 7 --csv")[
        1
    ]
    run = descend(landscapes.bowl([1, 20]), [10, 0.05], np.linspace(0, 0.09, 40), 20, noise=0.5, seed=7)
    assert [float(row["final_loss"]) for row in csv.DictReader(io.StringIO(out))] == run.final_loss.tolist()
    assert (
        lrsim("run 'bowl([1])' --start 1 --eta 0.1 --steps 9 --noise 1 --seed 1 --csv")[1]
        != (lrsim("run 'bowl([1])' --start 1 --eta 0.1 --steps 9 --noise 1 --seed 2 --csv")[1])
    )


CURVE = descend(landscapes.bowl([1, 20]), [10, 0.05], 0.105, 100).losses.tolist()
FORMS = {
    "one column": "\n".join(map(str, CURVE)),
    "with a heading": "loss\n" + "\n".join(map(str, CURVE)),
    "several columns": "step,Loss,eta\n" + "\n".join(f"{t},{v},0.1" for t, v in enumerate(CURVE)),
    "semicolons, quotes, comments": '# a run\n"step";"value"\n\n' + "\n".join(f"{t};{v}" for t, v in enumerate(CURVE)),
    "blanks": "epoch losses\n" + "\n".join(f"  {t}   {v}" for t, v in enumerate(CURVE)),
    "then overflow": "\n".join(map(str, [*CURVE, "inf", "nan", "NaN"])),
}


@pytest.mark.parametrize("form", FORMS)
def test_diagnose_reads_what_people_write(lrsim, tmp_path, form):
    path = tmp_path / "losses.csv"
    path.write_text(FORMS[form], encoding="utf-8-sig")
    line = "diagnose --every 1"
    for code, out, _ in (lrsim(f"{line} {path}"), lrsim(line, FORMS[form]), lrsim(f"{line} -", FORMS[form])):
        assert code == cli.DIVERGED and "from" in out and "ηλ ≈ 2.1 " in out and "more than 1.05" in out


def test_diagnose_takes_a_column_by_name_or_number(lrsim):
    table = "train,val\n" + "\n".join(f"{v},{2.0**-t}" for t, v in enumerate(CURVE[:50]))
    assert lrsim("diagnose --column val", table)[0] == cli.FINE
    assert lrsim("diagnose --column 1", table)[0] == cli.DIVERGED
    found = json.loads(lrsim("diagnose --column VAL --json --every 1", table)[1])
    assert found["shape"] == "falling" and sum(found["eta_lambda"]) == pytest.approx(2)
    assert "shape,turn,convex" in lrsim("diagnose --column 2 --csv", table)[1]


def test_what_run_writes_diagnose_reads(lrsim):
    out = lrsim(f"{RUN} --csv")[1]
    assert lrsim("diagnose", out)[0] == cli.DIVERGED


def test_exit_codes(lrsim):
    assert lrsim("run 1 --start 1 --eta 1.5 --steps 50")[0] == 0
    assert lrsim("run 1 --start 1 --eta 2.5 --steps 50")[0] == 1
    assert lrsim("run 1 --start 1 --eta -1 --steps 50")[0] == 2
    assert lrsim("diagnose", "3\n2\n1\n")[0] == 3


@pytest.mark.parametrize(
    ("line", "typed", "said"),
    [
        ("", "", "required"),
        ("walk", "", "invalid choice: 'walk'"),
        ("run 'bowl([1])' --start 1", "", "--eta"),
        ("run 'bowl([1])' --start one --eta 1", "", "coordinates must be numbers, got 'one'"),
        ("run 'bowl([1])' --start 1 2 --eta 1", "", "start must have 1 coordinate on"),
        ("run 'bowl([1])' --start 1 --eta -1", "", "eta must be >= 0, got -1"),
        ("diagnose - --every 0", "3\n2\n1\n1\n", "--every must be >= 1, got 0"),
        ("diagnose - --optimizer 'adam(lr=1)'", "", "--optimizer: adam() got an unexpected"),
        ("run 'bowl([1])' --start 1 --eta 'constant([1, 2])'", "", "lrsim sweep"),
        ("run 'bowl([1])' --start 1 --eta 'cosine(1)'", "", "steps"),
        ("run 'bowl([1])' --start 1 --eta 1/0", "", "divides by zero"),
        ("run 'bowl([1])' --start 1 --eta 'step'", "", "neither a number nor a call such as 'cosine(0.1, 90)'"),
        ("run 'bowl([-1])' --start 1 --eta 1", "", "eigenvalues must be >= 0, got -1"),
        ("run 'bowl([1]' --start 1 --eta 1", "", "neither a number nor a call such as 'bowl([1, 20])'"),
        ("run 'dish([1])' --start 1 --eta 1", "", "dish is unknown; there are beale, bowl"),
        ("run \"__import__('os').getcwd()\" --start 1 --eta 1", "", "neither a number nor a call"),
        ("run \"from_functions('x')\" --start 1 --eta 1", "", "loss must be a function"),
        ("run 'bowl([1])' --start 1 --eta 1 --steps 2.5", "", "--steps"),
        ("run 'bowl([1])' --start 1 --eta 1 --steps -1", "", "steps must be >= 0, got -1"),
        ("run 'bowl([1])' --start 1 --eta 1 --steps 100000000000", "", "2 GiB"),
        ("run 'bowl([1])' --start 1 --eta 1 --optimizer 'adam(2)'", "", "beta1"),
        ("run 'bowl([1])' --start 1 --eta 1 --json --csv", "", "not allowed with"),
        ("threshold 'beale()'", "", "--at must give the point"),
        ("threshold 20 --optimizer 20", "", "optimizer must be one made by lrsim.optimizers"),
        ("sweep 1 --start 1 --eta 0 1 --log", "", "eta must be > 0 for --log"),
        ("sweep 1 --start 1 --eta 0 nan", "", "eta must be finite, got nan"),
        ("sweep 1 --start 1 --eta 0 1 --points 0", "", "points must be >= 1, got 0"),
        ("diagnose /nowhere/losses.csv", "", "No such file"),
        ("diagnose", "", "the input holds no numbers"),
        ("diagnose", "loss\n", "the input holds no numbers"),
        ("diagnose", "1.5,2\n3,4\n", "2 columns without headings: say which with --column"),
        ("diagnose", "a,b\n3,4\n", "columns a, b: say which with --column"),
        ("diagnose --step s", "a,loss\n3,4\n", "standard input: --step s is not there"),
        ("diagnose --column c", "a,b\n3,4\n", "--column c is not there; the input has columns a, b"),
        ("diagnose", "1\n2\nthree\n", "line 3 has 'three' where a number was needed"),
        ("diagnose --column 2", "1,2\n3\n4,5\n", "line 2 has 1 columns and line 1 2"),
    ],
)
def test_an_error_is_one_line_that_says_what_was_needed(lrsim, line, typed, said):
    code, out, err = lrsim(line, typed)
    assert code == cli.BAD_INPUT and not out
    assert err.startswith("lrsim: ") and err.count("\n") == 1 and said in err


@pytest.mark.parametrize("eta", ["cosine(0.05, 90) * 2", "2 * cosine(0.05, 90)", "0.5 * (cosine(0.05, 90) * 4)"])
def test_a_schedule_times_a_number_is_a_schedule(lrsim, eta):
    assert lrsim(f"run 1 --start 1 --eta '{eta}' --csv") == lrsim("run 1 --start 1 --eta 'cosine(0.1, 90)' --csv")


@pytest.mark.parametrize(
    ("eta", "said"),
    [
        ("cosine(0.1, 9) * [1, 2]", "'[1, 2]' must be a number"),
        ("cosine(0.1, 9) * cosine(0.1, 9)", "'cosine(0.1, 9)' must be a number"),
        ("cosine(0.1, 9) / 2", "'cosine(0.1, 9)' must be a number"),
        ("[0.1] * 3", "'[0.1]' must be a number"),
        ("cosine(0.1, 9) * -1", "by must be >= 0, got -1"),
        ("0,1", "--eta must be a number, got '0,1': write decimal points"),
    ],
)
def test_other_products_and_decimal_commas_are_refused(lrsim, eta, said):
    code, _, err = lrsim(f"run 1 --start 1 --eta '{eta}'")
    assert code == cli.BAD_INPUT and said in err
    code, _, err = lrsim("run '2 * bowl([1])' --start 1 --eta 1")
    assert code == cli.BAD_INPUT and "'bowl([1])' must be a number" in err


def test_a_file_that_is_no_text_is_named(lrsim, tmp_path):
    (tmp_path / "losses.npy").write_bytes(b"\x93NUMPY\x00\xff")
    code, _, err = lrsim(f"diagnose {tmp_path / 'losses.npy'}")
    assert code == cli.BAD_INPUT and "losses.npy must be text" in err


def test_help_shows_examples_that_work(lrsim, capsys, tmp_path, monkeypatch):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert stopped.value.code == 0 and "exit codes:" in shown
    monkeypatch.chdir(tmp_path)
    Path("losses.csv").write_text(FORMS["one column"])
    examples = [line.strip() for line in shown.splitlines() if line.startswith("  lrsim ")]
    assert len(examples) >= 6
    for example in examples:
        code, _, err = lrsim(example.removeprefix("lrsim ").split(" > ")[0])
        assert code in (cli.FINE, cli.DIVERGED) and not err, example


def test_what_the_docstring_prints(lrsim):
    said = cli.main.__doc__.split(">>> ")[1].splitlines()[1:-2]
    assert lrsim("threshold 'bowl([1, 20])'")[1].splitlines() == [line.strip() for line in said]


@pytest.mark.parametrize(
    "made", [schedules.inverse_time(0.2, k=0.1), schedules.cosine(0.1, 90), schedules.table([0.1, 0.2])]
)
def test_a_repr_can_be_given_back(made):
    assert _expressions.evaluate(repr(made), schedules) == made


@given(st.text(alphabet="bowl([1, 20])*-+/.'e_x:{}", max_size=14))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fuzz_expressions_end_in_a_value_or_a_documented_error(text):
    with contextlib.suppress(ValueError, TypeError):
        _expressions.evaluate(text, landscapes)


@given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_column_survives_the_journey_through_text(values):
    np.testing.assert_array_equal(logs.read(io.StringIO("".join(f"{v!r}\n" for v in values))).losses, values)


def test_json_is_strict():
    assert _text.jsonable({"a": np.array([1.0, math.inf]), "b": (math.nan, np.int64(3), None)}) == {
        "a": [1.0, None],
        "b": [None, 3, None],
    }


@pytest.mark.slow
def test_as_a_program_with_a_reader_that_leaves_early():
    line = f"{sys.executable} -m lrsim run 'bowl([1, 20])' --start 10 0.05 --eta 0.05 --steps 50000 --csv | head -2"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert ran.stdout.count("\n") == 2 and not ran.stderr


def test_list_shows_calls_that_may_be_typed(capsys):
    assert cli.main(["list", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["room"] for row in rows} == {"landscapes", "schedules", "optimizers"}
    for room in (landscapes, schedules, optimizers):
        shown = [row for row in rows if f"lrsim.{row['room']}" == room.__name__]
        made = _examples.made(room)
        assert all(_expressions.evaluate(row["call"], room) == made[row["call"]] for row in shown)
        assert {row["name"] for row in shown} == set(_examples.of(room)) - {"from_functions"}
    assert cli.main(["list", "optimizers"]) == 0
    assert capsys.readouterr().out.startswith("adam()\n")
    assert cli.main(["list", "rooms"]) == 2
