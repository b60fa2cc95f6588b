"""The C++ core against the pseudo-code: random programs of every core end in the same state."""

from __future__ import annotations

import random
import re

import pytest
from flexdbg.isa import (
    ABI_NAMES,
    CSR_BASE,
    Instruction,
    Memory,
    State,
    assemble,
    disassemble,
    isa_model,
    step,
)
from flexdbg.isa.effects import effects

from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig

CODE, DATA, SIZE = 0x1C008080, 0x10000000, 0x2000
# Jumps, events, CSRs and loops are written by the generator itself; the rest would leave the program.
GENERATED = {"alu", "mul", "dotp", "mulh", "div", "load", "store", "macload"}
# x8 is the pointer and x9 the offset of memory accesses, x5 a constant for CSRs.
POINTER, OFFSET, WORK = 8, 9, range(10, 32)
FORMATS = range(1, 11)
UNDEFINED = {"p_clipr", "p_clipur"}  # for negative bounds
# CSR-driven, these have no defined meaning in most formats.
PERMUTES = re.compile(r"pv\.(pack|shuffle|extract|insert)")


class Generator:
    """Random straight-line programs with short branches, loops and CSR writes."""

    def __init__(self, seed: int, core: str) -> None:
        self.rng = random.Random(seed)
        self.core = core
        self.rows = [
            i
            for i in isa_model().instructions
            if core in i.cores and i.timing in GENERATED and i.assemble and i.id not in UNDEFINED
            if not i.traps and not (i.expand and 2 in i.expand.bindings.values())
            if not (core in ("mpic", "flexv") and PERMUTES.match(i.name))
        ]
        self.lines: list[str] = []

    def word(self, row: Instruction) -> str:
        """A word of the row whose registers are those set aside for it."""
        rng = self.rng
        word = row.match | rng.getrandbits(8 * row.length) & ~row.mask
        memory = row.timing in ("load", "store", "macload")
        for name, item in row.fields.items():
            if name in ("rd", "rs1", "rs2", "rs3", "rd'", "rs1'", "rs2'"):
                number = rng.choice(WORK) if not name.endswith("'") else rng.randrange(10, 16)
                if memory and name.rstrip("'") == "rs1":
                    number = POINTER
                elif row.timing in ("load", "store") and (
                    name == "rs3" or (name == "rs2" and row.timing == "load")
                ):
                    number = OFFSET
                word = word & ~item.mask | item.insert(number - 8 if name.endswith("'") else number)
            elif name == "imm5":
                word = word & ~item.mask | item.insert(rng.randrange(24))
        return f"{'.word' if row.length == 4 else '.half'} {word:#x}"

    def instruction(self) -> None:
        row = self.rng.choice(self.rows)
        if row.timing in ("load", "store", "macload"):
            self.lines.append(f"li s0, {DATA + 4096 + self.rng.randrange(512)}")
            self.lines.append(f"li s1, {self.rng.randrange(-64, 64)}")
        word = self.word(row)
        if row.applies(int(word.split()[1], 16)):
            self.lines.append(word)

    def alu(self) -> str:
        rows = [r for r in self.rows if r.timing == "alu" and r.length == 4]
        return self.word(self.rng.choice(rows))

    def block(self) -> None:
        rng, kind = self.rng, self.rng.random()
        if kind < 0.05:
            branch = rng.choice(["beq", "bne", "blt", "bge", "bltu", "bgeu"])
            a, b = rng.choice(WORK), rng.choice(WORK)
            self.lines += [f"{branch} x{a}, x{b}, 1f", self.alu(), "1: nop"]
        elif kind < 0.08:
            self.lines += [
                f"p.beqimm x{rng.choice(WORK)}, {rng.randrange(-16, 16)}, 1f",
                self.alu(),
                "1: nop",
            ]
        elif kind < 0.12:
            loop = rng.randrange(2)
            self.lines += [
                f"lp.setupi x{loop}, {rng.randrange(6)}, 1f",
                self.alu(),
                self.alu(),
                f"1: {self.alu()}",
            ]
        elif kind < 0.2 and self.core in ("mpic", "flexv"):
            self.mode()
        else:
            self.instruction()

    def mode(self) -> None:
        rng = self.rng
        self.lines.append(f"csrwi sb_legacy, {int(rng.random() < 0.3)}")
        self.lines.append(f"csrwi simd_fmt, {rng.choice(FORMATS)}")
        self.lines.append(f"csrwi mix_skip, {rng.randrange(5)}")
        if self.core == "flexv":
            for operand in "aw":
                self.lines.append(f"li t0, {DATA + 4096 + 4 * rng.randrange(64)}")
                self.lines.append(f"csrw {operand}_addr, t0")
                self.lines.append(f"csrwi {operand}_stride, {4 * rng.randrange(8)}")
                self.lines.append(f"li t0, {-4 * rng.randrange(32)}")
                self.lines.append(f"csrw {operand}_rollback, t0")
                self.lines.append(f"csrwi {operand}_skip, {rng.randrange(4)}")

    def program(self, blocks: int) -> str:
        for number in (*WORK, 5):
            value = self.rng.choice(
                [self.rng.getrandbits(32), self.rng.randrange(-8, 8), 0x80000000, 0x7FFF8000]
            )
            self.lines.append(f"li x{number}, {value}")
        for _ in range(blocks):
            self.block()
        return "\n".join([*self.lines, ".align 2", "nop"])


