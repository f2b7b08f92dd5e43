"""A real short run analysed in the process of its own: on the screen, as plain text, and ended in the middle."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from game.lab.analysis.model import Analysis, Budget
from game.lab.analysis.worker import Ask, Told, framed, read_frame
from game.language import Tongue
from game.table.auto import auto
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.tui.analyst import Broken, ProcessAnalyst
from game.tui.app import BaimoApp
from game.tui.plain_analysis import analysed, asked
from game.tui.screens.analysis import AnalysisScreen
from tests.tui.screen_kit import check, content, text

TINY = Budget("tiny", select=8, measure=16, seeds=0, planner_seeds=0)


class Tiny(ProcessAnalyst):
    """The real thing with few futures."""

    def listen(self, files: Sequence[Path], budgets: Sequence[Budget] = (TINY,)) -> AsyncGenerator[Told, None]:
        return super().listen(files, [TINY])


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first lesson played by a policy."""
    path = tmp_path_factory.mktemp("runs") / "lesson.baimo"
    auto(content(), scenario="first-lesson", background="lab-spin-off", difficulty="manager", assume="none", policy="thumb",
         seed="5", out=path)  # fmt: skip
    return path


def test_a_real_run_fills_the_screen_and_stays_as_it_was(lesson: Path) -> None:
    before, seen = lesson.read_bytes(), sorted(lesson.parent.iterdir())

    async def go() -> None:
        app = BaimoApp(content(), LocalHost(content(), lesson.parent, "t"), lang="en")
        app.analyst = Tiny(content())  # type: ignore[attr-defined]
        async with app.run_test(size=(120, 40)) as pilot:
            app.show("analysis", files=(lesson,))
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, AnalysisScreen)
            for worker in list(app.workers):
                if worker.group == "analysis":
                    await worker.wait()
            await pilot.pause()
            run = screen.board.run
            assert screen.board.over and not screen.board.broken
            assert isinstance(run, Analysis) and [q.analysed for q in run.quarters] == [True] * 5
            for number in "12345":
                await pilot.press(number)
                check(app)
                assert "{" not in text(app)

    asyncio.run(go())
    assert lesson.read_bytes() == before and sorted(lesson.parent.iterdir()) == seen


def test_whoever_stops_listening_kills_the_process(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = asyncio.create_subprocess_exec

    async def watched(*args: str, **kwargs: object) -> object:
        started.append(await real(*args, **kwargs))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)

    async def go() -> None:
        async with aclosing(ProcessAnalyst(content()).listen([lesson])) as news:
            assert (await anext(news)).analysis is not None
        assert await started[0].wait() != 0, "killed, not done"

    asyncio.run(go())


def test_a_process_that_dies_is_told(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    import game.tui.analyst as module

    monkeypatch.setattr(module, "command", lambda: [sys.executable, "-c", "raise SystemExit(3)"])

    async def go() -> list[Told]:
        async with aclosing(ProcessAnalyst(content()).listen([lesson])) as news:
            return [told async for told in news]

    with pytest.raises(Broken):
        asyncio.run(go())
    assert asyncio.run(analysed(content(), Tongue("en", content=content()), [lesson], TINY)) == [
        Tongue("en", content=content()).say("screens.plain.analysis-broken")
    ]


def test_plain_text_is_that_of_the_command_line(lesson: Path, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.baimo"
    rubbish.write_text("no run at all")
    for lang in ("zh", "en"):
        tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
        lines = asyncio.run(analysed(content(), tongue, [lesson, rubbish], TINY))
        assert "rubbish.baimo" in lines[0]
        assert any(line.startswith("lesson.baimo") for line in lines)
        assert sum(line.startswith(tongue.quarter(read_run(lesson).head.first + n)) for line in lines for n in range(5)) >= 5
        assert not any("{" in line for line in lines)


def test_what_the_plain_command_means(tmp_path: Path) -> None:
    class Listed:
        def __init__(self, name: str) -> None:
            self.path = tmp_path / name

    host = LocalHost(content(), tmp_path, "t")
    listed = [Listed("a"), Listed("b")]
    assert asked("", host, listed)[0] == [], "no game at hand"
    assert asked("2 1", host, listed)[0] == [tmp_path / "b", tmp_path / "a"]
    assert asked("1 full", host, listed)[1].id == asked("完整 1", host, listed)[1].id == "full"
    for wrong in ("3", "0", "x", "1 1 1 1 1", "1 -2", "９" * 9):
        assert asked(wrong, host, listed)[0] == [], wrong


def test_frames_survive_the_way() -> None:
    ask = Ask(["甲.baimo"], "/content", [TINY])
    stream = io.BytesIO(framed(ask) + b"\x00\x00")
    assert read_frame(stream, Ask) == ask and read_frame(stream, Ask) is None
    with pytest.raises(ValueError):
        read_frame(io.BytesIO(b"\xff\xff\xff\xff"), Ask)
