"""Dropout: its masks are functions of key, name and index, and they are there in training alone."""

import pytest
import torch
from torch import Tensor, nn

from lzn_dsl.registry.builtin.ncsnpp import NcsnppEncoderSettings, NcsnppSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.compile.micro_batches import in_slices
from lzn_runtime.modalities.initialise import initialise
from lzn_runtime.networks.dropout import Dropout, dropping
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder, build_encoder
from lzn_runtime.networks.ncsnpp.velocity import build_velocity

INDEX = torch.tensor([5, 900, 3, 77])
SIZES = Sizes(4, {"height": 8, "width": 8, "channels": 1})


def _ones(rate: float, key: int = 1, index: Tensor = INDEX) -> Tensor:
    layer = Dropout(rate)
    with dropping(layer, key, index):
        y: Tensor = layer(torch.ones(len(index), 50, 40))
    return y


def test_the_share_is_dropped_and_the_mean_kept() -> None:
    y = _ones(0.15)
    assert torch.unique(y).tolist() == pytest.approx([0, 1 / 0.85])
    kept = float((y > 0).float().mean())
    assert kept == pytest.approx(0.85, abs=4 * (0.15 * 0.85 / y.numel()) ** 0.5)
    assert float(y.mean()) == pytest.approx(1, abs=0.02)


def test_a_row_depends_on_key_and_index_alone() -> None:
    whole = _ones(0.5)
    for row, index in enumerate(INDEX):
        assert torch.equal(_ones(0.5, index=index[None])[0], whole[row])
    assert torch.equal(_ones(0.5), whole)
    assert not torch.equal(_ones(0.5, key=2), whole)
    assert not torch.equal(whole[0], whole[1])


def test_layers_of_a_network_drop_differently() -> None:
    pair = nn.ModuleList([Dropout(0.5), Dropout(0.5)])
    x = torch.ones(4, 100)
    with dropping(pair, 1, INDEX):
        first, second = (layer(x) for layer in pair)
    assert not torch.equal(first, second)


def test_nothing_is_dropped_elsewhere() -> None:
    layer, x = Dropout(0.5), torch.ones(4, 100)
    assert torch.equal(layer(x), x)
    with dropping(layer, 1, INDEX):
        assert not torch.equal(layer(x), x)
        assert torch.equal(layer.eval()(x), x)
    assert torch.equal(layer.train()(x), x)
    with dropping(Dropout(0.0), 1, INDEX):
        assert torch.equal(Dropout(0.0)(x), x)
    with pytest.raises(ValueError, match=r"rate must be in \[0, 1\), got 1"):
        Dropout(1.0)


def _encoder(dropout: float) -> NcsnppEncoder:
    settings = NcsnppEncoderSettings(width=8, mults=[1, 2], blocks=1, dropout=dropout)
    encoder = build_encoder(settings, SIZES, Registry(()))
    initialise(encoder, 0, prefix="image")
    with torch.no_grad():  # what a dropout feeds is silent at the start
        for name, weight in encoder.named_parameters():
            key = randomness.key(0, name)
            weight.add_(0.1 * torch.randn(weight.shape, generator=randomness.generator(key)))
    return encoder.train()


def test_slices_of_a_batch_drop_what_the_batch_does() -> None:
    encoder, samples = _encoder(0.3), torch.randn(4, 1, 8, 8, generator=randomness.generator(1))
    results = []
    for count in (1, 3):

        def encode(samples: Tensor, index: Tensor) -> Tensor:
            with dropping(encoder, 7, index):
                anchors: Tensor = encoder(samples)
            return anchors

        encoder.zero_grad()
        anchors = in_slices(encode, samples, INDEX, count=count)
        torch.autograd.backward(anchors.square().sum())
        weight = encoder.down.input.weight
        assert weight.grad is not None
        results.append((anchors.detach(), weight.grad.clone()))
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    assert not torch.equal(results[0][0], encoder(samples).detach())


def test_each_residual_block_has_its_dropout() -> None:
    velocity = build_velocity(
        NcsnppSettings(width=8, mults=[1, 2], dropout=0.1), SIZES, Registry(())
    )
    for network in (_encoder(0.1), velocity):
        blocks = [m for m in network.modules() if type(m).__name__ == "ResidualBlock"]
        layers = [m for m in network.modules() if isinstance(m, Dropout)]
        assert len(blocks) == len(layers) > 3
        assert {layer.rate for layer in layers} == {0.1}
    assert _encoder(0.1).state_dict().keys() == _encoder(0.0).state_dict().keys()


def test_bernoulli_has_its_probability_at_the_ends() -> None:
    for p in (0.0, 1.0):
        drawn = randomness.bernoulli(3, INDEX, p, (999,))
        assert drawn.shape == (4, 999)
        assert bool((drawn == bool(p)).all())
    with pytest.raises(ValueError, match="p must be in"):
        randomness.bernoulli(3, INDEX, 1.5)
