"""Sessions: breakpoints with conditions and counts, watchpoints, stepping, stops of several harts."""

import threading
from collections.abc import Callable

import pytest

from flexdbg import Session
from flexdbg.debug.stops import Reason
from flexdbg.errors import CommandError

MakeSession = Callable[..., Session]

COUNTER = 0x10000100
LOOP = """
start:
    lui t2, 0x10000
    addi t0, x0, 5
loop:
    addi t1, t1, 3
    sw t1, 0x100(t2)
    addi t0, t0, -1
    bne t0, x0, loop
done:
    lui t3, 0x1a104
    lui t4, 0x80000
    addi t4, t4, 7
    sw t4, 0xa0(t3)
    j .
"""
SYMBOLS = {"counter": (COUNTER, 4, "object")}

CALLS = """
start:
    lui sp, 0x10001
    addi a0, x0, 3
    jal ra, outer
after:
    addi a1, a0, 0
    j .
outer:
    addi sp, sp, -16
    sw ra, 12(sp)
    jal ra, inner
back:
    lw ra, 12(sp)
    addi sp, sp, 16
    jalr x0, 0(ra)
inner:
    addi a0, a0, 1
leaf_end:
    jalr x0, 0(ra)
"""

FUNCTIONS = {
    "start": (0x1C008080, 20, "func"),
    "outer": (0x1C008094, 24, "func"),
    "inner": (0x1C0080AC, 8, "func"),
}


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(LOOP, symbols=SYMBOLS)


def test_breakpoint_reports_number_hart_and_pc(session: Session) -> None:
    made = session.add_breakpoint("loop")
    stop = session.resume()
    assert (stop.reason, stop.breakpoints, stop.hart) == (Reason.BREAKPOINT, (made.number,), 0)
    assert stop.pc == session.pc == session.address_of("loop")
    assert session.resume().breakpoints == (made.number,)
    assert made.hits == 2


def test_condition_ignore_count_and_temporary(session: Session) -> None:
    session.add_breakpoint("loop", condition="$t0 == 2")
    session.resume()
    assert session.current.read("t0") == 2
    session.restart()
    session.breakpoints.clear()
    made = session.add_breakpoint("loop")
    made.ignore = 3
    session.resume()
    assert session.current.read("t0") == 2
    session.breakpoints.clear()
    session.add_breakpoint("done", temporary=True)
    assert session.resume().temporary
    assert len(session.breakpoints) == 0


def test_disabled_breakpoints_do_not_stop(session: Session) -> None:
    made = session.add_breakpoint("loop")
    session.breakpoints.enable(made.number, False)
    stop = session.resume()
    assert (stop.reason, stop.code) == (Reason.EXIT, 7)
    assert session.exited


def test_a_condition_that_cannot_be_tested_stops_with_an_error(session: Session) -> None:
    session.add_breakpoint("loop", condition="$nosuch == 1")
    with pytest.raises(CommandError, match="Error in testing condition for breakpoint 1"):
        session.resume()


def test_watchpoint_reports_old_and_new_value(session: Session) -> None:
    session.cluster.write_memory(COUNTER, bytes(4))
    made = session.add_watchpoint("counter")
    changes = session.resume().changes
    assert [(c.number, c.access, c.address, c.size, c.old, c.new) for c in changes] == [
        (made.number, "write", COUNTER, 4, 0, 3)
    ]
    assert session.resume().changes[0].new == 6


def test_watch_ignores_stores_of_the_same_value(make_session: MakeSession) -> None:
    session = make_session(
        "lui t2, 0x10000\nsw x0, 0x100(t2)\nsw x0, 0x100(t2)\naddi t0, x0, 9\nsw t0, 0x100(t2)\nloop: j loop"
    )
    session.cluster.write_memory(COUNTER, bytes(4))
    session.add_watchpoint(hex(COUNTER))
    assert session.resume(1000).changes[0].new == 9


def test_read_watchpoint(make_session: MakeSession) -> None:
    session = make_session("lui t2, 0x10000\nsw x0, 0x100(t2)\nlw t0, 0x100(t2)\nloop: j loop")
    session.add_watchpoint(f"*{COUNTER:#x}", kind="rwatch")
    stop = session.resume(1000)
    assert stop.changes[0].access == "read"


def test_breakpoint_for_one_hart(make_session: MakeSession) -> None:
    session = make_session(LOOP, harts=4)
    session.add_breakpoint("loop", hart=2)
    for _ in range(3):
        assert session.resume().hart == 2


def test_all_harts_of_one_cycle_are_named(make_session: MakeSession) -> None:
    session = make_session("start: nop\nnop\nhere: nop\nj .", harts=4)
    session.add_breakpoint("here")
    stop = session.resume()
    assert stop.hart == 0
    assert [hart for hart, _ in stop.others] == [1, 2, 3]
    assert session.resume(100).reason is not Reason.BREAKPOINT


def test_stop_selects_the_hart(make_session: MakeSession) -> None:
    session = make_session(LOOP, harts=4)
    session.add_breakpoint("loop", hart=3)
    session.resume()
    assert session.hart == 3


def test_step_advances_the_others_unless_locked(make_session: MakeSession) -> None:
    session = make_session("loop: addi t0, t0, 1\nj loop", harts=2)
    session.step_instructions(10)
    assert session.cluster.read_register(1, "t0") > 0
    other = session.cluster.read_register(1, "t0")
    session.scheduler_locking = "step"
    session.step_instructions(10)
    assert session.cluster.read_register(1, "t0") == other


