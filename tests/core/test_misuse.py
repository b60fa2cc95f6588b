"""Misuse of devices that the hardware answers with silence or lost data: who did it, where and why."""

from __future__ import annotations

import pytest

from .rig import L2_DATA, TCDM, Assembled, reasons

EU = 0x10204000
DMA = 0x10204400

# What stops the machine: code, harts, the hart at fault, words of the diagnosis. The culprit is at `here`.
FATAL = {
    "an offset that does not decode": (
        f"li a0, {EU}\nhere:\nlw a1, 0x60(a0)",
        1,
        0,
        "offset 0x60 does not decode",
    ),
    "a barrier too many": (f"li a0, {EU}\nhere:\nsw a1, 0x320(a0)", 1, 0, "offset 0x320 does not decode"),
    "a sleeping read over the bus": ("li a0, 0x10200800\nhere:\nlw a1, 0x3c(a0)", 1, 0, "bus offset 0x3c"),
    "a barrier that cannot complete": (
        f"li a0, {EU}\nli a1, 3\nsw a1, 0x200(a0)\ncsrr t0, mhartid\nli a2, 2\nbne t0, a2, forever\n"
        "here:\np.elw a1, 0x21c(a0)",
        3,
        2,
        "triggers barrier 0 for hart 2 outside its TRIGGER_MASK 0x3; it can never complete",
    ),
    "a mutex locked twice": (
        f"li a0, {EU}\nlui a1, 0x20\nsw a1, 8(a0)\np.elw a1, 0xc0(a0)\nhere:\np.elw a1, 0xc0(a0)",
        1,
        0,
        "locks mutex 0 which it already owns",
    ),
    "a mutex unlocked by another": (
        f"li a0, {EU}\nlui a1, 0x20\nsw a1, 8(a0)\ncsrr t0, mhartid\nbnez t0, other\np.elw a1, 0xc0(a0)\n"
        "j forever\nother:\nli t1, 50\nwait:\naddi t1, t1, -1\nbnez t1, wait\nhere:\nsw a1, 0xc0(a0)",
        2,
        1,
        "unlocks mutex 0 which hart 0 owns",
    ),
    "dispatch entries that nobody read": (
        f"li a0, {EU}\nli a1, 1\nsw a1, 0x84(a0)\nli t0, 10\nagain:\naddi t0, t0, -1\n"
        "here:\nsw a1, 0x80(a0)\nbnez t0, again",
        1,
        0,
        "overwrites a dispatch entry that hart 0 did not read yet",
    ),
    "a dispatch to nobody": (f"li a0, {EU}\nnop\nhere:\nsw a1, 0x80(a0)", 1, 0, "empty team"),
    "transfer ids that are never freed": (
        f"li a0, {DMA}\nli t0, 17\nagain:\naddi t0, t0, -1\nhere:\nlw a1, 0(a0)\nbnez t0, again",
        1,
        0,
        "this port has allocated all 16",
    ),
    "a transfer id freed while it is busy": (
        f"li a0, {DMA}\nlw a1, 0(a0)\nli a2, 0x20400\nsw a2, 0(a0)\nli a2, {TCDM}\nsw a2, 0(a0)\n"
        f"li a2, {L2_DATA}\nsw a2, 0(a0)\nli t0, 1\nsll t0, t0, a1\nhere:\nsw t0, 4(a0)",
        1,
        0,
        "frees id 0 while its transfer still runs",
    ),
    "a hart that does not exist": (
        "li a0, 0x10200000\nli a1, 0xffff\nhere:\nsw a1, 8(a0)",
        1,
        0,
        "the cluster has 1 hart",
    ),
}


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(("code", "harts", "hart", "says"), FATAL.values(), ids=FATAL)
def test_stops_and_names_hart_pc_and_reason(code: str, harts: int, hart: int, says: str, fast: bool) -> None:
    program = Assembled(code + "\nforever:\nj forever\n")
    cluster = program.on(harts=harts)
    (stop, *more) = cluster.run(5000, fast=fast)
    assert (stop.reason, stop.hart, stop.pc) == ("error", hart, program["here"])
    assert says in stop.message
    assert more == []


