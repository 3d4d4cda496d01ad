"""The primitives that verbs are made of, with their types.

What each does is the runtime's: `lzn_runtime.compile`.
"""

from dataclasses import dataclass, field
from typing import Literal

from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.types import ValueKind

OperandKind = Literal["sample", "latent", "anchor", "modality", "share", "count", "value"]
"""A value of a type; the name of a modality; a number from 0 to 1; a whole number; any value."""

Module = Literal["encoder", "decoder"]

MOST_ROWS = 1_000
"""Rows that a task may yield for each row it is given."""


@dataclass(frozen=True)
class Primitive:
    """A primitive: its operands, what it yields, and what it asks of its modality.

    Attributes:
        name: As written in a verb's body.
        form: How it is used.
        operands: Kinds of its operands, in order; what a pipe brings is the first.
        result: Kind of its value; a sample is of the modality of its `modality` operand. None: the
            type of its `value` operand.
        requires: Capabilities of the modality of its sample or modality operand.
        help: One line.
        uses: Modules of that modality that it needs.
        draws: Whether it draws at random. (`decode` draws too, unless its modality is discrete.)
        more: Whether its last operand may be repeated.
    """

    name: str
    form: str
    operands: tuple[OperandKind, ...]
    result: ValueKind | None
    requires: frozenset[Capability]
    help: str
    uses: frozenset[Module] = field(default_factory=frozenset)
    draws: bool = False
    more: bool = False

    def takes(self, count: int) -> bool:
        """Whether it may have that many operands."""
        wanted = len(self.operands)
        return count >= wanted if self.more else count == wanted

    def kind_of(self, index: int) -> OperandKind:
        """Return the kind of the operand at a place."""
        return self.operands[min(index, len(self.operands) - 1)]


_CODED = frozenset({Capability.ENCODABLE})
_DRAWN = frozenset({Capability.DECODABLE})
_CLASSES = frozenset({Capability.DISCRETE})
_ENCODER: frozenset[Module] = frozenset({"encoder"})
_DECODER: frozenset[Module] = frozenset({"decoder"})

PRIMITIVES = {
    p.name: p
    for p in (
        Primitive(
            "prior", "prior", (), "latent", frozenset(), "A latent drawn from N(0, I).", draws=True
        ),
        Primitive(
            "encode",
            "encode x",
            ("sample",),
            "latent",
            _CODED,
            "A latent drawn from its zone.",
            _ENCODER,
            draws=True,
        ),
        Primitive(
            "center",
            "center of x",
            ("sample",),
            "latent",
            _CODED,
            "The centre of its zone.",
            _ENCODER,
        ),
        Primitive(
            "anchor",
            "anchor of x",
            ("sample",),
            "anchor",
            _CODED,
            "Its anchor: the encoder's output.",
            _ENCODER,
        ),
        Primitive(
            "features",
            "features of x",
            ("sample",),
            "features",
            _CODED,
            "What its encoder's head reads.",
            _ENCODER,
        ),
        Primitive(
            "invert",
            "invert x",
            ("sample",),
            "latent",
            _CODED | _DRAWN,
            "Its latent, and with it the noise from which its decoder rebuilds it.",
            _ENCODER | _DECODER,
            draws=True,
        ),
        Primitive(
            "decode",
            "z |> decode M",
            ("latent", "modality"),
            "sample",
            _DRAWN,
            "A sample of a modality.",
            _DECODER,
        ),
        Primitive(
            "nearest",
            "a |> nearest M",
            ("anchor", "modality"),
            "sample",
            _CODED | _CLASSES,
            "The class whose anchor has the largest product with it: a linear classifier.",
            _ENCODER,
        ),
        Primitive(
            "meet",
            "meet(x, y, ...)",
            ("sample", "sample"),
            "latent",
            _CODED,
            "A latent drawn from where the zones of all of them meet.",
            _ENCODER,
            draws=True,
            more=True,
        ),
        Primitive(
            "blend",
            "blend(z, w, share)",
            ("latent", "latent", "share"),
            "latent",
            frozenset(),
            "The latent a share of the way from one to another, along the great arc.",
        ),
        Primitive(
            "interpolate",
            "interpolate(z, w, n)",
            ("latent", "latent", "count"),
            "latent",
            frozenset(),
            "Latents at n even steps from one to another, both included: n rows a row.",
        ),
        Primitive(
            "sample",
            "sample n of v",
            ("count", "value"),
            None,
            frozenset(),
            "A value drawn n times: n rows a row.",
        ),
        Primitive(
            "rank",
            "z |> rank M",
            ("latent", "modality"),
            "ranking",
            _CODED,
            "The samples of a modality by how probably the latent lies in their zones.",
            _ENCODER,
        ),
        Primitive(
            "score",
            "score(z, x)",
            ("latent", "sample"),
            "score",
            _CODED,
            "The probability that the latent lies in the zone of a sample.",
            _ENCODER,
        ),
    )
}
