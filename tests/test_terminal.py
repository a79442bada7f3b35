"""What was typed and what a terminal can take: numbers for every option, errors in its words, any encoding, limits."""

import io
import os
import subprocess
import sys

import pytest

from lrsim import __main__ as cli
from lrsim import _commands, _expressions, landscapes

WAYS = {  # an option to what is typed around its value
    "--eta": ["run", "1", "--start", "1", "--steps", "2", "--eta", ...],
    "--start": ["run", "1", "--eta", ".1", "--steps", "2", "--start", ...],
    "--noise": ["run", "1", "--start", "1", "--steps", "2", "--eta", ".1", "--noise", ...],
    "--eta of a sweep": ["sweep", "1", "--start", "1", "--steps", "2", "--points", "2", "--eta", "0", ...],
    "--at": ["threshold", "double_well()", "--at", ...],
    "landscape": ["threshold", ...],
}
WHOLE = {
    "--steps": ["run", "1", "--start", "1", "--eta", ".1", "--steps", ...],
    "--seed": ["run", "1", "--start", "1", "--eta", ".1", "--steps", "2", "--seed", ...],
    "--points": ["sweep", "1", "--start", "1", "--eta", "0", "1", "--steps", "2", "--points", ...],
}
ALL = WAYS | WHOLE


def typed(words, value):
    return cli.main([value if word is ... else word for word in words])


@pytest.mark.parametrize("value", [".5", "5.", "+0.1", "1e-3", "+1E-3"])
@pytest.mark.parametrize("option", WAYS)
def test_every_way_to_write_a_number_is_taken_by_every_option(option, value, capsys):
    assert typed(WAYS[option], value) in (cli.FINE, cli.DIVERGED) and not capsys.readouterr().err


@pytest.mark.parametrize("value", ["-1e-3", "-.5", "-5.", "-1.2E+0", "-1"])
@pytest.mark.parametrize("option", WAYS)
def test_a_negative_number_is_no_option(option, value, capsys):
    code, err = typed(WAYS[option], value), capsys.readouterr().err
    if option in ("--start", "--at", "landscape"):
        assert code == cli.FINE and not err
    else:
        assert code == cli.BAD_INPUT and err.startswith(f"lrsim: {option.split()[0]} must be >= 0, got -")


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-inf", "1e400", "-1e400", "1e-400", "1_5", "1,5x", "x", "", "１", "0,5"]
)
@pytest.mark.parametrize("option", ALL)
def test_what_is_no_finite_number_is_refused_by_the_name_of_the_option(option, value, capsys):
    assert typed(ALL[option], value) == cli.BAD_INPUT
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1 and err.startswith(f"lrsim: {option.split()[0]}")


@pytest.mark.parametrize("value", ["1.0", "1e3", "9" * 50, "-1", "٣"])
@pytest.mark.parametrize("option", WHOLE)
def test_a_count_is_whole(option, value, capsys):
    assert typed(WHOLE[option], value) == cli.BAD_INPUT
    assert capsys.readouterr().err.startswith(f"lrsim: {option} must be ")


def test_a_point_is_numbers_between_blanks_or_commas_not_both(capsys):
    line = ["threshold", "rosenbrock()", "--at"]
    answers = set()
    for point in (["-1e0", "2.5"], ["-1e0,2.5"], ["-1e0,", "2.5"], ["-1 2.5"]):
        assert cli.main([*line, *point]) == cli.FINE
        answers.add(capsys.readouterr().out)
    assert len(answers) == 1
    for point in (["1,5", "2,5"], ["1,762 2"], ["1,,2"], ["1;2"]):
        assert cli.main([*line, *point]) == cli.BAD_INPUT
        assert "--at: coordinates must be numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["run", "bowl([1, 2])", "--start", "1", "--eta", ".1"], "--start must have 2 coordinates"),
        (["threshold", "bowl([1, 2])", "--at", "1"], "--at must have 2 coordinates"),
        (["run", "1", "--start", "1", "--eta", "cosine(0.1, -5)"], "--eta: steps must be >= 1, got -5"),
        (["run", "1", "--start", "1", "--eta", "table([.1])", "--steps", "3"], "--eta: step must be below 1"),
        (["run", "1", "--start", "1", "--eta", ".1", "--steps", "999999999999"], "--steps of 999999999999 would take"),
        (["run", "1", "--start", "1", "--eta", ".1", "--optimizer", "0.9"], "--optimizer must be one "),
        (["run", "bowl([-1])", "--start", "1", "--eta", ".1"], "landscape: eigenvalues must be >= 0"),
        (["run", "[1, 20]", "--start", "1", "--eta", ".1"], "landscape must be a call such as"),
        (["sweep", "1", "--start", "1", "--eta", "0", "1", "--points", "9999999"], "--points must be at most 1e+06"),
        (["threshold", "rosenbrock()", "--at", "1e200", "1"], "must be finite at the point given"),
    ],
)
def test_an_error_names_what_was_typed(line, said, capsys):
    assert cli.main(line) == cli.BAD_INPUT
    err = capsys.readouterr().err
    assert said in err and "record" not in err and err.count("\n") == 1


