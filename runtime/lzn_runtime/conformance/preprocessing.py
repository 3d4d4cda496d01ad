"""Check of the way from a dataset's column to the model and back.

Dimensions: b batch.
"""

from collections.abc import Iterator

import torch

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import Subject


def check_preprocessing(subject: Subject) -> Iterator[Problem]:
    """Find columns that do not come back, or that are changed in place."""
    column = subject.column.clone()
    samples = subject.modality.to_model(column)
    if not torch.equal(column, subject.column):
        yield Problem(
            "to_model to leave the column as it is",
            "it changed it in place",
            "compute a new tensor",
        )
    if len(samples) != len(column):
        yield Problem(
            f"{len(column)} samples from to_model", f"{len(samples)}", "keep the first dimension"
        )
        return
    if samples.is_floating_point() and not bool(torch.isfinite(samples).all()):
        yield Problem(
            "finite samples from to_model", "some are not", "check the data, and the scaling"
        )
    kept = samples.clone()
    back = subject.modality.to_data(samples)
    if not torch.equal(samples, kept):
        yield Problem(
            "to_data to leave the samples as they are",
            "it changed them in place",
            "compute a new tensor",
        )
    if back.dtype != column.dtype or back.shape != column.shape:
        yield Problem(
            f"{column.dtype} {tuple(column.shape)} from to_data, as the column",
            f"{back.dtype} {tuple(back.shape)}",
            "undo in to_data what to_model does",
        )
    elif not torch.allclose(back.double(), column.double(), rtol=1e-4, atol=1e-5):
        far = float((back.double() - column.double()).abs().max())
        yield Problem(
            "to_data(to_model(column)) to be the column",
            f"it differs by up to {far:g}",
            "undo in to_data what to_model does",
        )
