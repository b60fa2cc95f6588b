"""Drawings as HTML: encodings bit by bit, lanes of registers."""

from collections.abc import Sequence
from html import escape

from flexdbg.isa import Csr, Format, Instruction
from flexdbg.isa.anatomy import fixed_name
from flexdbg.isa.manual import cells

__all__ = ["csr_word", "encoding", "format_lanes", "lanes"]

_Cell = tuple[int, int, str, str]  # high bit, low bit, name, digits ("" for a field)


def encoding(row: Instruction) -> str:
    """The encoding of an instruction, one column a bit."""
    found: list[_Cell] = []
    for high, low, content in cells(row):
        fixed = content[0] in "01"
        name = fixed_name(row.length, high, low) if fixed else content
        found.append((high, low, name, content if fixed else ""))
    return _word(found, 8 * row.length)


def csr_word(csr: Csr) -> str:
    """The fields of a CSR; the whole word where it has none."""
    found: list[_Cell] = []
    position = 31
    for field in sorted(csr.fields, key=lambda f: -f.high):
        if field.high < position:
            found.append((position, field.high + 1, "", "0" * (position - field.high)))
        found.append((field.high, field.low, field.name, ""))
        position = field.low - 1
    if position >= 0 and csr.fields:
        found.append((position, 0, "", "0" * (position + 1)))
    return _word(found or [(31, 0, csr.name, "")], 32)


def _word(found: Sequence[_Cell], bits: int) -> str:
    numbers, boxes, names = [], [], []
    colours: dict[str, int] = {}
    for high, low, name, digits in found:
        span = high - low + 1
        label = str(high) if span == 1 else f"<span>{high}</span><span>{low}</span>"
        numbers.append(f'<div class="n" style="grid-column:span {span}">{label}</div>')
        colour = colours.setdefault(name.partition("[")[0], len(colours)) % 4 if not digits else 0
        last = " last" if low == 0 else ""
        if digits:
            for k, digit in enumerate(digits):
                end = last if k == span - 1 else ""
                boxes.append(f'<div class="bit fixed{end} mono">{digit}</div>')
        else:
            text = escape(name.rstrip("'")) if span > 1 else "&nbsp;"
            boxes.append(
                f'<div class="bit f{colour}{last} mono" style="grid-column:span {span}">{text}</div>'
            )
        kind = "name" if digits else "name field"
        below = escape(name) if digits or span == 1 else "&nbsp;"
        names.append(f'<div class="{kind}" style="grid-column:span {span}">{below}</div>')
    short = " short" if bits == 16 else ""
    style = f"grid-template-columns:repeat({bits},1fr)"
    return (
        f'<div class="scroll"><div class="word{short}" style="{style}">'
        f"{''.join(numbers)}{''.join(boxes)}{''.join(names)}</div></div>"
    )


def _row(label: str, texts: Sequence[str], classes: Sequence[str]) -> str:
    """Lanes from the highest bits to the lowest, as in a register."""
    drawn = "".join(
        f'<div class="lane mono {one}">{escape(text)}</div>' for text, one in zip(texts, classes, strict=True)
    )
    return f'<div class="label mono">{escape(label)}</div><div class="row">{drawn}</div>'


def lanes(row: Instruction) -> str:
    """How the lanes of an instruction meet: lane by lane, or products and a sum. Empty without lanes."""
    base = row.expand.base if row.expand else row
    if not base.lanes or base.timing not in ("alu", "dotp", "macload"):
        return ""
    count = 32 // base.lanes
    order = list(range(count - 1, -1, -1))
    scalar = base.mode in ("sc", "sci")
    left, right = ("a", "w") if base.timing == "macload" else ("rs1", "imm" if base.mode == "sci" else "rs2")
    rows = [_row(left, [f"{left}[{i}]" for i in order], ["f0"] * count)]
    if "rs2" in base.pseudo or "imm" in base.pseudo.partition("=")[2] or base.timing == "macload":
        second = [
            f"{right}[0]" if scalar and right != "imm" else right if scalar else f"{right}[{i}]"
            for i in order
        ]
        rows.append(_row(right, second, ["f1"] * count))
    if base.timing == "alu":
        if "rd[i]" not in base.pseudo:
            return ""
        rows.append(_row("rd", [f"rd[{i}]" for i in order], ["f2"] * count))
    else:
        rows.append(
            _row(
                "products",
                [f"× {i}" if count > 8 else f"{left}[{i}] × {right}[{0 if scalar else i}]" for i in order],
                ["f3"] * count,
            )
        )
        adds = "rd +" in base.pseudo
        rows.append(_row("rd", [f"{'rd + ' if adds else ''}sum of the {count} products"], ["f2"]))
    return f'<div class="scroll"><div class="lanes">{"".join(rows)}</div></div>'


def format_lanes(form: Format) -> str:
    """Activation lanes, and the slices of a weight word that they meet."""
    count = 32 // form.activation_bits
    rows = [_row("activations", [f"a{i}" for i in range(count - 1, -1, -1)], ["f0"] * count)]
    weights = 32 // form.weight_bits
    for number in range(form.slices):
        first = number * count
        used = range(first, first + count)
        order = range(weights - 1, -1, -1)
        texts = [f"w{i}" if i in used else "·" for i in order]
        label = f"slice {number}" if form.slices > 1 else "weights"
        rows.append(_row(label, texts, ["f1" if i in used else "idle" for i in order]))
    return f'<div class="scroll"><div class="lanes">{"".join(rows)}</div></div>'
