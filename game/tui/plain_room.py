"""A member's place as prompts and lines of text: for screen readers, pipes and scripts.

Everything that the plain game can show and set is here (`game.tui.plain`), and what is of a class beside it: ``room``,
``end`` to hand in, ``back`` to take that back, ``forecast``, ``reason``, ``pen``, ``role``, ``again`` to found again. News
of the room is written as it comes, between two prompts. What it lacks beside the screens: charts, and the draft of whoever
holds the pen as it moves (``show`` and ``levers`` read it when asked).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TextIO

from game.classroom import messages as m
from game.language import clean_text
from game.table.errors import DraftError
from game.table.wire import Message
from game.tui import plain_texts as texts
from game.tui import plain_words as words
from game.tui.plain import _Closed, _Plain
from game.tui.room_session import RoomSession
from game.tui.room_words import briefing, named, role_name, teams_at_work
from game.tui.screens.forecast import RECEIVER, TEAM, interval

if TYPE_CHECKING:
    from game.classroom.client import RoomSeat
    from game.content import Content
    from game.language import Tongue

COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "room": ("room", "房间"),
    "end": ("end", "close", "交", "结束", "结束本季"),
    "back": ("back", "withdraw", "撤回"),
    "forecast": ("forecast", "预测"),
    "reason": ("reason", "理由"),
    "pen": ("pen", "笔"),
    "role": ("role", "briefing", "角色"),
    "again": ("again", "重新入局"),
}
"""Commands of a class, each with the words it answers to; they come before the game's own."""
SHARED: Final = (
    "help", "show", "levers", "set", "reset", "card", "choose", "guidance", "futures", "bill", "report", "why", "market",
    "news", "codex", "open", "advice", "goals", "lang", "quit",
)  # fmt: skip
"""Commands of the game alone that a class has too."""
WRITING: Final = frozenset({"set", "reset", "choose", "guidance"})
"""Of these, those that move the team's draft."""
GONE: Final = ("debrief", "over")


