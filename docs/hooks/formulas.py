"""Formulas are set by KaTeX while the site is built, so that a page brings finished mathematics and no script."""

import functools
import html
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from mkdocs.exceptions import PluginError

FORMULA = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)

# A formula and the signs beside it, a symbol and its value: not to be parted at a line's end.
HELD = re.compile(
    r"""([(“]?)(<span class="arithmatex">[^<]*</span>)"""
    r"""((?: = (?:[\d−(][^\s<]*|<button\b.*?</button>))?(?:['’]s\b|[.,:;!?)\]%”])*)"""
)
SOURCE = re.compile(  # as arithmatex leaves it, and in a notebook's code the labels of its plots
    r"\\\(.*?\\\)|\\\[.*?\\\]|\$[^$\n]*\\[a-z]{2,}[^$\n]*\$", re.DOTALL
)
RELATIONS = "=≈≤≥∝≠⟺⟹→∈,"
MATHML = re.compile(r"<math\b.*?</math>", re.DOTALL)
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# How many children an element has; one too many, and a browser sets them all in a row.
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
ElementTree.register_namespace("", NAMESPACE)

SHORT = 16  # letters of a formula, which are narrower than any column
WHOLE = 24  # letters of code with a hyphen, at which a browser would part it

LABEL = re.compile(r'aria-label="[^"]*"')
INDEX = re.compile(  # in running text, not in code, in tags or in what KaTeX has set
    r"<(head|script|style|code|pre|svg)\b.*?</\1>|<[^>]*>"
    r"|(?<![A-Za-z_])([λκηρwxctgLΠΣ])_(\{[^{}]*\}|max|min|[ticT]|\d+)(?![A-Za-z0-9_{])|\^(\{[^{}]*\})"
    r"|(?<![\w.\-–/])(-)(?=\d)"
    r"|( )(?:(?=(?:[=≈≤≥×+−]|&[lg]t;) [\d−½])|(?<=[=≈≤≥×+−] )(?=[\d−½])|(?<=&[lg]t; )(?=[\d−½])"  # a value ...
    r"|(?<=\d )(?=(?:%|×|steps?|times|epochs?|updates|rows|m?s|[kMG]B)(?!\w)))",  # ... and a number with its unit
    re.DOTALL,
)


def inline(text):
    """$…$ and `…` where Markdown does not look: in the raw HTML of captions and notebooks."""
    text = re.sub(
        r"\$([^$]+)\$",
        lambda m: f'<span class="arithmatex">\\({html.escape(html.unescape(m[1]), quote=False)}\\)</span>',
        text,
    )
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def on_post_page(output, page, config):
    """Formulas become HTML here, after the search index was made; the search dialog gets a name."""
    output = HELD.sub(_held, output)
    output = output.replace(
        'data-md-component="search" role="dialog"',
        'data-md-component="search" role="dialog" aria-label="Search"',
    )
    found = [_tex(m[2]) for m in FORMULA.finditer(output)]
    if found:
        rendered = iter(_katex(tuple(found), page.file.src_uri))
        output = FORMULA.sub(lambda m: next(rendered) if m[1] == "div" else _breakable(next(rendered)), output)
    return INDEX.sub(_lowered, output)


def on_post_build(config):
    """In what the search shows, formulas are read and not spelled: λ<sub>max</sub> for \\lambda_{\\max}."""
    index = Path(config.site_dir) / "search" / "search_index.json"
    found = json.loads(index.read_text(encoding="utf-8"))
    formulas = {formula: None for entry in found["docs"] for formula in SOURCE.findall(entry["text"])}
    rendered = _katex(tuple(map(_tex, formulas)), index.name)
    read = {
        formula: " ".join(_read(ElementTree.fromstring(MATHML.search(page)[0])).split())
        for formula, page in zip(formulas, rendered, strict=True)
    }
    for entry in found["docs"]:
        text = INDEX.sub(_lowered, SOURCE.sub(lambda m: read[m[0]], entry["text"]))
        entry["text"] = text.replace("\N{NO-BREAK SPACE}", " ")
    index.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _read(element):
    """MathML as a line of text; of its layout only what sits lower and higher is kept."""
    kind = element.tag
    parts = [_read(child) for child in element]
    if kind == "mfrac":
        return "½" if parts == ["1", "2"] else "/".join(part if len(part) == 1 else f"({part})" for part in parts)
    if kind == "msqrt":
        return f"√({''.join(parts)})"
    if kind in PARTS:
        raised = {"msup": ["sup"], "mover": ["sup"]}.get(kind, ["sub", "sup"])
        return parts[0] + "".join(f"<{at}>{part.strip()}</{at}>" for at, part in zip(raised, parts[1:], strict=False))
    text = html.escape((element.text or "").strip().replace("\N{FUNCTION APPLICATION}", ""), quote=False)
    return (f" {text} " if kind in ("mo", "mtext") and (len(text) > 1 or text in RELATIONS) else text) + "".join(parts)


