"""The typed face of the core."""

import ast
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import flexdbg
from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.errors import HistoryError, MachineError, MemoryAccessError, TargetRunningError
from flexdbg.machine.cluster import TraceRecord
from flexdbg.machine.native import core

LOOP = """
start:
    addi t0, x0, 100
loop:
    addi t1, t1, 3
    sw t1, 0(t2)
    addi t0, t0, -1
    bne t0, x0, loop
    j .
"""
MakeSession = Callable[..., Session]


@pytest.fixture
def cluster(make_session: MakeSession) -> Cluster:
    session = make_session(LOOP)
    session.cluster.write_register(0, "t2", 0x10000100)
    return session.cluster


def test_registers_by_name_number_and_alias(cluster: Cluster) -> None:
    cluster.write_register(0, "a0", -1)
    assert cluster.read_register(0, "x10") == cluster.read_register(0, 10) == 0xFFFFFFFF
    cluster.write_register(0, "nn_w2", 0x12345678)
    assert cluster.harts[0].read("nn_w2") == 0x12345678
    cluster.write_register(0, "IVEC_FMT", 8)
    assert cluster.read_register(0, "simd_fmt") == 8
    cluster.write_register(0, "mix_skip_count", 3)
    assert cluster.read_register(0, "mix_skip_count") == 3
    assert cluster.registers(0)[10] == 0xFFFFFFFF
    assert cluster.harts[0].pc == 0x1C008080


def test_unknown_registers_and_harts_are_named(cluster: Cluster) -> None:
    with pytest.raises(MachineError, match="no register 'mstat'; did you mean mstatus"):
        cluster.read_register(0, "mstat")
    with pytest.raises(MachineError, match="no hart 5: harts are 0 to 0"):
        cluster.read_register(5, "a0")


def test_memory_reads_and_writes(cluster: Cluster) -> None:
    cluster.write_memory(0x10000200, b"\x01\x02\x03\x04")
    assert cluster.read_memory(0x10000201, 2) == b"\x02\x03"
    assert cluster.read_word(0x10000200) == 0x04030201
    with pytest.raises(MemoryAccessError, match="0x50000000"):
        cluster.read_memory(0x50000000, 4)
    with pytest.raises(MemoryAccessError, match="does not fit"):
        cluster.read_memory(0x10000000, 1 << 30)
    with pytest.raises(MemoryAccessError, match="32 bits"):
        cluster.read_memory(-4, 4)


def test_steps_and_cycles(cluster: Cluster) -> None:
    events = cluster.step(0)
    assert [event.reason for event in events] == ["step"]
    assert cluster.read_register(0, "t0") == 100
    before = cluster.cycle
    cluster.step_cycles(7)
    assert cluster.cycle == before + 7


def test_breakpoints_and_watchpoints_stop(cluster: Cluster) -> None:
    loop = 0x1C008084
    number = cluster.add_breakpoint(loop)
    event = cluster.run(1000)[0]
    assert (event.reason, event.pc, event.ids) == ("breakpoint", loop, [number])
    cluster.remove(number)
    watch = cluster.add_watchpoint(0x10000100, 4, "write")
    event = cluster.run(1000)[0]
    assert (event.reason, event.address, event.new, event.ids) == ("watchpoint", 0x10000100, 3, [watch])


def test_the_ledger_adds_up(cluster: Cluster) -> None:
    cluster.run(300)
    assert sum(cluster.ledger(0).values()) == cluster.cycle
    assert cluster.ledger(0)["issue"] == cluster.counters(0)["instructions"]


def test_snapshot_restore_and_goto_reach_the_same_state(cluster: Cluster) -> None:
    cluster.run(50)
    digest, saved = cluster.state_digest(), cluster.snapshot()
    cluster.run(100)
    later = cluster.state_digest()
    cluster.restore(saved)
    assert (cluster.cycle, cluster.state_digest()) == (50, digest)
    cluster.run(100)
    assert cluster.state_digest() == later
    cluster.goto_cycle(50)
    assert cluster.state_digest() == digest
    cluster.goto_cycle(150)
    assert cluster.state_digest() == later


def test_history_has_a_beginning(cluster: Cluster) -> None:
    cluster.run(50)
    with pytest.raises(HistoryError, match="history begins at cycle 0"):
        cluster.goto_cycle(-1)


def test_reset_repeats_the_run(make_session: MakeSession) -> None:
    session = make_session(LOOP)
    digests = []
    for _ in range(2):
        session.restart()
        session.cluster.write_register(0, "t2", 0x10000100)
        session.cluster.run(200)
        digests.append(session.cluster.state_digest())
    assert digests[0] == digests[1]


