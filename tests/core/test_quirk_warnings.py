"""Warnings name the instruction that the real core would get wrong."""

from __future__ import annotations

import pytest

from .rig import TCDM, Assembled


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
