"""The title: the name in large characters, a menu, and quiet hills underneath while the rules are being laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip

from game.table.achievements import own
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, merge, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut
from game.tui.kit.theme import FANCY, PALETTES, Glyphs, Palette
from game.tui.screens import wordmark
from game.tui.screens.base import BaimoScreen
from game.tui.screens.records_words import daily_note
from game.tui.screens.run_words import company
from game.tui.watched import watched

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.listing import Listed

GAP = 3
"""Cells between two large characters."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    id: str
    label: str
    note: str = ""
    dim: bool = False


def latest(runs: Any) -> Listed | None:
    """The run to continue: the last one written that can be read, is not over, and was not given up by an undo."""
    runs = list(runs)
    return next(
        (r for r in runs if r.head is not None and r.trouble is None and not r.ending and not watched(r.head)
         and not given_up(r, runs)), None
    )


def given_up(run: Listed, runs: Sequence[Listed]) -> bool:
    """Whether another run took a quarter of this one back and this one was not played since."""
    assert run.head is not None
    for other in runs:
        head = other.head
        if head is None or not head.undone or other.path == run.path or _game(head) != _game(run.head):
            continue
        try:
            made = datetime.fromisoformat(head.created).timestamp()
        except ValueError:
            continue
        if run.changed <= made + 1.5 and other.changed >= run.changed:
            return True
    return False


def _game(head: Any) -> tuple[str, ...]:
    """What a run shares with those that branched off it."""
    return head.seed, head.scenario, head.background, head.difficulty, head.assume, head.player


def continue_note(run: Listed, tongue: Tongue) -> str:
    """Which game it is: whose, when, which scenario."""
    head = run.head
    assert head is not None
    where = tongue.say("screens.title.continue-note", quarter=head.first + run.played, scenario=head.scenario)
    name = company(head, tongue)
    return f"{name} · {where}"


