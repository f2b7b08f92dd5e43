"""After a firm has ended: its team is receiver and investor, forecasts the price, and may found a small firm once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.classroom.messages import Terms

if TYPE_CHECKING:
    from game.classroom.hall import Hall
    from game.classroom.people import Team


def may_found_again(hall: Hall, team: Team) -> bool:
    """Whether a team may ask for a second firm: its first is gone, it has asked for none, and a quarter is left."""
    table, firm = hall.seat(team)
    if team.reentered or team.returning or hall.phase not in ("open", "between") or hall.trading(team):
        return False
    left = hall.last - hall.quarter + (0 if hall.phase == "open" else 1)
    return left > 0 and table.may_found_again(firm)


def terms_of(hall: Hall, team: Team) -> Terms | None:
    """What the team's second firm would begin with now; None where it may found none."""
    if not may_found_again(hall, team):
        return None
    table, firm = hall.seat(team)
    found = table.market.reentry_terms(table.state, firm)
    return Terms(found.cash, found.founders_share, found.capability)
