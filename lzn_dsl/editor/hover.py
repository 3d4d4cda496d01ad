"""What an editor shows of the word under the pointer, as Markdown."""

import re
from dataclasses import dataclass

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.editor import sizes
from lzn_dsl.editor.completion import Resolve
from lzn_dsl.editor.describe import code, describe_entry, describe_setting, describe_verb
from lzn_dsl.editor.document import Definition, Document
from lzn_dsl.editor.mentions import Mention, Role
from lzn_dsl.editor.words import CAPABILITIES, OBJECTIVES, RESULTS, TYPES, WORDS
from lzn_dsl.registry.brief import brief
from lzn_dsl.registry.entry import Entry
from lzn_dsl.semantics.modules import parts_of
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.tokens import KEYWORDS, Token

_CODE = re.compile(r"LZNW?[0-9]{3}")
_SHOWN_LINES = 12


@dataclass(frozen=True)
class Hover:
    """Text for the characters `start` to `end`."""

    text: str
    start: int
    end: int


def hover(document: Document, offset: int, resolve: Resolve) -> Hover | None:
    """Return what is known of the word at an offset; None where there is nothing to say."""
    for found in _CODE.finditer(*_line(document, offset)):
        if found.start() <= offset <= found.end() and found[0] in CODES:
            return Hover(explain(found[0]), found.start(), found.end())
    token = document.token_at(offset)
    if token is None or token.kind in ("COMMENT", "STRING"):
        return None
    mention = document.mention_at(offset)
    if mention is not None:
        text = _describe(document, mention, resolve)
        return Hover(text, mention.start, mention.end) if text else None
    text = _keyword(token)
    return Hover(text, token.start, token.end) if text else None


def explain(name: str) -> str:
    """Return the explanation of a code, as `lzn explain` gives it."""
    known = CODES[name]
    parts = [f"**{known.code}**: {known.title}", known.explanation.strip()]
    for title, program in (("Wrong", known.wrong), ("Right", known.right)):
        if program:
            parts.append(f"{title}:\n\n{code(program.strip(chr(10)))}")
    return "\n\n".join(parts)


def _line(document: Document, offset: int) -> tuple[str, int, int]:
    start = document.text.rfind("\n", 0, offset) + 1
    end = document.text.find("\n", offset)
    return document.text, start, len(document.text) if end < 0 else end


def _keyword(token: Token) -> str:
    word = WORDS.get(token.text)
    if word is None or token.kind not in KEYWORDS:
        return ""
    return f"**{token.text}**: {word.help}\n\n{code(word.example)}"


def _describe(document: Document, mention: Mention, resolve: Resolve) -> str:
    name, role = mention.text, mention.role
    if role is Role.SETTING:
        return describe_setting(mention.slot)
    if role is Role.COMPONENT:
        entry = _entry(document, mention)
        return describe_entry(entry) if entry else ""
    if role is Role.PRIMITIVE:
        known = PRIMITIVES[name]
        return f"**{known.form}**: primitive\n\n{known.help}"
    tables = {
        Role.TYPE: TYPES,
        Role.CAPABILITY: CAPABILITIES,
        Role.WORD: RESULTS if not mention.slot.field else {},
    }
    if role in tables and name in tables[role]:
        return f"**{name}**: {tables[role][name]}"
    if role is Role.OBJECTIVE and name in OBJECTIVES:
        form, help_ = OBJECTIVES[name]
        return f"**{form}**: objective\n\n{help_}"
    if role is Role.CAPABILITY and (entry := document.registry.find("modality", name)):
        return describe_entry(entry)
    if role is Role.WORD:
        return describe_setting(mention.slot)
    if role is Role.MODULE:
        return _module(document, mention)
    home = resolve(document, mention.space) if mention.space else document
    return _named(home, mention) if home else ""


def _entry(document: Document, mention: Mention) -> Entry | None:
    kinds = [mention.slot.kind] if mention.slot.kind else document.registry.kinds_of(mention.text)
    found = (document.registry.find(kind, mention.text) for kind in kinds)
    return next((entry for entry in found if entry), None)


def _named(home: Document, mention: Mention) -> str:
    """Describe a name that the program gives: its definition, and what is inferred of it."""
    name, role = mention.text, mention.role
    parts = [f"**{name}**: {_called(home, mention)}"]
    if role is Role.VERB:
        verbs = [v for v in (*home.verbs, *prelude()) if v.name.text == name]
        return "\n\n".join([f"**{name}**: verb", describe_verb(verbs)]) if verbs else ""
    if role is Role.MODALITY:
        parts += _modality(home, name)
    elif role is Role.DATA and name in home.datasets:
        parts.append(sizes.dataset(home.datasets[name]))
    elif role is Role.TASK and home.program and name in home.program.tasks:
        parts.append(f"`{sizes.task(home.program.tasks[name])}`")
    parts += [code(_text(home, d)) for d in home.definitions if (d.name, d.role) == (name, role)]
    return "\n\n".join(parts)


def _module(document: Document, mention: Mention) -> str:
    """Describe an encoder or a decoder, once the program was checked."""
    modality, _, part = mention.text.rpartition(".")
    known = document.program.modalities.get(modality) if document.program else None
    if known is None or part not in parts_of(known):
        return ""
    component = known.component.settings.get(part)
    shown = f"`{brief(component)}`" if component else f"the anchors of `{modality}`"
    return f"**{mention.text}**: module\n\n{shown}"


def _called(home: Document, mention: Mention) -> str:
    if mention.role is Role.LOCAL:
        return "name of this verb"
    if mention.role is Role.NAMESPACE:
        return "names of another file"
    for d in home.definitions:
        if (d.name, d.role) == (mention.text, Role.CONSTANT):
            return "parameter" if d.is_param else "constant"
    return str(mention.role)


def _modality(home: Document, name: str) -> list[str]:
    column = home.columns.get(name)
    known = home.program.modalities.get(name) if home.program else None
    parts = [f"{column.kind} {sizes.size(column.facts)}".rstrip()] if column else []
    if known is None:
        return parts
    settings = known.component.settings
    parts.append(", ".join(sorted(map(str, known.capabilities))))
    if named := sizes.classes(known):
        parts.append(f"classes: {named}")
    inner = [(part, settings.get(part)) for part in ("encoder", "decoder")]
    rows = [f"- {part}: `{brief(component)}`" for part, component in inner if component]
    return [*parts, *(["\n".join(rows)] if rows else [])]


def _text(home: Document, definition: Definition) -> str:
    start, end = home.span(definition.statement)
    lines = home.text[start:end].split("\n")
    return "\n".join([*lines[:_SHOWN_LINES], *(["..."] if len(lines) > _SHOWN_LINES else [])])
