"""Every code of the language, for `lzn explain`.

A family of codes is a module of this package with a tuple `CODES`; adding a module adds its codes.
"""

import importlib
import pkgutil
from functools import cache

from lzn_dsl.diagnostics.codes.code import Code

__all__ = ["Code", "all_codes", "find_code"]


@cache
def all_codes() -> dict[str, Code]:
    """Return the codes by name, in order. Raises ValueError where two families share a code."""
    codes: dict[str, Code] = {}
    for module in pkgutil.iter_modules(__path__):
        family = importlib.import_module(f"{__name__}.{module.name}")
        for code in getattr(family, "CODES", ()):
            if code.code in codes:
                raise ValueError(f"code {code.code} is defined twice")
            codes[code.code] = code
    return dict(sorted(codes.items()))


def find_code(name: str) -> Code | None:
    """Return the code of that name (`LZN201`, `lzn201` or `201`), or None."""
    wanted = name.strip().upper()
    return all_codes().get(wanted if wanted.startswith("LZN") else f"LZN{wanted}")
