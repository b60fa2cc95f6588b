"""The lanes of a dot product agree with what the pseudo-code computes."""

from __future__ import annotations

from flexdbg.isa import Memory, State, Trap, dot_product, execute, isa_model
from hypothesis import given
from hypothesis import strategies as st

_ROWS = [r for r in isa_model().instructions if r.timing in ("dotp", "macload") and not r.traps]
_WORD = st.integers(0, 0xFFFFFFFF)


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, State, str]:
    row = draw(st.sampled_from(_ROWS))
    word = row.match | draw(_WORD) & ~row.mask & 0xFFFFFFFF
    core = draw(st.sampled_from(row.cores))
    state = State(
        x=[0, *draw(st.lists(_WORD, min_size=31, max_size=31))],
        nn_w=draw(st.lists(_WORD, min_size=4, max_size=4)),
        nn_a=draw(st.lists(_WORD, min_size=2, max_size=2)),
        simd_fmt=draw(st.integers(0, 10)),
        mix_cycle=draw(st.integers(0, 7)),
        sb_legacy=1 if core in ("ri5cy", "xpulpnn") else draw(st.integers(0, 1)),
    )
    state.a.addr, state.w.addr = draw(_WORD) & ~3, draw(_WORD) & ~3
    return word, state, core


@given(situations())
def test_the_result_is_that_of_the_instruction(situation: tuple[int, State, str]) -> None:
    word, state, core = situation
    pc = state.pc
    try:
        dot = dot_product(word, state, core)
    except Trap:
        dot = None
    frozen = (list(state.x), list(state.nn_w), list(state.nn_a), state.a.addr, state.w.addr, state.a.count)
    memory = Memory()
    if dot is not None and dot.refill is not None:
        memory.write(dot.refill.address, 0x12345678, 4)
    try:
        done = execute(word, state, memory, core)
    except Trap:
        return
    if dot is None:
        assert done.row.timing not in ("dotp", "macload") or done.row.extension != "xflexv"
        return
    assert state.pc == pc + 4
    number = word >> 7 & 31
    if number and not (done.row.timing == "macload" and number == word >> 15 & 31):
        assert state.x[number] == dot.after
    assert len(dot.left.lanes) == len(dot.right.lanes)
    if dot.refill is not None:
        kind, index = dot.refill.register[3], int(dot.refill.register[4])
        assert (state.nn_w if kind == "w" else state.nn_a)[index] == 0x12345678
    assert frozen[0][0] == 0


def test_other_instructions_have_no_lanes() -> None:
    from flexdbg.isa import assemble

    word = int.from_bytes(assemble("add a0, a1, a2")[0].data, "little")
    assert dot_product(word, State()) is None
