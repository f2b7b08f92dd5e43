"""The teacher's dashboard: the class's room in the teacher's terminal, in one event loop with the server.

`run_dashboard` is what ``baimo class host`` calls. It knows a room by `Taught` only, so that no test needs a network.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from textual import work

from game.classroom.errors import ClassError
from game.classroom.messages import Board, BoardRow, Command, Desk
from game.content import Content
from game.language import Lang, clean_text
from game.table.wire import Message
from game.tui.base_app import THEMES, BaseApp
from game.tui.desk import keys as _keys  # noqa: F401  (puts the desk's keys into the table of actions)
from game.tui.desk.plan import Plans
from game.tui.desk.script import Piece
from game.tui.desk.state import Shown

if TYPE_CHECKING:
    from textual.screen import Screen

TICK: Final = 0.25
"""Seconds between two looks at the clock."""
PACE: Final = 0.1
"""Seconds at least between two desks that are drawn."""


class Taught(Protocol):
    """A room as its teacher sees it; `game.classroom.room.Room` is one."""

    def desk(self) -> Desk:
        """The desk as it is now."""

    def desks(self) -> AsyncIterator[Desk]:
        """The desk whenever it changes."""

    def board(self) -> Board:
        """The projector's board as it is now."""

    async def teach(self, command: Command) -> str:
        """Carry a command out: "" or, for `Restore`, a token that works once. Raises `ClassError`."""

    async def export(self, folder: Path) -> list[Path]:
        """Write every team's run and a pack into a folder; the files. Raises `ClassError` or OSError."""


class Reach(NamedTuple):
    """Whether pupils can reach the room (None: nobody knows), and that in a sentence."""

    good: bool | None
    said: Message | str


Check = Callable[[], Awaitable[Reach | Message | str]]
"""Tries it; a sentence alone says nothing of how good it is. A `Message` is told in the language of the moment."""


