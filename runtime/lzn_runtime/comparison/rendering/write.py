"""Writing a comparison into a folder."""

import json
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.rendering.data import as_data
from lzn_runtime.comparison.rendering.markdown import as_markdown
from lzn_runtime.comparison.rendering.page import as_page
from lzn_runtime.comparison.rendering.plots import FILES, plots
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.report.charts.plot import standalone

_PLOTS = "plots"


def write_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write `compare.md`, `compare.json`, `compare.html` and `plots/*.svg`; return their paths.

    Plots that an earlier comparison left there and this one has not are removed.

    Raises StorageError (LZN708) where the folder cannot be written to.
    """
    made = plots(comparison)
    pictures = [(plot.title, f"{_PLOTS}/{plot.name}.svg") for plot in made]
    data = json.dumps(as_data(comparison), indent=1, allow_nan=False)
    contents = {
        "compare.md": as_markdown(comparison, pictures=pictures),
        "compare.json": f"{data}\n",
        "compare.html": as_page(comparison, made),
        **{f"{_PLOTS}/{plot.name}.svg": standalone(plot.picture) for plot in made},
    }
    try:
        for name, text in contents.items():
            write_bytes(folder / name, text.encode())
        for path in (folder / _PLOTS).glob("*.svg"):
            if path.name.startswith(FILES) and f"{_PLOTS}/{path.name}" not in contents:
                path.unlink()
    except OSError as error:
        summary = f"`{folder}` cannot be written to: {error}"
        raise StorageError(Diagnostic("LZN708", summary)) from error
    return [folder / name for name in contents]
