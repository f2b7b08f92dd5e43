"""Lesson sheets in the codex: every one has a page in both languages, and answers wait until the game is over."""

from __future__ import annotations

import pytest

from game.content import Content, load
from game.content.lessons import FOR_TEACHERS, sheet_entries, sheet_ids
from game.language import Tongue
from game.pages.lesson_sheets import sheet
from game.tui.screens.codex_pages import page
from game.tui.screens.codex_tips import tip


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_has_a_page_with_all_it_says(content: Content, lang: str) -> None:
    tongue = Tongue(lang, content=content)  # type: ignore[arg-type]
    for label in sheet_ids(content.lessons):
        told = "\n".join(f"{p.label}\n{p.text}" for p in page(content, tongue, "lesson", label))
        for block in sheet(content, tongue, label).blocks:
            if block.kind != "paper":
                assert block.text.replace("`", "") in told, (label, block)
            for row in block.rows:
                for line in (line for cell in row for line in cell.splitlines()):
                    assert line.replace("`", "") in told, (label, line)


@pytest.mark.parametrize("label", FOR_TEACHERS)
def test_answers_wait_while_a_game_is_open(content: Content, label: str) -> None:
    tongue = Tongue("en", content=content)
    shut = page(content, tongue, "lesson", label, met=())
    assert len(shut) == 3 and tongue.say("screens.codex.unplayed") == shut[-1].text
    assert len(page(content, tongue, "lesson", label)) > 50
    assert len(page(content, tongue, "lesson", "questions", met=())) > 20


def test_a_sheet_is_named_and_has_no_tip_that_gives_it_away(content: Content) -> None:
    tongue = Tongue("en", content=content)
    for label, entry in sheet_entries(content).items():
        assert tip(content, tongue, ("lesson", label)) == (entry.name.en, "")


def test_what_is_open_to_pupils_is_not_searched_for_answers(content: Content) -> None:
    answers = [q.answer.en[:40] for q in content.lessons.questions.values()]
    for label in ("questions", "numbers"):
        assert not [a for a in answers if a in sheet_entries(content)[label].text.en]
