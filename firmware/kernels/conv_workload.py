"""The layer of the bundled convolutions, as the program itself generates it, and what it must compute."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["CHANNELS", "IMAGE", "KERNEL", "PERMUTATIONS", "Permutation", "Workload", "make_workload"]

# The layer of the published figures (PULP-NN, Flex-V): 16x16x32, 64 filters of 3x3, stride 1, padding 1.
IMAGE = (16, 16, 32)
CHANNELS = 64
KERNEL = 3

Words = npt.NDArray[np.uint32]
Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Permutation:
    """Widths in bits of unsigned inputs, signed weights and unsigned outputs."""

    input: int
    weights: int
    output: int

    @property
    def name(self) -> str:
        return f"a{self.input}w{self.weights}o{self.output}"


PERMUTATIONS = tuple(Permutation(a, w, o) for a in (8, 4, 2) for w in (8, 4, 2) for o in (8, 4, 2))


@dataclass(frozen=True, slots=True)
class Workload:
    """What struct layers_job says about the generated tensors, and their result."""

    seed: int
    bias: int
    shift: int
    expected: int


def _random_words(seed: int, count: int) -> Words:
    """random_word() of programs/layers.c: the finalizer of MurmurHash3 over a counter."""
    mask = 0xFFFFFFFF
    x = (seed + 0x9E3779B9 * np.arange(1, count + 1, dtype=np.uint64)) & mask
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & mask
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & mask
    return (x ^ (x >> 16)).astype(np.uint32)


def _tensor(seed: int, bits: int, count: int) -> Array:
    """Unsigned elements of the words' bytes, the first one in the lowest bits."""
    data = _random_words(seed, -(-count * bits // 32)).view(np.uint8)
    lanes = data[:, None] >> (bits * np.arange(8 // bits)) & ((1 << bits) - 1)
    return lanes.reshape(-1)[:count].astype(np.int64)


def _rows(image: Array) -> Array:
    height, width, _ = IMAGE
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    taps = [padded[y : y + height, x : x + width] for y in range(KERNEL) for x in range(KERNEL)]
    return np.concatenate(taps, axis=2).reshape(height * width, -1)


def make_workload(permutation: Permutation) -> Workload:
    """Uniform tensors; the shift puts all but the largest 2 % of the values below the upper clip."""
    terms = KERNEL * KERNEL * IMAGE[2]
    seed = zlib.crc32(permutation.name.encode())
    pixels = IMAGE[0] * IMAGE[1]
    image = _tensor(seed, permutation.input, pixels * IMAGE[2]).reshape(IMAGE)
    weights = _tensor((seed + 1) & 0xFFFFFFFF, permutation.weights, CHANNELS * terms).reshape(CHANNELS, terms)
    weights -= (weights >> (permutation.weights - 1)) << permutation.weights
    # Over the whole two's complement range weights have a mean of -1/2.
    bias = terms * ((1 << permutation.input) - 1) // 4
    random = _random_words((seed + 2) & 0xFFFFFFFF, CHANNELS).astype(np.int64)
    kappa = 64 + (random >> 8 & 0x7F)
    offset = (random ^ 0x80000000) - 0x80000000 >> 16
    sums = _rows(image) @ weights.T + bias + (random & 0xFF) - 128
    scaled = kappa * sums + offset
    assert abs(scaled).max() < 1 << 31, "the 32- and the 64-bit path must agree"
    large = int(np.sort(scaled, axis=None)[scaled.size * 98 // 100])
    shift = max(0, large.bit_length() - permutation.output)
    values = np.clip(scaled >> shift, 0, (1 << permutation.output) - 1).reshape(-1, 8 // permutation.output)
    packed = (values << (permutation.output * np.arange(8 // permutation.output))).sum(axis=1)
    words = packed.astype(np.uint8).view("<u4").astype(np.uint64)
    factors = 2 * np.arange(words.size, dtype=np.uint64) + 1
    return Workload(seed, bias, shift, int((words * factors).sum() & 0xFFFFFFFF))
