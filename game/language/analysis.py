"""The analysis of a run in words, for screens, pages and the command line; texts stand in ``locale/analysis.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from game.engine.names import DISTRESS
from game.lab.analysis.model import MARKS, Measured, Move, QuarterAnalysis, TurningPoint

if TYPE_CHECKING:
    from game.language.tongue import Tongue

SHOWN: Final = 3
"""Levers of a better plan that are named."""


def mark(quarter: QuarterAnalysis) -> str:
    """The sign of a decision as chess annotates it; empty where there is nothing to say."""
    return MARKS.get(quarter.verdict, "")


def verdict_words(tongue: Tongue, quarter: QuarterAnalysis) -> str:
    """The mark of a decision in a word."""
    return tongue.say(f"analysis.verdict.{quarter.verdict or 'none'}")


def turn_words(tongue: Tongue, turn: TurningPoint) -> str:
    """A turning point as a sentence."""
    return tongue.message(turn.message)


def interval_words(tongue: Tongue, measured: Measured | None) -> str:
    """An interval of money, ends in one line."""
    if measured is None:
        return "--"
    return f"{tongue.money(measured.low)} … {tongue.money(measured.high)}"


def move_words(tongue: Tongue, quarter: QuarterAnalysis, move: Move) -> str:
    """One lever that differs: what was done, what was better."""
    ends = [_value(tongue, quarter, move.lever, v) for v in (move.done, move.better)]
    return f"{tongue.lever(move.lever)} {ends[0]} → {ends[1]}"


def plan_words(tongue: Tongue, quarter: QuarterAnalysis, most: int = SHOWN) -> str:
    """The better plan: its name and the levers with most money behind them."""
    if quarter.best is None:
        return ""
    name = tongue.say(f"analysis.plan.{quarter.best.label}")
    moves = [move_words(tongue, quarter, m) for m in quarter.best.moves[:most]]
    if not moves:
        return name
    colon, stop = ("：", "；") if tongue.lang == "zh" else (": ", "; ")
    return f"{name}{colon}{stop.join(moves)}"


def choice_words(tongue: Tongue, card: str, choice: int) -> str:
    """A choice of a card, or a way out of distress, by its label."""
    if card == "distress":
        return tongue.say(f"distress.names.{DISTRESS[choice]}") if 0 <= choice < len(DISTRESS) else str(choice)
    labels: Sequence[tuple[str, str]] = tongue.card(card).choices
    return labels[choice][0] if 0 <= choice < len(labels) else str(choice)


def card_words(tongue: Tongue, card: str) -> str:
    """The title of what lay on the desk."""
    return tongue.say("distress.title") if card == "distress" else tongue.card(card).title


def _value(tongue: Tongue, quarter: QuarterAnalysis, lever: str, value: float | None) -> str:
    if lever in ("card.choice", "distress.choice"):
        card = next((a.card for a in quarter.answers if (a.card == "distress") == (lever == "distress.choice")), "")
        if value is not None and card:
            return choice_words(tongue, card, int(value))
    if value is None:
        return "--"
    if lever == "route":
        return tongue.route(int(value), short=True)
    return tongue.lever_value(lever, value)
