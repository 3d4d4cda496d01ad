"""The look of a picture: one style sheet with a light and a dark theme.

Colours stand in rules, not in custom properties, and the dark theme in a media query: a viewer that
knows neither shows the light theme.
"""

from dataclasses import dataclass

FONT = (
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, '
    '"DejaVu Sans", sans-serif'
)


@dataclass(frozen=True)
class Palette:
    """The colours of a theme; `tints` are those of modalities, as (line, area)."""

    page: str
    panel: str
    panel_line: str
    box: str
    box_line: str
    text: str
    faint: str
    flow: str
    trains: str
    trains_area: str
    judges: str
    judges_area: str
    space_inner: str
    space_outer: str
    space_line: str
    tints: tuple[tuple[str, str], ...]


LIGHT = Palette(
    page="#fbfaf7",
    panel="#f3f1ec",
    panel_line="#e4e0d7",
    box="#ffffff",
    box_line="#d8d3c8",
    text="#20242c",
    faint="#666d78",
    flow="#7d8592",
    trains="#b4571f",
    trains_area="#fdf1e7",
    judges="#3f7d5b",
    judges_area="#e8f3ec",
    space_inner="#ffffff",
    space_outer="#dfe3f4",
    space_line="#8a93c4",
    tints=(
        ("#2f68c8", "#e6eefb"),
        ("#b07408", "#fbf1da"),
        ("#0d857c", "#def3f0"),
        ("#bf3d68", "#fbe6ed"),
        ("#7550c8", "#eee8fb"),
        ("#55821c", "#ebf4dc"),
    ),
)

DARK = Palette(
    page="#14161b",
    panel="#1b1e25",
    panel_line="#2a2e38",
    box="#23272f",
    box_line="#3a404c",
    text="#e9ebef",
    faint="#9aa2af",
    flow="#8891a0",
    trains="#eb9a5c",
    trains_area="#33261c",
    judges="#7cc49c",
    judges_area="#1d3027",
    space_inner="#2f3550",
    space_outer="#1d2132",
    space_line="#6f7ab3",
    tints=(
        ("#74a5f5", "#1f2d47"),
        ("#e0b050", "#38301a"),
        ("#55c7bb", "#173532"),
        ("#f088a8", "#3d222c"),
        ("#b49bf2", "#2d2644"),
        ("#a3cf62", "#28331a"),
    ),
)

_SHAPES = """
.lzn-graph text { font-family: FONT; font-size: 12px; }
.lzn-graph .name { font-size: 14px; font-weight: 600; }
.lzn-graph .title { font-size: 20px; font-weight: 650; }
.lzn-graph .summary { font-size: 12.5px; }
.lzn-graph .panel text { font-size: 12px; font-weight: 600; letter-spacing: 0.02em; }
.lzn-graph .step text, .lzn-graph .result text, .lzn-graph .objective text { font-size: 12.5px; }
.lzn-graph .metric text { font-size: 11.5px; }
.lzn-graph .wire text { font-size: 11px; text-anchor: middle; }
.lzn-graph .note text { font-size: 11px; }
.lzn-graph .middle { text-anchor: middle; }
.lzn-graph .wire path { fill: none; stroke-width: 1.5px; }
.lzn-graph .trains path { stroke-dasharray: 5 4; stroke-width: 1.4px; }
.lzn-graph .objective rect { stroke-dasharray: 5 3.5; stroke-width: 1.4px; }
.lzn-graph .rule { stroke-width: 1px; }
.lzn-graph .ring { fill: none; stroke-width: 1px; stroke-opacity: 0.45; }
""".replace("FONT", FONT)


def style_sheet() -> str:
    """Return the style sheet of every picture."""
    dark = "\n".join(f"  {rule}" for rule in _colours(DARK))
    return "\n".join(
        [
            _SHAPES.strip(),
            *_colours(LIGHT),
            "@media (prefers-color-scheme: dark) {",
            dark,
            "}",
        ]
    )


def num_tints() -> int:
    """Return how many modalities have a colour of their own; a further one shares one."""
    return len(LIGHT.tints)


def _colours(theme: Palette) -> list[str]:
    rules = {
        ".page": f"fill: {theme.page}",
        "text": f"fill: {theme.text}",
        ".faint": f"fill: {theme.faint}",
        ".panel rect": f"fill: {theme.panel}; stroke: {theme.panel_line}",
        ".panel text": f"fill: {theme.faint}",
        ".box": f"fill: {theme.box}; stroke: {theme.box_line}",
        ".rule": f"stroke: {theme.panel_line}",
        ".wire path": f"stroke: {theme.flow}",
        ".wire text": f"fill: {theme.faint}",
        ".note rect": f"fill: {theme.panel}",
        ".tip": f"fill: {theme.flow}; stroke: none",
        ".trains path": f"stroke: {theme.trains}",
        ".trains-tip": f"fill: {theme.trains}; stroke: none",
        ".objective rect": f"fill: {theme.trains_area}; stroke: {theme.trains}",
        ".judges path": f"stroke: {theme.judges}",
        ".metric rect": f"fill: {theme.judges_area}; stroke: none",
        ".metric text": f"fill: {theme.judges}",
        ".space circle": f"stroke: {theme.space_line}",
        ".space-inner": f"stop-color: {theme.space_inner}",
        ".space-outer": f"stop-color: {theme.space_outer}",
    }
    for index, (line, area) in enumerate(theme.tints):
        rules[f".tint-{index} .bar"] = f"fill: {line}; stroke: none"
        rules[f".step.tint-{index} rect"] = f"stroke: {line}"
        for kind in ("input", "result"):
            rules[f".{kind}.tint-{index} rect"] = f"fill: {area}; stroke: {area}"
            rules[f".{kind}.tint-{index} text"] = f"fill: {line}; font-weight: 600"
    return [f".lzn-graph {name} {{ {rule}; }}" for name, rule in rules.items()]
