"""The networks on the cluster, against the golden model, from the parameters that travel with the sources."""

import json
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from . import golden_layers as golden
from .bundle import Run, prepare
from .golden_layers import Add, Format, Pads, Requantization

NETWORKS = Path(__file__).parents[2] / "firmware" / "networks"
VARIANTS = ("a8w8", "a4w4", "a4w2", "a2w2")
U8 = Format(8, False)


@pytest.fixture(scope="module", autouse=True)
def network_modules() -> Iterator[None]:
    """The scripts beside the parameters import each other by their plain names."""
    added = [str(NETWORKS), str(NETWORKS.parent / "kernels")]
    sys.path[:0] = added
    yield
    for place in added:
        sys.path.remove(place)


def golden_tensors(network, image: np.ndarray) -> dict[str, np.ndarray]:
    """Every tensor of a network, computed by the golden model; `network` gives names and parameters only."""
    values = {network.input: image.astype(np.int64)}
    for layer in network.layers:
        inputs = [values[name] for name in layer.inputs]
        output = Format(network.tensors[layer.output].bits, False)
        shape = layer.geometry
        if layer.kind == "convolution":
            weights = layer.weights.astype(np.int64)
            pads = Pads(shape.pad, shape.pad, shape.pad, shape.pad)
            sums = golden.convolution(inputs[0], weights, 0, (shape.stride, shape.stride), pads)
            rule = Requantization("bn", layer.shift, 1, layer.kappa.astype(int), layer.lambda_.astype(int))
            result = rule.apply(sums, output)
        elif layer.kind == "depthwise":
            pads = Pads(shape.pad, shape.pad, shape.pad, shape.pad)
            weights = layer.weights.astype(np.int64)
            sums = golden.depthwise(inputs[0], weights, 0, (shape.stride, shape.stride), pads)
            rule = Requantization("bn", layer.shift, 1, layer.kappa.astype(int), layer.lambda_.astype(int))
            result = rule.apply(sums, output)
        elif layer.kind == "max_pool":
            size = (shape.kernel, shape.kernel)
            result = golden.max_pool(inputs[0], size, (shape.stride, shape.stride), Pads())
        elif layer.kind == "linear":
            result = golden.linear(
                inputs[0].reshape(-1), layer.weights.astype(np.int64), layer.bias.astype(int)
            )
            result = result[None, None]
        elif layer.kind == "add":
            first, second, out = layer.factors.first, layer.factors.second, layer.factors.out
            how = Add((first[0], second[0]), (first[1], second[1]), (first[2], second[2]), out)
            formats = tuple(Format(network.tensors[name].bits, False) for name in layer.inputs)
            result = golden.add(tuple(inputs), formats, how, output)
        else:
            rule = (int(layer.kappa), layer.shift, int(layer.lambda_))
            size = (shape.kernel, shape.kernel)
            source = Format(network.tensors[layer.inputs[0]].bits, False)
            result = golden.average_pool(
                inputs[0], source, size, (shape.stride, shape.stride), Pads(), rule, output
            )
        values[layer.output] = result
    return values


