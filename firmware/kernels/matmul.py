"""The MatMul kernels: which cores and pairs there are, and the assembly source of each."""

from __future__ import annotations

import matmul_flexv
import matmul_loads
import matmul_unpacked
import matmul_xpulpnn
from pairs import PAIRS, Pair

__all__ = [
    "CORES",
    "matmul_source",
    "matmul_symbol",
    "pixels_per_call",
    "published_source",
    "stagger_cycles",
    "stands_for_published",
]

# RI5CY multiplies bytes: narrower activations are widened by im2col, and the MatMul is that of 8 bits.
CORES = {
    "ri5cy": tuple(name for name, pair in PAIRS.items() if pair.activations == 8),
    "mpic": tuple(PAIRS),
    "xpulpnn": tuple(PAIRS),
    "flexv": tuple(PAIRS),
}

_PIXELS = {
    "ri5cy": matmul_loads.PIXELS,
    "mpic": matmul_loads.PIXELS,
    "xpulpnn": matmul_xpulpnn.PIXELS,
    "flexv": matmul_flexv.PIXELS,
}


def pixels_per_call(core: str) -> int:
    """Activation rows that one call of the kernel consumes."""
    return _PIXELS[core]


def matmul_symbol(core: str, pair: Pair) -> str:
    """Name of the kernel's function."""
    suffix = "" if core == "flexv" else f"_{core}"
    return f"matmul_4x{_PIXELS[core]}_{pair.name}{suffix}"


def matmul_source(core: str, pair: Pair, *, packed: bool = False) -> str:
    """The whole assembly file of a kernel; `packed` (Flex-V only) stores words instead of bytes."""
    if pair.name not in CORES[core]:
        raise ValueError(f"no {pair.name} kernel for {core}")
    symbol = matmul_symbol(core, pair)
    if core == "flexv":
        return matmul_flexv.source(pair, symbol, packed=packed)
    if core == "xpulpnn":
        return matmul_xpulpnn.source(pair, symbol)
    if core == "ri5cy" and pair.weights < 8:
        return matmul_unpacked.source(pair, symbol)
    return matmul_loads.source(pair, symbol, core)


def stagger_cycles(pair: Pair) -> int:
    """An eighth of an inner iteration on Flex-V, so that eight harts spread over one."""
    return 2 * pair.slices


def stands_for_published(core: str, pair: Pair) -> bool:
    """Whether compiled C stands for the published kernel, and not our assembly (docs/benchmarks.md)."""
    return core in ("ri5cy", "mpic") or (core == "xpulpnn" and pair.mixed)


def published_source(
    core: str, pair: Pair, symbol: str = "", *, conv: bool = False
) -> tuple[str, dict[str, str]]:
    """C file below the firmware directory that follows the published kernel, and its macros.

    With `conv` it is a kernel of the convolution library, with batch normalization in 64 bits.
    """
    macros = {
        "KERNEL": symbol or matmul_symbol(core, pair),
        "CONV": str(int(conv)),
        "A_BITS": str(pair.activations),
        "W_BITS": str(pair.weights),
        "UNPACK": str(int(core != "mpic" and pair.mixed)),
        "USE_SIMD_FMT": str(int(core == "mpic")),
        "SIMD_FMT": str(pair.simd_fmt),
        "LANES": f'"{matmul_xpulpnn.LANES[pair.activations]}"',
    }
    return f"kernels/published/matmul_4x{_PIXELS[core]}.c", macros
