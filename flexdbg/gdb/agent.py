"""Agent expressions: GDB's bytecode of breakpoint conditions and dprintf, compiled to Python functions.

Source: GDB manual, appendix "The GDB Agent Expression Mechanism"; the operands of `printf` as
binutils-gdb:gdbserver/ax.cc takes them. Values have 64 bits.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flexdbg.errors import MachineError
from flexdbg.gdb.registers import RegisterTable
from flexdbg.gdb.replies import PacketError
from flexdbg.machine.cluster import Cluster

__all__ = ["Agent", "compile_agent", "format_values"]

_MASK = (1 << 64) - 1

# Two operands: a is below b on the stack. What may leave 64 bits is masked.
_BINARY = {
    0x02: "(a + b) & M",
    0x03: "(a - b) & M",
    0x04: "(a * b) & M",
    0x05: "divide(signed(a), signed(b)) & M",
    0x06: "divide(a, b)",
    0x07: "remainder(signed(a), signed(b)) & M",
    0x08: "remainder(a, b)",
    0x09: "(a << (b & 63)) & M",
    0x0A: "(signed(a) >> (b & 63)) & M",
    0x0B: "a >> (b & 63)",
    0x0F: "a & b",
    0x10: "a | b",
    0x11: "a ^ b",
    0x13: "int(a == b)",
    0x14: "int(signed(a) < signed(b))",
    0x15: "int(a < b)",
}
_UNARY = {0x0E: "int(not a)", 0x12: "a ^ M"}
_REFERENCES = {0x17: 1, 0x18: 2, 0x19: 4, 0x1A: 8}
_CONSTANTS = {0x22: 1, 0x23: 2, 0x24: 4, 0x25: 8}
_IF_GOTO, _GOTO, _REG, _END, _DUP, _POP = 0x20, 0x21, 0x26, 0x27, 0x28, 0x29
_EXT, _ZERO_EXT, _SWAP, _PICK, _ROT, _PRINTF = 0x16, 0x2A, 0x2B, 0x32, 0x33, 0x34
_LONGEST, _DEEPEST = 4096, 64


@dataclass(frozen=True, slots=True)
class Agent:
    """A compiled expression; the result is what is on top of the stack at its end."""

    evaluate: Callable[[int, list[str]], int]  # (hart, where prints go)
    code: bytes


def compile_agent(code: bytes, table: RegisterTable, cluster: Cluster) -> Agent:
    """A function of the hart; MachineError when it reads memory that nothing answers at."""
    if len(code) > _LONGEST:
        raise PacketError(7, f"an expression of {len(code)} bytes: at most {_LONGEST} are accepted")
    source = _Translator(code, table).source()
    names: dict[str, object] = {
        "M": _MASK,
        "signed": _signed,
        "divide": _divide,
        "remainder": _remainder,
        "format_values": format_values,
        "reg": cluster.read_register,
        "count": lambda hart, number: table.read(cluster, hart, number) or 0,
        "mem": lambda address, size: int.from_bytes(
            cluster.read_memory(address & 0xFFFF_FFFF, size), "little"
        ),
        "text": lambda address: _string(cluster, address),
    }
    exec(compile(source, "<agent expression>", "exec"), names)
    function = names["agent"]
    assert callable(function)
    return Agent(function, code)


class _Translator:
    """Bytecode to the text of a Python function. Stack places become local variables: their depth is
    known."""

    def __init__(self, code: bytes, table: RegisterTable) -> None:
        self._code, self._table = code, table
        self._at = 0
        self._depths: dict[int, int] = {0: 0}  # depth of the stack where each instruction begins

    def source(self) -> str:
        blocks, pending, done = [], [0], set[int]()
        while pending:
            start = pending.pop()
            if start in done:
                continue
            done.add(start)
            lines, following = self._block(start)
            blocks.append((start, lines))
            pending += following
        out = ["def agent(hart, out):"]
        if len(blocks) == 1:
            return "\n".join(out + [f"  {line}" for line in blocks[0][1]])
        out += ["  block = 0", "  for _ in range(10000):"]
        for start, lines in blocks:
            out.append(f"    if block == {start}:")
            out += [f"      {line}" for line in lines]
        return "\n".join([*out, "  return 1"])

    def _block(self, start: int) -> tuple[list[str], list[int]]:
        """Statements from one address to the next jump or end."""
        self._at, depth = start, self._depths[start]
        lines: list[str] = []
        while True:
            op = self._number(1)
            if op == _END:
                return [*lines, f"return s{depth - 1}" if depth else "return 0"], []
            if op in (_IF_GOTO, _GOTO):
                target = self._number(2)
                if op == _GOTO:
                    self._reach(target, depth)
                    return [*lines, f"block = {target}", "continue"], [target]
                depth = self._pop(depth, 1)
                self._reach(target, depth)
                self._reach(self._at, depth)
                lines += [f"block = {target} if s{depth} else {self._at}", "continue"]
                return lines, [target, self._at]
            statements, depth = self._statement(op, depth)
            lines += statements
            if depth > _DEEPEST:
                raise PacketError(7, f"an expression that needs more than {_DEEPEST} places")

    def _statement(self, op: int, depth: int) -> tuple[list[str], int]:
        if op in _BINARY:
            depth = self._pop(depth, 2)
            return [f"s{depth} = {self._with(_BINARY[op], depth)}"], depth + 1
        if op in _UNARY:
            depth = self._pop(depth, 1)
            return [f"s{depth} = {self._with(_UNARY[op], depth)}"], depth + 1
        if op in _REFERENCES:
            depth = self._pop(depth, 1)
            return [f"s{depth} = mem(s{depth}, {_REFERENCES[op]})"], depth + 1
        if op in _CONSTANTS:
            return [f"s{depth} = {self._number(_CONSTANTS[op])}"], depth + 1
        if op == _REG:
            return [f"s{depth} = {self._register(self._number(2))}"], depth + 1
        if op in (_EXT, _ZERO_EXT):
            bits = self._number(1)
            self._pop(depth, 1)
            return self._extended(f"s{depth - 1}", bits, signed=op == _EXT), depth
        if op == _PRINTF:
            return self._printf(depth)
        return self._shuffle(op, depth)

    def _shuffle(self, op: int, depth: int) -> tuple[list[str], int]:
        if op == _POP:
            return [], self._pop(depth, 1)
        if op in (_DUP, _PICK):
            back = self._number(1) if op == _PICK else 0
            self._pop(depth, back + 1)
            return [f"s{depth} = s{depth - 1 - back}"], depth + 1
        if op == _SWAP:
            self._pop(depth, 2)
            return [f"s{depth - 1}, s{depth - 2} = s{depth - 2}, s{depth - 1}"], depth
        if op == _ROT:
            self._pop(depth, 3)
            a, b, c = (f"s{depth - n}" for n in (3, 2, 1))
            return [f"{a}, {b}, {c} = {c}, {a}, {b}"], depth
        raise PacketError(7, f"opcode 0x{op:02x} cannot be evaluated here")

    def _printf(self, depth: int) -> tuple[list[str], int]:
        arguments, length = self._number(1), self._number(2)
        raw = self._code[self._at : self._at + length]
        if len(raw) < length or not raw.endswith(b"\0"):
            raise PacketError(7, "the format of a printf is cut off")
        self._at += length
        depth = self._pop(depth, 2)  # the function and the channel, which are the host's business
        after = self._pop(depth, arguments)
        values = "".join(f"s{depth - 1 - n}, " for n in range(arguments))
        form = raw[:-1].decode("utf-8", "replace")
        return [f"out.append(format_values({form!r}, ({values}), text))"], after

    def _register(self, number: int) -> str:
        register = self._table.find(number)
        return f"reg(hart, {register.machine})" if register.machine is not None else f"count(hart, {number})"

    @staticmethod
    def _extended(name: str, bits: int, *, signed: bool) -> list[str]:
        if not 0 < bits < 64:
            return []
        mask = (1 << bits) - 1
        if not signed:
            return [f"{name} &= {mask}"]
        sign = 1 << bits - 1
        return [f"{name} = ((({name} & {mask}) ^ {sign}) - {sign}) & M"]

    @staticmethod
    def _with(template: str, depth: int) -> str:
        return re.sub(r"\b([ab])\b", lambda match: f"s{depth + (match[1] == 'b')}", template)

    @staticmethod
    def _pop(depth: int, count: int) -> int:
        if depth < count:
            raise PacketError(7, "an expression that takes more from its stack than is there")
        return depth - count

    def _reach(self, target: int, depth: int) -> None:
        if self._depths.setdefault(target, depth) != depth:
            raise PacketError(7, f"an expression that reaches byte {target} with stacks of two depths")

    def _number(self, size: int) -> int:
        piece = self._code[self._at : self._at + size]
        if len(piece) < size:
            raise PacketError(7, "an expression without an end")
        self._at += size
        return int.from_bytes(piece, "big")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _divide(a: int, b: int) -> int:
    """Rounds towards zero, as C does."""
    if b == 0:
        raise MachineError("division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _remainder(a: int, b: int) -> int:
    return a - b * _divide(a, b)


def _string(cluster: Cluster, address: int, limit: int = 1024) -> str:
    data = bytearray()
    while len(data) < limit:
        (byte,) = cluster.read_memory((address + len(data)) & 0xFFFF_FFFF, 1)
        if not byte:
            break
        data.append(byte)
    return data.decode("utf-8", "replace")


_CONVERSION = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\d*)(?:\.(?P<precision>\d+))?(?:hh|h|ll|l|z|j|t)?(?P<kind>.)"
)
_WIDEST = 1000


def format_values(form: str, values: tuple[int, ...], text: Callable[[int], str] = str) -> str:
    """printf over 64-bit values: d i u o x X c s p %."""
    rest = iter(values)

    def one(match: re.Match[str]) -> str:
        kind = match["kind"]
        if kind == "%":
            return "%"
        value = next(rest, 0)
        spec = "%" + match["flags"] + str(min(int(match["width"] or 0), _WIDEST) or "")
        precision = f".{min(int(match['precision']), _WIDEST)}" if match["precision"] else ""
        if kind in "di":
            return (spec + precision + "d") % _signed(value)
        if kind in "uoxX":
            return (spec + precision + kind.replace("u", "d")) % value
        if kind == "p":
            return (spec + "s") % hex(value)
        if kind == "c":
            return (spec + "s") % chr(value & 0xFF)
        if kind == "s":
            return (spec + precision + "s") % text(value)
        return match[0]

    return _CONVERSION.sub(one, _escapes(form))


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "\\": "\\", '"': '"', "e": "\x1b"}


def _escapes(form: str) -> str:
    """GDB hands over the format as the user wrote it, with its backslashes."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), form)
