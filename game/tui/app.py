"""The game on one's own in the terminal: the shared application, with a host that keeps runs."""

from __future__ import annotations

import asyncio
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from textual import work

from game.content import Content
from game.language import Lang
from game.table.founding import Founding as Founding
from game.table.listing import Listed
from game.tui.base_app import _SCREENS as _SCREENS
from game.tui.base_app import SMALLEST as SMALLEST
from game.tui.base_app import THEMES as THEMES
from game.tui.base_app import BaseApp
from game.tui.base_app import still as still
from game.tui.keymap import write_template
from game.tui.kit.patches import correct_svg
from game.tui.session import Session
from game.tui.watched import fork_run, open_run

if TYPE_CHECKING:
    from game.table.assignment import Assignment
    from game.table.seat import Seat


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


class BaimoApp(BaseApp):
    """The game in the terminal.

    Beside what `BaseApp` has, screens use for the game `begin`, `resume`, `undo_to`, `fork_from`.
    """

    CSS_PATH = "app.tcss"

    def __init__(
        self, content: Content, host: Host, *, lang: Lang = "zh", theme: str = THEMES[0], saves: Path | None = None,
        plain_borders: bool = False, hints: bool = True, start: str = "title",
    ) -> None:  # fmt: skip
        """``start`` names the first screen: ``title``, or ``boardroom`` with `session` set beforehand."""
        super().__init__(content, lang=lang, theme=theme, plain_borders=plain_borders, hints=hints, start=start)
        self.host = host
        self.saves = saves
        self._keeps = True
        self.then: tuple[str, ...] = ()
        """Arguments of ``baimo`` to go on with once the game has been left."""
        self.keys_file: Path | None = None
        self.own_keys = True
        self.settings: Path | None = None
        """Where settings are kept, to be told; the host writes them."""

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

    def open_class(self) -> None:
        """What a class can do with the game."""
        self.show("class")

    def go_on(self, *command: str) -> None:
        """Leave the game and let another command of ``baimo`` take its place in the terminal."""
        self.then = (*command, "--lang", self.lang)
        self.exit()

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

    def begin_assigned(self, founding: Founding, plan: Assignment) -> None:
        """Tell what an assignment asks, ask for a name or number, and found its game."""
        from dataclasses import replace

        def named(name: str | None) -> None:
            if name is not None:
                self.begin(replace(founding, name=name))

        self.push_screen(self.make("assigned", plan=plan), named)

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
