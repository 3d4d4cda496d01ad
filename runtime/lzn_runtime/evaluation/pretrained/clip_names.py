"""Names of the weights of CLIP's image tower, from those that published files use.

OpenAI's state dict has the tower under `visual.`, Hugging Face's under `vision_model.`, with the
three projections of attention apart and the last projection transposed.
"""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

_PARTS = {
    "embeddings.class_embedding": "class_embedding",
    "embeddings.patch_embedding.weight": "conv1.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "pre_layrnorm": "ln_pre",
    "post_layernorm": "ln_post",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}
_LAYER = re.compile(r"encoder\.layers\.(\d+)\.")


def tower(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of the image tower under OpenAI's names; empty where there are none."""
    own = _below(tensors, "visual.")
    if own:
        return own
    other = _below(tensors, "vision_model.")
    other.pop("embeddings.position_ids", None)  # numbers of places, not weights
    if not other:
        return dict(tensors) if "class_embedding" in tensors else {}
    found = {_renamed(name): tensor for name, tensor in other.items()}
    for name in [name for name in found if ".self_attn.q_proj." in name]:
        thirds = [found.pop(name.replace("q_proj", f"{which}_proj")) for which in "qkv"]
        joined = name.replace("self_attn.q_proj.", "attn.in_proj_")
        found[joined] = torch.cat(thirds)
    if "visual_projection.weight" in tensors:
        found["proj"] = tensors["visual_projection.weight"].T
    return found


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    named = tensors.items()
    return {name.removeprefix(prefix): t for name, t in named if name.startswith(prefix)}


def _renamed(name: str) -> str:
    name = _LAYER.sub(r"transformer.resblocks.\1.", name)
    for theirs, ours in _PARTS.items():
        name = name.replace(theirs, ours)
    return name
