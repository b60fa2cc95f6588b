"""Why a hart did, or did not, issue in one cycle: exactly one cause, with the other party named.

The cause is the one the core's ledger charged that cycle to: the difference of the ledger over the cycle. The
words need more (who won the bank, which load is awaited), which a short traced replay up to that cycle gives.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.debug.causes import Moment, words_for
from flexdbg.debug.fetch_levels import fetch_waits
from flexdbg.errors import CommandError, HistoryError

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Why", "why", "why_all"]

_KINDS = ("retire", "load", "store", "denied", "stall", "elw", "fetch")
# Cycles replayed with tracing before the one asked about: enough to see the instruction before, a division
# or an L2 access included.
_WINDOW = 96


@dataclass(frozen=True, slots=True)
class Why:
    """One cycle of one hart. `text` is the sentence without its subject."""

    hart: int
    cycle: int  # the cycle that ran from this boundary to the next
    cause: str  # its name in the ledger; "issue" if an instruction was executed
    pc: int  # the instruction that was executed, or that waits
    instruction: str
    text: str
    harts: tuple[int, ...] = ()  # other harts that are named
    other_pc: int | None = None  # the other instruction that is named
    address: int | None = None
    bank: int | None = None
    since: int | None = None  # first cycle in which nothing was issued, if that is near

    @property
    def issued(self) -> bool:
        return self.cause == "issue"


def why(session: "Session", hart: int | None = None, cycle: int | None = None) -> Why:
    """The cause of one hart; the current hart and the last cycle unless named."""
    number = session.hart if hart is None else hart
    if not 0 <= number < len(session.cluster.harts):
        raise CommandError(f"no hart {number}: harts are 0 to {len(session.cluster.harts) - 1}")
    return why_all(session, cycle)[number]


def why_all(session: "Session", cycle: int | None = None) -> tuple[Why, ...]:
    """The causes of all harts in one cycle, the last one unless named."""
    first, last = session.cluster.history_bounds()
    now = session.cluster.cycle
    chosen = now - 1 if cycle is None else cycle
    if last == first:
        raise CommandError("nothing has run yet: no cycle has a cause; `run`, `stepi` or `cycle` first")
    if cycle is None and chosen < first:
        chosen = first
    if not first <= chosen < last:
        raise HistoryError(f"cycle {chosen} is not recorded: history holds {first} to {last - 1}")
    cluster = session.cluster
    with cluster.excursion():
        cluster.goto_cycle(chosen)
        before = [hart.ledger for hart in cluster.harts]
        moment = Moment(
            session, chosen, [hart.pc for hart in cluster.harts], [hart.wait for hart in cluster.harts]
        )
        moment.look_ahead()
        cluster.goto_cycle(chosen + 1)
        causes = [_cause(old, hart.ledger) for old, hart in zip(before, cluster.harts, strict=True)]
        moment.complete(causes, cluster.records(max(chosen - _WINDOW, first), chosen + 1, _KINDS))
        if "dma" in causes:
            cluster.goto_cycle(chosen + 1)
            moment.dma = cluster.dma()
        missing = {h: r for h, r in moment.fetched.items() if causes[h] == "icache"}
        moment.fetch_waits = fetch_waits(cluster, missing, chosen)
        return tuple(_one(moment, hart) for hart in range(len(cluster.harts)))


def _cause(before: dict[str, int], after: dict[str, int]) -> str:
    """The one cause that grew."""
    return next((cause for cause in after if after[cause] > before[cause]), "stopped")


def _one(moment: Moment, hart: int) -> Why:
    words = words_for(moment, hart)
    return Why(
        hart=hart,
        cycle=moment.cycle,
        cause=moment.causes[hart],
        pc=moment.waiting[hart],
        instruction=moment.text(moment.waiting[hart], hart),
        text=words.text,
        harts=words.harts,
        other_pc=words.other_pc,
        address=words.address,
        bank=words.bank,
        since=moment.idle_since(hart),
    )
