"""`lzn lsp`: the language server that editors start."""

from importlib.util import find_spec

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError


def lsp() -> None:
    """Serve an editor over standard input and output (Language Server Protocol)."""
    if find_spec("pygls") is None:
        raise SpecError(
            Diagnostic(
                "LZN909",
                "the language server needs the package `pygls`, which is not installed",
                hint='pip install "lzn-dsl[lsp]"',
            )
        )
    from lzn_dsl.editor.server import serve

    serve()
