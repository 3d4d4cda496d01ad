"""Time and memory of a training step: measured parts, and a model of many GPUs."""

from lzn_runtime.benchmarks.scaling.hardware import CLUSTERS, Assumptions
from lzn_runtime.benchmarks.scaling.measured import QUICK, Sizes, measured_tables
from lzn_runtime.benchmarks.scaling.model import Model, model_tables
from lzn_runtime.benchmarks.scaling.workload import Workload, workload

__all__ = [
    "CLUSTERS",
    "QUICK",
    "Assumptions",
    "Model",
    "Sizes",
    "Workload",
    "measured_tables",
    "model_tables",
    "workload",
]
