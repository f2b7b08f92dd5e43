"""Every ending is reached by a firm that deserves it, and has something to say in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from game.content import load
from game.content.build import build_rules
from game.engine.draws import seed_array, seed_words
from game.engine.names import ENDINGS, STATUSES
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.language import Tongue
from game.table.endings import surviving

CONTENT = load()


@pytest.fixture(scope="module")
def last_day() -> tuple[Rules, State]:
    rules = build_rules(CONTENT, "war")
    state = begin(rules, seed_array([seed_words(1)]))
    poor = np.full_like(state.equity, 1e8)
    poor[1] = 5e9  # somebody else leads by value
    return rules, state.evolve(equity=poor, quarter=20)


def put(array: np.ndarray, value: float) -> np.ndarray:
    changed = array.copy()
    changed[0] = value
    return changed


def test_the_last_four_are_tried_from_the_back(last_day: tuple[Rules, State]) -> None:
    rules, s = last_day
    assert surviving(rules, s, 0) == "niche-master"
    champion = s.evolve(tender_value=put(s.tender_value, 9e9))
    assert surviving(rules, champion, 0) == "national-champion"
    listed = champion.evolve(equity=put(s.equity, rules.params.listing_equity), revenue=put(s.revenue, 2e8),
                             cost=put(s.cost, 1e8))
    assert surviving(rules, listed, 0) == "listed-company"
    legend = listed.evolve(route=put(s.route, 3).astype(np.int8), community=put(s.community, 900.0))
    assert surviving(rules, legend, 0) == "open-source-legend"
    # Each needs what it names: a large community behind closed doors is no legend, a loss no listing.
    assert surviving(rules, legend.evolve(route=put(s.route, 0).astype(np.int8)), 0) == "listed-company"
    assert surviving(rules, listed.evolve(cost=put(s.cost, 3e8)), 0) == "national-champion"


def test_the_first_three_are_what_became_of_the_firm() -> None:
    assert ENDINGS[:3] == STATUSES[1:]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ending_has_an_epilogue(ending: str, lang: str) -> None:
    tongue = Tongue(lang, content=CONTENT)  # type: ignore[arg-type]
    always = tongue.epilogue(ending, lambda condition: False)
    full = tongue.epilogue(ending, lambda condition: True)
    assert always and len(full) >= 3 and set(always) < set(full)
    assert tongue.ending(ending) != ending
