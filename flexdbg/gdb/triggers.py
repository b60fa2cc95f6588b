"""Z packets: breakpoints and watchpoints of one client, with conditions and commands, kept in step with the
core.

GDB takes all breakpoints out at every stop and puts them back to go on. They are therefore only marked as
removed, and leave the core when the machine goes on without them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flexdbg.errors import MachineError, MemoryAccessError
from flexdbg.gdb.agent import Agent, compile_agent
from flexdbg.gdb.registers import RegisterTable
from flexdbg.gdb.replies import PacketError, hex_number
from flexdbg.machine.cluster import Cluster, StopEvent

__all__ = ["Trigger", "TriggerTable", "parse_trigger"]

_ACCESS = {2: "write", 3: "read", 4: "access"}
_LARGEST_WATCH = 1 << 20


@dataclass(slots=True)
class Trigger:
    """One Z packet; `kind` 0 and 1 are breakpoints, 2, 3 and 4 watch writes, reads, both."""

    kind: int
    address: int
    size: int
    conditions: tuple[Agent, ...] = ()
    commands: tuple[Agent, ...] = ()
    persist: bool = False
    core_id: int = -1
    removed: bool = False
    hits: int = field(default=0, compare=False)

    @property
    def is_watch(self) -> bool:
        return self.kind >= 2

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.kind, self.address, self.size if self.is_watch else 0)

    def holds(self, hart: int) -> bool:
        """Whether one of the conditions holds; one that cannot be evaluated does, so that the user sees
        it."""
        if not self.conditions:
            return True
        for condition in self.conditions:
            try:
                if condition.evaluate(hart, []):
                    return True
            except MachineError:
                return True
        return False

    def run_commands(self, hart: int) -> list[str]:
        out: list[str] = []
        for command in self.commands:
            try:
                command.evaluate(hart, out)
            except MachineError as error:
                out.append(f"dprintf at 0x{self.address:08x}: {error}\n")
        return out


class TriggerTable:
    """All triggers of one client."""

    def __init__(self, cluster: Cluster, table: RegisterTable) -> None:
        self._cluster, self._registers = cluster, table
        self._by_key: dict[tuple[int, int, int], Trigger] = {}
        self._by_core_id: dict[int, Trigger] = {}
        self._any_removed = False

    def __iter__(self) -> Iterator[Trigger]:
        return (trigger for trigger in self._by_key.values() if not trigger.removed)

    def insert(self, wanted: Trigger) -> None:
        """Put in; the same place again replaces conditions and commands, as the protocol asks."""
        known = self._by_key.get(wanted.key)
        if known is not None:
            known.conditions, known.commands = wanted.conditions, wanted.commands
            known.persist, known.removed = wanted.persist, False
            return
        self._check(wanted)
        if wanted.is_watch:
            wanted.core_id = self._cluster.add_watchpoint(wanted.address, wanted.size, _ACCESS[wanted.kind])
        else:
            wanted.core_id = self._cluster.add_breakpoint(wanted.address)
        self._by_key[wanted.key] = wanted
        self._by_core_id[wanted.core_id] = wanted

    def remove(self, key: tuple[int, int, int]) -> None:
        """Take out; the core forgets it at `settle`."""
        known = self._by_key.get(key)
        if known is not None:
            known.removed = self._any_removed = True

    def settle(self) -> None:
        """Let the core forget what was removed."""
        if not self._any_removed:
            return
        self._any_removed = False
        for trigger in [t for t in self._by_key.values() if t.removed]:
            self._cluster.remove(trigger.core_id)
            del self._by_key[trigger.key], self._by_core_id[trigger.core_id]

    def clear(self, *, keep_persistent: bool = False) -> None:
        for trigger in self._by_key.values():
            trigger.removed = not (keep_persistent and trigger.persist)
        self._any_removed = True
        self.settle()

    def of(self, event: StopEvent) -> list[Trigger]:
        """The triggers behind an event, removed ones included."""
        known = self._by_core_id
        return [known[identifier] for identifier in event.ids if identifier in known]

    def at(self, address: int) -> list[Trigger]:
        """Breakpoints that stand at an address now."""
        return [t for t in self if not t.is_watch and t.address == address]

    def _check(self, wanted: Trigger) -> None:
        if wanted.is_watch and not 0 < wanted.size <= _LARGEST_WATCH:
            raise PacketError(22, f"cannot watch {wanted.size} bytes: 1 to {_LARGEST_WATCH} are possible")
        if wanted.address % 2 and not wanted.is_watch:
            raise PacketError(22, f"0x{wanted.address:08x} is odd: instructions start at even addresses")
        try:
            self._cluster.read_memory(wanted.address, wanted.size if wanted.is_watch else 2)
        except MemoryAccessError as error:
            raise PacketError(14, str(error)) from error


def parse_trigger(packet: bytes, table: RegisterTable, cluster: Cluster) -> Trigger:
    """`Z0,addr,kind[;X len,code...][;cmds:persist,X len,code...]`"""
    head, semicolon, rest = packet[1:].partition(b";")
    words = head.split(b",")
    if len(words) != 3 or words[0] not in (b"0", b"1", b"2", b"3", b"4"):
        raise PacketError(22, f"expected Z0 to Z4,ADDRESS,KIND, got {head[:40]!r}")
    trigger = Trigger(int(words[0]), hex_number(words[1], "the address"), hex_number(words[2], "the kind"))
    if trigger.address >= 1 << 32:
        raise PacketError(22, f"address 0x{trigger.address:x} has more than 32 bits")
    conditions, mark, commands = rest.partition(b"cmds:") if semicolon else (b"", b"", b"")
    trigger.conditions = _agents(conditions.rstrip(b";"), table, cluster)
    if mark:
        persist, _, code = commands.partition(b",")
        trigger.persist = persist == b"1"
        trigger.commands = _agents(code, table, cluster)
    return trigger


def _agents(text: bytes, table: RegisterTable, cluster: Cluster) -> tuple[Agent, ...]:
    """`X len,code` as often as it comes; what stands between them are commas or semicolons."""
    found = []
    text = text.lstrip(b",;")
    while text:
        if not text.startswith(b"X"):
            raise PacketError(22, f"expected X LENGTH,BYTECODE, got {text[:20]!r}")
        digits, comma, rest = text[1:].partition(b",")
        length = hex_number(digits, "the length of an expression")
        code = rest[: 2 * length]
        if not comma or len(code) < 2 * length:
            raise PacketError(22, "the bytecode of an expression is cut off")
        try:
            found.append(compile_agent(bytes.fromhex(code.decode("ascii")), table, cluster))
        except ValueError as error:
            raise PacketError(22, f"the bytecode of an expression is not hexadecimal: {error}") from error
        text = rest[2 * length :].lstrip(b",;")
    return tuple(found)
