"""The forks of the debrief, played: what the answer key states is what came out here, and a test plays it again.

A demonstration puts a policy into the own seat and lets it decide only what a pupil's panel shows; a branch then holds
some of those levers at something else. Everything else is the same: seed, rivals, cards. ``python -m
game.lab.classwork.demonstrations`` writes ``content/lessons/outcomes.json`` again; `write_runs` gives the branches as run
files, to be opened, replayed and analysed like any other.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from game import __version__
from game.content.check_lessons import GROUPS, TOGETHER
from game.content.contrasts import side_values
from game.content.digest import rules_digest
from game.content.lessons import FOLDER, OUTCOMES, Outcomes
from game.content.resolve import parameter_values, route_index
from game.content.schema_lessons import Branch, Demonstration, Push
from game.content.schema_theses import Side
from game.engine import derive
from game.engine.limits import WHOLE, bounds
from game.engine.names import LEVER, LINE, SEGMENTS, VERTICALS
from game.engine.quantities import quantity
from game.engine.version import RULES_VERSION
from game.table.local import market_for, seats_of
from game.table.market import EngineMarket
from game.table.runfile import SUFFIX
from game.table.table import HUMAN, Table
from game.table.wire import Draft

if TYPE_CHECKING:
    from game.content import Content
    from game.engine.play import Ledger
    from game.engine.state import State

DIGITS: Final = 9
"""Significant digits that outcomes are kept with: enough for any sentence, few enough for any machine."""


@dataclasses.dataclass(frozen=True)
class Played:
    """One branch on one seed: states from the opening on, and the ledger of each quarter."""

    market: EngineMarket
    states: tuple[State, ...]
    ledgers: tuple[Ledger, ...]

    @property
    def last(self) -> State:
        """State after the last quarter."""
        return self.states[-1]

    @property
    def living(self) -> State:
        """State at the end of the last quarter in which the own firm still traded."""
        return next((s for s in reversed(self.states) if s.status[0, 0] == 0), self.states[0])


def market_of(content: Content, demonstration: Demonstration, branch: Branch) -> EngineMarket:
    """The market of a branch: the scenario's, with the branch's parameters multiplied."""
    background = branch.background or demonstration.background
    assume = branch.assume or demonstration.assume
    market = market_for(content, demonstration.scenario, background, demonstration.difficulty, assume, __version__)
    if not branch.times:
        return market
    values = side_values(content, Side(times=dict(branch.times)), parameter_values(content, assume))
    changed = {
        name: np.array(value, dtype=np.float64) if isinstance(value, tuple) else float(value)
        for name, value in values.items()
    }
    rules = dataclasses.replace(market.source, params=dataclasses.replace(market.source.params, **changed))  # type: ignore[arg-type]
    return EngineMarket(
        rules, content, scenario=demonstration.scenario, backgrounds=[background], difficulty=demonstration.difficulty,
        assume=assume, program=__version__,
    )  # fmt: skip


def draft(market: EngineMarket, state: State, policy: str, push: Sequence[Push]) -> dict[str, float]:
    """What the own seat decides: the policy's wish for every lever that a person could move now, then what is pushed."""
    asked = market.decide(state, {0: policy})[0]
    locks = market.locks(state, 0)
    levers = {n: float(v) for n, v in asked.items() if v is not None and n in market.shown and n not in locks}
    for name, needed in (("card.choice", market.card(state, 0)), ("distress.choice", market.distressed(state, 0))):
        if needed:
            levers.setdefault(name, 0.0)
    turn = state.quarter - market.first + 1
    for p in push:
        if p.turn <= turn and (not p.until or turn <= p.until):
            for name in GROUPS.get(p.lever, (p.lever,)):
                if name in market.shown and name not in locks:
                    levers[name] = _held(p, levers.get(name, 0.0), state)
    low, high = bounds(market.source, state)
    for name, value in levers.items():
        row = LEVER[name]
        if not name.endswith(".choice"):
            value = min(max(value, float(low[row, 0, 0])), float(high[row, 0, 0]))
        levers[name] = float(round(value)) if row in WHOLE else value
    if market.card(state, 0) and not (ways := market.open_choices(state, 0))[int(levers["card.choice"])]:
        levers["card.choice"] = float(ways.index(True))  # the market would pass over one that is not open
    return levers


