"""A class as prompts and text, and joining one from the command line."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.classroom.errors import ClassError
from game.classroom.places import kept_place, places_folder
from game.language import Tongue
from game.table.wire import Message
from game.tui import join_command
from game.tui.plain_room import play_room
from tests.tui import screen_kit as kit
from tests.tui.room_fake import FakeRoom

_KEY = re.compile(r"\b(?:ui|class|tui|screens|seat)\.[a-z_-]+(?:\.[a-z_-]+)+\b")


class Talk:
    """Somebody at the prompt: types a line, reads what came of it."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self.stdin, self._typed = os.fdopen(read, encoding="utf-8"), os.fdopen(write, "w", encoding="utf-8")
        self.stdout = io.StringIO()
        self._at = 0

    async def say(self, line: str, answer: str = "") -> str:
        """Type, and wait for words of the answer."""
        self._typed.write(line + "\n")
        self._typed.flush()
        return await self.hear(answer)

    async def hear(self, words: str) -> str:
        """Wait for words; what was written up to now."""
        for _ in range(500):
            text = self.stdout.getvalue()[self._at :]
            if words in text:
                self._at += len(text)
                return text
            await asyncio.sleep(0.005)
        raise AssertionError(f"no {words!r} in {self.stdout.getvalue()[self._at :]!r}")

    def close(self) -> None:
        """The end of the input."""
        self._typed.close()


def talking(room: FakeRoom, use: Callable[[Talk], Awaitable[None]], lang: str = "en", who: str = "m1") -> str:
    async def go() -> str:
        talk = Talk()
        task = asyncio.create_task(
            play_room(RoomSeat(room.link(who)), kit.content(), Tongue(lang, content=kit.content()), talk.stdin, talk.stdout)  # type: ignore[arg-type]
        )
        try:
            await use(talk)
            talk.close()
            await asyncio.wait_for(task, 10)
        finally:
            task.cancel()
        return talk.stdout.getvalue()

    said = asyncio.run(go())
    assert not _KEY.search(said), said
    return said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_quarter_at_the_prompt(lang: str) -> None:
    room = FakeRoom()
    zh = lang == "zh"

    async def use(talk: Talk) -> None:
        await talk.hear("等老师" if zh else "Waiting for the teacher")
        await talk.say("help" if not zh else "帮助", "预测" if zh else "forecast")
        await talk.say("levers", "等老师" if zh else "Waiting")
        room.open(90)
        await talk.hear("90")
        await talk.say("词元价 5" if zh else "token price 5", "¥5")
        await talk.say("房间" if zh else "room", "小雨")
        assert room.draft is not None and room.draft.levers == {"price.token": 5.0}
        await talk.say("choose 1")
        await talk.say("forecast cash 1亿 3亿" if zh else "forecast cash 100M 300M", "记下" if zh else "Taken")
        assert room.forecasts["m1"] == {"cash": (1e8, 3e8)}
        await talk.say("forecast nonsense", "例如" if zh else "For example")
        await talk.say("reason [red]why[/]", "记下" if zh else "Taken")
        assert room.reasons["m1"] == "[red]why[/]"
        await talk.say("end y", "本队已交" if zh else "has handed in")
        assert room.decided
        await talk.say("token price 4", "撤回" if zh else "take it back")
        await talk.say("back", "撤回来" if zh else "taken back")
        assert not room.decided
        await talk.say("save" if zh else "undo", "save" if zh else "undo")  # no such thing here
        await room.close()
        await talk.hear("本季结束" if zh else "has closed")
        await talk.say("report", "¥")
        room.tell(told=[m.Told(1, "[b]x[/b]")])
        await talk.hear("[b]x[/b]")

    talking(room, use, lang)


def test_who_does_not_hold_the_pen_is_told_who_does() -> None:
    room = FakeRoom()

    async def use(talk: Talk) -> None:
        await talk.hear("orders")
        room.link("m1")
        room.open()
        await talk.hear("is open")
        await talk.say("token price 5", "小雨 holds the pen")
        await talk.say("end y", "小雨 holds the pen")
        await talk.say("pen nobody", "no nobody")
        room.tell(pen="m2")
        await talk.hear("You hold the pen")
        await talk.say("pen 小雨", "has gone")
        assert room.pen == "m1" and room.draft is None

    talking(room, use, who="m2")


def test_the_end_of_the_room_ends_the_program_though_a_line_is_waited_for() -> None:
    room = FakeRoom()

    async def go() -> None:
        talk = Talk()
        task = asyncio.create_task(
            play_room(RoomSeat(room.link()), kit.content(), Tongue("en", content=kit.content()), talk.stdin, talk.stdout)  # type: ignore[arg-type]
        )
        await talk.hear("orders")
        room.links["m1"].push(m.Gone("over", Message("class.join.over")))
        await asyncio.wait_for(task, 10)
        talk.close()

    asyncio.run(go())


class _Web:
    """Stands in for the network: joining and reaching a `FakeRoom`."""

    def __init__(self, room: FakeRoom) -> None:
        self.room = room
        self.joined: list[m.Join] = []
        self.refused: str = ""

    async def join(self, address: Any, wish: m.Join) -> m.Place:
        self.joined.append(wish)
        return m.Place("m1", "seat-1", f"secret {len(self.joined)}")

    def link(self, address: Any, secret: str) -> Any:
        refused = self.refused

        class Reached(type(self.room.link())):  # type: ignore[misc]
            gone = None

            async def connect(self) -> None:
                if refused:
                    raise ClassError(refused)

        link = Reached(self.room, "m1")
        self.room.links["m1"] = link
        self.room.tell()
        return link


def test_joining_again_returns_to_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(join_command, "places_folder", lambda: tmp_path / "places")
    web = _Web(FakeRoom())
    monkeypatch.setattr(join_command, "join_room", web.join)
    monkeypatch.setattr(join_command, "WebLink", web.link)

    def join(name: str = "", team: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
        args = argparse.Namespace(address="10.0.0.5", code="K7QM-2XRD-9", nickname=name, team=team, plain=True)
        assert join_command.join(args, kit.content(), "en") == 0
        return capsys.readouterr().out

    assert "You are in the room" in join("[b]Yu[/b]\u202e", "3")
    assert web.joined[0].name == "[b]Yu[/b]" and web.joined[0].team == "seat-3"
    assert "You are back" in join()
    assert "You are back" in join("[b]Yu[/b]") and len(web.joined) == 1
    assert "You are in the room" in join("somebody else") and len(web.joined) == 2
    web.refused = "class.join.no-place"
    with pytest.raises(ClassError, match=r"class\.seat\.join\.name"):  # the place is gone: a new one needs a name
        join()
    web.refused = "class.join.no-room"
    with pytest.raises(ClassError):
        join("Yu")
    assert len(web.joined) == 3
    web.refused = "class.join.over"
    with pytest.raises(ClassError, match=r"class\.join\.over"):
        join()
    assert kept_place(tmp_path / "places", "http://10.0.0.5:8100/", "K7QM-2XRD-9") is None
    assert places_folder().name == "places"


def test_screens_need_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    with pytest.raises(ClassError, match="no-terminal"):
        join_command.join(argparse.Namespace(address="a", code="b", nickname="c", team="", plain=False), kit.content(), "en")
