"""One kernel on one machine: cycles, correctness and energy of its measured region."""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from flexdbg.catalog import bundled_program
from flexdbg.errors import ProgramError
from flexdbg.layers import load_bundled
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.energy import ASLEEP, estimate
from flexdbg.machine.loader import Program

__all__ = ["Job", "Measurement", "Results", "measure"]

# Several times what the slowest kernel needs on one hart.
_CYCLE_LIMIT = 50_000_000
_RESULT_MAGIC = 0x52584C46


@dataclass(frozen=True, slots=True)
class Job:
    """A bundled kernel and the machine to run it on."""

    program: str
    config: ClusterConfig
    changes: tuple[tuple[str, str | int], ...] = ()  # fields of a bundled layer, see flexdbg/layers.py


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the region between the two barriers came to."""

    cycles: int
    macs: int
    energy_uj: float  # estimate for the cluster
    ledger: dict[str, float]  # cause to cycles, average of the harts

    @property
    def mac_per_cycle(self) -> float:
        return self.macs / self.cycles

    @property
    def tops_per_watt(self) -> float:
        """Operations by energy; a multiply-accumulate is two operations."""
        return 2 * self.macs / self.energy_uj * 1e-6

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


# What has been measured; an interrupted run leaves jobs out.
Results: TypeAlias = dict[Job, Measurement]


@dataclass(frozen=True, slots=True)
class _Sample:
    """Everything that counts, at one moment."""

    counters: list[dict[str, int]]
    ledgers: list[dict[str, int]]
    refills: int

    @classmethod
    def take(cls, cluster: Cluster) -> "_Sample":
        harts = cluster.harts[: cluster.config.harts]
        refills = sum(bank["misses"] for bank in cluster.icache_counters()["shared"])
        return cls([hart.counters for hart in harts], [hart.ledger for hart in harts], refills)


def measure(job: Job) -> Measurement:
    """Run a kernel to its end and account for its region; a wrong output is an error."""
    bundled = bundled_program(job.program)
    if not bundled.fewest_harts <= job.config.harts <= bundled.most_harts:
        raise ProgramError(f"{job.program} runs on {bundled.fewest_harts} to {bundled.most_harts} harts")
    program = load_bundled(bundled, job.config, **dict(job.changes))
    symbols = _symbols(program)
    cluster = Cluster(job.config)
    cluster.load_program(program)
    before = _sample_at(cluster, job, symbols["flexdbg_region_begin"])
    after = _sample_at(cluster, job, symbols["flexdbg_region_end"])
    cluster.run(_CYCLE_LIMIT)
    if cluster.exit_status is None:
        raise ProgramError(f"{job.program} did not end within {_CYCLE_LIMIT:,} cycles")
    cycles, macs, correct = _result(cluster, symbols["flexdbg_result"])
    if not correct or cluster.exit_status:
        raise ProgramError(f"{job.program}: the output differs from the golden model")
    ledgers = [_grown(old, new) for old, new in zip(before.ledgers, after.ledgers, strict=True)]
    counters = [_grown(old, new) for old, new in zip(before.counters, after.counters, strict=True)]
    energy = estimate(
        cycles,
        zip(counters, ledgers, strict=True),
        asleep=ASLEEP,
        refills=after.refills - before.refills,
        clock_mhz=job.config.clock_mhz,
    )
    causes = {cause for ledger in ledgers for cause, count in ledger.items() if count}
    average = {cause: sum(ledger.get(cause, 0) for ledger in ledgers) / len(ledgers) for cause in causes}
    ranked = dict(sorted(average.items(), key=lambda item: (-item[1], item[0])))
    return Measurement(cycles, macs, energy.total, ranked)


def _symbols(program: Program) -> dict[str, int]:
    from elftools.elf.elffile import ELFFile
    from elftools.elf.sections import SymbolTableSection

    table = ELFFile(io.BytesIO(program.image)).get_section_by_name(".symtab")
    assert isinstance(table, SymbolTableSection), "bundled programs have symbols"
    return {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}


def _sample_at(cluster: Cluster, job: Job, address: int) -> _Sample:
    """Run until a hart comes to `address`, where all of them are in the same cycle."""
    number = cluster.add_breakpoint(address)
    events = cluster.run(_CYCLE_LIMIT)
    cluster.remove(number)
    if not any(event.reason == "breakpoint" for event in events):
        raise ProgramError(f"{job.program} stopped outside its measured region: {events[0].message}")
    return _Sample.take(cluster)


def _result(cluster: Cluster, address: int) -> tuple[int, int, bool]:
    """Cycles, MACs and whether the checksum is right, from the block that the program fills."""
    words = [cluster.read_word(address + 4 * index) for index in range(6)]
    magic, _, cycles, macs, checksum, expected = words
    if magic != _RESULT_MAGIC or not cycles:
        raise ProgramError("the program filled no result block")
    return cycles, macs, checksum == expected


def _grown(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, int]:
    return {key: new[key] - old.get(key, 0) for key in new}
