"""The whole game as prompts and lines of text: for screen readers, pipes and scripts.

No colour, no cursor movement, one fact a line. What is typed is a command, in either language, or the number it has
in the help; the end of the input ends the game cleanly, every closed quarter being saved already.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from game.language import clean_text
from game.table.errors import RunError
from game.tui import plain_texts as texts
from game.tui import plain_words as words
from game.tui.plain_hour import HourCommands
from game.tui.session import Session
from game.tui.watched import open_run

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.founding import Founding


NAME: Final = 24
"""Cells of a name or number."""


class _Closed(Exception):
    """Nothing more can be read, or nobody reads what is written."""


def play_plain(
    host: Any, content: Content, tongue: Tongue, stdin: TextIO, stdout: TextIO, *,
    founding: Founding | None = None, file: Path | None = None, advice: bool = True, asked: Sequence[str] = (),
) -> int:  # fmt: skip
    """Play at a prompt until the input ends or somebody quits; the exit code.

    ``file`` is a run to go on with, ``founding`` a new game to begin with; without either the game asks. ``asked`` is what
    an assignment asks, told before; the founder of its game is asked for a name. ``host`` is a `game.tui.app.Host`. Raises nothing for what people type.
    """
    for stream in (stdin, stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a letter that the terminal cannot show is no reason to stop
            reconfigure(errors="replace")
    game = _Plain(host, content, tongue, stdin, stdout)
    game.advice, game.asked = advice, asked
    try:
        return asyncio.run(game.run(founding, file))
    except (_Closed, KeyboardInterrupt):
        return 0
    finally:
        _quiet(stdout)


def _quiet(stdout: TextIO) -> None:
    """Flush; where the reader has gone, let the interpreter's own last flush go nowhere instead of complaining."""
    try:
        stdout.flush()
    except BrokenPipeError:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        except (OSError, ValueError):
            pass
    except ValueError:
        pass


