"""The parameters of a spec, for `lzn ls params SPEC`."""

from lzn_dsl.cli.options import load_spec
from lzn_dsl.diagnostics.diagnostic import SpecError, has_errors


def parameter_rows(spec: str) -> dict[str, str]:
    """Return what each parameter of a spec takes and has, by its name.

    Raises SpecError where the spec cannot be read, or its files have errors.
    """
    from lzn_dsl.linking.parameters import written

    linked = load_spec(spec, "digits", None).linked
    if has_errors(linked.found):
        raise SpecError(linked.found)
    rows = {}
    for bound in linked.parameters:
        where = f", from {bound.value.span}" if bound.given else ""
        value = written(bound.value)
        rows[bound.name] = f"{bound.parameter.type}: {bound.parameter.takes} (is {value}{where})"
    return rows
