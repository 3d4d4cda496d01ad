"""The model of a training step: its arithmetic on numbers that can be checked by hand."""

from dataclasses import replace

import pytest

from lzn_runtime.benchmarks.scaling.crossing import (
    batch_where_latents_overtake,
    largest_batch,
    ranks_where_gather_counts,
)
from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Cluster, Processor
from lzn_runtime.benchmarks.scaling.step_memory import (
    flows_memory,
    slices_that_fit,
    step_memory,
)
from lzn_runtime.benchmarks.scaling.step_time import collective_time, step_time
from lzn_runtime.benchmarks.scaling.workload import LatentFlow, Network, Workload

# Convolutions do 10 FLOP/s, products 7, memory moves 4 bytes/s: one number.
PROCESSOR = Processor("p", 20.0, 0.5, 14.0, 0.5, 8.0, 4000.0, "here")
CLUSTER = Cluster(PROCESSOR, node=2, node_link=8.0, network_link=2.0, source="here")
ASSUMED = Assumptions(
    bandwidth_share=0.5,
    touches=3,
    strip_touches=(4, 2),
    difference_touches=5,
    update_touches=10,
    link_share=0.5,
    node_hop=0.0,
    network_hop=0.0,
    launch=0.0,
    usable_memory=1.0,
)
NETWORK = Network("encode", "image", "encoder", flops=100, kept=7, samples=4)
FLOW = LatentFlow("latents", "latents", points=4, anchors=4, gathers=True)
WORK = Workload("w", 4, 2, 3, parameters=6, networks=(NETWORK,), flows=(FLOW,))


def test_the_terms_of_a_step_on_one_rank() -> None:
    time = step_time(WORK, CLUSTER, 1, assumed=ASSUMED)
    assert time.networks == pytest.approx(4 * (3 * 100 / 10 + 3 * 7))
    assert time.latents == pytest.approx(14 * 4 * 4 * 3 * 2 / 7 + (4 + 2 * 3) * 4 * 4)
    assert time.gather == time.all_reduce == 0
    assert time.update == pytest.approx(10 * 6)
    assert time.total == pytest.approx(time.networks + time.latents + time.update)


def test_micro_batches_run_networks_forward_once_more() -> None:
    whole = step_time(WORK, CLUSTER, 1, assumed=ASSUMED)
    sliced = step_time(WORK, CLUSTER, 1, assumed=ASSUMED, slices=2)
    assert sliced.networks == pytest.approx(4 / 3 * whole.networks)
    assert sliced.latents == whole.latents


def test_the_published_form_moves_a_tensor_of_differences() -> None:
    time = step_time(WORK, CLUSTER, 1, assumed=ASSUMED, form="published")
    assert time.latents == pytest.approx(5 * 4 * 4 * 2 * 3)


def test_ranks_share_points_but_not_anchors() -> None:
    alone, four = (step_time(WORK, CLUSTER, ranks, assumed=ASSUMED) for ranks in (1, 4))
    assert four.networks == pytest.approx(alone.networks / 4)
    assert four.latents == pytest.approx(alone.latents / 4)
    assert four.update == alone.update
    # 32 bytes of anchors, forward and backward; 24 bytes of gradients, twice.
    assert four.gather == pytest.approx(2 * collective_time(32, CLUSTER, 4, ASSUMED))
    assert four.all_reduce == pytest.approx(2 * collective_time(24, CLUSTER, 4, ASSUMED))


def test_a_collective_goes_through_the_node_and_then_between_nodes() -> None:
    assert collective_time(32, CLUSTER, 1, ASSUMED) == 0
    inside = 32 * 1 / 2 / 4
    assert collective_time(32, CLUSTER, 2, ASSUMED) == pytest.approx(inside)
    # Both processors of a node bring its share of the network: 2 bytes/s.
    assert collective_time(32, CLUSTER, 4, ASSUMED) == pytest.approx(inside + 32 * 1 / 2 / 2)
    hops = replace(ASSUMED, node_hop=1.0, network_hop=100.0)
    assert collective_time(0, CLUSTER, 8, hops) == pytest.approx(1 + 3 * 100)


