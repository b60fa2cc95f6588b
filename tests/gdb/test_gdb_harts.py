"""A real GDB and several harts: stops of others while one is moved past its breakpoint, in both directions,
and which hart goes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .gdbrun import Script, values

# Stepped behind the division, hart 0 waits at `behind` until it is done; meanwhile hart 1 comes to `meet`.
STRADDLE = """
start:
  csrr a0, mhartid
  andi a0, a0, 15
  li a1, -1
  li a3, 3
  bnez a0, second
  nop
divide:
  div a2, a1, a3
behind:
  addi a2, a2, 1
  {nop}
meet:
  addi a4, a4, 1
  beqz a0, end
spin:
  j spin
second:
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  j meet
end:
  j end
"""


def place(session: Any, label: str) -> str:
    return f"*{session.symbols.find(label).address:#x}"


def hits(said: str) -> list[tuple[str, str]]:
    """(thread, breakpoint) in order."""
    return re.findall(r'Thread (\d) "hart \d" hit (?:Breakpoint|breakpoint) (\d)', said)


def behind_the_division(session: Any) -> str:
    """Commands that bring hart 0 to breakpoint 2, at `behind`, and arm 3 at `meet`."""
    divide, behind, meet = (place(session, label) for label in ("divide", "behind", "meet"))
    return f"break {divide} thread 1\ncontinue\nbreak {behind}\nbreak {meet}\ncontinue\nprint $cycle\n"


def test_a_step_over_hears_of_nobody_else_and_loses_nothing(
    gdb: Script, make_session: Callable[..., Any]
) -> None:
    """GDB gives up if another hart stops while it moves one past a breakpoint."""
    session = make_session(STRADDLE.format(nop="nop"), harts=2)
    said = gdb(behind_the_division(session) + "continue\nprint $cycle\ncontinue\nprint $cycle\n", session)
    assert "internal-error" not in said
    assert hits(said) == [("1", "1"), ("1", "2"), ("2", "3"), ("1", "3")]
    cycles = values(said)
    assert cycles == sorted(cycles)


def test_a_way_back_past_a_removed_breakpoint_meets_those_of_others(
    gdb: Script, make_session: Callable[..., Any]
) -> None:
    """GDB takes hart 0 back past a breakpoint that is meant for hart 1 only, with the breakpoint removed;
    in the midst of that step hart 1 stood there."""
    session = make_session(STRADDLE.format(nop=""), harts=2)
    meet, end = place(session, "meet"), place(session, "end")
    said = gdb(
        f"break {end} thread 1\ncontinue\ndelete\nbreak {meet} thread 2\nreverse-continue\nprint $cycle\n"
        "reverse-continue\ncontinue\nprint $cycle\n",
        session,
    )
    assert "internal-error" not in said
    assert hits(said) == [("1", "1"), ("2", "2"), ("2", "2")]
    assert "No more reverse-execution history" in said
    back, again = values(said)
    assert back == again
