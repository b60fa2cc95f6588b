"""Programs of a lesson on a machine of their own: built by our assembler, run, measured."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flexdbg.debug.session import Session
from flexdbg.errors import CommandError
from flexdbg.learn.lesson import Array, Lesson
from flexdbg.machine.assembled import assembled_program
from flexdbg.machine.cluster import Cluster, StopEvent
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import Program

__all__ = ["Measurement", "RunFailed", "build", "evaluate_at", "lesson_config", "measure"]

_DATA = 0x1000_0400
_SLACK = 64  # readable bytes behind an array: kernels read a word ahead
# Ends a run that goes wrong, long after any right one would be over.
_LONGEST = 2_000_000

# Runs `kernel` on the harts that take part and exits. With several harts, barriers enclose it. a6 is the
# number of harts, a7 that of this one. Addresses: pulp-platform/pulp-runtime, event_unit_flex.
_HARNESS = """
start:
    csrr t0, mhartid
    andi a7, t0, 0xf
    li a6, {harts}
    bltu a7, a6, ready
park:
    wfi
    j park
ready:
    li tp, EVENT_UNIT
    li sp, 0x10010000
    slli t0, a7, 10
    add sp, sp, t0
{prepare}
{arguments}
{barrier}
begin:
    jal ra, kernel
{barrier}
done:
    csrr t0, mhartid
    andi t0, t0, 0xf
    bne t0, x0, park
    li t3, 0x1a104000
    lui t4, 0x80000
    sw t4, 0xa0(t3)
    j .
"""
_PREPARE = """
    li t0, 1 << 16
    sw t0, 0(tp)
    li t1, (1 << {harts}) - 1
    sw t1, 0x200(tp)
    sw t1, 0x20c(tp)
"""
_BARRIER = "    p.elw t0, 0x21c(tp)"
_CONSTANTS = "EVENT_UNIT 0x10204000", "BARRIER 0x21c"


class RunFailed(CommandError):
    """The program did not come to its end; the message says why."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What happened from the call of the kernel to its return, or to the barrier behind it."""

    cycles: int
    instructions: int  # of hart 0
    macs: int  # of all harts
    ledger: Mapping[str, int]  # of hart 0; its causes add up to `cycles`
    lost: Mapping[str, int]  # the same, of all harts that take part
    conflicts: int
    result: int  # a0 of hart 0, signed
    outputs: Mapping[str, bytes]
    executed: frozenset[str]  # mnemonics that hart 0 retired

    def value(self, name: str) -> int | str:
        """One of the numbers: cycles, instructions, macs, conflicts, result, ledger.CAUSE or lost.CAUSE;
        or `loss`, the cause that cost hart 0 most."""
        table, dot, cause = name.partition(".")
        if dot:
            found: Mapping[str, int] = getattr(self, table)
            return found.get(cause, 0)
        if name == "loss":
            return max((c for c in self.ledger if c != "issue"), key=lambda c: self.ledger[c])
        number: int = getattr(self, name)
        return number


def lesson_config() -> ClusterConfig:
    """The machine of the lessons: eight Flex-V harts that start by themselves, with ideal fetch."""
    return ClusterConfig().changed({"boot": "cluster", "fc": 0, "harts": 8, "fetch": "ideal"})


def build(lesson: Lesson, code: str, name: str = "") -> Program:
    """The program with its harness and the lesson's data. ProgramError names a line that is wrong."""
    if not re.search(r"^\s*kernel:", code, re.MULTILINE):
        raise CommandError("the code needs a label `kernel:`, where it is called, and a `ret`")
    data = _place(lesson.arrays)
    several = lesson.harts > 1
    harness = _HARNESS.format(
        harts=lesson.harts,
        prepare=_PREPARE.format(harts=lesson.harts) if several else "",
        barrier=_BARRIER if several else "",
        arguments="\n".join(f"    li {register}, {value}" for register, value in lesson.arguments.items()),
    )
    constants = "".join("\n.equ " + text.replace(" ", ", ") for text in _CONSTANTS)
    text = code + constants + "\n" + harness
    return assembled_program(text, name or f"{lesson.id}.S", core="flexv", data=data, entry="start")


