"""Tensors: names, element types and shapes for places in memory."""

import re

from flexdbg.commands.context import Context
from flexdbg.commands.registry import command, info
from flexdbg.debug.kinds import fit, kind_named
from flexdbg.debug.tensors import Tensor, element_of
from flexdbg.errors import CommandError
from flexdbg.render.tables import count, table

__all__: list[str] = []

_CATEGORY = "data"
_SHAPE = re.compile(r"\s*((?:\[\s*\d+\s*\])+)\s*(?:at\s+|@\s*)?(.+)")


@command(
    "tensor",
    category=_CATEGORY,
    usage="tensor NAME TYPE[D0][D1]... at ADDRESS | tensor NAME",
    examples=(
        "tensor act uint8[8][8] at operands",
        "tensor w i4[4][128] at 0x10003040",
        "tensor act",
    ),
    complete="expression",
)
def tensor(context: Context, argument: str) -> None:
    """Declare a tensor, packed with the last dimension fastest; with a name alone show its first rows.

    TYPE is i2 u2 i4 u4 i8 u8 i16 u16 i32 u32. The address walkers and the memory pane then show coordinates.
    """
    name, _, rest = argument.partition(" ")
    if not name.isidentifier():
        raise CommandError("tensor: a name is missing, as in `tensor act u8[16][32] at 0x10000000`")
    if not rest.strip():
        _show(context, name)
        return
    match = re.match(r"\s*([iu]|u?int)(2|4|8|16|32)(?:_t)?", rest)
    shape = _SHAPE.fullmatch(rest[match.end() :]) if match else None
    if match is None or shape is None:
        raise CommandError(
            f"tensor {name}: expected TYPE[D0][D1] at ADDRESS, as in `u8[16][32] at 0x10000000`"
        )
    sizes = tuple(int(n) for n in re.findall(r"\d+", shape[1]))
    if not all(sizes):
        raise CommandError(f"tensor {name}: a dimension of 0 has no elements")
    address = context.session.address_of(shape[2])
    made = Tensor(name, int(match[2]), match[1] in ("i", "int"), sizes, address)
    if address + made.size > 1 << 32:
        raise CommandError(f"tensor {name}: {made.size} bytes from 0x{address:08x} go past the end of memory")
    context.session.cluster.read_memory(address, made.size)  # so that a wrong address is refused now
    context.tensors[name] = made
    context.say(f"{name}: {count(made.count)} x {made.kind}, {count(made.size)} bytes at 0x{address:08x}")


def _show(context: Context, name: str) -> None:
    made = context.tensors.get(name)
    if made is None:
        raise CommandError(f"no tensor {name!r}; `info tensors` lists them")
    kind = kind_named(f"{'i' if made.signed else 'u'}{made.bits}")
    assert kind is not None
    data = int.from_bytes(context.session.cluster.read_memory(made.address, made.size), "little")
    row = made.shape[-1]
    for first in range(0, min(made.count, 16 * row), row):
        numbers = [
            fit(data >> made.bits * n, kind) for n in range(first, min(first + min(row, 32), made.count))
        ]
        where = element_of([made], made.address + first * made.bits // 8).rpartition("[")[0]
        more = " ..." if row > 32 else ""
        context.say(f"{where}: {' '.join(str(n) for n in numbers)}{more}")


@info("tensors", category=_CATEGORY)
def info_tensors(context: Context, argument: str) -> None:
    """The declared tensors."""
    if not context.tensors:
        context.say("No tensors; `help tensor` says how to declare one.")
        return
    rows = [
        [t.name, t.kind, "".join(f"[{n}]" for n in t.shape), f"0x{t.address:08x}", count(t.size)]
        for t in context.tensors.values()
    ]
    context.emit(table(("Name", "Type", "Shape", "Address", "Bytes"), rows, right="----r"))
