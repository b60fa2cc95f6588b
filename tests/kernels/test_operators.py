"""Linear, depthwise, add and pooling layers against the golden model, over random formats and shapes."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import golden_layers as golden
from .golden_layers import Format, Pads, Requantization
from .operator_rig import Refused, Rig, format_words, record_bytes, window_words

CORES = ("ri5cy", "xpulpnn", "mpic", "flexv")
EVERY_CORE = pytest.mark.parametrize("core", CORES)
# A sweep for the night: FLEXDBG_SWEEP=5000 python -m pytest tests/kernels/test_operators.py
EXAMPLES = int(os.environ.get("FLEXDBG_SWEEP", "30"))
RANDOM_LAYERS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
PATHS = ("shift", "relu", "bn32", "bn64")

formats = st.builds(Format, st.sampled_from([8, 4, 2]), st.booleans())
harts = st.sampled_from([8, 8, 5, 1])
seeds = st.integers(0, 2**32 - 1)


def uniform(rng: np.random.Generator, form: Format, *shape: int) -> np.ndarray:
    """Full-range values; the extremes come up often."""
    values = rng.integers(form.low, form.high + 1, shape)
    extremes = rng.choice([form.low, form.high], shape)
    return np.where(rng.random(shape) < 0.2, extremes, values)


def requantization(
    rng: np.random.Generator, path: str, channels: int, largest: int, output: Format
) -> tuple[Requantization, np.ndarray, bytes]:
    """A rule that spreads sums up to `largest` over the output range; the bias; the records."""
    bias = rng.integers(-largest // 2, largest // 2 + 1, channels)
    kappa = rng.integers(1, 256, channels)
    lambda_ = rng.integers(-64 * largest, 64 * largest + 1, channels)
    if path == "bn64":
        kappa, lambda_ = kappa << 20, lambda_ << 20
    spread = {"shift": 1, "relu": 181, "bn32": 128, "bn64": 128 << 20}[path]
    shift = int(min(31, max(0, (largest * spread // 3).bit_length() - output.bits)))
    multiplier = 181 if path == "relu" else 1
    records = record_bytes(path, bias, kappa, lambda_)
    rule = Requantization(
        path[:2] if path.startswith("bn") else path, shift, multiplier, kappa, lambda_, path == "bn64"
    )
    return rule, bias, records


def rule_words(path: str, rule: Requantization, params: int) -> list[int]:
    return [PATHS.index(path), rule.shift, rule.multiplier, params]


@EVERY_CORE
@RANDOM_LAYERS
@given(
    source=formats,
    weight_bits=st.sampled_from([8, 4, 2]),
    output=formats,
    path=st.sampled_from([*PATHS, "raw"]),
    inputs=st.integers(1, 150),
    outputs=st.integers(1, 40),
    team=harts,
    number=seeds,
)
def test_linear(core, source, weight_bits, output, path, inputs, outputs, team, number) -> None:
    rng = np.random.default_rng(number)
    if path == "raw":
        output, path = Format(32, True), "shift"
    else:
        outputs = -(-outputs * output.bits // 8) * 8 // output.bits
    vector = uniform(rng, source, inputs)
    weights = uniform(rng, Format(weight_bits, True), outputs, inputs)
    step = 32 // weight_bits
    padded = np.zeros((outputs, -(-inputs // step) * step), np.int64)
    padded[:, :inputs] = weights
    largest = int(np.abs(weights).max() * np.abs(vector).max() * max(1, int(inputs**0.5))) + 1
    rule, bias, records = requantization(rng, path, outputs, largest, output)
    sums = golden.linear(vector, weights, bias)
    expected = (
        sums.astype("<i4").tobytes()
        if output.bits == 32
        else golden.pack(rule.apply(sums, output), output.bits)
    )

    rig = Rig(core, team)
    out = rig.space(len(expected))
    words = [
        rig.place(golden.pack(vector, source.bits)), rig.place(golden.pack(padded, weight_bits)), out,
        rig.space(padded.shape[1] * 4 + 8), inputs, outputs, *format_words(source.bits, signed=source.signed),
        *format_words(output.bits, signed=output.signed), weight_bits,
        *rule_words(path, rule, rig.place(records)),
    ]  # fmt: skip
    finished = rig.run("linear", words, out, len(expected))
    assert finished.output == expected
    assert finished.guard == b"\xdb" * 8


@st.composite
def windows(draw: st.DrawFn, kernels: int, sizes: int) -> tuple:
    """(height, width), kernel, stride, pads, output size."""
    kernel = (draw(st.integers(1, kernels)), draw(st.integers(1, kernels)))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    pads = tuple(draw(st.integers(0, kernel[i // 2] - 1)) for i in range(4))
    size = tuple(
        draw(st.integers(max(1, kernel[i] - pads[2 * i] - pads[2 * i + 1]), sizes)) for i in range(2)
    )
    out = tuple((size[i] + pads[2 * i] + pads[2 * i + 1] - kernel[i]) // stride[i] + 1 for i in range(2))
    return size, kernel, stride, pads, out


def channel_planes(image: np.ndarray, bits: int) -> bytes:
    """[y, x, channel] as planes of bytes, each with 8 / bits channels."""
    parts = 8 // bits
    height, width, channels = image.shape
    grouped = image.reshape(height, width, channels // parts, parts).transpose(2, 0, 1, 3)
    return golden.pack(grouped, bits)


@EVERY_CORE
@RANDOM_LAYERS
@given(
    source=formats,
    weight_bits=st.sampled_from([8, 4, 2]),
    output=formats,
    path=st.sampled_from(PATHS),
    window=st.one_of(windows(3, 12), windows(6, 9)),
    groups=st.integers(1, 9),
    apart=st.sampled_from([None, 0, 1, 5]),
    team=harts,
    number=seeds,
)
def test_depthwise(core, source, weight_bits, output, path, window, groups, apart, team, number) -> None:
    """The input in planes of channels (`apart` None), or as an image with so many bytes between pixels."""
    rng = np.random.default_rng(number)
    size, kernel, stride, pads, out_size = window
    group = 8 // min(source.bits, weight_bits, output.bits)
    channels = groups * group
    image = uniform(rng, source, *size, channels)
    filters = uniform(rng, Format(weight_bits, True), channels, *kernel)
    largest = (1 << (source.bits + weight_bits - 1)) * kernel[0] * kernel[1] // 2 + 1
    rule, bias, records = requantization(rng, path, channels, largest, output)
    sums = golden.depthwise(image, filters, bias, stride, Pads(*pads))
    expected = golden.pack(rule.apply(sums, output), output.bits)
    taps = channel_planes(filters.transpose(1, 2, 0), weight_bits)

    rig = Rig(core, team)
    out = rig.space(len(expected))
    scratch = group * ((size[1] + 24) * kernel[0] + 8 * kernel[0] + out_size[1] + 4) + 4 * out_size[1] + 16
    pixel = channels * source.bits // 8
    if apart is None:
        data, stride_bytes = channel_planes(image, source.bits), 0
    else:
        pixels = np.frombuffer(golden.pack(image, source.bits), np.uint8).reshape(-1, pixel)
        data = np.pad(pixels, ((0, 0), (0, apart)), constant_values=0xEE).tobytes()
        stride_bytes = pixel + apart
    words = [
        rig.place(data), rig.place(taps), out, rig.space(scratch * team),
        *window_words((*size, channels), out_size, kernel, stride, pads),
        *format_words(source.bits, signed=source.signed), *format_words(output.bits, signed=output.signed),
        weight_bits, *rule_words(path, rule, rig.place(records)), stride_bytes,
    ]  # fmt: skip
    finished = rig.run("depthwise", words, out, len(expected))
    assert finished.output == expected
    assert finished.guard == b"\xdb" * 8


@EVERY_CORE
@RANDOM_LAYERS
@given(
    forms=st.tuples(formats, formats),
    output=formats,
    elements=st.integers(1, 400),
    scaled=st.booleans(),
    team=harts,
    number=seeds,
)
def test_add(core, forms, output, elements, scaled, team, number) -> None:
    rng = np.random.default_rng(number)
    # Whole bytes of the narrowest operand; the last group of four may be broken.
    whole = 8 // min(forms[0].bits, forms[1].bits, output.bits)
    elements = -(-elements // whole) * whole
    inputs = tuple(uniform(rng, form, elements) for form in forms)
    scales = [
        (int(rng.integers(-300, 3000)), int(rng.integers(-2000, 2000)), int(rng.integers(0, 12)))
        for _ in range(3)
    ]
    how = golden.Add(
        multiplier=(scales[0][0], scales[1][0]), offset=(scales[0][1], scales[1][1]),
        shift=(scales[0][2], scales[1][2]), out=scales[2] if scaled else None,
    )  # fmt: skip
    expected = golden.pack(golden.add(inputs, forms, how, output), output.bits)

    rig = Rig(core, team)
    out = rig.space(len(expected))
    words = [
        *(rig.place(golden.pack(values, form.bits)) for values, form in zip(inputs, forms, strict=True)), out,
        elements, int(scaled), *scales[0], *scales[1], *scales[2],
        *(word for form in (*forms, output) for word in format_words(form.bits, signed=form.signed)),
    ]  # fmt: skip
    assert rig.run("add", words, out, len(expected)).output == expected


@EVERY_CORE
@RANDOM_LAYERS
@given(
    source=formats,
    output=formats,
    window=windows(5, 9),
    groups=st.integers(1, 11),
    scaled=st.booleans(),
    team=harts,
    number=seeds,
)
def test_average_pool(core, source, output, window, groups, scaled, team, number) -> None:
    rng = np.random.default_rng(number)
    size, kernel, stride, pads, out_size = window
    channels = groups * 8 // min(source.bits, output.bits)
    image = uniform(rng, source, *size, channels)
    rule = (
        (int(rng.integers(1, 4000)), int(rng.integers(0, 14)), int(rng.integers(-500, 2000)))
        if scaled
        else None
    )
    values = golden.average_pool(image, source, kernel, stride, Pads(*pads), rule, output)
    expected = golden.pack(values, output.bits)

    rig = Rig(core, team)
    out = rig.space(len(expected))
    factor, shift, offset = rule or (0, 0, 0)
    words = [
        rig.place(golden.pack(image, source.bits)), out,
        *window_words((*size, channels), out_size, kernel, stride, pads),
        *format_words(source.bits, signed=source.signed), *format_words(output.bits, signed=output.signed),
        int(scaled), factor, offset, shift,
    ]  # fmt: skip
    finished = rig.run("average_pool", words, out, len(expected))
    assert finished.output == expected
    assert finished.guard == b"\xdb" * 8


@EVERY_CORE
@RANDOM_LAYERS
@given(source=formats, window=windows(5, 9), groups=st.integers(1, 11), team=harts, number=seeds)
def test_max_pool(core, source, window, groups, team, number) -> None:
    rng = np.random.default_rng(number)
    size, kernel, stride, pads, out_size = window
    channels = groups * 8 // source.bits
    image = uniform(rng, source, *size, channels)
    values = golden.max_pool(image, kernel, stride, Pads(*pads))
    expected = golden.pack(values, source.bits)

    rig = Rig(core, team)
    out = rig.space(len(expected))
    words = [
        rig.place(golden.pack(image, source.bits)), out,
        *window_words((*size, channels), out_size, kernel, stride, pads),
        *(2 * format_words(source.bits, signed=source.signed)), 0, 0, 0, 0,
    ]  # fmt: skip
    finished = rig.run("max_pool", words, out, len(expected))
    assert finished.output == expected
    assert finished.guard == b"\xdb" * 8


U8, RULE = [8, 0], [0, 0, 1]
WINDOW = window_words((4, 4, 4), (2, 2), (3, 3), (1, 1), (0, 0, 0, 0))


def changed(words: list[int], index: int, value: int) -> list[int]:
    return [*words[:index], value, *words[index + 1 :]]


@pytest.mark.parametrize(
    ("kind", "index", "value", "message"),
    [
        ("linear", 0, 2, "buffers must be word aligned"),
        ("linear", 4, 0, "no inputs or no outputs"),
        ("linear", 6, 5, "formats have 8, 4 or 2 bits"),
        ("linear", 8, 32, "32-bit outputs are not requantized"),
        ("linear", 11, 7, "path: 0 shift"),
        ("linear", 12, 32, "the shift is at most 31"),
        ("linear", 14, 0, "params must be word aligned"),
        ("depthwise", 6, 3, "channels must be a multiple"),
        ("depthwise", 7, 3, "more output rows than the padded input has"),
        ("depthwise", 13, 3, "the padding must be smaller than the kernel"),
        ("depthwise", 11, 0, "a kernel size or a stride is 0"),
        ("depthwise", 26, 3, "in_pixel_bytes is smaller than a pixel"),
        ("add", 3, 0, "there are no elements"),
        ("add", 7, 40, "a shift is at most 31"),
        ("average_pool", 4, 3, "channels of a pixel must fill whole bytes"),
        ("max_pool", 18, 1, "has the format of its input"),
        ("max_pool", 2, 0, "an image size is 0"),
    ],
)
def test_what_the_kernels_cannot_do_is_refused_in_one_line(kind, index, value, message) -> None:
    rig = Rig("ri5cy")
    place = rig.space(256)
    rule = [2, 0, 1, place]
    jobs = {
        "linear": [place, place, place, place, 8, 8, *U8, *U8, 8, *rule],
        "depthwise": [place, place, place, place, *WINDOW[:2], 4, *WINDOW[3:], *U8, *U8, 4, *rule, 0],
        "add": [place, place, place, 8, 0, *RULE, *RULE, *RULE, *U8, *U8, *U8],
        "average_pool": [place, place, *WINDOW, *U8, 2, 0, 0, 0, 0, 0],
        "max_pool": [place, place, *WINDOW, *U8, *U8, 0, 0, 0, 0],
    }
    with pytest.raises(Refused, match=message) as caught:
        rig.run(kind, changed(jobs[kind], index, value), place, 4)
    assert str(caught.value).startswith("operators: ") and str(caught.value).count("\n") == 1
