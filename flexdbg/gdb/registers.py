"""Registers as GDB numbers them, made from the ISA tables, and how each is read and written.

Numbers below 4194 are those of GDB's RISC-V port (binutils-gdb:gdb/riscv-tdep.h): x registers, pc, CSR n at
65 + n, the privilege level. Our own follow from 4300 on, in the order of the tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flexdbg.gdb.replies import PacketError
from flexdbg.isa import ABI_NAMES, CSR_BASE, NN_REGISTERS, PC, Csr, isa_model
from flexdbg.machine import registers as machine
from flexdbg.machine.cluster import Cluster

__all__ = ["GENERAL", "GENERIC_ROLES", "Register", "RegisterTable", "register_table"]

GENERAL = 33  # x0..x31 and pc: what `g` carries
# What LLDB calls the roles of registers.
GENERIC_ROLES = {"ra": "ra", "sp": "sp", "fp": "fp", "pc": "pc", **{f"a{n}": f"arg{n + 1}" for n in range(8)}}
_CSR, _PRIVILEGE, _OWN = 65, 4161, 4300

_FEATURE = "org.gnu.gdb.riscv."
_OWN_FEATURE = "org.flexdbg."

# Groups of isa/tables/csrs.toml that the privileged specification defines, so that GDB knows their names.
_STANDARD_GROUPS = ("machine", "protection", "debug")
_POINTERS = {"ra": "code_ptr", "sp": "data_ptr", "gp": "data_ptr", "tp": "data_ptr", "fp": "data_ptr"}

Reader = Callable[[Cluster, int], int]


@dataclass(frozen=True, slots=True)
class Register:
    """One register of the target description; `machine` is its number in the engine, None if it is a
    count."""

    number: int
    name: str
    feature: str
    group: str
    type: str
    bits: int
    save: bool
    machine: int | None
    csr: Csr | None = None
    read: Reader | None = None  # of a count

    @property
    def size(self) -> int:
        return self.bits // 8

    @property
    def on_cluster_only(self) -> bool:
        """Whether the fabric controller, an RI5CY, lacks it."""
        if self.csr is not None:
            return "ri5cy" not in self.csr.cores
        return self.group in ("nnrf", "mlc", "mpc")


class RegisterTable:
    """The registers of one machine by GDB number and by name."""

    def __init__(self, core: str, causes: tuple[str, ...], counters: tuple[str, ...]) -> None:
        self.registers = (*_general(), *_control(core), *_nn(core), *_own(core), *_counts(causes, counters))
        self.by_number = {register.number: register for register in self.registers}

    def find(self, number: int) -> Register:
        register = self.by_number.get(number)
        if register is None:
            what = f"CSR 0x{number - _CSR:03x}" if _CSR <= number < _CSR + 4096 else f"register {number}"
            raise PacketError(14, f"this core has no {what}")
        return register

    def read(self, cluster: Cluster, hart: int, number: int) -> int | None:
        """The value, None where the register is unavailable at this hart."""
        register = self.find(number)
        if register.read is not None:
            return register.read(cluster, hart)
        if register.on_cluster_only and hart >= cluster.config.harts:
            return None
        assert register.machine is not None
        return cluster.read_register(hart, register.machine)

    def write(self, cluster: Cluster, hart: int, number: int, value: int) -> None:
        register = self.find(number)
        if register.machine is None:
            raise PacketError(1, f"{register.name} counts what happened; it cannot be written")
        if register.csr is not None and register.csr.access.endswith("RO"):
            raise PacketError(1, f"{register.name} is read-only")
        if register.on_cluster_only and hart >= cluster.config.harts:
            raise PacketError(1, f"the fabric controller has no {register.name}")
        cluster.write_register(hart, register.machine, value)


@cache
def register_table(core: str, causes: tuple[str, ...], counters: tuple[str, ...]) -> RegisterTable:
    return RegisterTable(core, causes, counters)


def _general() -> list[Register]:
    feature = _FEATURE + "cpu"
    rows = [
        Register(n, name, feature, "general", _POINTERS.get(name, "int"), 32, True, n)
        for n, name in enumerate("fp" if name == "s0" else name for name in ABI_NAMES)
    ]
    return [*rows, Register(32, "pc", feature, "general", "code_ptr", 32, True, PC)]


def _control(core: str) -> list[Register]:
    """The standard CSRs, and `priv`."""
    rows = [
        _csr_row(csr, _CSR + csr.address, _FEATURE + "csr", "csr")
        for csr in machine.csrs_of(core)
        if csr.group in _STANDARD_GROUPS or csr.name == "mhartid"
    ]
    level = isa_model().csr_by_name["privlv"]
    # GDB prints INVALID for levels other than 0 to 3; this core runs in machine mode only.
    privilege = Register(
        _PRIVILEGE, "priv", _FEATURE + "virtual", "csr", "int", 32, False, CSR_BASE + level.address, level
    )
    return [*rows, privilege]


def _nn(core: str) -> list[Register]:
    if core not in ("xpulpnn", "flexv"):
        return []
    return [
        Register(_OWN + n, name, _OWN_FEATURE + "nnrf", "nnrf", "nn_lanes", 32, False, number)
        for n, (name, number) in enumerate(NN_REGISTERS.items())
    ]


_GROUP_OF_CSR = {
    **dict.fromkeys(machine.GROUPS["mlc"], "mlc"),
    **dict.fromkeys(machine.GROUPS["mpc"], "mpc"),
    **dict.fromkeys(machine.GROUPS["hwloop"], "hwloop"),
}


def _own(core: str) -> list[Register]:
    """CSRs of PULP and Flex-V, and the hidden counters beside them."""
    rows: list[Register] = []
    number = _OWN + 100
    hidden = {"mix_skip_count": "mpc", "a_count": "mlc", "w_count": "mlc"}
    for csr in machine.csrs_of(core):
        if csr.group in _STANDARD_GROUPS or csr.group == "float" or csr.name == "mhartid":
            continue
        group = _GROUP_OF_CSR.get(csr.name, "pulp")
        rows.append(_csr_row(csr, _CSR + csr.address, _OWN_FEATURE + group, group))
    if core in ("mpic", "flexv"):
        for name, group in hidden.items():
            if core == "mpic" and group == "mlc":
                continue
            rows.append(
                Register(
                    number, name, _OWN_FEATURE + group, group, "uint32", 32, False, machine.number_of(name)
                )
            )
            number += 1
    return sorted(rows, key=lambda row: (row.feature, row.number))


def _csr_row(csr: Csr, number: int, feature: str, group: str) -> Register:
    if csr.name == "simd_fmt":
        kind = "simd_format"
    elif csr.name in ("a_addr", "w_addr", "mepc", "dpc") or csr.name.startswith(("lpstart", "lpend")):
        kind = "data_ptr" if csr.name.endswith("addr") else "code_ptr"
    elif csr.name.endswith(("stride", "rollback")):
        kind = "int32"
    elif csr.fields and not (len(csr.fields) == 1 and csr.fields[0].low == 0 and csr.fields[0].high > 0):
        kind = f"{csr.name}_flags"
    else:
        kind = "uint32"
    return Register(number, csr.name, feature, group, kind, 32, False, CSR_BASE + csr.address, csr)


def _counts(causes: tuple[str, ...], counters: tuple[str, ...]) -> list[Register]:
    """The cycle, what the hart's cycles went to, and what it did; 64 bits, read-only."""

    def cause(name: str) -> Reader:
        return lambda cluster, hart: cluster.ledger(hart)[name]

    def counter(name: str) -> Reader:
        return lambda cluster, hart: cluster.counters(hart)[name]

    named: list[tuple[str, Reader]] = [("cycle", lambda cluster, hart: cluster.cycle)]
    named += [(f"ledger_{name}", cause(name)) for name in causes]
    named += [(f"count_{name}", counter(name)) for name in counters]
    return [
        Register(
            _OWN + 200 + n, name, _OWN_FEATURE + "ledger", "ledger", "uint64", 64, False, None, None, read
        )
        for n, (name, read) in enumerate(named)
    ]
