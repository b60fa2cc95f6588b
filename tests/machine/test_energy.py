"""The energy estimate reproduces the paper's Table III."""

import pytest

from flexdbg.machine.energy import estimate

# Table III: pair -> (MAC/cycle, wider operand in bits, loads per dot product of the 4x4 kernel, TOPS/W).
TABLE = {
    "a8w8": (26.9, 8, 8 / 16, 0.87),
    "a8w4": (27.6, 8, 12 / 32, 0.96),
    "a8w2": (27.8, 8, 20 / 64, 1.01),
    "a4w4": (50.6, 4, 8 / 16, 1.71),
    "a4w2": (51.9, 4, 12 / 32, 1.87),
    "a2w2": (91.5, 2, 8 / 16, 3.26),
}


@pytest.mark.parametrize("pair", TABLE)
def test_efficiency_of_the_kernels_is_within_five_per_cent(pair: str) -> None:
    mac_per_cycle, bits, loads_per_dot, tops_per_watt = TABLE[pair]
    cycles = 100_000
    dots = int(cycles * mac_per_cycle / 8 / (32 / bits))
    loads = int(dots * loads_per_dot)
    counters = {"instructions": dots, "dotps": dots, "loads": 0, "stores": 0, "tcdm_accesses": loads}
    ledger = {"issue": dots, "bank_conflict": cycles - dots}
    energy = estimate(cycles, [(counters, ledger)] * 8, asleep=())
    operations = 2 * mac_per_cycle * cycles
    assert operations / (energy.total * 1e-6) / 1e12 == pytest.approx(tops_per_watt, rel=0.05)


def test_sleeping_harts_cost_leakage_only() -> None:
    asleep = estimate(1000, [({"instructions": 0}, {"barrier": 1000})], asleep=("barrier",))
    awake = estimate(1000, [({"instructions": 0}, {"l2": 1000})], asleep=("barrier",))
    assert asleep.harts == 0
    assert awake.harts > 0
    assert asleep.total == asleep.leakage + asleep.uncore


def test_energy_per_operation() -> None:
    energy = estimate(1000, [], asleep=())
    assert energy.picojoule_per(0) is None
    assert energy.picojoule_per(100) == pytest.approx(energy.total * 1e4)
