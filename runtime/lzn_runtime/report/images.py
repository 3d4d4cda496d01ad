"""Pictures as data URIs. Dimensions: c channels (1 or 3), h height, w width."""

import base64
import io
from collections.abc import Sequence

from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from lzn_runtime.pictures.grid import default_scale
from lzn_runtime.report.markup import Child, Html, tag

_WIDEST = 144
"""Pixels that a single picture is wide at most."""


def picture(image: UInt8[Tensor, "c h w"], *, alt: str, title: str | None = None) -> Html:
    """Return a picture as an element, small ones enlarged by whole pixels."""
    array = image.detach().cpu().permute(1, 2, 0).numpy()
    made = Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)
    shown = shown_width(made.width)
    return tag(
        "img",
        src=data_uri(made),
        alt=alt,
        title=title,
        width=shown,
        height=round(made.height * shown / made.width),
        class_="px" if shown >= made.width else None,
    )


def shown_width(width: int) -> int:
    """Return how wide a picture of so many pixels is shown."""
    return min(width * default_scale(width), _WIDEST)


def data_uri(image: Image.Image) -> str:
    """Return a picture as a PNG in a data URI."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=image.width * image.height > 4096)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def svg_uri(svg: str) -> str:
    """Return an SVG as a data URI: shown as a picture, nothing in it can run."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def row(name: Child, images: UInt8[Tensor, "k c h w"], *, alt: str) -> Html:
    """Return pictures in a row with a name on the left."""
    strip = [picture(image, alt=f"{alt} {i + 1}") for i, image in enumerate(images)]
    return tag(
        "div", tag("div", name, class_="name"), tag("div", *strip, class_="strip"), class_="row"
    )


def name_column(names: Sequence[str]) -> str:
    """Return a style that makes the column of names as wide as the longest needs, within limits."""
    longest = max(map(len, names), default=0)
    return f"--names: {min(max(26, 9 * longest + 14), 130)}px"
