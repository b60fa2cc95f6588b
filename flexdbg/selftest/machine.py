"""The machine of a recording: memories, ports and interrupts as the recording describes them."""

from typing import Any

from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig

__all__ = ["JsonTest", "cluster_for", "load_words", "run_to_halt"]

JsonTest = dict[str, Any]

# The recorded machine (tests/data/conformance/README.md): one-cycle memories, 256 KiB of data.
_DATA_SIZE = 256 * 1024
_SPARE_CYCLES = 10_000

# What the core's harness reads from a test, under the names of the schemas.
_HARNESS_KEYS = ("data_grant", "instr_port", "data_port", "irq", "external_events", "start_delay", "entries")


def cluster_for(test: JsonTest, arbiter: str = "hci", *, exact: bool = False) -> Cluster:
    """A cluster set up and loaded for one test; `exact` steps its fetch units in every cycle."""
    settings: dict[str, object] = {
        "boot": "direct",
        "quirks": "rtl",
        "fc": 0,
        "harts": test.get("cores", 1),
        "fetch": "ideal",
        "l2_latency_load": 1,
        "l2_latency_store": 1,
        "tcdm_size": _DATA_SIZE,
        "tcdm_arbiter": arbiter,
        "stop_on_illegal": False,
        "eu_mutexes": 1,
    }
    port = test.get("instr_port", {})
    if "icache" in port:
        settings |= _icache(port["icache"])
    elif port:
        settings["fetch"] = "port"
    if test.get("data_grant", {}).get("mode") == "tcdm-round-robin":
        settings["tcdm_arbiter"] = "round_robin"
        settings["tcdm_banks"] = test.get("tcdm_banks", 16)
    harness = {key: test[key] for key in _HARNESS_KEYS if key in test}
    harness["exact"] = exact
    cluster = Cluster(ClusterConfig().changed(settings), harness=harness)
    load_words(cluster, test["load"])
    cluster.set_entry(int(test["entry"], 16))
    return cluster


def _icache(cache: JsonTest) -> dict[str, object]:
    return {
        "fetch": "icache",
        "icache_private_size": cache["private_bytes"],
        "icache_private_ways": cache["private_ways"],
        "icache_shared_size": cache["shared_bytes"],
        "icache_shared_banks": cache["shared_banks"],
        "icache_shared_ways": cache["shared_ways"],
        "icache_line": cache["line_bytes"],
        "icache_enabled_at_reset": cache["enabled"],
        "icache_prefetch": cache["prefetch"],
        "icache_l2_first_beat": cache["l2_first_beat"],
    }


def load_words(cluster: Cluster, load: dict[str, list[str]]) -> None:
    for address, words in load.items():
        data = b"".join(int(word, 16).to_bytes(4, "little") for word in words)
        cluster.load(int(address, 16), data)


def run_to_halt(cluster: Cluster, last_cycle: int) -> bool:
    """Run until every hart stands at its final `j .`; False if that does not happen in time."""
    events = cluster.run(last_cycle + _SPARE_CYCLES)
    return any(event.reason == "halted" for event in events)
