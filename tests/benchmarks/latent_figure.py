"""Draw docs/figures/latent-zones.svg: how a flow carries the prior to anchors, and the zones.

    python tests/benchmarks/latent_figure.py [FILE]

Left: the plane of latents z, coloured by the anchor that each z is carried to. Right: the same
points on their way, in the coordinate s_t = t a + (1 - t) e. t = 0: latent, t = 1: anchor.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

from lzn_runtime.latent import Euler, LocalizationPEC, carry_to_anchors

_ANCHORS = torch.tensor(
    [[-2.2, 0.6], [-0.7, 2.0], [1.9, 1.3], [0.6, -0.4], [-0.9, -1.7], [2.1, -1.6]],
    dtype=torch.float64,
)
_COLORS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377")
_HALF, _PANEL, _GAP, _TOP = 3.0, 360, 40, 34  # half a panel's width in the plane; in pixels
_PALE = ("#b9cce0", "#cdeefa", "#b0d6b6", "#ece6bd", "#f8cdd2", "#e0bfd4")
_CELLS = 180
_PATHS = 7  # per anchor


def zones(cells: int) -> Tensor:
    """Return the anchor of each cell of the plane of latents, row by row from the top."""
    centres = (torch.arange(cells, dtype=torch.float64) + 0.5) / cells * 2 * _HALF - _HALF
    y, x = torch.meshgrid(-centres, centres, indexing="ij")
    latents = torch.stack([x.flatten(), y.flatten()], dim=1)
    return carry_to_anchors(latents, _ANCHORS, solver=LocalizationPEC(60)).index.view(cells, cells)


def paths(steps: int = 120) -> list[tuple[int, Tensor]]:
    """Return some points' ways s_t from latent to anchor, with the anchor's number."""
    rng = torch.Generator().manual_seed(3)
    drawn = torch.randn(600, 2, generator=rng, dtype=torch.float64)
    drawn = drawn[drawn.abs().amax(1) < _HALF - 0.1]
    carried = carry_to_anchors(drawn, _ANCHORS, solver=LocalizationPEC(60)).index
    chosen = torch.cat([(carried == k).nonzero()[:_PATHS, 0] for k in range(len(_ANCHORS))])
    s, found = drawn[chosen], [drawn[chosen]]
    probs = carry_to_anchors(s, _ANCHORS, solver=Euler(steps)).log_probs.exp()  # (r, m, n)
    for step, prob in enumerate(probs):
        t = step / steps
        s = s + (prob @ _ANCHORS - s) / (1 - t) / steps
        found.append(s)
    ways = torch.stack(found, dim=1)[:, ::2]  # (m, r / 2 + 1, 2)
    return list(zip(carried[chosen].tolist(), ways, strict=True))


def _pixels(point: Tensor, left: float) -> str:
    x, y = ((point * torch.tensor([1.0, -1.0]) + _HALF) / (2 * _HALF) * _PANEL).tolist()
    return f"{left + x:.1f},{_TOP + y:.1f}"


def _runs(row: list[int]) -> list[tuple[int, int, int]]:
    """Return (start, length, anchor) of stretches of equal cells."""
    found: list[tuple[int, int, int]] = []
    for column, anchor in enumerate(row):
        if found and found[-1][2] == anchor:
            start, length, _ = found[-1]
            found[-1] = (start, length + 1, anchor)
        else:
            found.append((column, 1, anchor))
    return found


def _plane(index: Tensor) -> list[str]:
    side = _PANEL / _CELLS
    return [
        f'<rect x="{start * side:g}" y="{_TOP + row * side:g}" width="{length * side:g}" '
        f'height="{side:g}" fill="{_PALE[anchor]}" shape-rendering="crispEdges"/>'
        for row, cells in enumerate(index.tolist())
        for start, length, anchor in _runs(cells)
    ]


def _title(text: str, left: float) -> str:
    return f'<text x="{left + _PANEL / 2:.0f}" y="20" text-anchor="middle">{text}</text>'


def _frame(left: float) -> str:
    return (
        f'<rect x="{left}" y="{_TOP}" width="{_PANEL}" height="{_PANEL}" fill="none" '
        'stroke="#888"/>'
    )


def draw() -> str:
    """Return the figure."""
    right = _PANEL + _GAP
    width, height = 2 * _PANEL + _GAP, _PANEL + _TOP + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="-3 0 {width + 6} {height}" font-family="sans-serif" font-size="14">',
        f'<rect x="-3" width="{width + 6}" height="{height}" fill="white"/>',
        _title("t = 0: zones of the anchors among latents", 0),
        _title("from latents (dots) to anchors (squares)", right),
        *_plane(zones(_CELLS)),
    ]
    for anchor, way in paths():
        color = _COLORS[anchor]
        x, y = _pixels(way[0], 0).split(",")
        parts.append(f'<circle cx="{x}" cy="{y}" r="2.6" fill="{color}" stroke="#333"/>')
        line = " ".join(_pixels(point, right) for point in way)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="1.3"/>')
        x, y = _pixels(way[0], right).split(",")
        parts.append(f'<circle cx="{x}" cy="{y}" r="2.6" fill="{color}" stroke="#333"/>')
    for anchor, place in enumerate(_ANCHORS):
        centre_x, centre_y = (float(number) for number in _pixels(place, right).split(","))
        parts.append(
            f'<rect x="{centre_x - 5:.1f}" y="{centre_y - 5:.1f}" width="10" height="10" '
            f'fill="{_COLORS[anchor]}" stroke="#222"/>'
        )
    parts += [_frame(0), _frame(right), "</svg>"]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    default = Path(__file__).parents[2] / "docs" / "figures" / "latent-zones.svg"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.write_text(draw(), encoding="ascii")
