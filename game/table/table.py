"""One game being played: who decides, whose turn it is, what is on record.

A table knows the market only through a `Market`; it holds every state as packed bytes, so that undo, fork and reports
of past quarters are exact and cheap. Nothing here is asynchronous or knows a screen; `game.table.seat` is the door
for those.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from game.engine.names import quarter_label
from game.table import outside
from game.table.contract import HUMAN, Market, State, Terms
from game.table.errors import Damaged, DraftError, Foreign, RunError, UndoForbidden
from game.table.heads import check_content, deck_of, digest_of, new_head
from game.table.lines import (
    FORBIDDEN,
    MARKED,
    PLAIN,
    Dealt,
    End,
    FoundAgain,
    Head,
    Levers,
    Managed,
    Outside,
    Parent,
    Quarter,
    Reason,
    Rules,
    hash_reason,
    keepable,
    pack_state,
)
from game.table.runfile import RunFile, changed_levers
from game.table.wire import Changes, Draft, Explanation, Fans, Message, Preview, Report, Row, SeatView
from game.table.writer import RunWriter, fork_run


class Table:
    """A game in progress. Made by `new` or `resume`, never directly; `close` it to let others write its file."""

    def __init__(self, market: Market, head: Head, record: RunWriter, salt: Callable[[], str]) -> None:
        self.market, self.head, self.record = market, head, record
        self._salt = salt
        self._packed: list[bytes] = []
        self._decisions: list[Sequence[Levers]] = []
        """Of quarters played by the rules at hand, aligned to the end of the game so far."""
        self._done: list[Sequence[Outside]] = []
        """What was done from outside in every quarter played."""
        self._acts: list[Outside] = []
        """The same in the quarter at hand."""
        self._managed: set[int] = set()
        """Absent firms for which default management decides this quarter."""
        self._rows: dict[int, list[Row]] = {}
        self._state: State = None
        self._drafts: dict[int, Draft | None] = {}
        """What people submitted; None for those whose levers are left standing."""
        self._others: dict[int, Levers] = {}
        self._deciding = threading.Lock()
        self._endings: dict[int, str] = {}

    @classmethod
    def new(
        cls, market: Market, seats: Mapping[int, str], *, firm: int = 0, seed: str = "", created: str = "",
        path: Path | None = None, player: str = "", salt: Callable[[], str] = lambda: secrets.token_hex(16),
        planned: Mapping[int, Sequence[str]] = {}, assignment: str = "", undo: str = MARKED, opening: bytes = b"",
        parents: Sequence[Parent] = (), to_the_end: bool = False,
    ) -> Self:  # fmt: skip
        """A new game. ``seats`` names who decides for each firm (``human`` or a policy); ``seed`` is text as typed.

        ``planned`` names cards that are dealt to every firm when a quarter (counted from 2023 Q1) opens; ``undo`` is
        ``marked`` or ``forbidden``. ``opening`` is a state as `game.table.lines.pack_state` gives it, to begin in instead
        of the scenario's first day, ``parents`` the runs that its firms come from. With ``to_the_end`` all quarters are
        played even if no firm that people run still trades, and what is done from outside while a quarter is open
        (`deal`, `found_again`, `manage`) is allowed: a room is such a table.

        Raises `LockedError` if ``path`` is being written by another; a disk that takes nothing shows in ``trouble``.
        Raises ValueError for seats without a firm, and for planned cards that cannot be dealt or in no quarter of it.
        """
        head = new_head(
            market, seats, firm=firm, seed=seed, created=created, player=player, planned=planned, assignment=assignment,
            undo=undo, opening=opening, parents=parents, to_the_end=to_the_end,
        )  # fmt: skip
        state = outside.begin(market, head)  # before anything is written: an opening may be no state of these rules
        table = cls(market, head, RunWriter.create(path, head), salt)
        table._begin(state)
        table._enter(state)
        table._judge()  # an opening may hold firms that have ended
        return table

    @classmethod
    def resume(
        cls, market: Market, path: Path | RunFile, *, salt: Callable[[], str] = lambda: secrets.token_hex(16)
    ) -> Self:
        """Go on with a run from its last state.

        Raises what `RunWriter.open` raises, and `Foreign` where ``market`` cannot go on with it. A run of other rules
        goes on by those at hand and is marked. Given a `RunFile` instead of a path, nothing is written anywhere.
        """
        if isinstance(path, RunFile):
            record, run = RunWriter.of(path), path
        else:
            record, run = RunWriter.open(path)
        try:
            return cls._resume(market, record, run, salt)
        except BaseException:
            record.close()
            raise

    @classmethod
    def _resume(cls, market: Market, record: RunWriter, run: RunFile, salt: Callable[[], str]) -> Self:
        check_content(market, run)
        if run.head.first != market.first:
            raise Foreign(run.path.name, "scenario", run.head.scenario)
        table = cls(market, run.head, record, salt)
        same = run.digest == market.digest
        try:
            table._begin(outside.begin(market, run.head), opening=run.head.digest == market.digest)
        except ValueError as error:
            if not same:
                raise Foreign(run.path.name, "rules", run.head.rules) from error
            raise Damaged(run.path.name, 1, "state") from error
        table._packed = [table._packed[0], *(run.state(n + 1) for n in range(len(run.quarters)))]
        # only what the present rules played can be played again for a report
        since = (run.rules[-1][0] if run.rules else 0) if same else len(run.quarters)
        table._decisions = [run.decisions(n) for n in range(since, len(run.quarters))]
        table._done = [quarter.outside for quarter in run.quarters]
        for quarter in run.quarters:
            for firm, row in quarter.rows.items():
                table._rows.setdefault(firm, []).append(row)
        try:
            if since:  # the state that these rules take over counts its cards as its own rules did
                table._packed[since] = market.pack(market.unpack(table._packed[since], deck_of(run, since)))
            table._enter(market.unpack(table._packed[-1], market.deck))
        except ValueError as error:
            if not same:
                version = run.rules[-1][1].rules if run.rules else run.head.rules
                raise Foreign(run.path.name, "rules", version) from error
            raise Damaged(run.path.name, run.line_of(len(run.quarters)), "state") from error
        if run.end:
            table._endings = dict(run.end.endings)
        elif not same:
            record.change_rules(Rules(market.program, market.rules, market.digest, market.overlays, market.deck))
            record.notices.append(Message("run.older-rules", {"file": run.path.name}))
        if not run.end:
            table._judge()
        return table

    def _begin(self, state: State, opening: bool = True) -> None:
        self._packed = [self.market.pack(state)]
        if opening:
            self._rows = {f: [self.market.row(state, f)] for f in self.shown}

    def _enter(self, state: State) -> None:
        """Open the quarter that follows ``state``: its planned cards are dealt, nothing else was done to it yet."""
        self._drafts, self._others, self._acts, self._managed = {}, {}, [], set()
        self._state = state if self.record.ended else outside.opened(self.market, self.head, state, self.quarter)

    # who and when

    @property
    def humans(self) -> list[int]:
        """Firms that people run."""
        return [f for f, who in enumerate(self.head.seats) if who == HUMAN]

    @property
    def shown(self) -> list[int]:
        """Firms whose headline numbers are kept."""
        return self.humans or [self.head.firm]

    @property
    def played(self) -> int:
        """Quarters played."""
        return len(self._packed) - 1

    @property
    def quarter(self) -> int:
        """Index of the quarter being decided, from 2023 Q1 (one past the last when all are played)."""
        return self.head.first + self.played

    @property
    def over(self) -> bool:
        """Whether nothing is left to decide."""
        return self.record.ended or self.played >= self.head.quarters or (
            not self.head.to_the_end and bool(self.humans) and all(f in self._endings for f in self.humans)
        )  # fmt: skip

    @property
    def waiting(self) -> list[int]:
        """Firms whose people have not decided yet."""
        if self.over:
            return []
        decided = self._drafts.keys() | self._managed
        return [f for f in self.humans if f not in decided and self.market.active(self._state, f)]

    @property
    def trouble(self) -> RunError | None:
        """Why the last quarter is not on disk, or None."""
        return self.record.trouble

    def unsaved(self) -> int:
        """Quarters that are not on disk, after one more try to bring them there."""
        if self.record.unsaved:
            self._put(self.record.save)
        return self.record.unsaved

    @property
    def notices(self) -> list[Message]:
        """What a person should be told about the run's file: a tail set aside, older rules."""
        return list(self.record.notices)

    @property
    def state(self) -> State:
        """State at hand; for the market, the adviser and the analysis, never for a screen."""
        return self._state

    def ending(self, firm: int) -> str:
        """Id of the ending of a firm, or empty."""
        return self._endings.get(firm, "")

    def history(self, firm: int) -> list[Row]:
        """Headline numbers of a firm that people run, the opening first."""
        return list(self._rows.get(firm, []))

    def last_living(self, firm: int) -> State:
        """State at the end of the last quarter in which a firm still traded; the opening if it never did."""
        for packed in reversed(self._packed[1:]):
            state = self.market.unpack(packed, self.market.deck)
            if self.market.active(state, firm):
                return state
        return self.market.unpack(self._packed[0], self.market.deck)

    def past(self, played: int) -> tuple[State, Sequence[Levers]]:
        """State from which the quarter after ``played`` quarters was played, and what was decided in it.

        Raises LookupError where other rules played that quarter.
        """
        place = played - (self.played - len(self._decisions))
        if not 0 <= place < len(self._decisions):
            raise LookupError(f"quarter {played} was not played by these rules")
        state = self.market.unpack(self._packed[played], self.market.deck)
        state = outside.opened(self.market, self.head, state, self.head.first + played)
        return outside.acted(self.market, state, self._done[played]), self._decisions[place]

    def done(self, played: int | None = None) -> list[Outside]:
        """What was done from outside after ``played`` quarters (by default in the quarter at hand), in order; cards
        that were planned are not among it (see `dealt`)."""
        if played is None or played == self.played:
            return [*self._acts, *(Managed(f) for f in sorted(self._managed))]
        return list(self._done[played])

    def dealt(self, played: int | None = None) -> list[str]:
        """Cards dealt to every firm after ``played`` quarters (by default in the quarter at hand), planned ones first."""
        played = self.played if played is None else played
        live = [act.card for act in self.done(played) if isinstance(act, Dealt)]
        return [*self.head.planned.get(self.head.first + played, []), *live]

    def decided(self, firm: int) -> list[tuple[int, Levers]]:
        """Quarter and every lever of a firm, of all quarters that these rules played, in order."""
        since = self.quarter - len(self._decisions)
        return [(since + n, decisions[firm]) for n, decisions in enumerate(self._decisions)]

    # one quarter

    def submit(self, firm: int, draft: Draft) -> None:
        """What a person decides; again before the quarter is played replaces it.

        Raises `DraftError` with every fault of the draft.
        """
        if firm not in self.humans:
            raise DraftError([Message("draft.no-seat", {"firm": firm})])
        if self.over or self._endings.get(firm):
            raise DraftError([Message("draft.over")])
        if draft.quarter != self.quarter:
            raise DraftError([Message("draft.other-quarter", {"given": draft.quarter, "quarter": self.quarter})])
        if faults := self.market.faults(self._state, firm, draft.levers):
            raise DraftError(faults)
        self._drafts[firm] = draft
        self._managed.discard(firm)

    def withdraw(self, firm: int) -> None:
        """Take a submitted draft, or what was decided in its stead, back while the quarter is still open."""
        self._drafts.pop(firm, None)
        self._managed.discard(firm)

    # from outside (at tables founded with ``to_the_end``, or of the newer format for another reason)

    def deal(self, card: str) -> None:
        """Deal a card to every firm, now. Raises `DraftError` once somebody has decided, or for a card that cannot."""
        self._need_open()
        if self._drafts or self._managed:
            raise DraftError([Message("draft.deal-late")])
        if card not in self.market.dealable:
            raise DraftError([Message("draft.not-dealable", {"card": card})])
        self._act(Dealt(card))

    def may_found_again(self, firm: int) -> bool:
        """Whether the people of a firm may found again now: it has ended, and they have not done so before."""
        done = any(act == FoundAgain(firm) for acts in (*self._done, self._acts) for act in acts)
        able = self.head.format != PLAIN and firm in self.humans and not self.over and not done
        return able and self.market.may_found_again(self._state, firm)

    def reentry_terms(self, firm: int) -> Terms | None:
        """On what the people of a firm may found again now; None where they may not."""
        return self.market.reentry_terms(self._state, firm) if self.may_found_again(firm) else None

    def found_again(self, firm: int) -> None:
        """Found a small firm in place of one that has ended, once. Raises `DraftError` where that may not be."""
        self._need_open()
        if not self.may_found_again(firm):
            raise DraftError([Message("draft.no-second-firm", {"firm": firm})])
        self._act(FoundAgain(firm))
        self._endings.pop(firm, None)

    def manage(self, firm: int) -> None:
        """Let default management decide for a firm whose people are absent this quarter; what they submit replaces it.

        Raises `DraftError` for a firm that nobody waits for.
        """
        self._need_open()
        if firm not in self.waiting:
            raise DraftError([Message("draft.no-seat", {"firm": firm})])
        self._managed.add(firm)

    def _need_open(self) -> None:
        if self.over:
            raise DraftError([Message("draft.over")])
        if self.head.format == PLAIN:
            raise DraftError([Message("draft.no-room")])

    def _act(self, act: Outside) -> None:
        with self._deciding:  # policies that were thinking decide again
            self._state = outside.acted(self.market, self._state, [act])
            self._acts.append(act)
            self._others = {}

    def stand_in(self) -> list[int]:
        """Leave every lever of those who have not decided where it stands; who they are."""
        missing = self.waiting
        self._drafts.update(dict.fromkeys(missing))
        return missing

    def prepare(self) -> None:
        """Let the policies decide now, while people think: they see the start of the quarter and nothing later."""
        with self._deciding:
            if not self._others and not self.over:
                policies = {f: who for f, who in enumerate(self.head.seats) if who != HUMAN}
                self._others = self.market.decide(self._state, policies)

    def rest(self) -> None:
        """Return once no policy is thinking on another thread (`prepare`): what is done from outside waits for that."""
        with self._deciding:
            pass

    def step(self) -> None:
        """Play the quarter and put it on record.

        Raises ValueError while someone has not decided. A disk that takes nothing raises nothing: ``trouble`` says so
        and the next quarter tries again.
        """
        if self.over:
            raise ValueError("the game is over")
        if self.waiting:
            raise ValueError(f"firms {self.waiting} have not decided")
        self.prepare()
        drafts = {f: draft for f, draft in sorted(self._drafts.items()) if draft}
        people = {
            f: self.market.complete(self._state, f, drafts[f].levers if f in drafts else {}) for f in self.humans
        }
        people.update(outside.managed(self.market, self._state, self._managed))
        done = self.done()
        decisions = [people[f] if f in people else self._others[f] for f in range(len(self.head.seats))]
        cards = {f: card for f in self.humans if (card := self.market.card(self._state, f))}
        after, _ = self.market.play(self._state, decisions)
        texts = {f: keepable(draft.reason) for f, draft in drafts.items()}
        reasons = [Reason(self.quarter, f, self._salt(), text) for f, text in texts.items() if text]
        packed = self.market.pack(after)
        line = Quarter(
            self.quarter, quarter_label(self.quarter),
            [changed_levers(d, b) for d, b in zip(decisions, self._decisions_before(), strict=True)],
            {f: dict(draft.levers) for f, draft in drafts.items()}, digest_of(packed),
            {f: self.market.row(after, f) for f in self.shown}, cards,
            {r.firm: hash_reason(r.salt, r.text) for r in reasons}, pack_state(packed), done,
        )  # fmt: skip
        self._put(lambda: self.record.append(line, reasons))
        self._packed.append(packed)
        self._decisions.append(decisions)
        self._done.append(done)
        self._enter(after)
        for firm in self.shown:
            self._rows.setdefault(firm, []).append(line.rows[firm])
        self._judge()
        if self.over:
            end = End(dict(self._endings), {f: self._rows[f][-1] for f in self.shown})
            self._put(lambda: self.record.finish(end))

    @staticmethod
    def _put(save: Callable[[], None]) -> None:
        with contextlib.suppress(RunError):  # kept in `trouble`, and tried again with the next line
            save()

    def _decisions_before(self) -> Sequence[Levers]:
        if self._decisions:
            return self._decisions[-1]
        # the first quarter, and the first by other rules, whose levers need not be the same
        return [dict[str, float | None]() for _ in self.head.seats]

    def _judge(self) -> None:
        final = self.played >= self.head.quarters
        for firm in self.shown:
            if firm not in self._endings and (ending := self.market.ending(self._state, firm, final)):
                self._endings[firm] = ending

    # other games from this one

    def undo(self, quarter: int, *, created: str = "", path: Path | None = None) -> Self:
        """A new game from the start of ``quarter`` under the same luck, marked as undone; this one stays as it is.

        Raises `UndoForbidden` where the game was founded so.
        """
        if self.head.undo == FORBIDDEN:
            raise UndoForbidden(self.record.path.name)
        return self._again(quarter, created, path, undone=True)

    def fork(self, quarter: int, *, created: str = "", path: Path | None = None) -> Self:
        """A new game from the start of ``quarter`` under the same luck, to try another way."""
        return self._again(quarter, created, path, undone=False)

    def _again(self, quarter: int, created: str, path: Path | None, undone: bool) -> Self:
        run = self.record.run()
        also = {self.quarter: [act.card for act in self._acts if isinstance(act, Dealt)]}
        record = fork_run(run, quarter - self.head.first, path, created, undone, also)
        try:
            return self._resume(self.market, record, record.run(), self._salt)
        except BaseException:
            record.close()
            raise

    # what a seat sees

    def view(self, firm: int) -> SeatView:
        """What a firm may know at the start of the quarter."""
        return self.market.view(self, firm)

    def preview(self, firm: int, draft: Draft) -> Preview:
        """What a draft would spend at once."""
        return self.market.preview(self, firm, draft.levers)

    def futures(self, firm: int, draft: Draft, pause: Callable[[], None] = lambda: None) -> Iterator[Fans]:
        """What may come of a draft, over more and more futures; nothing where nothing is left to decide."""
        if self.over or self._endings.get(firm) or draft.quarter != self.quarter:
            return iter(())
        return self.market.futures(self, firm, draft.levers, pause)

    def report(self, firm: int, played: int | None = None) -> Report | None:
        """What happened to a firm in a quarter (the last one), or None where these rules did not play it."""
        played = self.played - 1 if played is None else played
        try:
            return self.market.report(self, firm, played)
        except LookupError:
            return None

    def explain(self, firm: int, what: str, segment: str = "", played: int | None = None) -> Explanation | None:
        """Why a number of a quarter (the last one) is what it is; None where there is no such number, or where these rules
        did not play the quarter."""
        try:
            return self.market.explain(self, firm, what, segment, self.played - 1 if played is None else played)
        except LookupError:
            return None

    def changes(self, firm: int, played: int | None = None) -> Changes | None:
        """Every number of a quarter (the last one) that can be explained, or None where these rules did not play it."""
        try:
            return self.market.changes(self, firm, self.played - 1 if played is None else played)
        except LookupError:
            return None

    def close(self) -> None:
        """Let others write the run's file; what is not on disk yet is tried once more."""
        self.unsaved()
        self.record.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


__all__ = ["HUMAN", "Table", "check_content", "deck_of", "digest_of"]
