"""A stand-in for GNU as: rewrites PULP mnemonics and CSR names, then runs the real assembler.

`python as_filter.py --install DIR` writes DIR/as; `gcc -B DIR` then compiles sources with PULP mnemonics, in
.S files and in inline assembly alike. Everything but the PULP statements reaches the assembler unchanged and
on its own line. FLEXDBG_AS names the assembler to run (default riscv64-unknown-elf-as).
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

if not __package__:  # run as a script: make the directory an importable package
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    __package__ = Path(__file__).resolve().parent.name
    importlib.import_module(__package__)

from .encode import Context, EncodeError, Fit, encode, fit, near_names, place, register
from .expressions import ExpressionError, UnknownSymbol, Value, evaluate
from .model import Alias, Field, Instruction, Isa, Operand
from .model_cache import isa_model
from .source import Statement, split_operands, split_source

__all__ = ["FilterError", "install", "main", "rewrite"]

_CANDIDATE = re.compile(r"(?im)(?:^|[\s;:])(?:p|pv|lp)\.\w|\bcsr[rwsc]")
_PREFIXES = ("p.", "pv.", "lp.")
_MARKER = re.compile(r'#\s*(?:line\s+)?(\d+)\s+"((?:[^"\\]|\\.)*)"')
_MACRO = re.compile(r"(?im)^\s*\.macro\s+([^\s,]+)")

# Options of GNU as whose value is a word of its own.
_WITH_VALUE = frozenset(("-o", "-I", "-MD", "--MD", "--defsym", "-march", "-mabi", "--debug-prefix-map"))


class FilterError(ValueError):
    """A statement that cannot be rewritten; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _unknown(name: str) -> Value:
    raise UnknownSymbol(name)


_NO_SYMBOLS = Context(_unknown)


def _scattered(item: Field, expression: str) -> str:
    """GNU expression that puts a value into the pieces of a field."""
    terms = []
    for bit, width, low in item.pieces:
        shifted = f"(({expression})>>{low})" if low else f"({expression})"
        # The uppermost piece keeps its excess bits, so that the assembler complains of a value out of range.
        masked = shifted if bit + width == 32 else f"({shifted}&{(1 << width) - 1})"
        terms.append(f"({masked}<<{bit})" if bit else masked)
    return "|".join(terms)


def _symbolic(isa: Isa, candidate: Fit) -> str:
    """A statement for operands of which some are left to the assembler."""
    row = candidate.row
    base = row if isinstance(row, Instruction) else row.target.base
    values: dict[str, int] = {}
    terms: list[str] = []
    target = ""
    for number, (operand, text) in enumerate(candidate.texts):
        single = Fit(row, candidate.syntax, ((operand, text),))
        try:
            encode(isa, single, _NO_SYMBOLS)
            values[operand.name] = _value(isa, operand, text)
        except UnknownSymbol:
            if operand.kind == "pc":
                target = text
            elif "%" in text:
                raise EncodeError(
                    f"operand {number + 1}: {text!r} has no relocation in this instruction"
                ) from None
            else:
                own = row.fields if isinstance(row, Instruction) else base.fields
                inner = f"({text})-." if operand.kind == "end" else text
                terms.append(_scattered(own[operand.name], inner))
    word = place(row, values)
    if target:
        return f".insn b {word & 0x7F:#x}, {word >> 12 & 7}, x{word >> 15 & 31}, x{word >> 20 & 31}, {target}"
    return f".4byte {word:#010x}|{'|'.join(terms)}"


def _value(isa: Isa, operand: Operand, text: str) -> int:
    """Value of an operand that is already known to be right."""
    if operand.is_register:
        number = register(text)
        assert number is not None
        return number - 8 if operand.kind == "creg" else number
    if operand.kind == "loop":
        return int(text.strip().lower() == "x1")
    return evaluate(text, _unknown).number


def _macro_form(row: Instruction, candidate: Fit) -> str | None:
    """`.insn` for operands with macro arguments, where the row has a standard format."""
    texts = {o.name: t for o, t in candidate.texts}

    def reg(name: str, bit: int) -> str:
        if name not in row.fields:
            return f"x{row.match >> bit & 31}"
        return texts[name] if name.startswith("r") else f"x{texts[name]}"

    opcode, funct3 = f"{row.match & 0x7F:#x}", row.match >> 12 & 7
    if row.mask & 0xFE000000 == 0xFE000000 and all(len(f.pieces) == 1 for f in row.fields.values()):
        places = {f.pieces[0][0]: n for n, f in row.fields.items() if f.pieces[0][1] == 5}
        if len(places) == len(row.fields) and set(places) <= {7, 15, 20}:
            names = [reg(places.get(bit, ""), bit) for bit in (7, 15, 20)]
            return f".insn r {opcode}, {funct3}, {row.match >> 25:#x}, {', '.join(names)}"
    if row.fields.keys() == {"rd", "rs1", "imm"} and row.fields["imm"].pieces == ((20, 12, 0),):
        return f".insn i {opcode}, {funct3}, {texts['rd']}, {texts['imm']}({texts['rs1']})"
    if row.fields.keys() == {"rs1", "rs2", "imm"} and "imm:s12(" in row.syntax.text:
        return f".insn s {opcode}, {funct3}, {texts['rs2']}, {texts['imm']}({texts['rs1']})"
    return None


