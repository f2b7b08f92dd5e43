"""What a room shows: to a member (`Now`), to the teacher (`Desk`), to the projector (`Board`). Pure readings of the hall."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from game.classroom.again import terms_of
from game.classroom.hall import Hall
from game.classroom.messages import (
    Board,
    BoardRow,
    BoardTeam,
    Desk,
    DeskMember,
    DeskTeam,
    Mate,
    Now,
    Rival,
    Told,
)
from game.classroom.people import Member, Team
from game.engine.names import STATUSES

if TYPE_CHECKING:
    from game.table.table import Table

TOLD: int = 20
"""Newest messages to the class that a member is sent."""


def status(hall: Hall, team: Team) -> str:
    """``active`` or how the team's firm ended."""
    table, firm = hall.seat(team)
    return STATUSES[int(table.state.status[firm, 0])]


def worth(hall: Hall, team: Team) -> float:
    """Value of a team's firm at the end of the last quarter, CNY."""
    table, firm = hall.seat(team)
    return table.history(firm)[-1].value


def ranks(hall: Hall) -> dict[str, int]:
    """Rank of each team by value, 1 best: among all firms of a shared market, among the teams of parallel ones.

    Of firms that are worth the same, as bankrupt ones are, those go first that lasted longer, then the lower number.
    """
    if hall.shared:
        return {team.id: hall.tables[0].history(team.number - 1)[-1].rank for team in hall.teams}

    def order(team: Team) -> tuple[bool, float, int, int]:
        table, firm = hall.seat(team)
        return not hall.trading(team), -worth(hall, team), -int(table.state.ended[firm, 0]), team.number

    return {team.id: place for place, team in enumerate(sorted(hall.teams, key=order), 1)}


def names(hall: Hall, team: Team) -> dict[str, str]:
    """Names of teams by the ids of their firms, as a member of ``team`` needs them."""
    if hall.shared:
        return {hall.tables[0].head.firms[t.number - 1]: t.shown for t in hall.teams}
    return {hall.seat(team)[0].head.firms[0]: team.shown}


def firm_id(hall: Hall, team: Team) -> str:
    """Id of a team's firm at its table."""
    table, firm = hall.seat(team)
    return table.head.firms[firm]


def open_now(hall: Hall) -> bool:
    """Whether a quarter is open or being closed."""
    return hall.phase in ("open", "closing")


def dealt(hall: Hall) -> list[str]:
    """Cards dealt to all in the quarter that is open."""
    return list(hall.tables[0].dealt()) if open_now(hall) and not hall.tables[0].over else []


def planned(hall: Hall) -> list[str]:
    """Cards that will be dealt when the next quarter opens."""
    table = hall.tables[0]
    if hall.phase in ("debrief", "over"):
        return []
    ahead = table.quarter + 1 if open_now(hall) else table.quarter
    return [*table.head.planned.get(ahead, []), *hall.waiting_cards]


def seed(hall: Hall) -> str:
    """The luck as typed or drawn, once it may be known."""
    return hall.plan.seed if hall.phase in ("debrief", "over") else ""


def length(hall: Hall) -> int:
    """Quarters of the scenario."""
    return hall.tables[0].head.quarters


def told(hall: Hall, most: int) -> list[Told]:
    """The newest messages to the class, oldest first."""
    return [Told(number, text) for number, text in hall.told[-most:]]


def now(hall: Hall, member: Member) -> Now:
    """Everything of the room that concerns a member."""
    team = hall.team_of(member)
    table, firm = hall.seat(team)
    order = ranks(hall) if hall.ranking else {}
    receiver = not hall.trading(team)
    return Now(
        version=hall.version, phase=hall.phase, paused=hall.paused or bool(hall.trouble), mode="shared" if hall.shared else "parallel",
        scenario=hall.plan.scenario, round=hall.round, quarter=table.quarter, first_quarter=table.head.first,
        quarters=table.head.quarters, left=hall.clock.left() if open_now(hall) else None, member=member.id,
        name=member.shown, team=team.id, team_name=team.shown, firm=firm, role=member.role, pen=team.pen == member.id,
        decided=team.decided, mates=[_mate(m, team) for m in team.members],
        rivals=[_rival(hall, t, order) for t in hall.teams if t is not team], draft=team.draft, saved=team.saved,
        absent=team.absent, stood_in=team.stood_in, receiver=receiver, terms=terms_of(hall, team),
        told=told(hall, TOLD), dealt=dealt(hall), names=names(hall, team), notice=hall.trouble,
        forecast=dict(member.forecast), reason=member.reason, seed=seed(hall),
        ended=bool(table.ending(firm)) or hall.phase in ("debrief", "over") or hall.played_out,
    )  # fmt: skip


