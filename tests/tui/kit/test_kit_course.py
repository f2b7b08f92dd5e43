"""The chart of courses, cell by cell: axes that stand still, places of lines and marks, names that never leave the room."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.tui.kit.course import Axes, Course, Stop, course_chart
from game.tui.kit.theme import FANCY, NIGHT, PLAIN, Glyphs

P = NIGHT
AXES = Axes(-1, 19, 0.0, 100.0)
TICKS = {q: f"2{3 + q // 4}Q1" for q in range(0, 20, 4)}


def rows(*courses: Course, traces: tuple[tuple[Stop, ...], ...] = (), axes: Axes = AXES, width: int = 80, height: int = 20,
         glyphs: Glyphs = FANCY, **more: object) -> list[str]:  # fmt: skip
    strips = course_chart(courses, traces, axes, width, height, P, ticks=TICKS, glyphs=glyphs, **more)  # type: ignore[arg-type]
    assert len(strips) == height and all(s.cell_length == width for s in strips)
    return ["".join(segment.text for segment in strip) for strip in strips]


def dotted(line: str) -> list[int]:
    """Cells of a row that hold braille dots."""
    return [i for i, char in enumerate(line) if "⠀" < char <= "⣿"]


def test_the_axis_does_not_move_with_the_data() -> None:
    early = rows(Course("a", {-1: 50.0}, P.gold))
    late = rows(Course("a", {q: 50.0 + q for q in range(-1, 20)}, P.gold))
    assert early[-1] == late[-1], "ticks"
    assert [r[:4] for r in early] == [r[:4] for r in late], "labels at the left"
    first = [i for r in early for i in dotted(r)]
    assert min(first) == min(i for r in late for i in dotted(r)), "the opening stays at the left end"


def test_a_value_stands_at_its_height_and_quarter() -> None:
    for value in (0.0, 25.0, 50.0, 100.0):
        for quarter in (-1, 9, 19):
            shown = rows(Course("", {quarter: value}, P.gold))
            spots = [(x, y) for y, r in enumerate(shown) for x in dotted(r)]
            assert len(spots) == 1
            x, y = spots[0]
            gutter, columns = 4, 80 - 4 - 13
            assert x == gutter + round((quarter + 1) * (2 * columns - 1) / 20) // 2
            assert y == round((100.0 - value) / 100.0 * (19 * 4 - 1)) // 4


def test_a_log_axis_has_its_middle_at_the_root() -> None:
    axes = Axes(-1, 19, 0.01, 100.0, log=True)
    shown = rows(Course("", {5: 1.0}, P.gold), axes=axes)
    label = next(y for y, r in enumerate(shown) if r.startswith("   1 ") or r.lstrip().startswith("1 "))
    assert dotted(shown[label]), "one stands halfway between a hundredth and a hundred"
    assert not any(dotted(r) for r in rows(Course("", {5: 0.0, 6: -1.0, 7: math.nan}, P.gold), axes=axes))


def test_marks_bear_their_numbers_and_are_clickable() -> None:
    hits: list[tuple[int, int, int, object]] = []
    trace = (Stop(1, 1, 80.0, "200?", "a"), Stop(5, 5, 10.0, "19?", "b"))
    shown = rows(traces=(trace,), hit=lambda *h: hits.append(h))
    assert [h[3] for h in hits] == ["a", "b"]
    for (x0, x1, y, _), label in zip(hits, ("200?", "19?"), strict=True):
        assert label in shown[y][x0:x1] and FANCY.marks[4] in shown[y][x0:x1]
    between = [y for y, r in enumerate(shown) if dotted(r)]
    assert len(between) > 5, "a dotted line joins them"
    chosen = rows(traces=(trace,), chosen="b")
    assert sum(r.count(FANCY.marks[0]) for r in chosen) == 1


def test_a_vague_date_is_drawn_as_long_as_it_is_vague() -> None:
    sharp = rows(traces=((Stop(7, 7, 50.0, "", 0),),))
    vague = rows(traces=((Stop(7, 4, 50.0, "", 0),),))
    assert sum(len(dotted(r)) for r in sharp) == 0 < sum(len(dotted(r)) for r in vague)


def test_what_lies_outside_the_axes_is_left_out() -> None:
    assert rows(Course("", {-9: 50.0, 40: 50.0}, P.gold)) == rows()


def test_names_at_the_ends_do_not_meet() -> None:
    shown = rows(*(Course(f"firm-{n}", {19: 50.0}, P.gold) for n in range(4)))
    assert sum(any(f"firm-{n}" in r for r in shown) for n in range(4)) == 4
    assert all(r.count("firm-") <= 1 for r in shown)
    chinese = rows(Course("最佳开源模型", {19: 50.0}, P.gold), width=60)
    assert any("最佳" in r for r in chinese)


@pytest.mark.parametrize("glyphs", [FANCY, PLAIN])
@settings(deadline=None, max_examples=60)
@given(
    width=st.integers(1, 140), height=st.integers(1, 40),
    points=st.dictionaries(st.integers(-3, 24), st.floats(allow_nan=True, allow_infinity=True), max_size=24),
    stops=st.lists(st.tuples(st.integers(-1, 19), st.floats(0.001, 1e6)), max_size=5),
    log=st.booleans(),
)  # fmt: skip
def test_any_size_and_any_data(
    glyphs: Glyphs, width: int, height: int, points: dict[int, float], stops: list[tuple[int, float]], log: bool
) -> None:
    axes = Axes(-1, 19, 0.01 if log else -50.0, 100.0, log)
    trace = tuple(Stop(q, q, v, "三百万?", n) for n, (q, v) in enumerate(stops))
    shown = rows(Course("云山", points, P.gold), Course("", points, P.line, faint=True), traces=(trace,), axes=axes,
                 width=width, height=height, glyphs=glyphs, now=3, chosen=0)  # fmt: skip
    if glyphs.plain:
        assert all(char.isascii() or char in "云山三百万" for r in shown for char in r)