@cache
def digits_scores(variant: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores [n, 10] of the golden model for the first held-back images, and the labels."""
    import digits

    network = digits.load(variant)
    images, labels = digits.held_back(variant)
    scores = []
    for image in images[:count]:
        padded = np.zeros((8, 8, digits.INPUT_CHANNELS), np.int64)
        padded[..., 0] = image
        scores.append(golden_tensors(network, padded)[network.output][0, 0])
    return np.array(scores), labels[:count]


def right_answers(text: str) -> int:
    return int(text.split(" of ")[0].split()[-1])


@pytest.mark.slow
def test_digits_get_the_accuracy_of_the_golden_model_on_all_held_back_images() -> None:
    scores, labels = digits_scores("a4w2", 360)
    run = prepare("digits-a4w2").go()
    assert run.status == 0, run.text
    assert right_answers(run.text) == int((scores.argmax(axis=1) == labels).sum())
    total = sum(
        int((row.astype(np.uint32).astype(np.uint64) * (2 * np.arange(10, dtype=np.uint64) + 1)).sum())
        * (2 * i + 1)
        for i, row in enumerate(scores)
    )
    assert run.result["checksum"] == total % (1 << 32)
    assert run.cluster.take_warnings() == []
    page = (NETWORKS.parents[1] / "docs" / "networks.md").read_text(encoding="utf-8")
    assert run.text.splitlines()[0] in page


@pytest.mark.parametrize("variant", VARIANTS)
def test_digits_get_the_accuracy_of_the_golden_model(variant: str) -> None:
    count = 60
    run = prepare(f"digits-{variant}")
    run.write_word("digits_limit", count)
    run.go()
    scores, labels = digits_scores(variant, count)
    assert right_answers(run.text) == int((scores.argmax(axis=1) == labels).sum())
    assert run.cluster.take_warnings() == []


@pytest.mark.parametrize("harts", [1, 3])
@pytest.mark.parametrize("variant", VARIANTS)
def test_digits_answer_alike_on_any_number_of_harts(variant: str, harts: int) -> None:
    run = prepare(f"digits-{variant}", harts=harts)
    run.write_word("digits_limit", 5)
    run.go()
    scores, labels = digits_scores(variant, 5)
    assert right_answers(run.text) == int((scores.argmax(axis=1) == labels).sum())
    output = run.cluster.read_memory(run.cluster.read_word(run.symbols["network_output"]), 40)
    assert np.array_equal(np.frombuffer(output, "<i4"), scores[-1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_digits_training_reached_a_real_accuracy(variant: str) -> None:
    import digits
    import network

    images, labels = digits.held_back(variant)
    padded = np.zeros((*images.shape, digits.INPUT_CHANNELS), np.int64)
    padded[..., 0] = images
    scores = network.run(digits.load(variant), padded)["scores"][:, 0, 0]
    assert (scores.argmax(axis=1) == labels).mean() > 0.98


@cache
def resnet():
    import resnet20

    network = resnet20.build()
    return network, golden_tensors(network, resnet20.image())


def test_resnet20_has_the_work_of_the_published_network() -> None:
    network, _ = resnet()
    assert network.macs == 40_813_184


@pytest.mark.parametrize("harts", [8, 5])
def test_resnet20_equals_the_golden_model(harts: int) -> None:
    network, values = resnet()
    run = prepare("resnet20-a4w2", harts=harts).go()
    assert run.status == 0, run.text
    output = run.cluster.read_memory(run.result["output"], 40)
    assert np.array_equal(np.frombuffer(output, "<i4"), values[network.output][0, 0])
    assert run.cluster.take_warnings() == []


@cache
def separable():
    import separable as module

    network = module.build()
    return network, golden_tensors(network, module.image())


def assert_every_image_in_l2(run: Run, network, values: dict[str, np.ndarray]) -> None:
    """Every layer's output against the golden model, where a tiled program leaves it."""
    place = run.symbols["network_images"]
    for name, tensor in network.tensors.items():
        if name == network.input:
            continue
        expected = (
            values[name].astype("<i4").tobytes()
            if tensor.bits == 32
            else golden.pack(values[name], tensor.bits)
        )
        assert run.cluster.read_memory(place, len(expected)) == expected, name
        place += (tensor.size + 7) // 8 * 8
    assert run.cluster.take_warnings() == []


def test_streamed_resnet20_equals_the_golden_model_in_every_layer() -> None:
    network, values = resnet()
    run = prepare("resnet20-a4w2-tiled").go()
    assert run.status == 0, run.text
    assert_every_image_in_l2(run, network, values)


@pytest.mark.parametrize("harts", [8, 3])
def test_streamed_depthwise_and_pointwise_layers_equal_the_golden_model(harts: int) -> None:
    network, values = separable()
    run = prepare("separable-a4w4-tiled", harts=harts).go()
    assert run.status == 0, run.text
    assert_every_image_in_l2(run, network, values)


def test_that_network_is_cut_in_all_ways() -> None:
    import program
    import tiles

    network, _ = separable()
    budget = program.STREAM_BUDGET["separable-a4w4"]
    ways = set()
    for layer in network.layers:
        shape, output = tiles.solve(layer, network.tensors, budget), network.tensors[layer.output]
        assert shape.bytes <= budget
        sides = (
            ("rows", output.height > shape.rows),
            ("columns", output.width > shape.columns),
            ("channels", output.channels > shape.channels),
        )
        ways |= {(layer.kind, name) for name, cut in sides if cut}
    for kind in ("convolution", "depthwise"):
        assert {(kind, "rows"), (kind, "columns"), (kind, "channels")} <= ways, kind
    assert {("max_pool", "rows"), ("max_pool", "columns")} <= ways


def bytes_of(transfer, lines_of: int) -> np.ndarray:
    """Offsets of the bytes in L2 that a DMA command moves, from the place of its symbol."""
    size = transfer.tcdm.size
    if not transfer.count:
        return transfer.external.offset + np.arange(size)
    lines = np.arange(size // transfer.count)[:, None] * transfer.stride
    assert size % transfer.count == 0 and lines.size == size // transfer.count >= lines_of
    return (transfer.external.offset + lines + np.arange(transfer.count)).reshape(-1)


@pytest.mark.parametrize("budget", [3, 5, 8, 24])
def test_stores_write_every_byte_of_every_image_once(budget: int) -> None:
    import deploy

    network, _ = separable()
    plan = deploy.deploy(network, budget=budget * 1024, stream=True)
    written = np.zeros(plan.l2_bytes, int)
    for step in plan.steps:
        for store in step.stores:
            places = bytes_of(store, 2)
            written[places] += 1
            area = store.external_area
            assert area.start <= places.min() and places.max() < area.start + area.size
    place = 0
    for name, tensor in network.tensors.items():
        if name != network.input:
            assert (written[place : place + tensor.size] == 1).all(), name
            place += (tensor.size + 7) // 8 * 8


@pytest.mark.parametrize(("made", "budget"), [(resnet, 16), (resnet, 32), (separable, 5), (separable, 12)])
def test_no_transfer_meets_a_buffer_in_use(made, budget: int) -> None:
    import deploy

    network, _ = made()
    steps = deploy.deploy(network, budget=budget * 1024, stream=True).steps
    for before, step in pairwise(steps):
        # These may run while the step before computes, and while what the one before that made is stored.
        for load in step.early:
            assert not any(load.tcdm.meets(area) for area in [*before.reads, *before.writes])
            for store in before.stores:
                assert load.external_area is None or not load.external_area.meets(store.external_area)
    assert all(
        area.start + area.size <= budget * 1024 for step in steps for area in [*step.reads, *step.writes]
    )


def test_every_output_is_computed_once_whatever_the_budget() -> None:
    import tiles

    network, _ = resnet()
    chosen = (*network.layers[:4], *network.layers[10:14], *network.layers[-2:])
    cases = [(network, layer, budget) for layer in chosen for budget in (14, 64)]
    network, _ = separable()
    cases += [(network, layer, budget) for layer in network.layers for budget in (4, 12)]
    for network, layer, budget in cases:
        output = network.tensors[layer.output]
        seen = np.zeros((output.height, output.width, output.channels), int)
        for tile in tiles.solve(layer, network.tensors, budget * 1024).tiles():
            rows = slice(tile.first_row, tile.first_row + tile.rows)
            columns = slice(tile.first_column, tile.first_column + tile.columns)
            seen[rows, columns, tile.first_channel : tile.first_channel + tile.channels] += 1
        assert (seen == 1).all()


def test_a_budget_that_is_too_small_is_named() -> None:
    import deploy

    network, _ = resnet()
    with pytest.raises(ValueError, match=r"layer conv1 needs \d+ bytes of TCDM, there are 2048"):
        deploy.deploy(network, budget=2048, stream=True)


def test_catalogue_lists_the_networks() -> None:
    catalogue = json.loads((NETWORKS.parent / "prebuilt" / "catalog.json").read_text(encoding="utf-8"))
    names = {program["name"] for program in catalogue["programs"]}
    assert {
        "resnet20-a4w2",
        "resnet20-a4w2-tiled",
        "separable-a4w4-tiled",
        *(f"digits-{variant}" for variant in VARIANTS),
    } <= names
