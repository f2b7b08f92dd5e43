"""Checks of cards: triggers, windows, chains, effects."""

from __future__ import annotations

from game.engine.names import ROUTES, SEGMENTS, VERTICALS, quarter_label

from . import schema as s
from .check_archive import admits_doubt
from .checking import Checking
from .problems import did_you_mean
from .resolve import effect_range, figure_number
from .vocabulary import ANY_SEGMENT, BARE, CONDITIONS, HORIZON, SPECIAL, TARGETS, Target, act_of, parse_quarter

MAX_EFFECTS = 16
"""Effects of one choice: the draws of the rules leave room for so many."""


def window(card: s.Card) -> list[int]:
    """Quarters (0 = 2023Q1) in which a card may lie on the desk, by its acts, first and last."""
    first = parse_quarter(card.first) if card.first else 0
    last = parse_quarter(card.last) if card.last else HORIZON - 1
    return [q for q in range(HORIZON) if first <= q <= last and act_of(q) in card.act]


def check_cards(work: Checking) -> None:
    """Every card by itself, then chains of ``after`` and the scenarios that name cards."""
    content = work.content
    for card in content.cards.values():
        work.refer("card", card.id, "figures", "figure", card.figures)
        work.twice("card", card.id, "figures", card.figures)
        work.refer("card", card.id, "theses", "thesis", card.theses)
        work.conditions("card", card.id, "when", card.when, CONDITIONS)
        for key in ("first", "last"):
            label = getattr(card, key)
            if label is not None and not 0 <= parse_quarter(label) < HORIZON:
                end = quarter_label(HORIZON - 1)
                work.add("card", card.id, key, f"{label} lies outside the game (2023Q1 to {end})")
        if not window(card):
            period = f"{card.first or 'the start'} to {card.last or 'the end'}"
            work.add("card", card.id, "act", f"no quarter lies in act {card.act} and in {period}")
        elif window(card)[-1] - window(card)[0] >= len(window(card)):
            message = f"acts {card.act} leave a gap; the rules know one stretch of quarters only"
            work.add("card", card.id, "act", message)
        elif card.first is not None and parse_quarter(card.first) == 0:
            message = "the headline comes a quarter earlier, so 2023Q2 is the earliest"
            work.add("card", card.id, "first", message, "warning")
        if card.weight == 0 or card.odds == 0:
            key = "weight" if card.weight == 0 else "odds"
            work.add("card", card.id, key, "is 0, so the card never comes", "warning")
        for index, choice in enumerate(card.choices):
            _choice(work, card, f"choices[{index}]", choice)
        if all(not c.effects and c.cost == s.Cost() for c in card.choices):
            work.add("card", card.id, "choices", "no choice does anything; a card moves something")
    _chains(work)
    for scenario in content.scenarios.values():
        _played(work, scenario)


def _chains(work: Checking) -> None:
    cards = work.content.cards
    told: set[str] = set()
    for card in cards.values():
        if card.after is None:
            continue
        work.refer("card", card.id, "after", "card", card.after)
        chain, here = [card.id], card.after
        while here in cards and here not in chain:
            chain.append(here)
            here = cards[here].after or ""
        if here in chain:
            loop = chain[chain.index(here):]
            if not told & set(loop):
                told |= set(loop)
                work.add("card", card.id, "after", f"the chain runs in a circle: {' after '.join([*loop, here])}")
            continue
        before = cards.get(card.after)
        if before is not None and window(before) and window(card) and window(before)[0] >= window(card)[-1]:
            work.add(
                "card", card.id, "after",
                f"can never come: '{card.after}' comes in {quarter_label(window(before)[0])} at the earliest, "
                f"this card in {quarter_label(window(card)[-1])} at the latest",
            )


def _played(work: Checking, scenario: s.Scenario) -> None:
    """Cards that a scenario names but that cannot come in its quarters."""
    if isinstance(scenario.cards, str):
        return
    first = parse_quarter(scenario.first)
    period = range(first, first + scenario.quarters)
    for label in scenario.cards:
        card = work.content.cards.get(label)
        if card is not None and window(card) and not any(q in period for q in window(card)):
            work.add("scenario", scenario.id, "cards", f"card '{label}' cannot come in the scenario's quarters")
        elif card is not None and card.after and card.after not in scenario.cards:
            message = f"card '{label}' comes after '{card.after}', which is not listed"
            work.add("scenario", scenario.id, "cards", message)


def _choice(work: Checking, card: s.Card, key: str, choice: s.Choice) -> None:
    if choice.cost.cash and choice.cost.scale:
        work.add("card", card.id, f"{key}.cost", "give cash or scale, not both")
    work.conditions("card", card.id, f"{key}.requires", choice.requires, CONDITIONS)
    if len(choice.effects) > MAX_EFFECTS:
        work.add("card", card.id, f"{key}.effects", f"are {len(choice.effects)}; the rules take up to {MAX_EFFECTS}")
    for index, effect in enumerate(choice.effects):
        _effect(work, card, f"{key}.effects[{index}]", effect)


