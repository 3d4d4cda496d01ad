"""The page around the sections: head, style, contents."""

from collections.abc import Sequence
from importlib.resources import files

from lzn_runtime.report.markup import Html, join, prose, tag
from lzn_runtime.report.section import Missing, Section

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
"""No script, no request: the page is what it holds."""


def page(
    title: str,
    *,
    kicker: str,
    tagline: str,
    sections: Sequence[Section],
    missing: Sequence[Missing],
    foot: str,
    style: str = "",
) -> str:
    """Return a whole HTML document; `style` is added to that of all. All text is escaped."""
    common = files("lzn_runtime.report").joinpath("style.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="lzn_dsl"),
        tag("title", title),
        tag("style", Html(common + style)),
    )
    links = [tag("a", section.title, href=f"#{section.id}") for section in sections]
    top = tag(
        "header",
        tag("p", kicker, class_="kicker"),
        tag("h1", title),
        tag("p", tagline, class_="tagline"),
        tag("nav", *links, aria_label="contents"),
        class_="top",
    )
    main = tag("main", *map(_section, sections), _missing(missing))
    body = tag("body", top, main, tag("footer", foot))
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _section(section: Section) -> Html:
    lead = tag("p", section.lead, class_="lead") if section.lead else None
    return tag("section", tag("h2", section.title), lead, section.body, id=section.id)


def _missing(missing: Sequence[Missing]) -> Html:
    if not missing:
        return Html()
    items = [tag("li", tag("b", prose(m.title)), ": ", prose(m.reason)) for m in missing]
    return tag(
        "section",
        tag("h2", "Not in this report"),
        tag("div", tag("ul", *items, class_="problems"), class_="panel"),
        id="missing",
    )


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 sample`, `1,000 samples`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def comma(*parts: str) -> str:
    """Return the parts that are not empty, with commas between them."""
    return str(join(*(Html(p) for p in parts if p), between=", "))
