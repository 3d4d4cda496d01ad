"""Words that people bring from other tools, and what they are called here."""

from collections.abc import Collection, Mapping
from typing import Literal

from lzn_dsl.diagnostics.suggest import Suggestion, suggest

Group = Literal["statement", "verb", "metric", "setting", "split", "value"]

HABITS: Mapping[Group, Mapping[str, str]] = {
    "statement": {
        **dict.fromkeys(("eval", "test", "assess", "judge", "score"), "evaluate"),
        **dict.fromkeys(("def", "function", "define", "job"), "task"),
        **dict.fromkeys(("const", "constant", "var", "set"), "let"),
        **dict.fromkeys(("load", "source", "dataframe"), "data"),
        **dict.fromkeys(("fit", "trainer"), "train"),
        **dict.fromkeys(("model", "feature", "input", "output", "column"), "modality"),
        **dict.fromkeys(("use", "include", "require"), "import"),
        "latent": "space",
        "loss": "learn",
        "arg": "param",
    },
    "verb": {
        **dict.fromkeys(("create", "draw", "make", "produce", "sample", "synthesize"), "generate"),
        **dict.fromkeys(("predict", "recognize", "recognise", "label", "detect"), "classify"),
        **dict.fromkeys(("convert", "transform", "map"), "translate"),
        **dict.fromkeys(("autoencode", "rebuild", "restore"), "reconstruct"),
        **dict.fromkeys(("search", "find", "lookup"), "retrieve"),
        **dict.fromkeys(("represent", "featurize"), "embed"),
    },
    "metric": {
        **dict.fromkeys(("acc", "top1", "f1", "error"), "accuracy"),
        **dict.fromkeys(("fid", "frechet_inception_distance"), "frechet"),
        **dict.fromkeys(("sfid", "spatial_fid"), "spatial_frechet"),
        **dict.fromkeys(("is", "isc", "inception"), "inception_score"),
        **dict.fromkeys(("mmd", "clip_mmd"), "cmmd"),
        **dict.fromkeys(("nearest_neighbours", "nearest_neighbors", "neighbours"), "knn"),
        **dict.fromkeys(("precision_recall", "prc"), "precision"),
        **dict.fromkeys(("mse", "l2", "rmse"), "reconstruction"),
        "probe": "linear_probe",
    },
    "setting": {
        **dict.fromkeys(
            ("epochs", "num_epochs", "max_epochs", "iterations", "iters", "epoch"), "steps"
        ),
        **dict.fromkeys(("batchsize", "bs"), "batch"),
        **dict.fromkeys(("learning_rate", "eta"), "lr"),
        **dict.fromkeys(("dataset", "data", "train_data"), "on"),
        **dict.fromkeys(("random_state", "random_seed"), "seed"),
        **dict.fromkeys(("grad_clip", "max_norm"), "clip"),
        "optim": "optimizer",
        "scheduler": "schedule",
        "latent_dim": "dim",
    },
    "split": {
        **dict.fromkeys(
            ("val", "valid", "validation", "dev", "eval", "testing", "holdout"), "test"
        ),
        **dict.fromkeys(("training", "fit"), "train"),
    },
    "value": {"null": "none", "nil": "none", "yes": "true", "no": "false"},
}


def here(group: Group, word: str) -> str | None:
    """Return what a word of another tool is called here, or None where it is not known."""
    return HABITS[group].get(word.lower())


def meant(group: Group, word: str, known: Collection[str]) -> str:
    """Return ``did you mean `x`?`` for a word of another tool or the nearest known word, or ""."""
    instead = here(group, word)
    return Suggestion(word, instead) if instead in known and instead else suggest(word, known)
