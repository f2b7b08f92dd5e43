"""Every choice of every card is carried out by the rules: its cost to the fen, its effects within what it says."""

from __future__ import annotations

import numpy as np
import pytest

from game.engine import effects, events
from game.engine.names import LEVER, LINE, ROUTES
from game.engine.play import Ledger, play_quarter
from game.engine.rules import EffectRule, Rules
from game.engine.state import State
from tests.engine.playing import mixed, play
from tests.engine.test_any_decisions import faults
from tests.engine.test_money import faults as money_faults


@pytest.fixture(scope="module")
def before(war: Rules) -> State:
    """Two years in: nobody has a card, nobody is in distress."""
    s = play(war, ["deck/1", "deck/2", "deck/3"], mixed(war.firms, ("thumb", "reactive")), 8)[-1]
    none = np.full_like(s.card, -1)
    return s.evolve(card=none, coming=none, distress=np.zeros_like(s.distress))


def dealt(rules: Rules, s: State, index: int, choice: int, firm: int = 0) -> tuple[State, Ledger]:
    """The quarter in which ``firm`` takes ``choice`` of card ``index``; everybody else goes on as before."""
    card = s.card.copy()
    card[firm] = index
    decisions = s.levers.copy()
    decisions[LEVER["card.choice"]] = float(choice)
    return play_quarter(rules, s.evolve(card=card), decisions)



def test_every_choice_of_every_card_balances(war: Rules, before: State) -> None:
    quiet = play_quarter(war, before, before.levers)[1]
    for index, card in enumerate(war.cards):
        for k, choice in enumerate(card.choices):
            after, ledger = dealt(war, before, index, k)
            assert faults(after, ledger) == [], (card.id, k)
            assert money_faults(before, after, ledger) == [], (card.id, k)
            assert after.seen[index, 0].all() and np.array_equal(after.seen[index, 1:], before.seen[index, 1:])
            assert (after.card[0] != index).all() or not card.once
            own = any(e.target == "cash" for e in choice.effects)
            free = events.allowed(war, before, choice)[0]
            cost = choice.cash + choice.scale * before.cost[0]
            line = ledger.lines[LINE["events_out"], 0] + ledger.lines[LINE["events_in"], 0]
            if not own:
                assert np.array_equal(line[free], -np.rint(cost * 100.0).astype(np.int64)[free]), (card.id, k)
            assert not quiet.lines[[LINE["events_out"], LINE["events_in"]]].any()


def test_a_choice_that_is_not_allowed_falls_to_the_last_one_that_is(war: Rules, before: State) -> None:
    found = 0
    for card in war.cards:
        for k, choice in enumerate(card.choices):
            if not choice.requires:
                continue
            levers = before.levers.copy()
            levers[LEVER["card.choice"]] = k
            free = events.allowed(war, before, choice)
            taken = events.taken(war, before, card, levers)
            assert (taken[free] == k).all()
            if k < len(card.choices) - 1:
                assert (taken[~free] == len(card.choices) - 1).all()
                found += int((~free).sum())
    assert found > 0


@pytest.mark.parametrize("route", range(len(ROUTES)))
def test_a_route_that_a_card_sets_stays(war: Rules, before: State, route: int) -> None:
    """The route is the card's at the end of the quarter and the lever stands there: no fee for going back."""
    effect = EffectRule("route", "set", float(route), float(route), "self", "", 0, 1.0)
    after, ledger = given_card(war, before, effect)
    assert (after.route[0] == route).all()
    assert (after.levers[LEVER["route"], 0] == route).all()
    assert not ledger.lines[LINE["switching"], 0].any()


def given_card(rules: Rules, s: State, *effects: EffectRule) -> tuple[State, Ledger]:
    """A card of one choice with these effects, dealt to seat 0."""
    import dataclasses

    choice = dataclasses.replace(rules.cards[0].choices[0], cash=0.0, scale=0.0, effects=effects, requires=())
    first = dataclasses.replace(rules.cards[0], choices=(choice, choice))
    return dealt(dataclasses.replace(rules, cards=(first, *rules.cards[1:])), s, 0, 0)


def test_what_a_card_releases_is_out_for_good(war: Rules, before: State) -> None:
    after, _ = given_card(war, before, EffectRule("release", "set", 0.0, 0.0, "self", "", 0, 1.0))
    assert (after.released[0] >= before.lnc[0]).all()


def test_amounts_are_drawn_within_their_range_and_as_often_as_stated(war: Rules, before: State) -> None:
    from game.engine.draws import seed_array, seed_words
    from game.engine.state import repeat

    games = 3000
    many = repeat(before.take([0]), games, seed_array([seed_words(f"effect/{i}") for i in range(games)]))
    rule = EffectRule("trust", "add", 0.1, 0.3, "self", "", 0, 0.4)
    f, g = np.zeros(games, dtype=np.int64), np.arange(games)
    amount = effects.effect_amount(rule, many, 77, f, g)
    came = amount != 0.0
    assert abs(came.mean() - 0.4) < 5.0 * np.sqrt(0.24 / games)
    assert amount[came].min() >= 0.1 and amount[came].max() <= 0.3
    assert abs(amount[came].mean() - 0.2) < 0.01
    assert np.array_equal(effects.effect_amount(rule, many, 77, f[:5], g[5:10]), amount[5:10])
    assert not np.array_equal(effects.effect_amount(rule, many, 78, f, g), amount)


@pytest.mark.parametrize(("who", "touched"), [("self", "one"), ("rivals", "others"), ("clouds", "clouds"),
                                              ("open", "open"), ("all", "all")])
def test_effects_reach_whom_they_name(war: Rules, before: State, who: str, touched: str) -> None:
    effect = EffectRule("research", "add", 0.25, 0.25, who, "", 2, 1.0)
    after, _ = given_card(war, before, effect)
    plain, _ = given_card(war, before)
    moved = (after.shifts != plain.shifts).any(axis=(0, 1)) & before.alive
    own = np.zeros_like(moved)
    own[0] = True
    expected = {"one": own, "others": ~own, "clouds": np.broadcast_to(war.traits.cloud > 0, own.shape),
                "open": before.route == 3, "all": np.ones_like(own)}[touched]
    assert np.array_equal(moved, expected & before.alive & before.alive[:1])
