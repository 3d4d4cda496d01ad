"""Names for new things: which can be used, and what is said of the others (LZN907)."""

import keyword
import re

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.syntax.tokens import KEYWORDS

_LONGEST = 40
_OWN = ("dsl", "runtime")
"""`lzn_dsl` and `lzn_runtime` are packages of the language itself."""
_WORDS = ("none", "auto")
"""Values of settings, which a program could not tell from the modality."""


def check_modality_name(name: str, registry: Registry) -> None:
    """Refuse a name that a modality and its package cannot have (SpecError)."""
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST - 1}}}", name) or name.endswith("_"):
        lower = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789")[:_LONGEST]
        raise _refused(
            name,
            "a modality is named by a lower-case word of letters, digits and `_`, at most "
            f"{_LONGEST} long",
            f"for example `{lower}`" if lower and lower != name else "",
        )
    if name.upper() in KEYWORDS or keyword.iskeyword(name) or name in _WORDS:
        raise _refused(name, "it is a reserved word", f"for example `{name}_data`")
    if name in _OWN:
        raise _refused(name, f"its package would be called `lzn_{name}`, which is the language's")
    taken = (Kind.MODALITY, name), (Kind.DATASET, demo_name(name))
    for kind, word in taken:
        if registry.find(kind, word) is not None:
            raise _refused(name, f"there is a {kind} `{word}` already: `lzn ls` lists all")


def check_spec_name(name: str) -> None:
    """Refuse a name that a spec's file cannot have (SpecError)."""
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{_LONGEST - 1}}}", name):
        raise _refused(
            name,
            f"a spec is named by letters, digits, `_` and `-`, at most {_LONGEST} of them",
            "name a folder by `--dest`",
        )


def demo_name(modality: str) -> str:
    """Return the name of the small dataset that comes with a new modality."""
    return f"{modality}_demo"


def _refused(name: str, why: str, hint: str = "") -> SpecError:
    return SpecError(Diagnostic("LZN907", f"`{name}` cannot be used: {why}", hint=hint))
