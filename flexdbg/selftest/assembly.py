"""Recorded lines of the PULP assembler: each assembles to its word and comes back from the disassembler."""

import json
from collections.abc import Iterator

from flexdbg.isa import AssemblyError, assemble, disassemble
from flexdbg.selftest.result import Outcome

__all__ = ["check_assembly"]


def check_assembly(lines: Iterator[str]) -> Iterator[Outcome]:
    """Each line assembles to the recorded word, and that word's text assembles to it again."""
    for line in lines:
        if not line.strip():
            continue
        entry = json.loads(line)
        outcome = Outcome(entry["asm"])
        word = int(entry["hex"], 16)
        try:
            outcome.compare("word", word, assemble(entry["asm"])[0].word)
            # Round trip through the disassembler, whose targets are relative without an address.
            outcome.compare("round trip", word, assemble(disassemble(word))[0].word)
        except AssemblyError as error:
            outcome.compare("word", word, str(error))
        yield outcome
