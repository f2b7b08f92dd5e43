"""A room without a market: a `Desk` and a `Board` built from lines, changed by commands as a room would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from game.classroom.errors import ClassError
from game.classroom.messages import (
    Board,
    BoardRow,
    BoardTeam,
    Clock,
    Close,
    Command,
    Deal,
    Debrief,
    Desk,
    DeskMember,
    DeskTeam,
    Finish,
    NextRound,
    Open,
    Pause,
    Ranking,
    Remove,
    Restore,
    Shift,
    Tell,
    Told,
)
from game.tui.dashboard import DashboardApp
from tests.tui import fake

TEAMS = ("第一小组", "价格屠夫", "Deep Pockets", "云上", "红队", "Blue", "七号", "深蓝", "九号", "十号", "十一", "十二")
PEOPLE = ("小明", "Ann", "阿强", "07", "李雷", "Bo", "韩梅梅", "Zoë")
SEED = "00112233445566778899aabbccddeeff"


def team(n: int, *, decided: bool = False, size: int = 3, status: str = "active", **more: Any) -> DeskTeam:
    """Team ``n`` with so many members, the first of whom holds the pen."""
    members = [
        DeskMember(f"m{n}-{i}", PEOPLE[(n * 3 + i) % len(PEOPLE)], ("ceo", "cfo", "cto")[i % 3], i == 0, (n + i) % 5 != 0,
                   ("browser", "terminal", "api")[i % 3], i < 2, i == 0)
        for i in range(size)
    ]  # fmt: skip
    return DeskTeam(
        f"t{n}", TEAMS[n], f"team-{n}", members, decided, decided or n % 3 == 0, status, more.pop("absent", 0), n + 1,
        1.9e9 - 1.3e8 * n, 3.6e8 - 4e7 * n, **more,
    )  # fmt: skip


def desk(**more: Any) -> Desk:
    """Twelve teams in the third quarter of the price war, seven of which have decided."""
    teams = [team(n, decided=n < 7, size=2 + n % 3) for n in range(12)]
    teams[8] = team(8, status="bankrupt", size=3)
    teams[9] = team(9, absent=2, stood_in="managed")
    teams[10] = team(10, size=2, reentered=True, stood_in="draft")
    values: dict[str, Any] = dict(
        version=1, scenario="price-war", mode="shared", difficulty="manager", assume="none", levers="five", code="K7QM-2XRD-9",
        phase="open", paused=False, round=1, rounds=1, quarter=6, first_quarter=4, quarters=8, left=95.0, ranking=False,
        teams=teams, told=[Told(1, "第四季全班收到同一张牌：进口收紧。"), Told(2, "[b]Read[/b] the gazette before you cut.")],
        dealt=["launch-rush"], planned=[], cards=["launch-rush", *sorted(fake_cards())[:20]],
    )  # fmt: skip
    return Desk(**{**values, **more})


def fake_cards() -> list[str]:
    """Ids of the shipped cards."""
    return list(content().cards)


_CONTENT: list[Any] = []


def content() -> Any:
    """The shipped content, read once."""
    if not _CONTENT:
        _CONTENT.append(fake.content())
    return _CONTENT[0]


def board(of: Desk) -> Board:
    """What the projector may see of a desk."""
    teams = [
        BoardTeam(t.name, t.firm, t.decided, sum(m.here for m in t.members), t.status, t.rank if of.ranking else None,
                  t.value if of.ranking else None)
        for t in of.teams
    ]  # fmt: skip
    closed = of.quarter - of.first_quarter
    history = [BoardRow(of.first_quarter - 1 + i, 9.0 * 0.8**i, 100 - 3 * i, 12 - i // 2) for i in range(closed + 1)]
    return Board(
        of.version, of.scenario, of.phase, of.paused, of.round, of.quarter, of.first_quarter, of.quarters, of.left, of.code,
        teams, history, of.told, of.dealt, of.ranking, of.seed,
    )  # fmt: skip


class FakeRoom:
    """Answers commands as a room does, and keeps them; ``refuse`` is raised instead where it is set."""

    def __init__(self, at: Desk | None = None) -> None:
        self.now = at or desk()
        self.commands: list[Command] = []
        self.exported: list[Path] = []
        self.refuse: Exception | None = None
        self._changed = asyncio.Event()

    def desk(self) -> Desk:
        return self.now

    def board(self) -> Board:
        return board(self.now)

    async def desks(self) -> AsyncIterator[Desk]:
        while True:
            await self._changed.wait()
            self._changed.clear()
            yield self.now

    def change(self, **more: Any) -> None:
        """Something happens in the room."""
        self.now = msgspec.structs.replace(self.now, version=self.now.version + 1, **more)
        self._changed.set()

    async def teach(self, command: Command) -> str:
        if self.refuse is not None:
            raise self.refuse
        self.commands.append(command)
        now = self.now
        match command:
            case Open(seconds):
                self.change(phase="open", left=seconds)
            case Close():
                self.change(phase="between", quarter=now.quarter + 1, left=None)
            case Pause(paused):
                self.change(paused=paused)
            case Clock(seconds):
                self.change(left=seconds)
            case Deal(card):
                self.change(dealt=[*now.dealt, card])
            case Tell(text):
                self.change(told=[*now.told, Told(len(now.told) + 1, text)])
            case Ranking(shown):
                self.change(ranking=shown)
            case Restore():
                return "one-time-token-XYZ"
            case Remove(member):
                self.change(teams=[msgspec.structs.replace(t, members=[m for m in t.members if m.id != member]) for t in now.teams])
            case Shift(member, where):
                moved = next(m for t in now.teams for m in t.members if m.id == member)
                self.change(teams=[
                    msgspec.structs.replace(
                        t, members=[m for m in t.members if m.id != member] + ([moved] if t.id == where else [])
                    ) for t in now.teams
                ])  # fmt: skip
            case NextRound():
                self.change(round=now.round + 1, first_quarter=now.quarter)
            case Debrief():
                self.change(phase="debrief", seed=SEED, left=None)
            case Finish():
                self.change(phase="over", code="")
        return ""

    async def export(self, folder: Path) -> list[Path]:
        if self.refuse is not None:
            raise self.refuse
        self.exported.append(folder)
        return [folder / f"{t.id}.jsonl" for t in self.now.teams]


ADDRESSES = ("http://192.168.1.23:8100", "http://10.0.0.7:8100")


def on(
    use: Callable[[DashboardApp, Any, FakeRoom], Awaitable[None]], *, at: Desk | None = None, lang: str = "zh",
    size: tuple[int, int] = (120, 40), **more: Any,
) -> None:  # fmt: skip
    """Open a desk and use it; the clock stands unless ``now`` is given."""

    async def go() -> None:
        room = FakeRoom(at)
        app = DashboardApp(
            content(), room, addresses=ADDRESSES, code=room.now.code, lang=lang, now=more.pop("now", lambda: 100.0), **more,  # type: ignore[arg-type]
        )  # fmt: skip
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await use(app, pilot, room)

    asyncio.run(go())


__all__ = ["ClassError", "FakeRoom", "board", "content", "desk", "on", "team"]