async def play_room(
    seat: RoomSeat, content: Content, tongue: Tongue, stdin: TextIO, stdout: TextIO, *, back: bool = False
) -> None:
    """Play at a prompt until the input ends, somebody quits, or the room is over. ``back``: the place was kept here."""
    for stream in (stdin, stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    game = _Room(seat, content, tongue, stdin, stdout)
    try:
        await game.play(back)
    except _Closed:
        return


class _Room(_Plain):
    def __init__(self, seat: RoomSeat, content: Content, tongue: Tongue, stdin: TextIO, stdout: TextIO) -> None:
        super().__init__(None, content, tongue, stdin, stdout)
        self.seat = seat
        self.now: m.Now | None = None
        self.session: RoomSession | None = None
        self._told = -1
        self._seated = ""
        """The team whose books the session holds."""
        self._over = asyncio.Event()

    # the loop ---------------------------------------------------------------------------------------------------------
    async def play(self, back: bool) -> None:
        """See `play_room`."""
        await self._take(await self.seat.present(), first=True)
        self.say("class.seat.plain.welcome-back" if back else "class.seat.plain.welcome")
        await self.do_room("")
        news = asyncio.create_task(self._follow(), name="news of the room")
        over = asyncio.create_task(self._over.wait(), name="end of the room")
        try:
            while not self._over.is_set():
                line = self._typed()
                await asyncio.wait({line, over}, return_when=asyncio.FIRST_COMPLETED)
                if not line.done():
                    return  # the room is over; the line that is waited for goes nowhere
                typed = line.result()
                if typed and await self.obey(typed):
                    return
        finally:
            news.cancel()
            over.cancel()
            await asyncio.gather(news, over, return_exceptions=True)

    def _typed(self) -> asyncio.Future[str]:
        """The next line, read on a thread that nobody waits for at the end."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[str] = loop.create_future()

        def done(line: str | None) -> None:
            if future.done():
                return
            if line is None:
                future.set_exception(_Closed())
            else:
                future.set_result(line)

        def read() -> None:
            try:
                line: str | None = self.read(self.prompt())
            except _Closed:
                line = None
            with contextlib.suppress(RuntimeError):  # the loop may have gone
                loop.call_soon_threadsafe(done, line)

        threading.Thread(target=read, name="what is typed", daemon=True).start()
        return future

    def prompt(self) -> str:
        """What stands before the cursor."""
        if self.session is None:
            return self.tongue.say("class.seat.plain.ask")
        return self.tongue.say("ui.plain.prompt", quarter=self.session.view.quarter)

    async def _follow(self) -> None:
        async for push in self.seat.pushes():
            if isinstance(push, m.Gone):
                break
            await self._take(push)
        self._over.set()

    async def _take(self, now: m.Now, *, first: bool = False) -> None:
        """The room has changed: say what is new."""
        now = named(now, self.tongue)
        before, self.now = self.now, now
        turned = before is None or (before.round, before.quarter, before.ended, before.dealt, before.firm, before.team) != (
            now.round, now.quarter, now.ended, now.dealt, now.firm, now.team
        )  # fmt: skip
        if (turned and now.phase != "lobby") or (self.session is None and now.phase != "lobby"):
            await self._look(now)
        session = self.session
        if session is not None:
            session.names = now.names
            session.writable = now.pen and not now.decided and not now.receiver and now.phase == "open"
            mine = before is not None and before.pen and now.pen and before.quarter == now.quarter
            if not mine or now.decided:
                draft = now.draft if now.draft is not None and now.draft.quarter == session.view.quarter else None
                session.take(draft)
        if not first and before is not None:
            self.write(self._news(before, now))

    async def _look(self, now: m.Now) -> None:
        try:
            view = await self.seat.view()
            if self.session is None:
                self.session = RoomSession(self.seat, view, await self.seat.last_report(), now.names)
            elif view.quarter != self.session.view.quarter or view.ended != self.session.view.ended or self._seated != now.team:
                self.session.turn(view, await self.seat.last_report())
            else:
                self.session.look_anew(view)
        except DraftError:
            return
        self._seated = now.team

    def _news(self, before: m.Now, now: m.Now) -> Iterator[str]:
        say = self.tongue.say
        for told in now.told:
            if told.number > max((t.number for t in before.told), default=-1):
                colon = "：" if self.tongue.lang == "zh" else ": "
                yield f"{say('class.seat.teacher')}{colon}{told.text}"
        for card in now.dealt:
            if card not in before.dealt:
                yield say("class.seat.dealt", title=self.tongue.card(card).title)
        if now.stood_in and (now.stood_in, now.quarter) != (before.stood_in, before.quarter):
            yield say(f"class.seat.stood-in.{now.stood_in}")
        if (now.round, now.quarter) != (before.round, before.quarter) or now.ended != before.ended:
            yield say("class.seat.plain.closed")
        if now.phase == "open" and (before.phase != "open" or before.quarter != now.quarter):
            yield say("class.seat.opened", quarter=now.quarter)
            if now.left is not None:
                yield say("class.seat.plain.left", seconds=round(now.left))
        if now.paused != before.paused:
            yield say("class.seat.paused" if now.paused else "class.seat.goes-on")
        if now.pen != before.pen:
            yield say("class.seat.pen-mine" if now.pen else "class.seat.pen-gone")
        if now.decided and not before.decided:
            yield say("class.seat.plain.handed-in")
        if before.decided and not now.decided and now.quarter == before.quarter:
            yield say("class.seat.plain.taken-back")
        if now.receiver and not before.receiver:
            yield say("class.seat.state.receiver")
        if now.phase in GONE and before.phase not in GONE:
            yield say(f"class.seat.state.{now.phase}")
        if now.notice is not None and now.notice != before.notice:
            yield self.tongue.message(now.notice)

    # commands ---------------------------------------------------------------------------------------------------------
    async def obey(self, line: str) -> bool:
        """Do what a line says; True to leave."""
        head, _, rest = line.partition(" ")
        folded = words.fold(head)
        own = next((name for name, spoken in COMMANDS.items() if folded in spoken), "")
        if own:
            await getattr(self, f"do_{own}")(rest.strip())
            return False
        name = words.command(head) if not head.isdecimal() else ""
        if name and name not in SHARED:
            self.puzzled(head)
            return False
        if self.session is None and name not in ("help", "codex", "open", "lang", "quit"):
            self.say("class.seat.state.lobby")
            return False
        if name == "help":
            await self.do_help("")
            return False
        if name in WRITING or not name:
            return await self._write(line)
        return await super().obey(line)

    async def _write(self, line: str) -> bool:
        """A line that may move the draft: only who holds the pen may, and then the room keeps it."""
        session = self.session
        assert session is not None
        if not session.writable:
            lever, given = words.find_lever(self.content, self.levers, line)
            if words.command(line.partition(" ")[0]) or (lever and given):
                self.write([self._no_pen()])
                return False
        before = dict(session.levers)
        leave = await super().obey(line)
        if session.levers != before:
            await self._ask(m.Save(session.draft()))
        return leave

    def _no_pen(self) -> str:
        now, say = self.now, self.tongue.say
        holder = next((mate.name for mate in now.mates if mate.pen and mate.id != now.member), "") if now is not None else ""
        if now is not None and now.decided:
            return say("class.seat.decided-already")
        if now is not None and now.phase != "open":
            return say("class.seat.not-open")
        return say("class.seat.pen-of", name=holder) if holder else say("class.seat.no-pen")

    async def _ask(self, request: m.Request) -> bool:
        """Ask the room; what it refuses is said."""
        try:
            answer = await self.seat.link.ask(request)
        except ConnectionError:
            self.say("class.seat.unreached")
            return False
        self.write(self.tongue.message(fault) for fault in answer.faults)
        return not answer.faults

    async def do_help(self, rest: str) -> None:
        lang = self.tongue.lang

        def spoken(all_words: Iterable[str]) -> str:
            mine = [w for w in all_words if w.isascii() == (lang == "en")]
            return (mine or list(all_words))[0]

        for name, known in COMMANDS.items():
            self.write([f"{spoken(known)}: {self.tongue.say(f'class.seat.plain.help.{name}')}"])
        for name in SHARED:
            self.write([f"{spoken(words.COMMANDS[name])}: {self.tongue.say(f'screens.plain.help.{name}')}"])

    async def do_room(self, rest: str) -> None:
        """What is going on: the state, the team, the others, what the teacher said."""
        now, say, tongue = self.now, self.tongue.say, self.tongue
        if now is None:
            return
        state = now.phase if now.phase in ("lobby", "closing", "between", *GONE) else "paused" if now.paused else (
            "receiver" if now.receiver else "ended" if now.ended else "decided" if now.decided else "open"
        )  # fmt: skip
        done = sum(rival.decided for rival in now.rivals) + now.decided
        self.write([say(f"class.seat.state.{state}", quarter=now.quarter, done=done, teams=teams_at_work(now))])
        if now.left is not None:
            self.say("class.seat.plain.left", seconds=round(now.left))
        comma = "，" if tongue.lang == "zh" else ", "
        for mate in now.mates:
            facts = [mate.name + (say("class.seat.you") if mate.id == now.member else "")]
            facts += [role_name(self.content, tongue, mate.role)] if mate.role else []
            facts += [say("class.seat.mark.pen")] if mate.pen else []
            facts += [say("class.seat.away")] if not mate.here else []
            facts += [say(f"class.seat.plain.has-{what}") for what in ("forecast", "reason") if getattr(mate, what)]
            self.write([f"- {comma.join(facts)}"])
        colon = "：" if tongue.lang == "zh" else ": "
        teams = [
            (f"{r.rank}. " if r.rank is not None else "") + r.name
            + self._aside("decided" if r.decided else "" if r.here else "nobody") for r in now.rivals
        ]  # fmt: skip
        if teams:
            self.write([f"{say('class.seat.teams')}{colon}{comma.join(teams)}"])
        if now.terms is not None:
            self.say("class.seat.terms", key="again", cash=now.terms.cash, share=now.terms.founders_share,
                     capability=100 * now.terms.capability)  # fmt: skip
        if now.phase == "open" and not (now.forecast and (now.reason or now.receiver)):
            self.say("class.seat.plain.due")
        self.write(f"{say('class.seat.teacher')}{colon}{told.text}" for told in now.told[-3:])
        if now.seed:
            self.say("class.seat.seed", seed=now.seed)

    def _aside(self, mark: str) -> str:
        """A mark of a team in brackets, nothing for none."""
        if not mark:
            return ""
        said = self.tongue.say(f"class.seat.mark.{mark}")
        return f"（{said}）" if self.tongue.lang == "zh" else f" ({said})"

    async def do_end(self, rest: str) -> None:
        """Hand the decision in."""
        session = self.session
        if session is None or not session.writable:
            self.write([self._no_pen()])
            return
        self.write(texts.pending(session, self.tongue))
        preview = await session.preview()
        self.write(texts.bill(preview, self.tongue))
        if preview.errors:
            self.say("screens.plain.mend")
        elif words.fold(rest) in words.YES or self.sure(self.tongue.say("ui.confirm.close", quarter=session.view.quarter)):
            await self._ask(m.Decide(session.draft()))
        else:
            self.say("screens.plain.not-closed")

    async def do_back(self, rest: str) -> None:
        """Take the decision back."""
        await self._ask(m.Reconsider())

    async def do_forecast(self, rest: str) -> None:
        """``forecast cash 1.2亿 2亿``, or of a receiver ``forecast 2.5 3.5``."""
        now, session = self.now, self.session
        if now is None or session is None:
            self.say("class.seat.not-open")
            return
        asked = RECEIVER if now.receiver else TEAM
        head, _, tail = rest.partition(" ")
        names = {"cash": ("cash", "现金"), "revenue": ("revenue", "收入"), "price": ("price", "价格", "中位价")}
        what = next((name for name in asked if words.fold(head) in names[name]), "")
        ends = interval(tail if what else rest)
        if ends is None or (not what and len(asked) > 1):
            self.say("class.seat.plain.forecast-price" if now.receiver else "class.seat.plain.forecast-how")
            return
        if await self._ask(m.Guess(session.view.quarter, what or asked[0], *ends)):  # type: ignore[arg-type]
            self.say("class.seat.forecast.done")

    async def do_reason(self, rest: str) -> None:
        """``reason WHY``."""
        if self.session is None or not rest:
            self.say("class.seat.plain.reason-how")
        elif await self._ask(m.Argue(self.session.view.quarter, clean_text(rest, m.MAX_TEXT))):
            self.say("class.seat.forecast.done")

    async def do_pen(self, rest: str) -> None:
        """Take the pen, or hand it to a mate by name."""
        now = self.now
        if now is None:
            return
        mates = {words.fold(mate.name): mate.id for mate in now.mates if mate.id != now.member}
        if not rest and now.pen:
            self.say("class.seat.plain.pen-how")
        elif rest and words.fold(rest) not in mates:
            self.write([self.tongue.message(Message("class.seat.plain.no-mate", {"name": rest}))])
        else:
            await self._ask(m.Pen(mates[words.fold(rest)] if rest else ""))

    async def do_role(self, rest: str) -> None:
        """The member's briefing."""
        try:
            self.write(briefing(self.content, self.tongue, await self.seat.briefing()))
        except DraftError as error:
            self.write(self.tongue.message(fault) for fault in error.messages)

    async def do_again(self, rest: str) -> None:
        """Found again."""
        if self.now is None or self.now.terms is None:
            self.say("class.seat.plain.no-second")
        elif words.fold(rest) in words.YES or self.sure(self.tongue.say("class.seat.confirm-re-enter")):
            await self._ask(m.Reenter())
