"""Programs from their text, on the built-in components and a dataset whose columns one chooses."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from lzn_dsl.registry.builtin.datasets import columns
from lzn_dsl.registry.entry import Column, DatasetInfo, Entry, Kind
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings
from lzn_dsl.spec import Spec, load

COLUMNS = {
    **columns(8, 8, 1, tuple("abcdefghij")),
    "sketch": Column("image", {"height": 4, "width": 4, "channels": 1}),
    "mood": Column("label", {"classes": 3, "names": ["glad", "calm", "sad"]}),
}


class ToySettings(Settings):
    """A dataset of the columns that are named."""

    columns: list[str]


def _describe(settings: ToySettings, folder: Path) -> DatasetInfo:
    return DatasetInfo({name: COLUMNS[name] for name in settings.columns}, 1000)


@cache
def registry() -> Registry:
    """The built-in components, and `toy(columns: [image, label, sketch, mood])`."""
    toy = Entry(Kind.DATASET, "toy", "For tests.", ToySettings, "no.module:none", _describe)
    return Registry((*builtin_entries(), toy))


def program(text: str, settings: Iterable[str] | Mapping[str, object] = ()) -> Spec:
    """Load a program from its text."""
    return load(text, settings=settings, registry=registry())


def errors(text: str) -> list[str]:
    """Return the codes of the errors of a program."""
    return [d.code for d in program(text).check() if d.severity == "error"]
