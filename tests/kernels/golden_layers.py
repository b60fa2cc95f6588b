"""What every layer of the kernel library computes, tap by tap in NumPy; shares nothing with the kernels.

Images are [y, x, channel], filters [out, ky, kx, in], depthwise filters [channel, ky, kx]. Formats and
arithmetic follow pulp-platform/pulp-nn-mixed: floor shifts, 32-bit wrap-around, kappa and lambda before them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = [
    "Add",
    "Format",
    "Pads",
    "Requantization",
    "add",
    "average_pool",
    "convolution",
    "depthwise",
    "linear",
    "max_pool",
    "pack",
    "wrap",
]

Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Format:
    """Integers of `bits` bits."""

    bits: int
    signed: bool

    @property
    def low(self) -> int:
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        return (1 << (self.bits - self.signed)) - 1

    def clip(self, values: Array) -> Array:
        return np.clip(values, self.low, self.high)


@dataclass(frozen=True)
class Pads:
    """Zero padding in pixels."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


@dataclass(frozen=True)
class Requantization:
    """From accumulators to outputs: `path` is "shift", "relu" or "bn"; `wide` is "bn" in 64 bits."""

    path: str
    shift: int
    multiplier: int = 1
    kappa: Array | None = None
    lambda_: Array | None = None
    wide: bool = False

    def apply(self, sums: Array, output: Format) -> Array:
        """Outputs for sums whose last axis is the channel."""
        if self.path == "bn":
            assert self.kappa is not None and self.lambda_ is not None
            if self.wide:
                # Python integers: 64-bit products of 32-bit sums and large factors must not wrap unnoticed.
                wide = sums.astype(object) * self.kappa.astype(object) + self.lambda_.astype(object)
                shifted = wrap(_int64(wide) >> self.shift)
            else:
                shifted = wrap(wrap(sums * self.kappa) + self.lambda_) >> self.shift
        elif self.path == "relu":
            shifted = wrap(sums * self.multiplier) >> self.shift
        else:
            shifted = sums >> self.shift
        return output.clip(shifted)


def _int64(values: npt.NDArray[np.object_]) -> Array:
    wrapped = (values + (1 << 63)) % (1 << 64) - (1 << 63)
    return np.asarray(wrapped, dtype=np.int64)


def wrap(values: Array) -> Array:
    """Modulo 2^32, as signed numbers."""
    return (values + (1 << 31)) % (1 << 32) - (1 << 31)


def pack(values: Array, bits: int) -> bytes:
    """Little-endian packing in the order of the array; the last byte is filled with zeros."""
    flat = values.reshape(-1).astype(np.int64)
    bit_rows = (flat[:, None] >> np.arange(bits)) & 1
    return np.packbits(bit_rows.astype(np.uint8).reshape(-1), bitorder="little").tobytes()


def _taps(image: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads) -> list[list[Array]]:
    """For every tap [ky][kx] the input pixels [y, x, channel] it meets at each output."""
    border = ((pads.top, pads.bottom), (pads.left, pads.right), (0, 0))
    padded = np.pad(image, border)
    rows = (padded.shape[0] - kernel[0]) // stride[0] + 1
    columns = (padded.shape[1] - kernel[1]) // stride[1] + 1
    return [
        [
            padded[ky : ky + stride[0] * rows : stride[0], kx : kx + stride[1] * columns : stride[1]][
                :rows, :columns
            ]
            for kx in range(kernel[1])
        ]
        for ky in range(kernel[0])
    ]


def convolution(
    image: Array, filters: Array, bias: Array | int = 0, stride: tuple[int, int] = (1, 1), pads: Pads = Pads()
) -> Array:
    """Accumulators [y, x, out]."""
    taps = _taps(image, filters.shape[1:3], stride, pads)
    sums: Array = np.zeros((*taps[0][0].shape[:2], len(filters)), np.int64)
    for ky, row in enumerate(taps):
        for kx, pixels in enumerate(row):
            sums += pixels @ filters[:, ky, kx].T
    return wrap(wrap(sums) + bias)


def depthwise(
    image: Array, filters: Array, bias: Array | int = 0, stride: tuple[int, int] = (1, 1), pads: Pads = Pads()
) -> Array:
    """Accumulators [y, x, channel]."""
    taps = _taps(image, filters.shape[1:3], stride, pads)
    sums: Array = np.zeros(taps[0][0].shape, np.int64)
    for ky, row in enumerate(taps):
        for kx, pixels in enumerate(row):
            sums += pixels * filters[:, ky, kx]
    return wrap(wrap(sums) + bias)


def linear(vector: Array, weights: Array, bias: Array | int = 0) -> Array:
    """Accumulators [neuron] for weights [neuron, input]."""
    return wrap(wrap(weights @ vector) + bias)


@dataclass(frozen=True)
class Add:
    """Factors, offsets and shifts of both inputs, and of their sum if it is requantized as well."""

    multiplier: tuple[int, int]
    offset: tuple[int, int]
    shift: tuple[int, int]
    out: tuple[int, int, int] | None = None  # multiplier, offset, shift


def add(inputs: tuple[Array, Array], formats: tuple[Format, Format], how: Add, output: Format) -> Array:
    """Both inputs are scaled and clipped to 8 bits with their own sign before they are added."""
    total: Array | int = 0
    for i in range(2):
        scaled = wrap(wrap(inputs[i] * how.multiplier[i]) + how.offset[i]) >> how.shift[i]
        total = total + Format(8, formats[i].signed).clip(scaled)
    assert not isinstance(total, int)
    if how.out:
        multiplier, offset, shift = how.out
        total = wrap(wrap(total * multiplier) + offset) >> shift
    return output.clip(total)


def _windows(image: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads) -> list[list[Array]]:
    """The pixels [n, channel] of the window of each output that lie in the image."""
    height, width, _ = image.shape
    rows = (height + pads.top + pads.bottom - kernel[0]) // stride[0] + 1
    columns = (width + pads.left + pads.right - kernel[1]) // stride[1] + 1
    result = []
    for y in range(rows):
        line = []
        for x in range(columns):
            top, left = y * stride[0] - pads.top, x * stride[1] - pads.left
            window = image[max(top, 0) : max(top + kernel[0], 0), max(left, 0) : max(left + kernel[1], 0)]
            line.append(window.reshape(-1, image.shape[2]))
        result.append(line)
    return result


def average_pool(
    image: Array,
    input_format: Format,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    pads: Pads,
    requantize: tuple[int, int, int] | None,
    output: Format,
) -> Array:
    """Sum over the window, times lambda / window size, plus offset, shifted; or divided by the window size.

    `requantize` is (lambda, shift, offset). The divisor is the full window at borders too. Unsigned
    inputs are computed modulo 2^32 with a logical shift.
    """
    size = kernel[0] * kernel[1]
    windows = _windows(image, kernel, stride, pads)
    sums = np.array([[window.sum(axis=0) for window in line] for line in windows], dtype=np.int64)
    if requantize:
        factor, shift, offset = requantize
        scaled = sums * (factor // size) + offset
        values = (wrap(scaled) if input_format.signed else scaled % (1 << 32)) >> shift
    else:
        # C's division rounds toward zero.
        values = np.sign(sums) * (np.abs(sums) // size)
    return output.clip(values)


def max_pool(image: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads) -> Array:
    """Padding never wins."""
    windows = _windows(image, kernel, stride, pads)
    return np.array([[window.max(axis=0) for window in line] for line in windows], dtype=np.int64)
