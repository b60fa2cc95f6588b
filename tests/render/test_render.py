"""Pure rendering: numbers, tables, bars, assembly, themes."""

import io
import re

import pytest
from rich.console import Console

from flexdbg.render.assembly import code_line, highlight
from flexdbg.render.ledger import ledger_bars, ledger_table
from flexdbg.render.numbers import FORMATS, format_number
from flexdbg.render.summary import BankRow, HartRow, Summary, summary
from flexdbg.render.tables import bar, count, key_values, table
from flexdbg.render.text import ansi, column, join, plain
from flexdbg.render.theme import CLASSES


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("bits", [2, 4, 8, 16, 32])
def test_every_format_shows_every_width(fmt: str, bits: int) -> None:
    assert format_number(-1, bits, fmt)


def test_numbers() -> None:
    assert format_number(0x85, 8, "d") == "-123"
    assert format_number(0x85, 8, "u") == "133"
    assert format_number(5, 32, "z") == "0x00000005"
    assert format_number(7, 4, "t") == "111"
    assert count(1234567) == "1,234,567"


def test_bars_fill_their_width() -> None:
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.0, 10) == " " * 10
    assert bar(0.5, 10).rstrip() == "█" * 5
    assert all(len(bar(share / 100, 7)) == 7 for share in range(-10, 120))


def test_tables_align() -> None:
    lines = plain(table(("name", "n"), [["a", "1"], ["long", "100"]], right="-r")).splitlines()
    assert lines == ["name    n", "a       1", "long  100"]
    assert plain(key_values([("a", "x"), ("bcd", "y")])) == "a    x\nbcd  y"


def test_text_plain_and_ansi_have_the_same_words() -> None:
    lines = [[("register", "a0"), ("", " = "), ("number", "5")], [], [("unknown", "x")]]
    coloured = ansi(lines)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain(lines) == "a0 = 5\n\nx"
    assert "\x1b[36ma0\x1b[0m" in coloured


def test_columns_and_joins() -> None:
    assert plain([[*column([("", "ab")], 4), ("", "|")]]) == "ab  |"
    assert plain([join([[("", "a")], [("", "b")]])]) == "a  b"


def test_assembly_colours_by_meaning() -> None:
    styles = {text: style for style, text in highlight("pv.sdotsp.b a0, zero, -3 # note")}
    assert styles["pv.sdotsp.b"] == "mnemonic"
    assert styles["a0"] == styles["zero"] == "register"
    assert styles["-3"] == "number"
    assert styles["# note"] == "comment"
    line = code_line(0x1C008080, "nop", label="main", marker="=> ", raw="00000013", harts=["hart 1"])
    assert plain([line]) == "=> 0x1c008080 <main>:\t00000013\tnop\t; hart 1"


def test_every_used_style_is_in_the_theme() -> None:
    styles = {style for style, _ in highlight("p.lw a0, 4(a1!) # x")} | {"current", "breakpoint", "address"}
    assert styles - {""} <= set(CLASSES)


def test_ledger_bars_add_up() -> None:
    lines = plain(ledger_bars({"issue": 750, "l2": 250, "dma": 0})).splitlines()
    assert lines[0].startswith("issue") and "75.0 %" in lines[0]
    assert "dma" not in plain(ledger_bars({"issue": 1, "dma": 0}))
    assert lines[-1].split() == ["total", "1,000"]
    both = plain(ledger_table(["hart 0", "hart 1"], [{"issue": 10}, {"issue": 5, "l2": 5}])).splitlines()
    assert both[1].split() == ["issue", "100.0", "50.0"]
    assert both[2].split() == ["l2", "-", "50.0"]


def _drawn(data: Summary, *, full: bool = False) -> str:
    console = Console(width=100, record=True, file=io.StringIO(), highlight=False)
    console.print(summary(data, full=full))
    return console.export_text()


def test_summary_bars_are_as_wide_as_the_run() -> None:
    harts = [HartRow("hart 0", 60, {"issue": 60, "l2": 39, "dma": 1}), HartRow("fc", 0, {"wfi": 100})]
    text = _drawn(Summary("run", [("cycles", "100")], harts, [BankRow(10, 5)], ["a note"]), full=True)
    row = next(line for line in text.splitlines() if line.startswith("hart 0"))
    assert len(row.split()[4]) == 40
    assert "0.600" in row
    assert "a note" in text
    assert "60.0 %" not in row
    assert "0.500" in text


def test_summary_of_nothing() -> None:
    assert "empty" in _drawn(Summary("empty", [], [HartRow("hart 0", 0, {})], [BankRow(0, 0)], []))
