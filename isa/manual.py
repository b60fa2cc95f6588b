"""Reference pages: one instruction, the list of an extension, and search by name or meaning."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Alias, Field, Instruction, Operand
from .model_cache import isa_model

__all__ = [
    "TIMING_TEXT",
    "ManualPage",
    "bit_fields",
    "cells",
    "extensions",
    "listing",
    "mnemonics",
    "near",
    "notes_of",
    "page",
    "search",
    "syntax_text",
]

EXTENSIONS = {
    "rv32i": "base integer instructions",
    "zicsr": "access to control and status registers",
    "zifencei": "instruction-fetch fence",
    "priv": "returns from traps, waiting",
    "rv32m": "multiplication and division",
    "rv32c": "compressed instructions",
    "xpulpv2": "PULP: post-increment, hardware loops, bit fields, scalar DSP, 16- and 8-bit SIMD",
    "xpulpnn": "PULP-NN: 4- and 2-bit SIMD, Mac&Load v2",
    "xflexv": "Flex-V: Mac&Load on the NN register file, CSR-driven SIMD",
    "pseudo": "other names for instructions with fixed operands",
}

TIMING_TEXT = {
    "alu": "1 cycle, result forwarded",
    "mul": "1 cycle, result forwarded",
    "dotp": "1 cycle, result forwarded; advances the MPC slice counter",
    "mulh": "5 cycles",
    "div": "3 + leading zeros of the divisor (35 for a zero divisor)",
    "load": "1 cycle, +1 if the next instruction needs the result, +1 if it crosses a word, plus waits",
    "store": "1 cycle, +1 if it crosses a word, plus waits",
    "elw": "as a load; sleeps until the event unit grants it",
    "macload": "1 cycle; +1 behind a reload of a register it names; the result is late by one instruction",
    "branch": "1 cycle not taken, 3 taken; +1 for a 32-bit target at address 2 mod 4",
    "jal": "2 cycles",
    "jalr": "2 cycles, +1 if rs1 was just computed, more if it was just loaded",
    "csr": "1 cycle; 4 for mstatus",
    "hwloop": "1 cycle; the loop itself costs nothing",
    "fence": "5 cycles, drains the pipeline",
    "ecall": "4 cycles to the handler",
    "ebreak": "4 cycles to the handler",
    "mret": "6 cycles to the return address",
    "wfi": "sleeps until an interrupt",
    "dret": "leaves debug mode",
    "illegal": "traps as an illegal instruction",
}

_KINDS = {
    "reg": "register",
    "creg": "register x8..x15",
    "fixed": "sp",
    "pc": "target, a label or a distance in bytes",
    "end": "target ahead, a label or a distance in bytes",
    "s": "signed number",
    "u": "unsigned number",
    "hi": "upper 20 bits",
    "chi": "upper bits, sign-extended",
    "csr": "CSR name or number",
    "loop": "hardware loop x0 or x1",
    "fence": "letters of iorw",
    "reload": "bit 4 reload W, 3 reload A, 2:1 W index, 0 A index",
}


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One instruction (or alias) as text blocks; `text()` puts them together."""

    name: str
    syntax: tuple[str, ...]
    summary: str
    extension: str
    cores: tuple[str, ...]
    encoding: str  # three lines: bit numbers, fields, contents
    operands: tuple[tuple[str, str], ...]
    pseudo: str
    lanes: str
    timing: str
    notes: tuple[str, ...]
    aliases: tuple[str, ...]

    def text(self) -> str:
        blocks = [f"{self.name}: {self.summary}", "\n".join(f"    {line}" for line in self.syntax)]
        blocks.append(self.encoding)
        if self.operands:
            width = max(len(name) for name, _ in self.operands)
            blocks.append("Operands\n" + "\n".join(f"    {n:<{width}}  {what}" for n, what in self.operands))
        if self.pseudo:
            blocks.append("Operation\n" + "\n".join(f"    {line}" for line in self.pseudo.split("\n")))
        facts = [("Extension", self.extension), ("Cores", ", ".join(self.cores)), ("Lanes", self.lanes)]
        facts += [("Timing", self.timing), ("Also", ", ".join(self.aliases))]
        blocks.append("\n".join(f"{name + ':':<11}{value}" for name, value in facts if value))
        blocks += self.notes
        return "\n\n".join(b for b in blocks if b) + "\n"


