"""The gallery: a card for every film, then one for every figure, in the pages' order; a new one comes by itself."""

import html
import re

import exhibits
from formulas import inline
from mkdocs.exceptions import PluginError


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
            figures.append(f'<h3><a href="{_address(env, page)}">{inline(title)}</a></h3>')
            figures += [_figure(env, r) for r in sorted(plots, key=_place(env, page))]
    return f"\n## Films\n\n{_cards('lr-films', films)}\n\n## Figures\n\n{_cards('lr-figures', figures)}\n"


def _cards(kind, cards):
    inside = "\n".join(cards)  # apart also where the search reads them without their tags
    return f'<div class="lr-cards {kind}" markdown="0">{inside}</div>'


def _film(env, r):
    """What it shows, how long it is, when to use it, and all there is to take along."""
    address = f"{env.conf['site_url']}assets/generated/films/{r['name']}-light.mp4"
    code = f'<video src="{address}" controls loop muted playsinline width="100%"></video>'
    links = [
        f'<a href="{_address(env, r["page"])}#film-{r["name"]}">With pauses</a>',
        *exhibits.downloads(r, "mp4"),
    ]
    lecture = inline(html.escape(r["lecture"], quote=False))
    return (
        f'<figure class="lr-figure lr-card" id="film-{r["name"]}">{exhibits.videos(r)}<figcaption>'
        f"<strong>{inline(r['claim'])}</strong> {round(r['seconds'])}\N{NO-BREAK SPACE}s. {lecture}"
        f'{_links(env, r, links)}<details class="lr-take"><summary>Embed</summary><code>{html.escape(code)}</code>'
        f"</details></figcaption></figure>"
    )


def _figure(env, r):
    pictures = "".join(exhibits.picture(r, theme) for theme in ("light", "dark"))
    links = exhibits.downloads(r, ("svg", "png", "csv"))
    return (
        f'<figure class="lr-card" id="figure-{r["name"]}">'
        f'<a href="{_address(env, r["page"])}#figure-{r["name"]}">{pictures}</a><figcaption>{inline(r["claim"])}'
        f'<details class="lr-take"><summary>Take along</summary>{_links(env, r, links)}</details></figcaption></figure>'
    )


def _links(env, r, links):
    code = f'<a href="{exhibits.source(env, r["source"])}">Code</a>'
    return f'<span class="lr-links">{" · ".join([*links, code])}</span>'


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
