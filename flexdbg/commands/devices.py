"""Devices of the cluster: info eu, info dma, info icache."""

from typing import Any

from flexdbg.commands.context import Context
from flexdbg.commands.registry import info
from flexdbg.commands.where import hart_label
from flexdbg.render.tables import count, table
from flexdbg.render.text import Line

__all__: list[str] = []

_CATEGORY = "cluster"

# Event lines: pulp-platform/pulp_cluster:rtl/cluster_event_map.sv.
_LINES = {
    8: "dma",
    9: "dma irq",
    10: "timer lo",
    11: "timer hi",
    16: "barrier",
    17: "mutex",
    18: "dispatch",
    22: "cluster 0",
    23: "cluster 1",
    27: "soc fifo",
}


def _events(mask: int) -> str:
    """The lines of an event mask by name, software events as sw N."""
    names = [_LINES.get(n, f"sw {n}" if n < 8 else f"line {n}") for n in range(32) if mask >> n & 1]
    return ", ".join(names) or "-"


def _harts(mask: int) -> str:
    return " ".join(str(n) for n in range(32) if mask >> n & 1) or "-"


@info("eu", "event-unit", category=_CATEGORY)
def info_eu(context: Context, argument: str) -> None:
    """The event unit: what each hart listens to and waits for, barriers, mutexes, dispatched work."""
    cluster = context.session.cluster
    unit = cluster.event_unit()
    rows = []
    for number, hart in enumerate(unit["harts"]):
        waits = cluster.harts[number].wait if hart["wait"] else "-"
        rows.append(
            [
                hart_label(context, number),
                _events(hart["mask"]),
                _events(hart["irq_mask"]),
                _events(hart["buffer"]),
                "on" if hart["clock_on"] else "off",
                waits,
            ]
        )
    context.emit(table(("hart", "listens to", "interrupts", "pending", "clock", "waits for"), rows))
    context.emit([[], *_barriers(unit["barriers"])])
    context.emit([[], *_mutexes(context, unit["mutexes"])])
    dispatch = unit["dispatch"]
    unread = [(v, m) for v, m in zip(dispatch["values"], dispatch["unread"], strict=True) if m]
    context.say(
        f"dispatch  team: harts {_harts(dispatch['team'])}; asking: harts {_harts(dispatch['waiting'])}"
    )
    for value, harts in unread:
        context.say(f"  0x{value:08x}  not yet read by harts {_harts(harts)}")


def _barriers(barriers: list[dict[str, Any]]) -> list[Line]:
    rows = [
        [str(n), _harts(b["trigger_mask"]), _harts(b["status"]), _harts(b["target_mask"])]
        for n, b in enumerate(barriers)
        if b["trigger_mask"] or b["status"]
    ]
    if not rows:
        return [[("", "barriers: none is set up")]]
    return table(("barrier", "harts it waits for", "arrived", "harts it wakes"), rows)


def _mutexes(context: Context, mutexes: list[dict[str, Any]]) -> list[Line]:
    rows = [
        [
            str(n),
            hart_label(context, m["owner"]) if m["owner"] >= 0 else "somebody",
            _harts(m["waiting"]),
            f"0x{m['message']:08x}",
        ]
        for n, m in enumerate(mutexes)
        if m["locked"]
    ]
    if not rows:
        return [[("", "mutexes: none is locked")]]
    return table(("mutex", "owner", "harts waiting", "message"), rows)


@info("dma", category=_CATEGORY)
def info_dma(context: Context, argument: str) -> None:
    """The DMA: transfers under way and queued, and what it has moved."""
    dma = context.session.cluster.dma()
    rows = [
        [
            str(t["id"]),
            _port(context, t["port"]),
            "running" if t["busy"] else "done, id not freed",
            count(t["bytes_done"]),
            count(t["bytes_total"]),
        ]
        for t in dma["ids"]
    ]
    if rows:
        context.emit(table(("id", "port", "state", "bytes done", "of"), rows, right="r--rr"))
    else:
        context.say("no transfer id is allocated")
    commands = [("waiting at its port", c) for c in dma["at_ports"]]
    for name in ("read", "write"):
        stream = dma[name]
        if stream["running"]:
            state = f"{count(stream['bytes_split'])} bytes issued, {stream['bursts_outstanding']} bursts out"
            commands.append((state, stream["command"]))
        commands += [("queued", c) for c in stream["queue"]]
    if commands:
        context.emit([[], *table(("command", "from", "to", "bytes", "shape", "state"), _commands(commands))])
    context.say(
        f"{count(dma['bytes_moved'])} bytes moved, {count(dma['words_refused'])} words refused by a bank"
    )


def _commands(commands: list[tuple[str, dict[str, Any]]]) -> list[list[str]]:
    rows = []
    for state, c in commands:
        inside, outside = f"TCDM 0x{c['tcdm']:08x}", f"0x{c['ext']:08x}"
        source, target = (outside, inside) if c["to_tcdm"] else (inside, outside)
        shape = [
            f"{side} lines of {c[f'{key}_count']} every {c[f'{key}_stride']}"
            for side, key in (("outside", "ext"), ("TCDM", "tcdm"))
            if c[f"{key}_count"]
        ]
        rows.append([f"id {c['id']}", source, target, count(c["length"]), "; ".join(shape) or "1D", state])
    return rows


def _port(context: Context, port: int) -> str:
    harts = context.session.cluster.config.harts
    return f"hart {port}" if port < harts else "cluster" if port == harts else "fc"


@info("icache", category=_CATEGORY)
def info_icache(context: Context, argument: str) -> None:
    """Fetches the instruction caches looked up; loops that stay resident are not counted fetch by fetch."""
    cache = context.session.cluster.icache_counters()
    context.say(f"instruction caches {'enabled' if cache['enabled'] else 'bypassed'}")
    private = [
        [hart_label(context, n), *(count(c[k]) for k in ("transactions", "hits", "misses", "congestion"))]
        for n, c in enumerate(cache["private"])
    ]
    head = ("private", "fetches", "hits", "misses", "cycles lost to others")
    context.emit(table(head, private, right="-rrrr"))
    shared = [
        [f"bank {n}", *(count(c[k]) for k in ("transactions", "hits", "misses"))]
        for n, c in enumerate(cache["shared"])
    ]
    context.emit([[], *table(("shared", "lines asked for", "hits", "misses"), shared, right="-rrr")])
