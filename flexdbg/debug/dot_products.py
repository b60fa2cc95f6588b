"""The dot product that a hart would compute at its pc, lane by lane."""

from flexdbg.isa import DotProduct, State, Trap, dot_product
from flexdbg.machine import registers
from flexdbg.machine.cluster import Hart

__all__ = ["dot_product_of", "state_of"]


def state_of(values: list[int], csrs: dict[str, int]) -> State:
    """A state of the pseudo-code from the numbered registers 0..41 of a hart and its Flex-V CSRs by name."""
    state = State(x=list(values[:32]), pc=values[registers.PC], nn_w=values[33:37], nn_a=values[37:39])
    state.skip_count = values[39]
    for walker, letter, count in ((state.a, "a", values[40]), (state.w, "w", values[41])):
        walker.addr = csrs.get(f"{letter}_addr", 0)
        walker.stride = csrs.get(f"{letter}_stride", 0)
        walker.rollback = csrs.get(f"{letter}_rollback", 0)
        walker.skip = csrs.get(f"{letter}_skip", 0)
        walker.count = count
    state.simd_fmt = csrs.get("simd_fmt", 0)
    state.mix_cycle = csrs.get("mix_cycle", 0)
    state.mix_skip = csrs.get("mix_skip", 0)
    state.sb_legacy = csrs.get("sb_legacy", 1)
    return state


_CSRS = tuple(
    [f"{letter}_{part}" for letter in "aw" for part in ("addr", "stride", "rollback", "skip")]
    + ["simd_fmt", "mix_cycle", "mix_skip", "sb_legacy"]
)


def dot_product_of(word: int, hart: Hart, core: str) -> DotProduct | None:
    """What `word` would compute in the registers of a hart; None if it is no dot product or would trap."""
    csrs = {name: hart.read(name) for name in _CSRS}
    try:
        return dot_product(word, state_of(hart.all_registers(), csrs), core)
    except Trap:
        return None
