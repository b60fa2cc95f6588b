"""Why a machine stops, what it says, and that it stands at the same place whichever way it ran."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from flexdbg.errors import MemoryAccessError, TargetRunningError
from flexdbg.machine.cluster import Cluster

from .rig import CODE, EXIT, START, TCDM, Assembled, causes_sum, compute, machine, reasons, run_out

FETCH = pytest.mark.parametrize("fetch", ["ideal", "icache"])

# Harts at different places when one of them stops: hart n spins n rounds of a division loop first.
APART = """
  csrr s0, mhartid
  slli s1, s0, 1
  addi s1, s1, 3
  li s2, {place}
spin:
  div s3, s1, s0
  addi s1, s1, -1
  lw s4, 0(s2)
  bnez s1, spin
  li s5, 5
  bne s0, s5, on
there:
  {what}
on:
  addi s6, s6, 1
  mul s7, s6, s6
  j on
"""

ENDS = {
    "ebreak": ("ebreak", "ebreak"),
    "illegal": (".word 0xffffffff", "trap"),
    "format": ("csrwi simd_fmt, 0\n  csrwi sb_legacy, 0\n  .word 0xb2a5b557", "trap"),
    "unmapped load": ("li a0, 0x30000000\n  lw a1, 0(a0)", "error"),
    "unmapped store": ("li a0, 0x10300000\n  sw a1, 0(a0)", "error"),
    "fetch": ("li a0, 0x50000000\n  jr a0", "error"),
    "event unit misuse": ("li a0, 0x10204000\n  lb a1, 0(a0)", "error"),
    "exit": (
        "li a0, 0x10200000\n  li a1, 0x80000007\n  sw a1, 0x100(a0)\n  li a1, 1\n  sw a1, 0(a0)",
        "exit",
    ),
    "exit of the SoC": ("li a0, 0x1a1040a0\n  li a1, 0x80000003\n  sw a1, 0(a0)", "exit"),
}


def text(what: str) -> Assembled:
    return Assembled(APART.format(what=what, place=TCDM + 0x40))


@FETCH
@pytest.mark.parametrize("kind", ENDS)
def test_run_ahead_stops_where_lockstep_does(kind: str, fetch: str) -> None:
    what, reason = ENDS[kind]
    program = text(what)
    step, ahead, slices = (program.on(harts=8, fetch=fetch) for _ in range(3))
    (stop,) = run_out(step, fast=False)
    (fast,) = run_out(ahead)
    assert (stop.reason, stop.hart) == (reason, 5), stop.message
    fields = ("reason", "hart", "pc", "cycle", "address", "access", "size", "code", "message")
    assert [getattr(fast, name) for name in fields] == [getattr(stop, name) for name in fields]
    assert (ahead.cycle, ahead.state_digest()) == (step.cycle, step.state_digest())
    assert [hart.pc for hart in ahead.harts] == [hart.pc for hart in step.harts]
    assert ahead.exit_status == step.exit_status
    assert causes_sum(ahead) == [ahead.cycle] * 8
    while reasons(slices.run(17)) == ["cycles"]:
        pass
    assert (slices.cycle, slices.state_digest()) == (step.cycle, step.state_digest())
    # And so does what follows.
    step.run(50, fast=False)
    ahead.run(50)
    assert (ahead.cycle, ahead.state_digest()) == (step.cycle, step.state_digest())
    assert causes_sum(ahead) == [ahead.cycle] * 8


@FETCH
@pytest.mark.parametrize("kind", ENDS)
def test_going_back_over_a_stop(kind: str, fetch: str) -> None:
    cluster = text(ENDS[kind][0]).on(harts=8, fetch=fetch)
    run_out(cluster)
    cycle, digest = cluster.cycle, cluster.state_digest()
    cluster.run(40)
    later, behind = cluster.cycle, cluster.state_digest()
    for there, wanted in ((cycle, digest), (later, behind), (cycle, digest)):
        cluster.goto_cycle(cycle // 3)
        cluster.goto_cycle(there)
        assert cluster.state_digest() == wanted


@FETCH
def test_ebreak_stands_on_it_and_goes_on_behind(fetch: str) -> None:
    program = Assembled(
        "  li a0, 1\nthere:\n  ebreak\n  addi a0, a0, 1\n  ebreak\n  addi a0, a0, 1\nend:\n  j end"
    )
    cluster = program.on(fetch=fetch)
    (stop,) = run_out(cluster)
    assert (stop.reason, stop.pc, cluster.harts[0].pc) == ("ebreak", program["there"], program["there"])
    assert run_out(cluster)[0].pc > program["there"]
    assert cluster.read_register(0, "a0") == 2
    cluster.run(100)
    assert cluster.read_register(0, "a0") == 3
    assert causes_sum(cluster) == [cluster.cycle]


@FETCH
def test_illegal_instruction_then_its_trap(fetch: str) -> None:
    vectors = "  j handler\n" * 32
    program = Assembled(
        f"{vectors}  li a0, 3\nthere:\n  .word 0x0000707f\n  nop\nhandler:\n  j handler", CODE - 0x80
    )
    cluster = program.on(fetch=fetch)
    (stop,) = run_out(cluster)
    assert (stop.reason, stop.pc, stop.code) == ("trap", program["there"], 2)
    assert "illegal instruction 0x0000707f on core flexv" in stop.message
    cluster.run(12)
    assert cluster.read_register(0, 0x1342) == 2
    assert cluster.read_register(0, 0x1341) == program["there"]
    quiet = program.on(fetch=fetch, stop_on_illegal=False)
    quiet.run(200)
    assert quiet.read_register(0, 0x1341) == program["there"]


def test_an_instruction_outside_the_core_is_illegal() -> None:
    program = Assembled("there:\n  pv.mlsdotsp.b a0, a1, 0\n  ebreak")
    assert reasons(run_out(program.on())) == ["ebreak"]
    (stop,) = run_out(program.on(core="ri5cy"))
    assert (stop.reason, stop.pc) == ("trap", program["there"])
    assert "core ri5cy" in stop.message


def test_two_harts_stop_in_one_cycle() -> None:
    program = Assembled("  li a0, 1\n  ebreak")
    cluster = program.on(harts=3)
    stops = run_out(cluster)
    assert [(stop.reason, stop.hart) for stop in stops] == [("ebreak", hart) for hart in range(3)]
    assert len({stop.cycle for stop in stops}) == 1


def test_unmapped_accesses_say_where_who_and_why() -> None:
    program = text(ENDS["unmapped load"][0])
    (stop,) = run_out(program.on(harts=8))
    assert (stop.reason, stop.hart) == ("error", 5)
    assert (stop.address, stop.access, stop.size) == (0x30000000, "read", 4)
    assert program["there"] < stop.pc < program["on"]
    assert re.search(r"load of 4 bytes at 0x30000000: .*no memory or device here", stop.message)
    (stop,) = run_out(text(ENDS["unmapped store"][0]).on(harts=8))
    assert (stop.address, stop.access) == (0x10300000, "write")
    assert "debug units" in stop.message


def test_an_error_stays_until_it_is_mended() -> None:
    cluster = Assembled("  li a0, 0x30000000\nthere:\n  lw a1, 0(a0)\n  ebreak").on()
    for _ in range(3):
        assert reasons(run_out(cluster)) == ["error"]
    cluster.write_register(0, "a0", TCDM)
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert cluster.read_register(0, "a1") == 0
    assert causes_sum(cluster) == [cluster.cycle]


def test_unmapped_as_the_hardware_answers() -> None:
    cluster = Assembled("  li a0, 0x30000000\n  lw a1, 0(a0)\n  ebreak").on(unmapped_rtl=True)
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert cluster.read_register(0, "a1") == 0xBADACCE5
    assert [w["count"] for w in cluster.take_warnings()] == [1]


@FETCH
def test_deadlock_names_the_waiting(fetch: str) -> None:
    program = Assembled(
        START.format(everybody=7)
        + """
  csrr s0, mhartid
  li t6, 0x10204000
  li s1, 2
  beq s0, s1, other
  p.elw a0, 0x21c(t6)
  j finish
