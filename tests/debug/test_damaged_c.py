"""Damaged debug information is noted and lived with, whatever command meets it."""

import io
from functools import cache
from pathlib import Path

from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import FlexdbgError
from flexdbg.machine.loader import parse_program
from flexdbg.render.text import plain

DATA = Path(__file__).resolve().parents[1] / "data" / "c"
SECTIONS = ("info", "abbrev", "loclists", "loc", "frame", "rnglists", "ranges", "line", "str")
COMMANDS = (
    *("bt full", "info frame", "up", "info args", "down", "info args", "print *mine", "print operands"),
    *("print &operands[1].row", "ptype/o struct operands", "ptype paint", "whatis head", "info types"),
    *("info scope sum_list", "info scope measure", "print fill::calls", "print (enum access)3"),
    *("print head->next->value", "print weights", "list", "info line paint", "break square", "next", "step"),
    *("watch last", "display sum", "finish", "info locals", "set var operands[1].level = 3"),
)


@cache
def image(variant: str) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """A program, and where its debug information lies in the file."""
    data = (DATA / f"shapes-{variant}.elf").read_bytes()
    sections = ELFFile(io.BytesIO(data)).iter_sections()
    places = {section.name: (section["sh_offset"], section["sh_size"]) for section in sections}
    return data, {name: places[f".debug_{name}"] for name in SECTIONS if f".debug_{name}" in places}


@given(st.data(), st.sampled_from(["O0", "Og", "O2", "dwarf2", "dwarf4"]))
@settings(max_examples=50)
def test_commands_survive_damage(data: st.DataObject, variant: str) -> None:
    whole, places = image(variant)
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 30))):
        start, size = places[data.draw(st.sampled_from(sorted(places)))]
        damaged[start + data.draw(st.integers(0, size - 1))] = data.draw(st.integers(0, 255))
    session = Session(
        Cluster(ClusterConfig().changed({"harts": 1})), parse_program(bytes(damaged), "fuzz.elf")
    )
    said: list[str] = []
    interpreter = Interpreter(session, lambda lines: said.append(plain(lines)))
    place = data.draw(st.sampled_from(["paint", "mix", "sum_list", "measure", "fill"]))
    for command in (f"tbreak *{place}", "run", *COMMANDS):
        try:
            interpreter.execute(command)
        except FlexdbgError as error:
            said.append(str(error))
    assert not any("Traceback" in text for text in said)
    assert session.cluster.cycle > 0
