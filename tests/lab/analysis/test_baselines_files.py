"""Curves that were kept: what a damaged file holds is measured again, and what is too short says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.lab.analysis import baselines
from game.lab.analysis.baselines import Baseline, Curve, Setting, cached, keep
from game.lab.analysis.luck import judge

SETTING = Setting("war", "lab-spin-off", "manager", "none")


@pytest.mark.parametrize("damage", [b'"\xff"', b"[" * 100_000, b"", b'{"provenance": "\xff\xfe"}', b'{"provenance": 3}', b"\x00" * 40])
def test_a_damaged_file_counts_as_none(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.json"
    monkeypatch.setattr(baselines, "_cache_file", lambda *_: file)
    baseline = Baseline(SETTING, {"thumb": Curve(3, [1.0, 2.0], [0.5, 0.5])})
    keep(baseline, "d")
    assert cached(SETTING, "d", {"thumb": 3}) == baseline
    file.write_bytes(damage)
    assert cached(SETTING, "d", {"thumb": 3}) is None
    keep(baseline, "d")
    assert cached(SETTING, "d", {"thumb": 3}) == baseline, "made good"


def test_a_curve_that_is_too_short_says_nothing() -> None:
    here = {"thumb": [1.0, 2.0, 3.0], "reactive": [1.0, 2.0, 3.0]}
    curves = {"thumb": Curve(9, [1.0, 2.0, 3.0], [0.5, 0.5, 0.5]), "reactive": Curve(9, [1.0, 2.0], [0.5, 0.5])}
    found = judge(1e8, 3, here, curves, stored=True)
    assert found is not None and [p.policy for p in found.policies] == ["thumb"]
    assert judge(1e8, 3, here, {"reactive": curves["reactive"]}, stored=True) is None
