"""Why: a number taken apart, then the formula of a part, then the parameter, then the figure; Escape goes back a step.

Where there is room the list of all numbers that moved stands at the left. Parameters and figures are pages of the codex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from game.table.wire import Change, Explanation
from game.tui import why_words as words
from game.tui.kit.chrome import Title
from game.tui.screens import why_rows as rows
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title
from game.tui.widgets.sheet import Entry, Sheet

BROAD: Final = 110
"""Columns from which on the list stands beside what is looked at."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the reader is: at the list (no ``what``), at a number's split, or at the formula of one of its parts."""

    what: str = ""
    segment: str = ""
    part: str | None = None
    """Id of a part; empty for the formula of the number itself; None at the split."""
    cursor: int = -1
    """Row that the cursor stood on when the reader went on."""


class Steps(Sheet):
    """A sheet in which a click opens at once, and whose cursor begins on the first row that leads on."""

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, sheet: Steps) -> None:
            super().__init__()
            self.sheet = sheet

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._at = -1

    def open_at(self, cursor: int, *sections: Callable[[int, int], list[Entry]]) -> None:
        """Show sections with the cursor on a row, or on the first that leads on."""
        self._at = cursor
        self.show(*sections)
        self.cursor = cursor
        if self.size.width:
            self.settle()
        else:  # it was hidden until now and has no rows yet
            self.call_after_refresh(self.settle)

    def settle(self) -> None:
        """Put the cursor on a row that leads on, if there is one."""
        self._ensure()
        if not (0 <= self.cursor < len(self.entries) and self.entries[self.cursor].source[0]):
            self.cursor = next((n for n, entry in enumerate(self.entries) if entry.source[0]), -1)
        self._at = self.cursor
        self.changed()

    def changed(self) -> None:
        super().changed()
        if self.is_attached and self.cursor != self._at:
            self._at = self.cursor
            self.post_message(self.Moved(self))

    def on_click(self, event: events.Click) -> None:
        """A click opens what it hits."""
        event.prevent_default()
        event.stop()
        region = self.region_at(event.x, event.y)
        if region is None:
            return
        place = region.payload[1]
        if place < len(self.entries) and self.entries[place].source[0]:
            self.cursor = self._at = place
            self.changed()
            self.post_message(self.Hit(self, region, event.x, event))


