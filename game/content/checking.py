"""What every check needs: where an entry stands, how a fault is noted, whether a name is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from game.engine.names import ROUTES, SEGMENTS, SOURCES

from . import schema as s
from .book import Content
from .layout import home
from .problems import Problem, Severity, did_you_mean
from .vocabulary import Asked


@dataclass
class Checking:
    """A content being checked; `known` holds ids by kind, also those of entries too broken to keep."""

    content: Content
    known: Mapping[str, set[str]]
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, label: str, key: str, message: str, severity: Severity = "error") -> None:
        """Note a fault at ``key`` of one entry."""
        place = f"{kind}[{label}]{'.' + key if key else ''}"
        file = self.content.files.get((kind, label)) or f"{self.content.directory.name}/{home(kind, label)}"
        self.problems.append(Problem(file, place, message, severity))

    def refer(self, kind: str, label: str, key: str, target: str, wanted: str | Iterable[str]) -> None:
        """Note a reference to an id of kind ``target`` that does not exist."""
        ids = self.known.get(target) or set(self.content.of(target))
        for word in (wanted,) if isinstance(wanted, str) else wanted:
            if word not in ids:
                self.add(kind, label, key, f"{target} '{word}' does not exist{did_you_mean(word, ids)}")

    def twice(self, kind: str, label: str, key: str, words: Iterable[str]) -> None:
        """Note words that a list holds more than once."""
        seen: set[str] = set()
        for word in words:
            if word in seen:
                self.add(kind, label, key, f"'{word}' is there twice; once is enough")
            seen.add(word)

    def axis(self, kind: str, label: str, key: str, names: Iterable[str], axis: str) -> None:
        """Note keys that are not on an axis of the market."""
        allowed = {"segment": SEGMENTS, "source": SOURCES, "route": ROUTES}[axis]
        for name in names:
            if name not in allowed:
                self.add(kind, label, f"{key}.{name}", f"'{name}' is no {axis}{did_you_mean(name, allowed)}")

    def conditions(
        self, kind: str, label: str, key: str, conditions: Iterable[s.Condition | s.Goal], words: Mapping[str, Asked]
    ) -> None:
        """Check a list of conditions word by word, then whether all of them can hold at once."""
        bounds: dict[tuple[str, str], list[tuple[str, float]]] = {}
        for index, condition in enumerate(conditions):
            at = f"{key}[{condition.id}]" if isinstance(condition, s.Goal) else f"{key}[{index}]"
            asked = words.get(condition.what)
            if asked is None:
                hint = did_you_mean(condition.what, words)
                self.add(kind, label, f"{at}.what", f"'{condition.what}' cannot be asked{hint}")
                continue
            self._axis_of(kind, label, at, condition, asked)
            value = self._value(kind, label, at, condition, asked)
            if value is not None:
                bounds.setdefault((condition.what, condition.segment), []).append((condition.op, value))
        if not any(isinstance(c, s.Goal) for c in conditions):
            for (what, _), limits in bounds.items():
                if _impossible(limits):
                    self.add(kind, label, key, f"the conditions on '{what}' can never hold together")

    def _axis_of(self, kind: str, label: str, at: str, condition: s.Condition | s.Goal, asked: Asked) -> None:
        if asked.axis == "" and condition.segment:
            self.add(kind, label, f"{at}.segment", f"'{condition.what}' belongs to a whole firm; leave segment out")
        elif asked.axis:
            allowed = (*SEGMENTS, "focus") if asked.axis == "segment" else SOURCES
            if not condition.segment:
                self.add(kind, label, f"{at}.segment", f"'{condition.what}' needs a {asked.axis}: segment = \"...\"")
            elif condition.segment not in allowed:
                hint = did_you_mean(condition.segment, allowed)
                self.add(kind, label, f"{at}.segment", f"'{condition.segment}' is no {asked.axis}{hint}")

    def _value(self, kind: str, label: str, at: str, condition: s.Condition | s.Goal, asked: Asked) -> float | None:
        value = condition.value
        if isinstance(value, str):
            if condition.what != "route":
                message = f"'{condition.what}' is compared with a number, not with '{value}'"
                self.add(kind, label, f"{at}.value", message)
                return None
            if value not in ROUTES:
                self.add(kind, label, f"{at}.value", f"'{value}' is no route{did_you_mean(value, ROUTES)}")
                return None
            return float(ROUTES.index(value))
        if condition.what == "route" and value not in (0, 1, 2, 3):
            self.add(kind, label, f"{at}.value", f"{value:g} is no route; allowed: {', '.join(ROUTES)}")
            return None
        if not asked.low <= value <= asked.high:
            self.add(
                kind, label, f"{at}.value",
                f"{value:g} lies outside what '{condition.what}' can be ({asked.low:g} to {asked.high:g})",
            )
            return None
        return float(value)


def _impossible(limits: list[tuple[str, float]]) -> bool:
    """Whether no number satisfies all (operator, value) pairs."""
    low = max((v for op, v in limits if op in (">", ">=", "==")), default=float("-inf"))
    high = min((v for op, v in limits if op in ("<", "<=", "==")), default=float("inf"))
    if low > high:
        return True
    if low == high:
        return any(op in ("<", ">", "!=") and v == low for op, v in limits)
    return False


def firms(content: Content) -> Iterator[tuple[str, s.Rival | s.Background]]:
    """(kind, entry) of everything that has a start and traits."""
    for rival in content.rivals.values():
        yield "rival", rival
    for background in content.backgrounds.values():
        yield "background", background
