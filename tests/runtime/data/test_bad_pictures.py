import io
import os
import socket
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from lzn_dsl.registry.builtin.picture_datasets import ImageFolderSettings
from lzn_runtime.data.image_file import UnreadableImageError, read_image
from lzn_runtime.data.image_folder import open_image_folder
from lzn_runtime.data.pictures import Pictures


def folder(root: Path, **settings: Any) -> Pictures:
    values = {"root": str(root), "size": 4, "split": "all", **settings}
    return open_image_folder(ImageFolderSettings.model_validate(values), Path("/nowhere"))


def read(path: Path, *, size: int = 4, channels: int = 3, max_pixels: int = 10**6) -> torch.Tensor:
    return read_image(path, height=size, width=size, channels=channels, max_pixels=max_pixels)


def png_header(width: int, height: int) -> bytes:
    """Return a PNG file that claims a size and holds no pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def image_bytes(kind: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


JPEG = image_bytes("JPEG")
NOT_ONE = "is not one of BMP, GIF, JPEG, PNG, PPM, WEBP: it begins with "


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "is HTML, XML or SVG, not a picture"),
        (b"\n <svg xmlns=", "is HTML, XML or SVG, not a picture"),
        (b"plain text", f"{NOT_ONE}b'plain text'"),
        (bytes(range(200)), f"{NOT_ONE}{bytes(range(16))!r}"),
        (image_bytes("TIFF"), f"{NOT_ONE}{image_bytes('TIFF')[:16]!r}"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", f"{NOT_ONE}b'%!PS-Adobe-3.0 E'"),
        (b"8BPS\0\1" + bytes(40), f"{NOT_ONE}{b'8BPS' + bytes([0, 1]) + bytes(10)!r}"),
        (JPEG[:2], f"{NOT_ONE}{JPEG[:2]!r}"),
        (JPEG[:-100], "is damaged: image file is truncated"),
        (image_bytes("PNG")[:200], "is damaged: image file is truncated"),
        (png_header(1001, 1000), "has 1001 x 1000 pixels, more than the 1000000 allowed"),
        (png_header(12_000, 9_000), "has more pixels than the 1000000 allowed"),
        (png_header(60_000, 60_000), "has more pixels than the 1000000 allowed"),
        (b"Pf\n2 2\n-1.0\n" + bytes(16), "holds floating-point values"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_usable_picture_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    root = tmp_path / "photos"
    write_class_folders(root, {"cat": 1})
    (root / "cat" / "bad.jpg").write_bytes(content)
    error = data_error_of(lambda: folder(root, max_pixels=10**6).__getitems__([1]), tmp_path)
    assert error.startswith(f"LZN507 the picture `DIR/photos/cat/bad.jpg` {reason}")
    assert error.endswith(" (`on_error: skip` puts the next picture in its place)")


def test_pixels_are_counted_before_any_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_header(4_000, 2_000))
    with pytest.raises(UnreadableImageError, match="4000 x 2000 pixels, more than the 1000000 all"):
        read(tmp_path / "a.png")
    with pytest.raises(UnreadableImageError, match="is damaged"):
        read(tmp_path / "a.png", max_pixels=8_000_000)


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_fifo, "is not a regular file"),
        (make_socket, "is not a regular file"),
        (make_device, "is not a regular file"),
        (make_folder, "is not a regular file"),
        (make_loop, "cannot be opened: Too many levels of symbolic links"),
        (make_link_to_nothing, "is a link to nothing"),
    ],
)
def test_what_is_no_file_is_refused_and_never_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    make(Path("a.png"))
    Path("link.png").symlink_to("a.png")
    for name in ("a.png", "link.png"):
        with pytest.raises(UnreadableImageError) as caught:
            read(Path(name))
        assert str(caught.value) == reason


def test_a_file_exchanged_for_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    regular = (tmp_path / "file").stat()
    os.mkfifo(tmp_path / "a.png")
    monkeypatch.setattr(Path, "stat", lambda *args, **kwargs: regular)
    with pytest.raises(UnreadableImageError, match="is not a regular file"):
        read(tmp_path / "a.png")


def test_no_damage_of_a_picture_escapes_as_another_exception(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "x"
    for kind in ("BMP", "GIF", "JPEG", "PNG", "PPM", "WEBP"):
        whole = np.frombuffer(image_bytes(kind), np.uint8)
        for _ in range(60):
            content = whole.copy()
            places = rng.integers(0, min(len(content), rng.choice([40, 10**6])), rng.integers(1, 9))
            content[places] = rng.integers(0, 256, len(places))
            path.write_bytes(content.tobytes())
            try:
                seen = str(read(path).shape)
            except UnreadableImageError as error:
                seen = str(error)
            assert seen, kind
