"""Watchpoints on registers: which trace records show that one is written or read, and what cannot be watched.

Reads are those that the tables of the ISA know of: operands, NN registers of a Mac&Load, CSRs that an
instruction names, and CSRs that decide what it does (lane width, slice, address pattern).
"""

from dataclasses import dataclass
from typing import Literal

from flexdbg.debug.events import ALL_BITS, EventFilter, Lane, Trigger
from flexdbg.debug.expressions import Expression
from flexdbg.debug.kinds import kind_named
from flexdbg.errors import CommandError
from flexdbg.isa import isa_model
from flexdbg.machine import registers

__all__ = ["RegisterPlace", "register_filter", "register_place"]

RegisterAccess = Literal["write", "read", "access"]

_FIRST_COUNTER, _LAST_COUNTER = 0x780, 0x79F


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """A register, or a lane of it."""

    name: str
    lane: Lane | None = None


def register_place(expression: Expression) -> RegisterPlace | None:
    """The register that an expression such as `$a0`, `$nn_w0.i4` or `$nn_w0.i4[2]` names; else None."""
    form, lane = expression.form, None
    if form is None:
        return None
    position = None
    if form.op == "index" and form.parts[1].op == "number":
        position = form.parts[1].parts[0]
        form = form.parts[0]
    if form.op == "lanes":
        kind = kind_named(form.parts[1])
        if kind is None or form.parts[1][:1] not in "iu":
            return None
        if position is not None:
            count = 32 // kind.bits
            if position >= count:
                raise CommandError(f"{expression.text}: lanes are 0 to {count - 1}")
            lane = Lane(position * kind.bits, kind)
        form = form.parts[0]
    elif position is not None:
        return None
    if form.op != "register" or registers.find(form.parts[0]) is None:
        return None
    return RegisterPlace(form.parts[0].lower(), lane)


def register_filter(place: RegisterPlace, access: RegisterAccess, *, changes: bool = True) -> EventFilter:
    """The events of a register. With `changes`, a write of the same value is none."""
    number = registers.number_of(place.name)
    text = f"${place.name}"
    triggers: list[Trigger] = []
    if access in ("write", "access"):
        _check_writes(number, text, alone=access == "write")
        mask = (place.lane.mask if place.lane else ALL_BITS) if changes else 0
        if number == registers.PC:
            triggers.append(("retire", {"pc": True}))
        else:
            triggers.append((_kind(number), {"a": (number, number), "changed": mask}))
    if access in ("read", "access"):
        _check_reads(number, text)
        triggers.append(("register_read", {"a": (number, number)}))
    return EventFilter(text, tuple(triggers), place.lane)


def _kind(number: int) -> str:
    if number < registers.PC:
        return "register"
    return "nn" if registers.name_of(number) in registers.GROUPS["nn"] else "csr"


def _is_counter(number: int) -> bool:
    return _FIRST_COUNTER <= number - registers.CSR_BASE <= _LAST_COUNTER


def _check_writes(number: int, text: str, *, alone: bool) -> None:
    if number == 0:
        raise CommandError(f"cannot watch {text}: it is always zero")
    if _is_counter(number):
        raise CommandError(
            f"cannot watch {text}: it counts by itself; `break csr {text[1:]}` stops where an instruction "
            f"sets it, `break if {text} > N` when it gets there"
        )
    csr = isa_model().csr_by_address.get(number - registers.CSR_BASE)
    if alone and csr is not None and csr.access.endswith("RO"):
        raise CommandError(f"cannot watch {text}: it never changes; `rwatch {text}` stops where it is read")


def _check_reads(number: int, text: str) -> None:
    if number == 0:
        raise CommandError(f"cannot watch reads of {text}: it is always zero, and half of the code names it")
    if number == registers.PC:
        raise CommandError(
            f"cannot watch reads of {text}: every instruction has one; `watch $pc` stops behind each, "
            "`break` at a place"
        )
    if registers.PC < number < registers.CSR_BASE and _kind(number) == "csr":
        raise CommandError(
            f"cannot watch reads of {text}: no instruction names it; `watch {text}` sees it count"
        )
