"""The model of a plan: its modalities, and the support anchors that bound zones in use.

Dimensions: k support anchors, q latent size.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lzn_dsl.planning.plan import ModalityPlan, ObjectivePlan, Plan
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime import randomness
from lzn_runtime.contrast.protocol import Contrast
from lzn_runtime.loading import load_factory
from lzn_runtime.modalities.build import build_modality
from lzn_runtime.modalities.protocol import Encoder, Modality

_SUPPORT = "support_"
_ROWS = "rows of support"  # the name of no modality


class LatentModel(nn.Module):
    """All modalities of a plan over one latent space.

    Parameters are called `NAME.encoder...` and `NAME.decoder...` after their modality. The support
    is kept in buffers that are no part of `state_dict()`: it follows from the weights.

    Args:
        modalities: The modalities by name.
        latent_dim: Dimension q of the latent space.
        contrasts: What contrastive objectives remember, by the objective's name.
    """

    def __init__(
        self,
        modalities: Mapping[str, Modality],
        *,
        latent_dim: int,
        contrasts: Mapping[str, Contrast] | None = None,
    ) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        # Not by add_module: a column may be called `train` or `type`, as methods of a module are.
        self._modules.update(modalities)
        self._modules.update(contrasts or {})  # a name of two words: that of no column

    def modality(self, name: str) -> Modality:
        """Return a modality by name; KeyError where there is none."""
        module = self._modules[name]
        assert isinstance(module, Modality)
        return module

    def part(self, name: str) -> nn.Module:
        """Return the encoder or decoder called `MODALITY.encoder` or `MODALITY.decoder`."""
        modality, _, part = name.rpartition(".")
        module = getattr(self.modality(modality), part)
        assert isinstance(module, nn.Module)
        return module

    def contrast(self, objective: str) -> Contrast:
        """Return what a contrastive objective remembers; KeyError where there is none."""
        module = self._modules[objective]
        assert isinstance(module, Contrast)
        return module

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return next(self.parameters()).device

    def support(self, name: str) -> Float[Tensor, "k q"] | None:
        """Return the support anchors of a modality, or None where it has none."""
        return self._buffers.get(_SUPPORT + name)

    def set_support(self, name: str, anchors: Float[Tensor, "k q"] | None) -> None:
        """Keep these support anchors, on the model's device; None for none."""
        value = None if anchors is None else anchors.detach().to(self.device)
        self.register_buffer(_SUPPORT + name, value, persistent=False)

    def support_rows(self) -> Int[Tensor, " k"] | None:
        """Return the rows of the training data that the support was made from, where known."""
        return self._buffers.get(_ROWS)

    def set_support_rows(self, rows: Int[Tensor, " k"] | None) -> None:
        """Keep the rows of the training data that the support was made from."""
        value = None if rows is None else rows.detach().to(self.device)
        self.register_buffer(_ROWS, value, persistent=False)

    def supports(self) -> dict[str, Float[Tensor, "k q"]]:
        """Return all support anchors by modality."""
        found = {n.removeprefix(_SUPPORT): b for n, b in self._buffers.items() if n != _ROWS}
        return {name: anchors for name, anchors in found.items() if anchors is not None}


def build_model(plan: Plan, registry: Registry, *, device: torch.device) -> LatentModel:
    """Build the model of a plan with the weights that its seed decides, in evaluation mode.

    Raises ValueError where the registry lacks a component of the plan.
    """
    modalities = {
        m.name: build_modality(
            m.name, m.component, modality_sizes(plan, m), registry, seed=plan.train.seed
        )
        for m in plan.modalities
    }
    contrasts = {
        o.id: _contrast(plan, o, modalities[o.modality].encoder, registry)
        for o in plan.objectives
        if o.kind == "contrast"
    }
    model = LatentModel(modalities, latent_dim=plan.dim, contrasts=contrasts)
    return model.to(device).eval()


def _contrast(
    plan: Plan, objective: ObjectivePlan, encoder: Encoder, registry: Registry
) -> Contrast:
    entry = registry.get(Kind.METHOD, objective.method)
    method = Component(name=objective.method, settings=objective.settings)
    contrast = load_factory(entry)(registry.settings(Kind.METHOD, method), plan.dim)
    if not isinstance(contrast, Contrast):
        raise TypeError(f"the factory of the method `{entry.name}` must build a Contrast")
    contrast.start(encoder, randomness.key(plan.train.seed, f"start of {objective.id}"))
    return contrast


def modality_sizes(plan: Plan, modality: ModalityPlan) -> Sizes:
    """Return what the modules of a plan's modality must know of their surroundings."""
    condition = modality.condition
    num_classes = plan.modality(condition).sample["classes"] if condition else 0
    return Sizes(plan.dim, modality.sample, num_classes, modality.latents)
