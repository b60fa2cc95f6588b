"""`explain`: what is said about an instruction is what the core then does."""

from collections.abc import Callable

import pytest
from flexdbg.isa import isa_model
from flexdbg.isa.anatomy import dissect

from flexdbg import Session
from flexdbg.debug.explain import explain_address, explain_word, resolve_subject
from flexdbg.errors import CommandError
from flexdbg.render.explain import explain_lines
from flexdbg.render.text import plain

SETUP = """
    lui s0, 0x10000
    li a1, 0x7f02810c
    sw a1, 0x100(s0)
    li a2, 0x01ff80fe
    sw a2, 0x104(s0)
    li a0, 100
    csrwi sb_legacy, 0
    csrwi simd_fmt, 8
    csrwi mix_skip, 2
    csrwi mix_cycle, 1
    addi t0, s0, 0x100
    csrw a_addr, t0
    csrw w_addr, t0
    csrwi a_stride, 4
    csrwi w_stride, 4
    nop
    pv.mlsdotsup.h x0, x0, 8
    nop
    pv.mlsdotsup.h x0, x0, 16
    nop
    lp.setupi x0, 3, 1f
    nop
1:  nop
"""

TRIED = [
    "pv.sdotsp.b a0, a1, a2",
    "pv.add.h a0, a1, a2",
    "pv.min.sc.b a3, a1, a2",
    "pv.sdotusp.sci.b a0, a1, -3",
    "pv.mlsdotsup.h a0, x0, 0",
    "pv.mlsdotsp.h a0, x0, 24 - 8",
    "p.lw a3, 4(t0!)",
    "sw a1, 8(t0)",
    "lp.count x1, a0",
    "csrrwi a3, mix_skip, 4",
    "p.mac a0, a1, a2",
    "c.addi a0, 3",
    "csrr a3, a_addr",
]


@pytest.mark.parametrize("text", TRIED)
def test_what_is_promised_happens(make_session: Callable[..., Session], text: str) -> None:
    session = make_session(f"{SETUP}\ntried: {text}\nend: nop\nnop\nebreak")
    session.add_breakpoint("tried")
    session.resume(2000)
    assert session.pc == session.locate("tried")[0]
    found = explain_address(session, session.pc)
    assert found.trial is not None and found.trial.trap is None
    hart = session.current
    before = {change.name: hart.read(change.name) for change in found.trial.changes}
    assert all(before[change.name] == change.before for change in found.trial.changes)
    names = [
        *[f"x{n}" for n in range(32)],
        "a_addr",
        "w_addr",
        "mix_cycle",
        "mix_skip_count",
        "nn_w0",
        "nn_a0",
    ]
    old = {name: hart.read(name) for name in names}
    session.step_instructions(2)
    for change in found.trial.changes:
        assert hart.read(change.name) == change.after, change
    changed = {change.name for change in found.trial.changes}
    for name in names[32:]:
        assert name in changed or hart.read(name) == old[name], name
    for access in found.trial.accesses:
        if access.write:
            data = session.cluster.read_memory(access.address, access.size)
            assert int.from_bytes(data, "little") == access.value
    shown = plain(explain_lines(found.parts, found.values, found.csrs, found.form, found.trial))
    assert found.parts.text in shown and "Timing" in shown


def test_a_mixed_dot_product_is_drawn_with_its_slice(make_session: Callable[..., Session]) -> None:
    session = make_session(f"{SETUP}\ntried: pv.mlsdotsup.h a0, x0, 0\nnop\nebreak")
    session.add_breakpoint("tried")
    session.resume(2000)
    found = explain_address(session, session.pc)
    shown = plain(explain_lines(found.parts, found.values, found.csrs, found.form, found.trial))
    assert "slice 1 of 2: nibbles 4..7" in shown
    assert "pv.mlsdotsup.v a0, zero, 0" in shown
    assert "simd_fmt   0x00000008  a8w4" in shown
    assert found.trial is not None and found.trial.dot is not None
    assert found.trial.dot.left.lanes == (12, 129, 2, 127)


def test_every_row_can_be_explained() -> None:
    """Also the widest encodings fit, and every row has a name for what it holds."""
    for row in isa_model().instructions:
        for core in row.cores:
            parts = dissect(row.match, core)
            if parts.row is None:
                continue
            bits = "".join(piece.bits for piece in parts.pieces)
            assert int(bits, 2) == row.match and len(bits) == 8 * row.length
            lines = plain(explain_lines(parts)).splitlines()
            boxes = [line for line in lines if line.startswith(("┌", "│", "└"))]
            assert all(len(line) <= 80 for line in boxes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("address", 0x1C008080)),
        ("0x1c008082", ("address", 0x1C008082)),
        ("0xd8a004f7", ("word", 0xD8A004F7)),
        ("p.clip", ("page", "p.clip")),
        ("nop", ("word", 0x13)),
        ("addi a0, a0, 1", ("word", 0x00150513)),
        ("start", ("address", 0x1C008080)),
    ],
)
def test_what_may_be_named(
    make_session: Callable[..., Session], text: str, expected: tuple[str, object]
) -> None:
    assert resolve_subject(make_session("start: nop\nj ."), text) == expected


def test_what_cannot_be_explained(make_session: Callable[..., Session]) -> None:
    session = make_session("start: nop\nj .")
    with pytest.raises(CommandError, match='Function "nowhere" not defined'):
        resolve_subject(session, "nowhere")
    with pytest.raises(CommandError, match="is no register"):
        resolve_subject(session, "addi a0, 5, 5")
    assert "no core here decodes" in plain(explain_lines(explain_word(session, 0xFFFFFFFF).parts))
