"""What is said of single modules must be of modules that train, and one must train to the end."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.graph.passes.objectives import Objectives
from lzn_dsl.semantics.program import Program


def check_modules(program: Program, objectives: Objectives) -> list[Diagnostic]:
    """Report blocks of modules that nothing trains, and a training that stops before its end."""
    trained = {module for o in objectives.by_name.values() for module in o.trains}
    found = [
        Diagnostic(
            "LZN409",
            f"nothing trains `{name}`",
            module.span,
            label="has no effect",
            hint=f"remove `train {name}`, or add a task that needs it",
        )
        for name, module in program.modules.items()
        if name not in trained
    ]
    ends = {name: _until(program, name) for name in trained}
    if ends and max(ends.values()) < 1 and not found:
        last = max(ends, key=lambda name: ends[name])
        found.append(
            Diagnostic(
                "LZN409",
                f"everything is frozen after {ends[last]:g} of the steps",
                program.modules[last].span,
                label="the last module that trains",
                hint="let one module train to the end, or lower `steps`",
            )
        )
    return found


def _until(program: Program, module: str) -> float:
    known = program.modules.get(module)
    until = known.settings["until"] if known else 1.0
    assert isinstance(until, int | float), until
    return float(until)
