"""The primitives that verbs are made of, with their types.

An operand is a sample, a latent, or the name of a modality (`decode` is told what to decode to).
What each does is the runtime's: `lzn_runtime.compile`.
"""

from dataclasses import dataclass
from typing import Literal

from lzn_dsl.registry.entry import Capability

OperandKind = Literal["sample", "latent", "modality"]


@dataclass(frozen=True)
class Primitive:
    """A primitive: its operands, what it yields, and what it asks of its modality.

    Attributes:
        name: As written in a verb's body.
        operands: Kinds of its operands, in order.
        result: Kind of its value; a sample is of the modality of its `modality` operand.
        requires: Capabilities of the modality of its sample or modality operand.
        help: One line.
    """

    name: str
    operands: tuple[OperandKind, ...]
    result: Literal["sample", "latent", "features"]
    requires: frozenset[Capability]
    help: str


_ENCODE = frozenset({Capability.ENCODABLE})
_DECODE = frozenset({Capability.DECODABLE})

PRIMITIVES = {
    p.name: p
    for p in (
        Primitive("prior", (), "latent", frozenset(), "A latent drawn from N(0, I)."),
        Primitive("encode", ("sample",), "latent", _ENCODE, "A latent drawn from its zone."),
        Primitive("center", ("sample",), "latent", _ENCODE, "The centre of its zone."),
        Primitive("anchor", ("sample",), "features", _ENCODE, "Its anchor: the encoder's output."),
        Primitive("features", ("sample",), "features", _ENCODE, "What its encoder's head reads."),
        Primitive(
            "invert",
            ("sample",),
            "latent",
            _ENCODE | _DECODE,
            "Its latent, and with it the noise from which its decoder rebuilds it.",
        ),
        Primitive("decode", ("latent", "modality"), "sample", _DECODE, "A sample of a modality."),
    )
}
