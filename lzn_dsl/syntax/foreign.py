"""Recognises what people bring from Python and YAML."""

from collections.abc import Callable

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.habits import here
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.syntax.phrases import USUAL_PREPOSITION, phrase_of_call
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import PREPOSITIONS, STATEMENTS
from lzn_dsl.syntax.unexpected import NAMED, unexpected, unknown_statement

_PYTHON = frozenset({"for", "while", "if", "class", "def", "return", "print", "async", "try"})
_SAMPLE_NAMES = {"data": "seen", "task": "draw", "let": "width", "modality": "image"}


def explain_foreign(situation: Situation) -> Diagnostic | None:
    """Return what to say of a habit of another language, or None where it is none."""
    for recognise in _HABITS:
        if diagnostic := recognise(situation):
            return diagnostic
    return None


def _import_of_python(situation: Situation) -> Diagnostic | None:
    head, token = situation.head, situation.token
    line = [token.kind for token in situation.tokens[situation.statement : situation.place + 4]]
    if head.kind == "IMPORT" and token.kind in ("NAME", "QUALIFIED") and situation.reach == 1:
        summary, place = "`import` takes the path of a program, in quotes", situation.span
    elif head.kind == "FROM" and "IMPORT" in line:
        summary, place = "nothing is imported from Python", situation.span_of(head)
    else:
        return None
    return Diagnostic(
        code="LZN133",
        summary=summary,
        span=place,
        label="not expected here",
        notes=('`import "FILE.lzn"` reads another program; nothing is read from Python',),
        hint=f'write `import "{token.text}"`'
        if token.text.endswith(".lzn")
        else "delete this line: datasets, networks and optimizers have names of their own here",
    )


def _statement_of_python(situation: Situation) -> Diagnostic | None:
    """`for i in range(10):`, `class Net(nn.Module):`, `print(x)`."""
    head = situation.head
    if situation.start != "file" or head.text not in _PYTHON or not situation.reach:
        return None
    if head.text == "def" and situation.token.kind == "EQUAL":
        return None
    return Diagnostic(
        code="LZN121",
        summary=f"unknown statement `{head.text}`",
        span=situation.span_of(head),
        label="not a word that begins a statement",
        notes=("a program says what is to be done, without loops, conditions or functions",),
        hint="a step of your own is a `verb`; what runs after training is Python's: `lzn_dsl.load`",
    )


def _braces_alone(situation: Situation) -> Diagnostic | None:
    """A program that is an object of JSON."""
    if situation.start != "file" or situation.head.kind != "LBRACE" or situation.reach:
        return None
    found = unexpected(situation)
    hint = "each line is a statement, such as `data seen = digits` or `train { steps: 100 }`"
    return Diagnostic(found.code, found.summary, found.span, found.label, hint=hint)


def _keys_of_yaml(situation: Situation) -> Diagnostic | None:
    """`data: digits`."""
    head = situation.head
    if situation.token.kind != "COLON" or situation.reach != 1 or head.kind not in NAMED:
        return None
    name = _SAMPLE_NAMES[head.text]
    value = situation.rest_of_line(skipped=1)
    return Diagnostic(
        code="LZN124",
        summary=f"`{head.text}` takes a name and `=`, not `:`",
        span=situation.span,
        label="expected a name and `=`",
        hint=f"write `{head.text} {name} = {value}`, with a name that you choose",
    )


