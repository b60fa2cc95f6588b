"""The RV32IMC decoder against capstone, which shares nothing with the ISA tables."""

import random
import re
from collections.abc import Callable, Iterator

from flexdbg.isa import explain
from flexdbg.machine.native import core
from flexdbg.selftest.result import Outcome

__all__ = ["check_capstone"]

_RANDOM_WORDS = 20_000
_SEED = 20

# RV32I, M, Zicsr and Zifencei; the custom opcodes are not capstone's business.
_OPCODES = (0x03, 0x0F, 0x13, 0x17, 0x23, 0x33, 0x37, 0x63, 0x67, 0x6F, 0x73)

# What capstone 5 decodes and these cores do not have: F, D and A, supervisor instructions.
_FOREIGN = re.compile(r"c\.f[ls][wd]|f[ls][wd]|sfence|sret|uret|c\.unimp|amo|lr\.|sc\.")
# Its names for CSR accesses, and for fences with bits that decoders ignore.
_SPECIAL = re.compile(r"fs?r?(rm|flags|csr)i?$|rd(cycle|time|instret)h?$|fence|csr")


def check_capstone() -> Iterator[Outcome]:
    """Legality, length and mnemonic of every 16-bit word and of random 32-bit words."""
    import capstone

    decode = core.decode
    engine = capstone.Cs(capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC)

    def theirs(word: int, length: int) -> str:
        for _, size, name, operands in engine.disasm_lite(word.to_bytes(length, "little"), 0):
            return f"{name} {operands}" if size == length else ""
        return ""

    compressed = Outcome("capstone: every 16-bit word")
    for word in range(1 << 16):
        if word & 3 != 3:
            _compare(compressed, theirs, decode, word, 2)
    yield compressed
    wide = Outcome(f"capstone: {_RANDOM_WORDS} random 32-bit words")
    source = random.Random(_SEED)
    for _ in range(_RANDOM_WORDS):
        word = source.getrandbits(32) & ~0x7F | source.choice(_OPCODES)
        if source.random() < 0.5:
            word &= ~0xBE00_0000  # most legal register operations have funct7 of 0, 1 or 32
        _compare(wide, theirs, decode, word, 4)
    yield wide


def _compare(
    outcome: Outcome,
    theirs: Callable[[int, int], str],
    decode: Callable[[int, str], str],
    word: int,
    length: int,
) -> None:
    found = explain(word, "ri5cy", pseudo=False)
    if found.row is not None and found.row.extension.startswith("x"):
        return
    text = theirs(word, length)
    name = text.partition(" ")[0]
    mine = found.name if found.row is not None else ""
    compiled = decode(word, "ri5cy")
    outcome.compare(f"{word:0{2 * length}x} in the compiled decoder", bool(mine), compiled != "illegal")
    if _FOREIGN.match(name) or _is_rv64(word, name, text) or _is_hint(found.text, text):
        return
    if mine and (_SPECIAL.match(name) or (not name and _SPECIAL.match(mine))):
        return
    outcome.compare(f"{word:0{2 * length}x}", _plain(name), _plain(mine))


def _is_rv64(word: int, name: str, text: str) -> bool:
    """Shift amounts of 32 and more, and c.lui of zero, are reserved on RV32; capstone does not look."""
    if name in ("slli", "srli", "srai"):
        return bool(word >> 25 & 1)
    if name in ("c.slli", "c.srli", "c.srai"):
        return int(text.split(", ")[-1], 0) >= 32
    return name == "c.lui" and text.endswith(", 0")


def _is_hint(mine: str, theirs: str) -> bool:
    """Instructions without effect, which capstone does not name."""
    hint = re.match(r"c\.(li|lui|slli|mv|add|addi) zero|c\.addi \w+, 0$|c\.slli \w+, 0$", mine)
    return bool(hint) and theirs.strip() in ("", "c.nop")


# Short names that capstone uses for instructions with fixed operands.
_SHORT = {
    "ret": "jalr",
    "jr": "jalr",
    "j": "jal",
    "nop": "addi",
    "mv": "addi",
    "li": "addi",
    "not": "xori",
    "neg": "sub",
    "seqz": "sltiu",
    "snez": "sltu",
    "sltz": "slt",
    "sgtz": "slt",
    "beqz": "beq",
    "bnez": "bne",
    "blez": "bge",
    "bgez": "bge",
    "bltz": "blt",
    "bgtz": "blt",
}


def _plain(name: str) -> str:
    return _SHORT.get(name, name)
