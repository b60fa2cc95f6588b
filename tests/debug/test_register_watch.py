"""Watchpoints on registers and lanes: what they see against the tables, against what an instruction does, and
backwards against forwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flexdbg.isa import dissect

from flexdbg.catalog import bundled_program
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Reason
from flexdbg.errors import CommandError
from flexdbg.machine import registers
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.machine.loader import load_program

MakeSession = Callable[..., Session]
KERNEL = 31_000  # a cycle in the midst of the kernel


def session(name: str = "matmul-a8w4", core: str = "flexv") -> Session:
    debug = Session(Cluster(load_config(None, [f"core={core}"])), load_program(bundled_program(name).path))
    debug.resume(KERNEL)
    debug.select(0)
    return debug


def hidden_and_plain() -> list[str]:
    return [*registers.GROUPS["nn"], *registers.GROUPS["mlc"], *registers.GROUPS["mpc"]]


# What writes


def test_every_change_is_seen_and_no_other() -> None:
    """Step by step, a hart's registers against the records of their writes."""
    debug = session()
    first = debug.cluster.cycle
    numbers = [n for n in range(42) if n not in (0, registers.PC)]
    numbers += [registers.number_of(name) for name in hidden_and_plain() if registers.number_of(name) > 42]
    numbers += [registers.number_of(name) for name in registers.GROUPS["hwloop"]]
    changes: list[tuple[int, int, int]] = []
    before = {n: debug.current.read(n) for n in numbers}
    for _ in range(400):
        debug.step_instructions()
        for n in numbers:
            now = debug.current.read(n)
            if now != before[n]:
                changes.append((n, before[n], now))
                before[n] = now
    kinds = ["register", "nn", "csr"]
    seen = [
        (r.a, r.old, r.b)
        for r in debug.records(first, debug.cluster.cycle, kinds, [debug.hart])
        if r.old != r.b
    ]
    assert sorted(seen) == sorted(changes)
    assert {"a_count", "w_count", "mix_skip_count"} & {registers.name_of(n) for n, _, _ in seen}


@pytest.mark.parametrize("name", hidden_and_plain())
def test_each_register_of_the_kernel_stops_both_ways(name: str) -> None:
    """The stops of a way back are those of the way forward, in the other order."""
    debug = session()
    debug.add_watchpoint(f"${name}", hart=1)
    forward = []
    for _ in range(3):
        stop = debug.resume(20_000)
        if stop.reason is Reason.CYCLES:
            break
        assert stop.reason is Reason.WATCHPOINT and stop.hart == 1
        change = stop.changes[0]
        assert change.old != change.new == debug.cluster.harts[1].read(name)
        forward.append((change.pc, change.old, change.new))
    backward = []
    for _ in forward:
        stop = debug.reverse_resume()
        change = stop.changes[0]
        backward.append((change.pc, change.old, change.new))
        assert debug.cluster.harts[1].read(name) == change.old
    assert backward == forward[::-1]
    # These are set once, before the kernel starts.
    still = ("a_stride", "w_stride", "a_rollback", "w_rollback", "a_skip", "w_skip", "simd_fmt", "mix_skip")
    assert forward or name in still or name == "sb_legacy"


def test_lanes_change_with_their_register_only_where_they_differ() -> None:
    debug = session()
    debug.add_watchpoint("$nn_w0.i4[2]")
    first = debug.cluster.cycle
    stops = [debug.resume(50_000) for _ in range(30)]
    last = debug.cluster.cycle
    words = [(r.cycle, r.old, r.b) for r in debug.records(first, last, ["nn"], [0]) if r.a == 33]

    def lane(word: int) -> int:
        return (word >> 8 & 15) - (16 if word >> 11 & 1 else 0)

    wanted = [(lane(old), lane(new)) for _, old, new in words if lane(old) != lane(new)]
    assert [(s.changes[0].old, s.changes[0].new) for s in stops] == wanted
    assert len(words) > len(wanted) == 30


def test_the_pc_stops_behind_every_instruction(make_session: MakeSession) -> None:
    debug = make_session("addi t0, x0, 2\nagain:\naddi t0, t0, -1\nbne t0, x0, again\nend: j end")
    debug.add_watchpoint("$pc")
    start = debug.pc
    seen = []
    for _ in range(5):
        stop = debug.resume()
        assert stop.changes[0].new == debug.pc
        seen.append((stop.changes[0].old - start, stop.changes[0].new - start))
    assert seen == [(0, 4), (4, 8), (8, 4), (4, 8), (8, 12)]


# What reads


