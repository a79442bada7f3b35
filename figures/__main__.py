"""Draws every stale picture and prints how far it is; `python -m figures --help` shows how to pick some."""

import argparse
import importlib
import json
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from figures import freshness, pictures
from figures.alone import alone
from figures.files import GENERATED, ROOT, remove, replace
from figures.palette import THEMES
from figures.pictures import Picture


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m figures",
        description="Draw the site's pictures from simulations. Without a name: all that are out of date.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="name",
        help="plots | films | one picture, e.g. three-paths (drawn even if fresh)",
    )
    parser.add_argument("--list", action="store_true", help="print every picture, its state and its claim")
    options = parser.parse_args(argv)
    everything = pictures.find("plots") + pictures.find("films")
    if options.list:
        for picture in everything:
            state = "stale" if picture.stale() else "fresh"
            print(f"{picture.kind[:-1]}  {state}  {picture.name}: {picture.text['claim']}")
        return 0
    try:
        with alone(f"python -m figures {' '.join(options.names)}".strip()):
            return _make(options.names, everything)
    except ValueError as error:
        print(f"figures: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("figures: interrupted; finished pictures are kept", file=sys.stderr)
        return 130


def _make(names: list[str], everything: list[Picture]) -> int:
    chosen = _choose(names, everything)
    if "films" not in names:
        _write_shared()
    failed = _draw(chosen)
    for kind in ("plots", "films"):
        for path in pictures.orphans(kind):
            remove(path)
    return 1 if failed else 0


def _choose(names: list[str], everything: list[Picture]) -> list[Picture]:
    """The pictures to draw: a kind means its stale ones, a name means that one whatever its state."""
    kinds = {"plots", "films"}
    known = {picture.name for picture in everything}
    for name in names:
        if name not in known | kinds:
            raise ValueError(f"no picture is called {name!r}; there are {', '.join(sorted(known))}")
    wanted = (kinds if not names else kinds & set(names)) or set()
    return [p for p in everything if p.name in names or (p.kind in wanted and p.stale())]


def _write_shared() -> None:
    """Numbers that prose prints, colours, sign and draws of the site, when what computes them changed."""
    record = GENERATED / "shared.json"
    made_of = freshness.made_of(
        *(ROOT / "figures" / f"{name}.py" for name in ("facts", "palette", "draws", "emblem", "notebook"))
    )
    if (pictures.made(record) or {}).get("made_of") == made_of:
        return
    from figures import draws, emblem, facts, notebook, palette

    files: dict[str, str | bytes] = {
        "facts.json": json.dumps(facts.facts(), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        "palette.css": palette.css(),
        "notebook.json": json.dumps(notebook.shared(), indent=1) + "\n",
        "favicon.svg": emblem.svg(),
        "favicon.png": emblem.png(),
        **{f"draws/{seed}.bin": draws.draws(seed).astype("<f8").tobytes() for seed in range(draws.SEEDS)},
    }
    for name, content in files.items():
        replace(GENERATED / name, content)
    _record(record, {}, list(files), made_of)


def _draw(chosen: list[Picture]) -> list[Picture]:
    """Draw on all cores; a picture that fails is named and does not stop the others."""
    if not chosen:
        return []
    todo = [(picture, theme) for picture in chosen for theme in (THEMES if picture.kind == "films" else ("",))]
    left = Counter(picture for picture, _ in todo)
    texts = {picture: picture.text for picture in chosen}  # a docstring without alt text fails before any work
    files: dict[Picture, list[str]] = {picture: [] for picture in chosen}
    own: dict[Picture, dict] = {}
    failed: list[Picture] = []
    made_of = {picture: picture.made_of for picture in chosen}  # before drawing: an edit made meanwhile is seen
    fork = multiprocessing.get_context("fork")  # a child starts with the parent's imports: seconds saved
    if any(picture.kind == "plots" for picture in chosen):
        from figures import style

        style.fonts()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=fork) as pool:
        futures = {pool.submit(_timed, *item): item for item in todo}
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                picture, theme = futures[future]
                left[picture] -= 1
                label = f"{picture.kind[:-1]} {picture.name} {theme}".rstrip()
                try:
                    names, own[picture], seconds = future.result()
                except Exception as error:
                    _report(picture, error)
                    failed.append(picture)
                    continue
                files[picture] += names
                print(f"[{done}/{len(todo)}] {label}  {seconds:.1f} s, {len(todo) - done} left", flush=True)
                if not left[picture] and picture not in failed:
                    source = picture.source.relative_to(ROOT).as_posix()
                    said = {"name": picture.name, "kind": picture.kind, "source": source}
                    said |= texts[picture] | own[picture]
                    _record(picture.record, said, files[picture], made_of[picture])
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return failed


def _timed(picture: Picture, theme: str) -> tuple[list[str], dict, float]:
    """In a worker: the files made; the page, own numbers (`facts()`, if any) and a film's pauses; the time."""
    start = time.perf_counter()
    module = importlib.import_module(picture.module)
    picture.folder.mkdir(parents=True, exist_ok=True)
    if theme:
        from figures import film

        target = picture.folder / f"{picture.name}-{theme}.mp4"
        film.render(module, THEMES[theme], target)
        names = [target.name, target.with_suffix(".webp").name]
    else:
        from figures import plot

        names = plot.render(module, picture.folder / picture.name)
    own = {"page": module.PAGE, "values": module.facts() if hasattr(module, "facts") else {}}
    if theme:
        own |= {"seconds": module.END, "pauses": module.PAUSES}
    return names, own, time.perf_counter() - start


def _record(target: Path, said: dict, files: list[str], made_of: str) -> None:
    """Written last: what stands in it is there, whole."""
    sizes = {name: (target.parent / name).stat().st_size for name in sorted(files)}
    entry = said | {"files": sizes, "made_of": made_of}
    replace(target, json.dumps(entry, indent=1, ensure_ascii=False) + "\n")


def _report(picture: Picture, error: BaseException) -> None:
    where = picture.source.relative_to(ROOT)
    if isinstance(error, BrokenProcessPool):
        print(f"{where}: the drawing process was killed (out of memory?)", file=sys.stderr)
        return
    traceback.print_exception(error)
    print(f"{where}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
