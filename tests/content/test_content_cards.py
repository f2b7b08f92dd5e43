"""The deck as a whole: every figure has a use, every act has its cards, no choice is better in every respect."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from game.content import Content
from game.content import schema as s
from game.content.check_archive import admits_doubt
from game.content.check_cards import window
from game.content.resolve import effect_range
from game.content.vocabulary import FIRM_PLACEHOLDERS, SPECIAL, act_of

COSTLY = {"unit_cost", "compute_price", "fixed_cost", "wages", "churn", "debt"}
"""Channels of which a firm wants less."""


def respects(content: Content, choice: s.Choice) -> dict[Any, float]:
    """What a choice moves, by target, operation, segment and firm; more is better, all else equal."""
    sizes: dict[Any, float] = defaultdict(float, {"cost": -(choice.cost.scale + choice.cost.cash / 1e8)})
    for e in choice.effects:
        if e.target in SPECIAL:
            sizes[(e.target, "special")] = 1.0
            continue
        low, high = effect_range(content, e)
        sign = (-1.0 if e.target in COSTLY else 1.0) * (1.0 if e.who in ("self", "all") else -1.0)
        sizes[(e.target, e.op, e.segment, e.who)] += sign * e.chance * (low + high) / 2.0 * max(e.quarters, 1)
    return sizes


def dominated(content: Content, card: s.Card) -> list[tuple[int, int]]:
    """Pairs (better, worse) of choices where the first is nowhere worse; one that needs something may be better."""
    found = []
    for i, one in enumerate(card.choices):
        for j, other in enumerate(card.choices):
            if i == j or one.requires:
                continue
            a, b = respects(content, one), respects(content, other)
            special = any("special" in k for k in (*a, *b))
            if not special and all(a[k] >= b[k] for k in {*a, *b}):
                found.append((i, j))
    return found


def test_every_figure_has_a_use(shipped: Content) -> None:
    assert [f for f in shipped.figures if f not in shipped.used_by] == []


def test_every_act_has_its_cards(shipped: Content) -> None:
    acts = [{act_of(q) for q in window(card)} for card in shipped.cards.values()]
    assert [sum(act in them for them in acts) >= least for act, least in ((1, 20), (2, 45), (3, 60))] == [True] * 3


def test_no_choice_is_better_in_every_respect(shipped: Content) -> None:
    assert {c.id: pairs for c in shipped.cards.values() if (pairs := dominated(shipped, c))} == {}


@pytest.mark.parametrize("cost", [0.02, 0.0])
def test_a_choice_that_is_better_in_every_respect_is_seen(shipped: Content, cost: float) -> None:
    card = next(c for c in shipped.cards.values() if c.id == "small-boat")
    good = s.Choice(label=card.title, text=card.title, cost=s.Cost(scale=cost),
                    effects=[s.Effect("trust", "add", 0.03), s.Effect("churn", "add", -0.1, quarters=2)])
    bad = s.Choice(label=card.title, text=card.title, cost=s.Cost(scale=0.02),
                   effects=[s.Effect("trust", "add", 0.03), s.Effect("churn", "add", -0.1, quarters=1)])
    planted = s.Card(**{**{f: getattr(card, f) for f in card.__struct_fields__}, "choices": [bad, good]})
    assert dominated(shipped, planted) == [(1, 0)]


def test_a_card_on_a_disowned_figure_says_so(shipped: Content) -> None:
    """Also where the figure is only named: the doubt is the point of such a card."""
    for card in shipped.cards.values():
        if set(card.figures) & set(shipped.disowned):
            assert admits_doubt(card.note), card.id


def test_every_card_names_its_theses(shipped: Content) -> None:
    assert [c.id for c in shipped.cards.values() if not c.theses] == []


def test_cards_name_no_real_company(shipped: Content) -> None:
    """Firms in a card's text are those of the table: no entity of the articles stands there by name."""
    names = [n for e in shipped.entities.values() if e.kind == "company" for n in (e.name.zh, e.name.en)
             if len(n) > 3 or not n.isascii()]
    for card in shipped.cards.values():
        said = "\n".join(text[lang] for key, text in s.texts_of(card) for lang in ("zh", "en") if key != "note")
        assert not [n for n in names if n in said], card.id
    assert FIRM_PLACEHOLDERS["cloud"] == "cloud-giant"
