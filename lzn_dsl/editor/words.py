"""What the reserved words of the language mean, a line and an example each."""

from typing import NamedTuple


class Word(NamedTuple):
    """A reserved word: what it is for, and how it is written."""

    help: str
    example: str


WORDS = {
    "lzn": Word("The version of the language that the file is written in.", "lzn 1"),
    "import": Word("Use the names of another file.", 'import "base.lzn" as base { steps: 100 }'),
    "let": Word("Give a value a name.", "let width = 32"),
    "param": Word(
        "A constant that others may set: the shell, Python, or a file that imports this one.",
        "param steps: integer = 4_000 in 1..1e6",
    ),
    "space": Word("The latent space that all modalities share.", "space gaussian(dim: 64)"),
    "data": Word("A dataset. Its columns are modalities.", "data clothes = fashion_mnist"),
    "modality": Word(
        "Say more of a column of the data: its encoder, its decoder.",
        "modality image = image(encoder: conv)",
    ),
    "task": Word("A verb and what it is applied to.", "task draw = generate image from label"),
    "train": Word("How all tasks are trained, in one loop.", "train { steps: 4_000, batch: 128 }"),
    "evaluate": Word("Judge a task by metrics.", "evaluate draw on unseen with frechet"),
    "learn": Word(
        "State or weigh an objective; those not stated are inferred.",
        "learn align image with label { weight: 0.5 }",
    ),
    "verb": Word(
        "Define a verb from others and from primitives.",
        "verb redo source: encodable decodable -> source = encode source |> decode source",
    ),
    "using": Word(
        "By what method a task is trained, for comparison with the language's own.",
        "task gist = embed image using simclr(temperature: 0.2)",
    ),
    "true": Word("Yes.", "residual: true"),
    "false": Word("No.", "residual: false"),
}
"""The words that begin a statement, `using`, and the two that are values."""

TYPES = {
    "integer": "A whole number.",
    "number": "A number.",
    "boolean": "`true` or `false`.",
    "text": "A text in quotes.",
    "word": "A bare word.",
}
"""The types of parameters."""

RESULTS = {
    "latent": "A point of the latent space.",
    "anchor": "What an encoder yields: the point that a sample's zone leads to.",
    "features": "What an encoder says of a sample, as a probe reads it.",
    "score": "A probability.",
    "ranking": "The samples of a modality, the most probable first.",
}
"""What a verb may yield besides a sample of one of its operands."""

CAPABILITIES = {
    "encodable": "It has an encoder: samples become latents.",
    "decodable": "It has a decoder: latents become samples.",
    "discrete": "Its samples are one of a few classes.",
    "ordered": "Its classes have an order.",
    "number": "A number, not a modality.",
    "latent": "A point of the latent space, not a modality.",
}
"""What an operand of a verb may have to be; it may also be a kind of modality."""

OBJECTIVES = {
    "align": ("align M with N", "Move the latents of paired samples into each other's zones."),
    "decode": ("decode M", "The loss of a decoder, given the latent of the sample itself."),
}
"""What may be learned: the form, and what it does."""
