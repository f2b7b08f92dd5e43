"""Typed nonsense: whatever a member or the teacher sends is answered, with faults or not, and the room goes on."""

from __future__ import annotations

import random
import types
import typing
from pathlib import Path
from typing import Any

import msgspec
from room_kit import created, decide, newcomer, opened, run, settle

from game.classroom import messages as m
from game.classroom.errors import ClassError
from game.content import Content
from game.engine.names import LEVERS
from game.language import Tongue
from game.table.wire import Draft

TEXTS = ("", "x", "[@click=app.quit()]", "\u202e\u200b", "小王" * 40, "m1", "m2", "seat-1", "seat-2", "cash", "rank", "\ud7ff\uffff", "a" * 64)
NUMBERS = (0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, 2**53, 0.1, 3.5)


def anything(kind: Any, luck: random.Random, quarter: int) -> Any:
    """Some value of a type that the decoder would let through."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        value = anything(args[0], luck, quarter)
        meta = args[1]
        if isinstance(value, str):
            return (value or "x" * (meta.min_length or 0))[: meta.max_length]
        return value
    if origin in (typing.Union, types.UnionType):
        return anything(luck.choice(args), luck, quarter)
    if origin is typing.Literal:
        return luck.choice(args)
    if kind is str:
        return luck.choice(TEXTS)
    if kind is bool:
        return luck.random() < 0.5
    if kind is int:
        return luck.choice((quarter, quarter, 0, -1, 2**31, 7))
    if kind is float:
        return luck.choice(NUMBERS) * luck.choice((1.0, 1.0, 10.0))
    if kind is type(None):
        return None
    if kind is Draft:
        names = [*luck.sample(LEVERS, luck.randrange(6)), *(["nonsense", ""] if luck.random() < 0.3 else [])]
        values = {name: luck.choice(NUMBERS) for name in names}
        return Draft(luck.choice((quarter, quarter, 0, 99)), values, luck.choice(TEXTS) * 20)
    return kind(*(anything(hint, luck, quarter) for hint in typing.get_type_hints(kind, include_extras=True).values()))


def test_nonsense_is_answered(shipped: Content, tmp_path: Path) -> None:
    luck = random.Random(5)
    tongue = Tongue("zh", content=shipped)
    requests = typing.get_args(m.Request)
    commands = [c for c in typing.get_args(m.Command) if c not in (m.Finish, m.Debrief, m.Remove)]
    seen: set[str] = set()

    async def go() -> None:
        path = tmp_path / "a.room"
        room = await created(shipped, path, teams=3)
        links = [(await newcomer(room, luck.choice(TEXTS[1:3])))[1] for _ in range(5)]
        for turn in range(1200):
            quarter = room.desk().quarter
            if turn % 20 == 0 and room.desk().phase in ("lobby", "between"):
                await room.teach(m.Open())
            if luck.random() < 0.06:
                try:
                    await room.teach(anything(luck.choice(commands), luck, quarter))
                except ClassError as error:
                    seen.add(error.message.id)
                    assert tongue.message(error.message) != error.message.id
            else:
                number = luck.randrange(len(links))
                request = anything(luck.choice(requests), luck, quarter)
                try:
                    if isinstance(request, m.Foresee):
                        continue
                    answer = await links[number].ask(request)
                except ConnectionError:  # the place was given back
                    links[number] = await room.connect(f"m{number + 1}", "api")
                    continue
                for fault in answer.faults:
                    seen.add(fault.id)
                    assert tongue.message(fault) != fault.id
            msgspec.json.encode(room.desk())
            if turn % 300 == 299:
                await room.close()
                room = await opened(shipped, path)
                links = [await room.connect(f"m{n + 1}", "browser") for n in range(5)]
        if room.desk().phase != "open":
            await room.teach(m.Open())
        for link in links:
            await decide(link)
        await settle(room)
        await room.close()

    run(go())
    assert len(seen) > 20, seen


def test_requests_of_no_kind(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        _, link = await newcomer(room)
        assert (await link.ask("please")).faults[0].id == "class.room.no-such-request"  # type: ignore[arg-type]
        try:
            await room.teach("please")  # type: ignore[arg-type]
        except ClassError as error:
            assert error.message.id == "class.room.no-such-request"
        assert [f async for f in link.futures(m.Foresee(Draft(0, {"nonsense": 1.0})))] == []
        await room.close()

    run(go())
