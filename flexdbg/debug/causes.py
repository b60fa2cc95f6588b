"""The causes of the ledger as sentences: one function a cause, each names the other party."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flexdbg.debug.fetch_levels import FetchWait
from flexdbg.debug.trials import anatomy_at, try_at
from flexdbg.errors import FlexdbgError
from flexdbg.isa import ABI_NAMES, Anatomy
from flexdbg.machine.cluster import TraceRecord

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Moment", "Words", "words_for"]

_MCAUSE = {2: "illegal instruction", 3: "ebreak", 11: "ecall"}
_FAR = 1 << 16  # bytes behind a symbol that still say where an address is
_NO_ARBITER = 255  # a bank held by a test-and-set has no winner


@dataclass(frozen=True, slots=True)
class Words:
    """What is said about one hart in one cycle."""

    text: str
    harts: tuple[int, ...] = ()
    other_pc: int | None = None
    address: int | None = None
    bank: int | None = None


@dataclass(slots=True)
class Moment:
    """All that is known about one cycle: where the harts stood before it, what happened in and before it."""

    session: "Session"
    cycle: int
    waiting: list[int]  # pc of each hart at the beginning of the cycle
    waits: list[str]  # what the core says each waits for
    anatomies: dict[int, Anatomy] = field(default_factory=dict)
    addresses: dict[int, int] = field(default_factory=dict)  # hart -> address its instruction accesses
    causes: list[str] = field(default_factory=list)
    last: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> last retired before or in the cycle
    previous: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> the one before that
    executed: dict[int, int] = field(default_factory=dict)  # hart -> cycle in which `last` was executed
    denied: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> refusal in this cycle
    granted: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> access in this cycle
    stalls: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> stall that covers this cycle

    fetched: dict[int, TraceRecord] = field(default_factory=dict)  # hart -> latest fetch that was granted
    fetch_waits: dict[int, FetchWait] = field(default_factory=dict)  # harts that wait for the caches

    dma: dict[str, Any] = field(default_factory=dict)  # its state, if a hart waits for it

    def look_ahead(self) -> None:
        """Take the waiting instructions apart while the registers are still those before the cycle."""
        for hart, pc in enumerate(self.waiting):
            try:
                parts = anatomy_at(self.session, pc, hart)
                self.anatomies[hart] = parts
                if _timing(parts) in ("load", "store", "elw", "macload"):
                    trial = try_at(self.session, pc, hart, parts)
                    if trial is not None and trial.accesses:
                        self.addresses[hart] = trial.accesses[0].address
            except FlexdbgError:
                continue

    def complete(self, causes: list[str], records: list[TraceRecord]) -> None:
        self.causes = causes
        for record in records:
            cycle, hart, kind = record.cycle, record.hart, record.kind
            if kind == "retire":
                if hart in self.last:
                    self.previous[hart] = self.last[hart]
                self.last[hart] = record
                self.executed[hart] = max(cycle + 1, self.executed.get(hart, 0))
            elif kind in ("load", "store"):
                self.executed[hart] = cycle
                if cycle == self.cycle:
                    self.granted[hart] = record
            elif kind == "fetch":
                self.fetched[hart] = record
            elif kind == "denied" and cycle == self.cycle:
                self.denied[hart] = record
            elif kind == "stall" and cycle <= self.cycle < cycle + record.b:
                self.stalls[hart] = record

    # Names

    def before(self, hart: int) -> int | None:
        """pc of the last instruction that was executed before this cycle."""
        record = self.previous.get(hart) if self.causes[hart] == "issue" else self.last.get(hart)
        return None if record is None else record.pc

    def text(self, pc: int, hart: int) -> str:
        try:
            return anatomy_at(self.session, pc, hart).text
        except FlexdbgError:
            return "<cannot be read>"

    def place(self, pc: int) -> str:
        """`matmul.S:42`, `inner+0x8` or the bare address."""
        line = self.session.symbols.line_at(pc)
        return line.short if line else self.session.symbols.name_of(pc) or f"0x{pc:08x}"

    def quoted(self, pc: int | None, hart: int) -> str:
        """`the instruction before` in full: `lw t1, 0(a0)` at loop+0x4."""
        return "the instruction before" if pc is None else f"`{self.text(pc, hart)}` at {self.place(pc)}"

    def datum(self, address: int) -> str:
        """`0x10000400 <rows+0x40>`"""
        symbol = self.session.symbols.at(address)
        if symbol is None or address - symbol.address >= _FAR:
            return f"0x{address:08x}"
        return f"0x{address:08x} <{self.session.symbols.name_of(address)}>"

    def bank(self, address: int) -> int:
        config = self.session.cluster.config
        return (address - config.tcdm_base) // 4 % config.tcdm_banks

    def name(self, hart: int) -> str:
        return "the fc" if hart == self.session.cluster.config.harts else f"hart {hart}"

    def names(self, harts: list[int]) -> str:
        if len(harts) == 1:
            return self.name(harts[0])
        return "harts " + ", ".join(str(h) for h in harts[:-1]) + f" and {harts[-1]}"

    def idle_since(self, hart: int) -> int | None:
        if self.causes[hart] == "issue" or hart not in self.executed:
            return None
        return self.executed[hart] + 1

    def nth(self, hart: int) -> str:
        """`, cycle 3 of 7` of a stall whose length is known."""
        record = self.stalls.get(hart)
        if record is None or record.b < 2:
            return ""
        return f", cycle {self.cycle - record.cycle + 1} of {record.b}"


def _timing(parts: Anatomy | None) -> str:
    return parts.base.timing if parts is not None and parts.base is not None else ""


def words_for(moment: Moment, hart: int) -> Words:
    """The sentence for the cause of a hart."""
    return _WORDS.get(moment.causes[hart], _unknown)(moment, hart)


def _unknown(moment: Moment, hart: int) -> Words:
    return Words(f"waits: {moment.causes[hart]}")


def _issue(moment: Moment, hart: int) -> Words:
    record = moment.last.get(hart)
    pc = record.pc if record is not None else moment.waiting[hart]
    access = moment.granted.get(hart)
    if access is None:
        return Words(f"executed {moment.quoted(pc, hart)}")
    address = access.a
    verb = "wrote" if access.kind == "store" else "read"
    bank = moment.bank(address) if _in_tcdm(moment, address) else None
    where = f" in bank {bank}" if bank is not None else ""
    return Words(
        f"executed {moment.quoted(pc, hart)}, which {verb} {moment.datum(address)}{where}",
        (),
        None,
        address,
        bank,
    )


def _in_tcdm(moment: Moment, address: int) -> bool:
    config = moment.session.cluster.config
    return config.tcdm_base <= address < config.tcdm_base + config.tcdm_size


def _load_use(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    waiting = moment.anatomies.get(hart)
    register = ""
    if before is not None and waiting is not None:
        producer = anatomy_at(moment.session, before, hart)
        needed = producer.writes & waiting.reads
        clash = producer.writes & waiting.writes
        if needed:
            register = f"needs {ABI_NAMES[min(needed)]} from"
        elif clash:
            register = f"writes {ABI_NAMES[min(clash)]} too, and waits for the write port behind"
    what = f"{register or 'waits for the result of'} {moment.quoted(before, hart)}"
    return Words(
        f"{what}, whose data comes one cycle later",
        (),
        before,
    )


def _macload_hazard(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    slot = ""
    if before is not None:
        fields = {o.name: o.value for o in anatomy_at(moment.session, before, hart).operands}
        imm5 = fields.get("imm5", 0)
        slot = f"W{imm5 >> 1 & 3}" if imm5 & 16 else f"A{imm5 & 1}" if imm5 & 8 else ""
    waiting = moment.anatomies.get(hart)
    behind = moment.quoted(before, hart)
    if _timing(waiting) == "macload":
        return Words(
            f"names NN register {slot}, which {behind} refills; it is there one cycle later", (), before
        )
    return Words(
        f"is held by the NN register interlock: {behind} refills {slot}, "
        "and bits 11:7 of this instruction look to it like a use",
        (),
        before,
    )  # fmt: skip


def _branch(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    return Words(
        f"fetches anew: taken branch {moment.quoted(before, hart)} "
        f"killed the two instructions behind it{moment.nth(hart)}",
        (),
        before,
    )


def _jump(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    return Words(f"fetches the target of {moment.quoted(before, hart)}{moment.nth(hart)}", (), before)


def _jump_register(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    waiting = moment.anatomies.get(hart)
    names = sorted(ABI_NAMES[n] for n in waiting.reads) if waiting is not None else []
    what = names[0] if names else "its base register"
    return Words(
        f"jumps to {what}, which {moment.quoted(before, hart)} "
        f"has only just computed or loaded{moment.nth(hart)}",
        (),
        before,
    )


def _fetch(moment: Moment, hart: int) -> Words:
    pc = moment.waiting[hart]
    before = moment.before(hart)
    after = "" if before is None else f"; {moment.quoted(before, hart)} was the last"
    return Words(
        f"has nothing to execute: the word at 0x{pc:08x} is on its way from the fetch queue{after}",
        (),
        None,
        pc,
    )


def _icache(moment: Moment, hart: int) -> Words:
    line, wait = _line_awaited(moment, hart), moment.fetch_waits.get(hart)
    others = [h for h, cause in enumerate(moment.causes) if h != hart and cause == "icache"]
    fellows = [other for other in others if _line_awaited(moment, other) == line]
    text = f"waits for instruction cache line 0x{line:08x} ({moment.place(moment.waiting[hart])})"
    ahead: list[int] = []
    if wait is not None:
        text += _LEVELS[wait.level].format(bank=wait.bank, since=wait.since)
        if wait.level in ("queued", "lookup"):
            ahead = [h for h in others if h not in fellows and _ahead(moment.fetch_waits.get(h), wait)]
            for asker in fellows:
                theirs = moment.fetch_waits.get(asker)
                if theirs is not None and theirs.level == "L2":
                    text += f"; {moment.name(asker)} asked L2 for it in cycle {theirs.since:,}"
    if ahead:
        text += f"; {moment.names(ahead)} asked that bank for other code"
    if fellows:
        text += f"; {moment.names(fellows)} wait{'s' if len(fellows) == 1 else ''} for the same line"
    return Words(text, tuple(sorted(fellows + ahead)), None, line)


_LEVELS = {
    "": "",
    "off": ": the caches are off, so it comes from L2",
    "queued": ": not in its private cache (L1); it asks bank {bank} of the shared one (L1.5), which is busy",
    "lookup": ": not in its private cache (L1); bank {bank} of the shared one (L1.5) has not answered yet",
    "shared": ": not in its private cache (L1), on its way from bank {bank} of the shared one (L1.5)",
    "L2": ": neither in its private cache (L1) nor in the shared one (L1.5), asked of L2 in cycle {since:,}",
}


def _line_awaited(moment: Moment, hart: int) -> int:
    """The line of the fetch under way; it may be the one behind the pc's."""
    wait, size = moment.fetch_waits.get(hart), moment.session.cluster.config.icache_line
    return wait.line if wait is not None else moment.waiting[hart] // size * size


