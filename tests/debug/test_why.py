"""`why`: one cause a hart and cycle, the same as the ledger's, with the other party named."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.debug.why import Why, why, why_all
from flexdbg.errors import CommandError, HistoryError
from flexdbg.run import find_program

NAMES = ("bankfight", "barrier", "dma-copy", "dotp", "matmul-a8w4")


def ran(name: str, cycles: int) -> Session:
    program, _ = find_program(name)
    session = Session(Cluster(ClusterConfig()), program)
    session.resume(cycles)
    return session


@pytest.fixture(scope="module", params=NAMES)
def session(request: pytest.FixtureRequest) -> Session:
    return ran(request.param, {"matmul-a8w4": 34_000}.get(request.param, 3_500))


def test_the_causes_add_up_to_the_ledger(session: Session) -> None:
    first, last = session.cluster.cycle - 60, session.cluster.cycle
    session.cluster.goto_cycle(first)
    before = [hart.ledger for hart in session.cluster.harts]
    session.cluster.goto_cycle(last)
    grown = [Counter() for _ in session.cluster.harts]
    for cycle in range(first, last):
        for one in why_all(session, cycle):
            grown[one.hart][one.cause] += 1
    for hart, old, counts in zip(session.cluster.harts, before, grown, strict=True):
        now = hart.ledger
        assert counts == Counter({c: now[c] - old[c] for c in now if now[c] != old[c]})


@settings(max_examples=25)
@given(share=st.floats(0, 1))
def test_asking_moves_nothing(session: Session, share: float) -> None:
    last = session.cluster.cycle
    digest = session.cluster.state_digest()
    for one in why_all(session, min(int(share * last), last - 1)):
        assert one.text and not one.text.endswith(".")
        assert "before" not in one.text or one.cause != "load_use", one
    assert (session.cluster.cycle, session.cluster.state_digest()) == (last, digest)


def test_a_lost_bank_names_the_winner_and_both_addresses() -> None:
    session = ran("bankfight", 1_101)
    found = why_all(session)
    losers = [one for one in found if one.cause == "bank_conflict"]
    (winner,) = [one for one in found if one.issued]
    assert len(losers) == 7
    for one in losers:
        assert one.harts == (winner.hart,)
        assert (one.bank, one.address) == (0, winner.address)
        assert f"to hart {winner.hart}" in one.text
        assert one.other_pc is not None and session.symbols.line_at(one.other_pc) is not None


def cause_of(session: Session, cause: str) -> Why:
    for cycle in range(session.cluster.cycle):
        one = why(session, 0, cycle)
        if one.cause == cause:
            return one
    raise AssertionError(f"no {cause}")


@pytest.mark.parametrize(
    ("code", "cause", "words"),
    [
        ("lui a0, 0x10000\nlw a1, 0(a0)\nadd a2, a1, a1", "load_use", "needs a1 from `lw a1, 0(a0)`"),
        ("lui a0, 0x10000\nlw a1, 0(a0)\naddi a1, x0, 1", "load_use", "writes a1 too"),
        ("li a0, 7\ndivu a1, a0, a0", "multi_cycle", "still executing `divu a1, a0, a0`"),
        ("nop\nbeq x0, x0, 1f\nnop\n1: nop", "branch", "taken branch `beqz zero"),
        ("jal ra, 1f\nnop\n1: nop", "jump", "fetches the target of `jal"),
        ("lui a0, 0x10000\nlw a1, 2(a0)\nnop", "misaligned", "0x10000002 crosses a word"),
        (
            "csrwi sb_legacy, 0\ncsrwi simd_fmt, 2\nlui a0, 0x10000\ncsrw a_addr, a0\nnop\n"
            "pv.mlsdotup.v x0, x0, 8\npv.mlsdotup.v a1, x0, 0",
            "macload_hazard",
            "names NN register A0, which",
        ),
        ("lui a0, 0x1c008\nlw a1, 0x80(a0)\nnop\nnop", "l2", "waits for the L2 at 0x1c008080"),
        ("csrr a0, mstatus\nnop", "csr_flush", "flushed"),
    ],
)
def test_the_words_of_a_cause(
    make_session: Callable[..., Session], code: str, cause: str, words: str
) -> None:
    session = make_session(code + "\nnop\nnop\nnop\nebreak\n")
    session.resume(400)
    assert words in cause_of(session, cause).text


def test_what_cannot_be_asked(make_session: Callable[..., Session]) -> None:
    session = make_session("nop\nj .")
    with pytest.raises(CommandError, match="nothing has run yet"):
        why(session)
    session.resume(20)
    with pytest.raises(HistoryError, match="cycle 20 is not recorded: history holds 0 to 19"):
        why(session, 0, 20)
    with pytest.raises(CommandError, match="no hart 3"):
        why(session, 3)


def icache_waits(session: Session, first: int = 0) -> list[Why]:
    return [
        one
        for cycle in range(first, session.cluster.cycle)
        for one in why_all(session, cycle)
        if one.cause == "icache"
    ]


def test_a_missing_line_names_its_level(make_session: Callable[..., Session]) -> None:
    """A loop of 1 kB: cold from L2, then from the shared cache, since a private one has 512 bytes."""
    code = "li a0, 2\nloop:\n" + "nop\n" * 256 + "addi a0, a0, -1\nbnez a0, loop\nj .\n"
    session = make_session(code, fetch="icache")
    session.resume(57)
    told = [one.text.rpartition(")")[2].strip(" ,:") for one in icache_waits(session)]
    # First both caches are invalidated, 8 and 32 cycles.
    assert list(dict.fromkeys(told)) == [
        "",
        "which is busy",
        "has not answered yet",
        "asked of L2 in cycle 36",
    ]
    assert told.count("has not answered yet") == 2
    while session.cluster.harts[0].read("a0") != 1:
        session.resume(50)
    warm = session.cluster.cycle
    session.resume(100)
    again = icache_waits(session, warm)
    assert again and not any("L2" in one.text for one in again[20:])
    assert any("on its way from bank 0 of the shared one (L1.5)" in one.text for one in again)


def test_switched_off_caches_are_told(make_session: Callable[..., Session]) -> None:
    session = make_session("li a0, 0x10201400\nsw x0, 0(a0)\n" + "nop\n" * 40 + "j .\n", fetch="icache")
    session.resume(200)
    waits = icache_waits(session, 100)
    assert len(waits) > 50
    assert all("the caches are off, so it comes from L2" in one.text for one in waits)


def test_every_refill_has_one_hart_that_asked_for_it() -> None:
    session = ran("dotp", 520)
    first = 290
    cluster = session.cluster
    asked: dict[tuple[int, int, int], set[str]] = {}
    named = 0
    for one in icache_waits(session, first):
        if (found := re.search(r"\(L1\.5\), asked of L2 in cycle ([\d,]+)", one.text)) is not None:
            assert one.address is not None
            asked.setdefault((one.hart, one.address, int(found[1].replace(",", ""))), set()).add(one.text)
        elif (found := re.search(r"hart (\d) asked L2 for it in cycle", one.text)) is not None:
            assert int(found[1]) in one.harts
            named += 1
    banks = cluster.icache_counters()["shared"]
    # A line is asked for once, whoever waits for it, and every miss of the shared banks is somebody's.
    assert len({line for _, line, _ in asked}) == len(asked) == sum(bank["misses"] for bank in banks)
    assert named > 50
