"""Guidance over time: every interval a seat has given, scored beside the naive one, and totals.

Read from the record alone, so it costs nothing in play: ``Row`` has what the books said, a quarter's decisions what was
promised. The game's own forecast is added by whoever has played the futures (`beside`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from game.table.wire import Guidance, GuidanceTotal, Row

if TYPE_CHECKING:
    from game.engine.rules import Rules

WHAT: Final = ("cash", "revenue")
COVERAGE: Final = 0.8
"""Of guidance: an interval should hold in four quarters out of five."""


def given(
    quarters: Iterable[tuple[int, Mapping[str, float | None]]], rows: Sequence[Row], rules: Rules
) -> list[Guidance]:
    """Every interval given, in order; ``quarters`` are (quarter, levers decided), ``rows`` the numbers at their ends.

    An interval with one end, or upside down, counts as none: so the rules take it. Given in a quarter it is about the
    end of the next; what was known then are the numbers at the end of the quarter before.
    """
    from game.engine.finance import naive_interval  # and numpy with it, which totals do without

    at = {row.quarter: row for row in rows}
    out = []
    for quarter, levers in quarters:
        for what in WHAT:
            low, high = levers.get(f"guidance.{what}.low"), levers.get(f"guidance.{what}.high")
            known = at.get(quarter - 1)
            if known is None or low is None or high is None or not math.isfinite(high - low) or high <= low:
                continue
            naive = [float(x) for x in naive_interval(rules, getattr(known, what))]
            then = at.get(quarter + 1)
            one = Guidance(quarter, what, low, high, *naive)
            out.append(one if then is None else _scored(one, getattr(then, what)))
    return out


def _scored(one: Guidance, actual: float) -> Guidance:
    from game.engine.finance import interval_score

    def score(low: float | None, high: float | None) -> float | None:
        return None if low is None or high is None else float(interval_score(low, high, actual))  # type: ignore[arg-type]

    return msgspec.structs.replace(
        one, actual=actual, score=score(one.low, one.high), naive=score(one.naive_low, one.naive_high),
        game=score(one.game_low, one.game_high),
    )  # fmt: skip


def beside(one: Guidance, low: float, high: float) -> Guidance:
    """The same guidance with the game's own forecast beside it: the 10 % and 90 % marks of the futures."""
    new = msgspec.structs.replace(one, game_low=low, game_high=high)
    return new if one.actual is None else _scored(new, one.actual)


def totals(guidance: Iterable[Guidance]) -> list[GuidanceTotal]:
    """By quantity, in the order of `WHAT`; quantities on which nothing has been scored are left out."""
    closed = [g for g in guidance if g.actual is not None]
    return [_total(what, mine) for what in WHAT if (mine := [g for g in closed if g.what == what])]


def _total(what: str, closed: list[Guidance]) -> GuidanceTotal:
    beside_game = [g for g in closed if g.game is not None]
    return GuidanceTotal(
        what, len(closed), sum(held(g) for g in closed), _mean([g.score for g in closed]),
        _mean([g.naive for g in closed]), len(beside_game),
        sum(g.game_low <= g.actual <= g.game_high for g in beside_game),  # type: ignore[operator]
        _mean([g.game for g in beside_game]), _mean([g.score for g in beside_game]),
    )  # fmt: skip


def held(one: Guidance) -> bool:
    """Whether the books ended inside the interval."""
    return one.actual is not None and one.low <= one.actual <= one.high


def _mean(values: Sequence[float | None]) -> float:
    numbers = [v for v in values if v is not None]
    return sum(numbers) / len(numbers) if numbers else 0.0
