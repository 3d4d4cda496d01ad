"""lzn_dsl: a small language for multimodal machine learning over one shared latent space.

`load` reads a program; `open_run` opens a trained one, `evaluate_run` measures it again, and
`compare_runs` sets several side by side. Nothing is imported before it is used:
torch only when a program runs or a trained model is opened. `%load_ext lzn_dsl` in a notebook gives
cells that begin with `%%lzn NAME`.
"""

from typing import TYPE_CHECKING, Any

from lzn_dsl.version import __version__

if TYPE_CHECKING:
    from lzn_dsl.diagnostics.diagnostic import LznError
    from lzn_dsl.spec import Spec, load
    from lzn_runtime.comparison.compare import compare_runs
    from lzn_runtime.evaluation.again import evaluate_run
    from lzn_runtime.trained_model import TrainedModel, open_run

__all__ = [
    "LznError",
    "Spec",
    "TrainedModel",
    "__version__",
    "compare_runs",
    "evaluate_run",
    "load",
    "open_run",
]

_HOMES = {
    "LznError": "lzn_dsl.diagnostics.diagnostic",
    "Spec": "lzn_dsl.spec",
    "TrainedModel": "lzn_runtime.trained_model",
    "compare_runs": "lzn_runtime.comparison.compare",
    "evaluate_run": "lzn_runtime.evaluation.again",
    "load": "lzn_dsl.spec",
    "load_ipython_extension": "lzn_dsl.notebook.magic",
    "open_run": "lzn_runtime.trained_model",
    "unload_ipython_extension": "lzn_dsl.notebook.magic",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module `lzn_dsl` has no attribute `{name}`")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
