"""The rules digest: a fingerprint of everything that engine and policies read, and of nothing else.

Taken after overlays, with references to figures resolved to numbers, in canonical JSON (sorted keys, all numbers as
floats). Names, texts, notes, interface messages, guides, facts, ghosts, endings, gazette, goals, first hour and
achievements stand outside it, and so does the order of entries except where the rules see it (cards of a scenario, segments, rivals).

A scenario that stands ``apart`` is in the digest of its own runs alone: by coming it orphans no run of the others.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from . import schema as s
from .book import Content
from .resolve import effect_range, parameter_values, route_index
from .vocabulary import parse_quarter

DIGEST_VERSION = 1


def rules_digest(content: Content, scenario: str = "") -> str:
    """SHA-256, in hex, of `rules_json`."""
    return hashlib.sha256(rules_json(content, scenario)).hexdigest()


def rules_json(content: Content, scenario: str = "") -> bytes:
    """What engine and policies read of a content, as canonical JSON; for runs of ``scenario``, which matters only where
    that stands apart.

    Raises ValueError where a number cannot be resolved; a checked content always can.
    """
    plans = [p for p in content.scenarios.values() if not p.apart or p.id == scenario]
    here = {p.id for p in plans}
    value = {
        "version": DIGEST_VERSION,
        "assumptions": {name: parameter_values(content, name) for name in content.assumptions},
        "cards": [_card(content, card) for card in content.cards.values()],
        "segments": list(content.segments),
        "levers": {v.id: [v.kind, v.low, v.high, v.step, v.log, v.five] for v in content.levers.values()},
        "five": {row.id: row.moves for row in content.five.values()},
        "rivals": {r.id: _rival(r) for r in content.rivals.values()},
        "backgrounds": {b.id: _firm(b) for b in content.backgrounds.values()},
        "difficulties": {d.id: [d.policy, d.speed] for d in content.difficulties.values()},
        "scenarios": {p.id: _scenario(p) for p in plans},
        "starts": {
            label: hashlib.sha256(path.read_bytes()).hexdigest()
            for label, path in content.starts.items() if label in here
        },
    }
    return msgspec.json.encode(value, order="sorted")


def _conditions(conditions: list[s.Condition]) -> list[Any]:
    return [[c.what, c.op, c.number, c.segment] for c in conditions]


def _card(content: Content, card: s.Card) -> dict[str, Any]:
    return {
        "id": card.id, "act": sorted(set(card.act)), "first": card.first, "last": card.last, "odds": card.odds,
        "weight": card.weight, "once": card.once, "when": _conditions(card.when), "after": card.after,
        "choices": [
            {
                "cost": [choice.cost.cash, choice.cost.scale], "requires": _conditions(choice.requires),
                "effects": [
                    [e.target, e.op, *effect_range(content, e), e.who, e.segment, e.quarters, e.chance]
                    for e in choice.effects
                ],
            }
            for choice in card.choices
        ],
    }


def _firm(firm: s.Rival | s.Background) -> dict[str, Any]:
    start, traits = msgspec.structs.asdict(firm.start), msgspec.structs.asdict(firm.traits)
    start["route"] = route_index(firm.start.route)
    start["staff"] = {name: float(people) for name, people in firm.start.staff.items()}
    traits["opening"] = route_index(firm.traits.opening)
    return {"start": start, "traits": traits}


def _rival(rival: s.Rival) -> dict[str, Any]:
    tells = [[tell.id, _conditions(tell.when)] for tell in rival.tells]
    return {**_firm(rival), "archetype": rival.archetype, "tells": tells}


def _scenario(plan: s.Scenario) -> dict[str, Any]:
    value = {
        "first": parse_quarter(plan.first), "quarters": plan.quarters, "levers": plan.levers, "firms": plan.firms,
        "rivals": plan.rivals, "cards": plan.cards, "segments": sorted(plan.segments), "start": plan.start,
    }
    return value if plan.middle is None else {**value, "middle": parse_quarter(plan.middle)}
