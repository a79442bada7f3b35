"""Between the program and whoever typed the command: options, errors in their words, what their terminal can show."""

import argparse
import codecs
import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

FINE, BAD_INPUT, STOPPED = 0, 2, 130
GREEK = {"η": "eta", "λ": "lambda", "σ": "sigma", "κ": "kappa", "β": "beta", "∇": "grad"}
SPELT = GREEK | {"≈": "~", "→": "->", "∞": "inf", "√": "sqrt", "≥": ">=", "≤": "<=", "₀": "0", "█": "#", "−": "-"}
# What the library calls an argument, and what was typed here.
TYPED = {name: f"--{name}" for name in ("eta", "start", "steps", "noise", "seed", "optimizer", "points", "every")}
TYPED |= {"etas": "--eta", "w": "--start", "landscape_or_gradient": "landscape", "step": "--eta: step"}


class Refused(ValueError):
    """Bad input, in a message that already names what was typed."""


def about(what: str, said: str) -> str:
    """An error that opens with what it is about."""
    return f"{what} {said}" if said.startswith(("must ", "is ")) else f"{what}: {said}"


class Parser(argparse.ArgumentParser):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Before Python 3.14 -1e-3 passes for an option, and -inf and -(1/2) still do; no option of ours begins so.
        self._negative_number_matcher = re.compile(r"-(\.?\d|\(|inf|nan)", re.IGNORECASE)

    def error(self, message: str) -> NoReturn:
        raise Refused(re.sub(r"^argument ([^:]+):(?= must)", r"\1", message).removeprefix("argument "))


def typed(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """For argparse, which keeps only the words of its own kind of error."""

    def value(text: str) -> Any:
        try:
            return read(text)
        except (ValueError, TypeError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return value


def answer(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> int:
    """The exit code of the command that was typed; errors become one line on standard error."""
    with _spelling(sys.stdout, sys.stderr):
        given = argparse.Namespace()
        try:
            try:
                parser.parse_args(argv, given)
                if sys.stdout is None:
                    raise Refused("standard output is closed: there is nowhere to write to")
                return given.command(given)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except BrokenPipeError:  # the reader, such as head, has had enough
            _drop_output()
            return FINE
        except KeyboardInterrupt:
            _complain("stopped", before="\n")
            return STOPPED
        except Exception as error:  # a traceback would end in 1, which says that something diverges
            _drop_output()
            _complain(_said(error, given))
            return BAD_INPUT


def _said(error: Exception, given: argparse.Namespace) -> str:
    """The error in the words of whoever typed the command: options for the library's arguments."""
    said = str(error) or type(error).__name__
    if isinstance(error, Refused):
        return said
    if isinstance(error, OSError):
        return f"{error.filename or 'standard output'}: {error.strerror or said}"
    if isinstance(error, MemoryError):
        return f"not enough memory: {said}"
    if not isinstance(error, (ValueError, TypeError, FloatingPointError)):
        return f"{type(error).__name__}: {said}"
    said = re.sub(r"^steps=(\d+) with record=\S+ (would .* is the most); .*", r"steps of \1 \2; take fewer", said)
    said = re.sub(r" at w\b", " at the point given", said)
    name = said.split(" ")[0]
    typed = "--at" if name == "w" and hasattr(given, "at") else TYPED.get(name, name)
    return typed + said.removeprefix(name)


def _complain(said: str, before: str = "") -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(f"{before}lrsim: {_printable(said)}", file=sys.stderr, flush=True)


def _drop_output() -> None:
    """What cannot be written any more would be tried again, and complained of, as Python ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _spell(error: UnicodeError) -> tuple[str, int]:
    """What takes the place of a character that the output's encoding lacks, as cp1252 lacks Greek."""
    assert isinstance(error, UnicodeEncodeError)
    at = error.start
    character, before = error.object[at], error.object[at - 1 : at]
    times = "*" if character in GREEK and before in GREEK else ""
    return times + SPELT.get(character, f"\\u{ord(character):04x}"), at + 1


codecs.register_error("lrsim.spell", _spell)


@contextlib.contextmanager
def _spelling(*streams: Any) -> Iterator[None]:
    """While it lasts the streams take every character, whatever their encoding."""
    able = [(stream, stream.errors) for stream in streams if hasattr(stream, "reconfigure") and not stream.closed]
    for stream, _ in able:
        stream.reconfigure(errors="lrsim.spell")
    try:
        yield
    finally:
        for stream, errors in able:
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors=errors)


def _printable(text: str) -> str:
    """One line, in which what a terminal would obey stands as an escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