class DashboardApp(BaseApp):
    """The application of the teacher's desk."""

    CSS_PATH = "app.tcss"
    plain_note = "desk.plain-note"

    def __init__(
        self, content: Content, room: Taught, *, addresses: Sequence[str], code: str, lang: Lang = "zh",
        check: Check | None = None, theme: str = THEMES[0], folder: Path | None = None, seconds: float | None = None,
        plan: str = "", plain_borders: bool = False, now: Callable[[], float] = time.monotonic,
        remember: Callable[[str, str], object] | None = None,
    ) -> None:  # fmt: skip
        """See `run_dashboard`; ``now`` is a clock that only runs forwards (s)."""
        super().__init__(content, lang=lang, theme=theme, plain_borders=plain_borders, hints=False, start="desk")
        self.room, self.now = room, now
        self.addresses = tuple(clean_text(address, 100) for address in addresses)
        self.code = code
        self.seconds = seconds
        self.folder = folder
        self.shown = Shown(room.desk(), now())
        self.values = False
        """Whether ranks, values and cash of the teams stand on the desk."""
        self.qr = True
        self.script = False
        """Whether the script has the place of the news, where both have no room."""
        self.reached: bool | None = None
        self._check = check
        self._checked: Message | str = Message("desk.check.none" if check is None else "desk.check.looking")
        self._begun = now()
        self._plans = Plans(content, room.desk().scenario, plan)
        self._remember = remember

    # the room ---------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self._watch()
        self.look_again()
        self.set_interval(TICK, self.tick)

    @work(group="room")
    async def _watch(self) -> None:
        """Follow the room until it is over."""
        async for desk in self.room.desks():
            self.take(desk)
            await asyncio.sleep(PACE)  # a class that types all at once is drawn in one go

    def take(self, desk: Desk) -> None:
        """Show another desk."""
        if desk.version < self.shown.desk.version:
            return  # an answer has overtaken it
        self.shown = Shown(desk, self.now())
        for screen in self.screen_stack:
            if screen.is_mounted and getattr(screen, "live", False):
                screen.retell()

    def tick(self) -> None:
        """Let clocks go on."""
        for screen in self.screen_stack:
            if hasattr(screen, "tick"):
                screen.tick()

    async def teach(self, command: Command) -> str | None:
        """Carry a command out and show what came of it; None where the room refused, which is then told."""
        try:
            answer = await self.room.teach(command)
        except ClassError as error:
            self.tell(self.tongue.message(error.message), bad=True)
            return None
        self.take(self.room.desk())
        return answer

    def export_folder(self) -> Path:
        """Where a pack goes unless the teacher says otherwise: a folder of the room's code."""
        return (self.folder or Path.cwd()) / f"class-{self.code}"

    async def export(self, text: str) -> None:
        """Write the pack into the folder typed, and tell where it is."""
        folder = Path(text.strip()).expanduser()
        try:
            files = await self.room.export(folder)
        except ClassError as error:
            self.tell(self.tongue.message(error.message), bad=True)
        except OSError as error:
            self.tell(self.tongue.say("desk.export.failed", folder=str(folder), why=error.strerror or str(error)), bad=True)
        else:
            done = self.tongue.say("desk.export.done", count=len(files), folder=str(folder.absolute()))
            if self.room.desk().phase not in ("debrief", "over"):
                done += "\n" + self.tongue.say("desk.export.early")
            self.notify(done, timeout=20, markup=False)

    # ways in ----------------------------------------------------------------------------------------------------------
    @work(exclusive=True, group="check")
    async def look_again(self) -> None:
        """Try whether pupils can reach the room, and say so."""
        if self._check is None:
            return
        self.reached, self._checked = None, Message("desk.check.looking")
        self.retell()
        found = await self._check()
        self.reached, self._checked = found if isinstance(found, Reach) else (None, found)
        self.retell()

    @property
    def check_said(self) -> str:
        """What came of the check, in the language of the moment."""
        said = self._checked
        return self.tongue.message(said) if isinstance(said, Message) else clean_text(said, 400)

    @property
    def join_url(self) -> str:
        """The address for a QR code: the page that asks for a name, the code filled in."""
        return join_url(self.addresses[0], self.code) if self.addresses else ""

    def link_url(self, token: str) -> str:
        """The address that gives a place back once."""
        return f"{self.addresses[0].rstrip('/')}/j/{token}" if self.addresses else token

    def bare(self, address: str) -> str:
        """An address as it is typed after ``class join``."""
        return address.removeprefix("http://").rstrip("/")

    # words ------------------------------------------------------------------------------------------------------------
    def role_name(self, role: str) -> str:
        """A role in words; its id where content has no such role."""
        return self._plans.role(role, self.tongue)

    @property
    def pieces(self) -> Sequence[Piece]:
        """The lesson script in the language of the moment."""
        return self._plans.pieces(self.tongue)

    def questions(self, step: str) -> list[tuple[str, str, str]]:
        """(question, answer, what to listen for) of a step of the debrief."""
        return self._plans.questions(step, self.tongue)

    @property
    def history(self) -> Sequence[BoardRow]:
        """What was public at the end of each quarter."""
        return self.room.board().history

    def minute(self) -> float:
        """Minutes since the lesson began, as the teacher has set it."""
        return (self.now() - self._begun) / 60.0

    def set_minute(self, minute: float) -> None:
        """The lesson is at this minute now."""
        self._begun = self.now() - 60.0 * minute

    def remember(self, setting: str, value: str) -> None:
        if self._remember is not None:
            self._remember(setting, value)

    # screens ----------------------------------------------------------------------------------------------------------
    def make(self, name: str, **arguments: Any) -> Screen[Any]:
        if name == "desk":
            from game.tui.desk.main import DeskScreen

            return DeskScreen()
        return super().make(name, **arguments)

    def back(self) -> None:
        if len(self.screen_stack) > 2:
            self.pop_screen()
            shown = self.screen
            if hasattr(shown, "retell"):
                shown.retell()

    async def action_leave(self) -> None:
        """Leave; while a room is going on ask first, for it goes with the program."""
        if self.shown.desk.phase == "over":
            self.exit()
        else:
            self.ask(self.tongue.say("desk.ask.leave"), self.exit)

    async def action_quit(self) -> None:
        """As leaving; told a second time, at once."""
        if getattr(self.screen, "which", "") == "ask":
            self.exit()
        else:
            await self.action_leave()


def join_url(address: str, code: str) -> str:
    """The page on which pupils give their name, with the code filled in.

    It stands behind the #, which no browser sends anywhere.

    >>> join_url("http://192.168.1.5:8100", "K7QM-2XRD-9")
    'http://192.168.1.5:8100/#K7QM-2XRD-9'
    """
    return f"{address.rstrip('/')}/#{code}"


async def run_dashboard(
    content: Content, room: Taught, *, addresses: Sequence[str], code: str, lang: Lang, check: Check | None = None,
    theme: str = THEMES[0], serve: Callable[[], AbstractAsyncContextManager[object]] | None = None,
    folder: Path | None = None, seconds: float | None = None, plan: str = "", plain_borders: bool = False,
    remember: Callable[[str, str], object] | None = None,
) -> int:  # fmt: skip
    """Show the desk of a room until the teacher leaves it; the exit code. Await it in the loop the room lives in.

    ``addresses`` are what pupils may type, the best first (``http://192.168.1.5:8100``); ``check`` tells whether they
    are reached from outside; ``serve`` is entered before the first frame and left after the last, and what it raises
    (`ClassError`: a taken port) comes out here with the terminal as it was; ``folder`` holds exported packs, ``seconds``
    is the clock offered first, ``plan`` the id of a lesson plan (that of the scenario if empty); ``remember`` keeps a
    setting (``lang``, ``theme``) for the next time.
    """
    async with contextlib.AsyncExitStack() as stack:
        if serve is not None:
            await stack.enter_async_context(serve())
        app = DashboardApp(
            content, room, addresses=addresses, code=code, lang=lang, check=check, theme=theme, folder=folder,
            seconds=seconds, plan=plan, plain_borders=plain_borders, remember=remember,
        )  # fmt: skip
        await app.run_async()
    return app.return_code or 0
