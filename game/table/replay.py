"""Playing a record again: in a blink, or with everything recomputed that can be.

A checksum says that a file is as it was written. That it was *played* as written only `replay` with ``check`` says:
every policy's decisions and every state are computed again. That nobody tried the same luck before, no file can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from game.table import outside
from game.table.contract import HUMAN, Market, State
from game.table.errors import Damaged, Foreign
from game.table.heads import check_content, deck_of, digest_of
from game.table.lines import Levers, Quarter, unpack_state
from game.table.runfile import RunFile, same_value


@dataclass(frozen=True)
class Difference:
    """The first thing that came out otherwise; nothing after it is believed.

    ``what`` is one of ``start`` (the run does not begin as its head says), ``outside`` (something was done to it that
    could not be done), ``decisions`` (a policy, or default management for absent people, decides otherwise),
    ``levers`` (a person's decisions are none that could be submitted), ``cards``, ``state``, ``numbers``, ``ending``,
    ``torn`` (a save was cut short) and ``content`` (the record holds what these rules do not know).
    """

    line: int
    quarter: int
    what: str
    firm: int | None = None

    def __str__(self) -> str:
        firm = "" if self.firm is None else f" of firm {self.firm}"
        return f"line {self.line}: {self.what}{firm} in quarter {self.quarter} cannot be reproduced"


@dataclass(frozen=True)
class Replay:
    """A record played again."""

    states: tuple[State, ...]
    """State before the first quarter played again and after each."""
    since: int
    """Quarters before it, played by other rules and taken from the record as they stand."""
    difference: Difference | None = None
    checked: bool = False

    @property
    def believed(self) -> int:
        """Quarters of the record that were reproduced."""
        return len(self.states) - 1


def replay(market: Market, run: RunFile, check: bool = False) -> Replay:
    """The run's decisions played again.

    With ``check`` every policy decides again and every state, number and ending is compared with the record. Quarters
    played by other rules than ``market``'s are left out (``since``). Raises `Foreign` for a run of another market.
    """
    check_content(market, run)
    since = _since(market, run)
    if check and not _headed(market, run):
        return Replay((), since, Difference(1, run.head.first, "start"), check)
    if run.head.first != market.first:
        raise Foreign(run.path.name, "scenario", run.head.scenario)
    try:
        state = _start(market, run, since)
    except (ValueError, Damaged):
        return Replay((), since, Difference(run.line_of(since), run.head.first + since, "content"), check)
    states = [state]
    people = [f for f, who in enumerate(run.head.seats) if who == HUMAN]
    for played in range(since, len(run.quarters)):
        line, decisions = run.quarters[played], run.decisions(played)
        what, firm = "", None
        try:
            state = outside.opened(market, run.head, state, line.quarter)
            if check and outside.problem(market, state, line.outside, people, outside.refounded(run.quarters[:played])):
                what = "outside"
            else:
                state = outside.acted(market, state, line.outside)
            if check and not what:
                what, firm = _inputs(market, run, state, line, decisions)
            after, _ = market.play(state, decisions)
        except (KeyError, ValueError):
            what = what or "content"
        if not what and check:
            what, firm = _outcome(market, run, line, after)
        if what:
            fault = Difference(run.line_of(played + 1), line.quarter, what, firm)
            return Replay(tuple(states), since, fault, check)
        state = after
        states.append(state)
    return Replay(tuple(states), since, _closing(market, run, state) if check else None, check)


def _since(market: Market, run: RunFile) -> int:
    """Quarters at the front that other rules played; all where the last rules are others."""
    if run.digest != market.digest:
        return len(run.quarters)
    return run.rules[-1][0] if run.rules else 0


def _start(market: Market, run: RunFile, since: int) -> State:
    if not since:
        return outside.begin(market, run.head)
    return market.unpack(run.state(since), deck_of(run, since))


def _headed(market: Market, run: RunFile) -> bool:
    """Whether the head says what these rules say; of other rules only the luck can be told."""
    head = run.head
    if head.seed != market.seed(head.seed_text):
        return False
    if head.digest == market.digest and not all(
        market.first <= quarter < market.first + market.quarters and card in market.dealable
        for quarter, cards in head.planned.items() for card in cards
    ):  # fmt: skip
        return False
    return head.digest != market.digest or (
        (head.first, head.quarters, head.levers, head.deck)
        == (market.first, market.quarters, market.levers, market.deck)
    )  # fmt: skip


def _shown(run: RunFile) -> set[int]:
    """Firms whose numbers a run keeps."""
    return {f for f, who in enumerate(run.head.seats) if who == HUMAN} or {run.head.firm}


def _inputs(
    market: Market, run: RunFile, state: State, line: Quarter, decisions: Sequence[Levers]
) -> tuple[str, int | None]:
    """What was decided: by policies as they would, by people as they could, with the cards that lay there."""
    seats = run.head.seats
    for what, given in (("levers", line.drafts), ("cards", line.cards), ("levers", line.reasons)):
        for firm in given:
            if not 0 <= firm < len(seats) or seats[firm] != HUMAN:
                return what, firm
    for firm, levers in market.decide(state, {f: who for f, who in enumerate(seats) if who != HUMAN}).items():
        if not _same(levers, decisions[firm]):
            return "decisions", firm
    absent = outside.absent(line.outside)
    for firm, levers in outside.managed(market, state, absent).items():
        if firm in line.drafts or not _same(levers, decisions[firm]):
            return "decisions", firm
    for firm in (f for f, who in enumerate(seats) if who == HUMAN):
        if firm not in absent and not _possible(market, state, firm, line, decisions[firm]):
            return "levers", firm
        if line.cards.get(firm, "") != market.card(state, firm):
            return "cards", firm
    return "", None


def _possible(market: Market, state: State, firm: int, line: Quarter, levers: Levers) -> bool:
    """Whether a person could have decided this by what was moved."""
    moved = line.drafts.get(firm)
    if moved is not None and (not market.active(state, firm) or market.faults(state, firm, moved)):
        return False
    return _same(market.complete(state, firm, moved or {}), levers)


def _outcome(market: Market, run: RunFile, line: Quarter, after: State) -> tuple[str, int | None]:
    packed = market.pack(after)
    try:
        if digest_of(packed) != line.digest or unpack_state(line.state) != packed:
            return "state", None
    except ValueError:
        return "state", None
    if line.rows.keys() != _shown(run):
        return "numbers", None
    for firm, row in line.rows.items():
        if market.row(after, firm) != row:
            return "numbers", firm
    return "", None


def _closing(market: Market, run: RunFile, state: State) -> Difference | None:
    """The last line, and that nothing torn follows it."""
    quarter = run.head.first + len(run.quarters) - 1
    if run.end and run.digest == market.digest:
        if run.end.endings.keys() != _shown(run) or run.end.rows.keys() != _shown(run):
            return Difference(len(run.lines), quarter, "ending")
        final = len(run.quarters) >= run.head.quarters
        for firm, ending in run.end.endings.items():
            if market.ending(state, firm, final) != ending or run.end.rows.get(firm) != market.row(state, firm):
                return Difference(len(run.lines), quarter, "ending", firm)
    if run.torn:
        return Difference(len(run.lines) + 1, quarter, "torn")
    return None


def _same(a: Levers, b: Levers) -> bool:
    return a.keys() == b.keys() and all(same_value(a[k], b[k]) for k in a)
