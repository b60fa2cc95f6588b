"""Recorded programs (flexdbg-conformance-1, flexdbg-cluster-1): values, and the cycle of everything."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from flexdbg.machine.cluster import Cluster, TraceRecord
from flexdbg.selftest.machine import JsonTest, cluster_for, run_to_halt
from flexdbg.selftest.result import Outcome

__all__ = ["check_cluster_test", "check_program"]

_KINDS = ("retire", "load", "store", "fetch", "irq_ack")
# Records of a hart and cycle: an instruction, two halves of an access, a fetch.
_RECORDS_PER_CYCLE = 4


def check_program(test: JsonTest) -> Iterator[Outcome]:
    """One test of flexdbg-conformance-1; where fetches are recorded, also with every fetch unit stepped."""
    yield _check_program(test, exact=False)
    cores = test["expect"].get("per_core") or [test["expect"]]
    if any("fetches" in core for core in cores):
        yield _check_program(test, exact=True)


def _check_program(test: JsonTest, *, exact: bool) -> Outcome:
    outcome = Outcome(test["name"] + (" (stepped)" if exact else ""))
    expected = test["expect"]
    cores = expected.get("per_core") or [expected]
    cluster = cluster_for(test, exact=exact)
    records = _run_traced(cluster, outcome, cores)
    undefined = set(test.get("gpr_undefined", ()))
    common = "icache" in test.get("instr_port", {})
    origin = 0  # the machine's own cycles are the recording's common time
    for hart, core in enumerate(cores):
        mine = [record for record in records if record[1] == hart]
        zero = _first_retire(mine)
        if common:
            outcome.compare("start", core["start"], zero - origin, hart=hart)
        _check_hart(outcome, cluster, hart, core, mine, zero, undefined)
        if exact:
            _check_fetches(outcome, core, mine, origin if common else zero, hart, arrival=common)
    if "irq_ack" in expected:
        got = [(r[0] - _first_retire(records), r[4]) for r in records if r[2] == "irq_ack"]
        outcome.compare_lists("irq_ack", [tuple(item) for item in expected["irq_ack"]], got)
    _check_memory(outcome, cluster, expected.get("mem", {}))
    return outcome


def check_cluster_test(test: JsonTest) -> Iterator[Outcome]:
    """One test of flexdbg-cluster-1, on each interconnect it was recorded with."""
    if test["group"] == "arbitration":
        from flexdbg.selftest.arbitration import check_arbitration

        yield from check_arbitration(test)
        return
    expected = test["expect"]
    if "per_core" in expected:
        variants = (
            {"hci": expected, "classic": expected} if test.get("same_with_hci") else {"classic": expected}
        )
    else:
        variants = expected
    for arbiter, wanted in variants.items():
        if test["group"] == "matmul-t3":
            yield _check_matmul(test, arbiter, wanted)
        else:
            yield _check_on(test, arbiter, wanted)


def _check_on(test: JsonTest, arbiter: str, expected: JsonTest) -> Outcome:
    outcome = Outcome(f"{test['name']} ({arbiter})")
    cluster = cluster_for(test, arbiter)
    records = _run_traced(cluster, outcome, expected["per_core"])
    zero = _first_retire(records)
    undefined = set(test.get("gpr_undefined", ()))
    for hart, core in enumerate(expected["per_core"]):
        mine = [record for record in records if record[1] == hart]
        _check_hart(outcome, cluster, hart, core, mine, zero, undefined)
        if "tcdm_conflict_cycles" in core:
            lost = cluster.ledger(hart).get("bank_conflict", 0)
            outcome.compare("tcdm_conflict_cycles", core["tcdm_conflict_cycles"], lost, hart=hart)
    _check_event_loads(outcome, test.get("elw", ()), records, zero)
    _check_memory(outcome, cluster, expected.get("mem", {}))
    return outcome


def _check_event_loads(
    outcome: Outcome, expected: Sequence[JsonTest], records: list[TraceRecord], zero: int
) -> None:
    """Each p.elw: first cycle in EX (one after it leaves ID), grant, and EX of the next instruction."""
    wanted = sorted((e["core"], int(e["pc"], 16), e["T"], e["grant"], e["next_ex"]) for e in expected)
    places = {(hart, pc) for hart, pc, *_ in wanted}
    got = []
    for hart, pc in sorted(places):
        mine = [record for record in records if record[1] == hart]
        retired = [(record[0] - zero + 1, record[3]) for record in mine if record[2] == "retire"]
        grants = [record[0] - zero for record in mine if record[2] == "load" and record[3] == pc]
        for (first, at), (following, _) in pairwise(retired):
            if at == pc:
                grant = next((cycle for cycle in grants if cycle >= first), -1)
                got.append((hart, pc, first, grant, following))
    outcome.compare_lists("elw", wanted, sorted(got))


def _run_traced(cluster: Cluster, outcome: Outcome, cores: list[JsonTest]) -> list[TraceRecord]:
    last = max(core["halt_cycle"] + core.get("start", 0) for core in cores)
    capacity = 1
    while capacity < (last + 1000) * len(cores) * _RECORDS_PER_CYCLE:
        capacity *= 2
    cluster.trace_start(_KINDS, capacity=capacity)
    halted = run_to_halt(cluster, last)
    outcome.compare("halted", True, halted)
    records = cluster.trace_records()
    cluster.trace_stop()
    return records


def _first_retire(records: list[TraceRecord]) -> int:
    return min((record[0] for record in records if record[2] == "retire"), default=0)


def _check_hart(
    outcome: Outcome,
    cluster: Cluster,
    hart: int,
    core: JsonTest,
    records: list[TraceRecord],
    zero: int,
    undefined: set[int],
) -> None:
    retired = [(record[0] - zero, record[3]) for record in records if record[2] == "retire"]
    if "trace" in core:
        trace = [(cycle, int(pc, 16)) for cycle, pc in core["trace"]]
        outcome.compare_lists("trace", trace, retired, hart=hart)
    if "halt_cycle" in core and retired:
        outcome.compare("halt_cycle", core["halt_cycle"], retired[-1][0], hart=hart)
    outcome.compare("instret", core["instret"], len(retired), hart=hart)
    if "data_accesses" in core:
        _check_accesses(outcome, core["data_accesses"], records, zero, hart)
    for number, value in enumerate(core.get("gpr", ())):
        if number not in undefined:
            got = cluster.read_register(hart, number)
            outcome.compare(f"x{number}", int(value, 16), got, hart=hart)
    for bank, values in core.get("nnrf", {}).items():
        for index, value in enumerate(values):
            name = f"nn_{bank}{index}"
            outcome.compare(name, int(value, 16), cluster.read_register(hart, name), hart=hart)
    for name, value in core.get("csr", {}).items():
        wanted = int(value, 16)
        if name == "mcause" and wanted & 0x20:  # recorded as the core keeps it: interrupt in bit 5
            wanted = 0x8000_0000 | wanted & 0x1F
        outcome.compare(name, wanted, cluster.read_register(hart, name), hart=hart)
    for which, count in core.get("mlc_count", {}).items():
        name = f"{which}_count"
        outcome.compare(name, count, cluster.read_register(hart, name), hart=hart)
    if "mpc_skip_count" in core:
        got = cluster.read_register(hart, "mix_skip_count")
        outcome.compare("mpc_skip_count", core["mpc_skip_count"], got, hart=hart)
    counted = cluster.performance_events(hart)
    for name, value in core.get("events", {}).items():
        if name != "cycles":  # the recording stops in the cycle of the final `j .`
            outcome.compare(name, value, counted[name], hart=hart)
    for part, values in core.get("hwloop", {}).items():
        for loop, value in enumerate(values):
            name = f"lp{part}{loop}"
            outcome.compare(name, int(value, 16), cluster.read_register(hart, name), hart=hart)


def _check_accesses(
    outcome: Outcome, accesses: list[Any], records: list[TraceRecord], zero: int, hart: int
) -> None:
    """[grant, r/w, address, ...] or [request, grant, r/w, address]; word addresses, as a bank sees them."""
    wanted: list[Any] = []
    for access in accesses:
        grant, kind, address = access[:3] if isinstance(access[1], str) else access[1:4]
        wanted.append((grant, kind, int(address, 16) & ~3))
    letters = {"load": "r", "store": "w"}
    got = [
        (record[0] - zero, letters[record[2]], record[4] & ~3) for record in records if record[2] in letters
    ]
    outcome.compare_lists("data_accesses", wanted, got, hart=hart)


def _check_fetches(
    outcome: Outcome, core: JsonTest, records: list[TraceRecord], origin: int, hart: int, *, arrival: bool
) -> None:
    if "fetches" not in core:
        return
    wanted = [(item[0], int(item[2 if arrival else 1], 16)) for item in core["fetches"]]
    got = [(record[0] - origin, record[4]) for record in records if record[2] == "fetch"]
    # The recording ends with the cycle of the final `j .`; the fetch unit runs on.
    outcome.compare_lists("fetches", wanted, got[: len(wanted)], hart=hart)


def _check_memory(outcome: Outcome, cluster: Cluster, memory: dict[str, list[str]]) -> None:
    for address, words in memory.items():
        base = int(address, 16)
        data = cluster.read_memory(base, 4 * len(words))
        got = [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]
        outcome.compare_lists(f"memory at 0x{base:08x}", [int(word, 16) for word in words], got)


def _check_matmul(test: JsonTest, arbiter: str, expected: JsonTest) -> Outcome:
    """The benchmark kernel: cycles between the barriers, arrival of every hart, accesses, output."""
    outcome = Outcome(f"{test['name']} ({arbiter})")
    cluster = cluster_for(test, arbiter)
    region = {name: int(pc, 16) for name, pc in test["region"].items()}
    for pc in region.values():
        cluster.add_breakpoint(pc)
    passed: dict[int, dict[int, int]] = {pc: {} for pc in region.values()}
    before: list[tuple[int, int]] = []
    limit = cluster.cycle + 4 * expected["cycles_barrier_to_barrier"]
    while cluster.cycle < limit:
        events = cluster.run(limit - cluster.cycle)
        for event in events:
            if event.reason == "breakpoint":
                passed[event.pc].setdefault(event.hart, event.cycle)
        if not before and len(passed[region["first_pc"]]) == test["cores"]:
            before = _access_counts(cluster)
        if len(passed[region["first_pc_after"]]) == test["cores"] or not events:
            break
    start = min(passed[region["first_pc"]].values(), default=0)
    end = min(passed[region["first_pc_after"]].values(), default=0)
    outcome.compare("cycles_barrier_to_barrier", expected["cycles_barrier_to_barrier"], end - start)
    arrivals = passed[region["final_elw_pc"]]
    got = [arrivals.get(hart, 0) - start for hart in range(test["cores"])]
    outcome.compare_lists("arrival_offset", expected["arrival_offset"], got)
    after = _access_counts(cluster)
    counted = [(a - c, b - d) for (a, b), (c, d) in zip(after, before, strict=True)] if before else []
    outcome.compare_lists("tcdm_accesses", expected["tcdm_accesses"], [pair[0] for pair in counted])
    outcome.compare_lists(
        "tcdm_conflict_cycles", expected["tcdm_conflict_cycles"], [pair[1] for pair in counted]
    )
    size = test["layout"]["output_bytes_per_core"] * test["cores"]
    output = cluster.read_memory(int(test["layout"]["output"], 16), size)
    outcome.compare("sha256 of the output", test["expect_output_sha256"], hashlib.sha256(output).hexdigest())
    return outcome


def _access_counts(cluster: Cluster) -> list[tuple[int, int]]:
    return [(hart.counters["tcdm_accesses"], hart.ledger.get("bank_conflict", 0)) for hart in cluster.harts]
