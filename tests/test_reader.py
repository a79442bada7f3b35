"""The browser's reader reads what lrsim reads and answers what lrsim answers: the same text, in Python and in Node."""

import io
import json

import numpy as np

from lrsim import logs
from tests import test_logs as cases
from tests.test_kernel import node, numbers

OPTIONS = [{}, {"column": "2"}, {"column": "Loss", "step": "1"}, {"rate": "lr"}, {"column": "nothing"}]


def given(test):
    """What a test of the logs is parametrised with."""
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


def texts():
    """(name, text, options) of everything that the tests of `logs.read` read."""
    for path in sorted(cases.FILES.iterdir()):
        for options in OPTIONS[:1] if path.suffix not in (".csv", ".jsonl") else OPTIONS:
            yield f"{path.name} {options}", path.read_text(encoding="utf-8-sig"), options
    for name, text in (cases.DOCUMENTS | cases.LINES | cases.TABLES | cases.WORDS).items():
        for options in OPTIONS:
            yield f"{name} {options}", text, options
    for text, options, _ in given(cases.test_what_is_no_log_is_refused_in_words):
        yield f"refused {text!r}", text, options
    for text, _, _ in given(cases.test_where_rows_stand):
        yield f"stands {text!r}", text, {}


def spoilt(rng, text):
    """A text with a few characters changed, as files that were edited or cut short are."""
    for _ in range(rng.integers(1, 4)):
        at, more = int(rng.integers(len(text) + 1)), rng.choice(list("0159.,;:|\t\n \"'-#eE{}[]nan/_x"))
        text = rng.choice([text[:at] + more + text[at + 1 :], text[:at] + more + text[at:], text[:at], text[at:]])
    return str(text)


def by_lrsim(text, options):
    try:
        return logs.read(io.StringIO(text), **options)
    except ValueError as error:
        return str(error)


def by_the_browser(every):
    done = node("reading.mjs", json.dumps([[text, options] for _, text, options in every]))
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def assert_same(name, text, options, answer):
    log = by_lrsim(text, options)
    if isinstance(log, str):
        assert answer.get("refused") == log, name
        return
    assert "refused" not in answer, (name, answer)
    assert answer["said"] == str(log), name
    assert (answer["column"], answer["row"], answer["leftOut"]) == (log.column, log.row, list(log.left_out)), name
    for key in ("losses", "steps", "rates"):
        expected = getattr(log, key)
        assert (answer[key] is None) == (expected is None), name
        if expected is not None:
            np.testing.assert_array_equal(numbers(answer[key]), expected, err_msg=name)


def test_the_browser_reads_what_lrsim_reads():
    """To the last bit, and with the same words where it is refused."""
    every = list(texts())
    for (name, text, options), answer in zip(every, by_the_browser(every), strict=True):
        assert_same(name, text, options, answer)


def test_the_browser_reads_spoilt_texts_as_lrsim_does():
    rng = np.random.default_rng(1)
    short = [one for one in texts() if len(one[1]) < 3000]
    every = [(f"{name} spoilt", spoilt(rng, text), options) for name, text, options in short]
    for (name, text, options), answer in zip(every, by_the_browser(every), strict=True):
        assert_same(f"{name} {text!r}", text, options, answer)
