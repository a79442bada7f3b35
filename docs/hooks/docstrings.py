"""The reference is made of docstrings, which are plain text: here they become Markdown."""

import ast
import re

from griffe import Extension

ASIDE = re.compile(r"(`[^`]*`|(?<![\w*])\*[a-z]+\*(?![\w*]))")  # code, and *stressed* words
RAISES = re.compile(r"^Raises:\n((?: +\S.*(?:\n|$))+)", re.MULTILINE)
ERROR = re.compile(r"(?:^|(?<=\. ))((?:\w+(?:Error|Executor)(?:, )?)+): ")
TYPED = re.compile(  # with what a keyboard has: a minus, a power, an order, the shape of a batch
    r"(?<=\S) - (?=\S)|(?<=[\d²α-ω)])-(?=[a-zα-ω](?![a-z]))|(?<=[a-zα-ω])-(?=1\b)"
    r"|(?<=\([a-z])-(?=[a-z]\W)|(?<=[(\[])-(?=[a-z])|->"
    r"|\b1e-(?=\d)|(?<= )[<>]=(?= )|(?<=,) (?=\*batch|d\))"
)
PAGES = re.compile(r"(\(\d{4}\)\s\d+)-(?=\d)")
SET = {
    " - ": "\N{NO-BREAK SPACE}−\N{NO-BREAK SPACE}",
    "-": "−",
    "1e-": "10^-",
    ">=": "≥",
    "->": "→",
    "<=": "≤",
    " ": "\N{NO-BREAK SPACE}",
}
EXAMPLE = re.compile(r"^>>>.*\n?(?:^(?!\s*$).*\n?)*", re.MULTILINE)


class Docstrings(Extension):
    """Examples become code, the stars of w* and (d, *batch) remain stars, and `Any`, which says nothing, goes."""

    def on_instance(self, *, obj, **kwargs):
        if obj.docstring:
            obj.docstring.value = markdown(obj.docstring.value)
        if obj.is_function:
            noted = [call for decorator in obj.decorators for call in examples(str(decorator.value))]
            if noted and obj.docstring:
                obj.docstring.value += "\n\nSuch as " + ", ".join(f"`{call}`" for call in noted) + ".\n"
            typed = [(part, "annotation") for part in obj.parameters] + [(obj, "returns")]
        else:
            typed = [(obj, "annotation")] if obj.is_attribute else []
        for part, name in typed:
            if str(getattr(part, name)) == "Any":
                setattr(part, name, None)


def examples(decorator):
    """The calls that a function of a room notes beside it."""
    found = ast.parse(decorator, mode="eval").body
    noted = isinstance(found, ast.Call) and getattr(found.func, "id", "") == "examples"
    return [ast.literal_eval(call) for call in found.args] if noted else []


def markdown(text):
    parts, end = [], 0
    for example in EXAMPLE.finditer(text):
        parts += [_plain(text[end : example.start()]), _block(example[0])]
        end = example.end()
    return "".join([*parts, _plain(text[end:])])


def _block(example):
    shown = re.sub(r" *# doctest:.*", "", example.rstrip())
    return f"```pycon\n{shown}\n```\n"


def _plain(text):
    pieces = ASIDE.split(text)
    pieces[::2] = [_set(piece).replace("*", r"\*") for piece in pieces[::2]]
    return RAISES.sub(_raises, "".join(pieces))


def _set(piece):
    """As it would be printed: 1 − ηλ, 10^{-8}, ≥, pages 84–93."""
    piece = PAGES.sub(r"\1–", TYPED.sub(lambda found: SET[found[0]], piece))
    piece = re.sub(r"(?<=[\d)]/)(?=[λρ])|(?<=\|)(?=[^| \n]+\|)", "\N{WORD JOINER}", piece)
    return re.sub(r"10\^-(\d+)", r"10^{-\1}", piece)


def _raises(section):
    """One line an error: where a sentence on two lines, or two errors on one, would lose its end."""
    text = " ".join(section[1].split())
    _, *told = ERROR.split(text)
    if not told:
        return f"**Raises:** {text}\n"
    return "Raises:\n" + "".join(
        f"    {e.replace(', ', ' | ')}: {why.strip()}\n" for e, why in zip(told[::2], told[1::2], strict=True)
    )
