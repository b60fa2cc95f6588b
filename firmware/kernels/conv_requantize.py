"""Writes the epilogues of convolutions: accumulators to packed outputs, in every format and by every path.

A MatMul kernel jumps to its epilogue once a block, so the six output formats and the paths need not be
multiplied with precision pairs and signs. First all values are scaled and clipped where they are, channel by
channel because each has its factors; then they are packed and stored, pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conv_frame import CHANNELS, CONTRACTS, Contract, slot
from listing import Listing, Routine

__all__ = ["FORMATS", "PATHS", "OutputFormat", "epilogue", "epilogue_symbol", "record_words"]

# Order of the C constants CONV_SHIFT ... (conv.h), and the words of a channel's record.
PATHS = {"shift": 1, "relu": 1, "bn32": 3, "bn64": 5, "bn64_call": 5, "bn32_call": 3}


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """Width and sign of an output."""

    bits: int
    signed: bool

    @property
    def name(self) -> str:
        return f"{'i' if self.signed else 'u'}{self.bits}"

    def clip(self, value: str) -> str:
        """The instruction that clips a register."""
        # p.clipu counts its upper bound like p.clip does: 2^(n-1) - 1.
        return (
            f"p.clip {value}, {value}, {self.bits}"
            if self.signed
            else f"p.clipu {value}, {value}, {self.bits + 1}"
        )


FORMATS = tuple(OutputFormat(bits, signed) for signed in (False, True) for bits in (8, 4, 2))


def record_words(path: str) -> int:
    """Words of a channel's record of parameters: bias, then the factors of the path."""
    return PATHS[path]


def epilogue_symbol(core: str, pixels: int, form: OutputFormat, path: str) -> str:
    return f"conv_requantize_{form.name}_{path}_4x{pixels}_{core}"


_WriteCallee = Callable[[Listing, tuple[str, ...], Contract, OutputFormat], None]


