"""ClusterConfig: every parameter of the machine, with its range, meaning and the source of its default.

The names equal those of `flexdbg/core/config.hpp`, the TOML keys, `--set KEY=VALUE` and the rows of
docs/configuration.md. Latencies are cycles of the one cluster clock.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from flexdbg.errors import ConfigError, did_you_mean
from flexdbg.machine.limits import Allowed, Choice, Flag, PowerOfTwo, Range

__all__ = ["PRESETS", "ClusterConfig", "Parameter", "load_config", "parameters", "parse_setting"]

PRESETS = ("flexv", "gvsoc", "rtl", "gap8")

T = TypeVar("T")


def _p(default: T, allowed: Allowed, meaning: str, source: str = "") -> T:
    """A parameter as a dataclass field: default, range, meaning, and the source of the default."""
    found: T = field(default=default, metadata={"allowed": allowed, "meaning": meaning, "source": source})
    return found


_LATENCY = Range(1, 1000)
_CLUSTER_WINDOW = 0x40_0000  # TCDM, its test-and-set alias, peripherals
# What the memories must not lie on: (what, first address, bytes).
_FIXED_PLACES = (
    ("the alias of the cluster", 0, _CLUSTER_WINDOW),
    ("the SoC peripherals", 0x1A10_0000, 0x1_0000),
)


@dataclass(frozen=True, slots=True)
class ClusterConfig:
    """The machine's parameters; `ClusterConfig()` is the `flexv` preset."""

    # cluster
    harts: int = _p(8, Range(1, 16), "harts of the cluster", "paper, section II")
    fc: int = _p(1, Range(0, 1), "1: a fabric controller boots the cluster and exits the program")
    core: str = _p(
        "flexv", Choice("flexv", "mpic", "xpulpnn", "ri5cy"), "instruction set of the cluster's harts"
    )
    quirks: str = _p(
        "architectural",
        Choice("architectural", "rtl"),
        "architectural: clean sequential meaning, with a warning where the real core differs; rtl: bit-exact",
    )
    boot: str = _p(
        "fc",
        Choice("fc", "cluster", "direct"),
        "who starts at the entry: the FC; all cluster harts; all harts with the trap vector below the entry",
        "pulp-runtime, chips pulp and pulp_cluster",
    )
    clock_mhz: float = _p(
        250.0, Range(1, 10_000, real=True), "cluster clock, for times and energy only", "paper, table II"
    )

    # TCDM
    tcdm_base: int = _p(
        0x1000_0000,
        Range(_CLUSTER_WINDOW, 0xFFC0_0000, step=_CLUSTER_WINDOW, hexadecimal=True),
        "first address of the TCDM, and of the 4 MiB window of the cluster",
    )
    tcdm_size: int = _p(128 * 1024, PowerOfTwo(1024, 1024 * 1024), "bytes of TCDM", "paper")
    tcdm_banks: int = _p(16, PowerOfTwo(1, 64), "word-interleaved banks", "paper")
    tcdm_wrap: bool = _p(
        True, Flag(), "addresses beyond the TCDM size wrap inside its 1 MiB window", "XBAR_TCDM.sv"
    )
    tcdm_tas: bool = _p(True, Flag(), "test-and-set alias at +1 MiB", "TestAndSet.sv")
    tas_extra_bank_cycles: int = _p(
        1, Range(0, 16), "cycles a test-and-set keeps its bank longer", "TestAndSet.sv"
    )
    tcdm_arbiter: str = _p(
        "hci",
        Choice("hci", "classic", "classic12", "round_robin"),
        "bank arbiter: the tree of hci_log_interconnect, the older crossbars, or a plain round robin",
        "measured on the RTL interconnects",
    )

    # L2 and peripherals
    l2_base: int = _p(0x1C00_0000, Range(0, 0xFFFF_FFFC, step=4, hexadecimal=True), "first address of the L2")
    l2_size: int = _p(
        0x19_0000, Range(0x1000, 0x1000_0000, step=4, hexadecimal=True), "bytes of L2", "GVSoC soc.json"
    )
    l2_latency_load: int = _p(15, _LATENCY, "load from L2 by a cluster hart", "GVSoC pulp-open")
    l2_latency_store: int = _p(15, _LATENCY, "store to L2 by a cluster hart (not posted)", "GVSoC pulp-open")
    soc_periph_latency: int = _p(23, _LATENCY, "SoC peripheral (stdout, exit, FC timer)", "GVSoC pulp-open")
    cluster_periph_latency: int = _p(
        4, _LATENCY, "peripheral behind the cluster's crossbar", "pulp_cluster RTL"
    )
    demux_latency: int = _p(1, _LATENCY, "private view of event unit and DMA", "event_unit_flex RTL")
    fc_l2_latency: int = _p(1, _LATENCY, "load from L2 by the FC", "GVSoC pulp-open")
    fc_fetch_latency: int = _p(1, _LATENCY, "instruction fetch of the FC", "estimate")
    fc_tcdm_latency: int = _p(15, _LATENCY, "TCDM access by the FC", "GVSoC pulp-open")

    # instruction fetch
    fetch: str = _p(
        "icache",
        Choice("ideal", "icache", "port"),
        "ideal: one word a cycle; icache: the two-level cache; port: a scripted port (conformance programs)",
    )
    icache_enabled_at_reset: bool = _p(False, Flag(), "caches on without the program's doing", "hier-icache")
    icache_prefetch: bool = _p(False, Flag(), "next-line prefetch at reset", "hier-icache")
    icache_private_size: int = _p(
        512, PowerOfTwo(64, 65536), "bytes of a hart's private cache", "PulpClusterDefaultCfg"
    )
    icache_private_ways: int = _p(4, PowerOfTwo(1, 16), "ways of the private cache", "PulpClusterDefaultCfg")
    icache_shared_size: int = _p(
        4096, PowerOfTwo(256, 1024 * 1024), "bytes of the shared cache", "hier-icache"
    )
    icache_shared_banks: int = _p(2, PowerOfTwo(1, 16), "banks of the shared cache", "hier-icache")
    icache_shared_ways: int = _p(4, PowerOfTwo(1, 16), "ways of the shared cache", "hier-icache")
    icache_line: int = _p(16, Choice(16), "bytes of a cache line", "hier-icache")
    icache_l2_first_beat: int = _p(
        15, _LATENCY, "refill: address handshake to the first 64-bit beat", "GVSoC"
    )

    # event unit
    eu_barriers: int = _p(8, Range(1, 16), "barriers", "event_unit_flex")
    eu_mutexes: int = _p(8, Range(1, 8), "mutexes", "GVSoC pulp-open")
    eu_sw_events: int = _p(8, Range(1, 8), "software events", "event_unit_flex")
    eu_dispatch_depth: int = _p(8, Range(1, 64), "entries of the dispatch queue", "event_unit_flex")
    eu_barrier_to_grant: int = _p(
        2, _LATENCY, "last arrival at a barrier to the grant of all", "measured on RTL"
    )
    eu_event_to_grant: int = _p(1, _LATENCY, "event line to the grant of a sleeping p.elw", "measured on RTL")
    elw_grant_to_next_ex: int = _p(
        4, _LATENCY, "grant of a p.elw to EX of the next instruction", "measured on RTL"
    )

    # DMA
    dma_ids: int = _p(16, Range(1, 16), "transfer identifiers", "mchan")
    dma_port_queue: int = _p(2, Range(1, 64), "commands queued per port", "mchan")
    dma_global_queue: int = _p(16, Range(1, 256), "commands queued in all", "mchan")
    dma_2d_queue: int = _p(4, Range(1, 64), "queued 2D descriptors", "mchan")
    dma_bytes_per_cycle: int = _p(8, PowerOfTwo(1, 64), "bytes a cycle in each direction", "mchan")
    dma_burst: int = _p(256, PowerOfTwo(8, 4096), "bytes of a burst, split at this alignment", "mchan")
    dma_outstanding: int = _p(8, Range(1, 64), "bursts under way per direction", "pulp_cluster")
    dma_startup: int = _p(20, _LATENCY, "last command word to the first data", "GVSoC 17, RTL about 25")

    # accesses that nothing answers
    unmapped_rtl: bool = _p(
        False, Flag(), "read 0xbadacce5 where nothing answers, instead of stopping", "pulp RTL"
    )
    stop_on_illegal: bool = _p(True, Flag(), "stop at an illegal instruction before the trap is taken")

    # the record of a run
    history_mb: int = _p(
        512, Range(0, 65536), "MiB that the record may take; where it is full, the oldest part thins out"
    )

    def __post_init__(self) -> None:
        for parameter in parameters():
            parameter.check(getattr(self, parameter.name))
        if self.tcdm_banks * 4 > self.tcdm_size:
            raise ConfigError(
                f"tcdm_banks = {self.tcdm_banks}: tcdm_size = {self.tcdm_size} holds at most "
                f"{self.tcdm_size // 4} word-wide banks"
            )
        for level in ("private", "shared"):
            size, ways = getattr(self, f"icache_{level}_size"), getattr(self, f"icache_{level}_ways")
            banks = self.icache_shared_banks if level == "shared" else 1
            if size < ways * banks * self.icache_line:
                raise ConfigError(
                    f"icache_{level}_size = {size}: {ways} ways of {self.icache_line}-byte lines"
                    f"{f' in {banks} banks' if banks > 1 else ''} need {ways * banks * self.icache_line}"
                )
        if self.boot == "fc" and not self.fc:
            raise ConfigError("boot = fc: needs fc = 1; without an FC use boot = cluster")
        self._check_places()

    def _check_places(self) -> None:
        cluster = ("the cluster's window of 4 MiB", self.tcdm_base, _CLUSTER_WINDOW)
        for key, base, size, others in (
            ("tcdm_base", self.tcdm_base, _CLUSTER_WINDOW, _FIXED_PLACES),
            ("l2_base", self.l2_base, self.l2_size, (*_FIXED_PLACES, cluster)),
        ):
            if base + size > 1 << 32:
                raise ConfigError(f"{key} = 0x{base:x}: {size} bytes from there end beyond 32-bit addresses")
            for what, first, length in others:
                if base < first + length and first < base + size:
                    raise ConfigError(
                        f"{key} = 0x{base:x}: the {size} bytes from there overlap {what} at 0x{first:x}"
                    )

    def changed(self, settings: Mapping[str, object]) -> "ClusterConfig":
        """This configuration with some keys changed; all of them are checked."""
        for key in settings:
            _parameter(key)
        return replace(self, **settings)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, Any]:
        """All keys and values, in the order of the documentation."""
        return {parameter.name: getattr(self, parameter.name) for parameter in parameters()}

    def to_toml(self) -> str:
        """The configuration as a commented TOML file that `--config` reads back."""
        lines = []
        for parameter in parameters():
            lines.append(f"# {parameter.meaning} ({parameter.allowed})")
            lines.append(f"{parameter.name} = {parameter.allowed.toml(getattr(self, parameter.name))}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the configuration's documentation."""

    name: str
    default: object
    allowed: Allowed
    meaning: str
    source: str

    def check(self, value: object) -> None:
        if not self.allowed.accepts(value):
            shown = self.allowed.toml(value) if isinstance(value, int | float | str) else repr(value)
            raise ConfigError(f"{self.name} = {shown}: allowed is {self.allowed}")


_PARAMETERS: dict[str, Parameter] = {}


def parameters() -> Iterable[Parameter]:
    """All parameters in order."""
    if not _PARAMETERS:
        for item in fields(ClusterConfig):
            assert item.default is not MISSING
            meta = item.metadata
            _PARAMETERS[item.name] = Parameter(
                item.name, item.default, meta["allowed"], meta["meaning"], meta["source"]
            )
    return _PARAMETERS.values()


def _parameter(key: str) -> Parameter:
    parameters()
    found = _PARAMETERS.get(key)
    if found is None:
        hint = did_you_mean(key, _PARAMETERS) or "; `flexdbg config` lists all keys"
        raise ConfigError(f"unknown configuration key {key!r}{hint}")
    return found


def parse_setting(text: str) -> tuple[str, object]:
    """`key=value` from the command line, checked."""
    key, equals, value = text.partition("=")
    key = key.strip().replace("-", "_")
    if not equals or not key:
        raise ConfigError(f"--set {text!r}: expected KEY=VALUE")
    parameter = _parameter(key)
    parsed = parameter.allowed.parse(value.strip())
    if parsed is None:
        raise ConfigError(f"{key} = {value.strip()}: allowed is {parameter.allowed}")
    parameter.check(parsed)
    return key, parsed


def load_config(name_or_path: str | None = None, settings: Iterable[str] = ()) -> ClusterConfig:
    """A preset name or a TOML file, then `key=value` settings on top of it."""
    config = ClusterConfig()
    if name_or_path is not None:
        config = config.changed(_read(name_or_path))
    return config.changed(dict(parse_setting(text) for text in settings))


def _read(name_or_path: str) -> dict[str, object]:
    path = Path(name_or_path)
    if name_or_path in PRESETS:
        path = Path(__file__).parent / "presets" / f"{name_or_path}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte
        reason = getattr(error, "strerror", None) or error
        presets = did_you_mean(name_or_path, PRESETS) or f"; presets are {', '.join(PRESETS)}"
        raise ConfigError(f"cannot read configuration {name_or_path!r}: {reason}{presets}") from error
    base = table.pop("preset", None)
    if base is not None and base not in PRESETS:
        raise ConfigError(f"{path}: preset = {base!r}: allowed is one of {', '.join(PRESETS)}")
    settings = _read(base) if base is not None and base != name_or_path else {}
    try:
        for key, value in table.items():
            _parameter(key).check(value)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return settings | table