other:
  p.elw a0, 0x3c(t6)
"""
        + EXIT
    )
    for fast in (True, False):
        cluster = program.on(harts=3, fetch=fetch)
        (stop,) = run_out(cluster, fast=fast)
        assert stop.reason == "deadlock"
        assert re.search(
            r"hart 0: asleep at barrier 0, hart 2 missing; hart 1: .*; hart 2: asleep", stop.message
        )
        assert [hart.state for hart in cluster.harts] == ["sleeping"] * 3
        assert cluster.cycle < 300
        assert causes_sum(cluster) == [cluster.cycle] * 3
        (again,) = cluster.run(1000, fast=fast)
        assert again.reason == "deadlock"


def test_deadlock_is_none_while_a_timer_runs() -> None:
    program = Assembled("""
  li a0, 0x10200400
  li a1, 500
  sw a1, 0x10(a0)
  li a1, 0x15
  sw a1, 0(a0)
  li a0, 0x10204000
  li a1, 0x400
  sw a1, 8(a0)
  p.elw a2, 0x3c(a0)
  ebreak
""")
    cluster = program.on()
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert 500 < cluster.cycle < 600
    assert cluster.ledger(0)["event"] > 400


@pytest.mark.parametrize("status", [0, 1, 7, 255])
def test_exit_status(status: int) -> None:
    cluster = Assembled(
        f"  li a0, 0x1a1040a0\n  li a1, {0x80000000 | status:#x}\n  sw a1, 0(a0)\nend:\n  j end"
    ).on()
    assert cluster.exit_status is None
    (stop,) = run_out(cluster)
    assert (stop.reason, stop.code, cluster.exit_status) == ("exit", status, status)
    cluster.goto_cycle(5)
    assert cluster.exit_status is None


def endless(harts: int = 8) -> Cluster:
    return Assembled("loop:\n  addi a0, a0, 1\n  xor a1, a1, a0\n  mul a2, a1, a0\n  j loop").on(harts=harts)


def asleep_with_timer() -> Cluster:
    """Everybody asleep and a timer that never fires soon: the machine leaps over idle time."""
    return Assembled("""
  li a0, 0x10200400
  li a1, 1000
  sw a1, 0x10(a0)
  li a1, 0x15
  sw a1, 0(a0)
  li a0, 0x10204000
