"""The tables: soundness, messages, formats, CSRs, and cheap import."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flexdbg.isa import CSR_BASE, REGISTER_IDS, IsaError, digest, isa_model
from flexdbg.isa.decoding import overlaps
from flexdbg.isa.notation import parse_pattern
from flexdbg.isa.parse import TABLES, load
from flexdbg.isa.validate import problems


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TABLES, tmp_path / "tables"))


def change(tables: Path, file: str, old: str, new: str) -> None:
    path = tables / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_tables_are_sound() -> None:
    assert problems(isa_model()) == []


def test_two_rows_for_one_word_are_found(tables: Path) -> None:
    change(tables, "xpulpv2.toml", 'op = "minu",  funct7 = "0000010", funct3 = "101"',
           'op = "minu",  funct7 = "0000010", funct3 = "100"')  # fmt: skip
    found = overlaps(load(tables))
    assert len(found) == 1
    assert "xpulpv2.toml: family" in found[0] and "[min]" in found[0] and "[minu]" in found[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("rv32m.toml", "0000001 rs2", "000001 rs2", r"rv32m.toml: family 1 .*\[mul\]: encoding has 31 bits"),
        ("rv32m.toml", "rs1 {funct3}", "rs1 {funkt3}", r"\[mul\]: no axis gives \{funkt3\}"),
        ("rv32m.toml", 'timing = "mul",', 'timing = "slow",', "timing 'slow' is none of"),
        ("rv32i.toml", "rd, imm:hi20", "rd, imn:hi20",
         r"rv32i.toml: instruction 1 \(lui\): operand imn is no field"),
        ("rv32i.toml", "summary =", "sumary =", r"instruction 1 \(lui\): unknown key 'sumary'"),
        ("rv32i.toml", "imm[11:0] rs1 000 rd 1100111", "imm[0:11] rs1 000 rd 1100111", "runs upwards"),
        ("rv32c.toml", "addi rd', x2, imm", "addy rd', x2, imm", "no instruction fits the expansion"),
        ("rv32c.toml", 'where = ["imm != 0"]', 'where = ["imm is 0"]',
         "condition 'imm is 0' is not of the form"),
        ("xpulpnn.toml", 'cores = "xpulpnn"', 'cores = "xpulpn"', "unknown core 'xpulpn'; known: ri5cy"),
        ("shared.toml", "[axis.mode]", "[axis.mode", "shared.toml: "),
        ("pseudo.toml", 'ops = "rd, rs1", to = "addi rd, rs1, 0"', 'ops = "rd, rs9", to = "addi rd, rs1, 0"',
         r"pseudo.toml: alias_family 1 .*\[mv\]: operand rs9"),
    ],
)  # fmt: skip
def test_mistakes_name_file_and_row(tables: Path, file: str, old: str, new: str, message: str) -> None:
    change(tables, file, old, new)
    with pytest.raises(IsaError, match=message):
        load(tables)


def test_a_new_operation_is_one_row(tables: Path) -> None:
    row = 'and    = { op = "and",'
    new = 'nand   = { op = "nand", code = "001011", ext = "s", lane = "~(rs1[i] & {b})", what = "not and" }\n'
    change(
        tables,
        "shared.toml",
        'cmple  = { op = "cmple",  code = "001011"',
        'cmple  = { op = "cmple",  code = "111111"',
    )
    change(tables, "shared.toml", row, new + row)
    isa = load(tables)
    forms = {i.name for i in isa.instructions if i.name.startswith("pv.nand")}
    assert forms == {f"pv.nand{m}.{w}" for m in ("", ".sc", ".sci") for w in "hb"} | {
        f"pv.nand{m}.{w}" for m in ("", ".sc") for w in "nc"
    }
    assert {a.name for a in isa.aliases if "nand" in a.name} == {"pv.nand.v", "pv.nand.sc.v", "pv.nand.sci.v"}


def test_digest_follows_the_tables(tables: Path) -> None:
    assert digest() == isa_model().digest == load(tables).digest
    change(tables, "rv32m.toml", "Integer", "integer")
    assert load(tables).digest != digest()


def test_patterns_scatter_values() -> None:
    bits, mask, match, fields = parse_pattern("101 imm[11|4|9:8|10|6|7|3:1|5] 01")
    assert (bits, mask, match) == (16, 0xE003, 0xA001)
    assert fields["imm"].step == 2
    for value in (2, 0x3F2, 0x800, 0xFFE):
        assert fields["imm"].extract(fields["imm"].insert(value)) == value


def test_formats_follow_from_their_widths() -> None:
    formats = isa_model().formats
    assert [f.code for f in formats] == list(range(11))
    assert {f.name: f.slices for f in formats if f.mixed} == {
        "a4w2": 2, "a8w2": 4, "a16w2": 8, "a8w4": 2, "a16w4": 4, "a16w8": 2,
    }  # fmt: skip
    assert [formats[8].lanes, formats[3].lanes, formats[4].lanes] == [4, 8, 16]


def test_csrs_have_canonical_and_library_names() -> None:
    by_name = isa_model().csr_by_name
    canonical = ["simd_fmt", "mix_cycle", "mix_skip", "sb_legacy"]
    walkers = ["a_addr", "w_addr", "a_stride", "w_stride", "a_rollback", "w_rollback", "a_skip", "w_skip"]
    assert [by_name[n].address for n in canonical] == [0x00D, 0x00E, 0x00F, 0x010]
    assert [by_name[n].address for n in walkers] == list(range(0x100, 0x108))
    for alias, name in (("IVEC_FMT", "simd_fmt"), ("LEGACY_MODE", "sb_legacy"), ("A_ADDRESS", "a_addr")):
        assert by_name[alias.lower()].name == name
    assert by_name["sb_legacy"].reset == 1
    assert by_name["lpcount1"].address == 0x7C6


def test_register_numbers_are_those_of_the_core() -> None:
    assert [REGISTER_IDS[n] for n in ("zero", "fp", "a0", "t6", "pc")] == [0, 8, 10, 31, 32]
    assert [REGISTER_IDS[n] for n in ("nn_w0", "nn_w3", "nn_a0", "nn_a1")] == [33, 36, 37, 38]
    assert [REGISTER_IDS[n] for n in ("mix_skip_count", "a_count", "w_count")] == [39, 40, 41]
    assert CSR_BASE == 0x1000


def test_import_reads_no_tables() -> None:
    script = (
        "import sys, flexdbg.isa; sys.exit('tomllib' in sys.modules or 'flexdbg.isa.parse' in sys.modules)"
    )
    subprocess.run([sys.executable, "-P", "-c", script], check=True)
