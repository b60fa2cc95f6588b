"""The target description and the memory map, as XML made from the register table and the configuration."""

from itertools import groupby
from xml.sax.saxutils import quoteattr

from flexdbg.gdb.registers import GENERAL, GENERIC_ROLES, Register, RegisterTable
from flexdbg.isa import Csr, isa_model
from flexdbg.machine.config import ClusterConfig

__all__ = ["memory_map", "memory_regions", "target_description"]

_HEAD = '<?xml version="1.0"?>\n<!DOCTYPE target SYSTEM "gdb-target.dtd">'
_MAP_HEAD = (
    '<?xml version="1.0"?>\n<!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN"'
    ' "http://sourceware.org/gdb/gdb-memory-map.dtd">'
)
_MIB = 1 << 20
# pulp-platform/pulp:rtl/includes/soc_mem_map.svh: the peripherals of the SoC, the console at their end.
_CLUSTER_PERIPHERALS_SIZE = 0x8000
_SOC_PERIPHERALS, _SOC_PERIPHERALS_SIZE = 0x1A10_0000, 0x1_0000
_PRIVATE_CONSOLE, _PRIVATE_CONSOLE_SIZE = 0x4000_0000, 0x1000


def target_description(table: RegisterTable) -> bytes:
    """target.xml. `osabi none`: GDB would otherwise step by planting breakpoints where it thinks the next
    pc is, and it knows no hardware loops."""
    lines = [
        _HEAD,
        '<target version="1.0">',
        "<architecture>riscv:rv32</architecture>",
        "<osabi>none</osabi>",
    ]
    for feature, members in groupby(table.registers, key=lambda register: register.feature):
        rows = list(members)
        lines.append(f'<feature name="{feature}">')
        lines += _types(rows)
        lines += [_register(row) for row in rows]
        lines.append("</feature>")
    return "\n".join([*lines, "</target>", ""]).encode()


def _register(row: Register) -> str:
    more = "" if row.save else ' save-restore="no"'
    if row.number < GENERAL:
        # For LLDB, which looks for the roles here where it does not know the ABI; GDB skips them.
        role = GENERIC_ROLES.get(row.name)
        more += f' dwarf_regnum="{row.number}"' + (f' generic="{role}"' if role else "")
    return (
        f'<reg name="{row.name}" bitsize="{row.bits}" regnum="{row.number}" type="{row.type}"'
        f' group="{row.group}"{more}/>'
    )


def _types(rows: list[Register]) -> list[str]:
    lines: list[str] = []
    for kind in dict.fromkeys(row.type for row in rows):
        if kind == "nn_lanes":
            lines += _lanes()
        elif kind == "simd_format":
            lines.append('<enum id="simd_format" size="4">')
            lines += [f'<evalue name="{form.name}" value="{form.code}"/>' for form in isa_model().formats]
            lines.append("</enum>")
        elif kind.endswith("_flags"):
            csr = next(row.csr for row in rows if row.type == kind)
            assert csr is not None
            lines += _flags(kind, csr)
    return lines


def _flags(kind: str, csr: Csr) -> list[str]:
    lines = [f'<flags id="{kind}" size="4">']
    for part in sorted(csr.fields, key=lambda part: part.low):
        shape = "bool" if part.low == part.high else "uint32"
        lines.append(f'<field name="{part.name}" start="{part.low}" end="{part.high}" type="{shape}"/>')
    return [*lines, "</flags>"]


def _lanes() -> list[str]:
    """One word as lanes of 16, 8, 4 and 2 bits, signed and unsigned."""
    lines: list[str] = []
    members: list[tuple[str, str]] = []
    for bits, letter in ((8, "i"), (8, "u"), (16, "i"), (16, "u")):
        name, element = f"v{32 // bits}{letter}{bits}", f"{'u' if letter == 'u' else ''}int{bits}"
        lines.append(f'<vector id="{name}" type="{element}" count="{32 // bits}"/>')
        members.append((f"{letter}{bits}", name))
    for bits, prefix in ((4, "n"), (2, "c")):
        for letter, element in (("i", "int32"), ("u", "uint32")):
            name = f"{letter}{bits}_lanes"
            lines.append(f'<struct id="{name}" size="4">')
            lines += [
                f'<field name="{prefix}{lane}" start="{lane * bits}" end="{lane * bits + bits - 1}"'
                f' type="{element}"/>'
                for lane in range(32 // bits)
            ]
            lines.append("</struct>")
            members.append((f"{letter}{bits}", name))
    lines.append('<union id="nn_lanes">')
    lines += [f'<field name="{name}" type="{kind}"/>' for name, kind in members]
    return [*lines, '<field name="word" type="uint32"/>', "</union>"]


def memory_regions(config: ClusterConfig) -> list[tuple[int, int, str]]:
    """(start, size, what) of everything that answers, without overlaps."""
    tcdm = _MIB if config.tcdm_wrap else config.tcdm_size
    regions = []
    # A cluster hart sees its cluster a second time at address 0.
    for base, where in ((config.tcdm_base, ""), (0, ", as cluster harts see it at 0")):
        regions.append((base, tcdm, f"TCDM{where}"))
        if config.tcdm_tas:
            regions.append((base + _MIB, tcdm, f"test-and-set alias of the TCDM{where}"))
        regions.append((base + 2 * _MIB, _CLUSTER_PERIPHERALS_SIZE, f"cluster peripherals{where}"))
    regions.append((_SOC_PERIPHERALS, _SOC_PERIPHERALS_SIZE, "SoC peripherals"))
    regions.append((config.l2_base, config.l2_size, "L2"))
    if config.boot != "fc":
        regions.append((_PRIVATE_CONSOLE, _PRIVATE_CONSOLE_SIZE, "console"))
    return sorted(regions)


def memory_map(config: ClusterConfig) -> bytes:
    """GDB refuses accesses outside these regions by itself. All of it is RAM to the debugger: the machine
    has no ROM."""
    lines = [_MAP_HEAD, "<memory-map>"]
    for start, size, _ in memory_regions(config):
        lines.append(f'<memory type="ram" start={quoteattr(hex(start))} length={quoteattr(hex(size))}/>')
    return "\n".join([*lines, "</memory-map>", ""]).encode()