HOSTILE = {
    "deep in brackets": "[" * 5000 + "]" * 5000,
    "deep in calls": "bowl(" * 150 + ")" * 150,
    "deep in signs": "bowl([" + "-" * 50_000 + "1])",
    "a long sum": "1+" * 20_000 + "1",
    "a sum that Python still reads": "1+" * 2000 + "1",
    "a million characters": "1" * 10**6,
    "a long name": "a" * 50_000 + "()",
    "more digits than Python converts": "9" * 5000,
    "a whole number beyond float64": f"bowl([{'9' * 400}])",
    "a product beyond float64": "1e200 * 1e200",
    "a power": "9**9**9",
    "a list, many times": "bowl([1] * 10**9)",
    "a list, a billion times": "bowl([1] * 1000000000)",
    "a string, many times": "bowl('1' * 1000000000)",
    "a keyword twice": "bowl([1], angle=1, angle=2)",
    "keywords from nowhere": "bowl(**{})",
    "arguments from nowhere": "bowl(*[[1]])",
    "an attribute": "bowl.__globals__",
    "a NUL": "bowl([1])\0",
    "half a character": "bowl([\udcff])",
    "a complex number": "bowl([1j])",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_expression_is_bounded_in_depth_length_time_and_memory(kind, capsys):
    assert cli.main(["threshold", HOSTILE[kind]]) == cli.BAD_INPUT
    out, err = capsys.readouterr()
    assert not out and err.startswith("lrsim: landscape") and len(err) < 400 and err.count("\n") == 1
    assert all(character.isprintable() for character in err.rstrip("\n"))


def test_large_whole_numbers_are_numbers():
    assert _expressions.evaluate("bowl([10000000000 * 10000000000])", landscapes) == landscapes.bowl([1e20])


@pytest.mark.parametrize("word", ["\x1b[31mred", "bell\x07", "\x9b1m", "a\nb", "\u202eback", "\udcff"])
@pytest.mark.parametrize("option", ALL)
def test_no_byte_that_a_terminal_obeys_is_echoed(option, word, capsys):
    assert typed(ALL[option], word) == cli.BAD_INPUT
    assert all(character.isprintable() for character in capsys.readouterr().err.rstrip("\n"))


CURVE = "2.31 1.762 1.451 1.303 1.299 1.479 1.981 3.133 5.662 11.149".replace(" ", "\n")


@pytest.mark.parametrize("coding", ["cp1252", "ascii", "cp437", "latin-1", "utf-8"])
def test_output_fits_any_encoding_and_the_streams_are_left_as_they_were(coding, monkeypatch):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=coding) for _ in range(2))
    for name, stream in (("stdin", io.StringIO(CURVE)), ("stdout", out), ("stderr", err)):
        monkeypatch.setattr(sys, name, stream)
    assert cli.main(["diagnose", "--every", "1"]) == cli.DIVERGED
    assert cli.main(["threshold", "η∞\udcff"]) == cli.BAD_INPUT
    with pytest.raises(SystemExit):
        cli.main(["run", "--help"])
    shown = out.buffer.getvalue().decode(coding)
    assert ("ηλ ≈ 2.473" if coding == "utf-8" else "2.473") in shown and err.buffer.getvalue()
    if coding in ("cp1252", "ascii", "latin-1"):
        assert "eta*lambda ~ 2.473 (" in shown and "sigma of Gaussian" in shown
    assert out.errors == err.errors == "strict"


def test_a_fault_of_the_program_is_no_divergence(capsys, monkeypatch):
    for fault in (
        OverflowError("too large"),
        RecursionError("too deep"),
        KeyError("x"),
        MemoryError(),
        ZeroDivisionError(),
    ):
        monkeypatch.setattr(_commands, "descend", lambda *_, fault=fault, **__: (_ for _ in ()).throw(fault))
        assert cli.main(["run", "1", "--start", "1", "--eta", "1"]) == cli.BAD_INPUT
        assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setattr(_commands, "descend", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert cli.main(["run", "1", "--start", "1", "--eta", "1"]) == 130


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a POSIX shell does")
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("threshold 20 >&-", 2, "lrsim: standard output is closed"),
        ("threshold 20 > /dev/full", 2, "lrsim: standard output: No space left on device"),
        ("run 2 --start 1 --eta 1.5 --steps 30000 --csv | true; exit ${PIPESTATUS[0]}", 0, ""),
        ("--help | true; exit ${PIPESTATUS[0]}", 0, ""),
        ("threshold x >&- 2>&-", 2, ""),
        ("diagnose <&-", 2, "lrsim: standard input is closed"),
    ],
)
def test_closed_and_full_streams_are_no_traceback(line, code, said):
    ran = subprocess.run(["bash", "-c", f"{sys.executable} -m lrsim {line}"], capture_output=True, text=True)
    assert ran.returncode == code and ran.stderr.startswith(said) and ran.stderr.count("\n") == bool(said)
