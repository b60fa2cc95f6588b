"""A real GDB and the end of the program: going back from there, and to the same end again."""

from __future__ import annotations

import re

from .gdbrun import Script, values

TO_THE_END = "break main\ncontinue\ndelete\nbreak fc_start\ncontinue\n"


def test_goes_back_from_the_end_of_the_program_and_to_it_again(gdb: Script) -> None:
    said = gdb(
        "monitor stop-at-exit on\ncontinue\nprint $cycle\n"
        "break main thread 3\nreverse-continue\nprint $cycle\ndelete\n"
        "continue\nprint $cycle\ncontinue\ninfo program\n",
        "hello",
    )
    end, back, again = values(said)
    assert back < end == again
    assert said.count(f"[the program has exited with status 0, cycle {end:,}; time can go back") == 2
    assert 'Thread 3 "hart 2" hit Breakpoint 1, main ()' in said
    assert said.count("exited normally") == 1
    assert "The program being debugged is not being run." in said


def test_whoever_has_gone_back_stands_at_the_end(gdb: Script) -> None:
    said = gdb("stepi\nreverse-stepi\ncontinue\nreverse-stepi\ncontinue\nprint $cycle\n", "hello")
    assert "exited normally" not in said
    assert said.count("[the program has exited with status 0") == 2
    assert values(said)[0] == gdb.session.cluster.cycle  # type: ignore[attr-defined]


def test_a_program_that_has_ended_can_be_attached_to(gdb: Script) -> None:
    """The session ends with the program; the machine stays where it is."""
    said = gdb(
        "target extended-remote $place\ncontinue\nattach 1\nprint $cycle\nreverse-stepi\nprint $cycle\n",
        "hello",
    )
    assert "exited normally" in said
    end, back = values(said)
    assert back < end


def test_an_exit_with_a_status(gdb: Script) -> None:
    said = gdb("monitor stop-at-exit off\nbreak main thread 1\ncontinue\ncall (void)exit(3)\n", "hello")
    assert re.search(r"exited with code 0?3", said)