def _place(arrays: tuple[Array, ...]) -> dict[str, tuple[int, bytes]]:
    placed: dict[str, tuple[int, bytes]] = {}
    address = _DATA
    for array in arrays:
        address = -(-address // array.align) * array.align
        content = _content(array)
        placed[array.name] = (address, content)
        address += len(content) + _SLACK
    return placed


def _content(array: Array) -> bytes:
    """Elements packed without gaps, lowest first."""
    numbers: list[int] = list(array.values)
    if array.seed is not None:
        top = 1 << array.bits - (1 if array.signed else 0)
        low = array.low if array.low is not None else (-top if array.signed else 0)
        high = array.high if array.high is not None else top - 1
        source = random.Random(array.seed)
        numbers = [source.randint(low, high) for _ in range(array.count)]
    numbers += [0] * (array.count - len(numbers))
    mask = (1 << array.bits) - 1
    packed = sum((number & mask) << (k * array.bits) for k, number in enumerate(numbers))
    return packed.to_bytes(-(-array.count * array.bits // 8), "little")


def measure(lesson: Lesson, program: Program) -> Measurement:
    """Run the program and measure its kernel. RunFailed says what went wrong."""
    session = Session(Cluster(lesson_config()), program)
    cluster = session.cluster
    _to(session, "begin")
    first = cluster.cycle
    team = cluster.harts[: lesson.harts]
    ledgers = [hart.ledger for hart in team]
    before = [hart.counters for hart in team]
    conflicts = _conflicts(cluster)
    _to(session, "done")
    last = cluster.cycle
    after = [hart.ledger for hart in team]
    grown = [
        {cause: new[cause] - old[cause] for cause in new if new[cause] != old[cause]}
        for old, new in zip(ledgers, after, strict=True)
    ]
    lost: dict[str, int] = {}
    for one in grown:
        for cause, cycles in one.items():
            lost[cause] = lost.get(cause, 0) + cycles
    macs = sum(hart.counters["macs"] - old["macs"] for hart, old in zip(team, before, strict=True))
    value = cluster.harts[0].read("a0")
    outputs = {
        array.name: cluster.read_memory(_address(session, array.name), -(-array.count * array.bits // 8))
        for array in lesson.arrays
        if array.output
    }
    return Measurement(
        cycles=last - first,
        instructions=cluster.harts[0].counters["instructions"] - before[0]["instructions"],
        macs=macs,
        ledger=grown[0],
        lost=lost,
        conflicts=_conflicts(cluster) - conflicts,
        result=value - (1 << 32) if value >> 31 else value,
        outputs=outputs,
        executed=_executed(session, first, last),
    )


def evaluate_at(lesson: Lesson, program: Program, label: str, expression: str) -> int:
    """An expression of the debugger when hart 0 first comes to a label."""
    session = Session(Cluster(lesson_config()), program)
    _to(session, label)
    return session.evaluate(expression).scalar()


def _address(session: Session, name: str) -> int:
    symbol = session.symbols.find(name)
    assert symbol is not None, name
    return symbol.address


def _conflicts(cluster: Cluster) -> int:
    return sum(bank["conflicts"] for bank in cluster.bank_counters())


def _executed(session: Session, first: int, last: int) -> frozenset[str]:
    records = session.records(first, last, ["retire"], [0])
    return frozenset(session.instruction(pc).text.split()[0] for pc in {record.pc for record in records})


def _to(session: Session, label: str) -> None:
    """Run until hart 0 stands at a label."""
    cluster = session.cluster
    identifier = cluster.add_breakpoint(_address(session, label), 1)
    try:
        while True:
            budget = _LONGEST - cluster.cycle
            events = cluster.run(budget) if budget > 0 else []
            for event in events:
                if event.reason == "breakpoint":
                    return
                if event.reason != "cycles":
                    raise RunFailed(_failure(session, event))
            if cluster.cycle >= _LONGEST:
                raise RunFailed(f"it did not return within {_LONGEST:,} cycles")
    finally:
        cluster.remove(identifier)


def _failure(session: Session, event: StopEvent) -> str:
    where = session.symbols.name_of(event.pc) or f"0x{event.pc:08x}"
    if event.reason == "exit":
        return "it left the program instead of returning from the kernel"
    return f"{event.reason} at {where}: {event.message or f'code {event.code}'}"
