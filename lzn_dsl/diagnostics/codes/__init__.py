"""Every code of the language, for `lzn explain`.

A family of codes is a module of this package with a tuple `CODES`; adding a module adds its codes.
"""

import importlib
import pkgutil

from lzn_dsl.diagnostics.codes.code import Code

__all__ = ["CODES", "Code"]


def _all_codes() -> dict[str, Code]:
    codes: dict[str, Code] = {}
    for module in pkgutil.iter_modules(__path__):
        family = importlib.import_module(f"{__name__}.{module.name}")
        for code in getattr(family, "CODES", ()):
            if code.code in codes:
                raise ValueError(f"code {code.code} is defined twice")
            codes[code.code] = code
    return dict(sorted(codes.items()))


CODES = _all_codes()
"""The codes by name, in order."""
