"""Where a setting belongs that stands in a place which does not take it."""

from collections.abc import Collection

from lzn_dsl.diagnostics.habits import here, meant
from lzn_dsl.registry.settings import Settings
from lzn_dsl.semantics.settings import (
    AlignSettings,
    GaussianSettings,
    TaskSettings,
    TrainSettings,
)

_HOMES: tuple[tuple[type[Settings], str, str], ...] = (
    (TrainSettings, "`train`", "train {{ {} }}"),
    (GaussianSettings, "the space", "space gaussian({})"),
    (TaskSettings, "a task", "task NAME = PHRASE {{ {} }}"),
    (AlignSettings, "an objective", "learn align M with N {{ {} }}"),
)
_OTHERS = {
    "lr": ("an optimizer", "optimizer: adam({})"),
    "weight_decay": ("an optimizer", "optimizer: adamw({})"),
    "split": ("a dataset", "data NAME = DATASET({})"),
    "holdout": ("a dataset", "data NAME = DATASET({})"),
    "encoder": ("a modality", "modality NAME = KIND({})"),
    "decoder": ("a modality", "modality NAME = KIND({})"),
    "classes": ("a modality", "modality label = label({})"),
}
_EPOCHS = frozenset({"epochs", "epoch", "num_epochs", "max_epochs"})
_DEVICES = frozenset({"device", "gpu", "cuda", "accelerator"})


def advice(name: str, value: str, known: Collection[str]) -> str:
    """Return what to do about an unknown setting: another word for it, or where it belongs.

    `value` is what it was set to, as written; `known` are the settings of the place.
    """
    word = here("setting", name) or name
    if name in _DEVICES:
        return "say it when you run: `lzn run FILE --device cuda`"
    if name in _EPOCHS and word in known:
        return f"training is counted in batches, not in epochs: `{word}: 4_000`"
    home = "" if word in known else _home(word, value)
    return home or meant("setting", name, known)


def _home(name: str, value: str) -> str:
    homes = [(owner, form) for settings, owner, form in _HOMES if name in settings.model_fields]
    homes += [_OTHERS[name]] if name in _OTHERS else []
    if not homes:
        return ""
    owner, form = homes[0]
    return f"`{name}` is a setting of {owner}: `{form.format(f'{name}: {value}')}`"
