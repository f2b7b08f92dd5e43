"""Every call of the rules that a table makes: states and ledgers stay behind this door.

Levers cross it as dicts by name, with None where nothing is given (not-a-number in the arrays).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from game.content import Content
from game.content.digest import rules_digest
from game.content.schema import Condition as ContentCondition
from game.content.schema import Goal
from game.engine.draws import seed_array, seed_words
from game.engine.limits import WHOLE, bounds
from game.engine.names import DISTRESS, LEVER, LEVERS, SEGMENTS, SOURCES, STATUSES
from game.engine.outside import deal, dealable, found_again, may_found_again, reentry_terms
from game.engine.play import Ledger, play_quarter
from game.engine.quantities import holds
from game.engine.rules import RULES_VERSION, Condition, Rules
from game.engine.start import begin
from game.engine.state import State, pack, unpack
from game.engine.view import observe
from game.foresight.decide import NAMES, decide_all
from game.policies.default import Plan, manage
from game.table import endings, fans, market_past, reports, sight
from game.table.contract import Terms
from game.table.explain import Evidence, changes, explain, gather, revealed
from game.table.explain.sources import with_figures
from game.table.lines import Levers, Overlay
from game.table.market_history import MarketHistory
from game.table.wire import Changes, Explanation, Fans, Message, Preview, Report, Row, SeatView

if TYPE_CHECKING:
    from game.table.table import Table

ONCE: Final = ("finance.raise", "finance.borrow")
"""Levers that fall back to zero after the quarter: asking for money again is a decision of its own."""
GIVEN: Final = tuple(n for n in LEVERS if n.startswith(("guidance.", "card.", "distress.")))
"""Levers that stand at nothing: each quarter's guidance and answers are its own."""


