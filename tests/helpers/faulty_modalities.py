"""Modalities with one fault each, by the check of the conformance kit that must find it.

A fault is an entry; most are the toy modality with another factory of this module.
"""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from helpers.faulty_settings import FAULTY_DECLARATIONS
from helpers.toy_modality import STD, ToyDecoder, ToyEncoder, ToyModality, build_toy
from helpers.toy_settings import TOY, ToySettings
from lzn_dsl.registry.builtin.modalities import ENTRIES, LabelSettings
from lzn_dsl.registry.entry import Entry, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime import randomness
from lzn_runtime.modalities.label import LabelDecoder, LabelEncoder, LabelModality
from lzn_runtime.modalities.protocol import Modality

LABEL = next(entry for entry in ENTRIES if entry.name == "label")


class ImportsTorch(ToySettings):
    """Settings in this module, which imports torch."""


def _toy(
    settings: ToySettings,
    sizes: Sizes,
    encoder: type[ToyEncoder] = ToyEncoder,
    decoder: type[ToyDecoder] = ToyDecoder,
    modality: type[ToyModality] = ToyModality,
) -> ToyModality:
    layers = (sizes.sample["size"], settings.hidden, sizes.latent_dim)
    return modality(encoder(*layers), decoder(*layers))


def builds_nothing(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    raise RuntimeError("out of luck")


def builds_a_layer(settings: ToySettings, sizes: Sizes, registry: Registry) -> nn.Module:
    return nn.Linear(2, 2)


def lacks_its_decoder(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    return ToyModality(ToyEncoder(sizes.sample["size"], settings.hidden, sizes.latent_dim), None)


def has_a_bare_parameter(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Shifted(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.shift = nn.Parameter(torch.zeros(layers[2]))

        def forward(self, samples: Tensor) -> Tensor:
            return super().forward(samples) + self.shift

    return _toy(settings, sizes, encoder=Shifted)


def reads_an_unknown_fact(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    assert sizes.sample.get("length", 0) >= 0
    return build_toy(settings, sizes, registry)


def breaks_at_an_extreme(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    assert 1 / (settings.hidden - 1) > 0
    return build_toy(settings, sizes, registry)


def forgets_to_scale_back(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Forgetful(ToyModality):
        def to_data(self, samples: Tensor) -> Tensor:
            return samples

    return _toy(settings, sizes, modality=Forgetful)


def changes_the_data(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class InPlace(ToyModality):
        def to_model(self, column: Tensor) -> Tensor:
            return column.div_(2)

    return _toy(settings, sizes, modality=InPlace)


def drops_a_sample(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Dropping(ToyModality):
        def to_model(self, column: Tensor) -> Tensor:
            return super().to_model(column[1:])

    return _toy(settings, sizes, modality=Dropping)


def returns_another_dtype(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Double(ToyModality):
        def to_data(self, samples: Tensor) -> Tensor:
            return super().to_data(samples).double()

    return _toy(settings, sizes, modality=Double)


def has_wide_anchors(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Wide(ToyEncoder):
        def forward(self, samples: Tensor) -> Tensor:
            return torch.cat([super().forward(samples)] * 2, dim=1)

    return _toy(settings, sizes, encoder=Wide)


def has_double_anchors(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Double(ToyEncoder):
        def forward(self, samples: Tensor) -> Tensor:
            return super().forward(samples).double()

    return _toy(settings, sizes, encoder=Double)


def has_anchors_that_are_no_numbers(
    settings: ToySettings, sizes: Sizes, registry: Registry
) -> Modality:
    class Logarithm(ToyEncoder):
        def forward(self, samples: Tensor) -> Tensor:
            return super().forward(samples).log()

    return _toy(settings, sizes, encoder=Logarithm)


def overwrites_samples(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Overwriting(ToyEncoder):
        def features(self, samples: Tensor) -> Tensor:
            return super().features(samples.mul_(0.5))

    return _toy(settings, sizes, encoder=Overwriting)


def raises_in_its_encoder(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Raising(ToyEncoder):
        def features(self, samples: Tensor) -> Tensor:
            raise KeyError("first")

    return _toy(settings, sizes, encoder=Raising)


def averages_its_loss(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Averaging(ToyDecoder):
        def loss(self, samples: Tensor, latents: Tensor, **rest: Any) -> Tensor:
            return super().loss(samples, latents, **rest).mean()

    return _toy(settings, sizes, decoder=Averaging)


def draws_flat_samples(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Flat(ToyDecoder):
        def sample(self, latents: Tensor, **rest: Any) -> Tensor:
            return super().sample(latents, **rest).flatten()

    return _toy(settings, sizes, decoder=Flat)


def draws_infinite_samples(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Infinite(ToyDecoder):
        def sample(self, latents: Tensor, **rest: Any) -> Tensor:
            return super().sample(latents, **rest) / 0

    return _toy(settings, sizes, decoder=Infinite)


def has_an_unused_layer(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Unused(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.spare = nn.Linear(2, 2)

    return _toy(settings, sizes, encoder=Unused)


def detaches_its_features(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Detached(ToyEncoder):
        def features(self, samples: Tensor) -> Tensor:
            return super().features(samples).detach()

    return _toy(settings, sizes, encoder=Detached)


def ignores_its_latents(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Ignoring(ToyDecoder):
        def mean(self, latents: Tensor) -> Tensor:
            return super().mean(latents.detach())

    return _toy(settings, sizes, decoder=Ignoring)


def has_a_root_at_zero(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Root(ToyDecoder):
        def mean(self, latents: Tensor) -> Tensor:
            return super().mean(latents) + (0 * latents[:, :1]).sqrt()

    return _toy(settings, sizes, decoder=Root)


def has_random_buffers(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class RandomFeatures(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.frequencies = nn.Buffer(torch.randn(layers[0]))

        def features(self, samples: Tensor) -> Tensor:
            return super().features(samples + (samples * self.frequencies).sin())

    return _toy(settings, sizes, encoder=RandomFeatures)


def drops_out(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Dropout(ToyEncoder):
        def features(self, samples: Tensor) -> Tensor:
            kept = super().features(samples)
            return nn.functional.dropout(kept, 0.1, self.training)

    return _toy(settings, sizes, encoder=Dropout)


def draws_from_the_global_state(
    settings: ToySettings, sizes: Sizes, registry: Registry
) -> Modality:
    class Global(ToyDecoder):
        def sample(self, latents: Tensor, *, noise: Tensor | None = None, **rest: Any) -> Tensor:
            noise = torch.randn_like(self.mean(latents)) if noise is None else noise
            return super().sample(latents, noise=noise, **rest)

    return _toy(settings, sizes, decoder=Global)


def starts_always_alike(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Alike(nn.Linear):
        def reset_parameters(self) -> None:
            rng = torch.Generator().manual_seed(0)
            nn.init.normal_(self.weight, std=self.in_features**-0.5, generator=rng)
            nn.init.normal_(self.bias, std=0.1, generator=rng)

    made = build_toy(settings, sizes, registry)
    layers = [(n, m) for n, m in made.named_modules() if isinstance(m, nn.Linear)]
    for name, layer in layers:
        made.set_submodule(name, Alike(layer.in_features, layer.out_features))
    return made


def normalises_over_the_batch(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Normalised(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.norm = nn.BatchNorm1d(layers[0], affine=False)

        def features(self, samples: Tensor) -> Tensor:
            return super().features(self.norm(samples))

    return _toy(settings, sizes, encoder=Normalised)


def centres_over_the_batch(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Centred(ToyEncoder):
        def features(self, samples: Tensor) -> Tensor:
            return super().features(samples - samples.mean(0))

    return _toy(settings, sizes, encoder=Centred)


def draws_noise_by_place(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class ByPlace(ToyDecoder):
        def loss(
            self,
            samples: Tensor,
            latents: Tensor,
            *,
            classes: Tensor | None,
            key: int,
            index: Tensor,
        ) -> Tensor:
            noise = randomness.normal(key, torch.arange(len(index), device=index.device), (1,))
            given = latents + 0.1 * noise
            return super().loss(samples, given, classes=classes, key=key, index=index)

    return _toy(settings, sizes, decoder=ByPlace)


def leaves_a_tensor_behind(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Behind(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.shifts = [torch.ones(layers[0])]

        def features(self, samples: Tensor) -> Tensor:
            return super().features(samples + self.shifts[0])

    return _toy(settings, sizes, encoder=Behind)


def makes_a_tensor_elsewhere(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Elsewhere(ToyDecoder):
        def mean(self, latents: Tensor) -> Tensor:
            return super().mean(latents + torch.ones(latents.shape[1]))

    return _toy(settings, sizes, decoder=Elsewhere)


def hides_a_layer(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Hiding(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.hidden = [nn.LayerNorm(layers[1])]

        def features(self, samples: Tensor) -> Tensor:
            normed: Tensor = self.hidden[0](super().features(samples))
            return normed

    return _toy(settings, sizes, encoder=Hiding)


def keeps_a_number_to_itself(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Gain(nn.Linear):
        def reset_parameters(self) -> None:
            super().reset_parameters()
            self.gain = 1 + float(torch.rand(()))

        def forward(self, input: Tensor) -> Tensor:  # noqa: A002 -- torch's name
            return self.gain * super().forward(input)

    made = build_toy(settings, sizes, registry)
    made.encoder.head = Gain(settings.hidden, sizes.latent_dim)
    return made


def ties_its_weights(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Deeper(ToyEncoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.middle = nn.Linear(layers[1], layers[1])

        def features(self, samples: Tensor) -> Tensor:
            features: Tensor = self.middle(super().features(samples))
            return features

    class Tied(ToyDecoder):
        def __init__(self, *layers: int) -> None:
            super().__init__(*layers)
            self.middle = nn.Linear(layers[1], layers[1])

        def mean(self, latents: Tensor) -> Tensor:
            mean: Tensor = self.head(self.middle(torch.tanh(self.first(latents))))
            return mean

    layers = (sizes.sample["size"], settings.hidden, sizes.latent_dim)
    encoder, decoder = Deeper(*layers), Tied(*layers)
    decoder.middle.weight = encoder.middle.weight
    return ToyModality(encoder, decoder)


def has_one_anchor_for_all(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Collapsed(ToyEncoder):
        def forward(self, samples: Tensor) -> Tensor:
            return super().forward(samples) + 1e9  # float32 has no digits left for the difference

    return _toy(settings, sizes, encoder=Collapsed)


def learns_the_wrong_way(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Backwards(ToyDecoder):
        def loss(self, samples: Tensor, latents: Tensor, **rest: Any) -> Tensor:
            return -super().loss(samples, latents, **rest)

    return _toy(settings, sizes, decoder=Backwards)


def learns_next_to_nothing(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Slow(ToyDecoder):
        def loss(self, samples: Tensor, latents: Tensor, **rest: Any) -> Tensor:
            return 1e3 + super().loss(samples, latents, **rest)

    return _toy(settings, sizes, decoder=Slow)


def inverts_wrongly(settings: ToySettings, sizes: Sizes, registry: Registry) -> Modality:
    class Wrong(ToyDecoder):
        def invert(self, samples: Tensor, latents: Tensor, **rest: Any) -> Tensor:
            return (samples + self.mean(latents)) / STD

    return _toy(settings, sizes, decoder=Wrong)


class _ShiftedDecoder(LabelDecoder):
    def decode(self, latents: Tensor) -> Tensor:
        return super().decode(latents).roll(1, dims=1)


class _ScoreDecoder(LabelDecoder):
    def decode(self, latents: Tensor) -> Tensor:
        return 3 * super().decode(latents) + 1


class _TurnedLabel(LabelModality):
    def finite_anchors(self) -> Tensor:
        return super().finite_anchors().flip(0)


def _label(
    sizes: Sizes,
    decoder: type[LabelDecoder] = LabelDecoder,
    modality: type[LabelModality] = LabelModality,
) -> LabelModality:
    encoder = LabelEncoder(sizes.sample["classes"], sizes.latent_dim)
    return modality(encoder, decoder(encoder, num_steps=30))


def reads_another_class(settings: LabelSettings, sizes: Sizes, registry: Registry) -> Modality:
    return _label(sizes, decoder=_ShiftedDecoder)


def gives_scores(settings: LabelSettings, sizes: Sizes, registry: Registry) -> Modality:
    return _label(sizes, decoder=_ScoreDecoder)


def orders_its_classes_otherwise(
    settings: LabelSettings, sizes: Sizes, registry: Registry
) -> Modality:
    return _label(sizes, modality=_TurnedLabel)


FAULTS: dict[str, tuple[str, Entry]] = (
    FAULTY_DECLARATIONS
    | {
        "torch at import": ("imports", replace(TOY, settings=ImportsTorch)),
    }
    | {
        build.__name__.replace("_", " "): (
            check,
            replace(
                LABEL if check_label else TOY,
                factory=f"helpers.faulty_modalities:{build.__name__}",
                costs=None,
            ),
        )
        for check, check_label, builds in (
            (
                "build",
                False,
                (builds_nothing, builds_a_layer, lacks_its_decoder, has_a_bare_parameter),
            ),
            ("facts", False, (reads_an_unknown_fact,)),
            ("extremes", False, (breaks_at_an_extreme,)),
            (
                "preprocessing",
                False,
                (forgets_to_scale_back, changes_the_data, drops_a_sample, returns_another_dtype),
            ),
            (
                "encoder",
                False,
                (
                    has_wide_anchors,
                    has_double_anchors,
                    has_anchors_that_are_no_numbers,
                    overwrites_samples,
                    raises_in_its_encoder,
                ),
            ),
            ("encoder", True, (orders_its_classes_otherwise,)),
            ("decoder", False, (averages_its_loss, draws_flat_samples, draws_infinite_samples)),
            ("decoder", True, (gives_scores,)),
            (
                "gradients",
                False,
                (
                    has_an_unused_layer,
                    detaches_its_features,
                    ignores_its_latents,
                    has_a_root_at_zero,
                ),
            ),
            (
                "determinism",
                False,
                (has_random_buffers, drops_out, draws_from_the_global_state, starts_always_alike),
            ),
            (
                "independence",
                False,
                (normalises_over_the_batch, centres_over_the_batch, draws_noise_by_place),
            ),
            (
                "devices",
                False,
                (leaves_a_tensor_behind, makes_a_tensor_elsewhere, hides_a_layer),
            ),
            ("state", False, (keeps_a_number_to_itself, ties_its_weights)),
            ("zones", False, (has_one_anchor_for_all,)),
            ("learning", False, (learns_the_wrong_way, learns_next_to_nothing)),
            ("round trip", False, (inverts_wrongly,)),
            ("round trip", True, (reads_another_class,)),
        )
        for build in builds
    }
)
"""What is wrong, the check that must find it, and the entry."""