class _Epilogue:
    """One epilogue under construction."""

    def __init__(self, out: Listing, contract: Contract, form: OutputFormat, path: str) -> None:
        self.out, self.contract, self.form, self.path = out, contract, form, path
        self._spilled: list[tuple[str, str]] = []
        self.callee: Routine | None = None

    def write(self) -> None:
        """Appends the instructions; a function that they call is left in `callee`."""
        contract, out = self.contract, self.out
        for instruction in contract.fetch:
            out.op(instruction)
        scale: dict[str, Callable[[], None]] = {
            "shift": self._shift,
            "relu": self._relu,
            "bn32": self._bn32,
            "bn64": self._bn64,
            "bn64_call": lambda: self._call(_bn64_callee, 4),
            "bn32_call": lambda: self._call(_bn32_callee, 2),
        }
        if record_words(self.path) > 1:
            self._move_params(-1)
        scale[self.path]()
        for register, place in self._spilled:
            out.op(f"lw {register}, {place}")
        self._store()

    def _registers(self, count: int) -> tuple[str, ...]:
        """Registers to work with, those of the kernel after all that are free."""
        contract = self.contract
        names = (*contract.free, *contract.spilled)[:count]
        assert len(names) == count
        for index, register in enumerate(names[len(contract.free) :]):
            self._spilled.append((register, slot(f"spill{index}")))
            self.out.op(f"sw {register}, {slot(f'spill{index}')}")
        return names

    def _parameter(self, channel: int, word: int) -> str:
        """Operand of a word in a channel's record."""
        return f"{4 * (channel * record_words(self.path) + word)}({self.contract.params})"

    def _move_params(self, direction: int) -> None:
        """To the first of the block's records and back: small positive offsets make 16-bit loads."""
        params = self.contract.params
        self.out.op(f"addi {params}, {params}, {4 * direction * CHANNELS * record_words(self.path)}")

    def _column(self, channel: int) -> list[str]:
        return [row[channel] for row in self.contract.accumulators]

    def _clip(self, value: str) -> None:
        self.out.op(self.form.clip(value))

    def _shift(self) -> None:
        for channel in range(CHANNELS):
            for value in self._column(channel):
                self.out.op(f"sra {value}, {value}, {self.contract.shift}")
                self._clip(value)

    def _relu(self) -> None:
        (factor,) = self._registers(1)
        self.out.op(f"lw {factor}, {slot('multiplier')}")
        for channel in range(CHANNELS):
            for value in self._column(channel):
                self.out.op(f"mul {value}, {value}, {factor}")
                self.out.op(f"sra {value}, {value}, {self.contract.shift}")
                self._clip(value)

    def _bn32(self) -> None:
        kappa, offset = self._registers(2)
        for channel in range(CHANNELS):
            self.out.op(f"lw {kappa}, {self._parameter(channel, 1)}", f"channel {channel}")
            self.out.op(f"lw {offset}, {self._parameter(channel, 2)}")
            for value in self._column(channel):
                self.out.op(f"mul {value}, {value}, {kappa}")
                self.out.op(f"add {value}, {value}, {offset}")
                self.out.op(f"sra {value}, {value}, {self.contract.shift}")
                self._clip(value)
        self._move_params(+1)

    def _bn64(self) -> None:
        """kappa * sum + lambda in 64 bits, shifted by 0..31, low word: high part in `high`, low in place."""
        low, high, offset_low, offset_high, upper, carry = self._registers(6)
        out, shift = self.out, self.contract.shift
        for channel in range(CHANNELS):
            for word, register in enumerate((low, high, offset_low, offset_high), 1):
                out.op(f"lw {register}, {self._parameter(channel, word)}", f"channel {channel}" * (word == 1))
            for value in self._column(channel):
                out.op(f"mulhsu {upper}, {value}, {low}")
                out.op(f"p.mac {upper}, {value}, {high}")
                out.op(f"mul {value}, {value}, {low}")
                out.op(f"add {value}, {value}, {offset_low}")
                out.op(f"sltu {carry}, {value}, {offset_low}")
                out.op(f"add {upper}, {upper}, {offset_high}")
                out.op(f"add {upper}, {upper}, {carry}")
                out.op(f"srl {value}, {value}, {shift}")
                # The upper word goes left by 32 - shift, in two steps because that may be 32.
                out.op(f"xori {carry}, {shift}, -1")
                out.op(f"slli {upper}, {upper}, 1")
                out.op(f"sll {upper}, {upper}, {carry}")
                out.op(f"or {value}, {value}, {upper}")
                self._clip(value)
        self._move_params(+1)

    def _call(self, write: _WriteCallee, factors: int) -> None:
        """One call for each output, as in the published library.

        There the factors are arguments. Here the callee loads them, just as often: with 16 times the loads,
        the code of a block would not fit the private instruction cache.
        """
        out, params = self.out, self.contract.params
        registers = self._registers(factors + 2)
        self.callee = Routine(f"{out.symbol}_value", exported=False)
        for word, register in enumerate(registers[1 : 1 + factors], 1):
            self.callee.op(f"lw {register}, {4 * word}({params})")
        write(self.callee, registers, self.contract, self.form)
        out.op(f"sw ra, {slot('link')}")
        # The frame is the kernel's, so this function's own begins and ends at sp.
        out.op(".cfi_offset ra, 0")
        for channel in range(CHANNELS):
            for values in self.contract.accumulators:
                out.op(f"mv {registers[0]}, {values[channel]}")
                out.op(f"c.jal {self.callee.symbol}")
                self._collect(values[0], registers[0], channel)
            out.op(f"addi {params}, {params}, {4 * record_words(self.path)}")
        out.op(f"lw ra, {slot('link')}")
        out.op(".cfi_restore ra")

    def _store(self) -> None:
        contract = self.contract
        one_pointer = len(contract.outputs) == 1 < contract.pixels
        size = CHANNELS * self.form.bits // 8
        if one_pointer:
            pointer, stride = contract.free[:2]
            self.out.op(f"lw {stride}, {slot('out_stride')}")
            self.out.op(f"mv {pointer}, {contract.outputs[0]}")
        for pixel, values in enumerate(contract.accumulators):
            if one_pointer:
                self._store_pixel(values, pointer, stride)
            else:
                self._store_pixel(values, contract.outputs[pixel], str(size))
        if one_pointer:
            self.out.op(f"addi {contract.outputs[0]}, {contract.outputs[0]}, {size}")

    def _collect(self, word: str, value: str, lane: int) -> None:
        """Puts an output into its lane of a pixel's word."""
        bits = self.form.bits
        self.out.op(f"p.insert {word}, {value}, {bits - 1}, {bits * lane}" if lane else f"mv {word}, {value}")

    def _store_pixel(self, values: Sequence[str], pointer: str, step: str) -> None:
        out, bits = self.out, self.form.bits
        first = values[0]
        width = {8: "p.sw", 4: "p.sh", 2: "p.sb"}[bits]
        if self.path.endswith("_call"):
            out.op(f"{width} {first}, {step}({pointer}!)")
        # Where formats come from a CSR, pv.pack works on lanes of the pair and not on bytes.
        elif bits == 8 and self.contract.formats_by_csr:
            for value in values:
                out.op(f"p.sb {value}, 1({pointer}!)")
        elif bits == 8:
            out.op(f"pv.packlo.b {first}, {values[1]}, {first}")
            out.op(f"pv.packhi.b {first}, {values[3]}, {values[2]}")
            out.op(f"p.sw {first}, {step}({pointer}!)")
        else:
            for lane, value in enumerate(values[1:], 1):
                self._collect(first, value, lane)
            out.op(f"{width} {first}, {step}({pointer}!)")


