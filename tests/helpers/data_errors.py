"""The message of a data error, to be compared whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.codes.data import CODES
from lzn_dsl.diagnostics.diagnostic import DataError


def data_error_of(call: Callable[[], object], folder: Path) -> str:
    """Return the one finding of the DataError that a call raises, `folder` written as DIR."""
    with pytest.raises(DataError) as caught:
        call()
    (found,) = caught.value.diagnostics
    assert found.code in {code.code for code in CODES}
    text = f"{found.code} {found.summary}" + (f" ({found.hint})" if found.hint else "")
    return text.replace(str(folder), "DIR")