def _in_macro(rows: tuple[Instruction | Alias, ...], operands: str) -> str | None:
    """A rewritten statement of a macro body, or None to leave it as it is."""
    for row in rows:
        if isinstance(row, Alias):
            continue
        # Macro arguments stand for registers or numbers alike: x0 and 0 show which syntax has room for them.
        for stand_in in ("0", "x0"):
            shape = re.sub(r"\\\w+(?:\\\(\))?", stand_in, operands)
            for candidate in fit((row,), shape):
                parts = re.findall(r"[^\s,()!]+", operands)
                if len(parts) == len(candidate.texts):
                    texts = tuple((o, p) for (o, _), p in zip(candidate.texts, parts, strict=True))
                    made = _macro_form(row, Fit(row, candidate.syntax, texts))
                    if made:
                        return made
    return None


def _csr_statement(isa: Isa, statement: Statement) -> str | None:
    """A CSR instruction with CSR names of these cores replaced by numbers."""
    parts = split_operands(statement.operands)
    for k in (0, 1) if statement.name.lower() not in ("csrr",) else (1,):
        if k < len(parts) and register(parts[k]) is None:
            known = isa.csr_by_name.get(parts[k].lower())
            if known:
                parts[k] = f"{known.address:#x}"
                return f"{statement.name} {', '.join(parts)}"
    return None


def _statement(isa: Isa, statement: Statement, macros: frozenset[str]) -> str | None:
    """Replacement of a statement, or None to leave it as it is."""
    name = statement.name.lower()
    if name.startswith("csr") and tuple(isa.find(name)):
        return _csr_statement(isa, statement)
    if not name.startswith(_PREFIXES) or name in macros:
        return None
    rows = tuple(isa.find(name))
    if not rows:
        raise EncodeError(f"unknown instruction {statement.name!r}{near_names(name, list(isa.by_name))}")
    if "\\" in statement.operands:
        return _in_macro(rows, statement.operands)
    candidates = fit(rows, statement.operands)
    if not candidates:
        texts = dict.fromkeys(re.sub(r":\w+", "", r.syntax.text) for r in rows)
        raise EncodeError(f"{name} takes {' or '.join(repr(t) for t in texts)}, not {statement.operands!r}")
    problem: ValueError | None = None
    for candidate in candidates:
        row = candidate.row
        if isinstance(row, Instruction) and row.extension.startswith("rv32"):
            return f"{row.name} {statement.operands}"  # p.lw a0, 4(a1) is lw; relocations are the assembler's
        try:
            return f".insn 4, {encode(isa, candidate, _NO_SYMBOLS):#010x}"
        except UnknownSymbol:
            return _symbolic(isa, candidate)
        except (EncodeError, ExpressionError) as error:
            problem = problem or error
    raise EncodeError(f"{name}: {problem}")


def rewrite(text: str) -> tuple[str, bool]:
    """(source for GNU as, whether it has hardware loops); raises FilterError."""
    if not _CANDIDATE.search(text):
        return text, False
    isa = isa_model()
    macros = frozenset(name.lower() for name in _MACRO.findall(text))
    out, position, loops = [], 0, False
    for statement in split_source(text):
        name = statement.name.lower()
        if not name.startswith((*_PREFIXES, "csr")):
            continue
        try:
            made = _statement(isa, statement, macros)
        except (EncodeError, ExpressionError) as error:
            raise FilterError(statement.line, str(error)) from None
        loops |= name.startswith("lp.")
        if made is not None:
            out += [text[position : statement.start], made]
            position = statement.end
    out.append(text[position:])
    return "".join(out), loops


def _where(text: str, line: int, file: str) -> str:
    """file:line in the terms of the preprocessor's markers."""
    number = line
    for k, content in enumerate(text.split("\n")[:line], 1):
        found = _MARKER.match(content)
        if found:
            file, number = found[2], int(found[1]) + line - k - 1
    return f"{file}:{number}"


def _input(arguments: list[str]) -> int | None:
    """Index of the source file among the arguments."""
    skip = False
    for k, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument in _WITH_VALUE:
            skip = True
        elif argument in ("-", "--") or not argument.startswith("-"):
            return k
    return None


def _assembler() -> str:
    chosen = os.environ.get("FLEXDBG_AS")
    if chosen:
        return chosen
    for name in ("riscv64-unknown-elf-as", "riscv32-unknown-elf-as"):
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("no riscv64-unknown-elf-as on the path; set FLEXDBG_AS")


def install(directory: Path) -> Path:
    """Write the command `as` into a directory for `gcc -B`."""
    directory.mkdir(parents=True, exist_ok=True)
    command = directory / "as"
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -I "{Path(__file__).resolve()}" "$@"\n', encoding="utf-8"
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return command


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--install"] and len(arguments) == 2:
        print(install(Path(arguments[1])))
        return 0
    try:
        assembler = _assembler()
    except FileNotFoundError as error:
        print(f"as: {error}", file=sys.stderr)
        return 1
    index = _input(arguments)
    if index is None and any(a in ("--version", "--help", "-v") for a in arguments):
        return subprocess.run([assembler, *arguments], check=False).returncode
    name = "-" if index is None or arguments[index] in ("-", "--") else arguments[index]
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        print(f"as: {name}: {error.strerror}", file=sys.stderr)
        return 1
    text = data.decode("utf-8", "surrogateescape")
    file = "{standard input}" if name == "-" else name
    try:
        filtered, loops = rewrite(text)
    except FilterError as error:
        print(f"{_where(text, error.line, file)}: Error: {error}", file=sys.stderr)
        return 1
    rest = arguments[:index] + arguments[index + 1 :] if index is not None else arguments
    if loops:
        rest = ["-mno-relax", *rest]  # relaxation would shorten loop bodies behind the loop's end address
    if name != "-":
        filtered = f'# 1 "{name}"\n{filtered}'  # debug information and messages name the file
    done = subprocess.run(
        [assembler, *rest, "-"], input=filtered.encode("utf-8", "surrogateescape"), check=False
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