def _held(push: Push, asked: float, state: State) -> float:
    if push.median is not None:
        return push.median * float(derive.median_price(state)[0])
    if push.times is not None:
        return push.times * asked
    assert push.set is not None
    return float(route_index(push.set))


def play(content: Content, demonstration: Demonstration, branch: Branch, seed: str) -> Played:
    """A branch on a seed, to the end of the scenario or of the firm."""
    market = market_of(content, demonstration, branch)
    seats = seats_of(content, market, HUMAN)
    policies = {f: who for f, who in seats.items() if who != HUMAN}
    states, ledgers = [market.begin(market.seed(seed))], []
    while len(ledgers) < market.quarters:
        state = states[-1]
        mine = market.complete(state, 0, draft(market, state, demonstration.policy, branch.push)) if market.active(state, 0) else {}
        mine = mine or market.standing(state, 0)
        others = market.decide(state, policies)
        after, ledger = market.play(state, [mine if f == 0 else others[f] for f in range(len(market.firms))])
        states.append(after)
        ledgers.append(ledger)
    return Played(market, tuple(states), tuple(ledgers))


def run_name(demonstration: Demonstration, branch: Branch) -> str:
    """Name of a branch's run file."""
    return f"{demonstration.id}-{branch.id}{SUFFIX}"


def write_runs(content: Content, demonstration: Demonstration, folder: Path, seed: str = "") -> list[Path]:
    """Every branch as a run file in ``folder``, on ``seed`` (the first of the demonstration).

    A branch in a changed market makes no run: its rules are not those of the content. Raises `RunError` where a file
    cannot be written.
    """
    seed = seed or demonstration.seeds[0]
    written = []
    for branch in demonstration.branches:
        if branch.times:
            continue
        market = market_of(content, demonstration, branch)
        path = folder / run_name(demonstration, branch)
        with Table.new(market, seats_of(content, market, HUMAN), seed=seed, path=path, salt=lambda: "0" * 32) as table:
            while not table.over and table.waiting:
                levers = draft(market, table.state, demonstration.policy, branch.push)
                table.submit(0, Draft(table.quarter, levers))
                table.step()
                if table.trouble:
                    raise table.trouble
        written.append(path)
    return written


# numbers --------------------------------------------------------------------------------------------------------------
def _spent(played: Played, line: str) -> float:
    return -float(sum(ledger.lines[LINE[line], 0, 0] for ledger in played.ledgers)) / 100.0


def _firms(played: Played) -> float:
    return float((played.last.status[:, 0] == 0).sum())


def _accuracy(played: Played, segment: str) -> float:
    return float(quantity(played.market.source, played.living, "accuracy", segment)[0, 0])


def _contracts(played: Played, segment: str) -> float:
    rows = [SEGMENTS.index(v) for v in (VERTICALS if segment == "all" else (segment,))]
    return float(played.living.customers[0, rows, 0].sum())


def _ended(played: Played) -> float:
    gone = [s.quarter - 1 for s in played.states if s.status[0, 0] != 0]
    return float(gone[0]) if gone else -1.0


def _rank(played: Played) -> float:
    """Rank by value at the end; of a firm that is gone, the last."""
    return float(derive.ranks(played.last)[0, 0]) if played.last.status[0, 0] == 0 else float(len(played.market.firms))


_PLAIN: Final[dict[str, Callable[[Played, str], float]]] = {
    "cash": lambda p, _: float(p.living.cash[0, 0]) / 100.0,
    "value": lambda p, _: float(derive.value(p.last)[0, 0]),
    "revenue": lambda p, _: sum(float(_revenue(x)) for x in p.ledgers),
    "rank": lambda p, _: _rank(p), "rank-low": lambda p, _: _rank(p), "rank-high": lambda p, _: _rank(p),
    "trading": lambda p, _: float(p.last.status[0, 0] == 0),
    "ended": lambda p, _: _ended(p),
    "price": lambda p, _: float(p.living.price[0, 0, 0]),
    "cost": lambda p, _: float(derive.token_cost(p.market.source, p.living)[0, 0]),
    "median": lambda p, _: float(derive.median_price(p.last)[0]),
    "capability": lambda p, _: float(derive.skills(p.market.source, p.living)[0, 0]),
    "community": lambda p, _: float(p.living.community[0, 0]),
    "trust": lambda p, _: float(p.living.trust[0, 0]),
    "survivors": lambda p, _: _firms(p), "survivors-low": lambda p, _: _firms(p), "survivors-high": lambda p, _: _firms(p),
    "live-models": lambda p, _: float(derive.live_models(p.last)[0]),
    "contracts": _contracts, "accuracy": _accuracy,
    "freshness": lambda p, v: float(quantity(p.market.source, p.living, "freshness", v)[0, 0]),
    "spent-knowledge": lambda p, _: _spent(p, "knowledge"),
    "spent-research": lambda p, _: _spent(p, "research"),
    "raised": lambda p, _: -_spent(p, "funding"),
    "founders-share": lambda p, _: float(p.living.founders[0, 0]),
    "solutions-share": lambda p, _: _part(p, ("solutions", "tenders")),
    "unserved": lambda p, _: max(float(s.unserved[0, 0]) for s in p.states[1:]),
    "runway": lambda p, _: float(quantity(p.market.source, p.living, "runway")[0, 0]),
    "developers": lambda p, _: float(p.living.customers[0, 0, 0]),
    "developer-share": lambda p, _: float(derive.shares(p.living)[0, 0, 0]),
}  # fmt: skip


