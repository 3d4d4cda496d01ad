"""What `lzn plan` estimates of networks beside what the built ones have and do.

Networks are built and run on the meta device: shapes without numbers, so that those of the paper
are counted at full size in seconds.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from lzn_dsl.planning.plan import ModalityPlan, Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.compile.model import modality_sizes
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import Modality

_META = torch.device("meta")


def counts(plan: Plan, registry: Registry) -> list[Row]:
    """Compare estimate and count of each network of pictures: parameters, FLOP, kept numbers."""
    rows: list[Row] = []
    for modality in plan.modalities:
        entry = registry.get(Kind.MODALITY, modality.component.name)
        if entry.costs is None or modality.component.name != "image":
            continue
        settings = registry.settings(Kind.MODALITY, modality.component)
        costs = entry.costs(settings, modality_sizes(plan, modality), registry)
        for name, (module, run) in _networks(plan, modality, registry).items():
            forward, backward = _flops(run)
            rows.append(
                {
                    "network": f"{plan.title} {name}",
                    "parameters, plan": costs[name].parameters,
                    "parameters, built": sum(p.numel() for p in module.parameters()),
                    "GFLOP, plan": costs[name].flops / 1e9,
                    "GFLOP, counted": forward / 1e9,
                    "backward / forward": backward / forward,
                    "kept numbers, plan": costs[name].activations,
                    "kept numbers, counted": _kept(module, run),
                }
            )
    return rows


def _networks(
    plan: Plan, modality: ModalityPlan, registry: Registry
) -> dict[str, tuple[nn.Module, Callable[[], Tensor]]]:
    """Return each network with a call of it for one picture."""
    sizes = modality_sizes(plan, modality)
    with _META, torch.random.fork_rng(devices=()):
        built = build_component(Kind.MODALITY, modality.component, sizes, registry)
    assert isinstance(built, Modality)
    facts = sizes.sample
    picture = torch.empty(1, facts["channels"], facts["height"], facts["width"], device=_META)
    encoder, decoder = built.encoder, built.decoder
    found: dict[str, tuple[nn.Module, Callable[[], Tensor]]] = {
        "encoder": (encoder, lambda: encoder(picture))
    }
    if isinstance(decoder, FlowDecoder):
        t, latent = torch.empty(1, device=_META), torch.empty(1, plan.dim, device=_META)
        told = torch.empty(1, sizes.num_classes, device=_META) if sizes.num_classes else None
        network = decoder.network
        found["decoder"] = (network, lambda: network(picture, t, latent, told))
    return found


def _flops(run: Callable[[], Tensor]) -> tuple[int, int]:
    """Count the FLOP of a forward pass and of the backward pass after it."""
    # The counter does not know fused attention; the plain one is made of products.
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        result = run()
        forward = counter.get_total_flops()
        torch.autograd.backward(result.sum())
        return forward, counter.get_total_flops() - forward


def _kept(module: nn.Module, run: Callable[[], Tensor]) -> int:
    """Count the numbers that autograd keeps for the backward, parameters left out."""
    own = {_place(p.untyped_storage()) for p in module.parameters()}
    kept: dict[int, int] = {}
    alive: list[Tensor] = []  # so that no other tensor gets the place of one that is gone

    def pack(tensor: Tensor) -> Tensor:
        alive.append(tensor)
        storage = tensor.untyped_storage()
        if _place(storage) not in own:
            kept[_place(storage)] = storage.nbytes() // 4
        return tensor

    with (
        sdpa_kernel(SDPBackend.MATH),
        torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor),
    ):
        run()
    return sum(kept.values())


def _place(storage: torch.UntypedStorage) -> int:
    """Tell storages apart; on the meta device they have no address."""
    found: int = StorageWeakRef(storage).cdata  # type: ignore[no-untyped-call]  # torch's, untyped
    return found
