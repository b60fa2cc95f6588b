"""The instruction set as data, and the tools that follow from it.

Importing this package is cheap: names are resolved, and tables read, on first use.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # importing typing would cost more than the rest

if TYPE_CHECKING:
    from .anatomy import Anatomy, Piece, Role, dissect
    from .assembler import AssemblyError, Encoded, assemble, assemble_one
    from .disassembler import Disassembly, decode_word, disassemble, disassemble_bytes, explain
    from .dot_products import DotProduct, Refill, dot_product
    from .machine_state import Memory, State, Trap
    from .manual import ManualPage, extensions, listing, mnemonics, near, page, search
    from .model import CORES, Alias, Csr, CsrField, Format, Instruction, Isa, IsaError, Operand
    from .model_cache import isa_model
    from .pseudocode import Step, execute, step
    from .registers import (
        ABI_NAMES,
        CSR_BASE,
        HIDDEN,
        NN_REGISTERS,
        PC,
        REGISTER_IDS,
        REGISTER_NUMBERS,
        abi_name,
    )
    from .trial import Access, Change, Lane, Lanes, Trial, try_instruction

__all__ = [
    "ABI_NAMES",
    "CORES",
    "CSR_BASE",
    "HIDDEN",
    "NN_REGISTERS",
    "PC",
    "REGISTER_IDS",
    "REGISTER_NUMBERS",
    "Access",
    "Alias",
    "Anatomy",
    "AssemblyError",
    "Change",
    "Csr",
    "CsrField",
    "Disassembly",
    "DotProduct",
    "Encoded",
    "Format",
    "Instruction",
    "Isa",
    "IsaError",
    "Lane",
    "Lanes",
    "ManualPage",
    "Memory",
    "Operand",
    "Piece",
    "Refill",
    "Role",
    "State",
    "Step",
    "Trap",
    "Trial",
    "abi_name",
    "assemble",
    "assemble_one",
    "decode_word",
    "digest",
    "disassemble",
    "disassemble_bytes",
    "dissect",
    "dot_product",
    "execute",
    "explain",
    "extensions",
    "isa_model",
    "listing",
    "mnemonics",
    "near",
    "page",
    "search",
    "step",
    "try_instruction",
]

_MODULES = {
    "anatomy": "Anatomy Piece Role dissect",
    "assembler": "AssemblyError Encoded assemble assemble_one",
    "disassembler": "Disassembly decode_word disassemble disassemble_bytes explain",
    "dot_products": "DotProduct Refill dot_product",
    "machine_state": "Memory State Trap",
    "manual": "ManualPage extensions listing mnemonics near page search",
    "model": "CORES Alias Csr CsrField Format Instruction Isa IsaError Operand",
    "model_cache": "isa_model",
    "pseudocode": "Step execute step",
    "registers": "ABI_NAMES CSR_BASE HIDDEN NN_REGISTERS PC REGISTER_IDS REGISTER_NUMBERS abi_name",
    "trial": "Access Change Lane Lanes Trial try_instruction",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}


def digest() -> str:
    """SHA-256 of the tables, the same as ISA_DIGEST of a core that was built from them."""
    from .parse import digest as of_tables

    return of_tables()


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
