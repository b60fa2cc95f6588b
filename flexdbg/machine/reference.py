"""Writes docs/configuration.md: `python -m flexdbg.machine.reference > docs/configuration.md`."""

from flexdbg.machine.config import PRESETS, load_config, parameters

__all__ = ["configuration_page"]

_INTRO = """\
# Configuration

All parameters of the machine. Give single ones with `--set KEY=VALUE`, several in a TOML file with
`--config FILE`; `flexdbg config` prints the effective configuration as such a file. A file may start from a
preset:

    preset = "gvsoc"
    harts = 4
    tcdm_banks = 32

Latencies are cycles of the one cluster clock. Sizes may be written with k or m on the command line
(`tcdm_size=64k`). An unknown key or a value out of range is refused with the allowed range.

This page is made from flexdbg/machine/config.py by `python -m flexdbg.machine.reference`.
"""

_FIXED = """
## What is no key

The pipeline and the TCDM (data one cycle after the grant, one cycle per lost arbitration) follow
recordings of the RTL, rule by rule. So do misses: the caches are modelled request by request, and what a
miss of the private cache or the cycles around a refill cost comes out of that; only the latency of the
L2 behind them is a number. `tcdm_arbiter` includes how cores and DMA take turns. The FC is a core like
the others, with the fetch and data latencies above and no cache.
"""


def configuration_page() -> str:
    """The whole page."""
    lines = [
        _INTRO,
        "| key | default | allowed | meaning | source of the default |",
        "| --- | --- | --- | --- | --- |",
    ]
    for item in parameters():
        default = item.allowed.toml(item.default)
        lines.append(f"| `{item.name}` | {default} | {item.allowed} | {item.meaning} | {item.source} |")
    lines.append(_FIXED)
    lines.append("## Presets\n")
    lines.append("What each preset changes; the files are flexdbg/machine/presets/*.toml.\n")
    base = load_config().as_dict()
    for preset in PRESETS:
        config = load_config(preset).as_dict()
        changes = [
            f"`{item.name}` = {item.allowed.toml(config[item.name])}"
            for item in parameters()
            if config[item.name] != base[item.name]
        ]
        lines.append(f"- `{preset}`: {', '.join(changes) or 'the default'}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(configuration_page(), end="")