class TitlePanel(Panel, can_focus=True):
    """Everything on the title screen, drawn by one widget."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("home", "move(-9)", show=False), Binding("end", "move(9)", show=False),
        Binding("enter,space", "pick", show=False),
    ]  # fmt: skip
    margin = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items: tuple[Item, ...] = ()
        self.cursor = 0
        self.motto = self.latin = ""
        self.foot = ""

    def show(self, items: tuple[Item, ...], motto: str, foot: str, latin: str = "") -> None:
        """Show other words; the cursor stays where it is, but begins where there is something to do.

        ``latin`` is the name for those who cannot read the large characters.
        """
        if not self.items:
            self.cursor = next((i for i, item in enumerate(items) if not item.dim), 0)
        self.items, self.motto, self.foot, self.latin = items, motto, foot, latin
        self.cursor = min(self.cursor, max(0, len(items) - 1))
        self.changed()

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), len(self.items) - 1)
        self.changed()

    def action_pick(self) -> None:
        if self.items:
            screen = self.screen
            assert isinstance(screen, TitleScreen)
            screen.pick(self.items[self.cursor].id)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self.items):
            event.stop()
            self.cursor = int(event.character) - 1
            self.changed()
            self.action_pick()

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        self.cursor = int(event.payload)
        self.changed()
        self.action_pick()

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.ground)
        mark = 16 * 4 + GAP * 3
        left = max(0, (width - mark) // 2)
        need = wordmark.HEIGHT + 4 + len(self.items) + bool(self.latin)
        spare = max(0, height - need)
        top = 1 if spare < 8 else min(5, spare // 3)
        rows: list[Strip] = [blank(width, base)] * top
        rows += self._wordmark(left, width)
        if height > need or not self.latin:
            rows.append(blank(width, base))
        if self.latin:
            name, _, rest = self.latin.partition(" ")
            rows.append(
                row([(" " * left, base), (name, ink(p.cinnabar, bold=True)), (f" {rest}", ink(p.text))], width, base)
            )
        rows.append(row([(" " * left, base), (self.motto, ink(p.dim))], width, base))
        rows += [blank(width, base)] * (1 if spare < 8 else 2)
        rows += self._menu(left, min(mark, width - left), width, len(rows))
        rows += hills(width, height - len(rows), p, self.glyphs)
        if self.foot and spare >= 2:
            rows[-1] = row([(cut(self.foot, width - 2 * left), ink(p.dim))], width, base, align="center")
        return rows

    def _wordmark(self, left: int, width: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.ground)
        rows = []
        for y in range(wordmark.HEIGHT):
            parts: list[Part] = [(" " * left, base)]
            for i, char in enumerate(wordmark.characters(self.glyphs.plain)):
                # the last one, 战, in the red of a seal
                parts += [(" " * (GAP if i else 0), base), (char[y], ink(p.cinnabar if i == 3 else p.text))]
            rows.append(row(parts, width, base))
        return rows

    def _menu(self, left: int, size: int, width: int, at: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.ground)
        column = max((cell_width(item.label) for item in self.items), default=0) + 3
        rows = []
        for i, item in enumerate(self.items):
            here = i == self.cursor
            ground = p.selection if here else p.ground
            name = ink(p.gold if here else p.dim if item.dim else p.text, ground, bold=here)
            note = cut(item.note, size - 5 - column, g.ellipsis)
            parts: list[Part] = [
                (g.focus if here else " ", ink(p.gold, ground)), (f" {i + 1}  ", ink(p.gold, ground)),
                (item.label, name),
                (" " * (column - cell_width(item.label)), ink(p.text, ground)), (note, ink(p.dim, ground)),
            ]  # fmt: skip
            line = row(parts, size, ink(p.text, ground))
            rows.append(Strip.join([blank(left, base), line, blank(width - left - size, base)]))
            self.mark(left, left + size, at + i, i)
        return rows


def blend(one: str, other: str, share: float) -> str:
    """A colour ``share`` of the way from one to another."""
    parts = [
        round(int(one[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5)
    ]  # fmt: skip
    return "#" + "".join(f"{v:02x}" for v in parts)


@lru_cache(maxsize=64)
def _ridge(layer: int, x: float) -> float:
    """Height of a ridge, 0 to 1, at place ``x`` (0 to 1): a few waves, the same in every session."""
    seed = (0.4, 2.9, 5.3)[layer]
    waves = sum(math.sin(x * f * math.tau + seed * f) / f for f in (1.3, 2.7, 5.1, 9.7, 17.0))
    return 0.5 + 0.42 * math.tanh(0.9 * waves)


def hills(width: int, height: int, p: Palette, g: Glyphs = FANCY) -> list[Strip]:
    """Three ridges in faint ink, the nearest darkest, and where there is room a red sun; two samples a cell.

    Where there are few colours two of the ridges are shaded characters.
    """
    base = ink(p.text, p.ground)
    if height < 3 or g.plain:
        return [blank(width, base) for _ in range(max(0, height))]
    shades = [blend(p.ground, p.sea_dark, share) for share in (0.22, 0.42, 0.7)]
    red = blend(p.ground, p.cinnabar, 0.85)
    if p not in PALETTES.values():  # of few colours: blends would jump from hue to hue
        shades, red = [p.panel, p.panel_alt, p.line], p.cinnabar
    tall = 2 * height
    bands = ((0.26, 0.86), (0.14, 0.60), (0.02, 0.38))
    tops = []
    for layer, (low, high) in enumerate(bands):
        tops.append([tall * (1 - low - (high - low) * _ridge(layer, x / max(1, width - 1))) for x in range(width)])
    sun = None
    if height >= 8:  # setting into the dip of the furthest ridge
        size = min(4.5, tall * 0.16)
        at = max(range(width * 11 // 20, width * 4 // 5), key=lambda x: tops[0][x])
        sun = (at, tops[0][at] - size * 0.95, size)

    def colour(x: int, y: int) -> str:
        for layer in (2, 1, 0):
            if y >= tops[layer][x]:
                return shades[layer]
        if sun and (x + 0.5 - sun[0]) ** 2 + (y + 0.5 - sun[1]) ** 2 <= sun[2] ** 2:
            return red
        return p.ground

    out = []
    for y in range(height):
        parts: list[Part] = []
        for x in range(width):
            if g.shades:
                drawn = next((char for layer, char in ((2, "▒"), (1, "░")) if 2 * y >= tops[layer][x]), " ")
                parts.append((drawn, ink(p.line, p.ground)))
                continue
            upper, lower = colour(x, 2 * y), colour(x, 2 * y + 1)
            parts.append((" ", ink(None, upper)) if upper == lower else ("▀", ink(upper, lower)))
        out.append(Strip(merge(parts), width))
    return out


class TitleScreen(BaimoScreen[None]):
    """Where the game begins."""

    which = "title"
    _left = False
    """Whether another screen has stood over it: what it says is then said again."""

    def body(self) -> ComposeResult:
        yield TitlePanel(id="title")

    def title_line(self) -> Title:
        return Title("", "", "", self.tongue.say("ui.app.fiction"))

    def on_mount(self) -> None:
        self.query_one(TitlePanel).focus()
        self.call_after_refresh(self._warm)  # a thread that imports would hold up the first frame

    def on_screen_resume(self) -> None:
        if self.is_mounted and self._left:  # runs may have been added or deleted meanwhile
            self.tell()

    def on_screen_suspend(self) -> None:
        self._left = True

    def tell(self) -> None:
        self.query_one(TitlePanel).show(self.menu(), self.tongue.say("screens.title.motto"), "",
            self.tongue.say("screens.title.latin") if self.tongue.lang == "en" else "",
        )  # fmt: skip

    def menu(self) -> tuple[Item, ...]:
        """The lines of the menu, always the same ones, so that a digit always does the same."""
        say, runs = self.tongue.say, self.app.host.list_runs()
        items = []
        self.run = latest(runs)
        if self.run is not None and self.run.head is not None:
            items.append(Item("continue", say("ui.menu.continue"), continue_note(self.run, self.tongue)))
        else:
            items.append(Item("continue", say("ui.menu.continue"), say("ui.menu.nothing-to-continue"), dim=True))
        items += [
            Item("new", say("ui.menu.new")),
            Item("daily", say("hour.menu.daily"), daily_note(self.tongue, runs, self.app.today())),
            Item("class", say("ui.menu.class"), say("screens.title.class-note")),
            Item("runs", say("ui.menu.runs"), say("screens.title.runs-note", count=len(runs)) if runs else ""),
            Item("records", say("hour.menu.records"), self._records_note(runs)),
            Item("codex", say("ui.menu.codex"), say("screens.title.codex-note", count=len(self.app.content.figures))),
            Item("options", say("ui.menu.options")),
            Item("quit", say("ui.menu.quit")),
        ]
        return tuple(items)

    def _records_note(self, runs: Sequence[Listed]) -> str:
        over = sum(bool(r.ending) and own(r) for r in runs)
        return self.tongue.say("hour.menu.records-note", count=over) if over else ""

    def pick(self, item: str) -> None:
        """Do what a line of the menu says."""
        if item == "continue":
            if self.run is not None:
                self.app.resume(self.run.path)
            else:
                self.app.tell(self.tongue.say("ui.menu.nothing-to-continue"))
        elif item == "class":
            self.app.open_class()
        elif item == "quit":
            self.app.exit()
        elif item == "daily":
            self.app.play_daily()
        elif item == "records":
            self.app.open_records("records")
        elif item in ("new", "runs", "codex", "options"):
            {
                "new": self.app.open_founding, "runs": self.app.open_runs, "codex": self.app.open_codex,
                "options": self.app.open_options,
            }[item]()  # fmt: skip

    @work(thread=True, group="warm")
    def _warm(self) -> None:
        """Load the engine while the title shows: a host that has something to load offers ``warm``."""
        warm = getattr(self.app.host, "warm", None)
        if warm is not None:
            warm()
