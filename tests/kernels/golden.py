"""What a quantized 3x3 layer computes, from packed operands; shares nothing with kernels and generator."""

import numpy as np
import numpy.typing as npt

__all__ = ["convolve_3x3", "layer_output", "unpack"]

Array = npt.NDArray[np.int64]


def unpack(data: bytes, bits: int, *, signed: bool) -> Array:
    """Values of `bits` bits, the first one in the lowest bits of the first byte."""
    stream = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little").astype(np.int64)
    values = stream.reshape(-1, bits) @ (1 << np.arange(bits))
    if signed:
        values = np.where(values >= 1 << (bits - 1), values - (1 << bits), values)
    return np.asarray(values, dtype=np.int64)


def convolve_3x3(image: Array, filters: Array, use: int | None = None) -> Array:
    """Sums [y, x, filter] for an image [y, x, channel] and filters [filter, ky, kx, channel], padding 1.

    `use` limits the reduction to its first terms in (ky, kx, channel) order.
    """
    height, width, channels = image.shape
    sums = np.zeros((height, width, len(filters)), np.int64)
    term = 0
    for ky in range(3):
        for kx in range(3):
            for channel in range(channels):
                if use is not None and term >= use:
                    return sums
                term += 1
                shifted = np.zeros((height, width), np.int64)
                for y in range(height):
                    source_y = y + ky - 1
                    if not 0 <= source_y < height:
                        continue
                    first, last = max(0, 1 - kx), min(width, width + 1 - kx)
                    shifted[y, first:last] = image[source_y, first + kx - 1 : last + kx - 1, channel]
                sums += shifted[:, :, None] * filters[:, ky, kx, channel]
    return sums


def layer_output(sums: Array, bias: Array | int, shift: int) -> bytes:
    """Bytes of the layer: bias, arithmetic shift, clip to 0..255; sums wrap at 32 bits."""
    wrapped = (sums + bias + (1 << 31)) % (1 << 32) - (1 << 31)
    return np.clip(wrapped >> shift, 0, 255).astype(np.uint8).tobytes()
