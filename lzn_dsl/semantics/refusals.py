"""What an application in an expression is refused for."""

from lzn_dsl.diagnostics.habits import here, meant
from lzn_dsl.diagnostics.suggest import Suggestion, suggest
from lzn_dsl.semantics.abilities import who_can
from lzn_dsl.semantics.advice import advise
from lzn_dsl.semantics.calls import Call, Misfit
from lzn_dsl.semantics.names import Abandoned, Frame, Names, Walk
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.verbs import form, listed
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.unexpected import FORMS


class Refusals:
    """Findings of a walk on heads and operands that do not fit."""

    def __init__(self, names: Names, walk: Walk) -> None:
        self._names = names
        self._walk = walk

    def no_step(self, body: tree.Literal) -> Abandoned:
        """Report LZN307: a literal where a step belongs."""
        summary = f"{body.span.text} cannot stand here: it is no step"
        hint = "a class or a file is given when the task is used"
        if isinstance(body.value, str) and self._is_name(body.value):
            summary = f"{body.span.text} cannot stand here: a name has no quotes"
            hint = f"write `{body.value}`"
        return self._walk.fail("LZN307", summary, body.span, hint=hint)

    def _is_name(self, text: str) -> bool:
        frame, names = self._walk.frame, self._names
        return (
            text in names.abilities or names.is_task(text) or bool(frame and text in frame.values)
        )

    def must_be_known(self, head: tree.Name, body: tree.Apply | None = None) -> None:
        """Raise Abandoned, LZN203 or LZN211, where nothing is called so that can be applied."""
        names, frame = self._names, self._walk.frame
        if head.text in PRIMITIVES or names.verbs.named(head.text):
            return
        if frame is not None:
            raise self.unknown_in_verb(head, frame)
        if names.is_task(head.text):
            return
        if body is not None:
            self._no_evaluation(body)
        notes = [f"verbs: {listed(names.verbs.names)}"]
        tasks = [name for name in names.tasks if name != names.itself]
        notes += [f"tasks: {listed(tasks)}"] if tasks else []
        known = [*names.verbs.names, *tasks, *PRIMITIVES]
        hint = meant("verb", head.text, known)
        if body and head.text == "align":
            hint = f"write `learn {body.span.text}`"
        if head.text in names.abilities:
            hint = suggest(head.text, known)
            notes.insert(0, f"`{head.text}` is a modality, and does nothing by itself")
        raise self._walk.fail(
            "LZN203",
            f"unknown verb `{head.text}`",
            head.span,
            notes=tuple(notes),
            hint=hint,
        )

    def _no_evaluation(self, body: tree.Apply) -> None:
        """Refuse `evalute draw on unseen with accuracy`, which reads like a phrase."""
        head = body.head
        prepositions = [c.preposition.text for c in body.complements]
        if self._names.itself != head.text or prepositions != ["on", "with"]:
            return
        raise self._walk.fail(
            "LZN121",
            f"unknown statement `{head.text}`",
            head.span,
            label="not a word that begins a statement",
            notes=(f"the form is `{FORMS['EVALUATE']}`",),
            hint=Suggestion(head.text, "evaluate"),
        )

    def unknown_in_verb(self, name: tree.Name, frame: Frame) -> Abandoned:
        """Report LZN211: a name in the body of a verb that means nothing there."""
        verbs = self._names.verbs.names
        hint = suggest(name.text, [*PRIMITIVES, *verbs, *frame.values])
        if name.text in self._names.tasks:
            hint = f"`{name.text}` is a task, and a verb is made of verbs and primitives"
        if any(binding.name.text == name.text for binding in frame.verb.bindings):
            hint = f"`{name.text}` is defined further down: move its line up"
        return self._walk.fail(
            "LZN211",
            f"unknown step `{name.text}` in a verb",
            name.span,
            notes=(
                f"primitives: {listed(PRIMITIVES)}",
                f"verbs: {listed(verbs)}",
                f"parameters: {listed(p.name.text for p in frame.verb.parameters)}",
            ),
            hint=hint,
        )

    def no_form(self, call: Call) -> Abandoned:
        """Report LZN306: a call that no form of its head fits."""
        head = call.head.text
        verbs = self._names.verbs.named(head)
        forms = [form(verb) for verb in verbs]
        forms += [PRIMITIVES[head].form] if head in PRIMITIVES else []
        if self._walk.frame is None and self._names.is_task(head):
            inputs = ", ".join(s.id for s in self._names.task(call.head).inputs)
            forms.append(f"{head}({inputs})" if inputs else head)
        advice = advise(call, verbs, self._names.abilities)
        hint = advice.hint
        if not verbs and (verb := here("verb", head)) in self._names.verbs.names and verb:
            hint = Suggestion(head, verb)
        return self._walk.fail(
            "LZN306",
            advice.summary,
            advice.span,
            label=advice.label,
            notes=(f"its forms: {listed(forms)}",),
            hint=hint,
        )

    def misfit(self, verb: tree.Verb, misfit: Misfit) -> None:
        """Report LZN301 or LZN307: an operand that is not what the verb takes."""
        head, place = verb.name.text, misfit.operand.span
        if not misfit.modality:
            name = misfit.parameter.name.text
            summary = f"`{head}` takes {misfit.wanted} for `{name}`, not {misfit.why}"
            self._walk.fail("LZN307", summary, place, notes=(f"its form: `{form(verb)}`",))
            return
        checked = self._walk.checked
        own = checked is not None and misfit.modality in checked.values
        self._walk.fail(
            "LZN301",
            f"`{head}` needs something {misfit.wanted} here, and `{misfit.modality}` is not",
            place,
            label="" if own else misfit.why,
            notes=() if own else (who_can(misfit.wanted, self._names.abilities),),
            hint=f"add `{misfit.wanted}` to the capabilities of `{misfit.modality}`" if own else "",
        )
