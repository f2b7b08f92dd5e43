"""Everything of `hostile.CASES`, and texts that want to be more than texts; each gets what the table says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hostile import CASES, Case
from serving import run, serving

from game.classroom import messages as m
from game.classroom.client import RoomSeat
from game.classroom.plan import Plan
from game.classroom.room import Room
from game.classroom.web_link import WebLink, join_room
from game.content import Content
from game.language.clean import cell_width


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_gets_what_the_table_says(case: Case, shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped, limits=case.limits) as there:
            assert await case.do(there) == case.gets
            if case.counted:
                assert there.counted[case.counted] >= 1, dict(there.counted)
            assert there.counted["faults of our own"] == 0
            there.peer, there.clock.now = "192.168.7.99", there.clock.now + 700.0
            assert (await there.get("/check"))[0] == 200, "and the room goes on"

    run(play)


TEXTS = {
    "markup": ("[@click=app.close_quarter()]x[/]", "[@click=app.close_quart"),
    "bidi": ("abc\u202etxt.exe", "abctxt.exe"),
    "control": ("a\x1b[2Jb\x07\x00c", "a[2Jbc"),
    "zero width": ("小\u200b明\ufeff\u2060", "小明"),
    "new lines": ("a\nb\r\nc\u2028d", "a b c d"),
    "HTML": ("<script>x</script>", "<script>x</script>"),
    "CSV formula": ("=1+2", "=1+2"),
    "very long": ("一二三四五六七八九十" * 4, "一二三四五六七八九十一二"),
    "combining pile": ("Z" + "\u0301" * 15, "\u0179\u0301"),
}


def test_names_are_inert(shipped: Content, tmp_path: Path) -> None:
    """The room shows what `clean_text` leaves; pages escape it; nothing of it is markup, ever."""

    async def play() -> None:
        room = await Room.create(shipped, Plan(teams=4), tmp_path / "a.room")
        async with serving(shipped, room) as there:
            seats = []
            for name, _ in TEXTS.values():
                place = await join_room(there.address, m.Join(m.PROTOCOL, room.code, name))
                seats.append(RoomSeat(WebLink(there.address, place.secret)))
            names = {member.name for team in room.desk().teams for member in team.members}
            for what, (_, shown) in TEXTS.items():
                assert any(n.startswith(shown) for n in names), (what, names)
            for name in names:
                assert cell_width(name) <= m.MAX_NAME + 4 and name.isprintable()
            now = await seats[0].present()
            assert {mate.name for mate in now.mates} <= names
            for nothing in ("", "  ", "\u200b\u202e", "\x00"):
                status, text, _ = await there.post("/api/join", msgspec.json.encode(m.Join(1, room.code, nothing)))
                assert status == 409 and "class.room.no-name" in text
            for seat in seats:
                await seat.close()

    run(play)


def test_what_was_typed_comes_back_escaped(shipped: Content) -> None:
    async def play() -> None:
        async with serving(shipped) as there:
            typed = {"name": '"><script>alert(1)</script>', "code": "<b>AAAA</b>", "team": "'><i>", "lang": "zh"}
            status, page, headers = await there.post(
                "/api/join", typed, Origin=there.origin, Accept="text/html"
            )
            assert status == 403 and "口令不对" in page and "<script>alert" not in page and "<b>" not in page
            assert "&quot;&gt;&lt;script&gt;alert(1)" in page and "script-src 'self'" in headers["Content-Security-Policy"]
            status, page, _ = await there.get('/?lang="><script>', Accept="text/html")
            assert status == 200 and '"><script>' not in page

    run(play)
