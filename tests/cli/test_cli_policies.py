"""Twenty seeds of ``war`` by each policy: no error, a ladder, and some survive where others do not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from game.content import Content
from game.content.build import build_rules
from game.lab.trace import Trace, simulate
from game.policies import POLICIES
from game.table.auto import auto

SEEDS = range(1, 21)


@pytest.fixture(scope="module")
def traces(shipped: Content) -> dict[str, Trace]:
    """Twenty games by each policy, rivals as at level ``manager``."""
    rules = build_rules(shipped, "war")
    rivals = (shipped.difficulties["manager"].policy,) * (rules.firms - 1)

    @cache
    def played(policy: str) -> Trace:
        return simulate(rules, SEEDS, (policy, *rivals))

    return {policy: played(policy) for policy in POLICIES}


def median(trace: Trace) -> float:
    return float(np.median(trace.value[-1, 0]))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_number_is_one(traces: dict[str, Trace], policy: str) -> None:
    trace = traces[policy]
    for name in ("price", "live", "status", "value", "rank", "revenue", "profit", "lines", "developers", "hosted"):
        assert np.isfinite(getattr(trace, name)).all(), name
    assert trace.value.shape == (20, 12, len(SEEDS))
    assert (trace.value >= 0).all() and (trace.live >= 0).all() and (trace.price > 0).all()


def test_the_ladder(traces: dict[str, Trace]) -> None:
    low, thumb, high = (median(traces[p]) for p in ("random", "thumb", "reactive"))
    assert low < 0.5 * thumb, "random well below thumb"
    assert thumb < high


def test_some_survive_and_some_do_not(traces: dict[str, Trace]) -> None:
    gone = {policy: (traces[policy].status[-1, 0] == 1).mean() for policy in ("random", "thumb", "reactive")}
    assert gone["random"] > gone["thumb"] >= gone["reactive"]
    assert gone["random"] > 0.5
    assert 0.0 < np.mean(list(gone.values())) < 1.0
    assert gone["reactive"] < 0.5
    for policy, share in gone.items():
        assert share < 1.0, f"nobody who plays {policy} survives"


def test_seeds_differ(traces: dict[str, Trace]) -> None:
    for policy in ("thumb", "reactive"):
        assert len(np.unique(traces[policy].value[9, 0])) > 10


@pytest.mark.parametrize("policy", POLICIES)
def test_the_batch_plays_what_the_command_plays(shipped: Content, traces: dict[str, Trace], policy: str) -> None:
    game = auto(shipped, scenario="war", background="lab-spin-off", difficulty="manager", assume="none",
                policy=policy, seed="5")  # fmt: skip
    column = list(SEEDS).index(5)
    assert [r["value"] for r in game["quarters"]] == traces[policy].value[:, 0, column].tolist()
    assert [r["live_models"] for r in game["quarters"]] == traces[policy].live[:, column].tolist()
