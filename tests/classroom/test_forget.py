"""Names and texts go for good, runs and hashes stay; packs; stores that are not this room's or were meddled with."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from room_kit import created, decide, newcomer, opened, plan, run, settle

from game.classroom.errors import ClassError
from game.classroom.messages import Argue, Guess, Open, Save, Tell
from game.classroom.pack import RECORD, Record, forget_record, read_record
from game.classroom.plan import Plan, checked
from game.classroom.store import forget
from game.content import Content
from game.language import Tongue
from game.table.lines import hash_reason
from game.table.local import market_of
from game.table.replay import replay
from game.table.runfile import read_run
from game.table.wire import Draft

NAMES = ("Zinnober", "Krapplack", "Gummigutt", "Schweinfurter", "Indigo")


async def spoken(content: Content, path: Path) -> None:
    """A room in which people have left what can be forgotten: a nickname, a team, reasons, a draft, a message."""
    room = await created(content, path, names=["Indigo"])
    (_, one), (_, two) = await newcomer(room, "Zinnober"), await newcomer(room, "小王")
    await room.teach(Open())
    quarter = room.desk().quarter
    await one.ask(Argue(quarter, "Krapplack is cheap"))
    await two.ask(Argue(quarter, "second"))
    await one.ask(Guess(quarter, "cash", 1.0, 2e9))
    await room.teach(Tell("Gummigutt, sit down"))
    await decide(one)
    await decide(two)
    await settle(room)
    await room.teach(Open())
    await two.ask(Save(Draft(room.desk().quarter, {"price.token": 4.0}, "Schweinfurter")))
    await room.export(path.parent / "pack")
    await room.close()


def test_names_and_texts_are_forgotten(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        await spoken(shipped, path)
        assert all(name.encode() in path.read_bytes() for name in NAMES)
        assert forget(path) == 2 + 1 + 2 + 2 + 3 + 1
        left = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
        assert not [name for name in (*NAMES, "小王") if name.encode() in left]
        room = await opened(shipped, path)
        desk = room.desk()
        assert [m.name for t in desk.teams for m in t.members] == ["1", "2"] and [t.name for t in desk.teams] == ["1", "2"]
        assert desk.told == [] and desk.teams[1].drafted
        files = await room.export(tmp_path / "after")
        found = read_run(files[0])
        assert not found.reasons and found.quarters[0].reasons.keys() == {0, 1}
        assert replay(market_of(shipped, found.head, "x"), found, check=True).difference is None
        record = read_record(tmp_path / "after")
        assert record is not None and len(record.reasons) == 2 and not record.said and not record.names and not record.told
        assert [f.what for f in record.forecasts] == ["cash"]
        await room.close()

    run(go())


def test_a_pack(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        await spoken(shipped, path)
        pack = tmp_path / "pack"
        record = read_record(pack)
        assert isinstance(record, Record) and record.names == {"m1": "Zinnober", "m2": "小王", "seat-1": "Indigo"}
        assert [(t.number, t.members, t.files) for t in record.teams] == [
            (1, ["m1"], ["team-01.baimo"]), (2, ["m2"], ["team-02.baimo"]),
        ]  # fmt: skip
        assert record.text_of("m1", 0) == "Krapplack is cheap" and record.told == ["Gummigutt, sit down"]
        assert {r.hash for r in record.reasons} == {hash_reason(s.salt, s.text) for s in record.said}
        runs = [read_run(pack / f"team-0{n}.baimo") for n in (1, 2)]
        assert [[r.text for r in found.reasons.values()] for found in runs] == [["Krapplack is cheap"], ["second"]]
        assert runs[0].last_checksum != runs[1].last_checksum
        assert "Zinnober" not in "".join(p.name for p in pack.iterdir()) and b"Zinnober" not in (pack / "team-01.baimo").read_bytes()
        (pack / "team-01.baimo").unlink()
        room = await opened(shipped, path)
        assert len(await room.export(pack)) == 3
        other = tmp_path / "other"
        other.mkdir()
        (other / "team-02.baimo").write_bytes(b"homework")
        with pytest.raises(ClassError) as found:
            await room.export(other)
        assert found.value.message.id == "class.room.export-there"
        assert [p.name for p in other.iterdir()] == ["team-02.baimo"]
        with pytest.raises(ClassError) as found:
            await room.export(path)
        assert found.value.message.id == "class.room.export"
        await room.close()
        assert forget_record(pack / RECORD) == 3 + 2 + 1
        again = read_record(pack)
        assert again is not None and again == msgspec.structs.replace(record, names={}, said=[], told=[])
        assert again.text_of("m1", 0) == ""
        for data in (b"", b"{}", b"[" * 10**5, b"\xff", b'{"version": 9}'):
            (pack / RECORD).write_bytes(data)
            with pytest.raises(ClassError):
                read_record(pack)
        assert read_record(tmp_path) is None

    run(go())


@pytest.mark.parametrize("change", [
    "DELETE FROM settings WHERE key = 'phase'", "UPDATE settings SET value = '{' WHERE key = 'plan'",
    "UPDATE settings SET value = '{\"scenario\": 7}' WHERE key = 'plan'", "DELETE FROM runs WHERE line = 0",
    "UPDATE runs SET raw = CAST(replace(CAST(raw AS TEXT), 'thumb', 'thimb') AS BLOB) WHERE line = 0", "UPDATE settings SET value = '9' WHERE key = 'round'",
    "UPDATE runs SET raw = zeroblob(20) WHERE line = 1", "DELETE FROM runs", "UPDATE drafts SET levers = '[]'",
])  # fmt: skip
def test_a_meddled_store_is_a_sentence(shipped: Content, tmp_path: Path, change: str) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        await spoken(shipped, path)
        db = sqlite3.connect(path)
        db.execute(change)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        before = path.read_bytes()
        with pytest.raises(ClassError) as found:
            await opened(shipped, path)
        assert found.value.message.id == "class.store.damaged"
        assert path.read_bytes() == before

    run(go())


def test_a_room_of_other_content(shipped: Content, tmp_path: Path) -> None:
    async def go() -> None:
        path = tmp_path / "a.room"
        await spoken(shipped, path)
        db = sqlite3.connect(path)
        db.execute("UPDATE settings SET value = replace(value, '\"war\"', '\"their-own\"') WHERE key = 'plan'")
        db.commit()
        db.close()
        with pytest.raises(ClassError) as found:
            await opened(shipped, path)
        assert found.value.message.id == "class.room.unknown.scenario"

    run(go())


@pytest.mark.parametrize(("changes", "why"), [
    ({"scenario": "peace"}, "unknown.scenario"), ({"difficulty": "x"}, "unknown.difficulty"), ({"assume": "[b]"}, "unknown.assume"),
    ({"background": ""}, "unknown.background"), ({"mode": "both"}, "unknown.mode"), ({"levers": "six"}, "unknown.levers"), ({"teams": 0}, "teams"),
    ({"teams": 13}, "teams"), ({"teams": 41, "mode": "parallel"}, "teams"), ({"seconds": 1.0}, "seconds"),
    ({"seconds": float("nan")}, "seconds"), ({"members": 99}, "members"), ({"planned": {99: ["dirty-data"]}}, "planned-quarter"),
    ({"planned": {0: ["nonsense"]}}, "no-card"),
])  # fmt: skip
def test_plans_that_cannot_be(shipped: Content, changes: dict[str, object], why: str) -> None:
    with pytest.raises(ClassError) as found:
        checked(shipped, plan(**changes))
    assert found.value.message.id == f"class.room.{why}"
    for lang in ("zh", "en"):
        said = Tongue(lang, content=shipped).message(found.value.message)  # type: ignore[arg-type]
        assert said and "{" not in said and "class.room" not in said
        number = changes.get("teams") or (100 if why == "planned-quarter" else None)  # quarter 99 after the first is the 100th
        assert number is None or str(number) in said  # and no quarter of some year



def test_a_seed_is_drawn(shipped: Content) -> None:
    drawn = {checked(shipped, Plan()).seed for _ in range(20)}
    assert len(drawn) == 20 and all(len(bytes.fromhex(seed)) == 16 for seed in drawn)
    assert checked(shipped, Plan(seed="七")).seed == "七"
    assert checked(shipped, Plan(names=["\u202e红队\n", *["x"] * 99])).names == ["红队", *["x"] * 5]
