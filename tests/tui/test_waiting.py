"""While other firms still think it is said so, the keys wait, and the report comes all the same."""

from __future__ import annotations

import asyncio
import io

import fake
import pytest
from test_boardroom import until

from game.language import Tongue
from game.table.founding import Founding
from game.table.wire import Draft, Report
from game.tui import plain_commands
from game.tui.plain import play_plain
from game.tui.screens import boardroom
from game.tui.screens.boardroom import BoardroomScreen
from game.tui.screens.report import ReportScreen
from game.tui.screens.waiting import WaitScreen


class Slow(fake.FakeSeat):
    """Its quarter ends when `gate` is opened."""

    gate: asyncio.Event

    async def submit(self, draft: Draft) -> Report:
        await self.gate.wait()
        return await super().submit(draft)


class Thinking(fake.FakeSeat):
    """Its quarter takes a few turns of the loop."""

    async def submit(self, draft: Draft) -> Report:
        for _ in range(50):
            await asyncio.sleep(0)
        return await super().submit(draft)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_boardroom_waits_with_a_sentence(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boardroom, "PATIENCE", 0.001)

    async def go() -> None:
        seat = Slow()
        seat.gate = asyncio.Event()
        app = await fake.seated(fake.FakeHost(seat), lang=lang)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            room = app.screen
            assert isinstance(room, BoardroomScreen) and app.session is not None
            room._play()
            await until(pilot, lambda: isinstance(app.screen, WaitScreen))
            before = dict(app.session.levers)
            await pilot.press("right", "escape", "enter")
            assert isinstance(app.screen, WaitScreen) and app.session.levers == before, "the keys wait"
            app.action_language()
            app.action_language()
            seat.gate.set()
            await until(pilot, lambda: isinstance(app.screen, ReportScreen))
            assert not any(isinstance(screen, WaitScreen) for screen in app.screen_stack)

    asyncio.run(go())


def test_plain_says_it_once_and_only_where_it_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tongue = Tongue("en", content=fake.content())
    said = tongue.say("tui.closing")

    def lines(seat: fake.FakeSeat) -> list[str]:
        out = io.StringIO()
        script = io.StringIO("choose 1\nend y\nquit\n")
        play_plain(fake.FakeHost(seat), fake.content(), tongue, script, out, founding=Founding(seed="7"))
        return [line for line in out.getvalue().splitlines() if said in line]

    assert not lines(fake.FakeSeat())
    monkeypatch.setattr(plain_commands, "PATIENCE", 0.0)
    assert len(lines(Thinking())) == 1
