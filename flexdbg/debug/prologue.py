"""Frames without debug information: what the code before a pc did to sp, ra and the saved registers."""

from typing import TYPE_CHECKING

from flexdbg.errors import MemoryAccessError
from flexdbg.machine.registers import SP

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["scan_prologue"]

# A prologue is short; beyond this the code is the function's body.
_LONGEST = 256


def scan_prologue(session: "Session", pc: int) -> tuple[int, int, dict[int, int]]:
    """(base register, offset of the CFA from it, saved register -> offset from the CFA) at a pc.

    Reads from the function's start to pc, following sp through addi and noting registers stored to the stack.
    """
    function = session.symbols.function_at(pc)
    if function is None or function.address == pc:
        return SP, 0, {}
    depth = 0  # bytes that sp has moved down
    saved: dict[int, int] = {}
    address = function.address
    limit = min(pc, function.address + _LONGEST)
    while address < limit:
        try:
            instruction = session.instruction(address)
        except MemoryAccessError:
            break
        fields = instruction.fields
        if instruction.name == "addi" and fields.get("rd") == SP == fields.get("rs1"):
            depth -= fields["imm"]
        elif instruction.name == "sw" and fields.get("rs1") == SP:
            saved.setdefault(fields["rs2"], fields["imm"] - depth)
        elif instruction.timing in ("jalr", "mret"):
            # Code behind a return belongs to another path: its stack is as at the entry.
            depth, saved = 0, {}
        address = instruction.end
    if depth <= 0:
        return SP, 0, {}
    return SP, depth, saved
