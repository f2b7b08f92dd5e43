"""Games on this machine: a folder of runs, and the markets to play them on.

The rules, and numpy with them, are imported when the first market is built, tables when the first game begins: a title
screen should not wait for them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from game.content import Content
from game.content.schema import Condition, Goal
from game.content.starts import start_state
from game.table.errors import Foreign, RunError
from game.table.files import free_path
from game.table.founding import Founding
from game.table.lines import Head
from game.table.listing import Listed, list_runs
from game.table.runfile import SUFFIX, read_run
from game.table.settings import keep_setting
from game.table.wire import Message

if TYPE_CHECKING:
    from game.table.market import EngineMarket
    from game.table.seat import Host, LocalSeat
    from game.table.table import Table


def market_for(
    content: Content, scenario: str, background: str, difficulty: str, assume: str, program: str, levers: str = ""
) -> EngineMarket:
    """The market of one seat; ``levers`` (``five`` or ``all``) overrides how many the scenario shows.

    Raises KeyError for an id that content does not have.
    """
    return room_market(content, scenario, [background], difficulty, assume, program, levers)


def room_market(
    content: Content, scenario: str, backgrounds: Sequence[str], difficulty: str, assume: str, program: str,
    levers: str = "", seats: Sequence[str] | None = None, round: int = 0,
) -> EngineMarket:  # fmt: skip
    """The market in which several people's firms meet, one a background and row by row; rivals fill the rest.

    ``seats`` names these firms (``seat-1`` ... by default). In a scenario that begins later each starts from the state
    that its own background is in by then (`game.table.seating`). ``round`` 1 and 2 are the quarters before and from the
    middle of a scenario in two rounds (`game.table.rounds`), 0 all of them. Raises KeyError for an id that content does
    not have, ValueError for more firms than the scenario has room for, for names that are not told apart, or for a
    round that there is none of.
    """
    from game.content.build import build_rules
    from game.table.market import EngineMarket

    check_seats(content, scenario, backgrounds, seats)
    if levers not in ("", "five", "all"):
        raise KeyError(levers)
    start = start_state(content, scenario, backgrounds[0])
    rules = build_rules(
        content, scenario, backgrounds, assume=assume, difficulty=difficulty, start=start, seats=seats, levers=levers
    )
    if start is not None and len(backgrounds) > 1:
        from game.table.seating import seat_starts

        rules = seat_starts(content, scenario, backgrounds, rules)
    if round:
        from game.table.rounds import round_rules

        rules = round_rules(content, scenario, round, rules, difficulty)
    return EngineMarket(
        rules, content, scenario=scenario, backgrounds=backgrounds, difficulty=difficulty, assume=assume,
        program=program,
    )  # fmt: skip


def check_seats(content: Content, scenario: str, backgrounds: Sequence[str], seats: Sequence[str] | None) -> None:
    """Whether so many firms of such names fit a scenario. Raises KeyError or ValueError as `room_market`."""
    room = content.scenarios[scenario].firms
    if not 1 <= len(backgrounds) <= room:
        raise ValueError(f"{scenario} has room for 1 to {room} firms, not {len(backgrounds)}")
    if seats is not None and (
        len(set(seats)) != len(backgrounds) or len(seats) != len(backgrounds) or set(seats) & content.rivals.keys()
    ):
        raise ValueError("every firm needs a name of its own that is no rival's")


def market_of(content: Content, head: Head, program: str, file: str = "") -> EngineMarket:
    """The market that a run was played on. Raises `Foreign` where content lacks something that its head names."""
    kinds = (
        ("scenario", [head.scenario], content.scenarios), ("background", head.backgrounds, content.backgrounds),
        ("difficulty", [head.difficulty], content.difficulties), ("assumptions", [head.assume], content.assumptions),
    )  # fmt: skip
    for kind, names, known in kinds:
        for name in names:
            if name not in known:
                raise Foreign(file, kind, name)
    if head.levers not in ("five", "all"):
        raise Foreign(file, "content", head.levers)
    seats = head.firms[: len(head.backgrounds)]
    from game.table.rounds import round_of

    try:
        return room_market(
            content, head.scenario, head.backgrounds, head.difficulty, head.assume, program, head.levers, seats,
            round_of(content, head),
        )  # fmt: skip
    except ValueError as error:
        raise Foreign(file, "content", ", ".join(head.firms)) from error


def seats_of(content: Content, market: EngineMarket, first: str) -> dict[int, str]:
    """Who decides for each firm: ``first`` (``human`` or a policy) for those with a background, the level's policy for
    rivals."""
    rivals = content.difficulties[market.difficulty].policy
    own = len(market.backgrounds)
    return {f: first if f < own else rivals for f in range(len(market.firms))}


class LocalHost:
    """Keeps the tables of one player: new games, old runs, undo and forks, in the folder ``saves``."""

    def __init__(
        self, content: Content, saves: Path, program: str, *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(), settings: Path | None = None,
    ) -> None:  # fmt: skip
        self.content, self.saves, self.program = content, saves, program
        self._now, self._settings = now, settings
        self.table: Table | None = None
        self._host: Host | None = None
        self._player = ""

    def list_runs(self) -> Sequence[Listed]:
        """Runs in the folder, last written first."""
        return list_runs(self.saves)

    async def new_game(self, founding: Founding) -> LocalSeat:
        """A new game in a file of its own. An empty seed is drawn."""
        seed = founding.seed.strip() or drawn_seed()
        market = market_for(
            self.content, founding.scenario, founding.background, founding.difficulty, founding.assume, self.program,
            founding.levers,
        )  # fmt: skip
        from game.table.table import HUMAN, Table

        table = Table.new(
            market, seats_of(self.content, market, HUMAN), seed=seed, created=self._stamp(),
            path=self._path(founding.scenario), player=founding.name, planned=founding.planned,
            assignment=founding.assignment, undo=founding.undo,
        )  # fmt: skip
        return self._take(table)

    async def open_run(self, path: Path) -> LocalSeat:
        """Go on with a run."""
        market = self.market_of(read_run(path).head, path)
        from game.table.table import Table

        before = self.table, self._host
        self.close()
        try:
            return self._take(Table.resume(market, path))
        except BaseException:
            self.table, self._host = before  # goes on; its writer takes the lock again with the next quarter
            raise

    async def undo(self, quarter: int) -> LocalSeat:
        """The game at hand again from the start of ``quarter``: a new run, marked as undone."""
        table = self._at_hand()
        return self._take(table.undo(quarter, created=self._stamp(), path=self._path(table.head.scenario)))

    async def fork(self, path: Path | None, quarter: int) -> LocalSeat:
        """A run, or the game at hand, again from the start of ``quarter``: a new run that names its parent."""
        if path is None:
            table = self._at_hand()
            return self._take(table.fork(quarter, created=self._stamp(), path=self._path(table.head.scenario)))
        from game.table.table import Table

        run = read_run(path)
        with Table.resume(self.market_of(run.head, path), run) as parent:
            fork = parent.fork(quarter, created=self._stamp(), path=self._path(run.head.scenario))
        return self._take(fork)

    def market_of(self, head: Head, path: Path) -> EngineMarket:
        """The market that a run was played on. Raises `Foreign` where content lacks something it names."""
        return market_of(self.content, head, self.program, path.name)

    def names(self) -> Mapping[str, str]:
        """Names that people gave their firms, by firm id."""
        return {self.table.head.firms[self.table.head.firm]: self._player} if self.table and self._player else {}

    def holds(self, condition: Condition | Goal) -> bool:
        """Whether a condition of an epilogue or a goal is true of the own firm, in its last living quarter."""
        table = self._at_hand()
        return table.market.holds(table.last_living(table.head.firm), table.head.firm, condition)

    def warm(self) -> None:
        """Build a market once, so that the rules are loaded by the time they are wanted."""
        market_for(self.content, "war", next(iter(self.content.backgrounds)), "manager", "none", self.program)

    def remember(self, setting: str, value: str) -> bool:
        """Keep a setting for the next time; whether that worked (see `game.table.settings`)."""
        return self._settings is None or keep_setting(self._settings, setting, value)

    def unsaved(self) -> int:
        """Quarters of the game at hand that are not on disk, after one more try to bring them there."""
        return self.table.unsaved() if self.table is not None else 0

    def run_file(self) -> Path | None:
        """The file of the game at hand; None where there is none on disk."""
        path = self.table.record.path if self.table is not None else None
        return path if path is not None and path.is_file() else None

    def trouble(self) -> RunError | None:
        """Why the game at hand is not on disk, or None."""
        return self.table.trouble if self.table is not None else None

    def notices(self) -> list[Message]:
        """What a person should be told about the file of the game at hand: a tail set aside, older rules."""
        return self.table.notices if self.table is not None else []

    def save(self) -> None:
        """Bring the game at hand to disk. Raises `SaveError` or `LockedError` where that does not work."""
        if self.table is not None:
            self.table.record.save()

    def close(self) -> None:
        """Let go of the game at hand; what is not on disk yet is tried once more."""
        if self.table is not None:
            self.table.close()
        self.table = self._host = None

    def _take(self, table: Table) -> LocalSeat:
        from game.table.seat import Host

        if self.table is not None and self.table is not table:
            self.table.close()
        # of a class's run one firm is played on here; nobody else will come
        self.table, self._host, self._player = table, Host(table, alone=True), table.head.player
        self._host.think_ahead()
        return self._host.seat(table.head.firm)

    def _at_hand(self) -> Table:
        if self.table is None:
            raise LookupError("no game is open")
        return self.table

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _path(self, scenario: str) -> Path:
        stem = f"{self._now():%Y%m%d-%H%M%S}-{scenario}"
        with contextlib.suppress(OSError):  # else the game goes on in memory, and the table's `trouble` says so
            self.saves.mkdir(parents=True, exist_ok=True)
            return free_path(self.saves, stem, SUFFIX)
        return self.saves / f"{stem}{SUFFIX}"


def drawn_seed() -> str:
    """A seed that nobody knows beforehand, short enough to be read out to a class."""
    import secrets

    return str(secrets.randbelow(10**9))
