"""Register names and numbers: general purpose, NN register file, hidden counters, CSRs by number."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ABI_NAMES",
    "CSR_BASE",
    "HIDDEN",
    "NN_REGISTERS",
    "PC",
    "REGISTER_IDS",
    "REGISTER_NUMBERS",
    "abi_name",
]

ABI_NAMES: tuple[str, ...] = (
    "zero",
    "ra",
    "sp",
    "gp",
    "tp",
    "t0",
    "t1",
    "t2",
    "s0",
    "s1",
    "a0",
    "a1",
    "a2",
    "a3",
    "a4",
    "a5",
    "a6",
    "a7",
    "s2",
    "s3",
    "s4",
    "s5",
    "s6",
    "s7",
    "s8",
    "s9",
    "s10",
    "s11",
    "t3",
    "t4",
    "t5",
    "t6",
)

# Every spelling of a general-purpose register.
REGISTER_NUMBERS: Mapping[str, int] = {
    **{f"x{n}": n for n in range(32)},
    **{name: n for n, name in enumerate(ABI_NAMES)},
    "fp": 8,
}

# Numbers of Cluster.read_register (flexdbg/_core.pyi).
PC = 32
NN_REGISTERS: Mapping[str, int] = {
    **{f"nn_w{n}": 33 + n for n in range(4)},
    **{f"nn_a{n}": 37 + n for n in range(2)},
}
HIDDEN: Mapping[str, int] = {"mix_skip_count": 39, "a_count": 40, "w_count": 41}
CSR_BASE = 0x1000  # CSR n is register CSR_BASE + n

# Names to register numbers, CSRs left out.
REGISTER_IDS: Mapping[str, int] = {**REGISTER_NUMBERS, "pc": PC, **NN_REGISTERS, **HIDDEN}


def abi_name(number: int) -> str:
    return ABI_NAMES[number]
