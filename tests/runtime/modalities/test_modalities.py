"""Pictures and labels: building, preprocessing, reading classes off latents."""

from typing import Any

import pytest
import torch

from lzn_dsl.registry.builtin import decoders, encoders, modalities, networks, samplers
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime import randomness
from lzn_runtime.latent import compute_latents
from lzn_runtime.modalities.build import build_modality
from lzn_runtime.modalities.image import ImageModality
from lzn_runtime.modalities.label import LabelModality
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

REGISTRY = Registry(
    modalities.ENTRIES + encoders.ENTRIES + decoders.ENTRIES + networks.ENTRIES + samplers.ENTRIES
)
KEY = randomness.key(0, "test")
SMALL = {
    "encoder": {"name": "conv", "settings": {"widths": [8, 12]}},
    "decoder": {
        "name": "flow",
        "settings": {"network": {"name": "unet", "settings": {"width": 8}}},
    },
}


def image(seed: int = 0, name: str = "image", **settings: Any) -> ImageModality:
    sizes = Sizes(latent_dim=4, sample={"height": 6, "width": 5, "channels": 1}, num_classes=3)
    component = Component(name="image", settings=SMALL | settings)
    built = build_modality(name, component, sizes, REGISTRY, seed=seed)
    assert isinstance(built, ImageModality)
    return built


def label(seed: int = 0, num_classes: int = 3, **settings: Any) -> LabelModality:
    sizes = Sizes(latent_dim=4, sample={"classes": num_classes})
    component = Component(name="label", settings=settings)
    built = build_modality("label", component, sizes, REGISTRY, seed=seed)
    assert isinstance(built, LabelModality)
    return built


def test_every_byte_comes_back_from_the_model() -> None:
    column = torch.arange(256, dtype=torch.uint8)[:, None, None, None].expand(-1, 1, 6, 5)
    samples = image().to_model(column)
    assert samples.dtype == torch.float32
    assert float(samples.min()) == -1
    assert float(samples.max()) == 1
    assert torch.equal(image().to_data(samples), column)
    assert torch.equal(image().to_data(samples * 3)[[0, 255]], column[[0, 255]])


@pytest.mark.parametrize(
    "column", [torch.zeros(2, 1, 6, 5), torch.zeros(2, 1, 5, 6, dtype=torch.uint8)]
)
def test_pictures_of_another_kind_are_named(column: torch.Tensor) -> None:
    with pytest.raises(ValueError, match=r"uint8 of shape \(b, 1, 6, 5\), got torch"):
        image().to_model(column)


def test_an_image_goes_through_its_encoder_and_its_decoder() -> None:
    modality = image()
    x = modality.to_model(torch.randint(0, 256, (4, 1, 6, 5), dtype=torch.uint8))
    anchors = modality.encoder(x)
    assert anchors.shape == (4, 4)
    as_any_other: Modality = modality
    assert as_any_other.finite_anchors() is None
    assert isinstance(modality.decoder, Decoder)
    classes, index = torch.eye(3)[[0, 1, 2, 0]], torch.arange(4)
    loss = modality.decoder.loss(x, anchors, classes=classes, key=KEY, index=index)
    assert loss.shape == (4,)
    drawn = modality.decoder.sample(anchors, classes=classes, key=KEY, index=index)
    assert drawn.shape == x.shape
    assert not drawn.requires_grad


def test_an_image_can_do_without_decoder() -> None:
    modality = image(decoder=None)
    assert modality.decoder is None
    assert all(name.startswith("encoder.") for name, _ in modality.named_parameters())


def test_labels_have_one_anchor_each() -> None:
    modality = label(init_std=2.0, num_classes=1_000)
    anchors = modality.finite_anchors()
    assert anchors.shape == (1_000, 4)
    assert float(anchors.detach().std()) == pytest.approx(2, rel=0.05)
    labels = torch.tensor([2, 0, 2], dtype=torch.uint8)
    assert torch.equal(modality.encoder(modality.to_model(labels)), anchors[[2, 0, 2]])
    assert [name for name, _ in modality.named_parameters()] == ["encoder.anchors"]


@pytest.mark.parametrize("bad", [-1, 3])
def test_a_label_outside_the_classes_is_named(bad: int) -> None:
    with pytest.raises(ValueError, match=f"labels must be 0 to 2, got {bad}"):
        label().to_model(torch.tensor([0, bad, 2]))


def test_the_class_of_a_label_is_read_off_its_latent() -> None:
    modality = label(num_classes=5)
    labels = torch.arange(5).repeat(20)
    noise = randomness.normal(KEY, torch.arange(100), (4,))
    anchors = modality.finite_anchors()
    latents = compute_latents(anchors[labels], noise, pool=anchors, own=labels)
    assert isinstance(modality.decoder, ClassDecoder)
    log_probs = modality.decoder.decode(latents)
    assert log_probs.shape == (100, 5)
    torch.testing.assert_close(log_probs.logsumexp(1), torch.zeros(100), rtol=0, atol=1e-5)
    assert float((log_probs.argmax(1) == labels).double().mean()) >= 0.98


def test_a_class_does_not_depend_on_the_other_latents() -> None:
    decoder = label(num_classes=5).decoder
    latents = randomness.normal(KEY, torch.arange(9), (4,))
    whole = decoder.decode(latents)
    torch.testing.assert_close(decoder.decode(latents[6:7]), whole[6:7], rtol=1e-4, atol=1e-5)


def test_a_decoder_moves_with_its_anchors() -> None:
    modality = label().double()
    assert modality.decoder.decode(torch.zeros(2, 4, dtype=torch.float64)).dtype == torch.float64
    with torch.no_grad():
        modality.encoder.anchors.copy_(torch.eye(4)[:3] * 9)
    latents = torch.eye(4, dtype=torch.float64)[:3] * 3
    assert modality.decoder.decode(latents).argmax(1).tolist() == [0, 1, 2]
