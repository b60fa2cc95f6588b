"""A bundled program on a simulated cluster: loaded, run, and read back."""

import io
from dataclasses import dataclass
from functools import cache, cached_property

from elftools.elf.elffile import ELFFile

from flexdbg.catalog import BundledProgram, bundled_program
from flexdbg.layers import load_bundled
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import Program

__all__ = ["Finished", "Run", "finished", "prepare"]

# Ten times what the slowest program needs on one hart.
CYCLE_LIMIT = 20_000_000

# The block that firmware/runtime/cluster.h declares.
RESULT_FIELDS = ("magic", "harts", "cycles", "macs", "checksum", "expected", "output", "output_bytes")
RESULT_MAGIC = 0x52584C46


@dataclass
class Run:
    """One program on one machine, before or after it ran."""

    bundled: BundledProgram
    program: Program
    cluster: Cluster
    text: str = ""

    @cached_property
    def symbols(self) -> dict[str, int]:
        table = ELFFile(io.BytesIO(self.program.image)).get_section_by_name(".symtab")
        assert table is not None
        return {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}

    def read(self, symbol: str, size: int) -> bytes:
        return self.cluster.read_memory(self.symbols[symbol], size)

    def write_word(self, symbol: str, value: int, offset: int = 0) -> None:
        self.cluster.write_memory(self.symbols[symbol] + offset, value.to_bytes(4, "little"))

    def go(self) -> "Run":
        """Run to the exit register."""
        stops = self.cluster.run(CYCLE_LIMIT)
        assert [stop.reason for stop in stops] == ["exit"], [(stop.reason, stop.message) for stop in stops]
        self.text += b"".join(data for _, data in self.cluster.take_output()).decode()
        return self

    @property
    def status(self) -> int | None:
        return self.cluster.exit_status

    @property
    def result(self) -> dict[str, int]:
        data = self.read("flexdbg_result", 4 * len(RESULT_FIELDS))
        words = [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]
        result = dict(zip(RESULT_FIELDS, words, strict=True))
        assert result["magic"] == RESULT_MAGIC
        return result


def prepare(name: str, **settings: object) -> Run:
    """A bundled program loaded on a cluster with these settings, a kernel on its own core."""
    bundled = bundled_program(name)
    if bundled.runs_on:
        settings = {"core": bundled.runs_on, **settings}
    cluster = Cluster(ClusterConfig().changed(settings))
    program = load_bundled(bundled, cluster.config)
    cluster.load_program(program)
    return Run(bundled, program, cluster)


@dataclass(frozen=True)
class Finished:
    """What a run left behind, without the machine."""

    status: int | None
    text: str
    result: dict[str, int]
    output: bytes
    warnings: int


@cache
def finished(name: str) -> Finished:
    """A MatMul program after a run with default settings; several tests look at the same one."""
    run = prepare(name).go()
    result = run.result
    return Finished(
        status=run.status,
        text=run.text,
        result=result,
        output=run.read("output", result["output_bytes"]),
        warnings=len(run.cluster.take_warnings()),
    )
