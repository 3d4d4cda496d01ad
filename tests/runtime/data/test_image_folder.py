import io
import os
import socket
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from PIL import Image, ImageOps

from lzn_dsl.registry.builtin.datasets import ImageFolderSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.data.image_file import UnreadableImageError, read_image
from lzn_runtime.data.image_folder import ImageFolder, open_image_folder


def folder(root: Path, **settings: Any) -> ImageFolder:
    values = {"root": str(root), "size": 4, "split": "all", **settings}
    return open_image_folder(ImageFolderSettings.model_validate(values), Path("/nowhere"))


def read(path: Path, *, size: int = 4, channels: int = 3, max_pixels: int = 10**6) -> torch.Tensor:
    return read_image(path, size=size, channels=channels, max_pixels=max_pixels)


def colour_of(path: Path, *, channels: int = 3) -> list[int]:
    """Return the one colour of a picture."""
    image = read(path, channels=channels)
    assert image.shape == (channels, 4, 4)
    assert image.dtype == torch.uint8
    assert torch.equal(image, image[:, :1, :1].expand_as(image))
    values: list[int] = image[:, 0, 0].tolist()
    return values


# What is done to pictures


def save(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def test_colours_of_every_mode_have_one_meaning(tmp_path: Path) -> None:
    def colour(mode: str, value: Any, kind: str = "png", channels: int = 3) -> list[int]:
        path = save(tmp_path / f"x.{kind}", Image.new(mode, (6, 6), value))
        return colour_of(path, channels=channels)

    assert colour("RGB", (200, 100, 50)) == [200, 100, 50]
    assert colour("RGB", (200, 100, 50), channels=1) == [124]  # 0.299 R + 0.587 G + 0.114 B
    assert colour("RGB", (200, 100, 50), "bmp") == [200, 100, 50]
    assert colour("RGB", (200, 100, 50), "ppm") == [200, 100, 50]
    assert colour("L", 77) == [77, 77, 77]
    assert colour("L", 77, channels=1) == [77]
    assert colour("L", 77, "pgm", channels=1) == [77]
    assert colour("1", 1) == [255, 255, 255]
    assert colour("I;16", 65535, channels=1) == [255]
    assert colour("I;16", 257 * 77, channels=1) == [77]
    assert colour("I;16", 257 * 77 + 129, channels=1) == [78]
    assert colour("I;16", 0) == [0, 0, 0]
    assert colour("RGBA", (200, 100, 50, 255)) == [200, 100, 50]
    assert colour("RGBA", (200, 100, 50, 0)) == [255, 255, 255]  # laid on white
    assert colour("RGBA", (0, 0, 0, 51)) == [204, 204, 204]
    assert colour("LA", (0, 51), channels=1) == [204]
    assert colour("CMYK", (0, 255, 255, 0), "jpg")[0] > 240
    assert colour("CMYK", (0, 0, 0, 255), "jpg", channels=1)[0] < 10


def test_palettes_are_looked_up(tmp_path: Path) -> None:
    image = Image.new("P", (6, 6), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    assert colour_of(save(tmp_path / "a.png", image)) == [200, 100, 50]
    assert colour_of(save(tmp_path / "a.gif", image)) == [200, 100, 50]
    assert colour_of(save(tmp_path / "b.png", image, transparency=1)) == [255, 255, 255]
    partly = save(tmp_path / "c.png", image, transparency=bytes([255, 51]))
    assert colour_of(partly) == [244, 224, 214]


def test_an_animation_is_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 6), c) for c in ("#c86432", "blue", "white")]
    path = save(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])
    assert colour_of(path) == [200, 100, 50]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_undone(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("L", (8, 8), 0)
    upright.paste(255, (0, 0, 4, 4))  # the upper left is white
    upright.paste(128, (4, 0, 8, 4))  # the upper right is grey
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x112] = orientation
    path = save(tmp_path / "a.png", stored, exif=exif)
    assert torch.equal(read(path, size=8)[0], torch.tensor(np.asarray(upright)))


@pytest.mark.parametrize(("width", "height"), [(12, 4), (4, 12), (40, 10), (5, 4), (4000, 4)])
def test_the_middle_square_is_cut_out(tmp_path: Path, width: int, height: int) -> None:
    image = Image.new("L", (width, height), 10)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    image.paste(200, (left, top, left + side, top + side))
    values = read(save(tmp_path / "a.png", image), channels=1)[0, 1:3, 1:3]
    assert values.min() >= 199


def test_a_size_that_fits_changes_nothing(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    path = save(tmp_path / "a.png", Image.fromarray(pixels))
    assert torch.equal(read(path, size=16), torch.tensor(pixels).permute(2, 0, 1))


def test_a_large_jpeg_is_decoded_small_and_alike(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 1024).astype(np.uint8)
    path = save(tmp_path / "a.jpg", Image.fromarray(np.tile(ramp, (1024, 1))), quality=95)
    values = read(path, size=16, channels=1, max_pixels=10**7)[0].float()
    with Image.open(path) as image:
        exact = ImageOps.fit(image, (16, 16), Image.Resampling.BICUBIC)
    assert (values - torch.tensor(np.asarray(exact, np.float32))).abs().max() <= 2


# What is refused


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


# The dataset


def test_pictures_and_labels_are_in_the_order_of_names(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"b": 2, "a": 1, "C": 1})
    data = folder(tmp_path)
    assert isinstance(data, Dataset)
    assert len(data) == 4
    batch = data.__getitems__([0, 1, 3, 2, 3])
    assert batch["label"].tolist() == [0, 1, 2, 2, 2]
    assert batch["label"].dtype == torch.int64
    assert batch["image"].shape == (5, 3, 4, 4)
    # write_class_folders: red tells the class as it was given, green the number
    assert batch["image"][:, 0, 0, 0].tolist() == [40, 20, 0, 0, 0]
    assert batch["image"][:, 1, 0, 0].tolist() == [0, 0, 1, 0, 1]
    labels = data.labels("label")
    assert labels is not None
    assert labels.tolist() == [0, 1, 2, 2]
    assert data.labels("image") is None


