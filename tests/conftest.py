"""Hypothesis draws new problems at every run by hand, and the same ones in CI, where a surprise would tell nobody."""

import os

from hypothesis import settings

settings.register_profile("hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "hand")

collect_ignore = ["typed", "mutants.py"]  # scripts, not tests; doctests are looked for in every file