loop:
  p.elw a2, 0x3c(a0)
  j loop
""").on(harts=2)


def interrupted_after(cluster: Cluster, fast: bool) -> float:
    """Seconds from an interrupt by another thread to the stop."""
    asked: list[float] = []

    def ask() -> None:
        time.sleep(0.05)
        asked.append(time.perf_counter())
        cluster.interrupt()

    thread = threading.Thread(target=ask)
    thread.start()
    (stop,) = cluster.run(fast=fast)
    took = time.perf_counter() - asked[0]
    thread.join()
    assert stop.reason == "interrupted"
    return took


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("traced", [True, False])
def test_interrupt_from_another_thread(fast: bool, traced: bool) -> None:
    cluster = endless()
    if traced:
        cluster.trace_start(["retire"])
    # The best of a few: another process may hold the processor for longer than the machine needs.
    assert min(interrupted_after(cluster, fast) for _ in range(3)) < 0.05
    cycle, digest = cluster.cycle, cluster.state_digest()
    cluster.trace_stop()
    again = endless()
    again.run(cycle, fast=not fast)
    assert again.state_digest() == digest
    assert reasons(cluster.run(1000)) == ["cycles"], "one interrupt stops one run"


def test_interrupt_while_all_sleep_and_a_timer_ticks() -> None:
    cluster = asleep_with_timer()
    timer = threading.Timer(0.1, cluster.interrupt)
    timer.start()
    start = time.perf_counter()
    (stop,) = cluster.run()
    assert stop.reason == "interrupted"
    assert time.perf_counter() - start < 0.3
    timer.join()


def test_interrupt_of_a_long_way_through_history() -> None:
    cluster = endless()
    cluster.run(3_000_000)
    cluster.set_history_budget(1)
    timer = threading.Timer(0.05, cluster.interrupt)
    timer.start()
    start = time.perf_counter()
    stops = cluster.goto_cycle(2_000_000_000)
    assert time.perf_counter() - start < 0.3
    timer.join()
    assert reasons(stops) == ["interrupted"]
    assert reasons(cluster.run(1000)) == ["cycles"]


def test_control_c_on_the_main_thread() -> None:
    cluster = endless()
    timer = threading.Timer(0.1, signal.raise_signal, [signal.SIGINT])
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        start = time.perf_counter()
        with pytest.raises(KeyboardInterrupt):
            cluster.run()
        assert time.perf_counter() - start < 0.3
    finally:
        signal.signal(signal.SIGINT, old)
        timer.join()
    cycle, digest = cluster.cycle, cluster.state_digest()
    assert cycle > 0
    assert reasons(cluster.run(100)) == ["cycles"]
    again = endless()
    again.run(cycle, fast=False)
    assert again.state_digest() == digest


@pytest.fixture
def running() -> Iterator[Cluster]:
    cluster = endless()
    thread = threading.Thread(target=cluster.run)
    thread.start()
    while not cluster.running:
        time.sleep(0.001)
    yield cluster
    cluster.interrupt()
    thread.join()


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.run(5),
        lambda c: c.step(0),
        lambda c: c.step_cycles(1),
        lambda c: c.goto_cycle(0),
    ],
)
def test_one_caller_at_a_time(running: Cluster, call: Callable[[Cluster], object]) -> None:
    with pytest.raises(TargetRunningError):
        call(running)


def test_bad_arguments() -> None:
    cluster = machine("hello")
    with pytest.raises(MemoryAccessError):
        cluster.read_memory(0x30000000, 4)
    with pytest.raises(MemoryAccessError):
        cluster.write_memory(TCDM + cluster.config.tcdm_size * 16, b"1234")
    with pytest.raises(MemoryAccessError):
        cluster.read_memory(0xFFFFFFFE, 4)
    with pytest.raises(ValueError, match="register"):
        cluster.native.read_register(0, 99)
    with pytest.raises(ValueError, match="hart 9 does not exist"):
        cluster.native.registers(9)
    with pytest.raises(ValueError, match="trace kind"):
        cluster.trace_start(["everything"])


def test_cycle_limits() -> None:
    cluster = compute(2).on(harts=2)
    assert reasons(cluster.run(0)) == ["cycles"]
    assert cluster.cycle == 0
    (stop,) = cluster.run(123)
    assert (stop.reason, stop.cycle, cluster.cycle) == ("cycles", 123, 123)
    cluster.step_cycles(7)
    assert cluster.cycle == 130


def test_code_runs_anew_at_an_alias_when_it_is_patched() -> None:
    """The TCDM is at 0x10000000, and at 0 for the cluster's harts."""
    program = Assembled(
        f"""
        la a0, routine
        li a1, {TCDM}
        li a2, 8
        lp.setup x0, a2, copied
        lw a3, (a0)
        addi a0, a0, 4
        sw a3, (a1)
copied: addi a1, a1, 4
        jalr ra, 0(zero)
        mv s0, a0
        li a1, {TCDM}
        la a2, other
        lw a2, (a2)
        sw a2, (a1)
        jalr ra, 0(zero)
end:    j end
routine:
        li a0, 11
        ret
        .align 2
other:  li a0, 22
        ret
"""
    )
    cluster = program.on(harts=1, boot="cluster", fc=0)
    cluster.add_breakpoint(program["end"])
    assert reasons(run_out(cluster)) == ["breakpoint"]
    assert [cluster.read_register(0, name) for name in ("s0", "a0")] == [11, 22]
