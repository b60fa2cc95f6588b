"""Assembly text of a kernel function: instructions in one column, remarks in another, and common pieces."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Listing", "Routine", "requantize", "requantize_packed", "start_values"]

# Every register that a leaf function has to preserve.
CALLEE_SAVED = tuple(f"s{i}" for i in range(12))


class Listing:
    """A function under construction. `locals_bytes` of its frame are at sp, the saved registers above.

    `saved` names the registers to save where not all are used.
    """

    def __init__(
        self,
        header: str,
        symbol: str,
        *,
        save_ra: bool = False,
        locals_bytes: int = 0,
        saved: Sequence[str] = CALLEE_SAVED,
    ) -> None:
        self.symbol = symbol
        self._saved = (*saved, "ra") if save_ra else tuple(saved)
        self._first = locals_bytes
        self._frame = (locals_bytes + 4 * len(self._saved) + 15) // 16 * 16
        self.lines = [
            *header.splitlines(),
            "",
            "        .cfi_sections .debug_frame",
            "        .text",
            "        .balign 16",
            f"        .globl  {symbol}",
            f"        .type   {symbol}, @function",
            f"{symbol}:",
            "        .cfi_startproc",
        ]
        if self._frame:
            self.op(f"addi sp, sp, -{self._frame}")
            self.op(f".cfi_def_cfa_offset {self._frame}")
        for register, offset in self._places():
            self.op(f"sw {register}, {offset}(sp)")
            self.op(f".cfi_offset {register}, {offset - self._frame}")

    def _places(self) -> list[tuple[str, int]]:
        return [(register, self._first + 4 * index) for index, register in enumerate(self._saved)]

    def op(self, text: str, remark: str = "") -> None:
        mnemonic, _, operands = text.partition(" ")
        body = f"        {mnemonic:<15} {operands}".rstrip()
        self.lines.append(f"{body:<47} // {remark}" if remark else body)

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")

    def note(self, text: str) -> None:
        self.lines += ["", f"        // {text}"]

    def gap(self) -> None:
        self.lines.append("")

    def loop(self, number: int, count: str, end: str, rows: Sequence[tuple[str, str]]) -> None:
        """A hardware loop around `rows` of (instruction, remark); its end label marks the last one."""
        self.op(f"lp.setup x{number}, {count}, {end}")
        for index, (instruction, remark) in enumerate(rows):
            if index == len(rows) - 1:
                self.label(end)
            self.op(instruction, remark)

    def text(self) -> str:
        """The whole file, with the way out of the function."""
        for register, offset in self._places():
            self.op(f"lw {register}, {offset}(sp)")
            self.op(f".cfi_restore {register}")
        if self._frame:
            self.op(f"addi sp, sp, {self._frame}")
            self.op(".cfi_def_cfa_offset 0")
        self.op("ret")
        self.lines += ["        .cfi_endproc", f"        .size   {self.symbol}, . - {self.symbol}", ""]
        return "\n".join(self.lines)


class Routine(Listing):
    """A function without a frame of its own, to be one of several in a file."""

    def __init__(self, symbol: str, *, exported: bool = True) -> None:
        self.symbol = symbol
        self.lines = [
            "",
            "        .balign 4",
            *([f"        .globl  {symbol}"] if exported else []),
            f"        .type   {symbol}, @function",
            f"{symbol}:",
            "        .cfi_startproc",
        ]

    def text(self) -> str:
        """The function, with its return."""
        self.op("ret")
        self.lines += ["        .cfi_endproc", f"        .size   {self.symbol}, . - {self.symbol}", ""]
        return "\n".join(self.lines)


def start_values(
    out: Listing, accumulators: Sequence[Sequence[str]], bias: str, after: Sequence[str] = ()
) -> None:
    """Accumulators start at the bias of their channel, or at zero; `after` follows the bias loads."""
    out.op(f"beqz {bias}, .Lzero")
    first, *others = accumulators
    for register in first:
        out.op(f"p.lw {register}, 4({bias}!)")
    for instruction in after:
        out.op(instruction)
    for registers in others:
        for register, source in zip(registers, first, strict=True):
            out.op(f"mv {register}, {source}")
    out.op("j .Lstart")
    # A 32-bit instruction at 2 mod 4 costs a cycle as a jump target or as the start of a loop. The
    # padding sits here, where no path runs through it.
    out.op(".balign 4")
    out.label(".Lzero")
    for registers in accumulators:
        for register in registers:
            out.op(f"li {register}, 0")
    out.label(".Lstart")


def requantize(
    out: Listing,
    accumulators: Sequence[Sequence[str]],
    pointers: Sequence[str],
    shift: str,
    scratch: str | None = None,
) -> None:
    """Shift, clip and store every output; the very last instruction is labelled .Lblock_end."""
    for pixel, (registers, pointer) in enumerate(zip(accumulators, pointers, strict=True)):
        for channel, accumulator in enumerate(registers):
            value = scratch or accumulator
            out.op(f"sra {value}, {accumulator}, {shift}", f"pixel {pixel}" if channel == 0 else "")
            out.op(f"p.clipu {value}, {value}, 9")
            if accumulator == accumulators[-1][-1]:
                out.label(".Lblock_end")
            out.op(f"p.sb {value}, 1({pointer}!)")


def requantize_packed(
    out: Listing, accumulators: Sequence[Sequence[str]], pointers: Sequence[str], shift: str, word: str
) -> None:
    """The same with one word store for the four channels of a pixel, which `word` collects."""
    for pixel, (registers, pointer) in enumerate(zip(accumulators, pointers, strict=True)):
        for channel, accumulator in enumerate(registers):
            out.op(f"sra {accumulator}, {accumulator}, {shift}", f"pixel {pixel}" if channel == 0 else "")
            out.op(f"p.clipu {accumulator}, {accumulator}, 9")
        first, second, third, fourth = registers
        out.op(f"pv.packlo.b {word}, {second}, {first}")
        out.op(f"pv.packhi.b {word}, {fourth}, {third}")
        if pixel == len(pointers) - 1:
            out.label(".Lblock_end")
        out.op(f"p.sw {word}, 4({pointer}!)")
