"""MoCo: its loss by definition, the queue and the average, and what gradients reach."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from lzn_runtime.contrast.moco import MoCo
from lzn_runtime.modalities.protocol import Encoder

SIZE = 4


class LinearEncoder(Encoder):
    """Two layers, so that names of parameters have points."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, SIZE))

    def forward(self, samples: Tensor) -> Tensor:
        anchors: Tensor = self.layers(samples)
        return anchors

    def features(self, samples: Tensor) -> Tensor:
        return self.forward(samples)


def samples(seed: int, count: int = 3) -> Tensor:
    return torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def encoder() -> LinearEncoder:
    torch.manual_seed(0)
    return LinearEncoder()


@pytest.fixture
def moco(encoder: LinearEncoder) -> MoCo:
    made = MoCo(temperature=0.3, momentum=0.9, queue=7, latent_dim=SIZE)
    made.start(encoder, 5)
    return made


def averages(moco: MoCo) -> Iterator[Tensor]:
    return (b for n, b in moco.named_buffers() if n not in ("queue", "place"))


def test_the_loss_is_that_of_the_equation(moco: MoCo, encoder: LinearEncoder) -> None:
    first, second = samples(1), samples(2)
    with torch.no_grad():  # the average has the weights of the start, so it does not move
        queries = functional.normalize(encoder(first), dim=1)
        keys = functional.normalize(encoder(second), dim=1)
        wanted = []
        for q, k in zip(queries, keys, strict=True):
            own = torch.exp(q @ k / 0.3)
            others = torch.stack([torch.exp(q @ m / 0.3) for m in moco.queue])
            wanted.append(-torch.log(own / (own + others.sum())))
    found = moco.loss(encoder(first), second, encoder)
    torch.testing.assert_close(found.detach(), torch.stack(wanted).mean())


def test_the_start_is_random_directions_by_the_key(encoder: LinearEncoder) -> None:
    def queue(key: int) -> Tensor:
        made = MoCo(temperature=0.3, momentum=0.9, queue=7, latent_dim=SIZE)
        made.start(encoder, key)
        return made.queue

    torch.testing.assert_close(queue(5).norm(dim=1), torch.ones(7))
    assert torch.equal(queue(5), queue(5))
    assert not torch.equal(queue(5), queue(6))


def test_keys_take_the_places_of_the_oldest_ones(moco: MoCo, encoder: LinearEncoder) -> None:
    expected = moco.queue.clone()
    place = 0
    for seed in range(5):
        with torch.no_grad():
            keys = functional.normalize(encoder(samples(seed)), dim=1)
        moco.loss(encoder(samples(9)), samples(seed), encoder)
        for key in keys:
            expected[place % 7] = key
            place += 1
        torch.testing.assert_close(moco.queue, expected)
        assert int(moco.place) == place % 7


def test_of_more_keys_than_there_is_room_for_the_last_stay(
    moco: MoCo, encoder: LinearEncoder
) -> None:
    many = samples(3, 10)
    moco.loss(encoder(many), many, encoder)
    with torch.no_grad():
        keys = functional.normalize(encoder(many), dim=1)
    torch.testing.assert_close(moco.queue, keys[-7:])


def test_the_average_moves_by_the_momentum_before_the_keys_are_made(
    moco: MoCo, encoder: LinearEncoder
) -> None:
    before = [p.detach().clone() for p in encoder.parameters()]
    with torch.no_grad():
        for p in encoder.parameters():
            p.add_(1)
    moco.loss(encoder(samples(1)), samples(2), encoder)
    for was, mean in zip(before, averages(moco), strict=True):
        torch.testing.assert_close(mean, was + 0.1)
    twin = LinearEncoder()
    with torch.no_grad():
        for p, mean in zip(twin.parameters(), averages(moco), strict=True):
            p.copy_(mean)
        keys = functional.normalize(twin(samples(2)), dim=1)
    torch.testing.assert_close(moco.queue[:3], keys)


def test_gradients_reach_the_encoder_by_the_queries_alone(
    moco: MoCo, encoder: LinearEncoder
) -> None:
    first, second = samples(1).requires_grad_(), samples(2).requires_grad_()
    torch.autograd.backward(moco.loss(encoder(first), second, encoder))
    assert first.grad is not None
    assert first.grad.abs().sum() > 0
    assert second.grad is None
    assert all(p.grad is not None for p in encoder.parameters())
    assert list(moco.parameters()) == []
    anchors = encoder(samples(1)).detach().requires_grad_()
    torch.autograd.backward(moco.loss(anchors, samples(2), encoder))
    assert anchors.grad is not None


def test_a_state_that_is_saved_and_loaded_goes_on_alike(moco: MoCo, encoder: LinearEncoder) -> None:
    moco.loss(encoder(samples(1)), samples(2), encoder)
    again = MoCo(temperature=0.3, momentum=0.9, queue=7, latent_dim=SIZE)
    again.start(encoder, 6)
    again.load_state_dict(moco.state_dict())
    losses = [m.loss(encoder(samples(3)), samples(4), encoder) for m in (moco, again)]
    assert torch.equal(losses[0], losses[1])
    assert torch.equal(moco.queue, again.queue)
