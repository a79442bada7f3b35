"""The gallery: a card for every film, then one for every figure, in the pages' order; a new one comes by itself."""

import re

import exhibits
from markupsafe import Markup
from mkdocs.exceptions import PluginError
from pieces import piece


def gallery(env):
    titles = dict(_pages(env))
    records = [exhibits.record(env, r["kind"], r["name"]) for r in exhibits.records()]
    homeless = [r["name"] for r in records if r["page"] not in titles]
    if homeless:
        raise PluginError(f"{exhibits.where(env)}: no page for {', '.join(homeless)} (see PAGE in their source)")
    films = [_film(env, r) for page in titles for r in records if r["page"] == page and r["kind"] == "films"]
    figures = []
    for page, title in titles.items():
        plots = [r for r in records if r["page"] == page and r["kind"] == "plots"]
        if plots:
            plots = [_plot(env, r) for r in sorted(plots, key=_place(env, page))]
            figures.append({"title": title, "address": _address(env, page), "plots": plots})
    return piece("gallery", "cards", films, figures)


def _film(env, r):
    """What it shows, how long it is, when to use it, and all there is to take along."""
    pauses = {"label": "With pauses", "address": f"{_address(env, r['page'])}#film-{r['name']}", "file": False}
    links, code = exhibits.taken(env, r, "mp4")
    stills, _ = exhibits.taken(env, r, "webp")
    address = f"{env.conf['site_url']}assets/generated/films/{r['name']}-light.mp4"
    return r | {"taken": [pauses, *links, code], "stills": stills, "address": address}


def _plot(env, r):
    links, code = exhibits.taken(env, r, ("svg", "png", "csv"))
    return r | {"taken": [*links, code], "media": Markup(exhibits.pictures(r, narrow=False))}


def _address(env, page):
    return exhibits.to_root(env.page) + ("./" if page == "index" else f"{page}/")


def _place(env, page):
    """Where on its page a figure stands, itself or behind an explorable."""
    text = (exhibits.ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    for name, (_, _, figure) in env.conf["extra"]["explorables"]["elements"].items():
        text = text.replace(f'explorable("{name}"', f'figure("{figure}"')
    return lambda r: (text.find(f'"{r["name"]}"') % len(text), r["name"])


def _pages(env):
    """(path without suffix, title) of every page in the order of the navigation."""
    todo = list(env.conf["nav"])
    while todo:
        entry = todo.pop(0)
        for title, target in entry.items() if isinstance(entry, dict) else [("", entry)]:
            if isinstance(target, list):
                todo = target + todo
            else:
                yield target.rsplit(".", 1)[0], title or _heading(target)


def _heading(page):
    text = (exhibits.ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.search(r"^# (.+?)( {.*})?$", text, re.MULTILINE)[1]
