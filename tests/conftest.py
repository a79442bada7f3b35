"""Hypothesis draws new problems at every run by hand, and the same ones in CI, where a surprise would tell nobody."""

import io
import os
import shlex
import sys

import pytest
from hypothesis import settings

from lrsim.__main__ import main

settings.register_profile("hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "hand")

collect_ignore = ["typed"]  # scripts, not tests; doctests are looked for in every file


@pytest.fixture
def lrsim(capsys, monkeypatch):
    """lrsim(line, typed) -> exit code, standard output, standard error."""

    def call(line, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(shlex.split(line))
        return code, *capsys.readouterr()

    return call