def cells(row: Instruction) -> list[tuple[int, int, str]]:
    """(high bit, low bit, content) from left to right."""
    cells: list[tuple[int, int, str]] = []
    for item in row.fields.values():
        for bit, width, low in item.pieces:
            cells.append((bit + width - 1, bit, _cell(item, width, low)))
    taken = sum(item.mask for item in row.fields.values())
    bit = 8 * row.length - 1
    while bit >= 0:
        if taken >> bit & 1:
            bit -= 1
            continue
        end = bit
        # The fixed parts of 32-bit words are cut where opcode and funct3 begin.
        while end > 0 and not taken >> (end - 1) & 1 and not (row.length == 4 and end in (7, 12, 15, 20, 25)):
            end -= 1
        digits = f"{row.match >> end & ((1 << (bit - end + 1)) - 1):0{bit - end + 1}b}"
        cells.append((bit, end, digits))
        bit = end - 1
    return sorted(cells, reverse=True)


def _cell(item: Field, width: int, low: int) -> str:
    if len(item.pieces) == 1 and low == 0:
        return item.name
    return f"{item.name}[{low + width - 1}:{low}]" if width > 1 else f"{item.name}[{low}]"


def bit_fields(row: Instruction) -> str:
    """The encoding drawn as boxes."""
    numbers, rule, contents = "", "+", "|"
    for high, low_bit, content in cells(row):
        label = f"{high}" if high == low_bit else f"{high}..{low_bit}"
        width = max(len(content), len(label)) + 2
        numbers += f" {label:^{width}}"
        rule += "-" * width + "+"
        contents += f"{content:^{width}}|"
    return "\n".join((numbers.rstrip(), rule, contents, rule))


def syntax_text(text: str) -> str:
    out, skip = "", False
    for char in text:
        skip = char == ":" or (skip and char.isalnum())
        out += "" if skip else char
    return out.replace("'", "")


def _operand_line(operand: Operand) -> tuple[str, str]:
    what = _KINDS[operand.kind]
    if not operand.is_register and operand.kind not in ("csr", "loop", "fence"):
        what += f", {operand.low}..{operand.high}"
        if operand.step > 1:
            what += f" in steps of {operand.step}"
    return operand.name.replace("'", ""), what


def _lanes(row: Instruction) -> str:
    if not row.lanes:
        return ""
    forms = {
        "vv": "lane by lane",
        "sc": "lowest lane of rs2 for every lane",
        "sci": "constant for every lane",
    }
    text = f"{32 // row.lanes} of {row.lanes} bits"
    if row.virtual and row.timing in ("alu", "dotp"):
        text += f", {forms.get(row.mode, '')}"
    return text


def notes_of(row: Instruction) -> Iterator[str]:
    if row.virtual or (row.timing == "macload" and "imm5" in row.fields):
        yield "With sb_legacy = 0 (mpic, flexv) simd_fmt chooses the lane width; the name is then .v."
    if row.timing == "macload" and "imm5" in row.fields:
        yield (
            "A and W are the NN registers. With sb_legacy = 0 a reload takes its address from a_addr or\n"
            "w_addr and steps it; otherwise from rs1, which grows by 4. Do not read rd in the very next\n"
            "instruction."
        )
    if row.timing == "hwloop":
        yield "The end is the address of the last instruction of the body, which has at least two."
    if row.runs_as:
        yield f"Other cores do not decode this word; they run it as {isa_model().by_id[row.runs_as].name}."
    if row.rtl_variant:
        yield "The hardware differs in rare cases; see `quirks` in the configuration."
    if row.guards:
        yield "Required: " + ", ".join(g.text for g in row.guards) + "."