def test_splits_hold_each_picture_once(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 10, "b": 15})
    train, test = (folder(tmp_path, split=split) for split in ("train", "test"))
    assert (len(train), len(test)) == (20, 5)
    seen = []
    for data in (train, test):
        batch = data.__getitems__(list(range(len(data))))
        seen += batch["image"][:, :2, 0, 0].tolist()
    assert sorted(seen) == [[0, i] for i in range(10)] + [[20, i] for i in range(15)]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert data_error_of(lambda: folder(tmp_path / "x"), tmp_path) == (
        "LZN501 there is no folder `DIR/x`; name it by `root:`"
    )


def test_links_to_pictures_are_followed(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "store", {"a": 2})
    (tmp_path / "photos" / "dog").mkdir(parents=True)
    (tmp_path / "photos" / "cat").symlink_to(tmp_path / "store" / "a")
    (tmp_path / "photos" / "dog" / "x.png").symlink_to(tmp_path / "store" / "a" / "001.png")
    batch = folder(tmp_path / "photos").__getitems__([0, 1, 2])
    assert batch["label"].tolist() == [0, 0, 1]
    assert batch["image"][:, 1, 0, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("name", [b"new\nline.png", b"bad\xffutf8.png", b"\xc3\xa9 %s{}.png"])
def test_any_file_name_works(tmp_path: Path, name: bytes) -> None:
    write_class_folders(tmp_path, {"a": 1})
    target = os.fsencode(tmp_path) + b"/a/" + name
    try:
        (tmp_path / "a" / "000.png").rename(os.fsdecode(target))
    except OSError as error:
        pytest.skip(f"this file system refuses the name: {error}")
    data = folder(tmp_path)
    assert data.__getitems__([0])["label"].tolist() == [0]
    assert len(data.fingerprint) == 32
    Path(os.fsdecode(target)).write_bytes(b"")
    told = data_error_of(lambda: data.__getitems__([0]), tmp_path)
    assert told.encode("utf-8")
    assert "\n" not in told


def test_bad_pictures_are_replaced_by_the_next_good_one(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 30, "b": 30})
    for bad in ("a/029", "b/028", "b/029"):
        (tmp_path / f"{bad}.png").write_bytes(b"")
    wanted = [28, 29, 30, 58, 59, 29]
    for order in (wanted, wanted[::-1], [59, 29, 58, 30, 28]):
        batch = folder(tmp_path, on_error="skip").__getitems__(order)
        got = dict(zip(order, batch["image"][:, :2, 0, 0].tolist(), strict=True))
        assert got == {28: [0, 28], 29: [20, 0], 30: [20, 0], 58: [0, 0], 59: [0, 0]}
        classes = dict(zip(order, batch["label"].tolist(), strict=True))
        assert classes == {28: 0, 29: 1, 30: 1, 58: 0, 59: 0}


def test_too_many_bad_pictures_stop(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 20, "b": 20})
    for i in (3, 4, 9):
        (tmp_path / "a" / f"{i:03d}.png").write_bytes(b"")
    data = folder(tmp_path, on_error="skip")
    data.__getitems__([3])
    data.__getitems__([3, 4])
    assert data_error_of(lambda: data.__getitems__([9]), tmp_path) == (
        "LZN508 3 of 40 pictures cannot be read, 2 may be replaced; the last, `DIR/a/009.png`, "
        "is empty"
    )


@pytest.mark.parametrize("count", [1, 2, 9])
def test_nothing_but_bad_pictures_stops(tmp_path: Path, count: int) -> None:
    write_class_folders(tmp_path, {"a": count})
    for path in (tmp_path / "a").iterdir():
        path.write_bytes(b"")
    error = data_error_of(lambda: folder(tmp_path, on_error="skip").__getitems__([0]), tmp_path)
    assert error.startswith(f"LZN508 {min(count, 2)} of {count} pictures cannot be read")


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_a_picture_that_is_gone_is_named_whatever_the_policy(tmp_path: Path, policy: str) -> None:
    write_class_folders(tmp_path, {"a": 3})
    data = folder(tmp_path, on_error=policy)
    (tmp_path / "a" / "001.png").unlink()
    expected = "LZN507 the picture `DIR/a/001.png` is gone"
    assert data_error_of(lambda: data.__getitems__([0, 1]), tmp_path) == expected


def test_a_fingerprint_is_of_names_and_sizes(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "x", {"a": 2, "b": 1})
    write_class_folders(tmp_path / "y", {"b": 1, "a": 2})  # written in another order
    before = folder(tmp_path / "x").fingerprint
    assert folder(tmp_path / "y").fingerprint == folder(tmp_path / "y").fingerprint
    (tmp_path / "x" / "a" / "000.png").write_bytes(JPEG)
    changed = folder(tmp_path / "x").fingerprint
    (tmp_path / "x" / "a" / "000.png").rename(tmp_path / "x" / "a" / "00.png")
    renamed = folder(tmp_path / "x").fingerprint
    (tmp_path / "x" / "a" / "00.png").unlink()
    assert len({before, changed, renamed, folder(tmp_path / "x").fingerprint}) == 4


def test_reading_leaves_the_warning_filters_alone(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 1})
    before = list(warnings.filters)
    folder(tmp_path).__getitems__([0])
    assert warnings.filters == before
