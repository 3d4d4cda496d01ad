"""Planes through the middle of the latent space on which something is to be seen.

A random plane through c zones of a q-dimensional space shows a few of them. `class_plane` finds one
on which every class has a zone: with anchors a_k that are linearly independent there is a linear
map B to the plane that sends them to the corners of a regular polygon,

    B = P^T A^+        (A: anchors as columns, P: corners)

and the plane is spanned by the rows of B. Every anchor is then the farthest one in some direction
of the plane, which is where its zone lies.

Dimensions: c classes, n points, q latent size.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor


class ClassPlane(NamedTuple):
    """A plane on which each class has a zone, and the corner of the polygon that it was given."""

    basis: Float[Tensor, "2 q"]
    corners: Float[Tensor, "c 2"]


def class_plane(anchors: Float[Tensor, "c q"]) -> ClassPlane:
    """Return an orthonormal basis of a plane on which each of two or more classes has a zone.

    Corners are given out by the anchors' angle in their own principal plane, so that classes that
    are alike become neighbours. Raises ValueError for fewer than two anchors, or size below two.
    """
    count, size = anchors.shape
    if count < 2 or size < 2:
        raise ValueError(f"a plane needs two anchors in two dimensions, got {count} in {size}")
    centred = (anchors - anchors.mean(0)).double().cpu()
    flat = centred @ principal_plane(centred).T  # (c, q) @ (q, 2) -> (c, 2)
    order = torch.atan2(flat[:, 1], flat[:, 0]).argsort()
    angles = torch.empty(count, dtype=torch.float64)
    angles[order] = torch.arange(count, dtype=torch.float64) * (2 * math.pi / count)
    corners = torch.stack([angles.cos(), angles.sin()], dim=1)  # (c, 2)
    if count == 2:
        basis = principal_plane(centred)
    else:
        mapping = torch.linalg.lstsq(centred, corners, driver="gelsd").solution.T  # (2, q)
        basis = _orthonormal(mapping)
    return ClassPlane(basis.to(anchors), corners.to(anchors))


def principal_plane(points: Float[Tensor, "n q"]) -> Float[Tensor, "2 q"]:
    """Return the two directions in which points differ most; signs chosen by the largest entry."""
    centred = (points - points.mean(0)).double()
    vectors = torch.linalg.eigh(centred.T @ centred).eigenvectors  # (q, q), ascending
    basis = vectors[:, [-1, -2]].T
    largest = basis.gather(1, basis.abs().argmax(1, keepdim=True))
    signed: Tensor = basis * largest.sign()
    return signed.to(points.dtype)


def _orthonormal(rows: Float[Tensor, "2 q"]) -> Float[Tensor, "2 q"]:
    """Return the orthonormal rows nearest to these, which span the same plane."""
    left, _, right = torch.linalg.svd(rows, full_matrices=False)
    nearest: Tensor = left @ right
    return nearest
