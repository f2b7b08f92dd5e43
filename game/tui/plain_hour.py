"""The first hour in the plain game: adviser, goals, today's market, records and achievements as lines of text.

The guide stays with the screens: its steps speak of their keys and rows; here every command explains itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from game.content.resolve import parameter_values
from game.language.counsel import advice_words
from game.table.achievements import collect
from game.table.adviser import advise
from game.table.daily import days, today
from game.tui import plain_words as words
from game.tui.plain_commands import Commands
from game.tui.progress import goal_parts
from game.tui.screens.records_words import Line, day_lines, earned_lines, record_lines
from game.tui.watched import open_run

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.tui.session import Session

Lines = Iterator[str]


def advice(session: Session, content: Content, tongue: Tongue, most: int | None = None) -> Lines:
    """The adviser's pieces, each a line."""
    assume = session.view.assume if session.view.assume in content.assumptions else "none"
    pieces = advise(
        session.view, parameter_values(content, assume), draft=session.levers, report=session.report, bill=session.bill,
        before=session.before,
    )  # fmt: skip
    for piece in pieces[:most]:
        said, sum_ = advice_words(tongue, piece)
        yield tongue.say("hour.plain.advice", said=said, sum=sum_, lever=piece.lever)
    if not pieces and most is None:
        yield tongue.say("advice.none")


def goals(session: Session, content: Content, tongue: Tongue) -> Lines:
    """The scenario's goals and where they stand."""
    for met, text in goal_parts(session.view, content, tongue):
        mark = tongue.say("ui.end.goal-met" if met else "ui.end.goal-missed")
        yield f"{text}：{mark}" if tongue.lang == "zh" else f"{text}: {mark}"


def _plain(lines: list[Line]) -> Lines:
    for line in lines:
        cells = [cell for cell in line.cells if cell]
        if cells and line.target != ("play", None):
            yield ("" if line.role == "head" else "- ") + ", ".join(cells)


def played_days(host: Any, content: Content, tongue: Tongue, day: date) -> Lines:
    """Today's game and the days that were played, with what counts."""
    yield from _plain(day_lines(tongue, content, list(host.list_runs()), day))
    yield tongue.say("hour.daily.rule")
    yield tongue.say("hour.daily.counts")
    yield tongue.say("hour.daily.first")


def kept_records(host: Any, content: Content, tongue: Tongue) -> Lines:
    """Finished runs by scenario and level."""
    yield from _plain(record_lines(tongue, content, list(host.list_runs())))
    yield tongue.say("hour.records.marked")


def achievements(host: Any, content: Content, tongue: Tongue) -> Lines:
    """Achievements over all finished runs, each with what it is judged by."""
    lines = earned_lines(tongue, content, collect(host.list_runs(), list(content.achievements.values())))
    for line in lines:
        yield from _plain([line])
        if line.below:
            yield f"    {line.below}"


class HourCommands(Commands):
    """The commands of the first hour."""

    advice: bool
    """Whether the adviser speaks when a quarter opens."""

    today: Callable[[], date]
    """The local date."""

    async def do_advice(self, rest: str) -> None:
        asked = words.fold(rest)
        if asked in (*words.ON, *words.OFF):
            self.advice = asked in words.ON
            self.host.remember("advice", "yes" if self.advice else "no")
            self.say("hour.plain.on" if self.advice else "hour.plain.off")
            return
        self.playing.bill = await self.playing.preview()
        self.write(advice(self.playing, self.content, self.tongue))

    async def do_goals(self, rest: str) -> None:
        self.write(goals(self.playing, self.content, self.tongue))

    async def do_daily(self, rest: str) -> None:
        day = self.today()
        if words.fold(rest) in ("list", "列", "历天", "表"):
            self.write(played_days(self.host, self.content, self.tongue, day))
            return
        if rest:
            self.say("hour.plain.daily-how")
            return
        drafting = self.session is not None and self.session.levers and not self.session.over
        if drafting and not self.sure(self.tongue.say("ui.confirm.quit")):
            return
        going = next((d.open for d in days(self.host.list_runs()) if d.day == day), None)
        if going is not None:
            path = going.path
            await self.sit(lambda: open_run(self.host, path))
        else:
            await self.sit(lambda: self.host.new_game(today(day)))

    async def do_records(self, rest: str) -> None:
        self.write(kept_records(self.host, self.content, self.tongue))

    async def do_achievements(self, rest: str) -> None:
        self.write(achievements(self.host, self.content, self.tongue))
