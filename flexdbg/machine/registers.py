"""Names and numbers of a hart's registers, from the ISA tables: x registers, pc, NN registers, CSRs."""

from functools import cache

from flexdbg.errors import MachineError, did_you_mean
from flexdbg.isa import ABI_NAMES, CSR_BASE, NN_REGISTERS, PC, REGISTER_IDS, Csr, Format, isa_model

__all__ = [
    "CSR_BASE",
    "GROUPS",
    "PC",
    "RA",
    "SP",
    "csrs_of",
    "find",
    "format_of",
    "name_of",
    "names",
    "number_of",
]

RA, SP = 1, 2

GROUPS: dict[str, tuple[str, ...]] = {
    "general": (*ABI_NAMES, "pc"),
    "nn": tuple(NN_REGISTERS),
    "mlc": tuple(f"{w}_{part}" for w in "aw" for part in ("addr", "stride", "rollback", "skip", "count")),
    "mpc": ("simd_fmt", "mix_cycle", "mix_skip", "mix_skip_count", "sb_legacy"),
    "hwloop": tuple(f"lp{part}{loop}" for loop in "01" for part in ("start", "end", "count")),
}


@cache
def _numbers() -> dict[str, int]:
    table = {name: CSR_BASE + csr.address for name, csr in isa_model().csr_by_name.items()}
    return table | dict(REGISTER_IDS)


def find(name: str) -> int | None:
    """The register number of a name, None if there is none."""
    return _numbers().get(name.lower())


def number_of(name: str) -> int:
    number = find(name)
    if number is None:
        raise MachineError(f"no register {name!r}{did_you_mean(name, _numbers())}")
    return number


def name_of(number: int) -> str:
    """The first name of a register number."""
    return next((name for name, known in _numbers().items() if known == number), f"register {number}")


def names() -> list[str]:
    """All register names."""
    return sorted(_numbers())


def csrs_of(core: str) -> list[Csr]:
    """The CSRs that a core has, by number."""
    return sorted((csr for csr in isa_model().csrs if core in csr.cores), key=lambda csr: csr.address)


def format_of(code: int) -> Format:
    """The SIMD format of a value of simd_fmt; reserved codes behave like the scalar one."""
    formats = {form.code: form for form in isa_model().formats}
    return formats.get(code, formats[0])
