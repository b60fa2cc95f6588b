"""The generated C++ header: it compiles cleanly and decodes as the Python side does."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flexdbg.isa import CORES, explain, isa_model
from flexdbg.isa.effects import effects
from flexdbg.isa.generate import generate

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
#include <cstdio>
#include "isa_gen.hpp"
int main() {
  using namespace flexdbg;
  unsigned word, profile;
  while (std::scanf("%x %u", &word, &profile) == 2) {
    const Decoded d = isa::decode(word, Profile(profile));
    std::printf("%s %u %u %u %u %u %d %x\\n", isa::kOps[d.op].id, d.len, d.rd, d.rs1, d.rs2, d.aux,
                d.imm, d.src);
  }
}
"""


@pytest.fixture(scope="module")
def header() -> str:
    return generate(isa_model())


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory, header: str) -> Path:
    compiler = os.environ.get("CXX", "g++")
    folder = tmp_path_factory.mktemp("decoder")
    (folder / "isa_gen.hpp").write_text(header)
    (folder / "main.cpp").write_text(PROGRAM)
    options = ["-std=c++20", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
    paths = [f"-I{folder}", f"-I{ROOT / 'flexdbg' / 'core'}"]
    subprocess.run(
        [compiler, *options, *paths, str(folder / "main.cpp"), "-o", str(folder / "decode")], check=True
    )
    return folder / "decode"


def decode_all(decoder: Path, cases: list[tuple[int, int]]) -> list[list[str]]:
    lines = "".join(f"{word:x} {core}\n" for word, core in cases)
    done = subprocess.run([str(decoder)], input=lines, capture_output=True, text=True, check=True)
    return [line.split() for line in done.stdout.splitlines()]


def interesting_words(count: int) -> list[int]:
    rng = random.Random(9)
    words = list(range(0, 1 << 16, 7))
    rows = isa_model().instructions
    for _ in range(count):
        row = rng.choice(rows)
        word = row.match | rng.getrandbits(8 * row.length) & ~row.mask
        if rng.random() < 0.4:
            word ^= 1 << rng.randrange(8 * row.length)
        words.append(word)
    return words


def test_both_decoders_agree_on_every_core(decoder: Path) -> None:
    words = interesting_words(20_000)
    cases = [(word, bits) for word in words for bits in CORES.values()]
    names = {bits: name for name, bits in CORES.items()}
    for (word, core), line in zip(cases, decode_all(decoder, cases), strict=True):
        found = explain(word, names[core])
        row = found.row
        if row is None or (row.traps and not found.foreign):
            assert line[0] == "illegal", (hex(word), names[core])
            continue
        expected = row.expand.base.id if row.expand else f"{row.id}_foreign" if found.foreign else row.id
        assert line[0] == expected, (hex(word), names[core])
        assert int(line[1]) == row.length


def test_fields_of_every_row(decoder: Path) -> None:
    rng = random.Random(11)
    cases, rows = [], []
    for row in isa_model().instructions:
        for _ in range(4):
            word = row.match | rng.getrandbits(8 * row.length) & ~row.mask
            if row.applies(word) and explain(word, row.cores[-1]).row is row and not row.traps:
                cases.append((word, CORES[row.cores[-1]]))
                rows.append(row)
    for (word, _), row, line in zip(cases, rows, decode_all(decoder, cases), strict=True):
        got = dict(zip(("rd", "rs1", "rs2", "aux", "imm"), map(int, line[2:7]), strict=True))
        base = row.expand.base if row.expand else row
        read = 0
        for name in base.fields:
            source = row.expand.bindings[name] if row.expand else name
            value = source if isinstance(source, int) else row.value(source, word)
            for slot in base.slots.get(name, ()):
                # A compare constant is passed raw: the rs2 slot holds a register field.
                raw = slot in ("rs2", "aux") and name in base.kinds and base.kinds[name].kind == "s"
                wanted = value & 0x1F if raw else value
                assert got[slot] == wanted, (row.id, hex(word), slot)
            seen = effects(base)
            if name in seen.reads and not (name in seen.conditional and not word >> 23 & 3):
                read |= 1 << value
        assert int(line[7], 16) == read & ~1, (row.id, hex(word))


def test_generation_is_reproducible_and_needs_no_package(tmp_path: Path, header: str) -> None:
    out = tmp_path / "isa_gen.hpp"
    script = ROOT / "isa" / "generate.py"
    subprocess.run([sys.executable, "-I", "-S", str(script), str(out)], check=True, cwd=tmp_path)
    assert out.read_text() == header
    before = out.stat().st_mtime_ns
    subprocess.run([sys.executable, "-I", "-S", str(script), str(out)], check=True, cwd=tmp_path)
    assert out.stat().st_mtime_ns == before, "an unchanged header must not cause a rebuild"


def test_traits(header: str) -> None:
    def traits(op: str) -> int:
        found = re.search(rf'^    {{"{op}", "[^"]+", Timing::k\w+, \d+, \d+, (\d+),', header, re.MULTILINE)
        assert found, op
        return int(found[1])

    assert traits("lb") == 2 | 8
    assert traits("p_lw_post") == 2 | 4 | 32
    assert traits("p_lhu_reg") == 2 | 16
    assert traits("p_sw_post_reg") == 4 | 16 | 32
    assert traits("p_mac") == 1 | 2
    assert traits("pv_sdotsp_b") == 1 | 2 | 64
    assert traits("pv_packhi_b") & 1
    assert not traits("pv_pack") & 1
    assert traits("pv_add_sc_c_foreign") == 2 | 64 | 128


def test_every_operation_is_dispatched_once(header: str) -> None:
    calls = re.findall(r"^  X\((kOp_\w+),", header, re.MULTILINE)
    assert len(calls) == len(set(calls))
    executable = {f"kOp_{i.id}" for i in isa_model().instructions if i.exec}
    assert executable <= set(calls)
