"""Task graphs made by hand, so that what is drawn of them does not move with the defaults."""

from collections.abc import Sequence

import networkx as nx

from lzn_dsl.graph.records import (
    ColumnNode,
    DecoderNode,
    EncoderNode,
    Flow,
    FlowKind,
    MetricNode,
    NodeRecord,
    ObjectiveNode,
    SpaceNode,
    StepNode,
    TaskNode,
)

Step = tuple[str, str, str | None, tuple[str, ...]]
"""A step: id, primitive, modality, ids of its operands."""


class Sketch:
    """A task graph under construction."""

    def __init__(self, title: str, dim: int) -> None:
        self.graph = nx.MultiDiGraph(title=title)
        self._node("space", SpaceNode(dim))

    def modality(
        self,
        name: str,
        *,
        encoder: tuple[str, int],
        decoder: tuple[str, int] | None,
        column: tuple[str, str, str] | None = None,
    ) -> None:
        """Add a modality; `column` is dataset, kind and facts."""
        self._node(f"encoder:{name}", EncoderNode(name, *encoder))
        self._edge(f"encoder:{name}", "space", "anchors", "anchors")
        if column is not None:
            dataset, kind, facts = column
            self._node(f"column:{dataset}.{name}", ColumnNode(dataset, name, kind, facts))
            self._edge(f"column:{dataset}.{name}", f"encoder:{name}", "samples", name)
        if decoder is not None:
            self._node(f"decoder:{name}", DecoderNode(name, *decoder))
            self._edge("space", f"decoder:{name}", "latents", "latents")

    def task(self, name: str, phrase: str, steps: Sequence[Step], result: str) -> None:
        """Add a task, the last of its steps its result."""
        self._node(f"task:{name}", TaskNode(name, phrase))
        flows = {s[0]: _flow(s) for s in steps}
        for step, primitive, modality, operands in steps:
            node = f"step:{name}.{step}"
            self._node(node, StepNode(name, step, primitive, modality))
            for operand in operands:
                kind, label = flows[operand]
                self._edge(f"step:{name}.{operand}", node, kind, label)
            if primitive in ("encode", "center", "features", "invert"):
                self._edge(f"encoder:{modality}", node, "features", "uses")
            if primitive in ("decode", "invert"):
                self._edge(f"decoder:{modality}", node, "features", "uses")
        self._edge(f"step:{name}.{steps[-1][0]}", f"task:{name}", "result", result)

    def align(self, one: str, other: str, *reasons: str) -> None:
        """Add an alignment of two modalities."""
        name = f"align {one} with {other}"
        self._node(f"objective:{name}", ObjectiveNode(name, "align", one, other, reasons))
        for modality in (one, other):
            self._edge(f"objective:{name}", f"encoder:{modality}", "trains")

    def decode(self, modality: str, *reasons: str) -> None:
        """Add a decoder's own loss."""
        name = f"decode {modality}"
        self._node(f"objective:{name}", ObjectiveNode(name, "decode", modality, None, reasons))
        for part in ("encoder", "decoder"):
            self._edge(f"objective:{name}", f"{part}:{modality}", "trains")

    def metric(self, metric: str, task: str, dataset: str) -> None:
        """Add a metric of a task."""
        self._node(f"metric:{task}.{dataset}.{metric}", MetricNode(metric, task, dataset))
        self._edge(f"task:{task}", f"metric:{task}.{dataset}.{metric}", "judges")

    def _node(self, name: str, record: NodeRecord) -> None:
        self.graph.add_node(name, record=record)

    def _edge(self, source: str, target: str, kind: FlowKind, label: str = "") -> None:
        self.graph.add_edge(source, target, flow=Flow(kind, label))


def _flow(step: Step) -> tuple[FlowKind, str]:
    _, primitive, modality, _ = step
    if primitive in ("input", "decode"):
        return "samples", modality or ""
    return "latents", "latent"


def convert(source: str, target: str, *, by: str = "encode") -> list[Step]:
    """Return the steps from one modality to another."""
    return [
        (source, "input", source, ()),
        (f"{by}_{source}", by, source, (source,)),
        (f"decode_{target}", "decode", target, (f"{by}_{source}",)),
    ]


def one_line_graph() -> nx.MultiDiGraph:
    """Return the graph of `generate image from label`."""
    sketch = Sketch("one_line", 32)
    _digits(sketch)
    sketch.task("generate", "generate image from label", convert("label", "image"), "image")
    sketch.decode("image", "`generate` decodes `image`")
    sketch.align("image", "label", "`generate` goes from `label` to `image`")
    sketch.metric("recognition", "generate", "unseen")
    return sketch.graph


def joint_graph() -> nx.MultiDiGraph:
    """Return the graph of the paper's joint scenario: draw, name, embed, rebuild."""
    sketch = Sketch("clothes", 64)
    sketch.modality(
        "image",
        encoder=("conv", 421_312),
        decoder=("flow(unet)", 1_204_993),
        column=("clothes", "image", "28 x 28 x 1"),
    )
    sketch.modality(
        "label",
        encoder=("one anchor a class", 640),
        decoder=("nearest zone", 0),
        column=("clothes", "label", "10 classes"),
    )
    sketch.task("draw", "generate image from label", convert("label", "image"), "image")
    sketch.task("name", "classify image as label", convert("image", "label", by="center"), "label")
    embed: list[Step] = [
        ("image", "input", "image", ()),
        ("features_image", "features", "image", ("image",)),
    ]
    sketch.task("gist", "embed image", embed, "features")
    sketch.task("rebuild", "reconstruct image", convert("image", "image", by="invert"), "image")
    sketch.decode("image", "`draw` decodes `image`", "`rebuild` decodes `image`")
    sketch.align(
        "image",
        "label",
        "`draw` goes from `label` to `image`",
        "`name` goes from `image` to `label`",
        "the decoder of `image` is told `label`",
    )
    sketch.metric("accuracy", "name", "unseen")
    sketch.metric("frechet", "draw", "unseen")
    sketch.metric("precision_recall", "draw", "unseen")
    sketch.metric("linear_probe", "gist", "unseen")
    return sketch.graph


