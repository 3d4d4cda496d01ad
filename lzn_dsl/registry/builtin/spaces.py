"""Built-in latent spaces. The paper has one: a standard Gaussian."""

from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.semantics.settings import GaussianSettings

ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.SPACE,
        name="gaussian",
        help="One latent space shared by all modalities, with the prior N(0, I).",
        settings=GaussianSettings,
        factory="",
    ),
)
