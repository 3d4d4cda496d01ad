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

import torch
from jaxtyping import Float, Int
from torch import Tensor


def class_plane(anchors: Float[Tensor, "c q"]) -> Float[Tensor, "2 q"]:
    """Return an orthonormal basis of a plane on which each of three or more classes has a zone.

    Corners are given out by the anchors' angle in their own principal plane, so that classes that
    are alike become neighbours. Raises ValueError for fewer than three anchors, or size below two.
    """
    count, size = anchors.shape
    if count < 3 or size < 2:
        raise ValueError(f"a plane needs three anchors in two dimensions, got {count} in {size}")
    centred = (anchors - anchors.mean(0)).double()
    flat = centred @ principal_plane(centred).double().T  # (c, q) @ (q, 2) -> (c, 2)
    order = torch.atan2(flat[:, 1], flat[:, 0]).argsort()
    angles = torch.empty(count, dtype=torch.float64)
    angles[order.cpu()] = torch.arange(count, dtype=torch.float64) * (2 * math.pi / count)
    corners = torch.stack([angles.cos(), angles.sin()], dim=1).to(centred.device)  # (c, 2)
    mapping = torch.linalg.lstsq(centred, corners, driver="gelsd").solution.T  # (2, q)
    return _orthonormal(mapping).to(anchors.dtype)


def principal_plane(points: Float[Tensor, "n q"]) -> Float[Tensor, "2 q"]:
    """Return the two directions in which points differ most; signs chosen by the largest entry."""
    centred = (points - points.mean(0)).double()
    vectors = torch.linalg.eigh(centred.T @ centred).eigenvectors  # (q, q), ascending
    basis = vectors[:, [-1, -2]].T
    largest = basis.gather(1, basis.abs().argmax(1, keepdim=True))
    return (basis * largest.sign()).to(points.dtype)


def discriminant_plane(
    points: Float[Tensor, "n q"], labels: Int[Tensor, " n"]
) -> Float[Tensor, "2 q"]:
    """Return an orthonormal basis of the plane that parts classes best, by Fisher's criterion.

    Needs three classes with points. Source: Fisher 1936; Rao 1948.
    """
    values = points.double()
    total = values - values.mean(0)
    within = torch.zeros(values.shape[1], values.shape[1], dtype=torch.float64)
    between = torch.zeros_like(within)
    for label in labels.unique(sorted=True).tolist():
        members = values[labels == label]
        spread = members - members.mean(0)
        shift = members.mean(0) - values.mean(0)
        within += spread.T @ spread
        between += len(members) * torch.outer(shift, shift)
    within += 1e-3 * total.square().mean() * len(values) * torch.eye(len(within)).double()
    half = torch.linalg.cholesky(within)
    solved = torch.linalg.solve_triangular(half, between, upper=False)
    whitened = torch.linalg.solve_triangular(half, solved.T, upper=False)
    vectors = torch.linalg.eigh((whitened + whitened.T) / 2).eigenvectors[:, [-1, -2]]  # (q, 2)
    directions = torch.linalg.solve_triangular(half.T, vectors, upper=True).T
    return _orthonormal(directions).to(points.dtype)


def _orthonormal(rows: Float[Tensor, "2 q"]) -> Float[Tensor, "2 q"]:
    """Return the orthonormal rows nearest to these, which span the same plane."""
    left, _, right = torch.linalg.svd(rows, full_matrices=False)
    return left @ right