class WhyScreen(BaimoScreen[None]):
    """See module. ``WhyScreen("share", "finance")`` opens at a number, ``part`` at the formula of one of its parts, and
    without a number at the list."""

    which = "why"
    CSS_PATH = "why.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (BROAD, "-broad"), (160, "-huge")]  # noqa: RUF012

    def __init__(self, what: str = "", segment: str = "", part: str = "") -> None:
        super().__init__()
        self.trail: list[Step] = [Step(what, segment)]
        self._part = part
        self._changes: list[Change] = []
        self._told: dict[tuple[str, str], Explanation | None] = {}
        self._ready = False

    # what it is made of -----------------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Horizontal(id="halves"):
            yield Steps(id="list")
            yield Steps(id="detail")

    def on_mount(self) -> None:
        super().on_mount()
        self._begin()

    def on_resize(self) -> None:
        if self._ready:
            self.call_after_refresh(self.retell)

    def title_line(self) -> Title:
        say, session = self.tongue.say, self.app.session
        report = session.report if session is not None else None
        where = say("ui.screen.why")
        if report is not None:
            where = f"{where} · {self.tongue.quarter(report.quarter, 'long')}"
        return title(self.tongue, where, say("why.screen.adds-up") if self.size.width >= BROAD else "")

    @property
    def step(self) -> Step:
        """Where the reader is."""
        return self.trail[-1]

    @property
    def broad(self) -> bool:
        """Whether the list stands beside."""
        return self.size.width >= BROAD

    @property
    def _list(self) -> Steps:
        return self.query_one("#list", Steps)

    @property
    def _detail(self) -> Steps:
        return self.query_one("#detail", Steps)

    # asking -----------------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="why")
    async def _begin(self) -> None:
        """Ask for the list, then show what was asked for."""
        session = self.app.session
        found = await session.seat.changes() if session is not None else None
        self._changes = list(found.rows) if found is not None else []
        await self._ask(self.step.what, self.step.segment)
        told = self._told.get((self.step.what, self.step.segment))
        if told is not None and any(p.id == self._part and p.formula for p in told.parts):
            self.trail.append(Step(self.step.what, self.step.segment, self._part))
        self._ready = True
        self.retell()
        self._focus_step()

    async def _ask(self, what: str, segment: str) -> None:
        """Ask for one explanation, once."""
        session = self.app.session
        if what and (what, segment) not in self._told and session is not None:
            self._told[what, segment] = await session.seat.explain(what, segment)

    @work(exclusive=True, group="why")
    async def _look(self, what: str, segment: str) -> None:
        """Show the split of the number under the list's cursor beside it."""
        await self._ask(what, segment)
        if self.is_attached and not self.step.what:
            self._tell_detail(Step(what, segment))

    @work(exclusive=True, group="why")
    async def _go(self, step: Step) -> None:
        """On to a step."""
        await self._ask(step.what, step.segment)
        if not self.is_attached:
            return
        if self._told.get((step.what, step.segment)) is None:
            self.app.tell(self.tongue.say("why.screen.missing"))
            return
        here = self._list if not self.step.what else self._detail
        self.trail[-1] = Step(self.step.what, self.step.segment, self.step.part, here.cursor)
        self.trail.append(step)
        self._tell_step()

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        """Say everything anew."""
        if self._ready:
            self._tell_list()
            self._tell_step()

    def _brush(self, panel: Steps, width: int) -> rows.Brush:
        return rows.Brush(self.tongue, self.app.content, panel.palette, panel.glyphs, width)

    def _tell_list(self) -> None:
        panel = self._list
        panel.head(self.tongue.say("why.screen.list"), "")
        cursor = self.trail[0].cursor if not self.trail[0].what else panel.cursor
        panel.open_at(cursor, lambda width, height: list(rows.listed(self._brush(panel, width), self._changes)))
        if self.trail[0].what:
            wanted = ("number", f"{self.trail[0].what}/{self.trail[0].segment}")
            place = next((n for n, entry in enumerate(panel.entries) if entry.source == wanted), -1)
            if place >= 0:
                panel.open_at(place, *panel.sections)

    def _tell_step(self) -> None:
        """Show the step at hand; at the list what the cursor is on."""
        lists, detail = self._list, self._detail
        lists.display = self.broad or not self.step.what
        detail.display = self.broad or bool(self.step.what)
        if self.step.what:
            self._tell_detail(self.step)
        elif self.broad:
            kind, name = lists.source
            if kind:
                what, _, segment = name.partition("/")
                self._look(what, segment)
            else:
                self._tell_detail(Step())
        self._focus_step()

    def _tell_detail(self, step: Step) -> None:
        told = self._told.get((step.what, step.segment))
        panel = self._detail
        if told is None:
            panel.head(self.tongue.say("ui.screen.why"), "")
            panel.open_at(-1, lambda width, height: self._nothing(panel, width))
            return
        panel.head(self._heading(step, told), self._crumbs())
        if step.part is None:
            panel.open_at(step.cursor, lambda width, height: list(rows.split(self._brush(panel, width), told)))
            return
        part = next((p for p in told.parts if p.id == step.part), None)
        panel.open_at(step.cursor, lambda width, height: list(rows.formula(self._brush(panel, width), told, part)))

    def _nothing(self, panel: Steps, width: int) -> list[Entry]:
        said = self.tongue.say("why.screen.missing" if self._changes else "why.screen.nothing")
        return list(self._brush(panel, width).text(said, colour=panel.palette.dim))

    def _heading(self, step: Step, told: Explanation) -> str:
        name = words.name_of(self.tongue, told.what, told.segment)
        if step.part is None:
            return self.tongue.say("why.screen.split", what=name)
        part = next((p for p in told.parts if p.id == step.part), None)
        return self.tongue.say("why.screen.formula", part=words.part_name(self.tongue, part) if part is not None else name)

    def _crumbs(self) -> str:
        """The way here, for the head of the panel."""
        return f" {self._detail.glyphs.right} ".join(self._names())

    def _names(self) -> Iterator[str]:
        for step in self.trail[:-1]:
            told = self._told.get((step.what, step.segment))
            if told is None:
                continue
            if step.part is None:
                yield words.name_of(self.tongue, told.what, told.segment)
            else:
                part = next((p for p in told.parts if p.id == step.part), None)
                yield words.part_name(self.tongue, part) if part is not None else words.name_of(self.tongue, told.what, told.segment)

    def _focus_step(self) -> None:
        (self._detail if self.step.what else self._list).focus()

    # going about ------------------------------------------------------------------------------------------------------
    @on(Steps.Moved)
    def _moved(self, event: Steps.Moved) -> None:
        if event.sheet.id == "list" and not self.step.what and self.broad:
            kind, name = event.sheet.source
            if kind:
                what, _, segment = name.partition("/")
                self._look(what, segment)

    @on(Sheet.Hit)
    def _hit(self, event: Sheet.Hit) -> None:
        event.stop()
        if isinstance(event.panel, Steps):
            self._open(event.panel)

    def action_open(self) -> None:
        """On from the row under the cursor."""
        self._open(self._detail if self.step.what else self._list)

    def _open(self, panel: Steps) -> None:
        if not panel.source[0]:
            panel.settle()
        kind, name = panel.source
        if kind == "number":
            what, _, segment = name.partition("/")
            if panel.id == "list" and self.step.what:  # another number of the list: begin there
                self.trail = [Step(cursor=panel.cursor)]
            self._go(Step(what, segment))
        elif kind == "part":
            step = self.step if self.step.what else Step(*self._listed())
            if not self.step.what:  # clicked in the preview beside the list
                self.trail.append(step)
            self._go(Step(step.what, step.segment, name))
        elif kind == "self":
            step = self.step if self.step.what else Step(*self._listed())
            if not self.step.what:
                self.trail.append(step)
            self._go(Step(step.what, step.segment, ""))
        elif kind == "parameter":
            self.app.open_codex("parameter", name)

    def _listed(self) -> tuple[str, str]:
        """The number under the list's cursor."""
        what, _, segment = self._list.source[1].partition("/")
        return what, segment

    def action_open_source(self) -> None:
        """The codex page of what is looked at."""
        kind, name = (self._detail if self.step.what else self._list).source
        what = self.step.what or name.partition("/")[0]
        self.app.open_codex(*(("parameter", name) if kind == "parameter" else ("term", what)))

    def action_back(self) -> None:
        """A step back; from the first one to the screen before."""
        if len(self.trail) > 1:
            self.trail.pop()
            self._tell_step()
        else:
            super().action_back()
