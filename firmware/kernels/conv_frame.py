"""What the MatMul kernels of convolutions and their epilogues agree on: frame, registers, record layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import matmul_flexv
import matmul_loads
import matmul_xpulpnn

__all__ = ["CHANNELS", "CONTRACTS", "FRAME_BYTES", "Contract", "slot"]

CHANNELS = 4

# Words at sp while a block is computed. An epilogue finds them there, for it has no frame of its own.
_SLOTS = (
    *("link", "steps", "record", "requantize", "multiplier", "shift"),
    *("spill0", "spill1", "spill2", "spill3", "spill4", "out", "out_stride", "params", "to_next"),
    *("row0", "row1", "row2", "row3"),
)
FRAME_BYTES = 4 * len(_SLOTS)


def slot(name: str) -> str:
    """Operand of a word of the frame."""
    return f"{4 * _SLOTS.index(name)}(sp)"


@dataclass(frozen=True, slots=True)
class Contract:
    """What an epilogue finds in registers, and which of them it may use.

    `params` points behind the records of the block's four channels. With one output pointer for all pixels
    the others follow from the stride in the frame. Spilled registers hold state of the kernel: an epilogue
    that uses one keeps it in the frame. Every epilogue preserves `ra`, and leaves the output pointers at the
    next four channels.
    """

    accumulators: Sequence[Sequence[str]]
    outputs: tuple[str, ...]
    params: str
    shift: str
    free: tuple[str, ...]
    spilled: tuple[str, ...] = ()
    formats_by_csr: bool = False
    fetch: tuple[str, ...] = ()  # what brings params, shift and output pointer into their registers

    @property
    def pixels(self) -> int:
        return len(self.accumulators)


def _flexv(pixels: int) -> Contract:
    outputs = matmul_flexv.OUTPUTS[:pixels]
    unused = tuple(r for row in matmul_flexv.ACCUMULATORS[pixels:] for r in row)
    return Contract(
        accumulators=matmul_flexv.ACCUMULATORS[:pixels],
        outputs=outputs,
        params="a0",
        shift="t1",
        # Registers that 16-bit instructions reach come first. Output pointers are taken only while values
        # are scaled, and are back when they are stored.
        free=("s1", *unused),
        spilled=("s0", "a1", "a2", "a3", "t0"),
        formats_by_csr=True,
    )


_LOADS = Contract(
    accumulators=matmul_loads.ACCUMULATORS,
    outputs=("a2", "a3"),
    params="a0",
    shift="t1",
    free=("s0", "s1", "s8", "s9", "s10", "s11"),
)

_XPULPNN = Contract(
    accumulators=matmul_flexv.ACCUMULATORS,
    outputs=("a2",),
    params="a1",
    shift="t1",
    free=("a0", "a3", "s10", "s11"),
    spilled=("t2", "s0", "s1", "t0"),
    fetch=(f"lw a1, {slot('params')}", f"lw t1, {slot('shift')}", f"lw a2, {slot('out')}"),
)

# By core and pixels of a block.
CONTRACTS = {
    ("ri5cy", matmul_loads.PIXELS): _LOADS,
    ("mpic", matmul_loads.PIXELS): replace(_LOADS, formats_by_csr=True),
    ("xpulpnn", matmul_xpulpnn.PIXELS): _XPULPNN,
    ("flexv", 4): _flexv(4),
    ("flexv", 2): _flexv(2),
}
