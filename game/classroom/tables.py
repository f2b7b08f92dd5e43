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
from game.table.local import market_for, room_market, seats_of
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


def shared_market(content: Content, plan: Plan) -> EngineMarket:
    """The market in which every team's firm stands."""
    return room_market(
        content, plan.scenario, [plan.background] * plan.teams, plan.difficulty, plan.assume, __version__, plan.levers,
        seats=[team_id(n + 1) for n in range(plan.teams)],
    )  # fmt: skip


def own_market(content: Content, plan: Plan) -> EngineMarket:
    """The market of a team that plays by itself."""
    return market_for(content, plan.scenario, plan.background, plan.difficulty, plan.assume, __version__, plan.levers)


def markets(content: Content, plan: Plan) -> list[EngineMarket]:
    """The markets of the first round: one, or one a team (each keeps notes of its own table)."""
    if plan.mode == "shared":
        return [shared_market(content, plan)]
    return [own_market(content, plan) for _ in range(plan.teams)]


def seats(content: Content, market: EngineMarket, people: int) -> dict[int, str]:
    """Who decides for each firm: people for the first ones, the level's policy for the rest."""
    return {**seats_of(content, market, HUMAN), **dict.fromkeys(range(people), HUMAN)}


def new_tables(content: Content, plan: Plan) -> list[Table]:
    """The tables of the first round at their first quarter."""
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    people = plan.teams if plan.mode == "shared" else 1
    return [
        Table.new(
            market, seats(content, market, people), seed=plan.seed, created=created, planned=plan.planned,
            to_the_end=True,
        )
        for market in markets(content, plan)
    ]  # fmt: skip


def resumed(markets: Sequence[EngineMarket], runs: Mapping[int, Sequence[bytes]]) -> list[Table]:
    """Tables as their runs leave them. Raises what `run_of` and `Table.resume` raise."""
    return [
        Table.resume(market, run_of(Path(NAME), b"".join(raw + b"\n" for raw in runs.get(place, ()))))
        for place, market in enumerate(markets)
    ]
