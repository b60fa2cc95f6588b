"""Reference pages."""

from __future__ import annotations

from flexdbg.isa import extensions, isa_model, listing, mnemonics, near, page, search
from flexdbg.isa.manual import bit_fields


def test_every_mnemonic_has_a_page() -> None:
    for name in mnemonics():
        pages = page(name)
        assert pages, name
        for one in pages:
            text = one.text()
            assert one.summary and one.timing and one.cores, name
            assert max(map(len, text.split("\n"))) <= 160, name


def test_a_page_shows_encoding_operation_and_cores() -> None:
    (one,) = page("PV.MLSDOTSUP.B")
    text = one.text()
    for part in (
        "pv.mlsdotsup.b rd, rs1, imm5",
        "1101100",
        "0..23",
        "refill_address",
        "xpulpnn, flexv",
        "4 of 8 bits",
    ):
        assert part in text


def test_one_name_with_several_encodings_has_several_pages() -> None:
    assert [p.syntax[0] for p in page("p.lw")] == [
        "p.lw rd, imm(rs1!)", "p.lw rd, rs2(rs1!)", "p.lw rd, rs2(rs1)",
    ]  # fmt: skip
    assert page("no.such") == []


def test_encoding_boxes_cover_the_word() -> None:
    assert bit_fields(isa_model().by_id["add"]).split("\n") == [
        "  31..25    24..20   19..15   14..12   11..7    6..0",
        "+---------+--------+--------+--------+-------+---------+",
        "| 0000000 |  rs2   |  rs1   |  000   |  rd   | 0110011 |",
        "+---------+--------+--------+--------+-------+---------+",
    ]


def test_lists_by_extension_and_core() -> None:
    assert {n for n, _, _ in listing("rv32m")} == {
        "mul",
        "mulh",
        "mulhsu",
        "mulhu",
        "div",
        "divu",
        "rem",
        "remu",
    }
    assert sum(len(listing(e)) for e in extensions()) == len(listing())
    assert "pv.add.v" in {n for n, _, _ in listing("xflexv", "mpic")}
    assert "pv.mlsdotup.b" not in mnemonics("mpic")


def test_search_by_name_and_by_meaning() -> None:
    assert near("pv.sdtosp.b")[0] == "pv.sdotsp.b"
    assert ("p.clip", "saturate to aux bits signed") in search("saturate signed")
    assert [n for n, _ in search("hardware loop count register")] == ["lp.count", "lp.setup"]
    assert search("") == []
