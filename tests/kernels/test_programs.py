"""The bundled programs do what their summaries promise, on any number of harts, without a warning."""

import re

import pytest

from flexdbg.catalog import bundled_programs

from .bundle import prepare


@pytest.mark.parametrize("harts", [1, 3, 8, 16])
@pytest.mark.parametrize("boot", ["fc", "cluster"])
def test_hello_comes_from_every_hart_in_order(harts: int, boot: str) -> None:
    run = prepare("hello", harts=harts, boot=boot).go()
    assert run.status == 0
    assert run.text.splitlines() == [f"hello from hart {hart} of {harts}" for hart in range(harts)]


def test_barrier_is_left_together_by_harts_that_arrive_apart() -> None:
    run = prepare("barrier").go()
    rows = [tuple(map(int, row)) for row in re.findall(r"arrived at +(\d+), left at +(\d+)", run.text)]
    rounds = [rows[i : i + 8] for i in range(0, len(rows), 8)]
    assert len(rounds) == 3
    for round_ in rounds:
        arrivals, departures = zip(*round_, strict=True)
        assert max(arrivals) - min(arrivals) > 300
        assert min(departures) > max(arrivals)
        assert max(departures) - min(departures) < 20  # they read one timer, one after the other


def test_bankfight_costs_a_cycle_per_hart_and_load() -> None:
    run = prepare("bankfight").go()
    same, own = (float(rate) for rate in re.findall(r"([\d.]+) per load", run.text))
    assert same == pytest.approx(8, rel=0.02)
    assert own == pytest.approx(1, rel=0.03)


def test_dotp_gets_faster_with_simd_and_again_with_macload() -> None:
    run = prepare("dotp").go()
    assert run.status == 0
    scalar, simd, macload = (float(rate) for rate in re.findall(r"([\d.]+) MAC/cycle", run.text))
    assert simd > 3 * scalar
    assert macload > 1.4 * simd


@pytest.mark.parametrize("harts", [1, 8])
def test_dma_copy_transforms_every_word(harts: int) -> None:
    run = prepare("dma-copy", harts=harts).go()
    assert run.status == 0
    assert " 0 words wrong" in run.text


@pytest.mark.parametrize("name", ["hello", "barrier", "bankfight", "dma-copy"])
def test_programs_listed_for_ri5cy_need_no_more(name: str) -> None:
    assert prepare(name, core="ri5cy").go().status == 0


@pytest.mark.parametrize("name", [program.name for program in bundled_programs()])
def test_no_bundled_program_gives_cause_for_a_warning(name: str) -> None:
    assert prepare(name).go().cluster.take_warnings() == []