def _revenue(ledger: Ledger) -> float:
    names = ("tokens", "app", "solutions", "tenders", "rent_income")
    return float(sum(ledger.lines[LINE[n], 0, 0] for n in names)) / 100.0


def _part(played: Played, lines: Sequence[str]) -> float:
    whole = sum(_revenue(x) for x in played.ledgers)
    part = sum(float(x.lines[LINE[n], 0, 0]) for x in played.ledgers for n in lines) / 100.0
    return part / whole if whole else 0.0


def _over_seeds(word: str, values: Sequence[float]) -> float:
    """One number for several seeds: the median; how many of them for ``trading``; an end for -low and -high."""
    if word == "trading":
        return sum(values)
    if word.endswith("-low"):
        return min(values)
    if word.endswith("-high"):
        return max(values)
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2.0


def parts(table: Sequence[Sequence[float]]) -> tuple[float, float]:
    """(part of the spread that seeds explain, part that choices explain) of a table choices × seeds; the rest is how the two
    meet. Sums of squares of a two-way layout; (0, 0) where nothing varies.

    >>> parts([[1.0, 2.0], [1.0, 2.0]]), parts([[1.0, 1.0], [2.0, 2.0]])
    ((1.0, 0.0), (0.0, 1.0))
    """
    rows, columns = len(table), len(table[0])
    mean = sum(map(sum, table)) / (rows * columns)
    whole = sum((x - mean) ** 2 for row in table for x in row)
    if whole <= 0:
        return 0.0, 0.0
    seeds = sum((sum(row[c] for row in table) / rows - mean) ** 2 for c in range(columns)) * rows
    choices = sum((sum(row) / columns - mean) ** 2 for row in table) * columns
    return seeds / whole, choices / whole


def outcome(content: Content, demonstration: Demonstration) -> dict[str, dict[str, float]]:
    """What a demonstration reports: its numbers by branch; where ranks over several seeds are among them, also the
    parts of their spread."""
    played = {b.id: [play(content, demonstration, b, seed) for seed in demonstration.seeds] for b in demonstration.branches}
    found: dict[str, dict[str, float]] = {}
    for label, games in played.items():
        found[label] = {}
        for number in demonstration.numbers:
            word, _, segment = number.partition(":")
            found[label][number] = _kept(_over_seeds(word, [_PLAIN[word](g, segment) for g in games]))
    if len(demonstration.seeds) > 1 and "rank" in demonstration.numbers:
        seeds, choices = parts([[_rank(g) for g in games] for games in played.values()])
        found[TOGETHER] = {"seed-part": _kept(seeds), "choice-part": _kept(choices)}
    return found


def _kept(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else 0.0


@lru_cache(maxsize=4)
def outcomes(content: Content) -> Outcomes:
    """Every demonstration of a content, played now."""
    return Outcomes(
        RULES_VERSION, rules_digest(content), {d.id: outcome(content, d) for d in content.lessons.demonstrations.values()}
    )


def encoded(found: Outcomes) -> bytes:
    """As the file holds them."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def main() -> int:
    """``python -m game.lab.classwork.demonstrations``: play all again and write lessons/outcomes.json."""
    from game.content import load

    content = load()
    (content.directory / FOLDER / OUTCOMES).write_bytes(encoded(outcomes(content)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
