"""Every row of the encoding reference is in the tables, on the same cores."""

from __future__ import annotations

import pytest
from flexdbg.isa import disassemble, explain, isa_model
from flexdbg.isa.model import Alias, Instruction

# Argued in isa/README.md: an accelerator of another core family, whose published RTL ignores the encodings.
ABSENT = {"marvin"}


def _masks(name: str) -> list[tuple[int, int]]:
    found = []
    for row in isa_model().by_name.get(name, ()):
        if isinstance(row, Alias):
            mask, match = row.fixed
            if row.view == "virtual":
                mask &= ~row.target.base.unchecked
            found.append((mask, match))
        else:
            found.append((row.mask, row.match))
            found.append((row.mask & ~row.unchecked, row.match))
    return found


def test_every_row_is_present(encodings: list[dict[str, str]]) -> None:
    missing = []
    for row in encodings:
        if row["extension"] in ABSENT:
            continue
        mask, match = int(row["mask"], 16), int(row["match"], 16)
        own = _masks(row["mnemonic"])
        if not any(m & mask == mask and v & mask == match for m, v in own) and row["mnemonic"][-2:] != ".v":
            missing.append(row["mnemonic"])
        if row["mnemonic"].endswith(".v") and not any(v == match for _, v in own):
            missing.append(row["mnemonic"])
    assert missing == []


def test_words_decode_on_exactly_the_cores_of_the_reference(encodings: list[dict[str, str]]) -> None:
    on: dict[int, set[str]] = {}  # the reference lists pv.add.h.div2 and its like twice
    for row in encodings:
        if row["extension"] not in ABSENT and not row["mnemonic"].endswith(".v") and row["group"] != "qnt":
            on.setdefault(int(row["match"], 16), set()).update(row["cores"].split(";"))
    for word, cores in on.items():
        for core in ("ri5cy", "xpulpnn", "mpic", "flexv"):
            found = explain(word, core)
            native = found.row is not None and not found.foreign
            assert native == (core in cores), (hex(word), core)


def test_virtual_words_of_the_reference_all_decode_on_flexv(encodings: list[dict[str, str]]) -> None:
    """With sb_legacy = 0 few bits count: every word of a CSR-driven row must run its operation."""
    for row in encodings:
        if row["group"] != "simd-virtual" and not (
            row["group"] == "macload" and row["mnemonic"].endswith(".v")
        ):
            continue
        mask, match = int(row["mask"], 16), int(row["match"], 16)
        for free in range(16):
            loose = (free & 7) << 12 | (free >> 3) << 25
            word = match | loose & ~mask
            text = disassemble(word, core="flexv", view="virtual").split("# ")[-1]
            assert text.split()[0] == row["mnemonic"], hex(word)


@pytest.mark.parametrize("name", ["neur_init", "nn_mac_8b", "nn_mac_4b", "nn_mac_2b", "neur_res"])
def test_marvin_is_left_out_on_purpose(name: str) -> None:
    assert name not in isa_model().by_name


def test_base_and_compressed_extensions_are_complete() -> None:
    count = dict.fromkeys(("rv32i", "rv32m", "rv32c", "zicsr", "zifencei", "priv"), 0)
    for row in isa_model().instructions:
        assert isinstance(row, Instruction)
        if row.extension in count:
            count[row.extension] += 1
    assert count == {"rv32i": 40, "rv32m": 8, "rv32c": 27, "zicsr": 6, "zifencei": 1, "priv": 3}
