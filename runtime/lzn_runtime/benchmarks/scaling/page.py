"""The tables of `docs/scaling.md`: blocks between marks, which a script fills in.

<!-- table: NAME -->
...
<!-- end -->
"""

import re
from collections.abc import Mapping, Sequence

from lzn_runtime.benchmarks.latent.tables import Row

_BLOCK = re.compile(r"<!-- table: ([^>]+) -->\n(.*?)<!-- end -->", re.DOTALL)


def fill(page: str, tables: Mapping[str, Sequence[Row]]) -> str:
    """Return the page with the blocks of these tables filled in; other blocks stay.

    Raises ValueError for a table that the page has no block for.
    """
    lacking = tables.keys() - blocks(page).keys()
    if lacking:
        raise ValueError(f"the page has no block for: {', '.join(sorted(lacking))}")

    def block(found: re.Match[str]) -> str:
        if found[1] not in tables:
            return found[0]
        return f"<!-- table: {found[1]} -->\n{markdown(tables[found[1]])}<!-- end -->"

    return _BLOCK.sub(block, page)


def blocks(page: str) -> dict[str, str]:
    """Return the text of each block of a page by the name of its table."""
    return {found[1]: found[2] for found in _BLOCK.finditer(page)}


def markdown(rows: Sequence[Row]) -> str:
    """Return a table, numbers to three digits and set to the right."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    right = {name: not isinstance(rows[0].get(name, ""), str) for name in names}
    head = [
        "| " + " | ".join(names) + " |",
        "|" + "".join("---:|" if right[name] else "---|" for name in names),
    ]
    body = ["| " + " | ".join(_cell(row.get(name, "")) for name in names) + " |" for row in rows]
    return "\n".join([*head, *body]) + "\n"


def _cell(value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    if abs(value) < 1e-9:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 1e-3:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"
