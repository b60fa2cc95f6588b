"""Entries of .debug_info: children, references, attributes; what is damaged there raises DWARFError."""

from collections.abc import Iterator
from typing import Any

from elftools.common.exceptions import DWARFError

__all__ = ["address_ranges", "children", "flag", "name_of", "number", "origin", "reference", "text"]

_DEEPEST = 16  # references from one entry to the next


def children(die: Any) -> Iterator[Any]:
    """The entries below one; damaged links between siblings may not lead back."""
    last = die.offset
    for child in die.iter_children():
        if child.offset <= last:
            raise DWARFError(f"entry 0x{child.offset:x} is linked in a circle")
        last = child.offset
        yield child


def reference(die: Any, attribute: str) -> Any | None:
    """The entry that an attribute refers to."""
    return die.get_DIE_from_attribute(attribute) if attribute in die.attributes else None


def origin(die: Any) -> Any:
    """Where name and type of an entry stand: its abstract instance or its declaration."""
    for _ in range(_DEEPEST):
        for attribute in ("DW_AT_abstract_origin", "DW_AT_specification"):
            if attribute in die.attributes:
                die = die.get_DIE_from_attribute(attribute)
                break
        else:
            return die
    raise DWARFError(f"entry 0x{die.offset:x} refers to itself")


def name_of(die: Any) -> str:
    """The name of an entry, or nothing."""
    attribute = die.attributes.get("DW_AT_name")
    if attribute is None:
        source = origin(die)
        attribute = source.attributes.get("DW_AT_name")
    return text(attribute.value) if attribute is not None else ""


def text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def number(die: Any, attribute: str) -> int | None:
    """A constant attribute; None where it is missing or a computation."""
    found = die.attributes.get(attribute)
    return found.value if found is not None and isinstance(found.value, int) else None


def flag(die: Any, attribute: str) -> bool:
    found = die.attributes.get(attribute)
    return found is not None and bool(found.value)


def address_ranges(dwarf: Any, die: Any) -> list[tuple[int, int]]:
    """The code that an entry covers."""
    attributes = die.attributes
    if "DW_AT_low_pc" in attributes and "DW_AT_high_pc" in attributes:
        low, high = attributes["DW_AT_low_pc"].value, attributes["DW_AT_high_pc"]
        return [(low, high.value if high.form == "DW_FORM_addr" else low + high.value)]
    if "DW_AT_ranges" not in attributes:
        return []
    lists = dwarf.range_lists()
    base = die.cu.get_top_DIE().attributes.get("DW_AT_low_pc")
    start = base.value if base is not None else 0
    found = []
    for item in lists.get_range_list_at_offset(attributes["DW_AT_ranges"].value, die.cu):
        if hasattr(item, "base_address"):
            start = item.base_address
            continue
        shift = 0 if getattr(item, "is_absolute", False) else start
        found.append((item.begin_offset + shift, item.end_offset + shift))
    return found
