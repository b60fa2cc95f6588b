"""Hashes of the whole state at several cycles, the same on every computer and in every build.

CI runs this file under the sanitizers too. A change of the model changes the hashes on purpose:
FLEXDBG_UPDATE_DIGESTS=1 python -m pytest tests/core/test_golden.py writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from .rig import machine

FILE = Path(__file__).resolve().parents[1] / "data" / "digests.json"
CYCLES = (1, 1_000, 20_000, 40_000)
MACHINES: dict[str, dict[str, object]] = {
    "barrier": {},
    "bankfight": {"tcdm_arbiter": "classic"},
    "dma-copy": {},
    "dotp": {"quirks": "rtl", "fetch": "ideal"},
    "hello": {"harts": 3},
    "matmul-a8w4": {},
    "matmul-a8w2-ri5cy": {"tcdm_arbiter": "classic12"},
}


def _digests(name: str, settings: dict[str, object]) -> list[str]:
    cluster = machine(name, **settings)
    found = []
    for cycle in CYCLES:
        cluster.run(cycle - cluster.cycle)
        found.append(cluster.state_digest())
    return found


def test_digests() -> None:
    found = {name: _digests(name, settings) for name, settings in MACHINES.items()}
    if os.environ.get("FLEXDBG_UPDATE_DIGESTS"):
        FILE.write_text(json.dumps({"cycles": CYCLES, "digests": found}, indent=1) + "\n", encoding="utf-8")
    assert json.loads(FILE.read_text(encoding="utf-8")) == {"cycles": list(CYCLES), "digests": found}
