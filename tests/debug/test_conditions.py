"""Conditions that the core evaluates: the same values as in Python, the same stops, fewer of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg.catalog import bundled_program
from flexdbg.debug.conditions import core_condition
from flexdbg.debug.expressions import compile_expression
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Reason
from flexdbg.errors import CommandError, FlexdbgError
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.machine.loader import load_program

MakeSession = Callable[..., Session]

NUMBERS = st.sampled_from(("0", "1", "2", "3", "31", "32", "255", "0x7fffffff", "0x80000000", "0xffffffff"))
LEAVES = NUMBERS | st.sampled_from(
    (
        *("$a0", "$t0", "$s3", "$sp", "$pc", "$nn_w0", "$nn_a1", "$a_addr", "$simd_fmt", "$mcause"),
        *(
            "$a_count",
            "$nn_w0.i4[2]",
            "$nn_w0.u2[15]",
            "$a0.i8[3]",
            "$a0.u16[1]",
            "hart",
            "cycle",
            "$_thread",
        ),
        *(
            "*0x10000400",
            "{char}0x10000403",
            "{unsigned short}0x10000402",
            "*(char *)0x10000401",
            "main",
            "$nosuch",
        ),
        *("workload_weights", "(char)$a0", "(unsigned)$a0", "*$sp", "{int}0x12345678"),
    )
)
OPERATORS = ("||", "&&", "|", "^", "&", "==", "!=", "<", "<=", ">", ">=", "<<", ">>", "+", "-", "*", "/", "%")


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    return binary | st.tuples(st.sampled_from("-~!"), inner).map(lambda t: f"({t[0]} {t[1]})")


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=12)


@cache
def kernel() -> Session:
    session = Session(
        Cluster(load_config(None, ["harts=2"])), load_program(bundled_program("matmul-a8w4").path)
    )
    session.resume(40_000)
    return session


def in_python(session: Session, text: str) -> int | None:
    try:
        return session.evaluate(text).scalar()
    except FlexdbgError:
        return None


@given(EXPRESSIONS)
@settings(max_examples=1500)
def test_the_core_makes_of_an_expression_what_python_makes(text: str) -> None:
    session = kernel()
    condition = core_condition(session, compile_expression(text))
    if condition is not None:
        assert session.cluster.condition_value(session.hart, condition) == in_python(session, text)


@pytest.mark.parametrize(
    "text", ["$a0 > 5 && hart == 2", "$nn_w0.i4[2] == -3", "*0x10000400 != 0", "bank == 3", "cycle > 1000"]
)
def test_what_people_write_goes_to_the_core(text: str) -> None:
    assert core_condition(kernel(), compile_expression(text)) is not None


@pytest.mark.parametrize("text", ["$mine == 1", "$a0 = 5", "$a0 ? 1 : 0", "((char *)$sp)[1] == 2"])
def test_what_does_not_go_there_is_still_evaluated(text: str) -> None:
    assert core_condition(kernel(), compile_expression(text)) is None


LOOP = """
start:
    addi t0, x0, 200
loop:
    addi t1, t1, 3
    addi t0, t0, -1
    bne t0, x0, loop
done:
    j done
"""


def stops(session: Session, count: int) -> list[tuple[int, int, int]]:
    out = []
    for _ in range(count):
        stop = session.resume(5000)
        if stop.reason is Reason.CYCLES:
            break
        out.append((stop.cycle, stop.pc, session.current.read("t0")))
    return out


@pytest.mark.parametrize("condition", ["$t0 == 150", "$t0 % 50 == 0 && hart == 1", "$t0 < 3", "$t1 == 30"])
def test_both_evaluations_stop_at_the_same_places(make_session: MakeSession, condition: str) -> None:
    """A ternary keeps the same condition away from the core."""
    found = []
    for text in (condition, f"({condition}) ? 1 : 0"):
        for where in ("loop", ""):
            session = make_session(LOOP, harts=2)
            made = (
                session.add_breakpoint(where, condition=text)
                if where
                else session.add_event("", condition=text)
            )
            seen = stops(session, 6)
            back = [session.reverse_resume().cycle for _ in seen[1:]]
            found.append((where, seen, back, made.hits > 0))
    assert found[:2] == found[2:]
    assert found[0][1] and found[1][1]


def test_a_false_condition_costs_no_stop(make_session: MakeSession) -> None:
    session = make_session(LOOP)
    session.add_breakpoint("loop", condition="$t0 == 0x1234")
    session.add_event("", condition="$t0 == 0x1234")
    # The core itself never comes back: one call of it spends the whole budget.
    events = session.cluster.run(3000)
    assert [event.reason for event in events] == ["cycles"]


def test_changed_conditions_and_programs_reach_the_core(make_session: MakeSession) -> None:
    session = make_session(LOOP)
    made = session.add_breakpoint("loop", condition="$t0 == 0x1234")
    session.breakpoints.set_condition(made.number, compile_expression("$t0 == 9"))
    session.resume()
    assert session.current.read("t0") == 9
    session.breakpoints.set_condition(made.number, None)
    session.resume()
    assert session.current.read("t0") == 8


def test_an_error_in_a_condition_stops_the_machine(make_session: MakeSession) -> None:
    session = make_session(LOOP)
    session.add_breakpoint("loop", condition="1 / ($t0 - 190) == 100")
    with pytest.raises(CommandError, match="condition for breakpoint 1: division by zero"):
        session.resume()
    assert session.current.read("t0") == 190
