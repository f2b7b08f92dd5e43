"""The shipped means are those of the rules at hand: other rules, other means (``baimo lab baselines`` makes them)."""

from __future__ import annotations

import math

import msgspec
import pytest

from game.content import Content
from game.content.digest import rules_digest
from game.lab.analysis.baselines import FOLDER, POLICIES, Baselines, Setting, shipped


def test_they_are_of_these_rules_and_whole(request: pytest.FixtureRequest) -> None:
    content: Content = request.getfixturevalue("shipped")
    files = sorted((content.directory / FOLDER).glob("*.json"))
    assert files
    for file in files:
        there = msgspec.json.decode(file.read_bytes(), type=Baselines)
        assert (there.provenance, there.digest) == ("derived", rules_digest(content)), file.name
        for baseline in there.baselines:
            assert baseline.setting.scenario == file.stem in content.scenarios
            assert baseline.setting.background in content.backgrounds and set(baseline.curves) == set(POLICIES)
            for policy, curve in baseline.curves.items():
                assert len(curve.mean) == len(curve.spread) == content.scenarios[file.stem].quarters
                assert all(map(math.isfinite, (*curve.mean, *curve.spread))) and min(curve.spread) >= 0.0
                assert curve.seeds >= (200 if policy != "planner" else 3)


def test_the_usual_game_has_them(request: pytest.FixtureRequest) -> None:
    content: Content = request.getfixturevalue("shipped")
    setting = Setting("war", "lab-spin-off", "manager", "none")
    found = shipped(content, setting, rules_digest(content))
    assert found is not None
    final = {name: curve.mean[-1] for name, curve in found.curves.items()}
    assert final["thumb"] < final["reactive"] < final["planner"], "the ladder holds in the means too"
