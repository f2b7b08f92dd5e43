"""Who gets in, where they sit, who holds the pen, and how a place is kept, given back and taken."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from room_kit import asked, created, decide, faults, newcomer, now, opened, run, settle, snapshot, view

from game.classroom.errors import ClassError
from game.classroom.messages import (
    PROTOCOL,
    Argue,
    Briefing,
    Close,
    Debrief,
    Decide,
    Finish,
    Gone,
    Guess,
    Join,
    Open,
    Pen,
    Reconsider,
    Remove,
    Restore,
    Save,
    See,
    Sheet,
    Shift,
)
from game.classroom.room import Room
from game.classroom.secret import ALPHABET, LENGTH, bare_code, draw_code, hash_secret, same_code
from game.content import Content
from game.table.wire import Draft


async def refused(room: Room, **wish: object) -> str:
    values = {"protocol": PROTOCOL, "code": room.code, "name": "小王", **wish}
    with pytest.raises(ClassError) as found:
        await room.join(Join(**values))  # type: ignore[arg-type]
    return found.value.message.id


def test_codes() -> None:
    assert len(ALPHABET) ** LENGTH > 2**40 and not set("01OILU") & set(ALPHABET)
    code = draw_code()
    assert [len(part) for part in code.split("-")] == [4, 4, 1] and len({draw_code() for _ in range(100)}) == 100
    for typed in (code, code.lower(), code.replace("-", " "), f" {bare_code(code)} ", code.replace("-", "－")):
        assert same_code(typed, code)
    assert not same_code(code[:-1], code) and not same_code("", "") and not same_code("小", code)


def test_who_gets_in(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", members=2)
        assert await refused(room, code="AAAA-AAAA-A") == "class.room.wrong-code"
        assert await refused(room, code="") == "class.room.wrong-code"
        assert await refused(room, protocol=PROTOCOL + 1) == "class.room.newer"
        assert await refused(room, protocol=PROTOCOL - 1) == "class.room.older"
        assert await refused(room, name=" \u200b\u202e ") == "class.room.no-name"
        assert await refused(room, team="seat-9") == "class.room.no-team"
        assert await refused(room, role="pope") == "class.room.no-role"
        places = [await newcomer(room, "小王") for _ in range(2)]
        assert {place.team for place, _ in places} == {"seat-1", "seat-2"}
        await newcomer(room, "[@click=app.quit()]x[/]\u202e", team="seat-1")
        assert await refused(room, team="seat-1") == "class.room.team-full"
        await room.teach(Open())
        late, _ = await newcomer(room, "小 王")
        assert late.team == "seat-2" and await refused(room) == "class.room.full"
        names = [m.name for t in room.desk().teams for m in t.members]
        assert sorted(names) == sorted(["小王", "小王 2", "[@click=app.quit()]x[/]", "小 王"])
        await room.teach(Close())
        await room.teach(Debrief())
        assert await refused(room) == "class.room.too-late"
        await room.teach(Finish())
        assert room.code == "" and await refused(room) == await refused(room, code="") == "class.room.wrong-code"
        assert [room.member_of(place.secret) for place, _ in places] == [None, None]
        with pytest.raises(ClassError):
            await room.connect(places[0][0].member, "api")
        await room.close()

    run(go())


def test_roles_and_briefings(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        links = [(await newcomer(room, str(n), team="seat-1"))[1] for n in range(3)]
        sheets = [await asked(link, Briefing(), Sheet) for link in links]
        assert [s.role for s in sheets] == [r.id for r in shipped.lessons.offices][:3]
        assert len({s.article for s in sheets}) == 3 and all(s.article for s in sheets)
        other = await asked((await newcomer(room, "x", team="seat-2"))[1], Briefing(), Sheet)
        assert other.role == sheets[0].role and other.article != sheets[0].article
        reader = shipped.lessons.readers[3]
        held = await asked((await newcomer(room, "y", team="seat-2", role=reader.id))[1], Briefing(), Sheet)
        assert held == Sheet(reader.id, reader.article)
        await room.close()
        plain = await created(shipped, tmp_path / "b.room", roles=False)
        assert await asked((await newcomer(plain))[1], Briefing(), Sheet) == Sheet("")
        await plain.close()

    run(go())


def test_the_pen(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        one, first = await newcomer(room, "甲", team="seat-1")
        two, second = await newcomer(room, "乙", team="seat-1")
        await newcomer(room, "丙", team="seat-2")
        await room.teach(Open())
        seen = await view(first)
        draft = Draft(seen.quarter, {"price.token": 7.0}, " because\u202e\n of  it ")
        assert (await now(first)).pen and not (await now(second)).pen
        for request in (Save(draft), Decide(draft), Reconsider(), Pen(), Pen(to=two.member)):
            assert await faults(second, request) == ["class.room.pen-held"]
        assert not (await first.ask(Save(draft))).faults
        await settle(room)
        there = await now(second)
        assert there.saved == 1 and there.draft == Draft(seen.quarter, {"price.token": 7.0}, "because of it")
        assert await faults(first, Pen(to="m9")) == ["class.room.no-mate"]
        assert not (await first.ask(Pen(to=two.member))).faults
        await settle(room)
        assert (await now(second)).pen and await faults(first, Pen()) == ["class.room.pen-held"]
        await second.close()
        assert not (await first.ask(Pen())).faults
        assert not (await first.ask(Decide(draft))).faults
        assert await faults(first, Save(draft)) == ["class.room.decided"]
        await settle(room)
        assert [t.decided for t in room.desk().teams] == [True, False]
        assert not (await first.ask(Reconsider())).faults
        await settle(room)
        assert not room.desk().teams[0].decided and room.desk().teams[0].drafted
        assert one.member == "m1"
        await room.close()

    run(go())


def test_the_newer_connection_wins(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        place, old = await newcomer(room)
        new = await room.connect(place.member, "browser")
        pushes = [push async for push in old.pushes()]
        assert isinstance(pushes[-1], Gone) and pushes[-1].why == "newer"
        with pytest.raises(ConnectionError):
            await old.ask(See())
        await old.close()
        assert not (await new.ask(See())).faults and room.desk().teams[0].members[0].way == "browser"
        await new.close()
        await settle(room)
        assert not room.desk().teams[0].members[0].here
        await room.close()

    run(go())


def test_a_place_is_given_back_once(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        room = await created(shipped, path)
        place, link = await newcomer(room)
        with pytest.raises(ClassError):
            await room.teach(Restore("m9"))
        first = await room.teach(Restore(place.member))
        assert room.member_of(place.secret) is None and [p async for p in link.pushes()][-1].why == "newer"  # type: ignore[union-attr]
        token = await room.teach(Restore(place.member))
        assert room.redeem(first) is None and room.redeem("x") is None
        again = await opened(shipped, snapshot(path, tmp_path / "killed"))
        await room.close()
        back = again.redeem(token)
        assert back is not None and back.member == place.member and again.redeem(token) is None
        assert again.member_of(back.secret) == place.member and again.member_of(token) is None
        assert hash_secret(hashlib.sha256(b"place:" + token.encode()).hexdigest()) != again._hall.members[back.member].hash
        await again.kept()
        later = await opened(shipped, snapshot(tmp_path / "killed" / "a.room", tmp_path / "killed-again"))
        assert later.member_of(back.secret) == back.member and later.redeem(token) is None, "a link that was used is used"
        await later.close()
        known = again.link(back)
        assert again.redeem(known) == back and again.redeem(known) is None
        data = b"".join(p.read_bytes() for p in (tmp_path / "killed").iterdir())
        assert token.encode() not in data and back.secret.encode() not in data
        await again.close()

    run(go())


def test_removed_and_moved(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room")
        one, first = await newcomer(room, "甲", team="seat-1")
        two, second = await newcomer(room, "乙", team="seat-1")
        await room.teach(Shift(two.member, "seat-2"))
        assert [[m.id for m in t.members] for t in room.desk().teams] == [[one.member], [two.member]]
        await settle(room)
        assert (await now(second)).team == "seat-2" and (await now(second)).pen
        assert (await view(second)).firm == 1
        await room.teach(Open())
        with pytest.raises(ClassError):
            await room.teach(Shift(two.member, "seat-1"))
        await room.teach(Remove(one.member))
        assert [p async for p in first.pushes()][-1].why == "removed" and room.member_of(one.secret) is None  # type: ignore[union-attr]
        assert not room.desk().teams[0].members
        await decide(second)
        await settle(room)
        assert room.desk().phase == "between" and room.desk().teams[0].stood_in == "managed"
        await room.close()

    run(go())


def test_all_forecast_and_give_reasons_before_a_quarter_closes(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        room = await created(shipped, tmp_path / "a.room", teams=1)
        people = [await newcomer(room, str(n), way="terminal") for n in range(2)]
        program = await newcomer(room, "bot", way="api")
        await room.teach(Open())
        (_, first), (_, second) = people
        quarter = room.desk().quarter
        await decide(first)
        await settle(room)
        assert room.desk().phase == "open"
        for link in (first, second):
            assert await faults(link, Guess(quarter, "cash", 5.0, 5.0)) == ["class.room.forecast-order"]
            assert await faults(link, Guess(quarter, "price", 1.0, 5.0)) == ["class.room.forecast-books"]
            assert await faults(link, Guess(quarter + 1, "cash", 1.0, 5.0)) == ["draft.other-quarter"]
            assert not (await link.ask(Guess(quarter, "cash", 1.0, 5.0))).faults
            assert not (await link.ask(Argue(quarter, "why not"))).faults or link is second
            await settle(room)
        assert room.desk().phase == "between"
        assert not (await now(program[1])).mates[0].forecast
        await room.close()

    run(go())
