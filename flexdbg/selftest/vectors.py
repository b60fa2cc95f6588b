"""Single operations, schema flexdbg-vectors-1: operands in, result and slice counter out."""

from collections.abc import Iterator

from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.selftest.machine import JsonTest
from flexdbg.selftest.result import Outcome

__all__ = ["check_vectors"]

_ENTRY = 0x1C00_8080
_RS1, _RS2, _RD = 5, 6, 7
_STATE = ("sb_legacy", "simd_fmt", "mix_skip")


def check_vectors(document: JsonTest) -> Iterator[Outcome]:
    """One outcome a group; all vectors run on one machine that is set up anew for each."""
    config = ClusterConfig().changed(
        {"boot": "direct", "quirks": "rtl", "fc": 0, "harts": 1, "fetch": "ideal"}
    )
    cluster = Cluster(config, harness={})
    for group in document["groups"]:
        yield _check_group(cluster, group)


def _check_group(cluster: Cluster, group: JsonTest) -> Outcome:
    outcome = Outcome(group["name"])
    columns = group["columns"]
    for index, row in enumerate(group["vectors"]):
        vector = dict(zip(columns, row, strict=True))
        _apply(cluster, group["state"], vector)
        cluster.step(0)
        # The result may reach its register behind the step (the machine is pipelined): one more nop.
        cluster.step(0)
        rd = cluster.read_register(0, _RD)
        outcome.compare(f"{vector['instr']} rd", int(vector["rd_after"], 16), rd, index=index)
        if "mix_cycle_after" in vector:
            got = cluster.read_register(0, "mix_cycle")
            outcome.compare(f"{vector['instr']} mix_cycle", vector["mix_cycle_after"], got, index=index)
    return outcome


def _apply(cluster: Cluster, state: JsonTest, vector: JsonTest) -> None:
    words = (int(vector["instr"], 16), 0x13, 0x6F)  # the operation, nop, `j .`
    cluster.write_memory(_ENTRY, b"".join(word.to_bytes(4, "little") for word in words))
    cluster.write_register(0, _RS1, int(vector["rs1"], 16))
    cluster.write_register(0, _RS2, int(vector["rs2"], 16))
    cluster.write_register(0, _RD, int(vector["rd_before"], 16))
    for name in _STATE:
        cluster.write_register(0, name, state.get(name, 0))
    cluster.write_register(0, "mix_cycle", vector.get("mix_cycle_before", 0))
    cluster.write_register(0, "mix_skip_count", 0)
    cluster.write_register(0, "pc", _ENTRY)
