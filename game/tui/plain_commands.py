"""The commands of the plain game, one method a command; `game.tui.plain` reads lines and calls them."""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from game.engine.names import SEGMENTS
from game.language import clean_text
from game.table.errors import DraftError, RunError
from game.tui import plain_futures as ahead
from game.tui import plain_texts as texts
from game.tui import plain_why
from game.tui import plain_words as words
from game.tui.session import PATIENCE
from game.tui.watched import open_run

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.wire import Preview, Report
    from game.tui.session import Session

REASON_CELLS: Final = 200
FOUND: Final = 20
"""Most entries of a search, most runs of a list."""


class Commands(ABC):
    """What may be asked for; whoever speaks with the person gives the first few methods."""

    host: Any
    content: Content
    session: Session | None
    found: list[Any]
    listed: list[Any]

    @property
    @abstractmethod
    def tongue(self) -> Tongue:
        """Who speaks."""

    @property
    def bare_tongue(self) -> Tongue:
        """Who speaks of runs that are not at hand: the names of this table mean nothing there."""
        from game.language import Tongue

        return Tongue(self.tongue.lang, content=self.content)

    @abstractmethod
    def say(self, key: str, /, **args: Any) -> None:
        """Write a sentence of the locale."""

    @abstractmethod
    def write(self, lines: Iterable[str]) -> None:
        """Write lines."""

    @abstractmethod
    def read(self, prompt: str) -> str:
        """Read a line."""

    @abstractmethod
    def sure(self, question: str) -> bool:
        """Ask for a yes."""

    @abstractmethod
    def puzzled(self, word: str) -> None:
        """Answer a word that means nothing."""

    @abstractmethod
    def tell_trouble(self) -> None:
        """Say why the game at hand is not on disk, if it is not."""

    @abstractmethod
    async def sit(self, find: Callable[[], Awaitable[Any]]) -> bool:
        """Take a seat."""

    @abstractmethod
    async def opened(self) -> None:
        """Say where things stand."""

    # commands ---------------------------------------------------------------------------------------------------------
    async def do_help(self, rest: str) -> None:
        lang = self.tongue.lang
        for i, (name, spoken) in enumerate(words.COMMANDS.items(), 1):
            mine = [w for w in spoken if w.isascii() == (lang == "en") and len(w) > 1][:2] or [spoken[0]]
            word = f"{mine[0]} ({spoken[0]})" if lang == "zh" else mine[0]
            self.write([f"{i}. {word}: {self.tongue.say(f'screens.plain.help.{name}')}"])

    async def do_show(self, rest: str) -> None:
        self.write(texts.position(self.playing, self.tongue, await self.first_bill()))

    async def first_bill(self) -> Preview | None:
        """The bill of the first quarter, when there is no last one to reckon from."""
        return await self.playing.preview() if self.playing.first_quarter else None

    @property
    def playing(self) -> Session:
        """The game at hand; there is one whenever a command needs it."""
        assert self.session is not None
        return self.session

    @property
    def levers(self) -> list[str]:
        """Levers of this game in their numbered order."""
        view = self.playing.view
        return words.shown_levers(self.content, view.limits, view.levers == "five")

    async def do_levers(self, rest: str) -> None:
        groups = ("product", "research", "industries", "compute", "people", "money")
        asked = words.fold(rest)
        only = next((g for g in groups if asked and asked in (g, words.fold(self.tongue.say(f"ui.group.{g}")))), "")
        self.write(texts.levers(self.playing, self.content, self.tongue, self.levers, only))

    async def do_set(self, rest: str) -> None:
        if not rest or not self.assign(rest):
            self.say("screens.plain.set-how")

    def assign(self, line: str) -> bool:
        """Set a lever from ``NAME VALUE``; False where the line names none. Faults are answered."""
        session, tongue = self.playing, self.tongue
        lever, given = words.find_lever(self.content, self.levers, line)
        if not lever:
            return False
        limit, row = session.view.limits[lever], self.content.levers.get(lever)
        allowed = texts.span(self.content, tongue, lever, limit)
        if not given:
            shown = texts.lever_value(self.content, tongue, lever, session.value(lever))
            self.write([f"{tongue.lever(lever)}: {shown}; {allowed}", *([tongue.text(row.help)] if row else [])])
            return True
        if limit.locked:
            self.say("ui.error.locked", why=tongue.say(limit.locked))
            return True
        if lever == "route":
            value = words.route(self._routes(), given)
        else:
            value = words.number(given, per_cent=100.0 if limit.high > 1.5 else 1.0)
        if value is None:
            self.say("screens.plain.not-a-value", text=clean_text(given, 40), allowed=allowed)
            return True
        whole = row is not None and row.kind in ("people", "count", "choice")
        if whole and value != math.floor(value):
            self.say("ui.error.whole")
        elif lever == "route" and not limit.low <= value <= limit.high:
            self.say("screens.plain.out-of-range", lever=lever, allowed=allowed)
        else:
            if not limit.low <= value <= limit.high:
                value = min(max(value, limit.low), limit.high)
                self.say("screens.plain.clamped", lever=lever, allowed=allowed)
            was = texts.lever_value(self.content, tongue, lever, session.value(lever))
            session.set(lever, value)
            new = texts.lever_value(self.content, tongue, lever, session.value(lever))
            self.say("ui.plain.set", lever=lever, old=was, new=new)
        return True

    def _routes(self) -> list[list[str]]:
        """Names of each route in both languages, long and short."""
        both = (self.tongue.speaking("zh"), self.tongue.speaking("en"))
        return [[t.route(row, short) for t in both for short in (False, True)] for row in range(4)]

    async def do_reset(self, rest: str) -> None:
        session = self.playing
        if not rest:
            session.levers.clear()
            self.say("ui.board.no-change")
            return
        lever, _ = words.find_lever(self.content, self.levers, rest)
        if not lever:
            self.puzzled(rest)
            return
        session.reset(lever)
        shown = texts.lever_value(self.content, self.tongue, lever, session.value(lever))
        self.write([f"{self.tongue.lever(lever)}: {shown}"])

    async def do_card(self, rest: str) -> None:
        self.write(texts.card(self.playing, self.tongue))

    async def do_choose(self, rest: str) -> None:
        session = self.playing
        view, place = session.view, words.number(rest.split(" ")[0]) if rest else None
        which = session.unanswered or (
            "distress" if view.distress is not None else "card" if view.card is not None else ""
        )
        offer = view.distress if which == "distress" else view.card
        if offer is None:
            self.say("screens.plain.no-card")
            return
        if place is None or place != int(place) or not 1 <= place <= len(offer.choices):
            self.say("screens.plain.choose-how", count=len(offer.choices))
            return
        choice = offer.choices[int(place) - 1]
        if not choice.allowed:
            self.say("card.not-allowed")
            return
        session.set(f"{which}.choice", float(choice.index))
        self.say("screens.plain.chosen", n=int(place))

    async def do_guidance(self, rest: str) -> None:
        parts = rest.split()
        kinds = {words.fold(t.term("guidance", kind)): kind for kind in ("cash", "revenue")
                 for t in (self.tongue.speaking("zh"), self.tongue.speaking("en"))}  # fmt: skip
        kind = kinds.get(words.fold(parts[0])) if parts else None
        low, high = (words.number(p) for p in parts[1:3]) if len(parts) == 3 else (None, None)
        if kind is not None and len(parts) == 2 and words.fold(parts[1]) in words.NO:
            for end in ("low", "high"):
                self.playing.reset(f"guidance.{kind}.{end}")
            self.say("ui.board.guidance-none")
        elif kind is None or low is None or high is None or low > high:
            self.say("screens.plain.guidance-how")
        else:
            self.playing.set(f"guidance.{kind}.low", low)
            self.playing.set(f"guidance.{kind}.high", high)
            self.say("ui.board.guidance-range", what=self.tongue.term("guidance", kind), low=low, high=high)

    async def do_bill(self, rest: str) -> None:
        self.write(texts.bill(await self.playing.preview(), self.tongue))

    async def do_reason(self, rest: str) -> None:
        self.playing.reason = clean_text(rest, REASON_CELLS)
        self.say("screens.plain.noted")

    async def do_end(self, rest: str) -> None:
        session = self.playing
        self.write(texts.pending(session, self.tongue))
        preview = await session.preview()
        self.write(texts.bill(preview, self.tongue))
        if preview.errors:
            self.say("screens.plain.mend")
            return
        if words.fold(rest) not in words.YES and not self.sure(
            self.tongue.say("ui.confirm.close", quarter=session.view.quarter)
        ):
            self.say("screens.plain.not-closed")
            return
        try:
            report = await self.closed(session)
        except DraftError as error:
            self.write(self.tongue.message(m) for m in error.messages)
            return
        self.write(texts.report(report, self.tongue))
        self.tell_trouble()
        await self.opened()

    async def closed(self, session: Session) -> Report:
        """The report of the quarter; where others take their time to decide, that is said."""
        closing = asyncio.ensure_future(session.close())
        if not (await asyncio.wait({closing}, timeout=PATIENCE))[0]:
            self.say("tui.closing")
        return await closing

    async def do_report(self, rest: str) -> None:
        session = self.playing
        if session.report is None:
            self.say("screens.plain.no-report")
        else:
            self.write(texts.report(session.report, self.tongue))

    async def do_why(self, rest: str) -> None:
        self.write(await plain_why.answer(self.playing, self.content, self.tongue, rest))

    async def do_market(self, rest: str) -> None:
        from game.tui import plain_market as pages
        from game.tui.screens.market_facts import Past

        session = self.playing
        page, asked = pages.topic(rest)
        if page:
            past = Past(session.view, await session.look_back(), self.content)
            told = {"matrix": pages.matrix, "events": pages.events, "course": pages.course}
            one = {"firm": pages.firm, "time": pages.time}
            self.write(told[page](past, self.tongue) if page in told else one[page](past, self.tongue, asked))
            return
        if rest:
            tongues = (self.tongue.speaking("zh"), self.tongue.speaking("en"))
            asked = words.fold(rest)
            meant = [
                s
                for s in SEGMENTS
                if asked in (s, *(words.fold(x) for t in tongues for x in (t.segment(s), t.term("segment", s))))
            ]
            if not meant:
                self.say("screens.plain.which-market", names=self.tongue.join(self.tongue.segment(s) for s in SEGMENTS))
                return
            session.segment = meant[0]
        self.write(texts.market(session.view, self.tongue, session.segment))
        self.say("market.plain-more")

    async def do_futures(self, rest: str) -> None:
        fans = await ahead.played_ahead(self.playing)
        if fans is None:
            self.say("futures.none")
        else:
            self.write(ahead.futures(self.playing, fans, self.tongue))

    async def do_news(self, rest: str) -> None:
        self.write(texts.news(self.playing.view, self.tongue))

    async def do_codex(self, rest: str) -> None:
        from game.content.sounds import sounds
        from game.tui.screens.codex_index import Index
        from game.tui.screens.codex_pages import page
        from game.tui.screens.codex_text import address, text_lines

        if not rest:
            self.say("screens.plain.codex-how")
            return
        place = address(self.content, rest)
        if place is not None:
            self.write(text_lines(page(self.content, self.tongue, *place, met=self.met())))
            return
        index = Index(self.content, self.tongue, self.met())
        self.found, total = index.search(rest, limit=FOUND)
        if not total and rest.isascii():
            index.sounds = sounds(self.content)
            self.found, total = index.search(rest, limit=FOUND)
        self.say("ui.codex.results", count=total)
        self.write(
            f"{i}. [{self.tongue.say(f'screens.codex.kind.{e.kind}')}] {e.name}{f' = {e.note}' if e.note else ''}"
            for i, e in enumerate(self.found, 1)
        )  # fmt: skip
        if self.found:
            self.say("screens.plain.open-how")

    def met(self) -> frozenset[str] | None:
        """Cards dealt so far; None where no game is going on."""
        from game.tui.screens.codex import dealt

        if self.session is None or self.session.over:
            return None
        return dealt(self.session.view, getattr(self.host, "table", None))

    async def do_open(self, rest: str) -> None:
        from game.tui.screens.codex_pages import page
        from game.tui.screens.codex_text import text_lines

        place = words.number(rest)
        if place is None or place != int(place) or not 1 <= place <= len(self.found):
            self.say("screens.plain.codex-how" if not self.found else "screens.plain.open-how")
            return
        entry = self.found[int(place) - 1]
        self.write(text_lines(page(self.content, self.tongue, entry.kind, entry.id, met=self.met())))

    async def do_runs(self, rest: str) -> None:
        self.listed = list(self.host.list_runs())
        self.write(texts.runs(self.listed[:FOUND], self.tongue))
        self.say("screens.plain.runs-how")

    async def do_analyse(self, rest: str) -> None:
        """The game at hand, or runs of the list by their numbers; ``full`` computes more than the quick budget."""
        from game.tui.plain_analysis import analysed, asked

        files, budget = asked(rest, self.host, self.listed)
        if not files:
            self.say("screens.plain.analyse-how")
            return
        self.say("screens.plain.analysing")
        self.write(await analysed(self.content, self.bare_tongue, files, budget))

    async def do_continue(self, rest: str) -> None:
        if not self.listed:
            self.listed = list(self.host.list_runs())
        place = words.number(rest) if rest else 1.0
        if place is None or place != int(place) or not 1 <= place <= len(self.listed):
            self.say("screens.plain.runs-how" if self.listed else "ui.menu.nothing-to-continue")
            return
        entry = self.listed[int(place) - 1]
        await self.sit(lambda: open_run(self.host, entry.path))

    async def do_new(self, rest: str) -> None:
        from game.table.founding import Founding

        drafting = self.session is not None and self.session.levers and not self.session.over
        if drafting and not self.sure(self.tongue.say("ui.confirm.quit")):
            return
        chosen: dict[str, str] = {}
        tables: dict[str, Any] = {"scenario": self.content.scenarios, "background": self.content.backgrounds,
                  "difficulty": self.content.difficulties, "assume": self.content.assumptions}  # fmt: skip
        defaults = Founding()
        for field, table in tables.items():
            names = list(table)
            label = self.tongue.say(f"ui.founding.{'assumptions' if field == 'assume' else field}")
            first = getattr(defaults, field) if getattr(defaults, field) in names else names[0]
            if len(names) > 1:
                self.write(
                    [
                        label,
                        *(
                            f"{i}. {self.tongue.pick(table[n].name)}: {self.tongue.text(table[n].text)}"
                            for i, n in enumerate(names, 1)
                        ),
                    ]
                )
            chosen[field] = self.pick(label, names, first) if len(names) > 1 else first
        seed = self.read(self.tongue.say("screens.plain.seed"))
        name = self.read(self.tongue.say("screens.plain.name"))
        await self.sit(lambda: self.host.new_game(Founding(**chosen, seed=seed[:24], name=clean_text(name, 16))))

    def pick(self, label: str, names: list[str], first: str) -> str:
        """One of several by number or id; nothing typed takes the usual one."""
        while True:
            usual = names.index(first) + 1
            given = words.fold(
                self.read(self.tongue.say("screens.plain.pick", what=label, count=len(names), usual=usual))
            )
            if not given:
                return first
            if given in names:
                return given
            if given.isdecimal() and 1 <= int(given[:4]) <= len(names):
                return names[int(given) - 1]

    async def do_undo(self, rest: str) -> None:
        await self._again(rest, "undo", lambda quarter: self.host.undo(quarter))

    async def do_fork(self, rest: str) -> None:
        await self._again(rest, "fork", lambda quarter: self.host.fork(None, quarter))

    async def _again(self, rest: str, what: str, find: Callable[[int], Awaitable[Any]]) -> None:
        """Play again from a quarter: the last one, or the one given by its turn (1 is the first)."""
        view = self.playing.view
        done = view.quarter - view.first_quarter
        turn = words.number(rest) if rest else float(done)
        if not done:
            self.say("screens.plain.nothing-to-undo")
        elif turn is None or turn != int(turn) or not 1 <= turn <= done:
            self.say("screens.plain.which-turn", count=done)
        else:
            quarter = view.first_quarter + int(turn) - 1
            if self.sure(self.tongue.say(f"ui.confirm.{what}", quarter=quarter)):
                await self.sit(lambda: find(quarter))

    async def do_save(self, rest: str) -> None:
        save = getattr(self.host, "save", None)
        try:
            if save is not None:
                save()
        except RunError as error:
            self.write([self.tongue.message(error.message())])
            return
        self.say("screens.plain.saved")
