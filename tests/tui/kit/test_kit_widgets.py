"""The widgets of the kit in a running app."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.strip import Strip

from game.tui.kit.chrome import Key, KeyBar, Title, TitleBar, title_parts, visible_keys
from game.tui.kit.draw import Part, beside, blank, fill, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.paper import Paper, Para
from game.tui.kit.text import cell_width
from game.tui.kit.theme import DAY, NIGHT, PALETTES, PLAIN, Glyphs, themes

BASE = ink(NIGHT.text, NIGHT.panel)
KEYS = [
    Key("↑↓", "选择"), Key("Enter", "结束本季", "close"), Key("w", "为什么", "why('x')"),
    Key("q", "走", "screen.missing"), Key("?", "帮助", "help", keep=True),
]  # fmt: skip


class Numbers(Panel, can_focus=True):
    value = 7

    def draw(self, width: int, height: int) -> list[Strip]:
        self.mark(0, 10, 0, ("lever", 1))
        self.mark(4, 6, 0, "inner")
        base = ink(self.palette.text, self.palette.panel)
        return [row([(f"词元价 {self.value}", base)], width, base), *[blank(3, base)] * 99]


class Kit(App[None]):
    CSS = """
    Numbers { width: 30; height: 10; }
    Paper { width: 40; height: 8; }
    """

    def __init__(self, keys: list[Key] = KEYS) -> None:
        super().__init__()
        self.keys = keys
        self.done: list[object] = []
        self.glyphs: Glyphs | None = None

    def on_mount(self) -> None:
        for one in themes():
            self.register_theme(one)
        self.theme = "ink-night"

    def compose(self) -> ComposeResult:
        yield TitleBar(Title("百模大战", "BAIMO", "二〇二四年 第二季", "种子 7"))
        yield Numbers("决策", "2 项改动", id="numbers")
        yield Paper([Para(f"第{i}段，价格跌了九成。" * 5, hang=2) for i in range(12)], id="paper")
        yield KeyBar(self.keys)

    def action_close(self) -> None:
        self.done.append("close")

    def action_why(self, what: str) -> None:
        self.done.append(what)

    def action_help(self) -> None:
        self.done.append("help")

    def on_panel_hit(self, hit: Panel.Hit) -> None:
        self.done.append((hit.payload, hit.x, round(hit.at, 2), hit.control.id))


def play(script: Callable[[Kit, object], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> Kit:
    async def run() -> Kit:
        app = Kit()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await script(app, pilot)
        return app

    return asyncio.run(run())


# Drawing ---------------------------------------------------------------------------------------


def test_rows_are_exact() -> None:
    parts: list[Part] = [("百模", ink("#ff0000")), ("大战 abc", BASE)]
    for width in range(0, 20):
        for align in ("left", "right", "center"):
            strip = row(parts, width, BASE, align=align)  # type: ignore[arg-type]
            assert strip.cell_length == width == cell_width(strip.text)
        both = split_row(parts, [("右", BASE)], width, BASE)
        assert both.cell_length == width == cell_width(both.text)
    assert row([("a\nb", BASE)], 4, BASE).text == "a b "
    assert row(parts, 20, BASE)._segments[0].style.bgcolor.triplet.hex == NIGHT.panel  # type: ignore[union-attr]


def test_blocks_side_by_side() -> None:
    block = [row([("一二", BASE)], 4, BASE)] * 2
    rows = beside([block, block[:1]], [4, 5], BASE, gap=1)
    assert [r.text for r in rows] == ["一二 一二 ", "一二      "]
    assert [r.text for r in fill(block, 6, 3, BASE)] == ["一二  ", "一二  ", "      "]


# Bars ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", range(0, 100, 3))
def test_the_title_bar_always_fits(width: int) -> None:
    title = Title(
        "百模大战", "BAIMO", "二〇二四年 第二季 · 第二幕 由有到专", "创业者 · 种子 7 · 第6/20季"
    )
    parts = title_parts(title, width, NIGHT)
    text = "".join(t for t, _ in parts)
    assert row(parts, width, BASE).cell_length == width
    if width >= 40:
        assert title.centre in text and cell_width(text) <= width
    if width >= 94:
        assert "BAIMO" in text and text.endswith(title.right)
        at = cell_width(text[: text.index(title.centre)])
        assert (
            abs(at + cell_width(title.centre) / 2 - width / 2) <= 1
        )  # in the middle of the screen


@pytest.mark.parametrize("width", range(8, 70))
def test_keys_give_way_from_the_end_but_help_stays(width: int) -> None:
    shown = visible_keys(KEYS, width)
    assert KEYS[-1] in shown
    assert [k for k in KEYS if k in shown] == shown
    loose = [k in shown for k in KEYS[:-1]]
    assert loose == sorted(loose, reverse=True)


def test_a_click_on_a_key_runs_its_action() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        text = app.query_one(KeyBar).render_line(0).text
        assert cell_width(text) == 80
        for word in ("Enter", "为什么", "帮助", "选择"):
            x = cell_width(text[: text.index(word)])
            await pilot.click(KeyBar, offset=(x, 0))
        await pilot.click(KeyBar, offset=(79, 0))

    assert play(script).done == ["close", "x", "help"]


def test_the_key_bar_shows_other_keys() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        bar = app.query_one(KeyBar)
        bar.show([Key("x", "出售", "close")])
        assert bar.render_line(0).text.split() == ["x", "出售"]
        app.query_one(TitleBar).show(Title("百模"))
        assert app.query_one(TitleBar).render_line(0).text.strip() == "百模"

    play(script)


# Panel -----------------------------------------------------------------------------------------


def test_a_panel_draws_title_rule_and_rows() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        panel = app.query_one(Numbers)
        rows = [panel.render_line(y) for y in range(10)]
        assert all(r.cell_length == 30 == cell_width(r.text) for r in rows)
        assert rows[0].text == "▌决策                2 项改动 "  # Textual focuses the first
        assert rows[1].text == "─" * 30 and rows[2].text.startswith(" 词元价 7 ")
        seen = app.screen._compositor.render_strips(Size(80, 24))
        assert any("词元价 7" in strip.text for strip in seen)

    play(script)


def test_a_panel_is_drawn_again_only_when_something_changed() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        panel = app.query_one(Numbers)
        panel.render_line(0)
        start = panel.drawn
        for _ in range(5):
            panel.refresh()
            panel.render_line(2)
        assert panel.drawn == start
        panel.value = 8
        panel.changed()
        assert "词元价 8" in panel.render_line(2).text and panel.drawn == start + 1
        panel.head(note="3 项改动")
        assert "3 项改动" in panel.render_line(0).text and panel.drawn == start + 2
        app.theme = "ink-day"
        await pilot.pause()
        style = panel.render_line(2)._segments[-1].style
        assert style is not None and style.bgcolor.triplet.hex == DAY.panel
        assert panel.render_line(0).text.startswith("▌决策")
        app.query_one(Paper).focus()
        await pilot.pause()
        assert panel.render_line(0).text.startswith(" 决策")
        panel.focus()
        await pilot.pause()
        app.glyphs = PLAIN
        assert (
            panel.render_line(0).text.startswith(">决策") and panel.render_line(1).text == "-" * 30
        )

    play(script)


def test_a_click_on_a_region_is_a_hit() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        for x, y in ((1, 2), (10, 2), (5, 2), (11, 2), (1, 3), (1, 0)):
            await pilot.click("#numbers", offset=(x, y))
        await pilot.pause()

    assert play(script).done == [
        (("lever", 1), 0, 0.0, "numbers"), (("lever", 1), 9, 1.0, "numbers"), ("inner", 0, 0.0, "numbers"),
    ]  # fmt: skip


def test_panels_of_any_size_are_exact() -> None:
    async def run() -> None:
        class Sizes(App[None]):
            def compose(self) -> ComposeResult:
                yield Numbers("一个很长的题目", "一条很长的附注")

        for size in ((1, 1), (5, 2), (12, 3), (19, 9), (60, 20)):
            app = Sizes()
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                panel = app.query_one(Numbers)
                for y in range(size[1]):
                    strip = panel.render_line(y)
                    assert strip.cell_length == size[0] == cell_width(strip.text), (size, y)

    asyncio.run(run())


# Paper -----------------------------------------------------------------------------------------


def test_paper_scrolls_with_keys() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        paper = app.query_one(Paper)
        paper.focus()
        await pilot.pause()
        assert paper.line_count > 20 and paper.render_line(0).text.startswith(" 第0段，")
        assert all(cell_width(paper.render_line(y).text) == paper.size.width for y in range(8))
        places = []
        for key in ("down", "down", "up", "pagedown", "pageup", "end", "home"):
            await pilot.press(key)
            await pilot.pause()
            places.append(paper.scroll_offset.y)
        last = paper.line_count - 8
        assert places == [1, 2, 1, 8, 1, last, 0]

    play(script)


def test_paper_wraps_by_our_rule_and_keeps_its_lines() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        paper = app.query_one(Paper)
        for i in range(paper.line_count):
            line = paper._lines[i][0].strip()
            assert line[0] not in "，。"
        assert paper.render_line(1) is paper.render_line(1)
        paper.show("新的一段。")
        await pilot.pause()
        assert paper.line_count == 1 and "新的一段。" in paper.render_line(0).text
        before = paper.render_line(0)
        app.theme = "ink-day"
        await pilot.pause()
        assert paper.render_line(0) != before  # other colours

    play(script)


def test_every_theme_can_be_worn() -> None:
    async def script(app: Kit, pilot) -> None:  # type: ignore[no-untyped-def]
        for name, p in PALETTES.items():
            app.theme = name
            await pilot.pause()
            style = app.query_one(TitleBar).render_line(0)._segments[0].style
            assert style is not None and style.bgcolor.triplet.hex == p.bar

    play(script)
