"""The site carries licences and the pictures' sources; while serving, edited pictures are redrawn."""

import subprocess
import sys
import tempfile
from importlib.metadata import files as files_of
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "node_modules"
_ran = None  # where notebooks that ran are kept while serving


def on_startup(command, dirty):
    global _ran
    _ran = tempfile.TemporaryDirectory(prefix="lrsim-notebooks-") if command == "serve" else None


def on_pre_build(config):
    """While serving, an edit redraws what depends on it, and runs notebooks again that changed or whose lrsim did.

    A mistake on a page is shown there, and the server lives on.
    """
    if _ran is None:
        return
    if subprocess.run([sys.executable, "-m", "figures"], cwd=ROOT).returncode:
        raise PluginError("a picture could not be drawn; its error stands above")
    code = max(path.stat().st_mtime_ns for path in (ROOT / "lrsim").rglob("*.py"))
    config.plugins["macros"].config.update(on_error_fail=False)
    config.plugins["mkdocs-jupyter"].config.update(cache=True, cache_dir=f"{_ran.name}/{code}")


def on_files(files, config):
    """Licences and the pictures' sources are on the site; the search in other languages than its own is not."""
    for file in list(files):
        if file.src_uri.startswith("assets/javascripts/lunr/"):
            files.remove(file)
    for name, source in _licences():
        files.append(File.generated(config, f"assets/licences/{name}.txt", abs_src_path=str(source)))
    for kind in ("plots", "films"):
        for source in sorted((ROOT / "figures" / kind).glob("[!_]*.py")):
            uri = f"assets/source/{source.relative_to(ROOT).as_posix()}.txt"
            files.append(File.generated(config, uri, abs_src_path=str(source)))
    return files


def _licences():
    """As they came with what the site carries; docs/licences.md says whose they are."""
    yield "lrsim", ROOT / "LICENSE"
    yield "inter", MODULES / "@fontsource" / "inter" / "LICENSE"
    yield "jetbrains-mono", MODULES / "@fontsource" / "jetbrains-mono" / "LICENSE"
    yield "katex", MODULES / "katex" / "LICENSE"
    yield "lit", MODULES / "lit" / "LICENSE"
    material = [path.locate() for path in files_of("mkdocs-material") if path.name == "LICENSE"]
    yield "mkdocs-material", next(path for path in material if path.parent.name == "licenses")
    yield "material-design-icons", next(path for path in material if path.parent.name == "material")
    (apache,) = (path.locate() for path in files_of("requests") if path.name == "LICENSE")
    yield "apache-2.0", apache  # of RxJS, whose own copy is not in the theme; the text is the same
