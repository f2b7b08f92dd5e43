"""Lesson sheets: complete in both languages, self-contained, inert, and what the answer key states was played."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from game.content import Content, load
from game.content.lessons import sheet_ids
from game.language import Tongue
from game.pages.lesson_blocks import Block
from game.pages.lesson_sheets import listed, plain, role_blocks, sheet
from game.pages.lesson_tables import opening_price
from game.pages.lesson_text import NOTHING, Filler
from game.pages.lessons import HEAD, lesson_page

LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def sides(content: Content) -> list[Tongue]:
    return [Tongue(lang, content=content) for lang in LANGS]  # type: ignore[arg-type]


class Outline(HTMLParser):
    """Tags left open, ids, references and everything that could act."""

    VOID = ("meta", "input", "br", "path", "circle", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.acts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.refs.append(value or "")
            if name.startswith("on") or name in ("src", "action", "style"):
                self.acts.append(f"{tag} {name}")
        if tag in ("script", "iframe", "object", "embed", "form", "link", "img", "base"):
            self.acts.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    assert found.open == []
    return found


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [t for b in blocks for t in (b.text, b.label, b.note, *b.head, *(c for row in b.rows for c in row)) if t]


def test_every_sheet_is_whole_in_both_languages(content: Content) -> None:
    for label in sheet_ids(content.lessons):
        zh, en = (sheet(content, t, label) for t in sides(content))
        assert [b.form for b in zh.blocks] == [b.form for b in en.blocks], label
        assert [len(b.rows) for b in zh.blocks] == [len(b.rows) for b in en.blocks], label
        for page in (zh, en):
            for said in texts(page.blocks):
                assert "{" not in said and "}" not in said, (label, said)
                assert not re.search(r"\bclass\.lessons", said), (label, said)
        assert zh.name != en.name
        bare = [t for t in texts(en.blocks) if re.search(r"[\u4e00-\u9fff]", t)]
        assert label == "glossary" or bare == [], label


def test_the_answer_key_shows_every_number(content: Content) -> None:
    for tongue in sides(content):
        fill = Filler(content, tongue)
        for demonstration in content.lessons.demonstrations.values():
            assert NOTHING not in fill.text(demonstration.see)


def test_the_page_is_self_contained_and_cannot_act(content: Content) -> None:
    page = lesson_page(content)
    assert page.startswith(HEAD)
    assert not re.search(r"""(?:https?:)?//[a-z]|url\(|@import""", page.split("</style>")[1])
    found = outline(page)
    assert found.acts == []
    assert len(found.ids) == len(set(found.ids))
    assert {ref.removeprefix("#") for ref in found.refs} <= set(found.ids)
    assert len([i for i in found.ids if i.startswith("en-")]) == len(sheet_ids(content.lessons))


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_alone_in_one_language(content: Content, lang: str) -> None:
    page = lesson_page(content, "questions", lang, (lang,))  # type: ignore[arg-type]
    other = {"zh": "en", "en": "zh"}[lang]
    assert f'id="{lang}-questions"' in page and f'id="{other}-questions"' not in page
    assert "type=\"radio\"" not in page
    assert outline(page).acts == []


def test_an_unknown_sheet_is_a_key_error(content: Content) -> None:
    with pytest.raises(KeyError):
        lesson_page(content, "nothing")
    with pytest.raises(KeyError):
        sheet(content, Tongue("en", content=content), "nothing")


def test_texts_of_an_overlay_stay_text(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "mine.toml").write_text(
        '[[handout]]\nid = "evil"\nname = { zh = "坏<b>", en = "evil<script>alert(1)</script>" }\n'
        'lead = { zh = "甲", en = "`<img src=x onerror=alert(1)>`" }\n'
        'sections = [{ head = { zh = "乙", en = "a\\" onclick=\\"b" }, items = [{ zh = "丙", en = "</section><form>" }] }]\n', "utf-8"
    )
    page = lesson_page(load(overlay=tmp_path), "evil")
    assert outline(page).acts == []
    assert "&lt;script&gt;" in page and "&lt;form&gt;" in page


def test_pupils_get_no_answer(content: Content) -> None:
    """What is handed to students holds neither an answer nor what a fork came to."""
    for tongue in sides(content):
        fill = Filler(content, tongue)
        secret = [fill.text(q.answer) for q in content.lessons.questions.values()]
        secret += [fill.text(e.key) for e in content.lessons.exercises.values()]
        secret += [fill.text(d.see) for d in content.lessons.demonstrations.values()]
        for label, _, audience in listed(content, tongue):
            if audience in ("student", "board"):
                said = plain(sheet(content, tongue, label))
                assert not [s for s in secret if s in said], label


def test_a_reader_sees_one_article_only(content: Content) -> None:
    for tongue in sides(content):
        fill = Filler(content, tongue)
        for role in content.lessons.readers:
            said = plain(sheet(content, tongue, role.id))
            for other in content.lessons.readers:
                for claim in other.claims:
                    assert (fill.text(claim.text) in said) == (other is role)
            with_office = [b.text for b in role_blocks(content, tongue, "cfo", role.article)]
            assert fill.text(role.claims[0].text) in with_office
            assert fill.text(content.lessons.roles["cfo"].brief) in with_office


def test_the_blank_curve_gives_the_opening_and_nothing_else(content: Content) -> None:
    for tongue in sides(content):
        blocks = sheet(content, tongue, "price-curve").blocks
        svg = next(b.svg for b in blocks if b.form == "curve")
        assert svg.count("<circle") == 1 and 'class="line' not in svg
        assert tongue.price(opening_price(Filler(content, tongue), "price-war")) in svg


def test_numbers_key_fills_what_the_worksheet_leaves_open(content: Content) -> None:
    tongue = Tongue("en", content=content)
    boxes = [b for b in sheet(content, tongue, "numbers").blocks if b.form == "table"]
    filled = [b for b in sheet(content, tongue, "numbers-key").blocks if b.form == "table"]
    assert len(boxes) == len(filled) == len(content.lessons.exercises)
    for open_, key in zip(boxes, filled, strict=True):
        assert [row[0] for row in open_.rows] == [row[0] for row in key.rows]
        assert all(row[2:] == ("", "", "") for row in open_.rows) and all(all(row) for row in key.rows)


def test_stale_outcomes_are_said(content: Content, tmp_path: Path) -> None:
    """Other rules than those the forks were played with: the key says so."""
    tongue = Tongue("en", content=content)
    said = tongue.say("class.lessons.answers.stale")
    assert said not in plain(sheet(content, tongue, "answers"))
    (tmp_path / "parameters.toml").write_text(_forgetting_faster(content), "utf-8")
    other = load(overlay=tmp_path)
    assert said in plain(sheet(other, Tongue("en", content=other), "answers"))


def _forgetting_faster(content: Content) -> str:
    source = (content.directory / "parameters.toml").read_text("utf-8")
    entry = next(p for p in re.split(r"(?m)^(?=\[\[parameter\]\])", source) if 'id = "knowledge_decay"' in p)
    changed = re.sub(r"(?m)^(value = )([0-9.]+)", lambda m: f"{m[1]}{float(m[2]) * 1.01:.6g}", entry, count=1)
    assert changed != entry
    return changed
