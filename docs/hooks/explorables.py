"""The explorables: bundled into hashed files before the site is built, with a bare page each for other sites."""

import json
import re
import subprocess
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from pieces import piece

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "docs" / "explorables"
TARGET = ROOT / "docs" / "assets" / "generated" / "explorables"
BUNDLER = Path(__file__).with_name("bundle.mjs")
LOGS = ROOT / "tests" / "logs"  # those that the reader of logs offers to try
ROOMS = "assets/explorables.css"


def on_config(config):
    """Before the files are listed, so that the bundle is among them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["node", str(BUNDLER), str(SOURCE), str(TARGET)], capture_output=True, text=True)
    if done.returncode:
        raise PluginError(f"the explorables cannot be bundled: {done.stderr.strip()[:800]}")
    entries = json.loads(done.stdout)
    config["extra"]["explorables"] = {"entries": entries, "elements": dict(_elements())}
    config["extra_javascript"].append(_module(f"assets/generated/explorables/{entries['site']}"))
    config["extra_css"].append(ROOMS)
    return config


def on_files(files, config):
    """explorables/<id>/: neither in the navigation nor in the sitemap, and no page of instant navigation."""
    for log in sorted(LOGS.iterdir()):
        files.append(File.generated(config, f"explorables/logs/{log.name}", abs_src_path=str(log)))
    made = config["extra"]["explorables"]
    for name, element in made["elements"].items():
        page = _bare(name, *element, made["entries"])
        files.append(File.generated(config, f"explorables/{name}/index.html", content=page))
    files.append(File.generated(config, ROOMS, content="".join(map(_room, sorted(SOURCE.glob("lr-*.js"))))))
    return files


def _room(path):
    """The height that an element's place keeps before its script has come, so that nothing shifts.

    Its file says it as `static room = { 0: "90cqw + 498px", ... }`, from each width of the column on, and as
    `roomBrief` for where it has fewer controls.
    """
    rules = []
    for brief, room in re.findall(r"static room(Brief)? = {(.*?)};", path.read_text(encoding="utf-8"), re.DOTALL):
        place = f"{path.stem}{'[brief]' if brief else ''}:not(.lr-live) picture"
        for width, height in re.findall(r'(\d+): "([^"]+)"', room):
            rules.append(f"@container (min-width: {width}px) {{ {place} {{ min-height: calc({height}) }} }}\n")
    return f"@media screen and (scripting: enabled) {{\n{''.join(rules)}}}\n"


def _elements():
    """(id, (tag, title, static figure)) of each element, read from its file."""
    for path in sorted(SOURCE.glob("lr-*.js")):
        text = path.read_text(encoding="utf-8")
        found = {key: re.search(rf'static {key} = "([^"]+)"', text) for key in ("id", "figure")}
        title = re.search(r'title:\s*"([^"]+)"', text)
        if not (title and all(found.values())):
            raise PluginError(f"{path.name} needs static id, figure and words with a title")
        yield found["id"][1], (path.stem, title[1], found["figure"][1])


def _module(path):
    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def _bare(name, tag, title, figure, entries):
    record = json.loads((TARGET.parent / "plots" / f"{figure}.json").read_text(encoding="utf-8"))
    return piece("bare", "page", "../../", name, tag, title, figure, record["claim"], entries.values())