def _lowered(match):
    """λ_max and w_{t+1} with a subscript, ρ^{2t} with a superscript, -1 with a minus."""
    _, letter, below, above, minus, space = match.groups()
    if match[1] == "code" and "-" in match[0] and len(re.sub("<[^>]*>", "", match[0])) <= WHOLE:
        return match[0].replace("<code>", '<code class="lr-held">', 1)
    if minus or space:
        return "−" if minus else "\N{NO-BREAK SPACE}"
    if match[0].startswith("<a "):  # its label says what is to be read in it
        return LABEL.sub(lambda label: re.sub(r"_(?=max|min)", "", label[0]), match[0])
    low, high = ((part or "").strip("{}").replace("-", "−") for part in (below, above))
    if above:
        return f"<sup>{high}</sup>"
    return f"{letter}<sub>{low}</sub>" if letter else match[0]


def _held(match):
    before, formula, after = match.groups()
    if not before and not after:
        return formula
    after = re.sub(r"<[^>]*>| ", lambda found: "\N{NO-BREAK SPACE}" if found[0] == " " else found[0], after)
    return f'<span class="lr-held">{before}{formula}{after}</span>'


def _breakable(formula):
    """A long one may break between its parts, and nowhere else."""
    if len(re.sub("<[^>]*>", "", MATHML.search(formula)[0])) <= SHORT:
        return formula
    return formula.replace('</span><span class="base">', '</span><wbr><span class="base">')


def _tex(inner):
    """(formula, display?) from arithmatex's \\(…\\) or \\[…\\], or from $…$."""
    text = html.unescape(inner.strip())
    signs = 1 if text[0] == "$" else 2
    return text[signs:-signs].strip(), text.startswith(r"\[")


@functools.cache
def _katex(formulas, where):
    node = subprocess.run(
        ["node", str(Path(__file__).with_name("katex.mjs"))],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
    )
    if node.returncode:
        reason = next((line for line in node.stderr.splitlines() if "Error" in line), node.stderr[-500:])
        raise PluginError(f"{where}: a formula cannot be set: {reason}")
    return [MATHML.sub(lambda m: _whole(m[0], where), formula) for formula in json.loads(node.stdout)]


def _whole(mathml, where):
    """Without the "apply function" signs that KaTeX leaves beside a name like max where only so many children fit, and
    without its source, which nobody hears or sees."""
    root = ElementTree.fromstring(mathml)
    for element in root.iter():
        if (count := PARTS.get(element.tag.rpartition("}")[2])) and len(element) != count:
            for sign in [child for child in element if child.text == "\N{FUNCTION APPLICATION}"]:
                element.remove(sign)
            if len(element) != count:
                source = root.findtext(f".//{{{NAMESPACE}}}annotation")
                raise PluginError(f"{where}: KaTeX sets {source} in MathML that no browser can show")
    for semantics in root.iter(f"{{{NAMESPACE}}}semantics"):
        for source in semantics.findall(f"{{{NAMESPACE}}}annotation"):
            semantics.remove(source)
    whole = ElementTree.tostring(root, encoding="unicode").replace(f' xmlns="{NAMESPACE}"', "")  # HTML knows it
    return re.sub("</?semantics>", "", whole)
