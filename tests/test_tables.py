"""Tables that people's programs write: read as meant, or refused with what was seen; never a wrong number."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsim import __main__ as cli
from lrsim import logs

LOSSES = [2.31, 1.762, 1.451, 1.303, 1.251]
COMMAS = [str(loss).replace(".", ",") for loss in LOSSES]


def table(heading, row, values):
    return "\n".join([*([heading] if heading else []), *(row.format(step, value) for step, value in enumerate(values))])


READ = {
    "decimal commas, semicolons": table("step;loss", "{};{}", COMMAS),
    "decimal commas, tabs": table("step\tloss", "{}\t{}", COMMAS),
    "decimal commas, blanks": table("step   loss", "{:4} {:>6}", COMMAS),
    "decimal commas, bars": table("step | loss", "{} | {}", COMMAS),
    "decimal commas, quoted": table("step,loss", '{},"{}"', COMMAS),
    "decimal commas, quoted, one column": table("loss", '"{1}"', COMMAS),
    "decimal commas with thousandths, which 0,001 elsewhere decides": table("lr;loss", "0,001;{1}", COMMAS),
    "padded": table(" step , loss ", " {} , {} ", LOSSES),
    "aligned": table("  step    loss", "{:6} {:7}", LOSSES),
    "exponents": table("loss", "{1:+.3E}", LOSSES),
    "quoted commas in a note": table("step,loss,note", '{},{},"slow, but sure"', LOSSES),
    "semicolons in a note": table("step,loss,note", "{},{},slow; sure", LOSSES),
    "times with a blank": table("time,loss", "2026-11-25 12:00:0{},{}", LOSSES),
    "an index without a heading": table(",loss", "{},{}", LOSSES),
    "a heading of two words": table("train loss", "{1}", LOSSES),
    "thousands in another column": table("tokens,loss", '"1,024",{1}', LOSSES),
    "blank cells between": table("step,loss,val", "{0},{1},\n{0},,2.5", LOSSES),
    "blank cells first": "step,loss\n0,\n1,\n" + table("", "{},{}", LOSSES),
    "rows of blank cells": table("step,loss", "{},{}\n,", LOSSES),
    "a hint for spreadsheets": "sep=;\n" + table("step;loss", "{};{}", COMMAS),
    "comments": "# step loss\n" + table("loss", "{1}\n# and on", LOSSES),
    "one column, no heading": table("", "{1}", LOSSES),
}


@pytest.mark.parametrize("kind", READ)
def test_a_table_is_read_as_it_was_meant(kind):
    np.testing.assert_array_equal(logs.read(io.StringIO(READ[kind])).losses, LOSSES)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_have_any_line_ends_and_a_byte_order_mark(tmp_path, coding, ends):
    path = tmp_path / "losses.csv"
    path.write_bytes(table("étape;loss", "{};{}", COMMAS).replace("\n", ends).encode(coding))
    np.testing.assert_array_equal(logs.read(path).losses, LOSSES)


REFUSED = {
    "one column of decimal commas": (table("", "{1}", COMMAS), None, "decimal commas"),
    "the same, first asked for": (table("", "{1}", COMMAS), "1", "decimal commas"),
    "the same, second asked for": (table("", "{1}", COMMAS), "2", "decimal commas"),
    "the same with a heading": (table("loss", "{1}", COMMAS), None, "line 2 has 2 columns and line 1 1"),
    "decimal commas with an exponent": ("2,31e-1\n1,7e-1\n", "2", "decimal commas"),
    "decimal commas between commas": (table("step,loss", "{},{}", COMMAS), None, "line 2 has 3 columns and line 1 2"),
    "the same without a heading": (table("", "{},{}", COMMAS), "2", "decimal commas"),
    "thousands, or three decimals": (
        'loss\n"1,762"\n"1,451"\n"999"\n',
        None,
        "it may have a decimal comma or",
    ),
    "thousands between semicolons": ("step;loss\n0;1,762\n1;1,451\n", None, "thousands separator"),
    "thousands and points": ('loss\n"1,762.5"\n"1,451.5"\n', None, "line 2 has '1,762.5'"),
    "thousands in points": ("step;loss\n0;1.762,5\n1;1.451,5\n", None, "line 2 has '1.762,5'"),
    "thousands in blanks": ("1 762\n1 451\n", "2", "thousands"),
    "thousands in apostrophes": ("1'762\n1'451\n", None, 'line 1 has "1\'762"'),
    "commas and points": ("loss;val\n2,31;1.5\n1,76;1.25\n", "loss", "'2,31' and '1.5' in one table"),
    "thousands in points, decimal commas elsewhere": ("t;loss\n0,5;1.762\n1,5;1.451\n", None, "in one table"),
    "three digits after points and commas": ("t;loss\n1,024;1.762\n2,048;1.451\n", None, "in one table"),
    "an underscore, not a heading": ("1_5\n2.3\n1.2\n", None, "line 1 has '1_5'"),
    "hexadecimal": ("0x10\n0x9\n", None, "line 1 has '0x10'"),
    "percent": ("loss\n23%\n12%\n", None, "line 2 has '23%'"),
    "digits of other scripts": ("٢\n١\n", None, "line 1 has '٢'"),
    "a heading twice": ("loss,loss\n1,2.5\n3,4\n", "loss", "--column loss is there 2 times: give its number"),
    "no heading asked for": (",loss\n0,2.5\n", "", "--column  is not there"),
    "nothing but blanks": ("step,loss\n0,\n1,\n", None, "holds no numbers"),
    "a cell missing among blanks": ("step loss lr\n0 2.3 0.1\n1 0.1\n", "loss", "line 3 has 2 columns and line 1 3"),
    "an open quote": ('step,loss\n0,"2.3\n1,1.2\n', None, "cannot be read: unexpected end of data"),
    "words": ("hello, world\n", None, "holds no numbers"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_may_mean_two_things_or_nothing_is_refused(kind, capsys, monkeypatch):
    text, wanted, said = REFUSED[kind]
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert cli.main(["diagnose", *([] if wanted is None else ["--column", wanted])]) == cli.BAD_INPUT
    out, err = capsys.readouterr()
    assert not out and err.startswith("lrsim: standard input: ") and err.count("\n") == 1 and said in err


@given(st.text(alphabet="0123,.;\t \"'-e\nlos#_", max_size=40), st.sampled_from([None, "1", "2", "loss"]))
@settings(max_examples=400, deadline=None)
def test_fuzz_any_text_ends_in_numbers_or_a_refusal(text, wanted):
    try:
        found = logs.read(io.StringIO(text), wanted).losses
    except ValueError:
        return
    assert found.dtype == np.float64 and found.ndim == 1 and found.size


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=9), st.sampled_from(";\t| "))
@settings(max_examples=200, deadline=None)
def test_decimal_commas_are_read_or_refused_never_misread(values, mark):
    lines = [f"step{mark}loss", *(f"{i}{mark}{value!r}".replace(".", ",") for i, value in enumerate(values))]
    try:
        found = logs.read(io.StringIO("\n".join(lines))).losses
    except ValueError as error:
        assert "thousands" in str(error)
    else:
        np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize(
    "data", [b"\x93NUMPY\x00\xff", b"\xff\xfe\x00", b"loss\n\xfc\n", "loss\n2\n".encode("utf-16-be"), b"\0" * 99]
)
def test_bytes_that_are_no_text_are_refused_by_the_files_name(data, tmp_path, capsys):
    path = tmp_path / "a\x1b[31m\n.log"
    path.write_bytes(data)
    assert cli.main(["diagnose", str(path)]) == cli.BAD_INPUT
    err = capsys.readouterr().err
    assert "a\\x1b[31m\\n.log must be text" in err and err.count("\n") == 1 and "\x1b" not in err


def test_a_folder_and_endless_zeros_are_refused_at_once(tmp_path, capsys):
    for path, said in ((tmp_path, "Is a directory"), ("/dev/zero", "must be text")):
        assert cli.main(["diagnose", str(path)]) == cli.BAD_INPUT
        assert f"lrsim: {path}" in (err := capsys.readouterr().err) and said in err
