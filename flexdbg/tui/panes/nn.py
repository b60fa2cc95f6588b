"""The NN register file in lanes of the current format, and the current dot product lane by lane."""

from dataclasses import dataclass
from typing import Any

from flexdbg.debug.dot_products import dot_product_of
from flexdbg.debug.kinds import INT
from flexdbg.debug.values import Value, lanes_of
from flexdbg.errors import FlexdbgError
from flexdbg.isa import DotProduct
from flexdbg.machine import registers
from flexdbg.render.lanes import lane_lines
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.snapshot import Snapshot

__all__ = ["PANE"]

# How far to look for the next dot product where the hart does not stand on one.
_AHEAD = 24


@dataclass(frozen=True, slots=True)
class Part:
    """The dot product at `address`; `text` is its assembly text."""

    address: int
    text: str
    dot: DotProduct | None


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part | None:
    session = gathering.session
    if session.hart >= session.cluster.config.harts:
        return None
    address = session.pc
    for _ in range(_AHEAD):
        try:
            found = session.instruction(address)
        except FlexdbgError:
            return None
        if found.timing in ("dotp", "macload"):
            core = session.cluster.config.core
            return Part(address, found.text, dot_product_of(found.word, session.current, core))
        if found.timing in ("jal", "jalr", "mret") or not found.name:
            return None
        address = found.end
    return None


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Six registers, then the microscope."""
    if snapshot.hart >= snapshot.cluster_harts:
        return Drawing([[("faint", "the fc has no NN registers; choose a hart of the cluster with [ and ]")]])
    values = snapshot.selected.registers
    form = registers.format_of(snapshot.csrs.get("simd_fmt", 0))
    legacy = snapshot.csrs.get("sb_legacy", 1)
    before = snapshot.before if snapshot.before and snapshot.before.hart == snapshot.hart else None
    lines: list[Line] = []
    for number, name in enumerate(registers.GROUPS["nn"], 33):
        bits = form.weight_bits if name.startswith("nn_w") else form.activation_bits
        if options.mode % 3 == 1:
            bits = 8
        elif legacy:
            bits = part.dot.left.bits if part is not None and part.dot is not None else 8
        signed = options.mode % 3 != 2
        value = values[number]
        changed = before is not None and before.values[number] != value
        elements = lanes_of(Value(value, INT), f"{'i' if signed else 'u'}{bits}").elements or ()
        size = len(str(-(1 << (bits - 1)))) if bits < 32 else 11
        line: Line = [
            ("register", name.removeprefix("nn_").upper()),
            ("changed" if changed else "number" if value else "faint", f" {value:08x}"),
            ("changed", "▲" if changed else " "),
            ("faint", f"{'i' if signed else 'u'}{bits:<3}"),
        ]
        line.append(("", " ".join(f"{lane.number:>{size}}" for lane in elements)))
        refill = part.dot.refill if part is not None and part.dot is not None else None
        if refill is not None and refill.register == name and part.address == snapshot.selected.pc:
            line.append(("warning", f"  ▸ reloaded from {refill.address:08x}"))
        lines.append(line)
    mix = ""
    if form.mixed and not legacy:
        mix = f"  slice {snapshot.csrs['mix_cycle']}/{form.slices}"
        mix += f", step {values[39]}/{max(snapshot.csrs['mix_skip'], 1)}"
    driven = "format from the instruction (sb_legacy 1)" if legacy else f"{form.name}{mix}"
    lines.append([])
    if part is None:
        lines.append([("faint", f"no dot product within {_AHEAD} instructions from here")])
    else:
        here = part.address == snapshot.selected.pc
        lead = "now " if here else f"next, at {part.address:08x} with the values of now  "
        lines.append([("current" if here else "faint", lead), ("mnemonic", part.text)])
        if part.dot is None:
            lines.append([("warning", "would trap: no dot product exists in this format")])
        else:
            lines += lane_lines(part.dot, width)
    return Drawing(lines, [("", f"hart {snapshot.selected.name}  "), ("faint", driven)])


def _next_mode(options: PaneOptions, snapshot: Snapshot) -> None:
    options.mode += 1


PANE = Pane(
    "nn",
    "NN-RF and lanes",
    "3",
    "The NN register file in lanes of the current format; the (Mac&Load) dot product at the pc, or the next "
    "one, lane by lane: slice, factors, products, sum, accumulator before and after, what is reloaded.",
    draw,
    gather,
    keys=(PaneKey("d", "lanes of the format, bytes, or unsigned", _next_mode),),
)
