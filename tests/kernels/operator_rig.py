"""Runs one layer of firmware/kernels/operators.h on a simulated cluster: packs its job, reads its output."""

import io
import struct
from dataclasses import dataclass
from functools import cache

import numpy as np
from elftools.elf.elffile import ELFFile

from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import Program, load_program
from flexdbg.resources import resource_directory

__all__ = ["Finished", "Refused", "Rig", "format_words", "record_bytes", "window_words"]

KINDS = {"linear": 1, "depthwise": 2, "add": 3, "average_pool": 4, "max_pool": 5}
CYCLE_LIMIT = 20_000_000
SLACK = 8
GUARD = 0xA5


class Refused(Exception):
    """The library said that it cannot do this."""


@dataclass(frozen=True)
class Finished:
    """The output buffer with the guard bytes behind it, and the cycles of the layer."""

    output: bytes
    guard: bytes
    cycles: int


@cache
def library(core: str) -> tuple[Program, dict[str, int]]:
    program = load_program(resource_directory("firmware") / f"operators-{core}.elf")
    table = ELFFile(io.BytesIO(program.image)).get_section_by_name(".symtab")
    assert table is not None
    return program, {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}


class Rig:
    """A cluster with a library, whose TCDM is handed out buffer by buffer."""

    def __init__(self, core: str, harts: int = 8) -> None:
        self.harts = harts
        self.cluster = Cluster(ClusterConfig().changed({"core": core, "harts": harts}))
        program, self.symbols = library(core)
        self.cluster.load_program(program)
        self._next = self.symbols["arena_start"]

    def place(self, data: bytes) -> int:
        """Copy data to TCDM, with noise behind it that kernels may load but must not use."""
        address = self._next
        data += b"\xdb" * SLACK
        self.cluster.write_memory(address, data)
        self._next = (address + len(data) + 3) & ~3
        assert self._next < 0x1002_0000, "the test does not fit into TCDM"
        return address

    def space(self, size: int) -> int:
        """A buffer that holds a pattern."""
        return self.place(bytes([GUARD]) * size)

    def run(self, kind: str, words: list[int], output: int, size: int) -> Finished:
        job = [KINDS[kind], 0, *words]
        packed = struct.pack(f"<{len(job)}I", *(int(word) & 0xFFFFFFFF for word in job))
        self.cluster.write_memory(self.symbols["operator_job"], packed)
        stops = self.cluster.run(CYCLE_LIMIT)
        assert [stop.reason for stop in stops] == ["exit"], [(stop.reason, stop.message) for stop in stops]
        if self.cluster.exit_status:
            raise Refused(b"".join(data for _, data in self.cluster.take_output()).decode())
        # A warning names a place where the real core would compute something else.
        assert [warning["message"] for warning in self.cluster.take_warnings()] == []
        result = struct.unpack("<8I", self.cluster.read_memory(self.symbols["flexdbg_result"], 32))
        data = self.cluster.read_memory(output, size + SLACK)
        return Finished(data[:size], data[size:], result[2])


def format_words(bits: int, *, signed: bool) -> list[int]:
    return [bits, int(signed)]


def window_words(
    image: tuple[int, int, int],
    out: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    pads: tuple[int, int, int, int],
) -> list[int]:
    """Sizes as (y, x, channels), (y, x); pads as (top, bottom, left, right)."""
    return [*image, *out, *kernel, *stride, *pads]


def record_bytes(path: str, bias: np.ndarray, kappa: np.ndarray, lambda_: np.ndarray) -> bytes:
    """One record a channel, as operators.h describes them."""
    if path in ("shift", "relu"):
        return bias.astype("<i4").tobytes()
    width = "<i8" if path == "bn64" else "<i4"
    return b"".join(
        np.array(b, "<i4").tobytes() + np.array([k, offset], width).tobytes()
        for b, k, offset in zip(bias, kappa, lambda_, strict=True)
    )
