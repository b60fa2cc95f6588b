"""One instruction of a hart tried on a copy of its state: what it would read, write and compute."""

from typing import TYPE_CHECKING

from flexdbg.debug.dot_products import state_of
from flexdbg.errors import MemoryAccessError
from flexdbg.isa import Anatomy, Format, State, Trial, dissect, try_instruction
from flexdbg.machine import registers

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["anatomy_at", "core_of", "form_of", "try_at"]


def core_of(session: "Session", hart: int) -> str:
    """The core a hart decodes as; the FC is an RI5CY-class core."""
    config = session.cluster.config
    return config.core if hart < config.harts else "ri5cy"


def form_of(session: "Session", hart: int) -> Format:
    """The format of simd_fmt; the scalar one on cores without it."""
    if core_of(session, hart) not in ("flexv", "mpic"):
        return registers.format_of(0)
    return registers.format_of(session.cluster.harts[hart].read("simd_fmt"))


def anatomy_at(session: "Session", address: int, hart: int) -> Anatomy:
    """The instruction at an address taken apart, as a hart would decode it now."""
    return dissect(_word(session, address), core_of(session, hart), pc=address, view=_view(session, hart))


def _word(session: "Session", address: int) -> int:
    data = session.cluster.read_memory(address, 2)
    if data[0] & 3 == 3:
        data += session.cluster.read_memory(address + 2, 2)
    return int.from_bytes(data, "little")


def _view(session: "Session", hart: int) -> str:
    flexible = core_of(session, hart) in ("flexv", "mpic")
    return "virtual" if flexible and session.cluster.harts[hart].read("sb_legacy") == 0 else ""


def _state(session: "Session", hart: int, csrs: tuple[str, ...]) -> State:
    """The registers of a hart as the pseudo-code evaluator wants them; of CSRs, those named."""
    one = session.cluster.harts[hart]
    state = state_of(one.all_registers(), {})
    for csr in registers.csrs_of(core_of(session, hart)):
        if csr.group in ("flexv", "hardware loop") or csr.name in csrs:
            state.write_csr(csr.address, one.read(csr.name))
    return state


def try_at(session: "Session", address: int, hart: int, parts: Anatomy | None = None) -> Trial | None:
    """What a hart would do with the instruction at an address now; None if that cannot be known."""
    found = parts or anatomy_at(session, address, hart)
    if found.row is None:
        return None
    state = _state(session, hart, found.csrs)
    state.pc = address

    def read(where: int, size: int) -> int:
        return int.from_bytes(session.cluster.read_memory(where, size), "little")

    try:
        return try_instruction(found.word, state, read, core_of(session, hart))
    except MemoryAccessError:
        return None
