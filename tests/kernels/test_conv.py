"""Convolutions of every core, width, sign and requantization path: each output byte against a NumPy model."""

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg.catalog import bundled_program, bundled_programs
from flexdbg.errors import LayerError
from flexdbg.layers import PATHS, Conv, LayerResult, Library, load_bundled, pack_params, run_layer
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig

from .bundle import Run, prepare
from .golden import unpack
from .golden_conv import Array, Parameters, convolve, limits, pack, requantize

CORES = ("flexv", "xpulpnn", "mpic", "ri5cy")
WIDTHS = (8, 4, 2)
# tests/sweep.py asks for more.
EXAMPLES = int(os.environ.get("FLEXDBG_SWEEP", "150"))
# The library's own ways; the published kernels have narrower constraints.
OWN_PATHS = [path for path in PATHS if path != "bn64_published"]
# Where compiled C stands for the published kernel: pairs of activations, as im2col leaves them, and weights.
PUBLISHED = {
    "ri5cy": ("a8w8", "a8w4", "a8w2", "a4w4", "a4w2", "a2w2"),
    "mpic": ("a8w8", "a8w4", "a8w2", "a4w4", "a4w2", "a2w2"),
    "xpulpnn": ("a8w4", "a8w2", "a4w2"),
    "flexv": (),
}
BUNDLED = [program.name for program in bundled_programs() if program.family]
EVERY_CORE = pytest.mark.parametrize("core", CORES)


def operands(layer: Conv, seed: int) -> tuple[Array, Array, Parameters]:
    """Uniform tensors over the whole ranges; factors that sometimes overflow."""
    random = np.random.default_rng(seed)
    low, high = limits(layer.in_format)
    image = random.integers(low, high, layer.input, endpoint=True)
    low, high = limits(f"i{layer.weight_bits}")
    filters = random.integers(low, high, (layer.out_channels, *layer.kernel, layer.input[2]), endpoint=True)
    count, wide = layer.out_channels, layer.path.startswith("bn64")
    size = int(random.choice([8, 16, 40 if wide else 30]))
    far = 1 << (size + 20 if wide else size)
    parameters = Parameters(
        path=layer.path,
        shift=layer.shift,
        multiplier=layer.multiplier,
        bias=random.integers(-(1 << 14), 1 << 14, count),
        kappa=random.integers(-(1 << size), 1 << size, count),
        offset=random.integers(-far, far, count),
    )
    return image, filters, parameters


def check(
    layer: Conv, core: str, *, harts: int = 8, seed: int = 0, warm_up: bool = False, **machine: object
) -> LayerResult:
    """Run a layer on random operands and compare every byte."""
    image, filters, parameters = operands(layer, seed)
    columns = {"bias": parameters.bias.tolist()}
    if layer.path.startswith("bn"):
        columns |= {"kappa": parameters.kappa.tolist(), "offset": parameters.offset.tolist()}
    config = ClusterConfig().changed({"harts": harts, **machine})
    result = run_layer(
        layer,
        pack(image, int(layer.in_format[1:])),
        pack(filters, layer.weight_bits),
        pack_params(layer, **columns),
        core=core,
        config=config,
        warm_up=warm_up,
    )
    sums = convolve(image, filters, layer.stride, layer.padding)
    expected = pack(requantize(sums, parameters, layer.out_format), int(layer.out_format[1:]))
    assert result.output == expected
    assert result.macs == sums.size * layer.taps
    assert result.cluster.take_warnings() == []
    return result


