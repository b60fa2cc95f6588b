"""The speed measurement runs, and the simulator stays above its floor."""

import json

import pytest

from flexdbg.bench.speed import Speed, measure, report

# Far below what is measured on an idle computer (docs): the floor catches accidents, not noise.
LOCKSTEP, RUNAHEAD, IDLE, STEP = 8.0, 12.0, 8.0, 20.0


@pytest.fixture(scope="module")
def speed() -> Speed:
    return measure()


def test_speed_is_above_the_floor(speed: Speed) -> None:
    assert speed.lockstep_mips > LOCKSTEP
    assert speed.runahead_mips > RUNAHEAD
    assert speed.idle_cluster_mhz > IDLE
    assert speed.step_us < STEP


def test_reports(speed: Speed) -> None:
    data = json.loads(report(speed, as_json=True))
    assert {"lockstep_mips", "runahead_mips", "cluster_mhz", "calibration_mops", "step_us"} <= set(data)
    assert "M hart-instructions/s" in report(speed, as_json=False)