def _instruction_page(row: Instruction) -> ManualPage:
    base = row.expand.base if row.expand else row
    pseudo = base.pseudo.replace("; ", "\n")
    if row.expand:
        pseudo = row.expand.text.replace("'", "")
    also = [*row.aliases]
    also += [a.name for a in isa_model().aliases if a.target.base is row and a.name not in (row.name, *also)]
    return ManualPage(
        name=row.name,
        syntax=tuple(f"{row.name} {syntax_text(s.text)}".rstrip() for s in row.syntaxes),
        summary=row.summary,
        extension=f"{row.extension} ({EXTENSIONS[row.extension]})",
        cores=row.cores,
        encoding=bit_fields(row),
        operands=tuple(_operand_line(o) for o in row.syntax.operands),
        pseudo=pseudo,
        lanes=_lanes(row),
        timing=TIMING_TEXT[row.timing],
        notes=tuple(notes_of(row)),
        aliases=tuple(dict.fromkeys(also)),
    )


def _alias_page(alias: Alias) -> ManualPage:
    base = alias.target.base
    return ManualPage(
        name=alias.name,
        syntax=(f"{alias.name} {syntax_text(alias.syntax.text)}".rstrip(),),
        summary=alias.summary if alias.view else f"short for {alias.target.text}",
        extension="xflexv (CSR-driven name)"
        if alias.view
        else f"name for an instruction of {base.extension}",
        cores=alias.cores,
        encoding=bit_fields(base),
        operands=tuple(_operand_line(o) for o in alias.syntax.operands),
        pseudo=alias.target.text if not alias.view else base.pseudo.replace("; ", "\n"),
        lanes="chosen by simd_fmt" if alias.view else _lanes(base),
        timing=TIMING_TEXT[base.timing],
        notes=tuple(notes_of(base)),
        aliases=(base.name,) if base.name != alias.name else (),
    )


def page(name: str) -> list[ManualPage]:
    """Pages of a mnemonic, several if it has several encodings (p.lw); empty if it is unknown."""
    rows = isa_model().by_name.get(name.strip().lower(), ())
    own = tuple(r for r in rows if isinstance(r, Instruction) and r.name == name.strip().lower())
    chosen = own or rows
    return [_instruction_page(r) if isinstance(r, Instruction) else _alias_page(r) for r in chosen]


def mnemonics(core: str | None = None) -> list[str]:
    """Every mnemonic the assembler knows, sorted; of one core if named."""
    names = isa_model().by_name
    return sorted(n for n, rows in names.items() if core is None or any(core in r.cores for r in rows))


def extensions() -> dict[str, str]:
    """Extension names with a line about each."""
    return dict(EXTENSIONS)


def listing(extension: str | None = None, core: str | None = None) -> list[tuple[str, str, str]]:
    """(mnemonic, operands, summary) of an extension in table order; CSR-driven names count as xflexv."""
    found = []
    for row in isa_model().instructions:
        if (
            (extension is None or row.extension == extension)
            and row.assemble
            and (core is None or core in row.cores)
        ):
            found.append((row.name, syntax_text(row.syntax.text), row.summary))
    for alias in isa_model().aliases:
        home = "xflexv" if alias.view else "pseudo"
        if (extension is None or home == extension) and (core is None or core in alias.cores):
            found.append((alias.name, syntax_text(alias.syntax.text), alias.summary))
    return found


def near(name: str, count: int = 3) -> list[str]:
    """Mnemonics close to a misspelt one."""
    return difflib.get_close_matches(name.lower(), list(isa_model().by_name), count, 0.6)


def search(words: str) -> list[tuple[str, str]]:
    """(mnemonic, summary) of instructions whose name or summary has all the words."""
    wanted = words.lower().split()
    found: dict[str, str] = {}
    for name, _, summary in listing():
        text = f"{name} {summary}".lower()
        if wanted and all(w in text for w in wanted):
            found.setdefault(name, summary)
    return sorted(found.items(), key=lambda item: (wanted[0] not in item[0], item[0]))
