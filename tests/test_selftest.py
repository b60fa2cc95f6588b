"""The machine equals the recordings of the RTL: every value and every cycle of every family."""

import io
from pathlib import Path

import pytest

from flexdbg.resources import resource_directory
from flexdbg.selftest import run_selftest
from flexdbg.selftest.result import Outcome

FAMILIES = {
    "A-timing": 782,
    "B-functional": 326,
    "C-mixed-programs": 372,
    "C-mixed-vectors": 910,
    "D-macload": 364,
    "E-matmul": 68,
    "F-cluster": 42,
    "G-interconnect": 62,
    "H-fetch": 558,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_family(family: str) -> None:
    out = io.StringIO()
    status = run_selftest([resource_directory("data/conformance") / f"{family}.json.gz"], out)
    assert status == 0, out.getvalue()
    # Programs recorded on two interconnects or with fetches are checked twice.
    assert int(out.getvalue().splitlines()[-1].split()[0]) >= FAMILIES[family]


def test_assembler_lines_and_capstone() -> None:
    out = io.StringIO()
    assert run_selftest([resource_directory("data/conformance") / "pulp-as.jsonl.gz"], out) == 0
    assert out.getvalue().endswith("728 passed, 0 failed\n")


def test_a_difference_is_reported_with_its_place(tmp_path: Path) -> None:
    import gzip
    import json

    source = resource_directory("data/conformance") / "E-matmul.json.gz"
    document = json.loads(gzip.decompress(source.read_bytes()))
    document["tests"] = document["tests"][:2]
    document["tests"][1]["expect"]["trace"][3][0] += 1
    document["tests"][1]["expect"]["gpr"][0] = "00000001"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(document))
    out = io.StringIO()
    assert run_selftest([path], out, verbose=True) == 1
    report = out.getvalue()
    assert f"FAIL {document['tests'][1]['name']}" in report
    assert "hart 0: trace[3]: expected (4, 1c00808c), got (3, 1c00808c)" in report
    assert "hart 0: x0: expected 1, got 0" in report
    assert report.endswith("1 passed, 1 failed\n")


def test_outcomes_name_the_first_difference_of_a_list() -> None:
    outcome = Outcome("t")
    outcome.compare_lists("trace", [1, 2, 3], [1, 5, 6], hart=2)
    assert [str(m) for m in outcome.mismatches] == ["hart 2: trace[1]: expected 2, got 5"]
