"""What a notebook shows of a program and of a trained model."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from lzn_dsl.diagnostics.diagnostic import Diagnostic, has_errors
from lzn_dsl.diagnostics.render import render_text

if TYPE_CHECKING:
    from lzn_dsl.planning.plan import Plan, TaskPlan
    from lzn_dsl.spec import Spec


def spec_bundle(spec: "Spec") -> dict[str, str]:
    """Return a program in each form that a notebook may choose from, by media type."""
    found = spec.check()
    bundle = {"text/plain": _plain(spec, found), "text/html": spec_html(spec)}
    picture = spec_svg(spec)
    return bundle | ({"image/svg+xml": picture} if picture else {})


def spec_html(spec: "Spec") -> str:
    """Return the findings of a program, then its graph where it has no errors.

    Of one that has neither, such as a library of verbs, a word that it has no errors.
    """
    found, picture = spec.check(), spec_svg(spec)
    parts = [findings_html(found)] if found else []
    if picture:
        # As an image, the picture's styles do not reach the page.
        data = b64encode(picture.encode()).decode()
        parts.append(f'<img alt="task graph" src="data:image/svg+xml;base64,{data}">')
    return "\n".join(parts) or escape(_plain(spec, found))


def spec_svg(spec: "Spec") -> str | None:
    """Return the graph of a program as SVG; None where it has errors, or only declares names."""
    if spec.program is None or has_errors(spec.check()):
        return None
    from lzn_dsl.graph.pictures import draw

    return draw(spec.graph.graph, "svg")


def findings_html(found: Sequence[Diagnostic]) -> str:
    """Return findings as they are shown in a shell."""
    return f'<pre style="white-space: pre-wrap">{escape(render_text(found, color=False))}</pre>'


def model_html(plan: "Plan", step: int) -> str:
    """Return the tasks of a trained model as a table."""
    title = (
        f"<b>{escape(plan.title)}</b>, {step:,} training steps, {plan.cost.parameters:,} parameters"
    )
    rows = [_row("th", ("task", "phrase", "takes", "yields"))]
    rows += [_row("td", _cells(task)) for task in plan.tasks]
    return f"{title}\n<table>\n{chr(10).join(rows)}\n</table>"


def _plain(spec: "Spec", found: Sequence[Diagnostic]) -> str:
    if found:
        return render_text(found, color=False).rstrip("\n")
    return f"<Spec {spec.source.name}: no errors>"


def _cells(task: "TaskPlan") -> tuple[str, ...]:
    return task.name, task.phrase, ", ".join(task.inputs) or "nothing", str(task.output)


def _row(tag: str, cells: Iterable[str]) -> str:
    style = ' style="text-align: left"'
    return f"<tr>{''.join(f'<{tag}{style}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
