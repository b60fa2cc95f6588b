"""The MatMul kernels of every core: each output byte, and the cycles of Table III with one configuration."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg.bench.published import TABLE_III
from flexdbg.bench.table3 import kernel_name
from flexdbg.catalog import bundled_program, bundled_programs

from .bundle import Run, finished, prepare
from .golden import Array, convolve_3x3, layer_output, unpack

HEIGHT = WIDTH = 16
INPUT_CHANNELS = 32
CHANNELS = 64
K = 9 * INPUT_CHANNELS
OUTPUT_BYTES = HEIGHT * WIDTH * CHANNELS

KERNELS = tuple(kernel_name(core, pair) for core, pairs in TABLE_III.items() for pair in pairs)
# What a published figure may differ by, in percent. The two cells of MPIC that lie outside the bar of 5 are
# explained in docs/benchmarks.md, What remains.
BAR = {
    "flexv": dict.fromkeys(TABLE_III["flexv"], 3.0),
    "ri5cy": {"a8w8": 3.0, "a8w4": 10.0, "a8w2": 10.0},
    "mpic": {"a8w8": 5.0, "a8w4": 5.0, "a8w2": 6.5, "a4w4": 5.0, "a4w2": 5.0, "a2w2": 6.5},
    "xpulpnn": {"a8w8": 5.0, "a4w4": 5.0, "a2w2": 5.0, "a8w4": 10.0, "a8w2": 10.0, "a4w2": 10.0},
}
VARIANTS = {program.name: program.variant_of for program in bundled_programs() if program.variant_of}

# Offsets in struct matmul (firmware/kernels/matmul.h).
BIAS, STEPS, BLOCKS, ELEMENTS = 4, 16, 20, 32
# The kernels in C: the ones that stand for published C, and what that C gives on XpulpNN's uniform pairs.
IN_C = tuple(
    name
    for name in (*KERNELS, *VARIANTS)
    if name.endswith(("-ri5cy", "-mpic", "-compiled"))
    or name in ("matmul-a8w4-xpulpnn", "matmul-a8w2-xpulpnn", "matmul-a4w2-xpulpnn")
)
IN_ASSEMBLY = tuple(name for name in (*KERNELS, *VARIANTS) if name not in IN_C)

EVERY_KERNEL = pytest.mark.parametrize("name", KERNELS)
EVERY_PROGRAM = pytest.mark.parametrize("name", [*KERNELS, *VARIANTS])


def pair_of(name: str) -> str:
    return name.split("-")[1]


def core_of(name: str) -> str:
    return bundled_program(name).core


def widths(pair: str) -> tuple[int, int]:
    return int(pair[1]), int(pair[3])


@cache
def golden_sums(pair: str, image: bytes, weights: bytes, use: int) -> Array:
    """Exact sums over the first `use` terms; the layer is the same on every core."""
    activations, weight = widths(pair)
    return convolve_3x3(
        unpack(image, activations, signed=False).reshape(HEIGHT, WIDTH, INPUT_CHANNELS),
        unpack(weights, weight, signed=True).reshape(CHANNELS, 3, 3, INPUT_CHANNELS),
        use=use,
    )


def sums_of(run: Run, use: int = K) -> Array:
    """Exact sums of the operands that the program holds in TCDM."""
    assert run.bundled.pair is not None
    activations, weight = widths(run.bundled.pair)
    image = run.read("workload_input", HEIGHT * WIDTH * INPUT_CHANNELS * activations // 8)
    weights = run.read("workload_weights", CHANNELS * K * weight // 8)
    return golden_sums(run.bundled.pair, image, weights, use)


def behind_the_rows(run: Run) -> int:
    """Address behind the last array of the program, where nothing else lies."""
    assert run.bundled.pair is not None
    padded = K * widths(run.bundled.pair)[0] // 8 + 4
    return run.symbols["rows"] + HEIGHT * WIDTH * padded


def shift_of(run: Run) -> int:
    return int.from_bytes(run.read("workload_shift", 4), "little")


def test_every_cell_of_the_table_has_its_kernel() -> None:
    assert len(KERNELS) == 21
    assert {program.name for program in bundled_programs() if program.pair and not program.variant_of} == set(
        KERNELS
    )
    assert set(VARIANTS.values()) == set(KERNELS)


@EVERY_PROGRAM
def test_every_output_byte_equals_the_golden_model(name: str) -> None:
    loaded = prepare(name)
    expected = layer_output(sums_of(loaded), 0, shift_of(loaded))
    run = finished(name)
    assert run.output == expected
    assert run.status == 0
    assert "correct" in run.text
    assert run.warnings == 0
    assert len(set(expected)) > 16, "the layer should not be mostly clipped"


@EVERY_KERNEL
def test_table_iii(name: str) -> None:
    core, pair = core_of(name), pair_of(name)
    result = finished(name).result
    assert result["macs"] == HEIGHT * WIDTH * CHANNELS * K
    measured = result["macs"] / result["cycles"]
    assert measured == pytest.approx(TABLE_III[core][pair], rel=BAR[core][pair] / 100)


def test_our_fast_kernels_beat_the_faithful_and_the_published_ones() -> None:
    for name in (name for name in VARIANTS if name.endswith("-fast")):
        cycles = finished(name).result["cycles"]
        assert cycles < finished(VARIANTS[name]).result["cycles"]
        assert finished(name).result["macs"] / cycles > TABLE_III[core_of(name)][pair_of(name)]


def test_result_block_describes_the_run() -> None:
    run = prepare("matmul-a2w2").go()
    result = run.result
    assert result["harts"] == 8
    assert result["checksum"] == result["expected"]
    assert (result["output"], result["output_bytes"]) == (run.symbols["output"], OUTPUT_BYTES)
    words = np.frombuffer(run.read("output", OUTPUT_BYTES), "<u4").astype(np.uint64)
    assert result["checksum"] == int((words * (2 * np.arange(words.size, dtype=np.uint64) + 1)).sum()) % (
        1 << 32
    )


@pytest.mark.parametrize("harts", [1, 2, 3, 4, 5, 6, 7, 16])
def test_any_number_of_harts_gives_the_same_output(harts: int) -> None:
    """Each number on one kernel of every core, each time another one."""
    for core, pairs in TABLE_III.items():
        name = kernel_name(core, list(pairs)[harts % len(pairs)])
        run = prepare(name, harts=harts).go()
        assert run.status == 0
        assert run.result["harts"] == harts
        assert run.read("output", OUTPUT_BYTES) == finished(name).output


@pytest.mark.parametrize(
    "name", ["matmul-a8w8", "matmul-a8w8-ri5cy", "matmul-a2w2-mpic", "matmul-a8w4-xpulpnn"]
)
def test_eight_harts_are_at_least_7_4_times_as_fast_as_one(name: str) -> None:
    one = prepare(name, harts=1).go().result["cycles"]
    assert one / finished(name).result["cycles"] >= 7.4


@pytest.mark.parametrize("machine", [{"boot": "cluster"}, {"boot": "cluster", "fc": 0}])
def test_the_same_file_runs_without_a_fabric_controller(machine: dict[str, object]) -> None:
    assert prepare("matmul-a4w2", **machine).go().status == 0


@EVERY_KERNEL
def test_kernels_do_not_depend_on_hardware_quirks(name: str) -> None:
    exact = prepare(name, quirks="rtl").go()
    assert exact.status == 0
    assert exact.result["cycles"] == finished(name).result["cycles"]


@pytest.mark.parametrize("name", ["matmul-a2w2", "matmul-a8w4-xpulpnn", "matmul-a8w2-ri5cy"])
def test_a_wrong_output_is_reported(name: str) -> None:
    run = prepare(name)
    run.write_word("workload_weights", 0x55555555)
    assert run.go().status == 1
    assert "WRONG" in run.text


@pytest.mark.parametrize("name", IN_ASSEMBLY)
@settings(max_examples=1, deadline=None)
@given(data=st.data())
def test_bias_shift_reduction_and_channels_are_arguments(name: str, data: st.DataObject) -> None:
    _, weight = widths(pair_of(name))
    steps = data.draw(st.integers(1, K * weight // 32), label="inner iterations")
    blocks = data.draw(st.integers(1, CHANNELS // 4), label="channel blocks")
    shift = data.draw(st.integers(0, 20), label="shift")
    bias = data.draw(
        st.lists(st.integers(-(1 << 20), 1 << 20), min_size=CHANNELS, max_size=CHANNELS), label="bias"
    )
    run = prepare(name)
    room = behind_the_rows(run)
    run.cluster.write_memory(room, np.array(bias, "<i4").tobytes())
    run.write_word("layer", room, BIAS)
    run.write_word("layer", steps, STEPS)
    run.write_word("layer", blocks, BLOCKS)
    run.write_word("workload_shift", shift)
    run.go()
    expected = layer_output(sums_of(run, use=steps * 32 // weight), np.array(bias, np.int64), shift)
    output = np.frombuffer(run.read("output", OUTPUT_BYTES), np.uint8).reshape(-1, CHANNELS)
    golden = np.frombuffer(expected, np.uint8).reshape(-1, CHANNELS)
    assert np.array_equal(output[:, : 4 * blocks], golden[:, : 4 * blocks])


@pytest.mark.parametrize("name", IN_C)
@settings(max_examples=1, deadline=None)
@given(data=st.data())
def test_kernels_in_c_finish_what_is_left_of_k(name: str, data: st.DataObject) -> None:
    """Rows and filters are dense here, so with another K they begin elsewhere, at any byte."""
    activations, weight = widths(pair_of(name))
    unit = 32 // weight if core_of(name) == "mpic" else 8 // weight
    k = unit * data.draw(st.integers(1, K // unit), label="K in units")
    bias = data.draw(st.lists(st.integers(-5000, 5000), min_size=CHANNELS, max_size=CHANNELS), label="bias")
    run = prepare(name)
    room = behind_the_rows(run)
    run.cluster.write_memory(room, np.array(bias, "<i4").tobytes())
    run.write_word("layer", room, BIAS)
    run.write_word("layer", k, ELEMENTS)
    run.go()
    row_bytes, call_pixels = K * activations // 8, 4 if core_of(name) == "xpulpnn" else 2
    rows = unpack(run.read("rows", HEIGHT * WIDTH * row_bytes), activations, signed=False)
    filters = unpack(run.read("workload_weights", CHANNELS * K * weight // 8), weight, signed=True)[
        : CHANNELS * k
    ]
    pixels = np.arange(HEIGHT * WIDTH)
    starts = pixels // call_pixels * call_pixels * K + pixels % call_pixels * k
    sums = rows[starts[:, None] + np.arange(k)] @ filters.reshape(CHANNELS, k).T
    expected = layer_output(sums, np.array(bias, np.int64), shift_of(run))
    assert run.read("output", OUTPUT_BYTES) == expected
