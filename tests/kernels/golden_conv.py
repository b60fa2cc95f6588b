"""What a quantized convolution computes; shares nothing with kernels, generators and the host module."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Parameters", "convolve", "limits", "pack", "requantize"]

Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parameters:
    """Of the requantization; arrays have one value per output channel."""

    path: str
    shift: int
    multiplier: int
    bias: Array
    kappa: Array
    offset: Array


def limits(form: str) -> tuple[int, int]:
    """Smallest and largest value of a format such as "u4"."""
    bits = int(form[1:])
    return (0, (1 << bits) - 1) if form[0] == "u" else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def pack(values: Array, bits: int) -> bytes:
    """Little-endian packing, the first value in the lowest bits of the first byte."""
    planes = (values.reshape(-1, 1) >> np.arange(bits)) & 1
    return np.packbits(planes.astype(np.uint8).reshape(-1), bitorder="little").tobytes()


def _wrap(values: Array) -> Array:
    return ((values + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


def convolve(
    image: Array, filters: Array, stride: tuple[int, int], padding: tuple[int, int, int, int]
) -> Array:
    """Exact sums [y, x, filter] of an image [y, x, channel] with filters [filter, ky, kx, channel]."""
    top, bottom, left, right = padding
    padded = np.pad(image, ((top, bottom), (left, right), (0, 0)))
    _, kernel_height, kernel_width, _ = filters.shape
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel_height, kernel_width), axis=(0, 1))
    return np.einsum("yxckl,fklc->yxf", windows[:: stride[0], :: stride[1]], filters)


def requantize(sums: Array, parameters: Parameters, form: str) -> Array:
    """Outputs: the bias wraps at 32 bits, the products at the width of their path, then shift and clip."""
    sums = _wrap(_wrap(sums) + parameters.bias)
    path = parameters.path.removesuffix("_call")
    if path == "shift":
        scaled = sums >> parameters.shift
    elif path == "relu":
        scaled = _wrap(parameters.multiplier * sums) >> parameters.shift
    elif path == "bn32":
        scaled = _wrap(_wrap(parameters.kappa * sums) + parameters.offset) >> parameters.shift
    else:
        with np.errstate(over="ignore"):  # int64 arithmetic wraps, as on the core
            scaled = _wrap((parameters.kappa * sums + parameters.offset) >> parameters.shift)
    return np.clip(scaled, *limits(form))
