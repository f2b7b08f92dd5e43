"""Options: each a row, changed with left and right, at once and for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from game.table.settings import damaged
from game.tui.app import THEMES, still
from game.tui.keymap import FILE
from game.tui.kit.bars import hbar
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.fan import fan
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

ROWS: Final = ("language", "theme", "borders", "motion", "hints", "rows", "advice", "keys")
OF_HOUR: Final = ("hints", "rows", "advice")
"""Rows whose words stand under ``hour.options``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One option in words: its choices, and which of them holds."""

    id: str
    label: str
    choices: tuple[str, ...]
    chosen: int
    help: str


class OptionsPanel(Panel, can_focus=True):
    """The rows and, below them, a small piece of the game in the colours of the moment."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("left", "change(-1)", show=False), Binding("right,enter,space", "change(1)", show=False),
    ]  # fmt: skip

    class Change(Message):
        """An option is to change: to the left or right, or to the choice that was clicked."""

        def __init__(self, row: str, step: int = 0, to: int | None = None) -> None:
            super().__init__()
            self.row, self.step, self.to = row, step, to

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: tuple[Row, ...] = ()
        self.foot: tuple[str, ...] = ()
        self.sample: tuple[str, ...] = ()
        self.cursor = 0

    def show(self, rows: tuple[Row, ...], sample: tuple[str, ...], foot: tuple[str, ...]) -> None:
        """Show other words or values; ``sample`` holds four words for the sample."""
        self.rows, self.sample, self.foot = rows, sample, foot
        self.changed()

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % max(1, len(self.rows))
        self.changed()

    def action_change(self, step: int) -> None:
        if self.rows:
            self.post_message(self.Change(self.rows[self.cursor].id, step))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        self.cursor, choice = event.payload
        self.changed()
        if choice is not None:
            self.post_message(self.Change(self.rows[self.cursor].id, to=choice))

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        names = max((cell_width(r.label) for r in self.rows), default=0) + 4
        airy = height >= 2 * len(self.rows) + 9
        out: list[Strip] = [blank(width, base)] if airy else []
        for i, option in enumerate(self.rows):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            y = len(out)
            self.mark(0, width, y, (i, None))
            parts: list[Part] = [
                (g.focus if here and self.has_focus else " ", ink(p.gold, ground)),
                (fit(option.label, names), ink(p.text if here else p.dim, ground)),
            ]  # fmt: skip
            at = 1 + names
            for k, choice in enumerate(option.choices):
                chosen = k == option.chosen
                mark = g.knob if chosen else (" " if g.plain else "○")
                text = f"{mark} {choice}"
                parts += [(text, ink(p.gold if chosen else p.dim, ground, bold=chosen)), ("   ", line)]
                self.mark(at, at + cell_width(text), y, (i, k))
                at += cell_width(text) + 3
            out.append(row(parts, width, line))
            if airy:
                out.append(blank(width, base))
        out.append(blank(width, base))
        if self.rows:
            out += [
                row([(" " + line, ink(p.dim))], width, base)
                for line in wrap(self.rows[self.cursor].help, min(width - 2, 84))
            ]
        out.append(blank(width, base))
        room = height - len(out) - 2 - len(self.foot)
        if room >= 5:
            out += self._sample(width, min(room, 17))
        foot = [
            row([(" " + line, ink(p.dim))], width, base)
            for text in self.foot
            for line in wrap(text, min(width - 2, 84))
        ]
        out += [blank(width, base)] * max(0, height - len(out) - len(foot))
        return [*out[: max(0, height - len(foot))], *foot]

    def _sample(self, width: int, height: int) -> list[Strip]:
        """A few rows of the game, so that colours and borders can be judged."""
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        gain, loss, own, other = self.sample
        measure = min(width, 86)
        names = max(cell_width(own), cell_width(other)) + 2
        size = min(30, measure - names - 24)
        up, down = f"{g.up} 1.2", f"{g.down} 0.4"
        rows = [
            row([(g.thin * measure, ink(p.line))], width, base),
            row([(" " + fit(own, names), ink(p.gold, bold=True)), (hbar(14.8, 31, size, g), ink(p.gold)),
                 ("  14.8 ", ink(p.text, bold=True)), (up, ink(p.jade)), (f"  {gain}", ink(p.dim))], width, base),
            row([(" " + fit(other, names), ink(p.text)), (hbar(31, 31, size, g), ink(p.sea)),
                 ("  31.0 ", ink(p.text, bold=True)), (down, ink(p.cinnabar)), (f"  {loss}", ink(p.dim))], width, base),
        ]  # fmt: skip
        if height >= 10:
            middle = [1.2 + 0.11 * k for k in range(10)]
            bands = [
                (m - 0.11 * k - 0.1, m - 0.05 * k, m, m + 0.06 * k, m + 0.13 * k + 0.1) for k, m in enumerate(middle)
            ]
            rows.append(blank(width, base))
            rows += [
                Strip.join([strip, blank(width - measure, base)])
                for strip in fan(
                    bands, measure, height - 4, p, history=[2.1, 1.9, 1.7, 1.4, 1.25],
                    ghost=[1.1 - 0.04 * k for k in range(10)], fmt=lambda v: f"{v:.1f}", floor=0, glyphs=g,
                )
            ]  # fmt: skip
        return rows


