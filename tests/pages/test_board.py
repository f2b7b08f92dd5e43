"""The projector's board: nothing inline, nothing from outside, names stay text, both languages say everything."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from game.classroom.messages import Board, BoardTeam, Told
from game.content import Content
from game.content.load import collect
from game.pages import board

EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'&[@click=x]"


@pytest.fixture(scope="module")
def content() -> Content:
    found, _ = collect()
    assert found is not None
    return found


class Read(HTMLParser):
    """Tags with their attributes, and the text of the elements with an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br"):
            self._open.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1]:
            self.texts[self._open[-1]] = self.texts.get(self._open[-1], "") + data


def some(**more: Any) -> Board:
    teams = [BoardTeam(EVIL, "team-1", True, 2, "active")]
    values: dict[str, Any] = dict(
        version=1, scenario="price-war", phase="open", paused=False, round=1, quarter=5, first_quarter=4, quarters=8, left=30.0,
        code="K7QM-2XRD-9", teams=teams, told=[Told(1, EVIL)],
    )  # fmt: skip
    return Board(**{**values, **more})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_stands_inline_and_nothing_comes_from_outside(content: Content, lang: Any) -> None:
    page = board.board_page(content, lang, address=f"http://10.0.0.1/{EVIL}", first=msgspec.json.encode(some()).decode())
    read = Read(page)
    scripts = [attrs for tag, attrs in read.tags if tag == "script"]
    assert scripts == [{"src": board.SCRIPT_PATH, "defer": None}]
    assert not [tag for tag, _ in read.tags if tag in ("style", "iframe", "form", "object", "base")]
    for tag, attrs in read.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], (tag, attrs)
        for name in ("src", "href"):
            assert (attrs.get(name) or "/").startswith("/"), (tag, attrs)
    assert sum(tag == "img" for tag, _ in read.tags) == 1  # the QR code; what people typed made none
    assert "alert" not in {tag for tag, _ in read.tags}
    assert json.loads(read.texts["first"])["teams"][0]["name"] == EVIL


def test_the_policy_forbids_what_the_page_does_without() -> None:
    rules = dict(rule.strip().partition(" ")[::2] for rule in board.POLICY.split(";"))
    assert rules["default-src"] == "'none'" and rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in board.POLICY and rules["frame-ancestors"] == "'none'"


def test_the_script_writes_text_only() -> None:
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "setTimeout(\"", "cookie",
                "fetch(", "XMLHttpRequest", ".send("):  # fmt: skip
        assert way not in board.BOARD_SCRIPT, way
    assert "://" not in board.BOARD_SCRIPT.replace("http://www.w3.org/2000/svg", "").replace('"wss://"', "").replace('"ws://"', "")
    assert "url(" not in board.BOARD_STYLE and "@import" not in board.BOARD_STYLE


def test_every_word_is_there_in_both_languages(content: Content) -> None:
    words = json.loads(Read(board.board_page(content, "zh")).texts["words"])
    said = set(re.findall(r'say\("([a-z-]+)"', board.BOARD_SCRIPT)) | set(re.findall(r'data-say="([a-z-]+)"', board.board_page(content, "en")))
    for lang in ("zh", "en"):
        texts = words[lang]["texts"]
        assert set(texts) == set(board.WORDS)
        assert not [key for key, text in texts.items() if text == f"projector.{key}" or not text]
        assert {key for key in said if not key.endswith("-")} <= set(texts)
        assert set(words[lang]["cards"]) == set(content.cards)
        assert all(words[lang]["questions"][step] for step in ("feelings", "facts", "transfer"))
        for phase in ("lobby", "open", "paused", "closing", "between", "debrief", "over"):
            assert f"phase-{phase}" in texts
    said |= set(re.findall(r'[?:] "([a-z-]+)"', board.BOARD_SCRIPT))
    unsaid = set(board.WORDS) - said - {key for key in board.WORDS if key.startswith(("phase-", "step-", "lead-"))}
    assert not unsaid, unsaid
    for key in board.WORDS:  # a hole that one language has the other has as well
        holes = [set(re.findall(r"\{(\w+)\}", words[lang]["texts"][key])) for lang in ("zh", "en")]
        assert holes[0] == holes[1], key


def test_no_answer_of_the_debrief_stands_in_the_page(content: Content) -> None:
    page = Read(board.board_page(content, "zh")).texts["words"]
    for question in content.lessons.questions.values():
        assert question.answer.zh[:30] not in page


def test_the_script_is_a_program() -> None:
    """Brackets and quotes close; a browser runs it in the shows."""
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"|/(?:[^/\\\n]|\\.)+/g?(?=[.,)])', "", board.BOARD_SCRIPT)
    for left, right in ("()", "[]", "{}"):
        assert bare.count(left) == bare.count(right), left
    assert '"' not in bare and "`" not in bare


def test_a_qr_code_is_a_whole_picture() -> None:
    svg = board.qr_svg("http://192.168.1.5:8100/?code=K7QM-2XRD-9")
    assert svg.startswith("<svg") and "<script" not in svg and "#fff" in svg
    with pytest.raises(ValueError):
        board.qr_svg("x" * 9000)
