"""Traces of one TCDM bank's arbiter: who is granted for each set of requesters."""

from collections.abc import Iterator

from flexdbg.machine.native import core
from flexdbg.selftest.machine import JsonTest
from flexdbg.selftest.result import Outcome

__all__ = ["check_arbitration"]


def check_arbitration(test: JsonTest) -> Iterator[Outcome]:
    """One outcome for all traces of an arbiter, one for its table of single decisions."""
    arbiter = test["interconnect"]
    last_winner = str(test.get("policy", "")).startswith("last-winner")
    # Ports of the cores' channel; the HCI has eight harts, then external ports and DMA.
    ports = test.get("ports_ch0", 8)
    outcome = Outcome(f"{test['name']} traces")
    for trace in test["traces"]:
        requests = [int(mask, 16) for mask in trace["req"]]
        got = core.arbitrate(arbiter, ports, last_winner, requests)
        wanted = [-1 if winner is None else winner for winner in trace["winner"]]
        outcome.compare_lists(f"winners of {trace['name']}", wanted, got)
    yield outcome
