"""The rubric: what it may say, what is refused and why; the mark of forecasts by its formula."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.content import Content
from game.engine.finance import interval_score
from game.lab.classwork.rubric import FILE, Rubric, RubricError, calibration, read_rubric, skill
from game.language import LANGS, Tongue
from game.table.wire import Guidance


def test_the_shipped_rubric_is_the_one_that_lessons_state(shipped: Content) -> None:
    rubric = read_rubric(shipped)
    assert {p.id: p.weight for p in rubric.part} == {"reasons": 0.4, "forecasts": 0.2, "fork": 0.2, "quiz": 0.2, "rank": 0.0}
    assert [c.id for c in rubric.part[0].criterion] == ["trade-off", "figure", "expectation"]
    assert sum(rubric.worth(p) for p in rubric.part) == rubric.points == 100


def edited(shipped: Content, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = (shipped.directory / FILE).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_teacher_may_change_weights_and_leave_parts_out(shipped: Content, tmp_path: Path) -> None:
    path = edited(shipped, tmp_path, ("weight = 0.4", "weight = 0.5"), ("weight = 0.2", "weight = 0.1"), ("points = 100", "points = 150"))
    rubric = read_rubric(shipped, path)
    assert isinstance(rubric, Rubric) and rubric.worth(rubric.part[0]) == 75
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("[[part]]")], encoding="utf-8")
    assert [p.id for p in read_rubric(shipped, path).part] == ["reasons", "forecasts", "fork", "quiz"]


RANKED = ('weight = 0.0\nway = "rank"', 'weight = 0.1\nway = "rank"')


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("weight = 0.4", "weight = 0.5")], "sum"),
        ([("weight = 0.4", "weight = -0.4")], "wrong"),
        ([("weight = 0.4", 'weight = "much"')], "wrong"),
        ([("weight = 0.4", "weight = 0.3"), RANKED], "rank"),
        ([("weight = 0.4", "weight = 0.3"), RANKED, ('way = "rank"', 'way = "teacher"')], "rank"),
        ([('id = "quiz"', 'id = "fork"')], "twice"),
        ([('way = "quiz"', 'way = "forecasts"')], "ways"),
        ([('way = "quiz"', 'way = "dice"')], "wrong"),
        ([("weight = 0.4", "wieght = 0.4")], "wrong"),
        ([("schema = 1", "schema = 2")], "wrong"),
        ([("[[part]]", "[[part")], "wrong"),
        ([('en = "Reasons"', 'en = "Rea\u202esons"')], "wrong"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_sentence(
    shipped: Content, tmp_path: Path, changes: list[tuple[str, str]], why: str
) -> None:
    with pytest.raises(RubricError) as caught:
        read_rubric(shipped, edited(shipped, tmp_path, *changes))
    assert caught.value.message.id == f"class_page.rubric.{why}"
    for lang in LANGS:
        said = Tongue(lang, content=shipped).message(caught.value.message)
        assert "class_page" not in said and "\n" not in said and "\u202e" not in said and "--" not in said
    if why == "rank":
        assert "keyboard" in said, "it says why rank counts nothing"


def test_strange_files(shipped: Content, tmp_path: Path) -> None:
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * 200_000)
    for path, why in ((tmp_path / "none.toml", "unreadable"), (tmp_path, "wrong"), (big, "large")):
        with pytest.raises(RubricError) as caught:
            read_rubric(shipped, path)
        assert caught.value.message.id == f"class_page.rubric.{why}"


# forecasts ------------------------------------------------------------------------------------------------------------


def given(quarter: int, low: float, high: float, actual: float | None, before: float = 100.0, what: str = "cash") -> Guidance:
    """An interval scored beside the naive one, 30 % either way of what was known."""
    naive = before * 0.7, before * 1.3
    if actual is None:
        return Guidance(quarter, what, low, high, *naive)
    scores = [float(interval_score(a, b, actual)) for a, b in ((low, high), naive)]  # type: ignore[arg-type]
    return Guidance(quarter, what, low, high, *naive, actual=actual, score=scores[0], naive=scores[1])


def test_skill_is_that_of_the_games_own_credibility() -> None:
    naive = given(4, 70.0, 130.0, 100.0)
    def of(one: Guidance) -> float:
        assert one.score is not None and one.naive is not None
        return skill(one.score, one.naive)

    assert of(naive) == 0.0, "as good as the naive interval"
    sharp, blind = given(4, 95.0, 105.0, 100.0), given(4, 200.0, 210.0, 100.0)
    assert of(sharp) == pytest.approx((60 - 10) / 70) and of(blind) == pytest.approx((60 - 1010) / 1070)
    assert skill(1e9, 0.0) == -1.0 and skill(0.0, 1e9) == 1.0


def test_the_mark_is_the_mean_over_the_quarters_due() -> None:
    quarters = [4, 5, 6, 7]
    naive = [given(q, 70.0, 130.0, 100.0) for q in (4, 5, 6)]
    assert calibration(naive, quarters).mark == 0.5
    assert calibration(naive[:2], quarters).mark == pytest.approx(1 / 3), "a quarter without a forecast earns nothing"
    assert calibration([], quarters).mark == 0.0
    assert calibration([], [4]).mark is None, "none was due"
    both = [*naive, given(4, 95.0, 105.0, 100.0, what="revenue")]
    better = calibration(both, quarters)
    assert better.mark == pytest.approx((0.5 * (0.5 + (1 + 50 / 70) / 2) + 0.5 + 0.5) / 3)
    assert (better.due, better.given, better.scored, better.held) == (3, 3, 4, 4)
    late = calibration([*naive, given(7, 95.0, 105.0, 100.0), given(5, 0.0, 1.0, None)], quarters)
    assert late.mark == 0.5, "what could not be due, and what is open, counts nothing"


def test_an_honest_interval_beats_wide_and_narrow_ones() -> None:
    """Over many outcomes the interval that holds four in five marks best: the score is proper."""
    outcomes = [40.0 + 120.0 * (n + 0.5) / 200 for n in range(200)]

    def mean(low: float, high: float) -> float:
        marks = [calibration([given(4, low, high, x)], [4, 5]).mark for x in outcomes]
        return sum(m or 0.0 for m in marks) / len(marks)

    scores = {half: sum(float(interval_score(100 - half, 100 + half, x)) for x in outcomes) for half in (10, 48, 90)}  # type: ignore[arg-type]
    assert min(scores, key=scores.__getitem__) == 48
    assert mean(52, 148) > mean(0, 400)