@pytest.mark.parametrize("name", [name for name in FATAL if name != "a hart that does not exist"])
def test_goes_on_as_the_hardware_does_if_told_to(name: str) -> None:
    code, harts, hart, says = FATAL[name]
    program = Assembled(code + "\nforever:\nj forever\n")
    cluster = program.on(harts=harts, unmapped_rtl=True)
    assert reasons(cluster.run(5000)) in (["cycles"], ["deadlock"])
    assert [(w["hart"], w["pc"]) for w in cluster.take_warnings() if says in w["message"]] == [
        (hart, program["here"])
    ]


@pytest.mark.parametrize("access", ["lw a1, 0(a0)", "sw a1, 0(a0)"])
def test_no_access_leaves_the_end_of_a_memory(access: str) -> None:
    tcdm, l2 = TCDM + 0x20000 - 2, 0x1C190000 - 2
    for address, settings, says in (
        (tcdm, {"boot": "fc", "fc": 1}, "ends beyond the TCDM"),
        (tcdm, {"tcdm_wrap": False}, "ends beyond the TCDM"),
        (l2, {"boot": "fc", "fc": 1}, "ends beyond the L2"),
        (l2, {}, "ends beyond the L2"),
    ):
        program = Assembled(f"li a0, {address}\nhere:\n{access}\nforever:\nj forever\n")
        cluster = program.on(**settings)
        for _ in range(2):  # it stays until it is mended
            (stop,) = cluster.run(500)
            assert (stop.reason, stop.pc, stop.hart) == ("error", program["here"], int("boot" in settings))
            assert says in stop.message


def test_a_misaligned_load_wraps_at_the_end_as_the_hardware_does() -> None:
    program = Assembled(f"li a0, {TCDM + 0x20000 - 2}\nhere:\nlw a1, 0(a0)\nforever:\nj forever\n")
    cluster = program.on()
    cluster.write_memory(TCDM + 0x20000 - 4, bytes.fromhex("11223344"))
    cluster.write_memory(TCDM, bytes.fromhex("55667788"))
    cluster.run(100)
    assert cluster.read_register(0, "a1") == 0x66554433
    assert [(w["kind"], w["pc"]) for w in cluster.take_warnings()] == [("tcdm-wrap", program["here"])]


# What is only reported.
WARNED = {
    "a mutex that is free": (f"li a0, {EU}\nhere:\nsw a1, 0xc0(a0)", "unlocks mutex 0 which is free"),
    "a register that is read-only": (
        f"li a0, {EU}\nhere:\nsw a1, 0x18(a0)",
        "offset 0x18 which is read-only",
    ),
    "event and interrupt at once": (
        f"li a0, {EU}\nli a1, 1\nsw a1, 8(a0)\nhere:\nsw a1, 0x14(a0)",
        "as event and interrupt at once",
    ),
    "control register that is none": (
        "li a0, 0x10200200\nhere:\nlw a1, 0(a0)",
        "no readable register at offset 512",
    ),
    "timer register that is none": (
        "li a0, 0x10200420\nhere:\nlw a1, 0(a0)",
        "no readable register at offset 32",
    ),
    "the accelerator": ("li a0, 0x10200000\nli a1, 0x800\nhere:\nsw a1, 0x18(a0)", "not modelled"),
    "the trap vector": ("here:\ncsrwi mtvec, 4", "fixed to its boot address"),
    "a CSR that is none": ("here:\ncsrwi 0x304, 3", "does not have"),
    "addresses behind the memory": (f"li a0, {TCDM + 0x20000}\nhere:\nlw a1, 0(a0)", "it wraps"),
}


@pytest.mark.parametrize(("code", "says"), WARNED.values(), ids=WARNED)
def test_reports_what_may_be_meant(code: str, says: str) -> None:
    program = Assembled(code + "\nforever:\nj forever\n")
    cluster = program.on()
    assert reasons(cluster.run(500)) == ["cycles"]
    (warning,) = cluster.take_warnings()
    assert (warning["hart"], warning["pc"]) == (0, program["here"])
    assert says in warning["message"]
