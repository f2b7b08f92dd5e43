"""Cells, fitting, wrapping, and the two mends for Rich and Textual."""

from __future__ import annotations

import asyncio
import doctest
import io
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Static, TextArea

from game.tui.kit import axes, bars, linebreak, text, waterfall
from game.tui.kit.linebreak import NO_END, NO_START, atoms, divide
from game.tui.kit.patches import correct_svg, patch_rich_wrapping, restore_rich_wrapping
from game.tui.kit.text import cell_width, columns, cut, fit, pack_columns, wrap

NEWS = "云山宣布主力模型降价九成，轻量版免费：要的不是词元钱。（预告，下季六成可能）深圳发“训力券”，你符合条件！"
ALPHABET = "百模大战词元价格涨跌，。、；：！？）》」』”’…%（《「『“‘¥ abcXYZ0123456789.-·é\u0301"
texts = st.text(alphabet=ALPHABET, max_size=120)


@pytest.mark.parametrize("module", [text, linebreak, bars, waterfall, axes])
def test_the_examples_in_the_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted and not result.failed


@settings(deadline=None)
@given(texts, st.integers(0, 40), st.sampled_from(["left", "right", "center"]))
def test_fit_is_exact(sample: str, width: int, align: text.Align) -> None:
    assert cell_width(fit(sample, width, align)) == width
    assert cell_width(cut(sample, width)) <= width


def test_fit_never_splits_a_wide_character() -> None:
    assert fit("百模大战", 8) == "百模大战"
    assert fit("百模大战", 5) == "百模…"
    assert fit("百模大战", 4) == "百… "
    assert fit("百模大战", 3, ellipsis="") == "百 "
    assert fit("百", 1) == "…"
    assert fit("百", 6, "right") == "    百" and fit("百", 6, "center") == "  百  "
    assert fit("a\nb\tc", 6) == "a b c "


@settings(max_examples=400, deadline=None)
@given(texts, st.integers(2, 60), st.integers(0, 4))
def test_wrap_loses_nothing_and_fits(sample: str, width: int, hang: int) -> None:
    lines = wrap(sample, width, hang=hang)
    assert all(cell_width(line) <= width for line in lines)
    bare = str.maketrans("", "", " ")
    assert "".join(lines).translate(bare) == sample.translate(bare)


def test_the_forbidden_marks_are_all_there() -> None:
    assert set("，。、；：！？）》」』”’…%") <= NO_START and set("（《「『“‘¥") <= NO_END
    assert not NO_START & NO_END


def _fits(sample: str, width: int) -> bool:
    """Whether no unbreakable piece is wider than a line, so that the rules can be kept."""
    return all(cell_width(sample[a:b]) <= width for a, b, _ in atoms(sample))


@settings(max_examples=400, deadline=None)
@given(texts, st.integers(2, 60))
def test_wrap_keeps_the_rules(sample: str, width: int) -> None:
    if not _fits(sample, width):
        return
    lines = wrap(sample.strip(), width)
    for i, line in enumerate(lines):
        if i:
            assert line and line[0] not in NO_START
        if i < len(lines) - 1:
            assert line[-1] not in NO_END
    # Latin words are whole: cutting at spaces and wide characters gives the same words.
    words = re.compile(r"[A-Za-z0-9]+")
    assert words.findall(sample) == [w for line in lines for w in words.findall(line)]


@pytest.mark.parametrize("width", range(12, 60))
def test_real_news_keeps_the_rules_at_every_width(width: int) -> None:
    assert _fits(NEWS, width)
    lines = wrap(NEWS, width)
    assert all(line[0] not in NO_START and line[-1] not in NO_END for line in lines)
    # Lines are well filled: at most a word, a mark and a bracket short of the edge.
    assert all(cell_width(line) >= width - 6 for line in lines[:-1])


@pytest.mark.parametrize(
    "whole", ["¥1.28亿", "14.8%", "4,200万", "5 季", "86 ms", "第6/20季", "0.9–1.2亿元"]
)
def test_numbers_keep_their_units(whole: str) -> None:
    for before in range(12):
        lines = wrap("价" * before + whole + "涨" * 9, 12)
        assert any(whole in line for line in lines), lines


def test_folding_what_no_line_holds() -> None:
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("看https://example.org/a吧", 8) == ["看", "https://", "example.", "org/a吧"]
    assert divide("abcdefghij", 4, fold=False) == []
    assert wrap("，，，，，，", 4) == ["，，", "，，", "，，"]  # nothing else is possible


def test_wrap_keeps_paragraphs_and_hangs() -> None:
    assert wrap("一\n\n二", 10) == ["一", "", "二"]
    assert wrap("", 10) == [""]
    assert wrap("· 一二三四五", 8, hang=2) == ["· 一二三", "  四五"]


