"""Every cause of the ledger: a small program that provokes it, and what `why` says about it."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.debug.why import Why, why_all

EU = "li a0, 0x10204000\n"
# Hart 0 goes on, the others jump to `other`.
SPLIT = "csrr t0, mhartid\nandi t0, t0, 0xf\nbnez t0, other\n"
DMA = (
    "li a0, 0x10204400\nli t0, 12\nli t1, 0x60200\nli t2, 0x10002000\nli t3, 0x1c010000\n"
    "again: lw a2, 0(a0)\nsw t1, 0(a0)\nsw t2, 0(a0)\nsw t3, 0(a0)\naddi t0, t0, -1\nbnez t0, again\n"
)
LATE = "li t1, 60\nlate: addi t1, t1, -1\nbnez t1, late\n"


@dataclass(frozen=True)
class Case:
    code: str
    words: str  # regular expression
    harts: int = 1
    named: tuple[int, ...] = ()
    fetch: str = "ideal"
    hart: int = 0


CASES = {
    "issue": Case(
        "lui a1, 0x10000\nsw x0, 8(a1)", r"executed `sw zero, 8\(a1\)` at .*wrote 0x10000008 in bank 2"
    ),
    "load_use": Case("lui a1, 0x10000\nlw a2, 0(a1)\nadd a3, a2, a2", r"needs a2 from `lw a2, 0\(a1\)`"),
    "macload_hazard": Case(
        "csrwi sb_legacy, 0\ncsrwi simd_fmt, 2\nlui a1, 0x10000\ncsrw a_addr, a1\nnop\n"
        "pv.mlsdotup.v x0, x0, 8\npv.mlsdotup.v a2, x0, 0",
        r"names NN register A0, which `pv\.mlsdotup\.v .*refills",
    ),
    "branch": Case("beq x0, x0, 1f\nnop\n1: nop", r"taken branch `beqz zero.*killed the two instructions"),
    "jump": Case("jal ra, 1f\nnop\n1: nop", r"fetches the target of `jal"),
    "jump_register": Case(
        "la a1, 1f\nlui a2, 0x10000\nsw a1, 0(a2)\nlw a1, 0(a2)\njr a1\nnop\n1: nop",
        r"jumps to a1, which `lw a1, 0\(a2\)`.* has only just computed or loaded",
    ),
    "fetch": Case("c.nop\nj 1f\nc.nop\n1: .word 0x00000013\nnop\nnop", r"on its way from the fetch queue"),
    "icache": Case("nop", r"asked of L2 in cycle \d+; hart 1 waits for the same line", 2, (1,), "icache"),
    "bank_conflict": Case(
        "lui a1, 0x10000\n" + "lw a2, 0(a1)\n" * 8,
        r"lost bank 0 \(for 0x10000000\) to hart 1, `lw a2, 0\(a1\)` at",
        2,
        (1,),
    ),
    "l2": Case("lui a1, 0x1c008\nlw a2, 0x80(a1)\nnop\nnop", r"waits for the L2 at 0x1c008080"),
    "peripheral": Case(
        "li a1, 0x10200000\nlw a2, 0x20(a1)\nnop", r"waits for the device register at 0x10200020"
    ),
    "misaligned": Case("lui a1, 0x10000\nlw a2, 2(a1)\nnop", r"0x10000002 crosses a word"),
    "multi_cycle": Case("li a1, 7\ndivu a2, a1, a1", r"still executing `divu a2, a1, a1`"),
    "csr_flush": Case("csrr a1, mstatus\nnop", r"refills the pipeline that `csrr a1, mstatus`.*flushed"),
    "trap": Case(
        "la a1, handler\ncsrw mtvec, a1\necall\nnop\n.balign 256\nhandler: nop",
        r"trap handler \(last: ecall\)",
    ),
    "elw": Case(
        EU + "lui a1, 0x20\nsw a1, 8(a0)\np.elw a2, 0xc0(a0)\nadd a2, a2, a2",
        r"is held behind `p\.elw a2, 192\(a0\)`.*not asleep: the event unit answers",
    ),
    "barrier": Case(
        EU
        + "li a1, 1 << 16\nsw a1, 0(a0)\nli a1, 3\nsw a1, 0x200(a0)\nsw a1, 0x20c(a0)\n"
        + SPLIT
        + "p.elw a2, 0x21c(a0)\nj done\nother:\n"
        + LATE
        + "p.elw a2, 0x21c(a0)\ndone:",
        r"barrier 0.*hart 1 missing; hart 1 is at ",
        2,
        (1,),
    ),
    "event": Case(
        EU
        + SPLIT
        + "li a1, 1\nsw a1, 8(a0)\np.elw a2, 0x3c(a0)\nj done\nother:\n"
        + LATE
        + "li a1, 1\nsw a1, 0x104(a0)\ndone:",
        r"asleep until event line 0 \(software\)",
        2,
    ),
    "mutex": Case(
        EU + "lui a1, 0x20\nsw a1, 8(a0)\n" + SPLIT + "nop\n" * 20 + "p.elw a2, 0xc0(a0)\nj done\nother:\n"
        "p.elw a2, 0xc0(a0)\n" + LATE + "sw x0, 0xc0(a0)\ndone:",
        r"mutex 0.*owned by hart 1; hart 1 is at ",
        2,
        (1,),
    ),
    "dispatch": Case(
        EU
        + "li a1, 3\nsw a1, 0x84(a0)\nli a1, 1 << 18\nsw a1, 8(a0)\n"
        + SPLIT
        + "p.elw a2, 0x80(a0)\nj done\n"
        "other:\n" + LATE + "sw a1, 0x80(a0)\ndone:",
        r"asleep at the dispatch FIFO, no value for this hart",
        2,
    ),
    "wfi": Case(
        "li a0, 0x10204000\nli a1, 0x400\nsw a1, 0x14(a0)\nli a2, 0x10200400\nli a1, 100\nsw a1, 0x10(a2)\n"
        "li a1, 0x15\nsw a1, 0(a2)\nwfi",
        r"is asleep in wfi until an interrupt",
    ),
    "dma": Case(
        DMA,
        r"transfer \d+ of hart 1 \(512 bytes\) runs, \d+ more wait.*hart 1 waits for the port too",
        2,
        (1,),
    ),
    "stopped": Case("nop", r"is off|held by the debugger|just being started"),
}


def test_the_table_is_complete(make_session: Callable[..., Session]) -> None:
    assert {*CASES, "slow_data"} == set(make_session("nop").cluster.harts[0].ledger)


def test_late_data(make_program: Callable[..., object]) -> None:
    """Only a scripted data port is slower than one cycle and no memory or device of its own."""
    config = ClusterConfig().changed({"boot": "cluster", "fc": 0, "harts": 1, "fetch": "ideal"})
    cluster = Cluster(config, harness={"data_port": {"latency": [4]}})
    session = Session(cluster, make_program("lui a1, 0x10000\nlw a2, 0(a1)\nlw a3, 4(a1)\nnop\nebreak"))
    session.resume(100)
    told = [row[0] for row in all_causes(session) if row[0].cause == "slow_data"]
    assert told and all("data that come later than one cycle" in one.text for one in told)


def all_causes(session: Session) -> list[tuple[Why, ...]]:
    return [why_all(session, cycle) for cycle in range(session.cluster.cycle)]


@pytest.mark.parametrize("cause", CASES)
def test_each_cause(make_session: Callable[..., Session], cause: str) -> None:
    case = CASES[cause]
    session = make_session(f"{case.code}\nnop\nnop\nebreak\n", harts=case.harts, fetch=case.fetch)
    session.resume(300)
    found = [one for row in all_causes(session) for one in row if one.hart == case.hart]
    # Exactly one cause a cycle: together they are the ledger.
    ledger = {name: count for name, count in session.cluster.harts[case.hart].ledger.items() if count}
    assert Counter(one.cause for one in found) == ledger
    told = [one for one in found if one.cause == cause]
    assert told, ledger
    fitting = [one for one in told if re.search(case.words, one.text)]
    assert fitting, [one.text for one in told]
    assert any(set(case.named) <= set(one.harts) for one in fitting)
