"""Assignments: what is asked comes back the same; whatever was changed, is too large or points elsewhere is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from game.content import Content
from game.content.load import load
from game.table import assignment as a
from game.table.local import market_for


def asked(content: Content, **changes: Any) -> a.Assignment:
    given: dict[str, Any] = {
        "scenario": "price-war", "background": "app-team", "difficulty": "manager", "assume": "none", "levers": "",
        "seed": "2024", "cards": [a.PlannedCard(4, "ban-tightens")], "undo": "forbidden", "deadline": "2026-03-06",
        "title": "一课", "program": "1",
    }  # fmt: skip
    return a.assignment(content, **{**given, **changes})


def refused(why: str) -> Any:
    return pytest.raises(a.AssignmentError, match=rf"^{why}\b")


def test_an_assignment_comes_back_from_its_file(shipped: Content, tmp_path: Path) -> None:
    plan, path = asked(shipped), tmp_path / "one.assignment"
    a.write_assignment(plan, path)
    assert a.looks_like_assignment(path) and a.read_assignment(path) == plan
    assert plan.levers == "five"  # as the scenario says, and said
    assert plan.planned(shipped) == {7: ["ban-tightens"]}  # the fourth quarter of one that begins 2024 Q1
    a.check(plan, shipped)


def test_a_file_that_is_there_is_never_written_over(shipped: Content, tmp_path: Path) -> None:
    path = tmp_path / "one.assignment"
    path.write_text("mine")
    with refused("exists"):
        a.write_assignment(asked(shipped), path)
    assert path.read_text() == "mine"
    with refused("not-written"):
        a.write_assignment(asked(shipped), tmp_path / "none" / "one.assignment")


def test_every_setting_makes_another_assignment(shipped: Content) -> None:
    others: list[dict[str, Any]] = [
        {"seed": "2025"}, {"background": "lab-spin-off"}, {"difficulty": "founder"}, {"levers": "all"}, {"cards": []},
        {"undo": "marked"}, {"deadline": ""}, {"title": "x"}, {"scenario": "open-roads", "cards": []},
    ]  # fmt: skip
    ids = {asked(shipped).id, *(asked(shipped, **change).id for change in others)}
    assert len(ids) == 1 + len(others) and asked(shipped).id in ids


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scenario": "price-waz"}, "unknown"), ({"assume": "x"}, "unknown"),
        ({"cards": [a.PlannedCard(9, "ban-tightens")]}, "no-quarter"), ({"cards": [a.PlannedCard(1, "x")]}, "no-card"),
        ({"cards": [a.PlannedCard(1, "ban-tightens"), a.PlannedCard(1, "shake-out")]}, "two-cards"),
        ({"digest": "00"}, "rules"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(shipped: Content, change: dict[str, Any], why: str) -> None:
    plan = msgspec.structs.replace(asked(shipped), **change)
    with refused(why):
        a.check(plan, shipped)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"2024", b"2025", "changed"), (b'"marked"', b'"forbidden"', "changed"), (b'"seed"', b'"sead"', "damaged"),
        (b"baimo-assignment", b"baimo-assignmens", "no-assignment"), (b'"format": 1', b'"format": 2', "newer"),
        (b"price-war", b"price\xffwar", "damaged"),
    ],
)  # fmt: skip
def test_a_changed_file_is_refused(shipped: Content, old: bytes, new: bytes, why: str) -> None:
    data = a.encode(asked(shipped, undo="marked"))
    assert old in data
    with refused(why):
        a.decode(data.replace(old, new, 1), "x")


@pytest.mark.parametrize("data", [b"", b"\0" * 99, b"{", b'{"kind":"head","format":1', b"[" * 99_999])
def test_other_files_are_no_assignments(data: bytes) -> None:
    with refused("no-assignment"):
        a.decode(data, "x")


def test_too_much_and_what_is_no_file_is_refused(shipped: Content, tmp_path: Path) -> None:
    with refused("too-large"):
        a.decode(a.encode(asked(shipped)) + b" " * a.MAX_FILE, "x")
    with refused("no-file"):
        a.read_assignment(tmp_path)
    with refused("unreadable"):
        a.read_assignment(tmp_path / "none")
    deep = b'{"kind":"baimo-assignment","texts":' + b"[" * 100_000
    with refused("damaged"):
        a.decode(deep, "x")


@pytest.mark.parametrize("text", ["", "4", "x:y", "0:x", "4:", "999:x", "4:a b", "-1:x", "4.5:x"])
def test_cards_are_a_quarter_and_an_id(text: str) -> None:
    with refused("card"):
        a.quarter_and_card(text)


def test_deadlines_are_dates() -> None:
    assert a.deadline_of(" 2026-03-06") == "2026-03-06"
    assert a.deadline_of("2026-03-06T18:00") == "2026-03-06 18:00"
    for text in ("tomorrow", "2026-13-01", "06.03.2026"):
        with refused("deadline"):
            a.deadline_of(text)


# own content ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "our class"
    (folder / "assumptions").mkdir(parents=True)
    (folder / "locale").mkdir()
    (folder / "locale" / "mine.toml").write_text('[mine]\nword = { zh = "我们的词", en = "our word" }\n', "utf-8")
    (folder / "note.txt").write_text("not content")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.toml").write_text("x = 1")
    return folder


def test_own_content_travels_inside_and_is_laid_out_again(own: Path) -> None:
    content = load(overlay=own)
    plan = a.decode(a.encode(asked(content)), "x")
    assert plan.overlay == "our-class" and list(plan.texts) == ["locale/mine.toml"]
    with a.unpacked(plan) as folder:
        assert folder is not None and folder.name == "our-class"
        again = load(overlay=folder)
        a.check(plan, again)
        assert again.locale["mine.word"].zh == "我们的词"
    assert not folder.exists()


def test_nothing_is_laid_out_without_own_content(shipped: Content) -> None:
    with a.unpacked(asked(shipped)) as folder:
        assert folder is None


@pytest.mark.parametrize(
    "place",
    [
        "../x.toml", "/x.toml", "a/../../x.toml", "C:/x.toml", "a\\x.toml", "x.py", "a//x.toml", "", ".x.toml", "nul.toml",
        "a/COM1.toml", "a./x.toml", "a/b/c/d/e/f.toml", "x\0.toml", "./x.toml", "locale/x.toml/",
    ],
)  # fmt: skip
def test_no_file_of_own_content_can_leave_its_folder(shipped: Content, tmp_path: Path, place: str) -> None:
    plan = msgspec.structs.replace(asked(shipped), overlay="own", texts={place: "x"})
    plan = msgspec.structs.replace(plan, id=a.id_of(plan))
    with refused("overlay-name"):
        a.decode(a.encode(plan), "x")
    with refused("overlay-name"), a.unpacked(plan):
        pass


@pytest.mark.parametrize("overlay", ["..", ".", "", "/tmp", "a/b", "con", "x."])
def test_the_folder_of_own_content_has_a_plain_name(shipped: Content, overlay: str) -> None:
    plan = msgspec.structs.replace(asked(shipped), overlay=overlay, texts={"x.toml": ""})
    with refused("overlay-name"):
        a.decode(a.encode(msgspec.structs.replace(plan, id=a.id_of(plan))), "x")


def test_names_that_another_system_takes_for_one_are_refused(shipped: Content) -> None:
    plan = msgspec.structs.replace(asked(shipped), overlay="own", texts={"a/x.toml": "", "A/X.toml": ""})
    with refused("overlay-name"):
        a.decode(a.encode(msgspec.structs.replace(plan, id=a.id_of(plan))), "x")


def test_own_content_is_bounded_and_holds_no_links(own: Path, tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_bytes(b"#" * (a.MAX_TEXT + 1))
    with refused("overlay-large"):
        a.gather(tmp_path)
    (tmp_path / "big.toml").write_bytes(b"\xff")
    with refused("overlay-text"):
        a.gather(tmp_path)
    (tmp_path / "big.toml").unlink()
    try:
        os.symlink(own / "locale" / "mine.toml", tmp_path / "link.toml")
    except OSError:
        pytest.skip("no links here")
    with refused("overlay-link"):
        a.gather(tmp_path)


def test_the_cards_that_can_be_planned_are_those_that_can_be_dealt(shipped: Content) -> None:
    dealable = set(market_for(shipped, "price-war", "lab-spin-off", "manager", "none", "x").dealable)
    taken = set()
    for card in shipped.cards_of("price-war"):
        try:
            asked(shipped, cards=[a.PlannedCard(1, card.id)])
            taken.add(card.id)
        except a.AssignmentError as error:
            assert error.message.id == "class.assignment.not-dealable"
    assert taken == dealable and len(taken) > 0