def test_step_cycles(session: Session) -> None:
    stop = session.step_cycles(5)
    assert (stop.reason, session.cluster.cycle) == (Reason.CYCLES, 5)


def test_goto_goes_back_and_forward(session: Session) -> None:
    session.step_cycles(20)
    digest = session.cluster.state_digest()
    session.step_cycles(10)
    session.goto_cycle(20)
    assert session.cluster.state_digest() == digest


def test_exit_ends_the_program(session: Session) -> None:
    stop = session.resume()
    assert (stop.reason, stop.code, stop.ended) == (Reason.EXIT, 7, True)
    with pytest.raises(CommandError, match="has exited"):
        session.step_instructions()
    session.restart()
    assert session.step_instructions().reason is Reason.STEP


def test_unmapped_access_stops_with_a_diagnosis(make_session: MakeSession) -> None:
    session = make_session("lui t0, 0x60000\nnop\nlw t1, 0(t0)\nj .")
    stop = session.resume(1000)
    assert stop.reason is Reason.ERROR
    assert "60000000" in stop.message


def test_deadlock_is_explained(make_session: MakeSession) -> None:
    session = make_session("lui t0, 0x10204\np.elw t1, 0x3c(t0)\nj .", harts=2)
    stop = session.resume(10_000)
    assert stop.reason is Reason.DEADLOCK
    assert stop.message


def test_illegal_instruction_stops(make_session: MakeSession) -> None:
    session = make_session("nop\n.word 0xffffffff\nj .")
    stop = session.resume(1000)
    assert stop.reason is Reason.TRAP
    assert session.pc == 0x1C008084


def test_ebreak_stops(make_session: MakeSession) -> None:
    session = make_session("nop\nebreak\nj .")
    assert session.resume(1000).reason is Reason.EBREAK


def test_program_output_reaches_the_listener(make_session: MakeSession) -> None:
    session = make_session(
        "lui t0, 0x1a10f\naddi t1, x0, 72\nsw t1, 0(t0)\naddi t1, x0, 10\nsw t1, 0(t0)\nhere: nop\nj ."
    )
    collected: list[bytes] = []
    session.on_output = lambda output: collected.extend(data for _, data in output)
    session.add_breakpoint("here")
    session.resume()
    assert b"".join(collected) == b"H\n"


def test_backtrace_without_debug_information(make_session: MakeSession) -> None:
    session = make_session(CALLS, symbols=FUNCTIONS)
    session.add_breakpoint("leaf_end")
    session.resume()
    frames = session.frames()
    assert [frame.pc for frame in frames] == [
        session.pc,
        session.address_of("back"),
        session.address_of("after"),
    ]
    assert frames[2].sp == 0x10001000


def test_finish_runs_to_the_caller_and_gives_the_value(make_session: MakeSession) -> None:
    session = make_session(CALLS, symbols=FUNCTIONS)
    session.add_breakpoint("inner", temporary=True)
    session.resume()
    stop = session.finish()
    assert (stop.reason, stop.finished, stop.value) == (Reason.STEP, "inner", 4)
    assert session.pc == session.address_of("back")
    session.finish()
    assert session.pc == session.address_of("after")
    with pytest.raises(CommandError, match="outermost frame"):
        session.finish()


def test_nexti_takes_a_call_as_one(make_session: MakeSession) -> None:
    session = make_session(CALLS, symbols=FUNCTIONS)
    session.step_instructions(2)
    session.next_instructions()
    assert session.pc == session.address_of("after")
    assert session.current.read("a0") == 4


def test_nexti_stops_at_a_breakpoint_inside_the_call(make_session: MakeSession) -> None:
    session = make_session(CALLS, symbols=FUNCTIONS)
    session.step_instructions(2)
    session.add_breakpoint("inner")
    assert session.next_instructions().reason is Reason.BREAKPOINT


def test_nexti_in_a_recursion_stops_in_its_own_frame(make_session: MakeSession) -> None:
    session = make_session(
        """
    lui sp, 0x10001
    addi a0, x0, 4
    jal ra, recurse
after:
    j .
recurse:
    addi sp, sp, -16
    sw ra, 12(sp)
    beq a0, x0, out
    addi a0, a0, -1
call:
    jal ra, recurse
behind:
    nop
out:
    lw ra, 12(sp)
    addi sp, sp, 16
    jalr x0, 0(ra)
"""
    )
    session.add_breakpoint("call", temporary=True)
    session.resume()
    sp = session.current.read("sp")
    session.next_instructions()
    assert session.pc == session.address_of("behind")
    assert session.current.read("sp") == sp
    assert session.current.read("a0") == 0


def test_advance_stops_at_the_location(session: Session) -> None:
    session.advance("done")
    assert session.pc == session.address_of("done")


def test_a_session_without_a_program_says_so(session: Session) -> None:
    bare = Session(session.cluster)
    with pytest.raises(CommandError, match="No program"):
        bare.resume()


def test_interrupt_from_another_thread(make_session: MakeSession) -> None:
    session = make_session("loop: j loop")
    threading.Timer(0.1, session.interrupt).start()
    assert session.resume().reason is Reason.INTERRUPTED


def test_worker_sessions_behave_the_same(session: Session) -> None:
    threaded = Session(session.cluster, session.program, threaded=True)
    threaded.add_breakpoint("loop")
    assert threaded.resume().reason is Reason.BREAKPOINT
    assert threaded.step_instructions(3).reason is Reason.STEP
    with pytest.raises(CommandError):
        threaded.advance("nowhere")
