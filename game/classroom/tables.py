"""The tables of a room: one market for all teams, or one a team under the same luck, all in memory.

Nothing here writes a file: the lines of each run go from the table's record into the room's store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game import __version__
from game.classroom.plan import Plan
from game.table.contract import HUMAN
from game.table.local import room_market, seats_of
from game.table.market import EngineMarket
from game.table.runfile import run_of
from game.table.table import Table

if TYPE_CHECKING:
    from game.content import Content

NAME: Final = "room.baimo"
"""What a run of a room is called while it has no file."""


def team_id(number: int) -> str:
    """Id of a team, and of its firm in a shared market."""
    return f"seat-{number}"


def market_of_round(content: Content, plan: Plan, round: int, people: int) -> EngineMarket:
    """A market with the firms of ``people`` teams, of the whole scenario or of one of its two rounds."""
    part = round if rounds_of(content, plan) > 1 else 0
    return room_market(
        content, plan.scenario, [plan.background] * people, plan.difficulty, plan.assume, __version__, plan.levers,
        seats=[team_id(n + 1) for n in range(people)], round=part,
    )  # fmt: skip


def rounds_of(content: Content, plan: Plan) -> int:
    """How many rounds a scenario is played in."""
    return 1 if content.scenarios[plan.scenario].middle is None else 2


def is_shared(plan: Plan, round: int) -> bool:
    """Whether all teams stand in one market in a round; in the second of two they always do."""
    return plan.mode == "shared" or round > 1


def markets(content: Content, plan: Plan, round: int) -> list[EngineMarket]:
    """The markets of a round: one, or one a team (each keeps notes of its own table)."""
    if is_shared(plan, round):
        return [market_of_round(content, plan, round, plan.teams)]
    return [market_of_round(content, plan, round, 1) for _ in range(plan.teams)]


def seats(content: Content, market: EngineMarket) -> dict[int, str]:
    """Who decides for each firm: people for those of teams, the level's policy for the rest."""
    return seats_of(content, market, HUMAN)


def stamp() -> str:
    """When a table is founded, for its head."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def planned_in(plan: Plan, market: EngineMarket) -> dict[int, list[str]]:
    """The cards planned for the quarters of a market."""
    return {q: cards for q, cards in plan.planned.items() if market.first <= q < market.first + market.quarters}


def new_tables(content: Content, plan: Plan) -> list[Table]:
    """The tables of the first round at their first quarter. A table of one team is said to be its number's, so that its
    run can be handed out as it is: the second round's run names it by its checksum."""
    return [
        Table.new(
            market, seats(content, market), seed=plan.seed, created=stamp(), planned=planned_in(plan, market),
            to_the_end=True, player="" if is_shared(plan, 1) else str(number),
        )
        for number, market in enumerate(markets(content, plan, 1), 1)
    ]  # fmt: skip


def resumed(markets: Sequence[EngineMarket], runs: Mapping[int, Sequence[bytes]]) -> list[Table]:
    """Tables as their runs leave them. Raises what `run_of` and `Table.resume` raise."""
    return [
        Table.resume(market, run_of(Path(NAME), b"".join(raw + b"\n" for raw in runs.get(place, ()))))
        for place, market in enumerate(markets)
    ]