def _ahead(other: FetchWait | None, mine: FetchWait) -> bool:
    return other is not None and other.bank == mine.bank and other.level in ("lookup", "L2")


def _bank_conflict(moment: Moment, hart: int) -> Words:
    record = moment.denied.get(hart)
    address = record.a if record is not None else moment.addresses.get(hart)
    if record is None or address is None:
        return Words("lost the arbitration for a TCDM bank")
    bank, winner = moment.bank(address), record.b
    mine = f"lost bank {bank} (for {moment.datum(address)})"
    config = moment.session.cluster.config
    if winner == _NO_ARBITER:
        return Words(f"{mine}: a test-and-set holds it", (), None, address, bank)
    if winner > config.harts:
        return Words(f"{mine} to the DMA, port {winner - config.harts - 1}", (), None, address, bank)
    other = moment.granted.get(winner)
    if other is None:
        return Words(f"{mine} to {moment.name(winner)}", (winner,), None, address, bank)
    pc = other.pc
    its = moment.place(pc)
    same = " (the same line)" if its == moment.place(moment.waiting[hart]) else ""
    return Words(
        f"{mine} to {moment.name(winner)}, `{moment.text(pc, winner)}` at {its}{same}, "
        f"for {moment.datum(other.a)}",
        (winner,),
        pc,
        address,
        bank,
    )


