"""The rooms have one direction: lrsim computes, figures draws, docs explains."""

import ast
import importlib
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = sorted((ROOT / "lrsim").rglob("*.py"))
PICTURES = sorted((ROOT / "figures").rglob("*.py"))
OPTIONAL = {"xarray", "distributed", "tensorboard", "matplotlib"}


def imports(path: Path, *, top_only: bool = False) -> set[str]:
    """The packages a file imports; with `top_only`, what importing it imports at once."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path): path for path in LIBRARY + PICTURES}


def drawn(path: Path, *, later: bool) -> set[str]:
    """The modules of lrsim and figures that a file imports; with `later`, also those that wait in a function, or that
    only a type checker imports."""
    found, nodes = set(), [ast.parse(path.read_text())]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes += node.orelse + (node.body if later else [])
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & MODULES.keys() or {node.module}
        elif later or not isinstance(node, ast.FunctionDef):
            nodes += ast.iter_child_nodes(node)
    return found & MODULES.keys()


def test_no_circle_of_files_is_imported():
    """Nor of what waits in a function or is for a type checker alone."""
    files = {name: drawn(path, later=True) for name, path in MODULES.items()}
    assert sum(map(len, files.values())) > 300  # all were seen
    TopologicalSorter(files).prepare()  # names a circle


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_is_private_is_marked_so(path):
    """By its name or its room's; all else says what it offers, and offers it."""
    if "._" not in module(path):
        offered = ast.parse(path.read_text()).body
        (names,) = (n.value for n in offered if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "__all__")
        assert all(not name.startswith("_") for name in ast.literal_eval(names))


def test_lrsim_imports_downward_as_contributing_draws_it():
    drawing = re.findall(r"```text\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)[1]
    floors = [line.split() for line in reversed(drawing.splitlines())]
    height = {part: floor for floor, parts in enumerate(floors) for part in parts}
    parts = {path: path.relative_to(ROOT / "lrsim").parts[0].removesuffix(".py") for path in LIBRARY}
    assert sorted(part for floor in floors for part in floor) == sorted(set(parts.values()))
    climbs = {
        (part, to)
        for path, part in parts.items()
        for name in drawn(path, later=True)
        if (to := name.partition(".")[2].partition(".")[0] or "__init__") != part and height[to] >= height[part]
    }
    assert not climbs


def test_what_the_engine_knows_of_the_public_is_landscapes_and_optimizers_alone():
    inside = [path for path in LIBRARY if path.parent.name == "_engine"]
    known = {name.split(".")[1] for path in inside for name in drawn(path, later=True) if "." in name}
    assert {name for name in known if not name.startswith("_")} == {"landscapes", "optimizers"}


def test_only_where_runs_are_made_or_judged_is_the_engine_known():
    known = {path for path in LIBRARY if any(name.startswith("lrsim._engine") for name in drawn(path, later=True))}
    parts = {path.relative_to(ROOT / "lrsim").parts[0].removesuffix(".py") for path in known} - {"_engine"}
    assert parts == {"descent", "trajectory", "_saving", "stability", "torch"}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_lrsim_needs_numpy_and_nothing_else(path):
    foreign = imports(path) - set(sys.stdlib_module_names) - {"numpy", "lrsim"}
    if path.parent.name == "torch":  # a room of its own, which nobody else enters
        foreign -= {"torch"}
        assert foreign == set()
    assert foreign <= OPTIONAL
    assert not imports(path, top_only=True) & OPTIONAL


def test_nothing_else_in_lrsim_enters_the_room_of_torch():
    inside = ROOT / "lrsim" / "torch"
    assert not [path for path in LIBRARY if inside not in path.parents and "lrsim.torch" in path.read_text()]


@pytest.mark.parametrize("path", PICTURES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_figures_knows_nothing_of_the_site(path):
    assert not imports(path) & {"docs", "mkdocs", "material", "tests"}


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "hooks").glob("*.py")), ids=lambda p: p.name)
def test_docs_reads_only_files(path):
    assert not imports(path) & {"lrsim", "figures", "numpy", "matplotlib", "manim"}


def test_only_the_palette_has_colours():
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[;\s\"'])")
    sources = [p for p in PICTURES if p.name != "palette.py"] + [
        p for p in (ROOT / "docs").rglob("*") if p.suffix in {".css", ".js"} and "generated" not in p.parts
    ]
    guilty = {
        p.relative_to(ROOT).as_posix(): colour.findall(p.read_text()) for p in sources if colour.search(p.read_text())
    }
    assert not guilty


def test_lock_files_name_no_registry():
    for name in ("requirements.lock", "package-lock.json"):
        text = (ROOT / name).read_text()
        assert '"resolved"' not in text
        assert "--index-url" not in text and "registry." not in text


def test_import_loads_nothing_heavy():
    heavy = {"matplotlib", "scipy", "torch", "xarray", "distributed", "asyncio", "argparse"}
    code = f"import sys, lrsim; print(sorted({{m.split('.')[0] for m in sys.modules}} & {heavy}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("room", ["landscapes", "schedules", "optimizers", "stability", "logs", "diagnosis"])
def test_no_module_has_the_name_of_a_function_beside_it(room):
    modules = {path.stem.removesuffix("s") for path in (ROOT / "lrsim" / room).glob("[!_]*.py")}
    names = {name.removesuffix("s") for name in importlib.import_module(f"lrsim.{room}").__all__}
    assert not modules & names
