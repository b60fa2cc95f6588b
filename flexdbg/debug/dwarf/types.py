"""Types of the program, from their DWARF entries to `Kind`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from elftools.common.exceptions import DWARFError

from flexdbg.debug.dwarf.dies import children, flag, name_of, number, reference
from flexdbg.debug.dwarf.evaluation import parse
from flexdbg.debug.kinds import ELLIPSIS, VOID, Form, Kind, Member, array_of, canonical_name, pointer_to

__all__ = ["TypeReader"]

_BOOLEAN, _FLOAT, _SIGNED, _SIGNED_CHAR = 2, 4, 5, 6
_FORMS = {_BOOLEAN: Form.BOOL, _FLOAT: Form.FLOAT}
_QUALIFIERS = {
    "DW_TAG_const_type": "const",
    "DW_TAG_volatile_type": "volatile",
    "DW_TAG_restrict_type": "restrict",
    "DW_TAG_atomic_type": "_Atomic",
}
_RECORDS = {
    "DW_TAG_structure_type": Form.STRUCT,
    "DW_TAG_class_type": Form.STRUCT,
    "DW_TAG_union_type": Form.UNION,
}
_MOST_MEMBERS = 65_536
# No type of a 32-bit machine is larger.
_LARGEST = 1 << 32

Safely = Callable[
    [Callable[[], Any], Any], Any
]  # run a reader; damage is noted and gives the second argument


class TypeReader:
    """Types by the offset of their entry, each read once."""

    def __init__(self, safely: Safely, complete: Callable[[str, str], Any | None]) -> None:
        """`complete` finds the definition of a struct that an entry only declares."""
        self._safely = safely
        self._complete = complete
        self._known: dict[int, Kind] = {}
        self._reading: set[int] = set()

    def type_of(self, die: Any) -> Kind:
        """The type that an entry has by DW_AT_type; void without."""
        target = reference(die, "DW_AT_type")
        return self.read(target) if target is not None else VOID

    def read(self, die: Any) -> Kind:
        """The type that an entry is."""
        known = self._known.get(die.offset)
        if known is not None:
            return known
        if die.offset in self._reading:
            raise DWARFError(f"the type at 0x{die.offset:x} contains itself")
        self._reading.add(die.offset)
        try:
            made = self._known[die.offset] = self._read(die)
        finally:
            self._reading.discard(die.offset)
        return made

    def _read(self, die: Any) -> Kind:
        tag, name = die.tag, name_of(die)
        if tag == "DW_TAG_base_type":
            return _base(die, name)
        if tag == "DW_TAG_pointer_type":
            return pointer_to(lambda: self._later(die))
        if tag in _QUALIFIERS:
            kind = self.type_of(die)
            return replace(kind, qualifiers=(_QUALIFIERS[tag], *kind.qualifiers))
        if tag == "DW_TAG_typedef":
            kind = self.type_of(die)
            return replace(kind, name=name, alias=kind, qualifiers=())
        if tag in _RECORDS:
            return self._record(die, name, _RECORDS[tag])
        if tag == "DW_TAG_enumeration_type":
            return self._enumeration(die, name)
        if tag == "DW_TAG_array_type":
            return self._array(die)
        if tag in ("DW_TAG_subroutine_type", "DW_TAG_subprogram"):
            return self._function(die)
        return VOID if tag == "DW_TAG_unspecified_type" else Kind(name or "<unknown type>", 0, form=Form.VOID)

    def _later(self, die: Any) -> Kind:
        kind: Kind = self._safely(lambda: self.type_of(die), VOID)
        return kind

    # Records

    def _record(self, die: Any, name: str, form: Form) -> Kind:
        declared = flag(die, "DW_AT_declaration")
        if declared and name:
            full = self._complete(form.value, name)
            if full is not None and full.offset != die.offset:
                return self.read(full)
        return Kind(
            f"{form} {name}" if name else "",
            8 * _size(die),
            form=form,
            incomplete=declared,
            read_members=lambda: self._safely(lambda: tuple(self._members(die)), ()),
        )

    def _members(self, die: Any) -> list[Member]:
        found = []
        for child in children(die):
            if child.tag != "DW_TAG_member" or flag(child, "DW_AT_external"):
                continue
            kind = self.type_of(child)
            bits = number(child, "DW_AT_bit_size") or 0
            found.append(Member(name_of(child), kind, _bit_offset(child, kind, bits), bits))
            if len(found) > _MOST_MEMBERS or bits > 64:
                raise DWARFError(f"the struct at 0x{die.offset:x} makes no sense")
        return found

    # Enumerations

    def _enumeration(self, die: Any, name: str) -> Kind:
        listed = tuple(
            (name_of(child), number(child, "DW_AT_const_value") or 0)
            for child in children(die)
            if child.tag == "DW_TAG_enumerator"
        )
        size = _size(die) or 4
        return Kind(
            f"enum {name}" if name else "",
            8 * size,
            any(value < 0 for _, value in listed),
            Form.ENUM,
            incomplete=flag(die, "DW_AT_declaration"),
            read_enumerators=lambda: listed,
        )

    # Arrays

    def _array(self, die: Any) -> Kind:
        kind = self.type_of(die)
        if not kind.bits and kind.form in (Form.VOID, Form.FUNCTION):
            raise DWARFError(f"the array at 0x{die.offset:x} has no elements")
        ranges = [child for child in children(die) if child.tag == "DW_TAG_subrange_type"]
        for subrange in reversed(ranges):
            count = _count(subrange)
            if (count or 0) * kind.size > _LARGEST:
                raise DWARFError(f"the array at 0x{die.offset:x} is larger than memory")
            kind = array_of(kind, count)
            bound = subrange.attributes.get("DW_AT_upper_bound")
            if count is None and bound is not None:
                kind = replace(kind, bound=subrange)
        return kind

    # Functions

    def _function(self, die: Any) -> Kind:
        def parameters() -> tuple[Kind, ...]:
            found = []
            for child in children(die):
                if child.tag == "DW_TAG_formal_parameter":
                    found.append(self.type_of(child))
                elif child.tag == "DW_TAG_unspecified_parameters":
                    found.append(ELLIPSIS)
            return tuple(found)

        return Kind(
            "",
            0,
            form=Form.FUNCTION,
            prototyped=flag(die, "DW_AT_prototyped"),
            read_target=lambda: self._later(die),
            read_parameters=lambda: self._safely(parameters, ()),
        )


def _base(die: Any, name: str) -> Kind:
    encoding, size = number(die, "DW_AT_encoding"), _size(die)
    if not 0 < size <= 16:
        raise DWARFError(f"the type at 0x{die.offset:x} has {size} bytes")
    form = _FORMS.get(encoding or 0, Form.INT)
    if form is Form.FLOAT and size not in (4, 8):
        form = Form.INT  # `long double`: shown as its bits
    signed = encoding in (_SIGNED, _SIGNED_CHAR) or form is Form.FLOAT
    return Kind(canonical_name(name), 8 * size, signed, form, textual=form is Form.INT and size == 1)


def _size(die: Any) -> int:
    size = number(die, "DW_AT_byte_size") or 0
    if not 0 <= size < _LARGEST:
        raise DWARFError(f"the type at 0x{die.offset:x} has {size} bytes")
    return size


def _count(subrange: Any) -> int | None:
    count = number(subrange, "DW_AT_count")
    if count is None:
        upper = number(subrange, "DW_AT_upper_bound")
        if upper is None or subrange.attributes["DW_AT_upper_bound"].form.startswith("DW_FORM_ref"):
            return None
        # An array without elements ends before it begins, at -1 in 32 bits.
        count = 0 if upper == 0xFFFF_FFFF else upper + 1
    return max(count, 0)


def _byte_offset(member: Any) -> int:
    """A number, or in DWARF 2 an expression that adds one."""
    offset = number(member, "DW_AT_data_member_location")
    location = member.attributes.get("DW_AT_data_member_location")
    if offset is not None or location is None:
        return offset or 0
    operations = parse(member.cu.structs, bytes(location.value))
    if len(operations) != 1 or operations[0].op_name not in ("DW_OP_plus_uconst", "DW_OP_constu"):
        raise DWARFError(f"the member at 0x{member.offset:x} has no fixed place")
    return int(operations[0].args[0])


def _bit_offset(member: Any, kind: Kind, bits: int) -> int:
    """Where a member begins, in bits; older DWARF counts bit-fields from the other end of their unit."""
    start = _byte_offset(member)
    data_bits = number(member, "DW_AT_data_bit_offset")
    if data_bits is not None:
        return data_bits
    from_top = number(member, "DW_AT_bit_offset")
    if bits and from_top is not None:
        unit = number(member, "DW_AT_byte_size") or kind.size
        return 8 * start + 8 * unit - from_top - bits
    return 8 * start