@pytest.mark.parametrize(
    ("core", "name"),
    [("flexv", "matmul-a8w4"), ("xpulpnn", "matmul-a8w8-xpulpnn"), ("ri5cy", "matmul-a8w8-ri5cy")],
)
def test_reads_are_those_of_the_tables(core: str, name: str) -> None:
    """The records of reads against what `isa/` says of each instruction that retired."""
    debug = session(name, core)
    first, last = debug.cluster.cycle, debug.cluster.cycle + 3000
    debug.goto_cycle(last)
    seen: dict[tuple[int, int], set[int]] = {}
    for record in debug.records(first, last, ["register_read"], [2]):
        seen.setdefault((record.cycle, record.pc), set()).add(record.a)
    loops = {registers.number_of(loop) for loop in registers.GROUPS["hwloop"]}
    checked = set()
    for (_, pc), read in seen.items():
        anatomy = dissect(int.from_bytes(debug.cluster.read_memory(pc, 4), "little"), core)
        assert anatomy.base is not None
        values = {operand.name: operand.value for operand in anatomy.operands}
        wanted = set(anatomy.reads) - {0}
        if anatomy.base.timing != "csr":
            wanted |= {registers.number_of(csr) for csr in anatomy.csrs} - loops
            if "imm5" in values and not values["rd"]:  # only a load: no slice is chosen
                wanted -= {registers.number_of("mix_cycle"), registers.number_of("mix_skip")}
        if "imm5" in values and values["rd"]:
            wanted |= {33 + (values["imm5"] >> 1 & 3), 37 + (values["imm5"] & 1)}
        elif anatomy.base.timing == "macload" and "imm5" not in values:
            wanted |= {n for n in read if 33 <= n < 37}
        assert read == wanted, anatomy.text
        checked.add(anatomy.name)
    assert len(checked) > 3


def test_a_read_watch_stops_at_readers_both_ways() -> None:
    debug = session()
    debug.add_watchpoint("$nn_a1", kind="rwatch")
    places = []
    for _ in range(4):
        stop = debug.resume()
        text = debug.instruction(stop.changes[0].pc).text
        assert stop.changes[0].access == "read" and "pv.mlsdot" in text
        places.append((stop.changes[0].pc, stop.changes[0].new))
    back = [debug.reverse_resume().changes[0] for _ in range(4)]
    assert [(change.pc, change.new) for change in back] == places[::-1]


def test_csr_instructions_read_what_they_name(make_session: MakeSession) -> None:
    debug = make_session(
        "csrw mscratch, t0\ncsrr t1, mscratch\ncsrr t2, mhartid\ncsrw simd_fmt, x0\nend: j end"
    )
    debug.cluster.write_register(0, registers.number_of("t0"), 77)
    debug.add_watchpoint("$mscratch", kind="awatch")
    debug.add_watchpoint("$mhartid", kind="rwatch")
    assert [(c.access, c.new) for c in debug.resume().changes] == [("write", 77)]
    assert [(c.access, c.new) for c in debug.resume().changes] == [("read", 77)]
    assert [(c.access, c.number) for c in debug.resume().changes] == [("read", 2)]


def test_counters_are_seen_where_they_are_set(make_session: MakeSession) -> None:
    debug = make_session("csrw pccr0, x0\naddi t0, x0, 5\ncsrw pccr3, t0\nend: j end")
    debug.add_event("csr pccr3")
    stop = debug.resume()
    assert stop.event is not None and (stop.event.new, stop.pc - debug.address_of("$pc")) == (5, -4)


# Questions


def test_questions_know_every_kind_of_register() -> None:
    debug = session()
    for name in ("a0", "nn_w0", "nn_w0.i4[2]", "a_count", "mix_cycle", "lpcount0", "pc", "a_addr"):
        found = debug.last_write(f"${name}")
        assert found is not None and found.cycle < debug.cluster.cycle, name
    for name in ("a0", "nn_w0", "nn_a1", "a_addr", "simd_fmt"):
        found = debug.last_read(f"${name}")
        assert found is not None and found.kind == "read", name
    history = debug.accesses("$w_addr", newest=6)
    assert [a.new for a in history[:-1]] == [a.old for a in history[1:]]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("$zero", "watchpoint", "always zero"),
        ("$pccr0", "watchpoint", "counts by itself; `break csr pccr0`"),
        ("$mhartid", "watchpoint", "never changes; `rwatch"),
        ("$pc", "rwatch", "every instruction has one"),
        ("$pc", "awatch", "every instruction has one"),
        ("$a_count", "rwatch", "no instruction names it; `watch"),
        ("$x0", "rwatch", "always zero"),
        ("$nn_w0.i4[9]", "watchpoint", "lanes are 0 to 7"),
        ("$nosuch", "watchpoint", "no register or variable"),
        ("$a0 + 1 + $nosuch", "watchpoint", "cannot watch"),
    ],
)
def test_what_cannot_be_watched_says_what_can(
    make_session: MakeSession, text: str, kind: str, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        make_session("end: j end").add_watchpoint(text, kind=kind)
