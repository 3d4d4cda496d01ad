"""The cell magic `%%lzn NAME`: checks the cell, shows what is found, and binds the program."""

from typing import Any

from lzn_dsl.spec import load

DEFAULT_NAME = "program"


def load_ipython_extension(shell: Any) -> None:
    """Register the magic; IPython calls this for `%load_ext lzn_dsl`."""

    def lzn(line: str, cell: str) -> None:
        """Check a program, show its findings and its graph, and bind it to a name.

        `%%lzn NAME` binds the program to NAME, by default `program`, whether it has errors or not.
        """
        name = line.strip() or DEFAULT_NAME
        if not name.isidentifier():
            from IPython.core.error import UsageError

            raise UsageError(f"%%lzn: `{name}` is no name to bind the program to")
        spec = load(f"{cell.rstrip()}\n")
        shell.push({name: spec})
        from IPython.display import display

        display(spec)  # type: ignore[no-untyped-call]  # IPython's

    shell.register_magic_function(lzn, "cell")


def unload_ipython_extension(shell: Any) -> None:
    """Take the magic back; IPython calls this for `%unload_ext lzn_dsl`."""
    shell.magics_manager.magics["cell"].pop("lzn", None)
