"""Local variables and parameters of a place, from DWARF: their names and where they live."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flexdbg.isa import ABI_NAMES

if TYPE_CHECKING:
    from flexdbg.debug.symbols import SymbolTable

__all__ = ["Local", "variables_at"]

_KINDS = {"DW_TAG_formal_parameter": "parameter", "DW_TAG_variable": "variable"}
_SCOPES = ("DW_TAG_subprogram", "DW_TAG_lexical_block", "DW_TAG_inlined_subroutine")
_DEEPEST = 16  # typedefs and qualifiers of a type


@dataclass(frozen=True, slots=True)
class Local:
    """A variable in scope; `place` is a phrase such as "register a0"."""

    name: str
    kind: str
    place: str
    size: int


def variables_at(symbols: "SymbolTable", address: int) -> list[Local]:
    """Variables of the function and blocks around an address, outermost first."""
    return symbols.readable("debug information", lambda: _variables(symbols.dwarf, address), [])


def _variables(dwarf: Any, address: int) -> list[Local]:
    if dwarf is None:
        return []
    found: list[Local] = []
    for unit in dwarf.iter_CUs():
        top = unit.get_top_DIE()
        for die in top.iter_children():
            if die.tag == "DW_TAG_subprogram" and _covers(dwarf, die, address):
                _collect(dwarf, die, address, found)
                return found
    return found


def _collect(dwarf: Any, die: Any, address: int, found: list[Local]) -> None:
    for child in die.iter_children():
        if child.tag in _KINDS:
            named = _origin(child)
            if "DW_AT_name" in named.attributes:
                found.append(
                    Local(
                        _text(named.attributes["DW_AT_name"].value),
                        _KINDS[child.tag],
                        _place(child),
                        _size(named),
                    )
                )
        elif child.tag in _SCOPES and _covers(dwarf, child, address):
            _collect(dwarf, child, address, found)


def _origin(die: Any) -> Any:
    """The abstract instance of an inlined variable."""
    for _ in range(_DEEPEST):
        if "DW_AT_abstract_origin" not in die.attributes:
            break
        die = die.get_DIE_from_attribute("DW_AT_abstract_origin")
    return die


def _covers(dwarf: Any, die: Any, address: int) -> bool:
    attributes = die.attributes
    if "DW_AT_low_pc" in attributes and "DW_AT_high_pc" in attributes:
        low, high = attributes["DW_AT_low_pc"].value, attributes["DW_AT_high_pc"]
        end = high.value if high.form == "DW_FORM_addr" else low + high.value
        return bool(low <= address < end)
    if "DW_AT_ranges" not in attributes:
        return False
    ranges = dwarf.range_lists().get_range_list_at_offset(attributes["DW_AT_ranges"].value, die.cu)
    base = die.cu.get_top_DIE().attributes.get("DW_AT_low_pc")
    start = base.value if base else 0
    for item in ranges:
        if hasattr(item, "base_address"):
            start = item.base_address
            continue
        shift = 0 if getattr(item, "is_absolute", False) else start
        if item.begin_offset + shift <= address < item.end_offset + shift:
            return True
    return False


def _place(die: Any) -> str:
    """Simple DWARF expressions in words."""
    if "DW_AT_const_value" in die.attributes:
        return f"constant {die.attributes['DW_AT_const_value'].value}"
    location = die.attributes.get("DW_AT_location")
    if location is None:
        return "no place (optimized out)"
    if location.form != "DW_FORM_exprloc":
        return "a place that changes with the pc"
    code = bytes(location.value)
    if len(code) == 1 and 0x50 <= code[0] < 0x70:  # DW_OP_reg0..31
        return f"register {ABI_NAMES[code[0] - 0x50]}"
    if len(code) == 5 and code[0] == 0x03:  # DW_OP_addr
        return f"static storage 0x{int.from_bytes(code[1:], 'little'):08x}"
    if code[:1] == b"\x91":  # DW_OP_fbreg
        return f"the frame, offset {_sleb(code[1:])}"
    return "a computed place"


def _sleb(code: bytes) -> int:
    value = 0
    for k, byte in enumerate(code):
        value |= (byte & 0x7F) << 7 * k
        if not byte & 0x80:
            bits = 7 * (k + 1)
            return value - (1 << bits) if value >> (bits - 1) else value
    return value


def _size(die: Any) -> int:
    for _ in range(_DEEPEST):
        if "DW_AT_byte_size" in die.attributes:
            return int(die.attributes["DW_AT_byte_size"].value)
        if "DW_AT_type" not in die.attributes:
            return 0
        die = die.get_DIE_from_attribute("DW_AT_type")
    return 0


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
