"""docs/benchmarks.md holds what docs/renew_benchmarks.py measures."""

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from flexdbg.bench.measurement import Job, Measurement, Results, measure

# The other tables take long, or are of programs that change with the layer library.
CHECKED = ("cells", "variants", "ledger")


@pytest.fixture(scope="module")
def renewing(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("renew_benchmarks", root / "docs" / "renew_benchmarks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_measured_tables_are_up_to_date(root: Path, renewing: ModuleType) -> None:
    known: Results = {}

    def once(jobs: Sequence[Job]) -> list[Measurement]:
        known.update((job, measure(job)) for job in jobs if job not in known)
        return [known[job] for job in jobs]

    text = (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert renewing.renewed(text, CHECKED, once) == text, "run python docs/renew_benchmarks.py"


def test_every_table_has_its_place(root: Path, renewing: ModuleType) -> None:
    text = (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    places = re.findall(r"<!-- (?!end)(\S+) -->\n\n\|", text)
    assert sorted(places) == sorted(renewing.TABLES)
