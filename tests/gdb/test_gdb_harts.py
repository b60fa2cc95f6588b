"""A real GDB and several harts: stops of others while one is moved past its breakpoint, in both directions,
and which hart goes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .gdbrun import HISTORY_ENDS, Script, values

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
    assert HISTORY_ENDS.search(said)
    back, again = values(said)
    assert back == again


BACK = "reverse-stepi\nprint $_thread\n"
AT_KERNEL = "break matmul_4x4_a8w4\ncontinue\ndelete\nprint $_thread\n"


def test_a_step_back_is_the_hart_s_that_stopped_or_was_selected(gdb: Script) -> None:
    said = gdb(
        AT_KERNEL
        + f"info threads\n{BACK}thread 6\n{BACK}info threads\nthread 8\n{BACK}"
        + f"thread apply all print $pc\n{BACK}thread 5\ninfo threads\n{BACK}"
        + f"info threads\nthread apply all -q print $pc\nx/i $pc\n{BACK}"
    )
    numbers = values(re.sub(r"\(void.*", "-1", said))
    stopped, *back = [number for number in numbers if number >= 0]
    assert back == [stopped, 6, 8, 8, 5, 5]
    assert "SIGTRAP" not in said


def test_with_the_script_it_is_never_a_guess(gdb: Script) -> None:
    """GDB comes back from `thread apply 3` without a word; a hook of the script says where it is."""
    said = gdb(
        AT_KERNEL
        + f"thread apply 3 print $ra != 0\n{BACK}thread 6\nthread apply 3 info registers pc\n{BACK}",
        script=True,
    )
    stopped, _, back, again = values(said)
    assert (back, again) == (stopped, 6)
    assert "SIGTRAP" not in said