def crowded_graph() -> nx.MultiDiGraph:
    """Return a made-up graph of five modalities and ten tasks."""
    sketch = Sketch("street_scenes", 256)
    for name, encoder, decoder, facts in (
        ("image", ("conv", 2_421_312), ("flow(unet)", 18_204_993), "128 x 128 x 3"),
        ("caption", ("transformer", 6_100_000), ("autoregressive", 9_900_000), "64 tokens"),
        ("sound", ("conv", 803_000), ("flow(wavenet)", 4_410_000), "16000"),
        ("depth", ("conv", 412_000), ("flow(unet)", 1_204_993), "128 x 128 x 1"),
        ("label", ("one anchor a class", 25_600), ("nearest zone", 0), "100 classes"),
    ):
        sketch.modality(name, encoder=encoder, decoder=decoder, column=("streets", name, facts))
    for name, phrase, source, target in (
        ("draw", "generate image from label", "label", "image"),
        ("paint", "generate image from caption", "caption", "image"),
        ("describe", "translate image to caption", "image", "caption"),
        ("hear", "translate sound to image", "sound", "image"),
        ("foley", "translate image to sound", "image", "sound"),
        ("measure", "translate image to depth", "image", "depth"),
    ):
        sketch.task(name, phrase, convert(source, target), target)
        sketch.align(*_ordered(source, target), f"`{name}` goes from `{source}` to `{target}`")
    sketch.task("name", "classify sound as label", convert("sound", "label", by="center"), "label")
    sketch.align("sound", "label", "`name` goes from `sound` to `label`")
    sketch.task("imagine", "generate image", _imagine(), "image")
    sketch.task("rebuild", "reconstruct depth", convert("depth", "depth", by="invert"), "depth")
    sketch.task(
        "blend",
        "restyle image with sound as caption",
        _restyle("image", "sound", "caption"),
        "image",
    )
    for name in ("image", "caption", "sound", "depth"):
        sketch.decode(name, f"a task decodes `{name}`")
    for task, metrics in (
        ("draw", ("frechet", "precision_recall", "recognition")),
        ("describe", ("bleu",)),
        ("name", ("accuracy", "calibration")),
        ("rebuild", ("reconstruction",)),
    ):
        for metric in metrics:
            sketch.metric(metric, task, "unseen_streets")
    return sketch.graph


def _imagine() -> list[Step]:
    return [("prior", "prior", None, ()), ("decode_image", "decode", "image", ("prior",))]


def _restyle(one: str, other: str, third: str) -> list[Step]:
    return [
        ("one", "input", one, ()),
        ("other", "input", other, ()),
        ("third", "input", third, ()),
        ("encode_one", "encode", one, ("one",)),
        ("encode_other", "encode", other, ("other",)),
        ("encode_third", "encode", third, ("third",)),
        ("blend", "blend", None, ("encode_one", "encode_other")),
        ("meet", "meet", None, ("blend", "encode_third")),
        ("decode", "decode", one, ("meet",)),
    ]


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other or other == "label" else (other, one)


def _digits(sketch: Sketch) -> None:
    sketch.modality(
        "image",
        encoder=("conv", 88_992),
        decoder=("flow(unet)", 300_641),
        column=("seen", "image", "8 x 8 x 1"),
    )
    sketch.modality(
        "label",
        encoder=("one anchor a class", 320),
        decoder=("nearest zone", 0),
        column=("seen", "label", "10 classes"),
    )


def grid_graph(num_modalities: int, num_tasks: int) -> nx.MultiDiGraph:
    """Return a graph of some modalities, all aligned with the first, and of some tasks."""
    sketch = Sketch("grid", 16)
    names = [f"modality_{i}" for i in range(num_modalities)]
    for name in names:
        sketch.modality(
            name, encoder=("conv", 1000), decoder=("flow(unet)", 1000), column=("data", name, "8")
        )
        sketch.decode(name, "a task decodes it")
    for name in names[1:]:
        sketch.align(names[0], name, "a task goes from one to the other")
    for index in range(num_tasks):
        source, target = names[index % num_modalities], names[(index + 1) % num_modalities]
        steps = convert(source, target)
        if index % 5 == 4:
            steps = _restyle(target, source, target)
        sketch.task(f"task_{index}", f"translate {source} to {target}", steps, target)
        for metric in ("frechet", "accuracy", "recall")[: index % 4]:
            sketch.metric(metric, f"task_{index}", "unseen")
    return sketch.graph


HOSTILE = "</text><script>alert('x')</script>&amp;\"'\x00\u202e]]>`\n| --> {} #quot; %%"


def hostile_graph() -> nx.MultiDiGraph:
    """Return a graph in which every text that people choose is an attack."""
    sketch = Sketch(HOSTILE, 2)
    sketch.modality(
        HOSTILE, encoder=(HOSTILE, 1), decoder=(HOSTILE, 2), column=(HOSTILE, HOSTILE, HOSTILE)
    )
    sketch.task(HOSTILE, HOSTILE, convert(HOSTILE, HOSTILE, by="invert"), HOSTILE)
    sketch.decode(HOSTILE, HOSTILE)
    sketch.metric(HOSTILE, HOSTILE, HOSTILE)
    return sketch.graph
