"""The speed measurement runs, and the simulator stays above its floor."""

import json

import pytest

from flexdbg.bench.speed import Speed, measure, report

# Hart-instructions and cycles per operation of the calibration loop, and its operations per step from
# Python: a third of what docs/benchmarks.md reports, so that they catch accidents, not noise.
LOCKSTEP, RUNAHEAD, IDLE, STEP = 0.0036, 0.0048, 0.0034, 20_000


@pytest.fixture(scope="module")
def speed() -> Speed:
    return measure()


def test_speed_is_above_the_floor(speed: Speed) -> None:
    unit = speed.calibration_mops
    assert speed.lockstep_mips / unit > LOCKSTEP
    assert speed.runahead_mips / unit > RUNAHEAD
    assert speed.idle_cluster_mhz / unit > IDLE
    assert speed.step_us * unit < STEP


def test_reports(speed: Speed) -> None:
    data = json.loads(report(speed, as_json=True))
    assert {"lockstep_mips", "runahead_mips", "cluster_mhz", "calibration_mops", "step_us"} <= set(data)
    assert "M hart-instructions/s" in report(speed, as_json=False)