def _effect(work: Checking, card: s.Card, key: str, effect: s.Effect) -> None:
    target = TARGETS.get(effect.target)
    if target is None:
        hint = did_you_mean(effect.target, TARGETS)
        work.add("card", card.id, f"{key}.target", f"'{effect.target}' cannot be moved by a card{hint}")
        return
    if effect.op not in target.ops:
        allowed = " or ".join(target.ops)
        work.add("card", card.id, f"{key}.op", f"'{effect.op}' does not go with {effect.target}; write {allowed}")
    if target.timed and effect.quarters < 1:
        work.add("card", card.id, f"{key}.quarters", f"{effect.target} works for a time; give quarters = 1 or more")
    if not target.timed and effect.quarters > 0:
        message = f"{effect.target} changes at once and for good; leave quarters out"
        work.add("card", card.id, f"{key}.quarters", message)
    if effect.target in SPECIAL and effect.who != "self":
        work.add("card", card.id, f"{key}.who", f"{effect.target} happens to the deciding firm only; leave who out")
    if effect.target in SPECIAL and effect.chance < 1:
        work.add("card", card.id, f"{key}.chance", f"{effect.target} happens or does not; leave chance out")
    _effect_segment(work, card, key, effect, target)
    _effect_amount(work, card, key, effect, target)


def _effect_segment(work: Checking, card: s.Card, key: str, effect: s.Effect, target: Target) -> None:
    place = f"{key}.segment"
    if not effect.segment:
        if target.segment in ("any", "vertical"):
            work.add("card", card.id, place, f"{effect.target} needs a segment, all or focus")
        return
    if target.segment == "":
        if target.timed:
            message = f"{effect.target} works on all segments; leave segment out"
            work.add("card", card.id, place, message, "warning")
        else:
            work.add("card", card.id, place, f"{effect.target} belongs to a whole firm; leave segment out")
        return
    allowed = (*(VERTICALS if target.segment == "vertical" else SEGMENTS), *ANY_SEGMENT)
    if effect.segment not in allowed:
        hint = did_you_mean(effect.segment, allowed, limit=12)
        work.add("card", card.id, place, f"'{effect.segment}' has no {effect.target}{hint}")


def _effect_amount(work: Checking, card: s.Card, key: str, effect: s.Effect, target: Target) -> None:
    ways = [effect.amount is not None, effect.low is not None or effect.high is not None, effect.figure is not None]
    if sum(ways) != (1 if effect.target not in BARE else min(sum(ways), 1)):
        work.add("card", card.id, key, "give exactly one of amount, low with high, or figure")
        return
    if ways[1] and (effect.low is None or effect.high is None or effect.low > effect.high):
        work.add("card", card.id, f"{key}.low", "a range runs from low to high, and needs both")
        return
    if isinstance(effect.amount, str):
        if target.axis_value != "route":
            work.add("card", card.id, f"{key}.amount", f"expected a number, found '{effect.amount}'")
            return
        if effect.amount not in ROUTES:
            hint = did_you_mean(effect.amount, ROUTES)
            work.add("card", card.id, f"{key}.amount", f"'{effect.amount}' is no route{hint}")
            return
    if effect.figure is not None:
        work.refer("card", card.id, f"{key}.figure", "figure", effect.figure)
        figure = work.content.figures.get(effect.figure)
        if figure is None:
            return
        try:
            figure_number(figure, effect.use)
        except ValueError as error:
            work.add("card", card.id, f"{key}.figure", str(error))
            return
        if figure.id in work.content.disowned and not admits_doubt(card.note):
            causes = ", ".join(work.content.disowned[figure.id])
            message = f"figure '{figure.id}' is disowned by caution '{causes}'; say in the note that it is doubted"
            work.add("card", card.id, f"{key}.figure", message)
    low, high = effect_range(work.content, effect)
    if target.axis_value == "route" and low not in range(len(ROUTES)):
        work.add("card", card.id, f"{key}.amount", f"{low:g} is no route; allowed: {', '.join(ROUTES)}")
    if effect.op == "mul" and low <= -1:
        work.add("card", card.id, key, f"mul is relative, so {low:g} leaves nothing or less; -0.1 is a tenth less")
        return
    limit = (target.large or {}).get(effect.op)
    if limit is not None and max(abs(low), abs(high)) > limit:
        hint = " (mul is relative: 0.1 is a tenth more)" if effect.op == "mul" else ""
        size = max(abs(low), abs(high))
        message = f"{size:g} is a lot for {effect.target}; usual is up to {limit:g}{hint}"
        work.add("card", card.id, key, message, "warning")
