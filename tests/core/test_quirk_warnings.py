"""Accidents of the real core: clean results and a warning by default, the real result with quirks = rtl."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from flexdbg.machine.cluster import Cluster

from .rig import TCDM, Assembled


class Accident(NamedTuple):
    """A program, whose instruction at `here` (or behind it) is named, and what it leaves in a register."""

    kind: str
    code: str
    register: str
    clean: int
    real: int
    says: str


FORMATS = {"h": 1, "b": 2, "n": 3, "c": 4, "a16w8": 5, "a8w4": 8}


def csr_driven(simd_fmt: int, code: str) -> str:
    return f"csrwi simd_fmt, {simd_fmt}\ncsrwi sb_legacy, 0\nnop\n{code}\n"


ACCIDENTS = {
    "rd of a Mac&Load read by the next instruction": Accident(
        "macload-result-read",
        csr_driven(2, "li a0, 7\nnop\npv.mlsdotsp.v a0, x0, 0\nhere:\nadd a1, a0, x0"),
        "a1",
        7 + 4,
        7,
        "old value",
    ),
    "rs1 of a Mac&Load that loads": Accident(
        "macload-pointer",
        csr_driven(
            2, f"li a2, {TCDM}\ncsrw a_addr, a2\nli a3, 99\nmv a4, a3\nhere:\npv.mlsdotsp.v x0, a2, 8\nnop"
        ),
        "a2",
        TCDM,
        99,
        "destroys rs1",
    ),
    "a read of an address CSR": Accident(
        "mlc-counter-reset",
        csr_driven(
            2,
            f"li a2, {TCDM}\ncsrw a_addr, a2\ncsrwi a_stride, 4\ncsrwi a_skip, 3\ncsrwi a_rollback, 0\n"
            "pv.mlsdotsp.v x0, x0, 8\nnop\nhere:\ncsrr a3, a_addr\nnop",
        ),
        "a_count",
        1,
        0,
        "update counter",
    ),
    "a dot product that waits for a load": Accident(
        "mpc-stalled-dotp",
        csr_driven(
            FORMATS["a8w4"],
            f"csrwi mix_skip, 4\nnop\nli s3, {TCDM}\nlw a0, 0(s3)\nhere:\npv.sdotsp.v a2, a0, a1\nnop",
        ),
        "mix_skip_count",
        1,
        2,
        "counts this dot product twice",
    ),
    "a dot product behind a write to its control CSR": Accident(
        "mpc-csr-hazard",
        csr_driven(FORMATS["a8w4"], "csrwi mix_skip, 4\nhere:\npv.sdotsp.v a2, a0, a1\nnop"),
        "mix_cycle",
        0,
        1,
        "old slice state",
    ),
    "sra on nibbles fills with the sign of the word": Accident(
        "simd-format",
        csr_driven(3, "li a0, 0x80000004\nli a1, 0x11111111\nhere:\npv.sra.v a2, a0, a1"),
        "a2",
        0xC0000002,
        0xC8888888 | 0x2,
        "computes something else",
    ),
    "compare of nibbles": Accident(
        "simd-format",
        csr_driven(3, "li a0, 0x12345678\nli a1, 0x12345670\nhere:\npv.cmpeq.v a2, a0, a1"),
        "a2",
        0xFFFFFFF0,
        0x33333330,
        "computes something else",
    ),
    "carry between crumbs": Accident(
        "simd-format",
        csr_driven(4, "li a0, 0x03000000\nli a1, 0x01000000\nhere:\npv.add.v a2, a0, a1"),
        "a2",
        0,
        0x04000000,
        "computes something else",
    ),
    "lanes of no width": Accident(
        "simd-format",
        csr_driven(FORMATS["a8w4"], "li a0, 0x0000ffff\nli a1, 1\nhere:\npv.add.v a2, a0, a1"),
        "a2",
        0x10000,
        0x10000,
        "one 32-bit lane",
    ),
    "lanes that cannot be moved": Accident(
        "simd-format",
        csr_driven(3, "li a0, 0x12345678\nhere:\npv.extractu.h a2, a0, 1"),
        "a2",
        0x7878,
        0x7878,
        "result is undefined",
    ),
    "a bound that overflows": Accident(
        "clip-bound",
        "li a0, 0x7ffffff0\nli a1, 0x7fffffff\nhere:\np.clipr a2, a0, a1\n",
        "a2",
        0x7FFFFFF0,
        0x80000000,
        "overflows",
    ),
}


def run(code: str, **settings: object) -> tuple[Assembled, Cluster]:
    program = Assembled(code + "\nnop\nforever:\nj forever\n")
    cluster = program.on(**settings)
    cluster.write_register(0, "nn_w0", 0x01010101)
    cluster.write_register(0, "nn_a0", 0x01010101)
    cluster.run(600)
    return program, cluster


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("accident", ACCIDENTS.values(), ids=ACCIDENTS)
def test_an_accident_is_reported_and_does_not_happen(accident: Accident, fetch: str) -> None:
    program, cluster = run(accident.code, fetch=fetch)
    assert cluster.read_register(0, accident.register) == accident.clean
    (warning,) = cluster.take_warnings()
    assert (warning["kind"], warning["hart"], warning["pc"]) == (accident.kind, 0, program["here"])
    assert accident.says in warning["message"]


@pytest.mark.parametrize("accident", ACCIDENTS.values(), ids=ACCIDENTS)
def test_an_accident_happens_with_the_quirks_of_the_rtl(accident: Accident) -> None:
    _, cluster = run(accident.code, quirks="rtl")
    assert cluster.read_register(0, accident.register) == accident.real
    assert cluster.take_warnings() == []


# The nearest neighbours of the accidents, which the real core gets right.
SOUND = {
    "Mac&Load result read one later": csr_driven(2, "pv.mlsdotsp.v a0, x0, 0\nnop\nadd a1, a0, x0"),
    "Mac&Load that only accumulates": csr_driven(2, "li a2, 5\npv.mlsdotsp.v a0, a2, 0\nnop"),
    "address CSR without updates": csr_driven(2, "csrr a3, a_addr"),
    "dot product two behind its load": csr_driven(
        8, f"li s3, {TCDM}\ncsrwi mix_skip, 4\nlw a0, 0(s3)\nnop\npv.sdotsp.v a2, a0, a1"
    ),
    "dot product two behind its CSR": csr_driven(8, "csrwi mix_skip, 1\nnop\npv.sdotsp.v a2, a0, a1"),
    "sra on positive nibbles": csr_driven(3, "li a0, 0x12345670\nli a1, 0x11111111\npv.sra.v a2, a0, a1"),
    "add of nibbles": csr_driven(3, "li a0, 0xffffffff\nli a1, 0x11111111\npv.add.v a2, a0, a1"),
    "compare of equal nibbles": csr_driven(3, "li a0, 0x11111111\nmv a1, a0\npv.cmpeq.v a2, a0, a1"),
    "moves of bytes": csr_driven(2, "pv.extract.h a2, a0, 1\npv.shuffle.h a2, a0, a1"),
    "SIMD with a width of its own": "csrwi simd_fmt, 8\nnop\npv.add.h a2, a0, a1\npv.extract.h a2, a0, 1",
    "p.clipr within bounds": "li a0, -500\nli a1, 127\np.clipr a2, a0, a1\np.clipur a3, a0, a1",
    "p.clipr while a narrow format is set": csr_driven(3, "li a0, 5\nli a1, 127\np.clipr a2, a0, a1"),
    "a loop of two instructions": "lp.setupi x0, 5, 8\nnop\nnop",
}


@pytest.mark.parametrize("code", SOUND.values(), ids=SOUND)
def test_what_the_real_core_gets_right_gives_no_warning(code: str) -> None:
    _, cluster = run(code)
    assert cluster.take_warnings() == []


@pytest.mark.parametrize(
    ("simd_fmt", "legal"), [(0, False), *((n, True) for n in range(1, 11)), (11, False), (15, False)]
)
@pytest.mark.parametrize("text", ["pv.dotsp.v a0, a1, a2", "pv.mlsdotsp.v a0, x0, 0"])
def test_a_dot_product_needs_a_format(simd_fmt: int, legal: bool, text: str) -> None:
    program = Assembled(csr_driven(simd_fmt, f"here:\n{text}\nforever:\nj forever"))
    cluster = program.on()
    (stop, *_) = cluster.run(200)
    assert stop.reason == ("cycles" if legal else "trap")
    if not legal:
        assert stop.pc == program["here"]
        assert f"under simd_fmt {simd_fmt}" in stop.message


@pytest.mark.parametrize("quirks", ["architectural", "rtl"])
@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("between", ["", "nop\n", "nop\nnop\n"])
def test_a_loop_of_one_instruction_ends_early_and_is_reported(between: str, fetch: str, quirks: str) -> None:
    program, cluster = run(
        f"lp.starti x0, here\nlp.endi x0, here\nlp.counti x0, 5\n{between}here:\naddi a0, a0, 1\nnop\n",
        fetch=fetch,
        quirks=quirks,
    )
    assert cluster.read_register(0, "a0") in (1, 2)
    (warning,) = cluster.take_warnings()
    assert (warning["kind"], warning["pc"]) == ("short-loop", program["here"])


@pytest.mark.parametrize("core", ["ri5cy", "mpic", "flexv"])
def test_xpulpnn_words_run_as_the_cores_without_them_do(core: str) -> None:
    nibbles = Assembled("pv.add.n a2, a0, a1").image.hex()
    code = f"li a0, 0x00ff00ff\nli a1, 0x00010001\nhere:\n.word 0x{bytes.fromhex(nibbles)[::-1].hex()}\n"
    for quirks in ("architectural", "rtl"):
        program, cluster = run(code, core=core, quirks=quirks)
        assert cluster.read_register(0, "a2") == 0x01000100
        (warning,) = cluster.take_warnings()
        assert (warning["kind"], warning["pc"]) == ("foreign-word", program["here"])


def test_xpulpnn_words_are_csr_driven_operations_where_formats_are() -> None:
    nibbles = Assembled("pv.add.n a2, a0, a1").image.hex()
    word = bytes.fromhex(nibbles)[::-1].hex()
    _, cluster = run(csr_driven(2, f"li a0, 0x00ff00ff\nli a1, 0x00010001\n.word 0x{word}"))
    assert cluster.read_register(0, "a2") == 0
    assert cluster.take_warnings() == []


def test_a_stalled_macload_is_named_where_banks_collide() -> None:
    """Two harts on one bank: the loser's Mac&Load of a mixed format, right behind another dot product."""
    program = Assembled(
        csr_driven(
            FORMATS["a8w4"],
            f"li a2, {TCDM}\ncsrw a_addr, a2\ncsrwi mix_skip, 1\nnop\nli t0, 20\nagain:\n"
            "pv.mlsdotsp.v a3, x0, 0\nhere:\npv.mlsdotsp.v a4, x0, 8\nnop\naddi t0, t0, -1\nbnez t0, again\n"
            "forever:\nj forever",
        )
    )
    cluster = program.on(harts=2)
    cluster.run(1000)
    assert {(w["kind"], w["pc"]) for w in cluster.take_warnings()} == {
        ("macload-stalled-slice", program["here"])
    }


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
def test_a_dot_product_that_waits_for_a_load_is_named_itself(fetch: str) -> None:
    program = Assembled(f"""
  li s3, {TCDM}
  csrwi simd_fmt, 6
  csrwi mix_skip, 2
  csrwi sb_legacy, 0
  li t2, 3
again:
  lw a0, 0(s3)
waits:
  pv.sdotsp.b a2, a0, a1
  addi t2, t2, -1
  bnez t2, again
  csrwi sb_legacy, 1
forever:
  j forever
""")
    cluster = program.on(fetch=fetch)
    cluster.run(600)
    named = {w["pc"] for w in cluster.take_warnings() if w["kind"] == "mpc-stalled-dotp"}
    assert named == {program["waits"]}
