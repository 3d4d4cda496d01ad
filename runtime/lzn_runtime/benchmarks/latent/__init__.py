"""Cost and accuracy of the latent core, beside the flow as published: `lzn bench latent`."""

from lzn_runtime.benchmarks.latent.measure import QUICK, Found, Settings, Table, measure
from lzn_runtime.benchmarks.latent.tables import Row

__all__ = ["QUICK", "Found", "Row", "Settings", "Table", "measure"]
