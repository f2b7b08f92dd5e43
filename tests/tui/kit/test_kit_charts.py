"""Every chart, cell by cell: exact widths, sums, places and colours."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from game.tui.kit.axes import nice_log_range, nice_range, spread
from game.tui.kit.charts import (
    Series,
    Step,
    braille_lines,
    diverging_bar,
    fan,
    fan_legend,
    fold_steps,
    hbar,
    legend,
    round_to_sum,
    series_ink,
    series_legend,
    shares,
    slider,
    slider_text,
    slider_value,
    spark,
    stacked_bar,
    waterfall,
)  # fmt: skip
from game.tui.kit.draw import Part
from game.tui.kit.theme import DAY, FANCY, NIGHT, PLAIN, Glyphs

P = NIGHT
GLYPHS = pytest.mark.parametrize("glyphs", [FANCY, PLAIN])
Cell = tuple[str, str | None, str | None]


def cells(strip: Strip) -> list[Cell]:
    """(character, foreground, background) of every cell; a wide one fills two."""
    out: list[Cell] = []
    for text, style, _ in strip:
        fg = style.color.triplet.hex if style and style.color and style.color.triplet else None
        bg = (
            style.bgcolor.triplet.hex if style and style.bgcolor and style.bgcolor.triplet else None
        )
        for char in text:
            out += [(char, fg, bg)] * cell_len(char)
    return out


def exact(rows: list[Strip], width: int, height: int) -> None:
    assert len(rows) == height
    for strip in rows:
        assert strip.cell_length == width == sum(cell_len(s.text) for s in strip)
        assert "\n" not in strip.text


def width_of(parts: list[Part]) -> int:
    return sum(cell_len(text) for text, _ in parts)


# Fan -------------------------------------------------------------------------------------------

QUANTILES = [(9, 10, 11, 12, 13), (8, 10, 12, 14, 16), (6, 10, 13, 16, 20), (4, 10, 14, 18, 24)]
numbers = st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf, 0.0])


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(numbers, min_size=5, max_size=5).map(sorted), max_size=8),
    st.lists(numbers, max_size=8),
    st.integers(0, 70),
    st.integers(0, 16),
    st.booleans(),
)
def test_fan_is_exact_for_any_data(
    quantiles: list[list[float]], history: list[float], width: int, height: int, plain: bool
) -> None:
    rows = fan(
        quantiles, width, height, P, history=history, ghost=[q[2] for q in quantiles], ends=True,
        ticks=[f"Q{i}季" for i in range(16)], glyphs=PLAIN if plain else FANCY,
    )  # fmt: skip
    exact(rows, width, height)


def test_fan_shows_bands_around_the_median() -> None:
    rows = fan(
        QUANTILES, 60, 17, P, history=[20, 15, 10], ticks=["a", "b", "now", "d", "e", "f", "g"]
    )
    exact(rows, 60, 17)
    grid = [cells(r) for r in rows]
    at = 50  # a column well in the future
    column = [grid[y][at] for y in range(16)]
    seen = [{fg, bg} & {P.sea_dark, P.sea_mid, P.gold} for _, fg, bg in column]
    order = [c for c in seen if c]
    # From above: outer band, inner band, median, inner band, outer band.
    assert order[0] <= {P.sea_dark, P.sea_mid} and order[-1] <= {P.sea_dark, P.sea_mid}
    gold = [y for y, c in enumerate(seen) if P.gold in c]
    assert 1 <= len(gold) <= 2
    inner = [y for y, c in enumerate(seen) if P.sea_mid in c]
    outer = [y for y, c in enumerate(seen) if P.sea_dark in c]
    assert outer[0] <= inner[0] < gold[0] <= inner[-1] <= outer[-1]
    # No holes: between the first and the last row of the fan every cell is painted.
    assert all(seen[y] for y in range(outer[0], outer[-1] + 1))


def test_fan_places_values_on_the_axis() -> None:
    # Flat futures at 5 of 0..10 in 20 half rows: the line lies where the lower half begins.
    rows = fan([(5,) * 5] * 3, 30, 10, P, limits=(0, 10))
    grid = [cells(r) for r in rows]
    hit = [y for y in range(10) if any(fg == P.gold or bg == P.gold for _, fg, bg in grid[y])]
    assert hit == [5]
    high = fan([(10,) * 5] * 3, 30, 10, P, limits=(0, 10))
    assert any(P.gold in cell[1:] for cell in cells(high[0]))
    low = fan([(0,) * 5] * 3, 30, 10, P, limits=(0, 10))
    assert any(P.gold in cell[1:] for cell in cells(low[9]))


def test_fan_history_is_left_of_the_future_and_the_fan_opens_now() -> None:
    rows = fan(QUANTILES, 61, 12, P, history=[10, 10, 10], ticks=["x"] * 6 + ["y"])
    grid = [cells(r)[-58:] for r in rows[:-1]]
    bands = {P.sea_dark, P.sea_mid, P.gold}
    first_band = min(x for line in grid for x, c in enumerate(line) if bands & set(c[1:]))
    last_past = max(
        x for line in grid for x, c in enumerate(line) if c[0] in "▃▅█" and P.text in c[1:]
    )
    assert last_past < first_band
    assert abs(first_band - 57 / 3) < 2  # now is the third of seven points


def test_fan_ghost_and_now_and_zero() -> None:
    rows = fan(QUANTILES, 60, 14, P, history=[10.0], ghost=[6, 2, -2, -6])
    text = "".join(r.text for r in rows)
    assert sum(0x2800 < ord(c) < 0x2900 for c in text) >= 5
    none = "".join(r.text for r in fan(QUANTILES, 60, 14, P, history=[10.0]))
    assert not any(0x2800 < ord(c) < 0x2900 for c in none)
    # Where the axis crosses nought a red line is drawn.
    assert any(c[0] == FANCY.grid and c[1] == P.cinnabar for r in rows for c in cells(r))


def test_fan_labels_come_from_the_formatter_and_ticks_do_not_touch() -> None:
    rows = fan(QUANTILES, 60, 11, P, history=[10, 9], fmt=lambda v: f"¥{v:g}亿", floor=0, ends=True,
               ticks=["24Q1", "今", "Q3", "Q4", "25Q1", "Q2"])  # fmt: skip
    assert rows[0].text.lstrip().startswith("¥30亿")
    assert "¥15亿" in rows[5].text and "¥0亿" in rows[9].text
    assert any("¥14亿" in r.text for r in rows) and any("¥24亿" in r.text for r in rows)
    ticks = rows[-1].text.split()
    assert "今" in ticks and set(ticks) <= {"24Q1", "今", "Q3", "Q4", "25Q1", "Q2"}
    tight = fan(
        QUANTILES,
        24,
        8,
        P,
        history=[10, 9],
        ticks=["2024年Q1", "现在", "第三季", "第四季", "明年", "Q2"],
    )
    assert set(tight[-1].text.split()) <= {"2024年Q1", "现在", "第三季", "第四季", "明年", "Q2"}


def test_fan_colours_follow_the_palette_and_the_ground() -> None:
    rows = fan(QUANTILES, 40, 10, DAY, bg=DAY.panel_alt)
    grounds = {bg for r in rows for _, _, bg in cells(r)}
    assert DAY.panel_alt in grounds and DAY.panel not in grounds


def test_fan_legend_fits() -> None:
    names = ("历史", "中位", "半数", "八成", "改动前")
    for width in range(10, 80):
        strip = fan_legend(names, width, P)
        exact([strip], width, 1)
        # Whole entries only: what is named at all is named in full.
        words = [w for w in strip.text.split() if w[0] > "一"]
        assert tuple(words) == names[: len(words)] and words
    assert "改动前" in fan_legend(names, 32 + 4, P).text
    assert "改动前" not in fan_legend(names, 60, P, ghost=False).text


# Lines -----------------------------------------------------------------------------------------

SERIES = [
    Series("你", [1, 2, 4, 8, 16]),
    Series("云山", [40, 38, 36, None, None]),
    Series("深研", [None, 5, 9, 14, 18]),
]


@GLYPHS
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", [(60, 12), (20, 4), (7, 2), (3, 1), (0, 3), (40, 0)])
def test_lines_are_exact(glyphs: Glyphs, log: bool, size: tuple[int, int]) -> None:
    rows = braille_lines(
        SERIES, *size, P, log=log, ticks=["23Q1", "Q2", "Q3", "Q4", "24Q1"], glyphs=glyphs
    )
    exact(rows, *size)


def test_lines_differ_in_mark_and_colour() -> None:
    rows = braille_lines(SERIES, 60, 12, P)
    text = "".join(r.text for r in rows)
    inks = [series_ink(s, i, P) for i, s in enumerate(SERIES)]
    assert len({mark for mark, _ in inks}) == len({colour for _, colour in inks}) == 3
    for (mark, colour), series in zip(inks, SERIES):
        assert mark in text and series.name in text
        assert any(c[0] == mark and c[1] == colour for r in rows for c in cells(r))


def test_log_lines_make_equal_ratios_equal_steps() -> None:
    rows = braille_lines(
        [Series("a", [1, 10, 100])],
        41,
        21,
        P,
        log=True,
        names=False,
        limits=(1, 100),
        fmt=lambda v: "",
    )
    high = [
        next(y for y in range(21) if rows[y].text[x] != " " and rows[y].text[x] != FANCY.grid)
        for x in (0, 20, 40)
    ]
    assert high == [20, 10, 0]
    assert braille_lines([Series("a", [-1, 0])], 10, 2, P, log=True)[0].text.strip() == ""


def test_legends_wrap() -> None:
    rows = legend([("●", P.gold, "云山"), ("■", P.sea, "深研"), ("▲", P.jade, "你")], 18, P)
    exact(rows, 18, 2)
    exact(series_legend(SERIES, 40, P), 40, 1)


# Bars ------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-10, 1e6),
    st.integers(0, 40),
    st.booleans(),
)
def test_hbar_is_exact(value: float, top: float, width: int, plain: bool) -> None:
    assert cell_len(hbar(value, top, width, PLAIN if plain else FANCY)) == width


def test_hbar_counts_eighths() -> None:
    assert hbar(10, 10, 5) == "█████" and hbar(0, 10, 5) == "     " and hbar(20, 10, 5) == "█████"
    assert hbar(5, 10, 5) == "██▌  " and hbar(1e-9, 10, 5) == "▏    "
    worth = {" ": 0, "█": 8} | {glyph: i + 1 for i, glyph in enumerate(FANCY.eighths)}
    for eighths in range(41):
        assert sum(worth[char] for char in hbar(eighths, 40, 5)) == eighths


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=9), st.integers(1, 60))
def test_shares_add_up(parts: list[float], width: int) -> None:
    out = shares(parts, width)
    assert sum(out) == (width if sum(parts) > 0 else 0) and min(out) >= 0
    if sum(parts) > 0:
        assert all(abs(o - p / sum(parts) * width) < 1 + 1e-6 for o, p in zip(out, parts))


@GLYPHS
def test_stacked_bar(glyphs: Glyphs) -> None:
    parts = stacked_bar([(42, P.sea), (35, P.gold), (23, P.jade)], 26, P, glyphs=glyphs)
    assert width_of(parts) == 26 and [len(t) for t, _ in parts] == [11, 9, 6]
    # Without colour the parts are still apart.
    assert len({t[-1] for t, _ in parts}) == (3 if glyphs.plain else 2)
    assert width_of(stacked_bar([], 9, P)) == width_of(stacked_bar([(0, P.sea)], 9, P)) == 9


@GLYPHS
def test_spark(glyphs: Glyphs) -> None:
    for rows in (1, 2):
        for width in (0, 1, 8, 20):
            out = spark([1, 2, 3, 9, math.nan], width, rows, glyphs=glyphs)
            assert len(out) == rows and all(cell_len(t) == width for t in out)
    assert spark([0, 7], 2) == ["▁█"] and spark([5, 5, 5], 3) == ["▄▄▄"]
    assert spark([0, 1], 2, 2) == [" █", "▁█"]
    assert spark(range(10), 3) == spark([7, 8, 9], 3)  # the newest are kept


@GLYPHS
@pytest.mark.parametrize("value", [-9, -2.1, -0.01, 0, 0.01, 1.3, 9, math.nan])
@pytest.mark.parametrize("width", [0, 2, 3, 10, 17])
def test_diverging_bar_grows_to_the_side_of_its_sign(
    value: float, width: int, glyphs: Glyphs
) -> None:
    parts = diverging_bar(value, 2.5, width, P, glyphs=glyphs)
    assert width_of(parts) == width
    if width >= 3 and value == value and value:
        text = "".join(t for t, _ in parts)
        middle = (width - 1) // 2
        assert text[middle] == glyphs.bar
        left, right = text[:middle].strip(), text[middle + 1 :].strip()
        assert bool(right) == (value > 0) and bool(left) == (value < 0)


@GLYPHS
def test_slider(glyphs: Glyphs) -> None:
    for width in range(0, 20):
        for position in (-1, 0, 0.3, 1, 2, math.nan):
            assert cell_len(slider_text(position, width, 0.7, glyphs)) == width
            assert width_of(slider(position, width, P, ghost=0.7, glyphs=glyphs)) == width
    assert (
        slider_text(0.5, 9) == "━━━━●────"
        and slider_text(0, 5) == "●────"
        and slider_text(1, 5) == "━━━━●"
    )
    assert slider_text(0.5, 9, 0.75) == "━━━━●─┊──" and slider_text(0.5, 9, 0.5) == "━━━━●────"
    for x in range(9):
        assert slider_text(slider_value(x, 9), 9)[x] == "●"


# Waterfall -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=12),
    st.sampled_from([1.0, 10.0, 1e4, 0.1]),
)
def test_round_to_sum_adds_up(parts: list[int], unit: float) -> None:
    exact_parts = [p / 7 for p in parts]
    total = sum(exact_parts)
    out = round_to_sum(exact_parts, total, unit)
    assert sum(out) == math.floor(total / unit + 0.5 + 1e-9)
    assert all(abs(o - p / unit) < 1 + 1e-5 for o, p in zip(out, exact_parts))


def test_round_to_sum_examples() -> None:
    assert round_to_sum([1 / 3, 1 / 3, 1 / 3], 1) == [1, 0, 0]
    assert round_to_sum([2.3, 4.7], 7.0, 0.1) == [23, 47]
    assert round_to_sum([0, 5.5, -5.5], 0) == [0, 6, -6]
    with pytest.raises(ValueError, match="add up"):
        round_to_sum([1, 2], 9)
    with pytest.raises(ValueError, match="finite"):
        round_to_sum([math.nan], 0)


STEPS = [
    Step("收入", 4200),
    Step("融资", 3000),
    Step("算力", -3900),
    Step("工资", -2300),
    Step("利息", -140),
]


@GLYPHS
@settings(max_examples=60, deadline=None)
@given(
    amount=st.floats(-1e8, 1e8),
    steps=st.lists(st.floats(-1e8, 1e8), max_size=9),
    width=st.integers(0, 80),
    height=st.integers(0, 24),
)
def test_waterfall_is_exact(
    glyphs: Glyphs, amount: float, steps: list[float], width: int, height: int
) -> None:
    rows = waterfall(Step("期初现金", amount), [Step(f"第{i}项", s) for i, s in enumerate(steps)],
                     "期末现金", width, height, P, unit=1e4, fmt=lambda n: f"{n:,}万", glyphs=glyphs)  # fmt: skip
    exact(rows, width, height)


def _shown(rows: list[Strip]) -> list[int]:
    amounts = [r.text.split()[1] for r in rows if r.text[:1].strip()]  # not the threads between
    return [int(a.replace(",", "").replace("−", "-")) for a in amounts]


@settings(deadline=None)
@given(
    st.floats(0, 1e6), st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=8), st.integers(3, 10)
)
def test_waterfall_amounts_add_up_as_shown(opening: float, steps: list[float], height: int) -> None:
    rows = waterfall(
        Step("a", opening), [Step("s", s) for s in steps], "z", 70, height, P, unit=100, other="o"
    )
    first, *middle, last = _shown(rows)
    assert first + sum(middle) == last


def test_waterfall_bars_join() -> None:
    rows = waterfall(Step("期初", 10000), STEPS, "期末", 70, 7, P)
    spans = []
    for r in rows:
        line = cells(r)[20:]
        # Painted: a block in a colour, or a swapped cell whose background is the colour.
        lit = [x for x, (c, _, bg) in enumerate(line) if c != " " or bg != P.panel]
        spans.append((lit[0], lit[-1]))
    # opening ends where income begins, income ends where funding begins, losses run back.
    assert abs(spans[0][1] - spans[1][0]) <= 1 and abs(spans[1][1] - spans[2][0]) <= 1
    assert abs(spans[2][1] - spans[3][1]) <= 1 and abs(spans[3][0] - spans[4][1]) <= 1
    assert abs(spans[6][1] - spans[5][0]) <= 1 and spans[0][0] == spans[6][0]
    colours = [
        {fg for _, fg, _ in cells(r)[20:]} | {bg for _, _, bg in cells(r)[20:]} for r in rows
    ]
    assert P.jade in colours[1] and P.cinnabar in colours[3] and P.sea in colours[0]


def test_waterfall_folds_the_smallest_and_says_when_it_is_torn() -> None:
    assert [s.label for s in fold_steps(STEPS, 3, "其余")] == ["收入", "算力", "其余"]
    assert sum(s.amount for s in fold_steps(STEPS, 3, "其余")) == sum(s.amount for s in STEPS)
    rows = waterfall(Step("期初", 10000), STEPS, "期末", 70, 5, P, other="其余")
    assert "其余" in rows[3].text
    torn = waterfall(Step("a", 1e6), [Step("b", 3e3)], "c", 60, 3, P)
    assert "╱" in torn[0].text and "╱" in torn[2].text and "╱" not in torn[1].text
    for opening, step in ((10, -9), (0, 100), (100, -150), (5, 0), (0, 0)):  # nought is on the axis
        whole = waterfall(Step("a", opening), [Step("b", step)], "c", 60, 3, P)
        assert not any("╱" in r.text for r in whole)


# Axes ------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_nice_range_holds_the_data(low: float, reach: float) -> None:
    a, b = nice_range(low, low + reach)
    slack = 1e-6 * max(abs(a), abs(b), 1)
    assert a <= low + slack and b >= low + reach - slack and b - a <= 4.1 * reach + slack


def test_nice_ranges_and_label_rows() -> None:
    assert nice_range(0, 2.7) == (0.0, 3.0) and nice_range(5, 5)[0] < 5 < nice_range(5, 5)[1]
    assert nice_log_range(3, 700) == (2, 1000) and nice_log_range(10, 10) == (1, 100)
    assert spread([3, 3, 3], 6) == [3, 4, 2] and spread([0, 0, 0, 0], 2) == [0, 1, None, None]