def _mate(m: Member, team: Team) -> Mate:
    return Mate(m.id, m.shown, m.role, team.pen == m.id, m.here, bool(m.forecast), bool(m.reason))


def _rival(hall: Hall, t: Team, order: dict[str, int]) -> Rival:
    return Rival(t.id, t.shown, firm_id(hall, t), t.decided, bool(t.here), status(hall, t), order.get(t.id))


def desk(hall: Hall) -> Desk:
    """Everything the teacher sees."""
    table, order = hall.tables[0], ranks(hall)
    return Desk(
        version=hall.version, scenario=hall.plan.scenario, mode="shared" if hall.shared else "parallel",
        difficulty=hall.plan.difficulty, assume=hall.plan.assume, levers=table.head.levers, code=hall.code,
        phase=hall.phase, paused=hall.paused or bool(hall.trouble), round=hall.round, rounds=hall.rounds, quarter=table.quarter,
        first_quarter=table.head.first, quarters=table.head.quarters,
        left=hall.clock.left() if open_now(hall) else None, ranking=hall.ranking,
        teams=[_desk_team(hall, t, order[t.id]) for t in hall.teams], told=told(hall, 10**6), dealt=dealt(hall),
        planned=planned(hall), cards=list(table.market.dealable), trouble=hall.trouble, seed=seed(hall),
    )  # fmt: skip


def _desk_team(hall: Hall, t: Team, rank: int) -> DeskTeam:
    table, firm = hall.seat(t)
    row = table.history(firm)[-1]
    return DeskTeam(
        t.id, t.shown, firm_id(hall, t), [_desk_member(m, t) for m in t.members], t.decided, t.draft is not None,
        status(hall, t), t.absent, rank, row.value, row.cash, t.stood_in, t.reentered,
    )  # fmt: skip


def _desk_member(m: Member, t: Team) -> DeskMember:
    return DeskMember(m.id, m.shown, m.role, t.pen == m.id, m.here, m.way, bool(m.forecast), bool(m.reason))


def board(hall: Hall) -> Board:
    """What the projector shows."""
    order = ranks(hall) if hall.ranking else {}
    teams = [
        BoardTeam(t.shown, firm_id(hall, t), t.decided, len(t.here), status(hall, t), order.get(t.id),
                  worth(hall, t) if hall.ranking else None)
        for t in hall.teams
    ]  # fmt: skip
    table = hall.tables[0]
    return Board(
        version=hall.version, scenario=hall.plan.scenario, phase=hall.phase, paused=hall.paused or bool(hall.trouble), round=hall.round,
        quarter=table.quarter, first_quarter=table.head.first, quarters=table.head.quarters,
        left=hall.clock.left() if open_now(hall) else None, code=hall.code, teams=teams, history=list(hall.history),
        told=told(hall, 5), dealt=dealt(hall), ranking=hall.ranking, seed=seed(hall),
    )  # fmt: skip


def board_row(tables: Sequence[Table], shared: bool) -> BoardRow:
    """What is public at the end of the last quarter (the opening before the first): of parallel markets the middle one's."""
    lasts = [t.history(t.humans[0])[-1] for t in tables]
    trading = sum(t.market.active(t.state, f) for t in tables for f in (range(len(t.head.firms)) if shared else (0,)))
    return BoardRow(
        lasts[0].quarter, median(r.token_price for r in lasts), int(median(r.live_models for r in lasts)), trading
    )
