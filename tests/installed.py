"""Run by `make package`: every doctest of an installed lrsim, where there is numpy and nothing else."""

import doctest
import importlib
import pkgutil
import sys

import lrsim

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def main() -> int:
    assert lrsim.__file__.startswith(sys.prefix), f"not the installed one: {lrsim.__file__}"
    failed = tried = 0
    for found in pkgutil.walk_packages(lrsim.__path__, "lrsim.", onerror=lambda name: None):
        try:
            module = importlib.import_module(found.name)
        except ImportError as error:
            absent = error.__cause__ or error
            if not isinstance(absent, ModuleNotFoundError) or (absent.name or "").startswith("lrsim"):
                raise
            continue  # it is for a framework that lrsim does not bring
        done = doctest.testmod(module, optionflags=FLAGS)
        failed, tried = failed + done.failed, tried + done.attempted
    print(f"lrsim {lrsim.__version__} on Python {sys.version.split()[0]}: {tried - failed} of {tried} examples hold")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