class _Plain(HourCommands):
    def __init__(self, host: Any, content: Content, tongue: Tongue, stdin: TextIO, stdout: TextIO) -> None:
        self.host, self.content, self.bare = host, content, tongue
        self.stdin, self.stdout = stdin, stdout
        self.session: Session | None = None
        self.typed = bool(getattr(stdin, "isatty", lambda: False)())
        self.found: list[Any] = []
        self.listed: list[Any] = []
        self.advice = True
        self.asked: Sequence[str] = ()
        self.today = date.today

    # in and out -------------------------------------------------------------------------------------------------------
    @property
    def tongue(self) -> Tongue:
        """Who speaks, knowing the table at hand."""
        return self.bare if self.session is None else self.bare.at(self.session.view, self.session.names)

    def say(self, key: str, /, **args: Any) -> None:
        """Write a sentence of the locale."""
        self.write([self.tongue.say(key, **args)])

    def write(self, lines: Iterable[str]) -> None:
        """Write lines and let them go at once: somebody may be waiting at the other end of a pipe."""
        text = "".join(line + "\n" for line in lines)
        try:
            try:
                self.stdout.write(text)
            except UnicodeEncodeError:
                code = getattr(self.stdout, "encoding", None) or "ascii"
                self.stdout.write(text.encode(code, "replace").decode(code))
            self.stdout.flush()
        except (BrokenPipeError, ValueError) as error:
            raise _Closed from error

    def read(self, prompt: str) -> str:
        """One line, cleaned. Raises `_Closed` at the end of the input."""
        try:
            self.stdout.write(prompt)
            self.stdout.flush()
        except UnicodeEncodeError:
            self.write([""])
        except (BrokenPipeError, ValueError) as error:
            raise _Closed from error
        try:
            line = self.stdin.readline()
        except (OSError, ValueError) as error:
            raise _Closed from error
        if not line or not self.typed:  # a terminal shows the Enter that was typed, a pipe does not
            self.write([""])
        if not line:
            raise _Closed
        return clean_text(line, 400)

    def sure(self, question: str) -> bool:
        """Ask; anything but a clear yes is asked again twice, then taken for a no."""
        for _ in range(3):
            answer = words.fold(self.read(question + " (y/n) "))
            if answer in words.YES:
                return True
            if answer in words.NO:
                return False
            self.say("screens.plain.yes-or-no")
        return False

    # the loop ---------------------------------------------------------------------------------------------------------
    async def run(self, founding: Founding | None, file: Path | None) -> int:
        """See `play_plain`."""
        self.write([self.tongue.say("ui.app.full"), self.tongue.say("screens.plain.welcome")])
        self.write(self.asked)
        if file is not None:
            if not await self.sit(lambda: open_run(self.host, file)):
                return 1
        elif founding is not None:
            if founding.assignment:
                founding = replace(founding, name=clean_text(self.read(self.tongue.say("class.assignment.name")), NAME))
            if not await self.sit(lambda: self.host.new_game(founding)):
                return 1
        else:
            await self.do_runs("")
        while True:
            line = self.read(self.prompt())
            if not line:
                continue
            if await self.obey(line):
                self.say("ui.plain.done")
                return 0

    def prompt(self) -> str:
        """What stands before the cursor."""
        if self.session is None:
            return self.tongue.say("screens.plain.ask")
        if self.session.over:
            return self.tongue.say("screens.plain.ask-over")
        return self.tongue.say("ui.plain.prompt", quarter=self.session.view.quarter)

    async def obey(self, line: str) -> bool:
        """Do what a line says; True to leave."""
        head, _, rest = line.partition(" ")
        name, rest = words.command(head), rest.strip()
        if rest and head.isdecimal():
            name = ""  # "12 6" sets the twelfth lever, "12" is the twelfth command
        if name == "quit":
            return True
        if name == "lang":
            self.bare = self.bare.speaking("en" if self.bare.lang == "zh" else "zh")
            self.found = []
            self.say("screens.plain.spoken")
        elif name and (name in _WITHOUT_GAME or self.session is not None):
            if name in _WHILE_PLAYING and self.session is not None and self.session.over:
                self.say("screens.plain.over")
            else:
                await getattr(self, f"do_{name}")(rest)
        elif name:
            self.say("screens.plain.no-game")
        elif self.session is None or self.session.over or not self.assign(line):
            self.puzzled(head)
        return False

    def puzzled(self, word: str) -> None:
        """Answer a word that means nothing here."""
        known = [w for command in words.COMMANDS.values() for w in command]
        near = words.nearest(word, known)
        if self.session is not None and not self.session.over:
            names = [self.tongue.lever(name) for name in self.levers]
            part = [name for name in names if len(word) > 1 and words.fold(word) in words.fold(name)]
            near = near or (part[0] if part else words.nearest(word, [words.fold(name) for name in names]))
        hint = self.tongue.say("ui.plain.did-you-mean", word=near) if near else self.tongue.say("screens.plain.hint")
        self.say("ui.plain.unknown", text=clean_text(word, 40), hint=hint)

    async def sit(self, find: Callable[[], Awaitable[Any]]) -> bool:
        """Take a seat; False where that failed, which is said."""
        unsaved = getattr(self.host, "unsaved", None)
        if unsaved is not None and unsaved() and not self.sure(self.tongue.say("tui.unsaved")):
            return False
        try:
            seat = await find()
            self.session = await Session.start(seat, self.host.names())
        except RunError as error:
            self.write([self.tongue.message(error.message())])
            return False
        except OSError as error:
            self.say("ui.error.internal", error=clean_text(error.strerror or str(error), 60))
            return False
        except (KeyError, LookupError) as error:
            self.say("screens.plain.no-such", name=clean_text(str(error).strip("'\""), 60))
            return False
        notices = getattr(self.host, "notices", None)
        self.write([self.tongue.message(message) for message in (notices() if notices is not None else ())])
        await self.opened()
        self.tell_trouble()
        return True

    def tell_trouble(self) -> None:
        """Say why the game at hand is not on disk, if it is not."""
        look = getattr(self.host, "trouble", None)
        trouble = look() if look is not None else None
        if trouble is not None:
            self.write([self.tongue.message(trouble.message())])

    async def opened(self) -> None:
        """Say where things stand: at a new quarter, or at the end."""
        session = self.session
        assert session is not None
        if session.over:
            self.write(texts.ending(session.view, self.content, self.tongue, self.host))
            self.say("screens.plain.after")
        else:
            self.write(texts.position(session, self.tongue, await self.first_bill()))
            self.write(texts.news(session.view, self.tongue))
            await self.hour()

    async def hour(self) -> None:
        """The adviser's first two pieces."""
        from game.tui import plain_hour

        session = self.session
        assert session is not None
        if self.advice:
            session.bill = await session.preview()
            self.write(plain_hour.advice(session, self.content, self.tongue, most=2))


_WITHOUT_GAME: Final = frozenset(("help", "codex", "open", "runs", "analyse", "continue", "new", "save", "daily", "records", "achievements"))
"""Commands that need no game."""
_WHILE_PLAYING: Final = frozenset(("levers", "set", "reset", "card", "choose", "guidance", "bill", "end", "reason", "advice", "goals"))
"""Commands that mean nothing once the game is over."""
