"""What a measure of balance says: findings with the number, what was wanted and the distance to it."""

from __future__ import annotations

from typing import Any

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One condition of a measure."""

    id: str
    """Letter of the measure in the model's list."""
    what: str
    value: float | None
    """None where nothing could be measured."""
    interval: tuple[float, float] | None
    """90 % interval over seeds, None for a count."""
    wanted: str
    met: bool | None
    distance: float | None
    """How far ``value`` lies outside what is wanted, in its own unit; 0 where met."""
    judged: bool = True
    """False for numbers that are only reported."""


class Measure(msgspec.Struct, frozen=True):
    """One letter of the balance: met when each judged finding is."""

    id: str
    what: str
    met: bool | None
    findings: list[Finding]
    details: dict[str, Any]


def finding(
    letter: str, what: str, value: float | None, low: float | None = None, high: float | None = None, *,
    interval: tuple[float, float] | None = None, strict: bool = False, judged: bool = True, sure: bool = False,
) -> Finding:
    """A finding that wants ``value`` between ``low`` and ``high`` (either may be open; ``strict`` excludes them).

    With ``sure`` the whole interval has to lie there.
    """
    if value is None:
        return Finding(letter, what, None, None, _band(low, high, strict), None, None, judged)
    distance = max(0.0 if low is None else low - value, 0.0 if high is None else value - high, 0.0)
    met = distance == 0.0 and not (strict and value in (low, high))
    if sure and interval is not None:
        met = met and (low is None or interval[0] > low) and (high is None or interval[1] < high)
    open_ended = low is None and high is None
    return Finding(letter, what, value, interval, _band(low, high, strict), None if open_ended else met,
                   None if open_ended else distance, judged and not open_ended)


def measure(letter: str, what: str, findings: list[Finding], **details: Any) -> Measure:
    """A measure of its findings."""
    judged = [f.met for f in findings if f.judged]
    unknown = not judged or None in judged
    met = False if False in judged else None if unknown else True
    return Measure(letter, what, met, findings, details)


def _band(low: float | None, high: float | None, strict: bool) -> str:
    if low is not None and high is not None:
        return f"{low:g} to {high:g}" if low != high else f"{low:g}"
    if low is not None:
        return f"> {low:g}" if strict else f">= {low:g}"
    if high is not None:
        return f"< {high:g}" if strict else f"<= {high:g}"
    return "-"
