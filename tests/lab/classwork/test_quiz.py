"""The quizzes: whole texts, answers that hold when worked out again, nothing that depends on more than the run."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from game.content import Content
from game.lab.analysis.model import Analysis
from game.lab.analysis.reading import Opened, open_run
from game.lab.analysis.run import steps
from game.lab.classwork import quiz
from game.lab.classwork.quiz import AFTER, BEFORE, FILE, Books, Question, after, before, read_quiz
from game.language import LANGS, Tongue
from game.pages.class_quiz import Paper, quiz_lines, quiz_page, said
from tests.lab.analysis.analysis_builders import TINY, play
from tests.pages.reader import read


@pytest.fixture(scope="module")
def run(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, Analysis]:
    path = tmp_path_factory.mktemp("quiz") / "a.baimo"
    play(shipped, path, quarters=4, player="<b>Ada</b> {quarter}", moves=lambda v: {"price.token": v.own.unit_cost * (1.5 if v.quarter % 2 else 0.5)})
    opened = open_run(shipped, path)
    with pytest.MonkeyPatch.context() as patch:  # luck and skill would play whole campaigns
        patch.setattr("game.lab.analysis.luck.shipped", lambda *_: None)
        patch.setattr("game.lab.analysis.luck.cached", lambda *_: None)
        return opened, list(steps(shipped, opened, TINY))[-1]


@pytest.fixture(scope="module")
def asked(shipped: Content, run: tuple[Opened, Analysis]) -> dict[str, Question]:
    return {q.item.id: q for q in [*before(shipped), *after(shipped, *run)]}


def test_six_before_and_six_after_on_the_same_objectives(shipped: Content) -> None:
    items, problems = read_quiz(shipped)
    assert not problems
    first, second = ([i for i in items if i.when == when] for when in ("before", "after"))
    assert {i.id for i in first} == set(BEFORE) and {i.id for i in second} == set(AFTER)
    assert [i.objective for i in first] == [i.objective for i in second]
    assert {i.objective for i in first} == {"o1", "o2", "o3", "o4", "o5"} and len(first) == len(second) == 6
    assert all(any(c.right for c in i.choices) and not all(c.right for c in i.choices) for i in items if i.choices)


def test_every_text_is_whole_in_both_languages(shipped: Content, asked: dict[str, Question]) -> None:
    assert set(asked) == {*BEFORE, *AFTER}
    for q in asked.values():
        for lang in LANGS:
            tongue = Tongue(lang, content=shipped)
            for key in (False, True):
                text = said(q, key, tongue)
                assert not re.search(r"[{}⟦⟧]|--|class_quiz|\bnan\b|\binf\b", text), (q.item.id, lang, text)
                assert bool(re.search("[\u4e00-\u9fff]", text)) is (lang == "zh"), text


def test_no_number_is_typed(shipped: Content) -> None:
    """Digits come from figures, from what is supposed, or from the books; a thousand futures and quarters of a year are words."""
    for item in read_quiz(shipped)[0]:
        for text in (item.ask, item.key):
            for lang in LANGS:
                bare = re.sub(r"\{[^}]*\}", "", text[lang])
                assert set(re.findall(r"\d+", bare)) <= {"4", "1", "90", "2024"}, (item.id, bare)


def test_answers_before_hold_when_worked_out_again(shipped: Content, asked: dict[str, Question]) -> None:
    f = shipped.figures
    v = asked["before-margin"].values
    assert v["margin"] == pytest.approx(3 - 2.4) and v["new_margin"] == pytest.approx(0.3 - 2.4) and v["need"] == pytest.approx(0.875)
    v = asked["before-runway"].values
    assert v["runway"] == pytest.approx(5.0) and v["longer"] == pytest.approx(7.5) and v["needed"] == pytest.approx(100)
    cut = asked["before-cut"].values
    assert cut["low_share"] == pytest.approx(f["token-revenue-projection"].low / f["aliyun-revenue-fy2025"].value)  # type: ignore[operator]
    assert asked["before-open"].values["licences"] == pytest.approx(1000 * 0.08 * 7)
    assert asked["before-figure"].values["ratio"] == pytest.approx(4.3 / 2.3, abs=0.005)
    key = said(asked["before-cut"], True, Tongue("en", content=shipped))
    assert "B and C" in key and "3.4%" in key and "5.9%" in key


def test_answers_after_are_those_of_the_books(run: tuple[Opened, Analysis], asked: dict[str, Question]) -> None:
    opened, analysis = run
    table = opened.table
    assert table is not None
    rows = {r.quarter: r for r in table.history(0)}
    v = asked["after-margin"].values
    assert v["price"] == pytest.approx(rows[v["quarter"]].own_price) and v["margin"] == pytest.approx(v["price"] - v["cost"])  # type: ignore[index, operator]
    v = asked["after-runway"].values
    assert v["cash"] == pytest.approx(rows[v["quarter"] - 1].cash) and v["revenue"] == pytest.approx(rows[v["quarter"] - 1].revenue)  # type: ignore[index, operator]
    v = asked["after-cut"].values
    assert v["market"] == pytest.approx(rows[v["quarter"]].token_price)  # type: ignore[index]
    falls = {q: 1 - rows[q].token_price / rows[q - 1].token_price for q in rows if q - 1 in rows}
    assert v["quarter"] == max(falls, key=falls.__getitem__)
    v = asked["after-figure"].values
    assert v["share"] == pytest.approx(rows[max(rows)].share) and v["paying"] == pytest.approx(v["share"] / (1 - v["outside"]))  # type: ignore[operator]
    v = asked["after-luck"].values
    worst = max((q for q in analysis.quarters if q.regret), key=lambda q: q.regret.mean if q.regret else 0.0)
    assert v["quarter"] == worst.quarter and v["came"] == worst.row.value


def test_what_the_seat_saw_is_what_the_quiz_reads(run: tuple[Opened, Analysis]) -> None:
    """The reconstructed view of the latest state is the table's own."""
    table = run[0].table
    assert table is not None
    books = Books(table, run[1])
    theirs, ours = table.view(0), books.view(table.quarter)
    assert ours.own == theirs.own and ours.market == theirs.market
    assert [(f.price_token, f.share, f.route) for f in ours.firms] == [(f.price_token, f.share, f.route) for f in theirs.firms]