@st.composite
def layers(draw: st.DrawFn, core: str) -> Conv:
    """Any layer within the constraints, small enough to run many."""
    in_bits, weight_bits, out_bits = (draw(st.sampled_from(WIDTHS)) for _ in range(3))
    kernel = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    padding = tuple(draw(st.integers(0, side - 1)) for side in (kernel[0], kernel[0], kernel[1], kernel[1]))
    height = draw(st.integers(max(1, kernel[0] - padding[0] - padding[1]), 9))
    width = draw(st.integers(max(1, kernel[1] - padding[2] - padding[3]), 9))
    channels = 8 // min(in_bits, weight_bits) * draw(st.integers(1, 10))
    path = draw(st.sampled_from(OWN_PATHS))
    return Conv(
        input=(height, width, channels),
        out_channels=8 // out_bits * draw(st.integers(1, 14 if out_bits == 8 else 5)),
        kernel=kernel,
        stride=(draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        padding=padding,
        in_format=f"{draw(st.sampled_from('ui'))}{in_bits}",
        weight_bits=weight_bits,
        out_format=f"{draw(st.sampled_from('ui'))}{out_bits}",
        path=path,
        shift=draw(st.integers(0, 31)),
        multiplier=draw(st.integers(-(1 << 15), (1 << 15) - 1)),
        unroll=draw(st.sampled_from((0, 2, 4))) if core == "flexv" else 0,
    )


@EVERY_CORE
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_any_layer(core: str, data: st.DataObject) -> None:
    layer = data.draw(layers(core))
    check(layer, core, harts=data.draw(st.integers(1, 8)), seed=data.draw(st.integers(0, 999)))


@st.composite
def published_layers(draw: st.DrawFn, core: str) -> Conv:
    """Any layer within the constraints of the published kernels."""
    pair = draw(st.sampled_from(PUBLISHED[core]))
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    return Conv(
        input=(
            draw(st.integers(kernel[0], 7)),
            draw(st.integers(kernel[1], 7)),
            16 * draw(st.integers(1, 4)),
        ),
        out_channels=4 * draw(st.integers(1, 10)),
        kernel=kernel,
        padding=tuple(
            draw(st.integers(0, side - 1)) for side in (kernel[0], kernel[0], kernel[1], kernel[1])
        ),
        in_format=f"u{pair[1]}",
        weight_bits=int(pair[3]),
        path="bn64_published",
        shift=draw(st.integers(0, 31)),
    )


@pytest.mark.parametrize("core", [core for core, pairs in PUBLISHED.items() if pairs])
@settings(max_examples=max(EXAMPLES // 5, 20))
@given(data=st.data())
def test_published_kernels_in_any_layer(core: str, data: st.DataObject) -> None:
    layer = data.draw(published_layers(core))
    check(layer, core, harts=data.draw(st.integers(1, 8)), seed=data.draw(st.integers(0, 999)))


@EVERY_CORE
def test_published_kernels_name_what_they_cannot_do(core: str) -> None:
    layer = Conv((4, 4, 16), 8, path="bn64_published", weight_bits=4)
    wrong = [replace(layer, out_format="u4"), replace(layer, in_format="i8"), replace(layer, out_channels=6)]
    message = "published kernels take"
    if not PUBLISHED[core]:
        wrong, message = [layer], "no published kernel"
    for refused in wrong:
        with pytest.raises(LayerError, match=message):
            check(refused, core)


@EVERY_CORE
@pytest.mark.parametrize("pixels", [1, 2, 3, 5, 9, 17, 30])
def test_images_with_fewer_pixel_groups_than_harts_are_shared_by_channels(core: str, pixels: int) -> None:
    for channels, form in ((3, "u8"), (4, "i8"), (30, "u8"), (34, "u4"), (64, "u2")):
        for harts in (3, 8, 16):
            layer = Conv((1, pixels, 8), channels, (1, 1), out_format=form, path="bn32", shift=7)
            check(layer, core, harts=harts, seed=pixels)


@EVERY_CORE
def test_eight_harts_share_a_layer_of_one_pixel(core: str) -> None:
    layer = Conv((1, 1, 256), out_channels=256, path="bn32", shift=12)
    one, eight = (check(layer, core, harts=harts, warm_up=True).cycles for harts in (1, 8))
    assert one / eight > 6


@EVERY_CORE
@pytest.mark.parametrize("signs", ["uu", "ui", "iu", "ii"])
def test_every_permutation_of_widths(core: str, signs: str) -> None:
    for index, (in_bits, weight_bits, out_bits) in enumerate(np.ndindex(3, 3, 3)):
        layer = Conv(
            (4, 5, 8),
            out_channels=8,
            kernel=(3, 3),
            padding=(1, 1, 1, 1),
            in_format=f"{signs[0]}{WIDTHS[in_bits]}",
            weight_bits=WIDTHS[weight_bits],
            out_format=f"{signs[1]}{WIDTHS[out_bits]}",
            path=OWN_PATHS[index % len(OWN_PATHS)],
            shift=10,
            multiplier=13,
        )
        check(layer, core, seed=index)


@EVERY_CORE
def test_every_path_in_every_output_format(core: str) -> None:
    for path in OWN_PATHS:
        for form in ("u8", "i8", "u4", "i4", "u2", "i2"):
            layer = Conv((3, 3, 16), 12, weight_bits=4, out_format=form, path=path, shift=9, multiplier=-77)
            check(layer, core)


@EVERY_CORE
@pytest.mark.parametrize("pixels", range(1, 10))
def test_leftover_pixels_of_every_residue_in_one_row(core: str, pixels: int) -> None:
    check(Conv((1, pixels, 4), out_channels=8, kernel=(1, 3), padding=(0, 0, 1, 1), shift=6), core, harts=2)


@EVERY_CORE
@pytest.mark.parametrize("channels", range(1, 10))
def test_leftover_channels_of_every_residue(core: str, channels: int) -> None:
    check(Conv((3, 3, 8), out_channels=channels, kernel=(2, 2), shift=7, path="bn32"), core)


@EVERY_CORE
@pytest.mark.parametrize("channels", range(4, 68, 4))
def test_every_tail_of_k(core: str, channels: int) -> None:
    for in_format, weight_bits in (("u8", 2), ("i4", 2), ("u2", 8)):
        layer = Conv((2, 2, channels), 4, in_format=in_format, weight_bits=weight_bits, shift=5)
        check(layer, core)


@EVERY_CORE
def test_any_number_of_harts_and_no_dependence_on_quirks(core: str) -> None:
    layer = Conv(
        (7, 6, 12),
        10,
        (3, 2),
        padding=(2, 0, 0, 1),
        in_format="i4",
        weight_bits=2,
        out_format="i4",
        path="bn64",
        shift=12,
    )
    for harts in (*range(1, 9), 16):
        check(layer, core, harts=harts)
    assert check(layer, core).cycles == check(layer, core, quirks="rtl").cycles


@EVERY_CORE
def test_pixels_of_the_output_may_lie_apart(core: str) -> None:
    """So that a tile of channels is written into the whole tensor."""
    dense = Conv((3, 5, 8), out_channels=6, kernel=(3, 3), padding=(1, 1, 1, 1), shift=8)
    apart = replace(dense, out_stride=10)
    image, filters, parameters = operands(dense, 3)
    tensors = (pack(image, 8), pack(filters, 8), pack_params(dense, bias=parameters.bias.tolist()))
    expected, spread = (run_layer(layer, *tensors, core=core).output for layer in (dense, apart))
    assert b"".join(spread[i * 10 : i * 10 + 6] for i in range(15)) == expected
    assert all(spread[i * 10 + 6 : i * 10 + 10] == bytes(4) for i in range(14))


GOOD = Conv((4, 4, 8), out_channels=8, kernel=(3, 3), padding=(1, 1, 1, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input": (4, 4, 3), "in_format": "u4"}, "input channels must fill whole bytes"),
        ({"input": (4, 4, 3), "weight_bits": 4}, "input channels must fill whole bytes of weights"),
        ({"out_channels": 6, "out_format": "i2"}, "output channels must fill whole bytes"),
        ({"out_channels": 0}, "no output channels"),
        ({"weight_bits": 5}, "widths must be 8, 4 or 2 bits"),
        ({"in_format": "u16"}, "widths must be 8, 4 or 2 bits"),
        ({"kernel": (9, 3)}, "output size does not follow"),
        ({"padding": (3, 1, 1, 1)}, "padding must be smaller than the kernel"),
        ({"shift": 32}, "shift must be 0..31"),
        ({"path": "relu", "multiplier": 40000}, "multiplier must fit 16 bits"),
        ({"unroll": 3}, "unroll must be 4 or 2"),
        ({"out_stride": 4}, "out_stride is smaller than a pixel"),
        ({"path": "softmax"}, "unknown path 'softmax'"),
        ({"in_format": "f8"}, "unknown format 'f8'"),
        ({"input": (64, 64, 64)}, "bytes of TCDM"),
    ],
)
def test_a_layer_outside_the_constraints_is_refused(change: dict[str, object], message: str) -> None:
    layer = replace(GOOD, **change)
    with pytest.raises(LayerError, match=message):
        run_layer(
            layer,
            bytes(layer.input_bytes),
            bytes(layer.out_channels * layer.filter_bytes),
            pack_params(layer, bias=[0] * layer.out_channels),
        )


@pytest.mark.parametrize("core", ["mpic", "ri5cy"])
def test_cores_without_a_4x4_kernel_say_so(core: str) -> None:
    with pytest.raises(LayerError, match="no kernel with that unrolling"):
        check(replace(GOOD, unroll=4), core)


def test_the_library_itself_refuses_with_status_2_and_one_line() -> None:
    library = Library("flexv")
    layer = replace(GOOD, shift=40)
    cluster = Cluster(ClusterConfig())
    cluster.load_program(library.program)
    cluster.load(library.job_address, library.job(layer, library.place(layer, cluster.config)))
    cluster.run(1_000_000)
    assert cluster.exit_status == 2
    assert [data for _, data in cluster.take_output()] == [b"layers: shift must be 0..31\n"]


def test_tensors_of_the_wrong_size_are_refused() -> None:
    with pytest.raises(LayerError, match="input: 5 bytes, the layer has 128"):
        run_layer(GOOD, bytes(5), bytes(576), bytes(32))
    with pytest.raises(LayerError, match="needs 3 parameters for 8 channels"):
        pack_params(replace(GOOD, path="bn32"), bias=[0] * 8)
    with pytest.raises(LayerError, match="no layer library for core 'rocket'"):
        Library("rocket")


def golden_of_bundled(run: Run) -> bytes:
    """Output of a bundled layer from the operands that the program left in memory."""
    assert run.bundled.layer is not None
    layer = Conv(**run.bundled.layer)
    place = Library(run.bundled.core).place(layer, run.cluster.config)
    data = run.cluster.read_memory(place.input, layer.input_bytes)
    image = unpack(data, int(layer.in_format[1:]), signed=False).reshape(layer.input)
    data = run.cluster.read_memory(place.weights, layer.out_channels * layer.filter_bytes)
    filters = unpack(data, layer.weight_bits, signed=True).reshape(layer.out_channels, 3, 3, -1)
    data = run.cluster.read_memory(place.params, 12 * layer.out_channels)
    bias, kappa, offset = np.frombuffer(data, "<i4").astype(np.int64).reshape(-1, 3).T
    sums = convolve(image, filters, (1, 1), (1, 1, 1, 1))
    parameters = Parameters("bn32", layer.shift, 1, bias, kappa, offset)
    return pack(requantize(sums, parameters, layer.out_format), int(layer.out_format[1:]))


@pytest.mark.parametrize("name", [name for name in BUNDLED if EXAMPLES > 150 or name.count("-") == 1])
def test_bundled_layers_are_correct(name: str) -> None:
    run = prepare(name).go()
    assert run.status == 0
    assert "correct" in run.text
    result = run.result
    assert result["macs"] == 4_718_592
    output = run.cluster.read_memory(result["output"], result["output_bytes"])
    assert output == golden_of_bundled(run)
    assert len(set(output)) > 8, "the layer should not be mostly clipped"


def test_there_is_a_bundled_layer_for_every_core_and_permutation() -> None:
    assert len(BUNDLED) == len(CORES) * 27


def test_a_wrong_output_of_a_bundled_layer_is_reported() -> None:
    program = load_bundled(bundled_program("conv-a4w4o4"), shift=3)
    cluster = Cluster(ClusterConfig())
    cluster.load_program(program)
    cluster.run(10_000_000)
    assert cluster.exit_status == 1
    assert b"WRONG" in b"".join(data for _, data in cluster.take_output())


def cycles(name: str, harts: int = 8, **changes: object) -> int:
    bundled = bundled_program(name)
    config = ClusterConfig().changed({"core": bundled.core, "harts": harts})
    cluster = Cluster(config)
    cluster.load_program(load_bundled(bundled, config, **changes))
    cluster.run(100_000_000)
    assert cluster.exit_status == 0
    return cluster.read_word(Library(bundled.core).result_address + 8)


@EVERY_CORE
@pytest.mark.parametrize("permutation", ["a8w8o8", "a4w2o4"])
def test_eight_harts_are_at_least_7_4_times_as_fast_as_one(core: str, permutation: str) -> None:
    name = f"conv-{permutation}" + ("" if core == "flexv" else f"-{core}")
    assert cycles(name, harts=1) / cycles(name) >= 7.4


def test_the_published_peak_of_figure_7() -> None:
    """38.2 MAC/cycle with 64-bit requantization out of line; inlined and in 32 bits it is far higher."""
    macs = 4_718_592
    assert macs / cycles("conv-a2w2o2", path="bn64_call") == pytest.approx(38.2, rel=0.05)
    assert macs / cycles("conv-a2w2o2") > 60


def test_the_peak_of_the_xpulpv2_kernels() -> None:
    """16 MAC/cycle: Bruschi et al., Computing Frontiers 2020."""
    assert 4_718_592 / cycles("conv-a8w8o8-ri5cy") == pytest.approx(16, rel=0.03)
