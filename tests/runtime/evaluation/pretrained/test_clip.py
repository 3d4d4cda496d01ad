from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torch_fidelity.feature_extractor_clip import VisionTransformer

from helpers.judging import quarters
from lzn_dsl.registry.builtin.extractors import ClipSettings
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.extractor import Extractor, Lessons
from lzn_runtime.evaluation.pretrained.clip import load
from lzn_runtime.evaluation.pretrained.clip_names import tower

SIDE, PATCH, WIDTH, DEPTH, EMBEDDING = 12, 4, 128, 2, 7
PICTURES = torch.randint(
    0, 256, (3, 1, 12, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(2)
)


@pytest.fixture(scope="module")
def reference() -> nn.Module:
    """A tower of random weights, by another implementation."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = VisionTransformer(SIDE, PATCH, WIDTH, DEPTH, WIDTH // 64, EMBEDDING)
    assert isinstance(network, nn.Module)
    return network.eval()


def hugging_face(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same weights under Hugging Face's names, with those of a text tower."""
    found = {
        "logit_scale": torch.tensor(1.0),
        "text_model.final_layer_norm.weight": torch.ones(3),
        "vision_model.embeddings.position_ids": torch.arange(10)[None],
        "vision_model.embeddings.class_embedding": state["class_embedding"],
        "vision_model.embeddings.patch_embedding.weight": state["conv1.weight"],
        "vision_model.embeddings.position_embedding.weight": state["positional_embedding"],
        "visual_projection.weight": state["proj"].T.contiguous(),
    }
    for kind in ("weight", "bias"):
        found[f"vision_model.pre_layrnorm.{kind}"] = state[f"ln_pre.{kind}"]
        found[f"vision_model.post_layernorm.{kind}"] = state[f"ln_post.{kind}"]
        for layer in range(DEPTH):
            theirs, ours = f"vision_model.encoder.layers.{layer}", f"transformer.resblocks.{layer}"
            thirds = state[f"{ours}.attn.in_proj_{kind}"].chunk(3)
            for which, third in zip("qkv", thirds, strict=True):
                found[f"{theirs}.self_attn.{which}_proj.{kind}"] = third.clone()
            for left, right in (
                ("self_attn.out_proj", "attn.out_proj"),
                ("layer_norm1", "ln_1"),
                ("layer_norm2", "ln_2"),
                ("mlp.fc1", "mlp.c_fc"),
                ("mlp.fc2", "mlp.c_proj"),
            ):
                found[f"{theirs}.{left}.{kind}"] = state[f"{ours}.{right}.{kind}"]
    return found


def open_weights(folder: Path, weights: str) -> Extractor:
    lessons = Lessons("seen", quarters(3), "image", None, 0, torch.device("cpu"), folder)
    return load(ClipSettings(weights=weights), lessons)


def test_embeddings_are_those_of_torch_fidelity_by_both_layouts(
    reference: nn.Module, tmp_path: Path
) -> None:
    state = reference.state_dict()
    named = {f"visual.{name}": tensor for name, tensor in state.items()}
    torch.save(named | {"text_projection": state["proj"]}, tmp_path / "a.pt")
    save_file(hugging_face(state), tmp_path / "model.safetensors")
    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
    deviation = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)
    with torch.no_grad():
        raw = reference((PICTURES.expand(-1, 3, -1, -1) / 255 - mean) / deviation)
    want = functional.normalize(raw)
    for weights in ("a.pt", "."):
        extractor = open_weights(tmp_path, weights)
        found = extractor.judge(PICTURES)
        torch.testing.assert_close(found.features, want, rtol=1e-4, atol=1e-5)
        assert found.log_probs is None
        assert found.spatial is None
        assert extractor.identity["resized_to"] == [SIDE, SIDE]
        assert extractor.identity["size"] == "2 layers of 128, patches of 4 pixels"


def test_bare_names_are_taken_and_others_are_not(reference: nn.Module, tmp_path: Path) -> None:
    state = reference.state_dict()
    assert tower(state).keys() == state.keys()
    assert tower({"weight": torch.ones(1)}) == {}
    save_file({"weight": torch.ones(1)}, tmp_path / "w.safetensors")
    with pytest.raises(EvaluationError, match=r"LZN806.*it has no 'conv1.weight'"):
        open_weights(tmp_path, "w.safetensors")
    save_file({**state, "positional_embedding": torch.ones(7, WIDTH)}, tmp_path / "odd.safetensors")
    with pytest.raises(EvaluationError, match=r"LZN806.*7 tokens .* are no square"):
        open_weights(tmp_path, "odd.safetensors")


def test_another_activation_gives_other_embeddings(reference: nn.Module, tmp_path: Path) -> None:
    save_file(reference.state_dict(), tmp_path / "w.safetensors")
    lessons = Lessons("seen", quarters(3), "image", None, 0, torch.device("cpu"), tmp_path)
    quick, exact = (
        load(ClipSettings(weights="w.safetensors", activation=a), lessons).judge(PICTURES).features
        for a in ("quick_gelu", "gelu")
    )
    assert 1e-6 < float((quick - exact).abs().max()) < 0.1