def _bn64_callee(out: Listing, registers: tuple[str, ...], contract: Contract, form: OutputFormat) -> None:
    """clip((int32_t)((kappa * sum + lambda) >> shift)) in int64_t for RV32, as GCC 12 -O3 compiles it.

    Two differences: the one multiplication with an addition behind it is a p.mac, which GCC does not know;
    and there is no test for a shift above 31, which would cost 4 cycles and which conv_check() has made
    needless.
    """
    value, low, high, offset_low, offset_high, upper = registers
    shift = contract.shift
    for instruction in (
        f"srai {upper}, {value}, 31",
        f"mul {upper}, {upper}, {low}",
        f"p.mac {upper}, {high}, {value}",
        f"mul {high}, {value}, {low}",
        f"mulhu {value}, {value}, {low}",
        f"add {offset_low}, {offset_low}, {high}",
        f"sltu {high}, {offset_low}, {high}",
        f"add {upper}, {upper}, {value}",
        f"add {upper}, {upper}, {offset_high}",
        f"add {upper}, {upper}, {high}",
        f"li {value}, 31",
        f"sub {value}, {value}, {shift}",
        f"slli {upper}, {upper}, 1",
        f"sll {upper}, {upper}, {value}",
        f"srl {value}, {offset_low}, {shift}",
        f"or {value}, {value}, {upper}",
    ):
        out.op(instruction)
    out.op(form.clip(value))
    out.op(f"p.extbs {value}, {value}" if form.signed else f"andi {value}, {value}, 0xff")


def _bn32_callee(out: Listing, registers: tuple[str, ...], contract: Contract, form: OutputFormat) -> None:
    """The same in int32_t."""
    value, kappa, offset, _ = registers
    out.op(f"mul {value}, {value}, {kappa}")
    out.op(f"add {value}, {value}, {offset}")
    out.op(f"sra {value}, {value}, {contract.shift}")
    out.op(form.clip(value))
    out.op(f"p.extbs {value}, {value}" if form.signed else f"andi {value}, {value}, 0xff")


def epilogue(core: str, pixels: int, form: OutputFormat, path: str) -> str:
    """Assembly of an epilogue and of what it calls."""
    out = Routine(epilogue_symbol(core, pixels, form, path))
    writer = _Epilogue(out, CONTRACTS[core, pixels], form, path)
    writer.write()
    return out.text() + (writer.callee.text() if writer.callee else "")