class EngineMarket:
    """The market of a scenario; see `game.table.table.Market`."""

    def __init__(
        self, rules: Rules, content: Content, *, scenario: str, backgrounds: Sequence[str], difficulty: str,
        assume: str = "none", program: str = "0",
    ) -> None:  # fmt: skip
        self.source, self.content = rules, content
        self.program, self.rules, self.digest = program, str(RULES_VERSION), rules_digest(content, scenario)
        self.overlays = [Overlay(content.overlay.name, self.digest)] if content.overlay else []
        self.deck = [card.id for card in rules.cards]
        self.scenario, self.difficulty, self.assume = scenario, difficulty, assume
        self.backgrounds = list(backgrounds)
        self.background = " ".join(backgrounds)
        self.levers = "five" if rules.five else "all"
        self.firms = list(rules.names)
        self.first, self.quarters = rules.first, rules.quarters
        self.policies: Collection[str] = NAMES
        self.dealable: Collection[str] = dealable(rules)
        self._kept: tuple[weakref.ref[Table], tuple[int, int, bool], Evidence] | None = None
        """Evidence asked for last: several numbers of one quarter are opened one after the other."""
        self._again: tuple[tuple[weakref.ref[Table], int, tuple[State, State, Ledger]], ...] = ()
        """Quarters played again last, see `_played_again`."""
        self._ahead: dict[int, fans.Prospect] = {}
        """What all drafts of a seat have in common, by firm, of the quarter last asked about."""
        self.shown = frozenset(LEVERS)
        if rules.five:
            named = [v.id for v in content.levers.values() if v.five]
            self.shown = frozenset([*named, *(m for row in content.five.values() for m in row.moves), *GIVEN])

    # the game

    def seed(self, text: str) -> str:
        """Seed as 32 hex digits from what a person typed."""
        return "".join(f"{word:016x}" for word in seed_words(text))

    def begin(self, seed: str) -> State:
        """State on the first day."""
        return begin(self.source, seed_array([(int(seed[:16], 16), int(seed[16:], 16))]))

    def play(self, state: State, decisions: Sequence[Levers]) -> tuple[State, Ledger]:
        """State after a quarter, and its ledger. Raises KeyError for a lever that does not exist or is missing."""
        return play_quarter(self.source, state, array_of(decisions))

    def decide(self, state: State, seats: Mapping[int, str]) -> dict[int, Levers]:
        """Every lever of the firms that policies run."""
        names = tuple(seats.get(f, "default") for f in range(self.source.firms))
        skip = tuple(f for f in range(self.source.firms) if f not in seats)
        levers = decide_all(self.source, state, names, skip=skip)
        return {f: levers_of(levers[:, f, 0]) for f in seats}

    def standing(self, state: State, firm: int) -> Levers:
        """Levers of a firm as they stand at the start of a quarter."""
        levers = levers_of(state.levers[:, firm, 0])
        return {**levers, **dict.fromkeys(ONCE, 0.0), **dict.fromkeys(GIVEN)}

    def complete(self, state: State, firm: int, levers: Mapping[str, float]) -> Levers:
        """Every lever of a firm that a person runs: what was moved, else as it stands or as default management runs it.

        With five levers shown, default management gets the plan that those five describe.
        """
        wanted: Levers = {**self.standing(state, firm), **levers}
        if not self.source.five or not self.active(state, firm):
            return wanted
        view = observe(self.source, state, (firm,))
        now = array_of([wanted])
        first = LEVER["staff.developers"]
        people = now[first : first + len(SEGMENTS), 0].T[:, :, None].transpose(0, 1, 2)
        total = np.add.accumulate(people, axis=1)[:, -1:]
        habit = np.broadcast_to(self.source.traits.focus[[firm]], people.shape)
        focus = np.where(total > 0, people / np.where(total > 0, total, 1.0), habit)
        first = LEVER["compute.import"]
        machines = np.add.accumulate(now[first : first + len(SOURCES)], axis=0)[-1]
        plan = Plan(now[LEVER["route"]], now[LEVER["price.token"]], now[LEVER["research.budget"]], focus, machines)
        managed = levers_of(manage(self.source, view, plan)[:, 0, 0])
        return {**managed, **dict.fromkeys(GIVEN), **levers}

    def holds(self, state: State, firm: int, condition: ContentCondition | Goal) -> bool:
        """Whether a condition of content is true of a firm."""
        number = getattr(condition, "number", condition.value)  # goals know no names of routes
        rule = Condition(condition.what, condition.op, number, getattr(condition, "segment", ""))
        return bool(holds(self.source, state, (rule,), {})[firm, 0])

    def active(self, state: State, firm: int) -> bool:
        """Whether a firm still trades."""
        return bool(state.status[firm, 0] == 0)

    def ending(self, state: State, firm: int, final: bool) -> str:
        """How the game ended for a firm, empty while it goes on."""
        status = STATUSES[int(state.status[firm, 0])]
        if status != "active":
            return status
        return endings.surviving(self.source, state, firm) if final else ""

    def card(self, state: State, firm: int) -> str:
        """Id of the card before a firm, or empty."""
        index = int(state.card[firm, 0])
        return self.deck[index] if index >= 0 and self.active(state, firm) else ""

    def distressed(self, state: State, firm: int) -> bool:
        """Whether a firm has to answer the distress card."""
        return bool(state.distress[firm, 0]) and self.active(state, firm)

    # from outside

    def deal(self, state: State, card: str) -> State:
        """State with a card on the desk of every firm. Raises ValueError for one that is not in ``dealable``."""
        return deal(self.source, state, card)

    def may_found_again(self, state: State, firm: int) -> bool:
        """Whether a firm has ended in a way after which its people may found another."""
        return may_found_again(state, firm)

    def reentry_terms(self, state: State, firm: int) -> Terms:
        """What that new firm would begin with. Raises ValueError where it may not be founded."""
        t = reentry_terms(self.source, state, firm)
        return Terms(
            float(t.cash[0]), float(t.founders_share[0]), float(t.capability[0]), int(t.people[0]), float(t.machines[0])
        )

    def found_again(self, state: State, firm: int) -> State:
        """State with a small new firm in place of one that has ended. Raises ValueError where it may not."""
        return found_again(self.source, state, firm)

    # drafts

    def faults(self, state: State, firm: int, levers: Mapping[str, float]) -> list[Message]:
        """What is wrong with a draft, all of it."""
        low, high = bounds(self.source, state)
        locks = self.locks(state, firm)
        found: list[Message] = []
        for name, value in levers.items():
            row = LEVER.get(name)
            if row is None:
                found.append(Message("draft.unknown-lever", {"lever": name}))
            elif not np.isfinite(value):
                found.append(Message("draft.not-a-number", {"lever": name}))
            elif name in locks:
                found.append(Message("draft.locked", {"lever": name, "why": locks[name]}))
            elif name.endswith(".choice"):
                found += self._choice(state, firm, name, value)
            elif value < low[row, firm, 0]:
                found.append(Message("draft.too-low", {"lever": name, "low": float(low[row, firm, 0]), "value": value}))
            elif value > high[row, firm, 0]:
                most = float(high[row, firm, 0])
                found.append(Message("draft.too-high", {"lever": name, "high": most, "value": value}))
            elif row in WHOLE and value != round(value):
                found.append(Message("draft.not-whole", {"lever": name, "value": value}))
        if self.card(state, firm) and "card.choice" not in levers:
            found.append(Message("draft.card-first", {"card": self.card(state, firm)}))
        if self.distressed(state, firm) and "distress.choice" not in levers:
            found.append(Message("draft.distress-first"))
        return found

    def _choice(self, state: State, firm: int, name: str, value: float) -> list[Message]:
        ways = [True] * len(DISTRESS) if name == "distress.choice" else self.open_choices(state, firm)
        if value != round(value) or not 0 <= value < len(ways):
            return [Message("draft.choice", {"lever": name, "choice": value})]
        return [] if ways[int(value)] else [Message("draft.choice-closed", {"lever": name, "choice": value})]

    def open_choices(self, state: State, firm: int) -> list[bool]:
        """For each choice of the card before a firm, whether it may be taken."""
        choices = self.source.cards[int(state.card[firm, 0])].choices
        return [bool(holds(self.source, state, c.requires, {})[firm, 0]) for c in choices]

    def locks(self, state: State, firm: int) -> dict[str, str]:
        """Levers that cannot move now, with the id of the message that says why."""
        if not self.active(state, firm):
            return dict.fromkeys(LEVERS, "lock.finished")
        found = {name: "lock.scenario" for name in LEVERS if name not in self.shown}
        for v, segment in enumerate(SEGMENTS):
            if not self.source.segments[v, 0]:
                both = (f"staff.{segment}", f"knowledge.{segment}")
                found.update(dict.fromkeys([n for n in both if n in LEVER], "lock.segment-closed"))
        if not self.card(state, firm):
            found["card.choice"] = "lock.no-card"
        if not self.distressed(state, firm):
            found["distress.choice"] = "lock.no-distress"
        return found

    # the record

    def row(self, state: State, firm: int) -> Row:
        """Headline numbers of a firm at the end of the quarter before ``state``."""
        return sight.row(self.source, state, firm)

    def pack(self, state: State) -> bytes:
        """Bytes of a state."""
        return pack(state)

    def unpack(self, data: bytes, deck: Sequence[str]) -> State:
        """State from bytes in which cards are counted as in ``deck``.

        Cards that are gone are cleared from desks; new ones count as not seen. Raises ValueError where the bytes are
        no state of these rules.
        """
        state = unpack(data)
        if state.cash.shape[0] != self.source.firms or state.seen.shape[0] != len(deck):
            raise ValueError("state of another table")
        return state if list(deck) == self.deck else _recount(state, list(deck), self.deck)

    # seats

    def view(self, table: Table, firm: int) -> SeatView:
        """What a firm may know."""
        return sight.view(self, table, firm)

    def market_history(self, table: Table, firm: int) -> MarketHistory:
        """What was public in every past quarter that these rules can read, as a firm saw it then."""
        return market_past.history(self, table, firm)

    def report(self, table: Table, firm: int, played: int) -> Report:
        """What happened to a firm in a quarter. Raises LookupError where these rules did not play it."""
        before, after, ledger = self._played_again(table, played)
        evidence = gather(self.source, before, after, ledger, firm, self._evidence(table, firm, played - 1))
        return reports.report(self, before, after, ledger, evidence, firm)

    def evidence(self, table: Table, firm: int, played: int) -> Evidence:
        """What a firm knows of a quarter and of the one before; once the game is over also what was hidden in them.

        Raises LookupError where these rules did not play it.
        """
        kept, over = self._kept, table.over
        if kept is None or kept[0]() is not table or kept[1] != (firm, played, over):
            before, after, ledger = self._played_again(table, played)
            earlier = self._evidence(table, firm, played - 1, over=over)
            truth = revealed(self.source, before, firm) if over else None
            found = gather(self.source, before, after, ledger, firm, earlier, truth)
            kept = self._kept = (weakref.ref(table), (firm, played, over), found)
        return kept[2]

    def _evidence(self, table: Table, firm: int, played: int, *, over: bool = False) -> Evidence | None:
        """What a firm knows of one quarter alone; None where these rules did not play it."""
        if played < 0:
            return None
        try:
            before, after, ledger = self._played_again(table, played)
        except LookupError:
            return None
        truth = revealed(self.source, before, firm) if over else None
        return gather(self.source, before, after, ledger, firm, None, truth)

    def _played_again(self, table: Table, played: int) -> tuple[State, State, Ledger]:
        """State before a quarter, state after it, and its ledger. Raises LookupError where these rules did not play it.

        The last two asked for are kept: a report needs a quarter and the one before, and so does everybody's at a table.
        """
        for of, number, found in self._again:
            if of() is table and number == played:
                return found
        before, decisions = table.past(played)
        found = (before, *self.play(before, decisions))
        self._again = ((weakref.ref(table), played, found), *self._again[:1])
        return found

    def explain(self, table: Table, firm: int, what: str, segment: str, played: int) -> Explanation:
        """Why a number of a firm's quarter is what it is; see `game.table.explain`.

        Raises LookupError for a number that there is none of, or where these rules did not play the quarter.
        """
        told = explain(self.evidence(table, firm, played), what, segment, tuple(self.firms))
        return with_figures(told, self.content)

    def changes(self, table: Table, firm: int, played: int) -> Changes:
        """Every number of a firm's quarter that can be explained. Raises LookupError as `explain`."""
        return changes(self.evidence(table, firm, played))

    def preview(self, table: Table, firm: int, levers: Mapping[str, float]) -> Preview:
        """What a draft spends at once."""
        return reports.preview(self, table.state, firm, levers)

    def futures(
        self, table: Table, firm: int, levers: Mapping[str, float], pause: Callable[[], None] = lambda: None
    ) -> Iterator[Fans]:
        """What may come of a draft, over more and more futures. Faulty levers count as they stand."""
        state = table.state
        ahead = self._ahead.get(firm)
        if ahead is None or ahead.state is not state:
            ahead = self._ahead[firm] = fans.prospect(self, state, firm, tuple(table.head.seats))
        wrong = {m.args.get("lever") for m in self.faults(state, firm, levers)}
        return fans.fans(self, ahead, firm, {k: v for k, v in levers.items() if k not in wrong}, pause)


def array_of(decisions: Sequence[Levers]) -> np.ndarray:
    """(levers, F, 1) array from levers by name. Raises KeyError for a lever that is unknown or missing."""
    for levers in decisions:
        if len(levers) != len(LEVERS):
            raise KeyError(next(iter(levers.keys() ^ LEVER.keys()), ""))
    rows = [[levers[name] for levers in decisions] for name in LEVERS]
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64)[:, :, None]


def levers_of(values: np.ndarray) -> Levers:
    """Levers by name from an array (levers,)."""
    return {n: None if v != v else v for n, v in zip(LEVERS, values.tolist(), strict=True)}


def _recount(state: State, old: list[str], new: list[str]) -> State:
    place = [new.index(card) if card in new else -1 for card in old]
    table = np.array([*place, -1], dtype=np.int16)
    seen = np.zeros((len(new), *state.seen.shape[1:]), dtype=bool)
    for was, now in enumerate(place):
        if now >= 0:
            seen[now] = state.seen[was]
    return state.evolve(card=table[state.card], coming=table[state.coming], seen=seen)