def _train_without_braces(situation: Situation) -> Diagnostic | None:
    token = situation.token
    if situation.head.kind != "TRAIN" or situation.opener is not None:
        return None
    if situation.reach > 1:
        return _module_without_braces(situation) if situation.accepts == {"LBRACE"} else None
    if token.kind == "ON":
        hint = f"write `train {{ on: {situation.following.text} }}`"
    elif token.kind == "LPAR":
        key, sign = situation.following, situation.tokens[situation.place + 2 : situation.place + 4]
        keyed = key.kind == "NAME" and len(sign) > 1 and sign[0].kind in ("EQUAL", "COLON")
        hint = f"write `train {{ {key.text}: {sign[1].text} }}`" if keyed else ""
    elif situation.following.kind == "LBRACE":
        hint = "write `train { KEY: VALUE, ... }`, with nothing between"
    elif token.kind in ("COLON", "NEWLINE", "EQUAL"):
        hint = "write `train {` here, and `}` on a line of its own after the settings"
    else:
        return None
    return Diagnostic(
        code="LZN128",
        summary="the settings of `train` stand in braces",
        span=situation.span,
        label="expected `{`",
        hint=hint or "write `train { KEY: VALUE, ... }`",
    )


def _module_without_braces(situation: Situation) -> Diagnostic | None:
    """`train image.decoder(lr: 1)`, `train steps: 100`, `train image decoder { ... }`."""
    token, last = situation.token, situation.last
    if last is None:
        return None
    owner = f"train {last.text}"
    hint = f"write `{owner} {{ KEY: VALUE, ... }}`"
    if token.kind in ("COLON", "EQUAL") and last.kind == "NAME":
        owner = "train"
        hint = f"write `train {{ {last.text}: {situation.rest_of_line(skipped=1)} }}`"
    elif token.kind == "NAME" and last.kind == "NAME":
        hint = f"a module is named with a point: `{owner}.{token.text} {{ ... }}`"
    return Diagnostic(
        code="LZN128",
        summary=f"the settings of `{owner}` stand in braces",
        span=situation.span,
        label="expected `{`",
        hint=hint,
    )


def _phrase_as_call(situation: Situation) -> Diagnostic | None:
    """`generate(image, label)` alone, or `generate(image, from=label)`."""
    opener, last = situation.opener, situation.last
    called = situation.head.kind == "NAME" and last and last.kind == "RPAR" and not opener
    if called and situation.accepts >= PREPOSITIONS and "NEWLINE" not in situation.accepts:
        place = situation.statement + 1
    elif opener and opener.kind == "LPAR" and _is_key(situation):
        place = situation.tokens.index(opener, situation.statement)
    else:
        return None
    verb = situation.tokens[place - 1].text
    phrase = phrase_of_call(situation.tokens, place)
    if not phrase and verb not in USUAL_PREPOSITION and not called:
        return None
    at = situation.tokens[place]
    hint = "write a verb, what it acts on, and prepositions: `generate image from label`"
    return Diagnostic(
        code="LZN132",
        summary=f"`{verb}` is used without parentheses",
        span=situation.span_of(at),
        label="not expected here",
        hint=f"write `{phrase}`" if phrase else hint,
    )


def _is_key(situation: Situation) -> bool:
    if not situation.in_phrase:
        return False
    if situation.token.kind in ("EQUAL", "COLON"):
        return True
    return situation.token.kind in PREPOSITIONS and situation.following.kind in ("EQUAL", "COLON")


def _first_word_of_python(situation: Situation) -> Diagnostic | None:
    """`def draw = ...`, `model image = ...`."""
    head, last = situation.head, situation.last
    if situation.start != "file" or head.kind != "NAME" or situation.reach != 2 or not last:
        return None
    if situation.token.kind != "EQUAL" or last.kind != "NAME":
        return None
    known = [kind.lower() for kind in STATEMENTS]
    word = here("statement", head.text) or closest(head.text.lower(), known)
    guess = "task" if situation.following.text in USUAL_PREPOSITION else "let"
    word = word if word and word.upper() in NAMED else guess
    return unknown_statement(situation, word)


def _dotted_component(situation: Situation) -> Diagnostic | None:
    """`torch.optim.Adam(lr=0.001)`."""
    last = situation.last
    if situation.token.kind != "LPAR" or not last or last.kind != "QUALIFIED":
        return None
    if situation.head.kind == "TRAIN" and situation.opener is None:
        return None
    word = last.text.rpartition(".")[2].lower()
    return Diagnostic(
        code="LZN120",
        summary=f"expected a component, found `{last.text}`",
        span=situation.span_of(last),
        label="not expected here",
        hint=f"a component is named by one word and never imported: write `{word}(KEY: VALUE)`",
    )


