"""The small programs whose steps are measured, on data that comes with scikit-learn."""

from lzn_dsl.spec import Spec, load

_JOINT = """
space gaussian(dim: 32)
data digits = digits(split: train)
modality image = image(
    encoder: conv(widths: [32, 64, 64]),
    decoder: flow(unet(width: 24, mults: [1, 2])),
)
task draw = generate image from label
task name = classify image as label
task rebuild = reconstruct image
learn align image with label { alpha: 1 }
train { on: digits, augment: [shift(pixels: 1)] }
"""
_EMBEDDING = """
space gaussian(dim: 64)
data digits = digits(split: train)
modality image = image(encoder: conv(widths: [32, 64, 64]), decoder: none)
task gist = embed image
train { on: digits, augment: [shift(pixels: 1)] }
"""
_TEXTS = {"joint": _JOINT, "embedding": _EMBEDDING}
_ENOUGH = 10_000
"""Steps between checkpoints: more than are run."""


def program(kind: str, *, steps: int, **settings: object) -> Spec:
    """Return the program `joint` or `embedding` with `steps` of training and these settings.

    Settings are paths with `__` for the dot, such as `train__batch=64`.
    """
    quiet = {"train.checkpoint_every": _ENOUGH, "train.sample_every": _ENOUGH, "train.support": 16}
    given = {path.replace("__", "."): value for path, value in settings.items()}
    return load(_TEXTS[kind], settings={**quiet, "train.steps": steps, **given})
