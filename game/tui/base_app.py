"""What every application of the game shares: language, themes, size, and the only way from one screen to another.

`game.tui.app.BaimoApp` adds a host that keeps runs; `game.tui.seat_app.SeatApp` a room that keeps everything.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any, ClassVar, Final

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from game.content import Content
from game.language import Lang, Tongue
from game.tui import actions
from game.tui.first_hour import FirstHour
from game.tui.keymap import Keymap
from game.tui.kit.depth import NoColour, depth_of, glyphs_for, no_color, old_console, palettes_for
from game.tui.kit.patches import patch_rich_wrapping
from game.tui.kit.theme import Glyphs, theme_of
from game.tui.session import Session

SMALLEST: Final = (80, 24)
"""Columns and rows below which nothing but a sentence is shown."""
THEMES: Final = ("ink-night", "ink-day", "ink-contrast", "ink-okabe")


def still() -> bool:
    """Whether the environment asks every program of this kind not to move."""
    return os.environ.get("TEXTUAL_ANIMATIONS", "").lower() == "none"


_SCREENS: Final = {
    "jump": "jump:JumpScreen",
    "title": "title:TitleScreen", "founding": "founding:FoundingScreen", "boardroom": "boardroom:BoardroomScreen",
    "card": "card:CardScreen", "close": "confirm:ConfirmScreen", "report": "report:ReportScreen",
    "market": "market:MarketScreen", "codex": "codex:CodexScreen", "end": "end:EndScreen", "runs": "runs:RunsScreen",
    "options": "options:OptionsScreen", "help": "help:HelpScreen", "ask": "ask:AskScreen",
    "reading": "reading:ReadingScreen", "advice": "advice:AdviceScreen", "records": "records:RecordsScreen",
    "analysis": "analysis:AnalysisScreen", "assigned": "assigned:AssignedScreen",
    "why": "why:WhyScreen", "class": "class_room:ClassScreen",
    "seat": "seat_board:SeatBoard", "room": "room:RoomScreen", "forecast": "forecast:ForecastScreen", "pen": "pen:PenScreen",
}  # fmt: skip
"""Module and class of each screen; imported when it is first wanted."""


class BaseApp(FirstHour, App[None]):
    """An application without a game of its own.

    Screens use: `tongue`, `content`, `host`, `session`, `glyphs`; `show` and `back`; the ``open_…`` methods; `ask` and
    `tell`.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "quit", show=False, priority=True),
    ]
    host: Any = None
    """Who keeps the runs, where somebody does."""
    board = "boardroom"
    """Name of the screen on which quarters are decided."""
    plain_note = "ui.options.plain-note"
    """Where the help sends readers of screens."""
    without: frozenset[str] = frozenset()
    """Ids of actions that this application does not have."""

    def __init__(
        self, content: Content, *, lang: Lang = "zh", theme: str = THEMES[0], plain_borders: bool = False,
        hints: bool = True, start: str = "title",
    ) -> None:  # fmt: skip
        """``start`` names the first screen."""
        patch_rich_wrapping()
        super().__init__()
        self.move(False)
        self.content = content
        self.lang: Lang = lang
        self.depth = depth_of(self.console.color_system)
        self.palettes = palettes_for(self.depth)
        self.set_class(self.depth != "full", "-few")
        self.no_color = no_color()  # an empty one is none: Textual takes it for one
        self._uncoloured = (NoColour(),)
        self.glyphs: Glyphs = glyphs_for(plain_borders or old_console(), self.depth)
        self.hints = hints
        self.session: Session | None = None
        self._first = start
        for one in self.palettes.values():
            self.register_theme(theme_of(one))
        self.theme = theme if theme in THEMES else THEMES[0]
        self._told: tuple[object, Tongue] | None = None
        self.keymap: Keymap = {}
        """The player's own keys, by action; see `game.tui.keymap`."""
        self.opening: Callable[[], None] | None = None
        """What to do once the first screen is up: go on with a run, or begin a game named on the command line."""

    def _fatal_error(self) -> None:
        """A fault of the program is told in a sentence."""
        self.bell()
        self._exit_renderables.append(self.tongue.say("tui.crash"))
        self._close_messages_no_wait()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without colours ours alone; else Textual's, but for those that would grey what an empty NO_COLOR leaves."""
        if self.depth == "none":
            return self._uncoloured
        return [one for one in super().get_line_filters() if not isinstance(one, (Monochrome, NoColor))]

    @property
    def moves(self) -> bool:
        """Whether anything may move by itself: cursors blink, waiting is seen."""
        return self.animation_level != "none"

    def move(self, wanted: bool) -> None:
        """Let things move, unless the environment (``TEXTUAL_ANIMATIONS=none``) forbids it for every program."""
        self.animation_level = "full" if wanted and not still() else "none"

    # language, theme, size ----------------------------------------------------------------------------------------

    @property
    def tongue(self) -> Tongue:
        """The language of the moment, knowing the table at hand."""
        view = self.session.view if self.session else None
        key = (self.lang, id(view))
        if self._told is None or self._told[0] != key:
            tongue = Tongue(self.lang, content=self.content)
            if self.session is not None:
                tongue = tongue.at(self.session.view, self.session.names)
            self._told = key, tongue
        return self._told[1]

    def action_language(self) -> None:
        """The other language, on every screen there is."""
        self.speak("en" if self.lang == "zh" else "zh")

    def speak(self, lang: Lang) -> None:
        """Speak a language from now on."""
        self.lang = lang
        self.remember("lang", lang)
        self.retell()

    def retell(self) -> None:
        """Let every open screen say everything again."""
        self._told = None
        for screen in self.screen_stack:
            if hasattr(screen, "retell"):
                screen.retell()

    def key(self, action: str) -> str:
        """How the first key of an action is printed. Raises KeyError for an id that is none."""
        found = {a.id: a.shown for s in actions.SCREENS for a in actions.of(s, self.keymap)}
        return found[action]

    def remember(self, setting: str, value: str) -> None:
        """Keep a setting for the next time, where there is somewhere to keep it."""

    def action_next_theme(self) -> None:
        """The next set of colours."""
        place = THEMES.index(self.theme) if self.theme in THEMES else -1
        self.wear(THEMES[(place + 1) % len(THEMES)])

    def wear(self, theme: str) -> None:
        """Wear a theme from now on."""
        self.theme = theme
        self.remember("theme", theme)

    def plain_borders(self, plain: bool) -> None:
        """Draw with ASCII only, or not."""
        self.glyphs = glyphs_for(plain, self.depth)
        self.remember("plain", "yes" if plain else "no")
        for screen in self.screen_stack:
            for widget in screen.query("*"):
                widget.refresh()

    def on_mount(self) -> None:
        self.show(self._first)
        self._measure(self.size.width, self.size.height)
        if self.opening is not None:
            self.opening()

    def on_resize(self, event: events.Resize) -> None:
        self._measure(event.size.width, event.size.height)

    def _measure(self, width: int, height: int) -> None:
        """Cover everything with one sentence while the terminal is too small."""
        small = bool(width and height) and (width < SMALLEST[0] or height < SMALLEST[1])
        covered = getattr(self.screen, "covers", False)
        if small and not covered:
            from game.tui.screens.small import SmallScreen

            self.push_screen(SmallScreen())
        elif covered and not small:
            self.pop_screen()

    # from screen to screen ------------------------------------------------------------------------------------------

    def make(self, name: str, **arguments: Any) -> Screen[Any]:
        """A screen by name. Raises KeyError for a name that is none."""
        module, _, title = _SCREENS[name].partition(":")
        found: Screen[Any] = getattr(import_module(f"game.tui.screens.{module}"), title)(**arguments)
        return found

    def show(self, name: str, **arguments: Any) -> None:
        """Open a screen over the one at hand."""
        self.visited.add(name)
        self.push_screen(self.make(name, **arguments))

    def instead(self, name: str, **arguments: Any) -> None:
        """Open a screen in place of all others but the title."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if getattr(self.screen, "which", "") == name:
            self.pop_screen()
        self.show(name, **arguments)

    def back(self) -> None:
        """Back to the screen before; never out of the first."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
            shown = self.screen
            if hasattr(shown, "retell"):
                shown.retell()

    def open_codex(self, kind: str = "", id: str = "") -> None:
        """The codex, at an entry if one is named: ``("figure", "price-war-cut")``, ``("term", "runway")``."""
        self.show("codex", kind=kind, id=id)

    def open_why(self, what: str = "", segment: str = "", part: str = "") -> None:
        """Why a number moved, at one of its parts if one is named; without a number the list of all that moved."""
        self.show("why", what=what, segment=segment, part=part)

    def open_market(self, segment: str = "") -> None:
        """The market screen, at a segment."""
        self.show("market", segment=segment)

    def open_report(self) -> None:
        """The report of the last quarter, if there is one."""
        if self.session is not None and self.session.report is not None:
            self.show("report", report=self.session.report)

    def open_end(self) -> None:
        """How the game ended."""
        self.show("end")

    def open_board(self) -> None:
        """The boardroom of the game at hand."""
        self.instead(self.board)

    action_open_codex = open_codex
    action_open_market = open_market

    def action_help(self) -> None:
        """The keys of the screen at hand."""
        which = getattr(self.screen, "which", "")
        if which and which != "help":
            self.show("help", of=which)

    # saying and asking ----------------------------------------------------------------------------------------------

    def tell(self, text: str, *, bad: bool = False) -> None:
        """A short notice that goes by itself. The text is never markup."""
        self.notify(text, severity="error" if bad else "information", timeout=5, markup=False)

    def ask(self, text: str, then: Callable[[], Awaitable[None] | None]) -> None:
        """Ask a yes-or-no question; do something after a yes."""

        async def answered(yes: bool | None) -> None:
            if yes:
                result = then()
                if result is not None:
                    await result

        self.push_screen(self.make("ask", text=text), answered)

    async def action_leave(self) -> None:
        """Quit."""
        self.exit()

    async def action_quit(self) -> None:
        """Quit at once."""
        self.exit()