def test_wrapping_is_linear() -> None:
    """Twice the text takes about twice the calls, however long a run without a space is."""

    def calls(text: str) -> int:
        made = 0

        def count(frame: object, event: str, arg: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            wrap(text, 40)
        finally:
            sys.setprofile(None)
        return made

    calls(NEWS)  # what is kept from one text to the next is there
    assert calls(NEWS * 80) < 2.5 * calls(NEWS * 40)


def test_columns_and_packing() -> None:
    assert columns(["云山", "31.0", "闭源"], [6, 6, 4], "lrc") == "云山     31.0 闭源"
    rows = pack_columns(["一", "二二", "三", "four", "五"], 17)
    assert len(rows) == 2 and all(cell_width(row) == 17 for row in rows)
    assert rows[0].split() == ["一", "二二", "三"]
    assert pack_columns([], 10) == []
    assert [cell_width(r) for r in pack_columns(["很长很长很长的一项"], 9)] == [9]


# The patch -------------------------------------------------------------------------------------


class Reader(App[None]):
    CSS = "Static, TextArea { width: 20; height: auto; border: none; padding: 0; }"

    def compose(self) -> ComposeResult:
        yield Static(NEWS, markup=False)


async def _static_lines() -> list[str]:
    app = Reader()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        static = app.query_one(Static)
        return [static.render_line(y).text.rstrip() for y in range(static.size.height)]


def _bad(lines: list[str]) -> int:
    return sum(line[:1] in NO_START or line[-1:] in NO_END for line in lines if line)


def test_the_patch_mends_textual_and_only_then() -> None:
    restore_rich_wrapping()
    before = asyncio.run(_static_lines())
    try:
        names = patch_rich_wrapping()
        after = asyncio.run(_static_lines())
    finally:
        restore_rich_wrapping()
    again = asyncio.run(_static_lines())
    assert _bad(before) > 0, "Textual wraps Chinese well by itself now: drop the patch"
    assert _bad(after) == 0 and after == wrap(NEWS, 20)
    assert again == before
    assert names == (
        "rich._wrap.divide_line", "rich.text.divide_line", "textual.content.divide_line",
        "textual.document._wrapped_document.compute_wrap_offsets",
    )  # fmt: skip


def test_the_patch_mends_rich_and_is_idempotent() -> None:
    def printed() -> list[str]:
        console = Console(file=io.StringIO(), width=20)
        console.print(Text(NEWS))
        return console.file.getvalue().splitlines()  # type: ignore[attr-defined]

    before = printed()
    try:
        assert patch_rich_wrapping() == patch_rich_wrapping()
        after = [line.rstrip() for line in printed()]
    finally:
        restore_rich_wrapping()
    assert _bad([line.rstrip() for line in before]) > 0
    assert after == wrap(NEWS, 20)
    assert printed() == before  # patched twice, restored once


def test_the_editor_wraps_by_the_same_rule() -> None:
    class Editor(App[None]):
        def compose(self) -> ComposeResult:
            yield TextArea(NEWS + "\na\tb", soft_wrap=True, show_line_numbers=False)

    async def run() -> list[str]:
        app = Editor()
        async with app.run_test(size=(24, 20)) as pilot:
            await pilot.pause()
            return app.query_one(TextArea).wrapped_document.lines[0]

    try:
        patch_rich_wrapping()
        lines = asyncio.run(run())
    finally:
        restore_rich_wrapping()
    assert "".join(lines) == NEWS and len(lines) > 3 and _bad(lines) == 0


# Screenshots -----------------------------------------------------------------------------------


def _svg(content: str) -> str:
    console = Console(file=io.StringIO(), width=40, record=True)
    console.print(Text(content, "bold red"))
    return console.export_svg(title="t")


def _lengths(svg: str) -> list[tuple[str, float, float]]:
    found = re.findall(r'<text [^>]*?x="([\d.]+)"[^>]*textLength="([\d.]+)"[^>]*>([^<]*)<', svg)
    return [
        (t.replace("&#160;", " ").strip(), float(x), float(n)) for x, n, t in found if t.strip()
    ]


def test_svg_lengths_are_cells() -> None:
    raw = _svg("现金 ok 亿")
    assert _lengths(raw)[0] == (
        "现金 ok 亿",
        0.0,
        pytest.approx(7 * 12.2),
    )  # the fault: characters, not cells
    fixed = _lengths(correct_svg(raw))
    assert fixed[:3] == [
        ("现金", 0.0, pytest.approx(4 * 12.2)),
        ("ok", pytest.approx(4 * 12.2), pytest.approx(4 * 12.2)),
        ("亿", pytest.approx(8 * 12.2), pytest.approx(2 * 12.2)),
    ]


def test_svg_correction_is_idempotent_and_leaves_latin_alone() -> None:
    latin = _svg("cash & <ok>")
    assert correct_svg(latin) == latin
    once = correct_svg(_svg("现金 & <亿>"))
    assert correct_svg(once) == once and "&amp;" in once and "&lt;" in once
    assert once.count("<svg") == once.count("</svg>")