def _slow(what: str) -> Callable[[Moment, int], Words]:
    def words(moment: Moment, hart: int) -> Words:
        address = moment.addresses.get(hart)
        where = f" at {moment.datum(address)}" if address is not None else ""
        return Words(f"waits for {what}{where}", (), None, address)

    return words


def _peripheral(moment: Moment, hart: int) -> Words:
    address = moment.addresses.get(hart)
    if address is not None and _in_tcdm(moment, address):
        what = "the TCDM, which it reaches through the cluster bus,"
    else:
        what = "the device register" if address is not None else "a device register"
    return _slow(what)(moment, hart)


def _misaligned(moment: Moment, hart: int) -> Words:
    address = moment.addresses.get(hart)
    where = f"0x{address:08x}" if address is not None else "its access"
    return Words(f"accesses memory a second time: {where} crosses a word", (), None, address)


def _multi_cycle(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    timing = ""
    if before is not None:
        timing = f": {anatomy_at(moment.session, before, hart).timing}"
    return Words(f"is still executing {moment.quoted(before, hart)}{timing}{moment.nth(hart)}", (), before)


def _csr_flush(moment: Moment, hart: int) -> Words:
    before = moment.before(hart)
    return Words(
        f"refills the pipeline that {moment.quoted(before, hart)} flushed{moment.nth(hart)}", (), before
    )


def _trap(moment: Moment, hart: int) -> Words:
    cause = moment.session.cluster.harts[hart].read("mcause")
    number = cause & 0x7FFF_FFFF
    what = f"interrupt {number}" if cause >> 31 else _MCAUSE.get(number, f"exception {number}")
    return Words(f"enters or leaves a trap handler (last: {what})")


def _elw(moment: Moment, hart: int) -> Words:
    at_it = _timing(moment.anatomies.get(hart)) == "elw"
    pc = moment.waiting[hart] if at_it else moment.before(hart)
    return Words(
        f"is {'in' if at_it else 'held behind'} {moment.quoted(pc, hart)}, not asleep: "
        "the event unit answers a p.elw in 4 cycles or more",
        (),
        None if at_it else pc,
    )


def _asleep(moment: Moment, hart: int) -> Words:
    """Barriers, events, mutexes, dispatch: the event unit says who is missing."""
    wait = moment.waits[hart] or moment.session.cluster.harts[hart].wait or "asleep"
    missing = _missing(wait)
    where = ""
    if missing:
        where = "; " + ", ".join(
            f"{moment.name(h)} is at {moment.place(moment.waiting[h])}" for h in missing[:3]
        )  # fmt: skip
    address = moment.addresses.get(hart)
    if not wait.startswith("asleep"):
        wait = f"waits at the event unit: {wait}" if wait else "waits at the event unit"
    else:
        wait = f"is {wait}"
    return Words(wait + where, tuple(missing), None, address)


def _missing(wait: str) -> list[int]:
    """Harts of `..., harts 5 and 7 missing` and `owned by hart 3`."""
    found = re.search(r"harts? ([\d, and]+) missing|owned by hart (\d+)", wait)
    return [int(n) for n in re.findall(r"\d+", found[0])] if found else []


def _wfi(moment: Moment, hart: int) -> Words:
    return Words("is asleep in wfi until an interrupt")


def _dma(moment: Moment, hart: int) -> Words:
    """The command port answers when its queue has room: what runs is what everybody waits for."""
    running = [c for name in ("read", "write") if (c := moment.dma.get(name)) and c["running"]]
    text, owners = "waits for the DMA's command port", []
    for channel in running:
        command, queued = channel["command"], len(channel["queue"])
        port = command["port"]
        owner = moment.name(port) if port < moment.session.cluster.config.harts else f"port {port}"
        text += f"; transfer {command['id']} of {owner} ({command['length']:,} bytes) runs"
        text += f", {queued} more wait behind it" if queued else ""
        if port != hart and port < moment.session.cluster.config.harts:
            owners.append(port)
    fellows = [h for h, cause in enumerate(moment.causes) if h != hart and cause == "dma"]
    if fellows:
        text += f"; {moment.names(fellows)} wait{'s' if len(fellows) == 1 else ''} for the port too"
    return Words(text, tuple(sorted({*owners, *fellows})))


def _stopped(moment: Moment, hart: int) -> Words:
    if moment.session.cluster.harts[hart].state == "off":
        return Words("is off: its fetch has not been enabled")
    return Words("is held by the debugger while another hart steps, or is only just being started")


_WORDS: dict[str, Callable[[Moment, int], Words]] = {
    "issue": _issue,
    "load_use": _load_use,
    "macload_hazard": _macload_hazard,
    "branch": _branch,
    "jump": _jump,
    "jump_register": _jump_register,
    "fetch": _fetch,
    "icache": _icache,
    "bank_conflict": _bank_conflict,
    "l2": _slow("the L2"),
    "peripheral": _peripheral,
    "slow_data": _slow("data that come later than one cycle"),
    "misaligned": _misaligned,
    "multi_cycle": _multi_cycle,
    "csr_flush": _csr_flush,
    "trap": _trap,
    "elw": _elw,
    "barrier": _asleep,
    "event": _asleep,
    "mutex": _asleep,
    "dispatch": _asleep,
    "wfi": _wfi,
    "dma": _dma,
    "stopped": _stopped,
}