class OptionsScreen(BaimoScreen[None]):
    """Language, colours, borders, motion, hints, keys."""

    which = "options"
    CSS_PATH = "options.tcss"

    def body(self) -> ComposeResult:
        yield OptionsPanel()

    def on_mount(self) -> None:
        self.query_one(OptionsPanel).focus()

    def title_line(self) -> Title:
        say = self.tongue.say
        return title(self.tongue, say("ui.screen.options"), say("screens.options.kept"))

    def tell(self) -> None:
        say, app = self.tongue.say, self.app
        words = {
            "language": ("中文", "English"),
            "theme": tuple(say(f"ui.options.theme-{name.partition('-')[2]}") for name in THEMES),
            "borders": (say("ui.options.borders-drawn"), say("ui.options.borders-plain")),
            "motion": (say("ui.options.motion-reduced"), say("ui.options.motion-full")),
            "hints": (say("hour.options.hints-first"), say("hour.options.hints-always"), say("ui.state.off")),
            "rows": (say("ui.state.on"), say("ui.state.off")),
            "advice": (say("ui.state.on"), say("ui.state.off")),
            "keys": (say("looks.keys.usual"), say("looks.keys.own")),
        }
        now = {
            "language": int(app.lang == "en"),
            "theme": THEMES.index(app.theme) if app.theme in THEMES else 0,
            "borders": int(app.glyphs.plain),
            "motion": int(app.moves),
            "hints": 2 if not app.hints else int(app.always),
            "rows": int(app.whole),
            "advice": int(not app.advice),
            "keys": int(app.own_keys and app.keys_file is not None and app.keys_file.exists()),
        }
        homes = {r: ("hour.options",) * 2 if r in OF_HOUR else ("ui.options", "screens.options") for r in ROWS}
        named = {"keys": say("looks.keys.label")}
        helps = {"keys": say("looks.keys.help", file=str(app.keys_file or FILE))}
        rows = tuple(
            Row(r, named.get(r) or say(f"{homes[r][0]}.{r}"), words[r], now[r], helps.get(r) or say(f"{homes[r][1]}.{r}-help"))
            for r in ROWS
        )
        panel = self.query_one(OptionsPanel)
        panel.head(say("ui.screen.options"))
        sample = (say("screens.options.gain"), say("screens.options.loss"), self.tongue.term("firm", "own-short"),
                  self.tongue.firm("yunshan"))  # fmt: skip
        panel.show(rows, sample, self._foot())

    def _foot(self) -> tuple[str, ...]:
        """What stands below: why a row may do nothing here, where settings are kept, and what else there is."""
        say, app = self.tongue.say, self.app
        notes = []
        if app.depth == "none":
            notes.append(say("looks.no-color" if app.no_color else "looks.mono"))
        elif app.depth in ("16", "256"):
            notes.append(say("looks.few-colors", count=app.depth))
        if still():
            notes.append(say("looks.still"))
        if app.settings is not None:
            notes.append(say("looks.damaged" if damaged(app.settings) else "looks.kept-in", file=str(app.settings)))
        return (*notes, say("ui.options.plain-note"))

    def on_options_panel_change(self, event: OptionsPanel.Change) -> None:
        app = self.app
        option = next(r for r in self.query_one(OptionsPanel).rows if r.id == event.row)
        to = event.to if event.to is not None else (option.chosen + event.step) % len(option.choices)
        if event.row == "language":
            app.speak("en" if to else "zh")
        elif event.row == "theme":
            app.wear(THEMES[to])
        elif event.row == "borders":
            app.plain_borders(bool(to))
        elif event.row == "motion":
            app.move(bool(to))
            app.remember("motion", "full" if to else "reduced")
        elif event.row == "hints":
            app.hints, app.always = to != 2, to == 1
            app.remember("hints", ("yes", "always", "no")[to])
        elif event.row == "rows":
            app.whole = bool(to)
            app.remember("rows", "all" if to else "steps")
        elif event.row == "advice":
            app.advice = not to
            app.remember("advice", "no" if to else "yes")
        elif event.row == "keys":
            app.use_keys(bool(to))
        self.tell()
