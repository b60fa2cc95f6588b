"""Deterministic layer data of the MatMul benchmark, and what the layer must compute."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pairs import Pair

__all__ = ["HEIGHT", "INPUT_CHANNELS", "OUTPUT_CHANNELS", "WIDTH", "K", "Workload", "make_workload"]

HEIGHT = WIDTH = 16
INPUT_CHANNELS = 32
OUTPUT_CHANNELS = 64
K = 9 * INPUT_CHANNELS

Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Workload:
    """Operands as packed bytes, and the expected result."""

    input: bytes
    weights: bytes
    shift: int
    output: bytes
    checksum: int


def _pcg32(seed: int) -> Iterator[int]:
    """PCG-XSH-RR 64/32 (M. O'Neill, HMC-CS-2014-0905): the same numbers in any language."""
    mask = (1 << 64) - 1
    increment = 2 * seed + 1
    state = (increment + seed) & mask
    while True:
        state = (state * 6364136223846793005 + increment) & mask
        mixed = ((state >> 18 ^ state) >> 27) & 0xFFFFFFFF
        turn = state >> 59
        yield (mixed >> turn | mixed << (-turn & 31)) & 0xFFFFFFFF


def _draw(name: str, below: int, count: int) -> Array:
    """`count` uniform values in [0, below); the stream depends on the name only."""
    numbers = _pcg32(zlib.crc32(name.encode()))
    return np.array([next(numbers) % below for _ in range(count)], dtype=np.int64)


def _draw_weights(pair: Pair) -> Array:
    """Filters with the symmetric levels of a quantizer, and the most negative value once in each.

    Uniform over the whole two's complement range they would have a mean of -1/2, and with unsigned
    activations nearly every output would be clipped to zero.
    """
    largest = (1 << (pair.weights - 1)) - 1
    weights = _draw(f"{pair.name} weights", 2 * largest + 1, OUTPUT_CHANNELS * K).reshape(-1, K) - largest
    weights[np.arange(OUTPUT_CHANNELS), _draw(f"{pair.name} extremes", K, OUTPUT_CHANNELS)] = -largest - 1
    return weights


def _pack(values: Array, bits: int) -> bytes:
    """Little-endian packing: element 0 in the lowest bits of the first byte."""
    lanes = (values.reshape(-1, 8 // bits) & ((1 << bits) - 1)) << (bits * np.arange(8 // bits))
    return bytes(lanes.sum(axis=1).astype(np.uint8))


def _rows(image: Array) -> Array:
    """im2col for 3x3 taps, stride 1, one pixel of zero padding."""
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    taps = [padded[y : y + HEIGHT, x : x + WIDTH] for y in range(3) for x in range(3)]
    return np.concatenate(taps, axis=2).reshape(HEIGHT * WIDTH, K)


def make_workload(pair: Pair) -> Workload:
    """A layer with full-range activations; its shift puts 99 % of the sums below the upper clip."""
    image = _draw(f"{pair.name} input", 1 << pair.activations, HEIGHT * WIDTH * INPUT_CHANNELS)
    weights = _draw_weights(pair)
    sums = _rows(image.reshape(HEIGHT, WIDTH, INPUT_CHANNELS)) @ weights.T
    large = int(np.sort(sums, axis=None)[sums.size * 99 // 100])
    shift = max(0, large.bit_length() - 8)
    output = bytes(np.clip(sums >> shift, 0, 255).astype(np.uint8).reshape(-1))
    words = np.frombuffer(output, dtype="<u4").astype(np.uint64)
    factors = 2 * np.arange(words.size, dtype=np.uint64) + 1
    return Workload(
        input=_pack(image, pair.activations),
        weights=_pack(weights, pair.weights),
        shift=shift,
        output=output,
        checksum=int((words * factors).sum() & 0xFFFFFFFF),
    )
