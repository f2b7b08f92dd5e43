"""Checks of first_hour.toml and achievements.toml: closed vocabularies, rows that exist, conditions that can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from game.engine.names import ENDINGS, LEVERS, ROUTES, SEGMENTS, SOURCES, VERTICALS

from . import schema_hour as sh
from .checking import Checking
from .problems import did_you_mean
from .vocabulary import HORIZON, parse_quarter

DONE: Final = ("moved", "report", "market", "gazette", "codex", "card", "advice", "rows", "next", "closed")
"""What may end a step: a row of it moved, a screen opened, the card answered, the adviser or all rows asked for, the
key for the next step, or the quarter ended."""

WHEN: Final = (
    "raised", "cut", "below-cost", "above-median", "below-median", "runway-short", "runway-long", "anything",
)  # fmt: skip
"""What a reply may be about: where the first row moved went, how price and cash now stand."""

PLACES: Final = (
    "price", "was", "cost", "median", "margin", "rate", "cash", "bank", "out", "left", "research", "revenue", "value",
    "rank", "firms", "machines", "used", "focus", "round",
)  # fmt: skip
"""Numbers of the moment that a step may show: the token price now and before, unit cost, market median, margin a
million tokens (and as a share of the price), cash with and without what the draft will bring, net outflow a quarter,
quarters that lasts, research a quarter, last quarter's revenue, value, rank of how many firms, throughput, share of it
used, the industry in focus, the largest round."""


@dataclass(frozen=True)
class Word:
    """What an achievement may ask of a quarter: the axis of its ``of``, and the range in which a value makes sense."""

    axis: str = ""
    low: float = float("-inf")
    high: float = float("inf")


RUN_WORDS: Final[dict[str, Word]] = {
    "value": Word(low=0), "cash": Word(), "revenue": Word(low=0), "share": Word(low=0, high=1), "rank": Word(low=1, high=16),
    "trust": Word(low=0, high=1), "capability": Word(low=0, high=1), "community": Word(low=0), "live-models": Word(low=0),
    "token-price": Word(low=0), "own-price": Word(low=0), "price-ratio": Word(low=0), "lever": Word("lever"),
    "route": Word(low=0, high=3), "contracts": Word("vertical", 0), "contract-lead": Word(low=0, high=1),
    "users": Word("segment", 0), "freshness": Word("vertical", 0, 1), "knowledge": Word("vertical", 0),
    "staff": Word("segment", 0), "debt": Word(low=0), "founders-share": Word(low=0, high=1), "tenders-won": Word(low=0),
    "unserved": Word(low=0, high=1), "utilisation": Word(low=0, high=1), "efficiency": Word(low=0),
    "machines": Word("source", 0), "domestic-part": Word(low=0, high=1), "safety": Word(low=0, high=1),
    "distressed": Word(low=0, high=1), "cards": Word(low=0),
}  # fmt: skip
"""Words of ``what``, answered by `game.table.course`. ``price-ratio`` is own token price ÷ market median;
``contract-lead`` the largest industry's part of all contracts; ``contracts`` also of ``all``; ``cards`` those that have
come so far; ``distressed`` 1 where a quarter opened in distress."""

_AXES: Final[dict[str, tuple[str, ...]]] = {
    "segment": (*SEGMENTS, "all"), "vertical": (*VERTICALS, "all"), "source": (*SOURCES, "all"), "lever": LEVERS,
}


def check_hour(work: Checking) -> None:
    """Stages, steps and achievements."""
    for stage in work.content.stages.values():
        _rows(work, "stage", stage.id, stage.rows)
    for step in work.content.steps.values():
        _rows(work, "step", step.id, step.rows)
        if step.done not in DONE:
            work.add("step", step.id, "done", f"'{step.done}' ends no step{did_you_mean(step.done, DONE, limit=12)}")
        elif step.done == "moved" and not step.rows:
            work.add("step", step.id, "rows", "names no row, so none can be moved; name one, or write done = \"next\"")
        for index, reply in enumerate(step.replies):
            if reply.when not in WHEN:
                hint = did_you_mean(reply.when, WHEN)
                work.add("step", step.id, f"replies[{index}].when", f"'{reply.when}' is no occasion{hint}")
    for entry in work.content.achievements.values():
        _achievement(work, entry)


def _rows(work: Checking, kind: str, label: str, rows: list[str]) -> None:
    known = (*work.content.levers, *(f"five.{name}" for name in work.content.five))
    work.twice(kind, label, "rows", rows)
    for name in rows:
        if name not in known:
            work.add(kind, label, "rows", f"there is no row '{name}'{did_you_mean(name, known)}")


def _achievement(work: Checking, entry: sh.Achievement) -> None:
    label = entry.id
    work.refer("achievement", label, "thesis", "thesis", entry.thesis)
    work.refer("achievement", label, "scenarios", "scenario", entry.scenarios)
    for ending in entry.endings:
        if ending not in ENDINGS:
            work.add("achievement", label, "endings", f"there is no ending '{ending}'{did_you_mean(ending, ENDINGS)}")
    for index, asked in enumerate(entry.when):
        _asked(work, label, f"when[{index}]", asked)


def _asked(work: Checking, label: str, at: str, asked: sh.RunCondition) -> None:
    def add(key: str, message: str) -> None:
        work.add("achievement", label, f"{at}.{key}", message)

    word = RUN_WORDS.get(asked.what)
    if word is None:
        add("what", f"'{asked.what}' cannot be asked of a run{did_you_mean(asked.what, RUN_WORDS)}")
        return
    allowed = _AXES.get(word.axis, ())
    if word.axis and asked.of not in allowed:
        what = f"'{asked.of}' is no {word.axis}{did_you_mean(asked.of, allowed)}"
        add("of", what if asked.of else f"'{asked.what}' needs a {word.axis}: of = \"...\"")
    elif not word.axis and asked.of:
        add("of", f"'{asked.what}' belongs to a whole firm; leave of out")
    if asked.count > 1 and asked.over != "some":
        add("count", 'counts quarters; it goes with over = "some"')
    if asked.over == "growth" and word.low < 0:
        add("over", f"'{asked.what}' may be negative; a growth of it means nothing, ask for its rise")
    _value(add, asked, word)
    for key, quarter in (("first", asked.first), ("last", asked.last)):
        if quarter is not None and not 0 <= parse_quarter(quarter) < HORIZON:
            add(key, f"{quarter} lies outside the game")
    if asked.first and asked.last and parse_quarter(asked.first) > parse_quarter(asked.last):
        add("last", f"{asked.last} is before first = {asked.first}")


def _value(add: object, asked: sh.RunCondition, word: Word) -> None:
    assert callable(add)
    if isinstance(asked.value, str):
        if asked.what != "route" and asked.of != "route":
            add("value", f"'{asked.what}' is compared with a number, not with '{asked.value}'")
        elif asked.value not in ROUTES:
            add("value", f"'{asked.value}' is no route{did_you_mean(asked.value, ROUTES)}")
    elif asked.over in ("end", "every", "some") and not word.low <= asked.value <= word.high:
        add("value", f"{asked.value:g} lies outside what '{asked.what}' can be ({word.low:g} to {word.high:g})")

