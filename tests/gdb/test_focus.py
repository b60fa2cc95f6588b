"""Which hart goes back, from what GDB says about harts."""

from __future__ import annotations

from flexdbg.gdb.focus import Focus

HARTS = 4


def focus(*said: str) -> int:
    """The hart after a stop of hart 2 and packets such as T0, H3."""
    it = Focus(HARTS)
    it.stopped(2)
    for word in said:
        (it.picked if word[0] == "T" else it.asked)(int(word[1]))
    return it.hart


def test_the_one_that_stopped() -> None:
    assert focus() == 2
    assert focus("H0", "H1", "H3") == 2  # info threads


def test_the_one_that_was_selected() -> None:
    assert focus("T3", "H3") == 3
    assert focus("T3", "H3", "H0", "H1") == 3  # info threads after it
    assert focus("T3", "T1", "H1") == 1
    assert focus("H0", "H1", "H3", "T1") == 1  # what info threads has read is not read again


def test_thread_apply_all_selects_nothing() -> None:
    assert focus("T3", "H3", "T2", "T1", "H1", "T0", "H0") == 2
    assert focus("T1", "H1", "T3", "H3", "T2", "T1", "T0", "H0") == 1
    assert focus("T3", "T2", "T1", "T0", "T1") == 1


def test_a_look_at_the_one_before_shows_that_thread_apply_has_ended() -> None:
    assert focus("T3", "H3", "H2") == 2
    assert focus("T1", "H1", "T3", "H3", "H1") == 1


def test_without_a_selection_it_is_the_one_that_was_looked_at() -> None:
    assert focus("H1") == 1
    assert focus("H0", "H1", "H3", "H0") == 0
