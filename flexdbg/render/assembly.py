"""Assembly text as coloured fragments, and lines of a disassembly."""

import re
from collections.abc import Sequence

from flexdbg.render.text import Fragment, Line

__all__ = ["code_line", "highlight"]

_PART = re.compile(
    r"(?P<comment>[#;].*)|(?P<number>[-+]?\b(?:0x[0-9a-fA-F]+|\d+)\b)"
    r"|(?P<word>[A-Za-z_.$][\w.$]*)|(?P<rest>.)"
)
_REGISTER = re.compile(r"x\d+|zero|ra|sp|gp|tp|fp|[ats]\d+")


def highlight(text: str) -> Line:
    """One instruction: the first word is the mnemonic, then registers, numbers and symbols."""
    fragments: list[Fragment] = []
    mnemonic_seen = False
    for match in _PART.finditer(text):
        part = match[0]
        if match.lastgroup == "word":
            if not mnemonic_seen:
                style, mnemonic_seen = "mnemonic", True
            else:
                style = "register" if _REGISTER.fullmatch(part) else "symbol"
        else:
            style = match.lastgroup if match.lastgroup in ("comment", "number") else ""
        fragments.append((style or "", part))
    return fragments


def code_line(
    address: int,
    text: str,
    *,
    label: str = "",
    marker: str = "   ",
    raw: str = "",
    harts: Sequence[str] = (),
) -> Line:
    """`=> 0x1c008134 <inner+24>:  pv.mlsdotsup.v s1, zero, 10   ; hart 1, hart 2`"""
    line: Line = [("current" if "=>" in marker else "breakpoint", marker), ("address", f"0x{address:08x}")]
    if label:
        line += [("", " <"), ("symbol", label), ("", ">")]
    line.append(("", ":\t"))
    if raw:
        line.append(("faint", f"{raw}\t"))
    line += highlight(text)
    if harts:
        line.append(("comment", f"\t; {', '.join(harts)}"))
    return line