def test_trace_records(cluster: Cluster) -> None:
    cluster.trace_start(["retire", "store"])
    cluster.run(30)
    records = cluster.trace_records()
    assert records[0][1:4] == (0, "retire", 0x1C008080)
    stores = [record for record in records if record[2] == "store"]
    assert stores[0][4:6] == (0x10000100, 3)
    cluster.trace_stop()


def test_a_callback_gets_all_trace_records(make_session: MakeSession) -> None:
    kinds = ["retire", "register", "load", "store"]

    def fresh() -> Cluster:
        cluster = make_session(LOOP).cluster
        cluster.write_register(0, "t2", 0x10000100)
        return cluster

    ring, traced = fresh(), fresh()
    ring.trace_start(kinds, capacity=1 << 20)
    heard: list[TraceRecord] = []
    with traced.tracing(heard.extend, kinds):
        traced.step(0, 3)
        traced.step_cycles(5)
        stops = traced.run(5_000)
        with pytest.raises(MachineError, match="traced already"), traced.tracing(print, kinds):
            pass
    ring.run(traced.cycle)
    assert [stop.reason for stop in stops] == ["cycles"]
    assert heard == ring.trace_records()
    assert len(heard) > 2_000
    assert traced.state_digest() == ring.state_digest()
    traced.run(100)
    assert traced.trace_records() == []


def test_a_callback_that_fails_ends_the_run_and_the_trace(cluster: Cluster) -> None:
    def fail(records: list[TraceRecord]) -> None:
        raise KeyError(records[0].kind)

    with pytest.raises(KeyError, match="retire"), cluster.tracing(fail, ["retire"]):
        cluster.run(10_000)
    assert cluster.run(10)[0].reason == "cycles"


def test_a_running_machine_refuses_a_second_call(cluster: Cluster) -> None:
    with cluster._moving, pytest.raises(TargetRunningError):
        cluster.run(10)


def test_interrupt_stops_an_endless_run(make_session: MakeSession) -> None:
    cluster = make_session("loop: j loop").cluster
    timer = threading.Timer(0.1, cluster.interrupt)
    start = time.monotonic()
    timer.start()
    events = cluster.run()
    assert events[0].reason == "interrupted"
    assert time.monotonic() - start < 5


def test_the_gil_is_released_while_running(make_session: MakeSession) -> None:
    cluster = make_session("loop: j loop").cluster
    counted = 0
    done = threading.Event()

    def run() -> None:
        cluster.run(20_000_000)
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    while not done.wait(0.001):
        counted += 1
    thread.join()
    assert counted > 5


def test_sixteen_harts() -> None:
    cluster = Cluster(ClusterConfig(harts=16))
    assert len(cluster.harts) == 17
    assert cluster.harts[16].name == "fc"


def test_devices_are_plain_data(make_session: MakeSession) -> None:
    cluster = make_session(LOOP, harts=2).cluster
    cluster.run(20)
    assert len(cluster.event_unit()["harts"]) == 2
    assert len(cluster.banks()) == len(cluster.bank_counters()) == 16
    assert len(cluster.conflict_matrix()) >= 2
    assert isinstance(cluster.dma(), dict)
    assert isinstance(cluster.icache_counters(), dict)


def test_two_harts_fight_for_a_bank(make_session: MakeSession) -> None:
    text = "lui t2, 0x10000\nloop: lw t0, 0(t2)\nlw t1, 0(t2)\nj loop"
    cluster = make_session(text, harts=4).cluster
    cluster.run(400)
    assert cluster.bank_counters()[0]["conflicts"] > 50
    assert cluster.ledger(1)["bank_conflict"] > 10
    assert sum(map(sum, cluster.conflict_matrix())) == sum(
        bank["conflicts"] for bank in cluster.bank_counters()
    )


def test_stub_file_matches_the_compiled_module() -> None:
    """Every name in _core.pyi exists in the binary, and the other way round."""
    stub = next(p for p in (Path(d) / "_core.pyi" for d in flexdbg.__path__) if p.is_file())
    declared: dict[str, set[str]] = {"": set()}
    for node in ast.parse(stub.read_text()).body:
        if isinstance(node, ast.ClassDef):
            declared[""].add(node.name)
            declared[node.name] = _members(node)
        elif isinstance(node, ast.FunctionDef):
            declared[""].add(node.name)
        elif isinstance(node, ast.AnnAssign):
            declared[""].add(node.target.id)  # type: ignore[union-attr]
    assert declared[""] == {name for name in dir(core) if not name.startswith("__")}
    for name in declared.keys() - {""}:
        members = {member for member in dir(getattr(core, name)) if not member.startswith("_")}
        assert declared[name] == members, name


def _members(node: ast.ClassDef) -> set[str]:
    names = set()
    for item in node.body:
        if isinstance(item, ast.FunctionDef):
            names.add(item.name)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            names.add(item.target.id)
    return {name for name in names if not name.startswith("_")}
