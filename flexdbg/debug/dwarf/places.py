"""Where variables are kept, in words."""

from typing import Any

from flexdbg.debug.dwarf.dies import number, origin
from flexdbg.debug.dwarf.evaluation import location_ranges, parse
from flexdbg.debug.dwarf.scopes import Variable
from flexdbg.isa import ABI_NAMES

__all__ = ["place_text"]

_EXPRESSIONS = ("DW_FORM_exprloc", "DW_FORM_block", "DW_FORM_block1", "DW_FORM_block2", "DW_FORM_block4")


def place_text(variable: Variable, dwarf: Any) -> str:
    """`a variable in $a0`, `a variable at frame base offset -20`; a list of places one a line."""
    die = variable.die
    what = "a parameter" if variable.is_parameter else "a variable"
    constant = number(die, "DW_AT_const_value")
    if constant is None and "DW_AT_location" not in die.attributes:
        constant = number(origin(die), "DW_AT_const_value")
    if constant is not None:
        return f"constant {constant}"
    location = die.attributes.get("DW_AT_location")
    if location is None:
        return "optimized out"
    structs = die.cu.structs
    if location.form in _EXPRESSIONS:
        return f"{what} {_words(parse(structs, bytes(location.value)))}"
    found = location_ranges(dwarf, die, "DW_AT_location", die.cu.header["version"])
    lines = [
        f"\n  Range 0x{begin:x}-0x{end:x}: {what} {_words(parse(structs, code))}"
        for begin, end, code in found
    ]
    return f"multi-location:{''.join(lines)}\n"


def _words(operations: list[Any]) -> str:
    """One location expression; what is not simple is given in DWARF's own words."""
    names = [operation.op_name for operation in operations]
    if not operations:
        return "optimized out"
    first = operations[0]
    if len(operations) == 1:
        short = first.op_name.removeprefix("DW_OP_")
        if short[:3] == "reg" and short[3:].isdigit() and int(short[3:]) < 32:
            return f"in ${ABI_NAMES[int(short[3:])]}"
        if short == "addr":
            return f"with static storage at address 0x{first.args[0]:x}"
        if short == "fbreg":
            return f"at frame base offset {first.args[0]:+d}"
        if short[:4] == "breg" and short[4:].isdigit() and int(short[4:]) < 32:
            return f"at ${ABI_NAMES[int(short[4:])]} offset {first.args[0]:+d}"
    if names[-1] == "DW_OP_stack_value":
        return f"with a computed value: {_listed(operations[:-1])}"
    return f"at a computed place: {_listed(operations)}"


def _listed(operations: list[Any]) -> str:
    shown = []
    for operation in operations:
        arguments = [
            _listed(argument)
            if isinstance(argument, list) and argument and hasattr(argument[0], "op_name")
            else argument
            for argument in operation.args
        ]
        shown.append(" ".join([operation.op_name, *(str(argument) for argument in arguments)]))
    return "; ".join(shown)
