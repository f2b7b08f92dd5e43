"""The second of two rounds: all teams in one market, each with what its firm has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.classroom import rows
from game.classroom.errors import ClassError
from game.classroom.tables import is_shared, markets, planned_in, seats, stamp
from game.table.rounds import merge_round

if TYPE_CHECKING:
    from game.classroom.hall import Hall
    from game.classroom.store import Op
    from game.table.table import Table


def need_next_round(hall: Hall) -> None:
    """Raises `ClassError` unless the first of two rounds has been played to its end."""
    if hall.rounds < 2 or hall.round > 1:
        raise ClassError("class.room.one-round")
    if hall.phase != "between" or not hall.played_out:
        raise ClassError("class.room.round-not-over")


def merged_table(hall: Hall) -> Table:
    """The table of the second round, under the same seed: its quarters are others, and so are their draws."""
    (market,) = markets(hall.content, hall.plan, hall.round + 1)
    return merge_round(
        market, [hall.seat(team) for team in hall.teams], seats(hall.content, market), seed=hall.plan.seed,
        created=stamp(), planned=planned_in(hall.plan, market),
    )  # fmt: skip


def begin_round(hall: Hall, table: Table) -> list[Op]:
    """Sit down at the table of the second round; what the store has to keep. Members, teams and pens stay."""
    hall.tables, hall.round, hall.waiting_cards = [table], hall.round + 1, []
    assert is_shared(hall.plan, hall.round)
    for team in hall.teams:
        team.begin_quarter()
        team.stood_in, team.returning = "", False
    return [
        rows.setting("round", hall.round), rows.setting("waiting_cards", []), *(rows.team(t) for t in hall.teams),
        *hall.new_lines(),
    ]