def _quoted_name(situation: Situation) -> Diagnostic | None:
    """`data seen = "digits"`."""
    token, accepts = situation.token, situation.accepts
    name = token.text.strip('"')
    if token.kind != "STRING" or "NAME" not in accepts or "STRING" in accepts:
        return None
    if not name.isidentifier() or situation.opens == "LBRACE" or not situation.reach:
        return None
    found = unexpected(situation)
    return Diagnostic(
        found.code, found.summary, found.span, found.label, hint=f"a name has no quotes: `{name}`"
    )


def _two_words(situation: Situation) -> Diagnostic | None:
    """`task draw image = ...`."""
    last, token = situation.last, situation.token
    if situation.head.kind not in NAMED or situation.reach != 2 or not last:
        return None
    if token.kind != "NAME" or situation.following.kind != "EQUAL":
        return None
    return Diagnostic(
        code="LZN120",
        summary=f"expected `=`, found `{token.text}`",
        span=situation.span_of(last).to(situation.span),
        label="a name is one word",
        hint=f"write `{last.text}_{token.text}`",
    )


def _order_of_evaluate(situation: Situation) -> Diagnostic | None:
    head, last, token = situation.head, situation.last, situation.token
    if head.kind != "EVALUATE" or situation.accepts != {"ON"} or not last:
        return None
    place = situation.place
    if token.kind in ("COMMA", "AND"):
        hint = "judge one task a statement: begin another line with `evaluate`"
    elif token.kind == "WITH" and situation.tokens[place + 2].kind == "ON":
        metric, data = situation.tokens[place + 1].text, situation.tokens[place + 3].text
        hint = f"write `evaluate {last.text} on {data} with {metric}`"
    else:
        return None
    found = unexpected(situation)
    label = "not expected here" if token.kind != "WITH" else found.label
    return Diagnostic(found.code, found.summary, found.span, label, hint=hint)


def _comma_for_and(situation: Situation) -> Diagnostic | None:
    """`generate image from shape, color`."""
    last, following = situation.last, situation.following
    if situation.token.kind != "COMMA" or not situation.in_phrase or situation.opener or not last:
        return None
    if last.kind != "NAME" or following.kind != "NAME" or "AND" not in situation.accepts:
        return None
    return Diagnostic(
        code="LZN120",
        summary="several conditions are joined by `and`, not by `,`",
        span=situation.span,
        label="not expected here",
        hint=f"write `{last.text} and {following.text}`",
    )


def _without_first_word(situation: Situation) -> Diagnostic | None:
    """`draw = generate(image, label)`, `seen = digits(split: train)`."""
    head, token = situation.head, situation.token
    if situation.start != "file" or head.kind != "NAME" or situation.reach != 1:
        return None
    verb = situation.following
    if token.kind not in ("EQUAL", "COLON") or verb.text not in USUAL_PREPOSITION:
        return None
    opener = situation.place + 2
    called = situation.tokens[min(opener, len(situation.tokens) - 1)].kind == "LPAR"
    phrase = phrase_of_call(situation.tokens, opener) if called else ""
    return Diagnostic(
        code="LZN131",
        summary=f"`{head.text}` cannot begin a statement",
        span=Span(situation.source, head.start, head.end),
        label="the word `task` is missing before this",
        hint=f"write `task {head.text} = {phrase or situation.rest_of_line(skipped=1)}`",
    )


_HABITS: tuple[Callable[[Situation], Diagnostic | None], ...] = (
    _statement_of_python,
    _braces_alone,
    _import_of_python,
    _keys_of_yaml,
    _train_without_braces,
    _phrase_as_call,
    _first_word_of_python,
    _dotted_component,
    _quoted_name,
    _two_words,
    _order_of_evaluate,
    _comma_for_and,
    _without_first_word,
)
