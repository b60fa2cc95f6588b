"""Instructions as control flow: what stands at an address, where it may go, and its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flexdbg.errors import MemoryAccessError
from flexdbg.isa import Instruction as Row
from flexdbg.isa import disassemble, explain
from flexdbg.machine.cluster import Cluster

__all__ = ["Instruction", "decode", "decode_word", "instruction_at"]

# Registers that calls link to (unprivileged ISA, table of return-address hints).
_LINK = (1, 5)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; `name` and `fields` are those of the 32-bit form it stands for."""

    address: int
    word: int
    length: int
    text: str
    name: str
    timing: str
    fields: Mapping[str, int] = field(default_factory=dict)
    target: int | None = None

    @property
    def end(self) -> int:
        return self.address + self.length

    @property
    def is_call(self) -> bool:
        return self.timing in ("jal", "jalr") and self.fields.get("rd") in _LINK

    @property
    def is_return(self) -> bool:
        return self.timing == "jalr" and self.fields.get("rd") == 0 and self.fields.get("rs1") in _LINK

    @property
    def is_indirect(self) -> bool:
        """A jump to a computed address that is no return."""
        return self.timing == "jalr" and not self.is_return


def decode(word: int, address: int, core: str, *, csr_driven: bool = False) -> Instruction:
    """Decode one word as `core` would; `csr_driven` shows SIMD under the names it has with sb_legacy = 0."""
    view = "virtual" if csr_driven else ""
    found = explain(word, core, view=view)
    text = disassemble(word, address, core=core, view=view)
    target = None if found.distance is None else (address + found.distance) & 0xFFFF_FFFF
    if found.row is None:
        return Instruction(address, word, found.length, text, "", "illegal")
    name, timing, fields = _meaning(found.row, word)
    # A hardware loop names its end, which is no place that it jumps to.
    target = target if timing in ("branch", "jal") else None
    return Instruction(address, word, found.length, text, name, timing, fields, target)


def _meaning(row: Row, word: int) -> tuple[str, str, dict[str, int]]:
    """Name, timing and fields; compressed rows answer with those of what they expand to."""
    own = {name: row.value(name, word) for name in row.fields}
    if row.expand is None:
        return row.name, row.timing, own
    base = row.expand.base
    fields = {
        name: binding if isinstance(binding, int) else own[binding]
        for name, binding in row.expand.bindings.items()
    }
    return base.name, base.timing, fields


def instruction_at(cluster: Cluster, address: int, hart: int) -> Instruction:
    """The instruction at an address, as a hart would decode it."""
    data = cluster.read_memory(address, 2)
    if data[0] & 3 == 3:
        try:
            data += cluster.read_memory(address + 2, 2)
        except MemoryAccessError:
            data += b"\0\0"  # cut off by the end of memory
    return decode_word(cluster, int.from_bytes(data, "little"), address, hart)


def decode_word(cluster: Cluster, word: int, address: int, hart: int) -> Instruction:
    """A word at an address, as a hart would decode it in its present state."""
    on_cluster = hart < cluster.config.harts
    # The FC is an RI5CY-class core (platform default), whatever the cluster's harts are.
    core = cluster.config.core if on_cluster else "ri5cy"
    csr_driven = on_cluster and core in ("flexv", "mpic") and cluster.read_register(hart, "sb_legacy") == 0
    return decode(word, address, core, csr_driven=csr_driven)
