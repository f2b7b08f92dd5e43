"""The lessons: complete in both languages, every reference leads somewhere, no number is typed, faults are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from game.content import Content, load
from game.content import schema as s
from game.content.check_lessons import _entries, lesson_problems
from game.content.digest import rules_digest
from game.content.lessons import KINDS, Lessons, role_ids, role_sheet, sheet_ids


def test_the_shipped_lessons_have_no_fault(shipped: Content) -> None:
    assert [str(p) for p in lesson_problems(shipped)] == []


def test_texts_are_complete_and_each_language_is_itself(shipped: Content) -> None:
    for kind, entry in _entries(shipped.lessons):
        for key, text in s.texts_of(entry):
            where = (kind, entry.id, key)  # type: ignore[attr-defined]
            assert re.search(r"[\u4e00-\u9fff]", text.zh) and not re.search(r"[\u4e00-\u9fff]", text.en), where
            zh = re.sub(r"\{[^}]*\}|`[^`]*`", "", text.zh)
            assert not re.search(r"[,;:?!()]", zh), (where, "half-width punctuation")
            assert "  " not in text.en and not re.search(r"[，。；：？！（）]", text.en), where


def test_no_sentence_stands_twice(shipped: Content) -> None:
    for lang in ("zh", "en"):
        said = [t[lang] for _, e in _entries(shipped.lessons) for key, t in s.texts_of(e) if not key.endswith(("name", "head"))]
        assert sorted(t for t in set(said) if said.count(t) > 1) == []


def test_three_offices_and_a_reader_for_every_article(shipped: Content) -> None:
    offices, articles = role_ids(shipped)
    assert offices == ["ceo", "cfo", "cto"]
    assert sorted(articles) == sorted(shipped.articles)


def test_an_office_may_hold_an_article(shipped: Content) -> None:
    bare, held = role_sheet(shipped, "cfo"), role_sheet(shipped, "cfo", "open-roads")
    reader = role_sheet(shipped, "reader-open-roads")
    assert bare.article is None and bare.claims == ()
    assert held.id == "cfo" and held.article == reader.article == shipped.articles["open-roads"]
    assert held.claims == reader.claims and held.watch == (*bare.watch, *reader.watch)
    for role, article in (("cfo", "nothing"), ("nobody", "")):
        with pytest.raises(KeyError):
            role_sheet(shipped, role, article)


def test_themes_gather_and_objectives_are_aimed_at(shipped: Content) -> None:
    lessons = shipped.lessons
    assert list(lessons.themes) == [f"t{n}" for n in range(1, 8)]
    assert list(lessons.objectives) == [f"o{n}" for n in range(1, 6)]
    for kind in ("objectives", "themes"):
        assert {label for plan in lessons.plans.values() for label in getattr(plan, kind)} <= set(getattr(lessons, kind))
    assert {o for q in lessons.questions.values() for o in q.objectives} == set(lessons.objectives)


def test_every_sheet_has_an_id_of_its_own(shipped: Content) -> None:
    ids = sheet_ids(shipped.lessons)
    assert len(ids) == len(set(ids))


def test_an_overlay_replaces_an_entry_and_no_run_is_orphaned(shipped: Content, tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "mine.toml").write_text(
        '[[objective]]\nid = "o1"\ntext = { zh = "别的。", en = "Other." }\nseen = { zh = "看见。", en = "Seen." }\n', "utf-8"
    )
    laid = load(overlay=tmp_path)
    assert laid.lessons.objectives["o1"].text.en == "Other."
    assert list(laid.lessons.objectives) == list(shipped.lessons.objectives)
    assert laid.lessons.roles == shipped.lessons.roles
    assert rules_digest(laid) == rules_digest(shipped)


def test_content_without_lessons_has_none(tmp_path: Path, shipped: Content) -> None:
    from game.content.lessons import collect_lessons

    assert collect_lessons(tmp_path) == (Lessons(), {}, [])


def faulty(folder: Path, change: Callable[[str], str], name: str) -> list[str]:
    """Problems of the shipped lessons with one of their files changed by an overlay."""
    source = Path(__file__).parents[2] / "content" / "lessons" / name
    before = source.read_text("utf-8")
    after = change(before)
    assert after != before, "the planted fault changed nothing"
    (folder / "lessons").mkdir(exist_ok=True)
    (folder / "lessons" / name).write_text(after, "utf-8")
    return [str(p) for p in lesson_problems(load(overlay=folder))]


FAULTS: list[tuple[str, str, str, str]] = [
    ("plans.toml", 'scenario = "price-war"', 'scenario = "price-wor"', "did you mean 'price-war'?"),
    ("plans.toml", 'card = "ban-tightens"', 'card = "ban-tightned"', "did you mean 'ban-tightens'?"),
    ("plans.toml", "card_turn = 4", "card_turn = 9", "turns 1 to 8"),
    ("plans.toml", "begin = 4\n", "begin = 5\n", "go on from minute 4"),
    ("plans.toml", "minutes = 45", "minutes = 46", "end at minute 45"),
    ("plans.toml", 'objectives = ["o1", "o2", "o4", "o5"]', 'objectives = ["o9"]', "objective 'o9' does not exist"),
    ("plans.toml", '"few-survive", "model-attrition"', '"few-survives", "model-attrition"', "did you mean 'few-survive'?"),
    ("plans.toml", 'sheets = ["price-curve"]', 'sheets = ["price-curves"]', "did you mean 'price-curve'?"),
    ("plans.toml", '"baimo class kit', '"rm -rf usb; baimo class kit', "baimo"),
    ("roles.toml", 'article = "open-roads"', 'article = "open-road"', "did you mean 'open-roads'?"),
    ("roles.toml", "{figure:profit-pools}", "{figure:profit-pool}", "did you mean 'profit-pools'?"),
    ("roles.toml", "{figure:jingdezhen-yield-after}。小而专", "95%。小而专", "'95' is a number of its own"),
    ("roles.toml", "a plant's yield from {figure:jingdezhen-yield-before}", "a plant's yield from {figure:data-drift-horizon}", "has not read"),
    ("roles.toml", '"growth-without-period"', '"growth-without-periods"', "did you mean 'growth-without-period'?"),
    ("roles.toml", "{figure:deepseek-training-cost-ratio} of a leading", "{figure:baidu-search-revenue-yoy} of a leading", "disowns"),
    ("roles.toml", "{figure:profit-pools} pools", "{quarters:war} pools", "what the class reads shows figures only"),
    ("demonstrations.toml", "{out:deciding-quarter.four.value}; a", "{out:deciding-quarter.fore.value}; a", "did you mean 'four'?"),
    ("demonstrations.toml", "{out:deciding-quarter.four.value}; a", "{out:deciding-quarter.four.trust}; a", "does not report 'trust'"),
    ("demonstrations.toml", "{out:deciding-quarter.four.value}; a", "CNY 1.27 billion; a", "'1' is a number of its own"),
    ("demonstrations.toml", 'lever = "price.token", median = 0.1 }', 'lever = "price.tokens", median = 0.1 }', "did you mean 'price.token'?"),
    ("demonstrations.toml", "median = 0.1, until = 4", "median = 0.1, set = 1, until = 4", "exactly one of set, times and median"),
    ("demonstrations.toml", "median = 0.1, until = 4", "median = 0.1, until = 14", "the scenario has 8"),
    ("demonstrations.toml", "compute_decline = 0.5", "compute_declin = 0.5", "did you mean 'compute_decline'?"),
    ("demonstrations.toml", 'numbers = ["value", "cash", "rank"', 'numbers = ["value", "cash", "ranks"', "did you mean 'rank'?"),
    ("demonstrations.toml", 'scenario = "open-roads"', 'scenario = "open-road"', "did you mean 'open-roads'?"),
    ("numbers.toml", '"users-not-alike"', '"user-not-alike"', "did you mean 'users-not-alike'?"),
    ("numbers.toml", "{figure:compute-cost-decline}，另一篇", "{figure:market-cagr}，另一篇", "name it here too"),
    ("glossary.toml", 'term = "runway"', 'term = "runaway"', "did you mean 'runway'?"),
    ("questions.toml", 'step = "transfer"', 'step = "feelings"', "the debrief goes on in the order"),
    ("questions.toml", 'facts = ["leader-lots"', 'facts = ["leader-lot"', "did you mean 'leader-lots'?"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), FAULTS, ids=[f"{n}-{f[0]}" for n, f in enumerate(FAULTS)])
def test_a_planted_fault_is_told(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    found = faulty(tmp_path, lambda text: text.replace(old, new, 1), file)
    assert any(told in problem for problem in found), found


def test_every_kind_of_entry_is_there(shipped: Content) -> None:
    there = {kind for kind, _ in _entries(shipped.lessons)}
    assert there >= {"objective", "theme", "lesson", "role", "question"} and there <= set(KINDS)
