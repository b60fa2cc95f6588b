"""The MatMul kernels: every output byte, and the cycles of Table III with one configuration."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .bundle import Run, prepare
from .golden import Array, convolve_3x3, layer_output, unpack

HEIGHT = WIDTH = 16
INPUT_CHANNELS = 32
CHANNELS = 64
K = 9 * INPUT_CHANNELS
OUTPUT_BYTES = HEIGHT * WIDTH * CHANNELS

# Nadalini et al., ISVLSI 2023, Table III: MAC/cycle of Flex-V on eight cores.
TABLE_III = {"a8w8": 26.9, "a8w4": 27.6, "a8w2": 27.8, "a4w4": 50.6, "a4w2": 51.9, "a2w2": 91.5}
PAIRS = tuple(TABLE_III)

# Offsets in struct matmul (firmware/kernels/matmul.h).
BIAS, STEPS, BLOCKS = 4, 16, 20


def widths(pair: str) -> tuple[int, int]:
    return int(pair[1]), int(pair[3])


@cache
def operands(pair: str, image: bytes, weights: bytes) -> tuple[Array, Array]:
    activations, weight = widths(pair)
    return (
        unpack(image, activations, signed=False).reshape(HEIGHT, WIDTH, INPUT_CHANNELS),
        unpack(weights, weight, signed=True).reshape(CHANNELS, 3, 3, INPUT_CHANNELS),
    )


@cache
def golden_sums(pair: str, image: bytes, weights: bytes, use: int) -> Array:
    return convolve_3x3(*operands(pair, image, weights), use=use)


def sums_of(run: Run, use: int = K) -> Array:
    """Exact sums of the operands that the program holds in TCDM."""
    assert run.bundled.pair is not None
    activations, weight = widths(run.bundled.pair)
    image = run.read("workload_input", HEIGHT * WIDTH * INPUT_CHANNELS * activations // 8)
    weights = run.read("workload_weights", CHANNELS * K * weight // 8)
    return golden_sums(run.bundled.pair, image, weights, use)


def shift_of(run: Run) -> int:
    return int.from_bytes(run.read("workload_shift", 4), "little")


@pytest.mark.parametrize("pair", PAIRS)
def test_every_output_byte_equals_the_golden_model(pair: str) -> None:
    run = prepare(f"matmul-{pair}").go()
    expected = layer_output(sums_of(run), 0, shift_of(run))
    assert run.read("output", OUTPUT_BYTES) == expected
    assert run.status == 0
    assert "correct" in run.text
    assert len(set(expected)) > 16, "the layer should not be mostly clipped"


@pytest.mark.parametrize("pair", PAIRS)
def test_table_iii_within_three_percent(pair: str) -> None:
    result = prepare(f"matmul-{pair}").go().result
    assert result["macs"] == HEIGHT * WIDTH * CHANNELS * K
    assert result["macs"] / result["cycles"] == pytest.approx(TABLE_III[pair], rel=0.03)


@pytest.mark.parametrize("pair", PAIRS)
def test_documented_cycles_are_the_measured_ones(pair: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {pair} \| ([\d,]+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert row is not None
    result = prepare(f"matmul-{pair}").go().result
    assert int(row[1].replace(",", "")) == result["cycles"]
    assert row[2] == f"{result['macs'] / result['cycles']:.2f}"


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


@pytest.mark.parametrize("harts", [1, 2, 3, 5, 7, 16])
def test_any_number_of_harts_gives_the_same_output(harts: int) -> None:
    run = prepare("matmul-a2w2", harts=harts).go()
    assert run.status == 0
    assert run.result["harts"] == harts


def test_eight_harts_are_at_least_7_4_times_as_fast_as_one() -> None:
    one, eight = (prepare("matmul-a8w8", harts=harts).go().result["cycles"] for harts in (1, 8))
    assert one / eight >= 7.4


@pytest.mark.parametrize("machine", [{"boot": "cluster"}, {"boot": "cluster", "fc": 0}])
def test_the_same_file_runs_without_a_fabric_controller(machine: dict[str, object]) -> None:
    assert prepare("matmul-a4w2", **machine).go().status == 0


@pytest.mark.parametrize("pair", PAIRS)
def test_kernels_do_not_depend_on_hardware_quirks(pair: str) -> None:
    clean, exact = (prepare(f"matmul-{pair}", quirks=quirks).go() for quirks in ("architectural", "rtl"))
    assert (clean.status, exact.status) == (0, 0)
    assert clean.result["cycles"] == exact.result["cycles"]


def test_a_wrong_output_is_reported() -> None:
    run = prepare("matmul-a2w2")
    run.write_word("workload_weights", 0x55555555)
    assert run.go().status == 1
    assert "WRONG" in run.text


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_bias_shift_reduction_and_channels_are_arguments(pair: str, data: st.DataObject) -> None:
    weight = widths(pair)[1]
    steps = data.draw(st.integers(1, K * weight // 32), label="inner iterations")
    blocks = data.draw(st.integers(1, CHANNELS // 4), label="channel blocks")
    shift = data.draw(st.integers(0, 20), label="shift")
    bias = data.draw(
        st.lists(st.integers(-(1 << 20), 1 << 20), min_size=CHANNELS, max_size=CHANNELS), label="bias"
    )
    run = prepare(f"matmul-{pair}")
    # Behind the last array of the program, where nothing else lies.
    room = run.symbols["rows"] + HEIGHT * WIDTH * K * widths(pair)[0] // 8
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