def test_a_flow_takes_at_least_its_launches() -> None:
    slow = replace(ASSUMED, launch=20.0, flow_launches=(5, 7), published_launches=(1, 2))
    assert step_time(WORK, CLUSTER, 1, assumed=slow).latents == pytest.approx(20 * (5 + 7 * 3))
    published = step_time(WORK, CLUSTER, 4, assumed=slow, form="published")
    assert published.latents == pytest.approx(20 * (1 + 2 * 3))
    waits = replace(CLUSTER, processor=replace(PROCESSOR, queues=False))
    busy = step_time(WORK, CLUSTER, 1, assumed=ASSUMED).latents
    assert step_time(WORK, waits, 1, assumed=slow).latents == pytest.approx(busy + 520)


def test_memory_of_a_step() -> None:
    memory = step_memory(WORK, 2, assumed=ASSUMED)
    assert memory.state == 5 * 4 * 6
    assert memory.activations == 4 * 7 * 2
    # r m q kept, three copies of the anchors, six strips and r q for each of the block's points.
    assert memory.latents == 4 * (3 * 2 * 2 + 3 * 4 * 2 + 2 * (6 * 4 + 3 * 2))
    published = flows_memory(WORK, 2, assumed=ASSUMED, form="published")
    assert published == 4 * (3 * 2 * 2 + 3 * 4 * 2 + 5 * 2 * 4 * 2)


def test_slices_are_the_fewest_that_fit() -> None:
    two = replace(WORK, networks=(NETWORK, replace(NETWORK, kept=50)))
    least = step_memory(two, 1, assumed=ASSUMED, slices=2)
    assert least.activations == 4 * 50 * 2  # one slice of the larger network
    tight = replace(PROCESSOR, memory=least.total)
    assert slices_that_fit(two, tight, 1, assumed=ASSUMED) == 2
    tiny = replace(PROCESSOR, memory=100.0)
    assert slices_that_fit(two, tiny, 1, assumed=ASSUMED) is None


def test_another_batch_leaves_classes_alone() -> None:
    classes = LatentFlow("align", "alignment", points=4, anchors=10, gathers=False)
    work = replace(WORK, flows=(FLOW, classes)).at_batch(12)
    assert [n.samples for n in work.networks] == [12]
    assert [(f.points, f.anchors) for f in work.flows] == [(12, 12), (12, 10)]


def test_crossings_are_where_one_part_overtakes_the_other() -> None:
    work = replace(WORK, networks=(replace(NETWORK, flops=10_000),))
    for form in ("attention", "published"):
        n = batch_where_latents_overtake(work, CLUSTER, assumed=ASSUMED, form=form)
        assert n is not None
        assert n > 64
        before, at = (
            step_time(work.at_batch(b), CLUSTER, 1, assumed=ASSUMED, form=form) for b in (n - 1, n)
        )
        assert before.latents <= before.networks
        assert at.latents > at.networks


def test_the_largest_batch_is_the_last_that_fits() -> None:
    roomy = replace(PROCESSOR, memory=1e7)
    largest = largest_batch(WORK, roomy, 1, assumed=ASSUMED, form="published")
    fits = [
        slices_that_fit(WORK.at_batch(n), roomy, 1, assumed=ASSUMED, form="published")
        for n in (largest, largest + 1)
    ]
    assert fits[0] is not None
    assert fits[1] is None


def test_gathering_counts_from_the_first_power_of_two_that_reaches_the_share() -> None:
    work = replace(WORK, networks=(replace(NETWORK, flops=100_000),)).at_batch(64)
    shares = {}
    for ranks in (2, 4, 8, 16, 32, 64):
        time = step_time(work, CLUSTER, ranks, assumed=ASSUMED)
        shares[ranks] = time.gather / time.total
    found = ranks_where_gather_counts(work, CLUSTER, assumed=ASSUMED, share=shares[16])
    assert found == 16
    assert ranks_where_gather_counts(work, CLUSTER, assumed=ASSUMED, share=1.0) is None
