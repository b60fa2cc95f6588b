"""One instruction explained with the live values of a hart: operands, CSRs, and what it would do now."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.debug.trials import anatomy_at, core_of, try_at
from flexdbg.errors import CommandError, MemoryAccessError
from flexdbg.isa import Anatomy, AssemblyError, Csr, Format, Role, Trial, assemble, dissect, isa_model
from flexdbg.machine import registers

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Explanation", "explain_address", "explain_word", "resolve_subject"]

_WORD = re.compile(r"0[xX]([0-9a-fA-F]{1,8})")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An instruction as one hart sees it now. `address` is None for a word that is not in memory."""

    hart: int
    address: int | None
    parts: Anatomy
    values: tuple[tuple[Role, int | None], ...]  # operands, with the values of registers
    csrs: tuple[tuple[Csr, int], ...]  # that decide what it does, with their values
    form: Format | None  # of simd_fmt, where that decides
    trial: Trial | None  # what it would do now, None where that cannot be known


def explain_address(session: "Session", address: int, hart: int | None = None) -> Explanation:
    """The instruction at an address."""
    number = session.hart if hart is None else hart
    return _explanation(session, anatomy_at(session, address, number), number, address)


def explain_word(session: "Session", word: int, hart: int | None = None) -> Explanation:
    """A word that need not be in memory, as if it stood at the hart's pc."""
    number = session.hart if hart is None else hart
    core = core_of(session, number)
    one = session.cluster.harts[number]
    view = "virtual" if core in ("flexv", "mpic") and one.read("sb_legacy") == 0 else ""
    return _explanation(session, dissect(word, core, pc=one.pc, view=view), number, None)


def _explanation(session: "Session", parts: Anatomy, hart: int, address: int | None) -> Explanation:
    one = session.cluster.harts[hart]
    values = tuple((role, one.read(role.value) if role.is_register else None) for role in parts.operands)
    known = isa_model().csr_by_name
    csrs = tuple((known[name], one.read(name)) for name in parts.csrs if name in known)
    form = registers.format_of(one.read("simd_fmt")) if "simd_fmt" in parts.csrs else None
    trial = try_at(session, one.pc if address is None else address, hart, parts)
    return Explanation(hart, address, parts, values, csrs, form, trial)


def resolve_subject(session: "Session", text: str) -> tuple[str, int | str]:
    """What the user names: ("address", N), ("word", N) or ("page", mnemonic).

    `0xN` is an address where the program has memory, else an instruction word.
    """
    text = text.strip()
    if not text:
        return "address", session.pc
    found = _WORD.fullmatch(text)
    if found:
        number = int(found[1], 16)
        return ("address" if _is_code(session, number) else "word"), number
    name = text.split()[0].lower()
    if name in isa_model().by_name:
        if len(text.split()) == 1 and any(row.syntax.operands for row in isa_model().by_name[name]):
            return "page", name
        return "word", _assembled(session, text)
    return "address", session.locate(text, skip_prologue=False)[0]


def _is_code(session: "Session", number: int) -> bool:
    if number % 2:
        return False
    try:
        session.cluster.read_memory(number, 2)
    except MemoryAccessError:
        return False
    return True


def _assembled(session: "Session", text: str) -> int:
    try:
        encoded = assemble(text, session.pc)
    except AssemblyError as error:
        raise CommandError(error.message) from error
    if len(encoded) != 1:
        raise CommandError(f"{text!r} is {len(encoded)} instructions; explain takes one")
    return encoded[0].word