def test_the_same_run_gives_the_same_quiz(shipped: Content, run: tuple[Opened, Analysis], asked: dict[str, Question]) -> None:
    again = after(shipped, open_run(shipped, run[0].run.path), run[1])
    assert [q.values for q in again] == [asked[q.item.id].values for q in again]


def test_without_regret_one_question_is_left_out(shipped: Content, run: tuple[Opened, Analysis]) -> None:
    bare = next(steps(shipped, run[0], TINY))
    left = [q.item.id for q in after(shipped, run[0], bare)]
    assert left == [i for i in AFTER if i != "after-luck"]


def test_own_content_that_is_wrong_is_told(shipped: Content, tmp_path: Path) -> None:
    text = (shipped.directory / FILE).read_text(encoding="utf-8")
    for old, new, why in (
        ('objective = "o2"', 'objective = "o9"', "no objective 'o9'"), ('id = "before-cut"', 'id = "before-lunch"', "worked out"),
        ('"token-revenue-projection"', '"token-revenue-projektion"', "no figure"), ('when = "before"', 'when = "after"', "not of that quiz"),
        ("lines = 4", "lines = 400", ""),
    ):  # fmt: skip
        place = tmp_path / FILE
        place.parent.mkdir(parents=True, exist_ok=True)
        assert old in text
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems = read_quiz(dataclasses.replace(shipped, overlay=tmp_path))[1]
        assert problems and why in problems[0].message


# the page -------------------------------------------------------------------------------------------------------------


def test_the_key_is_folded_and_apart_and_names_are_text(shipped: Content, run: tuple[Opened, Analysis]) -> None:
    papers = [Paper("<i>课</i>", "<b>Ada</b> {quarter}\u202e", after(shipped, *run), True), Paper("", "", before(shipped), False)]
    html = quiz_page(shipped, papers, "en")
    reader = read(html)
    assert not {t for t, _ in reader.tags} & {"script", "img", "b", "i", "a", "form", "link"}
    assert "&lt;b&gt;Ada&lt;/b&gt; {quarter}" in html and "\u202e" not in html
    questions, _, keys = html[html.index('lang="en"><section') :].partition("<details")
    assert 'class="answer"' not in questions and keys.count('class="answer"') == 12 and "<details open" not in html
    assert questions.count('class="blank"') == sum(q.item.lines for p in papers for q in p.questions)
    for lang in LANGS:
        lines = list(quiz_lines(papers, Tongue(lang, content=shipped)))
        assert sum(line[:2] in [f"{n}." for n in range(1, 7)] for line in lines) == 24


def test_the_numbers_of_a_run_that_gave_everything_away(shipped: Content, tmp_path: Path) -> None:
    play(shipped, tmp_path / "b.baimo", quarters=2, moves=lambda v: {"price.token": 0.0})
    opened = open_run(shipped, tmp_path / "b.baimo")
    found = {q.item.id: q for q in after(shipped, opened, next(steps(shipped, opened, TINY)))}
    assert "after-margin" not in found, "without a price there is no margin to ask for"
    key = said(found["after-cut"], True, Tongue("en", content=shipped))
    assert "became free" in key and "¥0 −" in key


def test_nothing_is_asked_of_a_run_without_a_market(shipped: Content, run: tuple[Opened, Analysis]) -> None:
    assert quiz.after(shipped, dataclasses.replace(run[0], table=None, market=None), run[1]) == []
