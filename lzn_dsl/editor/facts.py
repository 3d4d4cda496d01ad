"""What the datasets of a program say of its modalities, whatever else is wrong with the program."""

from collections.abc import Mapping
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.registry.entry import Column, DatasetInfo, Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.analyse import Options
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.declarations import constants
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse

_KEPT = 64


class Facts:
    """Describes datasets, and remembers it: the same words are not looked up twice."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[tuple[str, Path], Mapping[str, DatasetInfo]] = {}

    def datasets(self, declarations: str, folder: Path) -> Mapping[str, DatasetInfo]:
        """Return what is known of each dataset.

        `declarations` are the `let`, `param` and `data` statements of a program; without a dataset,
        the default one is described, under an empty name. Datasets with mistakes are left out.
        """
        key = (declarations, folder)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = self._describe_all(declarations, folder)
        return self._known[key]

    def forget(self) -> None:
        """Look again at what is on the disk."""
        self._known.clear()

    def columns(self, declarations: str, folder: Path) -> dict[str, Column]:
        """Return the columns of all datasets, the first of each name."""
        found: dict[str, Column] = {}
        for info in self.datasets(declarations, folder).values():
            for name, column in info.columns.items():
                found.setdefault(name, column)
        return found

    def _describe_all(self, declarations: str, folder: Path) -> Mapping[str, DatasetInfo]:
        file, _ = parse(Source("<declarations>", declarations))
        binder = Binder(self._registry, constants(file.statements, []))
        found: dict[str, DatasetInfo] = {}
        for statement in file.statements:
            if isinstance(statement, tree.Data):
                name = statement.name.text
                component = binder.component(Kind.DATASET, statement.component, f"data.{name}")
                info = self._describe(component, folder)
                if info is not None:
                    found[name] = info
        if not any(isinstance(s, tree.Data) for s in file.statements):
            info = self._describe(Component(name=Options.data), folder)
            return {"": info} if info else {}
        return found

    def _describe(self, component: Component | None, folder: Path) -> DatasetInfo | None:
        entry = self._registry.find(Kind.DATASET, component.name) if component else None
        if component is None or entry is None or entry.describe is None:
            return None
        try:
            return entry.describe(self._registry.settings(Kind.DATASET, component), folder)
        except LznError:
            return None
