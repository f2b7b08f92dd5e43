"""What a room is opened with: chosen once by the teacher, kept in the room's store, never changed afterwards."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from game.classroom.errors import ClassError
from game.classroom.messages import MAX_NAME
from game.language.clean import clean_text
from game.table.assignment import may_be_dealt, near

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from game.content import Content

MOST_TEAMS: Final = 40
"""Teams of a room in parallel markets; in a shared one there is a firm for each, so the scenario's firms are the limit."""
MOST_MEMBERS: Final = 8
"""Members of a team."""
MOST_PEOPLE: Final = 120
"""People in a room."""
LEAST_SECONDS: Final = 5.0
MOST_SECONDS: Final = 7200.0
MOST_TOLD: Final = 500
"""Messages to the class that a room keeps."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a room is made of. Ids are those of content; `checked` says what is wrong with one."""

    scenario: str = "price-war"
    mode: Literal["shared", "parallel"] = "shared"
    """Teams are firms of one market, or each has a market of its own under the same luck. Of a scenario in two rounds the
    first is always parallel and the second shared."""
    difficulty: str = "manager"
    assume: str = "none"
    levers: str = ""
    """``five`` or ``all``; empty for what the scenario says."""
    seed: str = ""
    """The luck: 32 hex digits as drawn, or the text that the teacher typed. A secret until the debrief."""
    background: str = "lab-spin-off"
    teams: int = 6
    names: list[str] = []
    """Names of the teams, the first ones first; teams without one go by their number."""
    seconds: float | None = None
    """Clock of a quarter that is opened without one of its own; None for no clock."""
    planned: dict[int, list[str]] = {}
    """Cards dealt to all at the start of a quarter (counted from 2023 Q1)."""
    roles: bool = True
    """Whether members hold roles with briefings of their own."""
    members: int = MOST_MEMBERS
    """Most members of a team."""


def drawn(plan: Plan) -> Plan:
    """The plan with a seed of 128 bits drawn, if it has none."""
    return plan if plan.seed.strip() else msgspec.structs.replace(plan, seed=secrets.token_hex(16))


def first_quarter(content: Content, scenario: str) -> int:
    """First quarter of a scenario, counted from 2023 Q1."""
    from game.content.vocabulary import parse_quarter

    return parse_quarter(content.scenarios[scenario].first)


def checked(content: Content, plan: Plan) -> Plan:
    """The plan as a room can be opened with: seed drawn, names cleaned.

    Raises `ClassError` with the first thing that is wrong with it.
    """
    kinds: Mapping[str, Collection[str]] = {
        "scenario": content.scenarios, "difficulty": content.difficulties, "assume": content.assumptions,
        "background": content.backgrounds,
    }
    for kind, known in kinds.items():
        if getattr(plan, kind) not in known:
            raise ClassError(f"class.room.unknown.{kind}", name=clean_text(getattr(plan, kind)), known=", ".join(known))
    if plan.mode not in ("shared", "parallel"):
        raise ClassError("class.room.unknown.mode", name=clean_text(plan.mode))
    if plan.levers not in ("", "five", "all"):
        raise ClassError("class.room.unknown.levers", name=clean_text(plan.levers))
    scenario = content.scenarios[plan.scenario]
    if scenario.middle is not None:  # of two rounds the first is played apart
        plan = msgspec.structs.replace(plan, mode="parallel")
    one_market = plan.mode == "shared" or scenario.middle is not None
    most = min(scenario.firms, MOST_TEAMS) if one_market else MOST_TEAMS
    if not 1 <= plan.teams <= most:
        raise ClassError("class.room.teams", given=plan.teams, most=most)
    if plan.seconds is not None and not LEAST_SECONDS <= plan.seconds <= MOST_SECONDS:
        raise ClassError("class.room.seconds", low=int(LEAST_SECONDS), high=int(MOST_SECONDS))
    if not 1 <= plan.members <= MOST_MEMBERS:
        raise ClassError("class.room.members", given=plan.members, most=MOST_MEMBERS)
    first, length = first_quarter(content, plan.scenario), scenario.quarters
    deck = [card.id for card in content.cards_of(plan.scenario) if may_be_dealt(card)]
    for quarter, cards in plan.planned.items():
        if not first <= quarter < first + length:
            raise ClassError("class.room.planned-quarter", turn=quarter - first + 1, quarters=length)
        for card in cards:
            if card not in deck:
                raise ClassError("class.room.no-card", card=clean_text(card), near=near(card, deck))
    names = [clean_text(name, MAX_NAME) for name in plan.names[: plan.teams]]
    return drawn(msgspec.structs.replace(plan, names=names))