NAMED = [c for c in isa_model().csrs if c.group in ("flexv", "hardware loop")]


def difference(core: str, seed: int, blocks: int = 250) -> str:
    source = Generator(seed, core).program(blocks)
    code = assemble(source, CODE)
    image = b"".join(e.data for e in code)
    end = code[-1].address
    data = random.Random(seed).randbytes(SIZE)

    cluster = Cluster(
        ClusterConfig().changed({"harts": 1, "fc": 0, "boot": "cluster", "fetch": "ideal", "core": core})
    )
    cluster.load(DATA, data)
    cluster.load(CODE, image)
    cluster.set_entry(CODE)
    cluster.add_breakpoint(end)
    state, memory = State(pc=CODE, x=cluster.registers(0)[:32]), Memory()
    memory.load(DATA, data)
    memory.load(CODE, image)
    (stop,) = cluster.run(200_000)
    if stop.reason != "breakpoint":
        return f"the core stopped: {stop.reason} at {stop.pc:#x}: {stop.message}"
    while state.pc != end:
        step(state, memory, core)

    got = cluster.registers(0)
    wanted = [*state.x, state.pc, *state.nn_w, *state.nn_a, state.skip_count, state.a.count, state.w.count]
    names = [
        *ABI_NAMES,
        "pc",
        *(f"nn_w{n}" for n in range(4)),
        "nn_a0",
        "nn_a1",
        "mix_skip_count",
        "a_count",
        "w_count",
    ]
    wrong = [
        f"{n}: core {g:#x}, pseudo-code {w:#x}" for n, g, w in zip(names, got, wanted, strict=True) if g != w
    ]
    for csr in NAMED:
        if core in csr.cores:
            value = cluster.read_register(0, CSR_BASE + csr.address)
            if value != state.read_csr(csr.address):
                wrong.append(f"{csr.name}: core {value:#x}, pseudo-code {state.read_csr(csr.address):#x}")
    mine = bytes(memory.read(DATA + k, 1) for k in range(SIZE))
    theirs = cluster.read_memory(DATA, SIZE)
    wrong += [f"memory at {DATA + k:#x}" for k in range(SIZE) if mine[k] != theirs[k]][:3]
    return "; ".join(wrong)


@pytest.mark.parametrize("core", ["flexv", "mpic", "xpulpnn", "ri5cy"])
def test_random_programs(core: str) -> None:
    for seed in range(40):
        found = difference(core, seed)
        assert found == "", f"{core}, seed {seed}: {found}"


def test_the_generator_reaches_every_instruction() -> None:
    """All rows it draws from occur in a few programs, so that nothing escapes the comparison for long."""
    generator = Generator(1, "flexv")
    drawn = {r.id for r in generator.rows}
    assert {"p_lw_post", "pv_sdotsp_b", "pv_mlsdotsup_b", "divu", "p_clip", "c_lw", "pv_cplxmul_h_i"} <= drawn
    assert all(effects(r) for r in generator.rows)
    text = generator.program(200).split("\n")
    assert all(disassemble(int(t.split()[1], 16)) for t in text if t.startswith(".word"))
