"""One picture file to pixels, whatever the file holds.

What is done to a picture, in this order:

    first frame of an animation - rotated as its EXIF entry says - 16-bit grey divided by 257 -
    palette, CMYK and others to RGB - what is transparent laid on white - to grey (ITU-R 601) where
    grey is asked for - largest part of the wanted shape from the middle, resized by Pillow's
    bicubic filter

What is refused: files that are not regular, formats other than `FORMATS` (told by content, not by
name), more pixels than allowed (told by the header, before any is decoded), and damage.
"""

import os
import stat
import struct
import warnings
import zlib
from pathlib import Path
from typing import BinaryIO

import torch
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "WEBP")

# What Pillow raises for damaged files, by its documentation and by trial.
_DAMAGE = (
    ArithmeticError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip


class UnreadableImageError(Exception):
    """A file that is there and is not a picture that can be used; says why."""


def read_image(
    path: Path, *, height: int, width: int, channels: int, max_pixels: int
) -> UInt8[Tensor, "c h w"]:
    """Return a picture file as `height` by `width` pixels with 1 or 3 channels.

    Raises:
        UnreadableImageError: The file is there and cannot be used.
        FileNotFoundError: There is no such file.
    """
    with open_regular(path) as file:
        return decode_image(
            file, height=height, width=width, channels=channels, max_pixels=max_pixels
        )


def decode_image(
    file: BinaryIO, *, height: int, width: int, channels: int, max_pixels: int
) -> UInt8[Tensor, "c h w"]:
    """Return an open picture file as `read_image`; UnreadableImageError where it cannot be used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > max_pixels:
                    pixels = f"{image.width} x {image.height} pixels"
                    raise UnreadableImageError(f"has {pixels}, more than the {max_pixels} allowed")
                # Lets the JPEG decoder skip detail that the resizing would throw away.
                image.draft(None, (2 * width, 2 * height))
                fitted = fit_picture(image, height=height, width=width, channels=channels)
        except UnidentifiedImageError as error:
            raise UnreadableImageError(_what_it_is(file)) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise UnreadableImageError(f"has more pixels than the {max_pixels} allowed") from error
        except _DAMAGE as error:
            raise UnreadableImageError(f"is damaged: {error}") from error
    values = torch.frombuffer(bytearray(fitted.tobytes()), dtype=torch.uint8)
    return values.view(height, width, channels).permute(2, 0, 1).contiguous()


def fit_picture(image: Image.Image, *, height: int, width: int, channels: int) -> Image.Image:
    """Return a picture of any kind, of that size, in mode L or RGB; see the head of this file."""
    if image.mode == "F":
        raise UnreadableImageError("holds floating-point values")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits, in a type that Pillow's version decides
        image = _from_16(image)
    if "A" in image.mode or "transparency" in image.info:
        colour = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", colour.size, "white"), colour)
    if image.mode != "L":
        image = image.convert("RGB")
    if channels == 1:
        image = image.convert("L")
    image = ImageOps.fit(image, (width, height), Image.Resampling.BICUBIC)
    return image if channels == 1 else image.convert("RGB")


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; never waits for a pipe or touches a device.

    Raises UnreadableImageError or FileNotFoundError as `read_image`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableImageError("is not a regular file")
        # The file may have been exchanged since: a pipe that is opened so does not block.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(path, flags), "rb")
    except FileNotFoundError as error:
        if path.is_symlink():
            raise UnreadableImageError("is a link to nothing") from error
        raise
    except OSError as error:
        raise UnreadableImageError(f"cannot be opened: {error.strerror}") from error
    found = os.fstat(file.fileno())
    problem = "" if stat.S_ISREG(found.st_mode) else "is not a regular file"
    if not problem and found.st_size == 0:
        problem = "is empty"
    if problem:
        file.close()
        raise UnreadableImageError(problem)
    return file


def _from_16(image: Image.Image) -> Image.Image:
    """Return a 16-bit grey picture as an 8-bit one: 65535 / 257 = 255."""
    values = torch.frombuffer(bytearray(image.convert("I").tobytes()), dtype=torch.int32)
    grey = ((values.clamp(0, 65535) + 128) // 257).to(torch.uint8)
    return Image.frombytes("L", image.size, grey.numpy().tobytes())


def _what_it_is(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(16)
    if not start:
        return "is empty"
    if start.lstrip()[:1] == b"<":
        return "is HTML, XML or SVG, not a picture"
    return f"is not one of {', '.join(FORMATS)}: it begins with {start!r}"
