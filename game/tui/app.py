"""The application: what all screens share, and the only way from one to another."""

from __future__ import annotations

import asyncio
import os
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from game.content import Content
from game.language import Lang, Tongue
from game.table.founding import Founding as Founding
from game.table.listing import Listed
from game.tui import actions
from game.tui.first_hour import FirstHour
from game.tui.keymap import Keymap, write_template
from game.tui.kit.depth import NoColour, depth_of, glyphs_for, no_color, old_console, palettes_for
from game.tui.kit.patches import correct_svg, patch_rich_wrapping
from game.tui.kit.theme import Glyphs, theme_of
from game.tui.session import Session
from game.tui.watched import fork_run, open_run

if TYPE_CHECKING:
    from game.table.seat import Seat

SMALLEST: Final = (80, 24)
"""Columns and rows below which nothing but a sentence is shown."""
THEMES: Final = ("ink-night", "ink-day", "ink-contrast", "ink-okabe")


def still() -> bool:
    """Whether the environment asks every program of this kind not to move."""
    return os.environ.get("TEXTUAL_ANIMATIONS", "").lower() == "none"


class Host(Protocol):
    """Who keeps the tables: the local saves folder, or a room's server. Every method may raise `RunError`."""

    def list_runs(self) -> Sequence[Listed]:
        """Runs there are, last written first."""

    async def new_game(self, founding: Founding) -> Seat:
        """A new game and the seat in it."""

    async def open_run(self, path: Path) -> Seat:
        """Go on with a run."""

    async def undo(self, quarter: int) -> Seat:
        """The game at hand again from the start of ``quarter``, as a new run marked as undone."""

    async def fork(self, path: Path | None, quarter: int) -> Seat:
        """A run (the one at hand if None) again from the start of ``quarter``, as a new run."""

    def names(self) -> Mapping[str, str]:
        """Names of firms that people run, by firm id, at the table at hand."""

    def unsaved(self) -> int:
        """Quarters of the game at hand that are not on disk, after one more try to bring them there."""

    def remember(self, setting: str, value: str) -> bool | None:
        """Keep a setting (``lang``, ``theme``, ``plain``, ``motion``, ``hints``, ``rows``,
        ``advice``) for the next time.

        False where it could not be kept.
        """


_SCREENS: Final = {
    "jump": "jump:JumpScreen",
    "title": "title:TitleScreen", "founding": "founding:FoundingScreen", "boardroom": "boardroom:BoardroomScreen",
    "card": "card:CardScreen", "close": "confirm:ConfirmScreen", "report": "report:ReportScreen",
    "market": "market:MarketScreen", "codex": "codex:CodexScreen", "end": "end:EndScreen", "runs": "runs:RunsScreen",
    "options": "options:OptionsScreen", "help": "help:HelpScreen", "ask": "ask:AskScreen",
    "reading": "reading:ReadingScreen", "advice": "advice:AdviceScreen", "records": "records:RecordsScreen",
    "analysis": "analysis:AnalysisScreen",
    "why": "why:WhyScreen",
}  # fmt: skip
"""Module and class of each screen; imported when it is first wanted."""


