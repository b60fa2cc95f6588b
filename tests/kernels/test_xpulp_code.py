"""Stock GCC's assembly made ready for the cores: hardware loops, and room behind Mac&Load."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

LOOP = """\
\txpulp.begin a5
\tmv\ta0,a1
.L3:
\tp.lw a2, 4(a0!)
\tpv.sdotusp.b a3, a2, a4
\txpulp.again a6
\tbne\ta6,zero,.L3
\tret
"""


@pytest.fixture(scope="module")
def code(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "xpulp_code", root / "firmware" / "kernels" / "xpulp_code.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def instructions(text: str) -> list[str]:
    return [
        " ".join(line.split()) for line in text.splitlines() if line.strip() and not line.startswith("//")
    ]


def test_a_marked_loop_becomes_a_hardware_loop(code: ModuleType) -> None:
    assert instructions(code.finish(LOOP, "kernel.c")) == [
        ".cfi_sections .debug_frame",
        "mv a0,a1",
        ".balign 4",
        "lp.setup x0,a5,.Lend_3",
        ".L3:",
        "p.lw a2, 4(a0!)",
        ".Lend_3:",
        "pv.sdotusp.b a3, a2, a4",
        "ret",
    ]


def test_a_count_that_is_overwritten_ahead_of_the_loop_is_taken_before(code: ModuleType) -> None:
    made = instructions(code.finish(LOOP.replace("mv\ta0,a1", "mv\ta5,a1"), "kernel.c"))
    assert made[1:6] == ["lp.count x0,a5", "mv a5,a1", ".balign 4", "lp.starti x0,.L3", "lp.endi x0,.Lend_3"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\tpv.sdotusp.b a3, a2, a4\n", "\tcall\tf\n", "straight code"),
        ("\tpv.sdotusp.b a3, a2, a4\n", ".L9:\n", "straight code"),
        ("bne\ta6,zero", "bgt\ta6,zero", "ends with"),
        ("zero,.L3", "zero,.L4", "does not begin"),
        ("\txpulp.begin a5\n", "", "no count"),
        ("\txpulp.again a6\n", "", "no end"),
    ],
)
def test_any_other_loop_is_refused(code: ModuleType, old: str, new: str, message: str) -> None:
    assert old in LOOP
    with pytest.raises(code.HardwareLoopError, match=message):
        code.finish(LOOP.replace(old, new, 1), "kernel.c")


def test_nothing_reads_a_mac_load_right_behind_it(code: ModuleType) -> None:
    text = "\tpv.mlsdotsup.b s0, a1, 0\n\tsw\ts0,4(sp)\n\tpv.mlsdotsup.b zero, a1, 9\n\tsw\tzero,0(sp)\n"
    assert instructions(code.finish(text, "kernel.c"))[1:] == [
        "pv.mlsdotsup.b s0, a1, 0",
        "nop",
        "sw s0,4(sp)",
        "pv.mlsdotsup.b zero, a1, 9",
        "sw zero,0(sp)",
    ]
