#!/usr/bin/env python3
"""Runs the programs of docs/networks.md and writes what they print, and the tables, anew."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).with_name("networks.md")
BLOCK = re.compile(r"```console\n\$ (flexdbg run (\S+))\n.*?```\n", re.DOTALL)
DIGITS = ("a8w8", "a4w4", "a4w2", "a2w2")


def program_output(name: str, *options: str) -> str:
    """What the program itself prints, without the report of `flexdbg run` behind it."""
    command = ["flexdbg", "run", name, *options]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.split("\n\n", 1)[0] + "\n"


def digits_table() -> str:
    rows = ["| program | right of 360 | accuracy | cycles an image | MAC/cycle |", "| --- " * 5 + "|"]
    for variant in DIGITS:
        text = program_output(f"digits-{variant}")
        right, accuracy = re.search(r"(\d+) of 360 held-back images right, (\S+) %", text).groups()
        cycles, rate = re.search(r"(\d+) cycles an image .*: (\S+) MAC/cycle", text).groups()
        rows.append(f"| digits-{variant} | {right} | {accuracy} % | {int(cycles):,} | {rate} |")
    return "\n".join(rows) + "\n"


def resnet_table() -> str:
    rows = ["| program | harts | cycles | MAC/cycle |", "| --- | --- | --- | --- |"]
    for name, harts in (
        ("resnet20-a4w2", 1),
        ("resnet20-a4w2", 2),
        ("resnet20-a4w2", 4),
        ("resnet20-a4w2", 8),
        ("resnet20-a4w2-tiled", 8),
    ):
        text = program_output(name, "--harts", str(harts))
        cycles, rate = re.search(r"MAC in (\d+) cycles: (\S+) MAC/cycle", text).groups()
        rows.append(f"| {name} | {harts} | {int(cycles):,} | {rate} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    page = BLOCK.sub(lambda match: f"```console\n$ {match[1]}\n{program_output(match[2])}```\n", page)
    for mark, table in (("digits", digits_table()), ("resnet", resnet_table())):
        place = re.compile(rf"(<!-- {mark} -->\n\n)(\|[^\n]*\n)*\n*")
        page = place.sub(lambda match, text=table: f"{match[1]}{text}\n", page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