class BaimoApp(FirstHour, App[None]):
    """The game in the terminal.

    Screens use: `tongue`, `content`, `host`, `session`, `glyphs`; `show` and `back`; the ``open_…`` methods; `ask` and
    `tell`; and for the game `begin`, `resume`, `undo_to`, `fork_from`.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "quit", show=False, priority=True),
    ]

    def __init__(
        self, content: Content, host: Host, *, lang: Lang = "zh", theme: str = THEMES[0], saves: Path | None = None,
        plain_borders: bool = False, hints: bool = True, start: str = "title",
    ) -> None:  # fmt: skip
        """``start`` names the first screen: ``title``, or ``boardroom`` with `session` set beforehand."""
        patch_rich_wrapping()
        super().__init__()
        self.move(False)
        self.content, self.host = content, host
        self.lang: Lang = lang
        self.saves = saves
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
        self._keeps = True
        self.keymap: Keymap = {}
        """The player's own keys, by action; see `game.tui.keymap`."""
        self.keys_file: Path | None = None
        self.own_keys = True
        self.settings: Path | None = None
        """Where settings are kept, to be told; the host writes them."""
        self.opening: Callable[[], None] | None = None
        """What to do once the first screen is up: go on with a run, or begin a game named on the command line."""

    def _fatal_error(self) -> None:
        """A fault of the program is told in a sentence; where it happened goes into a file for its developers.

        Every quarter that ended is on disk already or tried once more, so nothing is lost but the draft.
        """
        self.bell()
        self._unsaved()
        said = self.tongue.say("tui.crash")
        try:
            folder = self.saves or Path(tempfile.mkdtemp(prefix="baimo-"))  # never where somebody happens to stand
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "crash.txt"
            path.write_text(traceback.format_exc(), encoding="utf-8")
            said = self.tongue.say("tui.crash-file", file=str(path))
        except OSError:
            pass
        self._exit_renderables.append(said)
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

    def use_keys(self, own: bool) -> None:
        """Take the player's own keys from the next start on, or not; where there is no file yet, write one to fill in."""
        self.own_keys = own
        self.remember("keys", "own" if own else "usual")
        if not own or self.keys_file is None:
            return
        try:
            done = write_template(self.keys_file, self.tongue.say)
        except OSError as error:
            self.tell(self.tongue.say("ui.error.internal", error=error.strerror or str(error)), bad=True)
        else:
            self.tell(self.tongue.say("looks.keys.written" if done else "looks.keys.there", file=str(self.keys_file)))

    def remember(self, setting: str, value: str) -> None:
        """Keep a setting for the next time; the first that cannot be kept is told."""
        if self.host.remember(setting, value) is False and self._keeps:
            self._keeps = False
            self.tell(self.tongue.say("looks.not-kept"), bad=True)

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
        """Back to the screen before; from the last one to the title, and from the title nowhere."""
        session = self.session
        if getattr(self.screen, "which", "") == "boardroom" and session is not None and not session.over:
            session.levers.clear()  # the boardroom has asked; the draft goes, the game stays
            self.tell(self.tongue.say("screens.leave.saved"))
        if len(self.screen_stack) > 2:
            self.pop_screen()
            shown = self.screen
            if hasattr(shown, "retell"):
                shown.retell()
        elif getattr(self.screen, "which", "") != "title":
            self.pop_screen()
            self.show("title")

    def open_codex(self, kind: str = "", id: str = "") -> None:
        """The codex, at an entry if one is named: ``("figure", "price-war-cut")``, ``("term", "runway")``."""
        self.show("codex", kind=kind, id=id)

    def open_why(self, what: str = "", segment: str = "", part: str = "") -> None:
        """Why a number moved, at one of its parts if one is named; without a number the list of all that moved."""
        self.show("why", what=what, segment=segment, part=part)

    def open_market(self, segment: str = "") -> None:
        """The market screen, at a segment."""
        self.show("market", segment=segment)

    def open_runs(self) -> None:
        """The list of runs."""
        self.show("runs")

    def open_options(self) -> None:
        """Options."""
        self.show("options")

    def open_founding(self) -> None:
        """Found a firm."""
        self.show("founding")

    def open_records(self, page: str = "daily", at: Any = None) -> None:
        """Today's market, records and achievements, at one of the three pages."""
        self.show("records", page=page, at=at)

    def open_report(self) -> None:
        """The report of the last quarter, if there is one."""
        if self.session is not None and self.session.report is not None:
            self.show("report", report=self.session.report)

    def open_analysis(self, *files: Path) -> None:
        """The analysis of runs by their files, or of the game at hand as far as it is on disk."""
        if not files:
            look = getattr(self.host, "run_file", None)  # a room's server keeps its own
            file = look() if look is not None else None
            if file is None:
                self.tell(self.tongue.say("screens.analysis.no-file"), bad=True)
                return
            files = (file,)
        self.show("analysis", files=files)

    def open_end(self) -> None:
        """How the game ended."""
        self.show("end")

    def open_board(self) -> None:
        """The boardroom of the game at hand."""
        self.instead("boardroom")

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
        """Quit; where quarters or a draft would be lost, ask first."""
        if self._unsaved():
            self.ask(self.tongue.say("tui.unsaved"), self.exit)
        elif self.session is not None and self.session.levers and not self.session.over:
            self.ask(self.tongue.say("ui.confirm.quit"), self.exit)
        else:
            self.exit()

    async def action_quit(self) -> None:
        """Quit at once, draft or not; only where quarters would be lost ask first, and go when told a second time."""
        if getattr(self.screen, "which", "") != "ask" and self._unsaved():
            self.ask(self.tongue.say("tui.unsaved"), self.exit)
        else:
            self.exit()

    def _unsaved(self) -> bool:
        """Whether quarters of the game at hand are on no disk, after one more try."""
        look = getattr(self.host, "unsaved", None)  # a room's server keeps its own
        return bool(look is not None and look())

    def action_picture(self) -> None:
        """Save the screen as a picture beside the runs."""
        folder = self.saves or Path(tempfile.mkdtemp(prefix="baimo-"))
        path = folder / f"baimo-{len(list(folder.glob('baimo-*.svg'))) + 1}.svg"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(correct_svg(self.export_screenshot(title="Baimo")), encoding="utf-8")
        except OSError as error:
            self.tell(self.tongue.say("ui.error.internal", error=error.strerror or str(error)), bad=True)
        else:
            self.tell(self.tongue.say("tui.saved-picture", file=path.name))

    # the game -------------------------------------------------------------------------------------------------------

    def begin(self, founding: Founding) -> None:
        """Found a firm and sit down."""
        self._sit(lambda: self.host.new_game(founding))

    def resume(self, path: Path) -> None:
        """Go on with a run."""
        self._sit(lambda: open_run(self.host, path))

    def undo_to(self, quarter: int) -> None:
        """Play again from the start of a quarter, under the same luck."""
        self._sit(lambda: self.host.undo(quarter))

    def fork_from(self, quarter: int, path: Path | None = None) -> None:
        """Play again from a quarter, in a run of its own."""
        self._sit(lambda: fork_run(self.host, path, quarter))

    def _sit(self, find: Callable[[], Awaitable[Seat]]) -> None:
        """Take a seat; where quarters of the game at hand would be lost by that, ask first."""

        def seated() -> None:
            self._take_seat(find)

        if self._unsaved():
            self.ask(self.tongue.say("tui.unsaved"), seated)
        else:
            seated()

    @work(exclusive=True, group="sit")
    async def _take_seat(self, find: Callable[[], Awaitable[Seat]]) -> None:
        from game.table.errors import RunError

        try:
            seat = await find()
            self.session = await Session.start(seat, self.host.names(), teaching=self.hints and self._novice())
            look = getattr(self.host, "ghost", None)  # a room's server keeps its own
            self.session.ghost_run = await asyncio.to_thread(look) if look is not None else ()
        except RunError as error:
            self.tell(self.tongue.message(error.message()), bad=True)
            return
        except OSError as error:
            self.tell(self.tongue.say("ui.error.internal", error=error.strerror or str(error)), bad=True)
            return
        self._told = None
        self.visited.clear()
        self.clear_notifications()  # what was said on the way here would cover the board
        self.open_board()
        if self.session.over:
            self.open_end()
