"""The goals of a scenario in words: which are met and by what number, in play and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from game.tui.screens.conditions import goals, quantity

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.wire import SeatView

def how(tongue: Tongue, what: str, value: float) -> str:
    """A quantity of a goal as it is written: a runway in quarters, money as money."""
    from game.language.tongue import QUANTITIES

    if what == "runway":
        if value >= 99:
            return tongue.say("ui.state.endless")
        return tongue.say("tui.board.quarters", runway=tongue.number(value, 1))
    if what == "rank":
        return tongue.say("hour.rank", rank=value)
    return tongue.write(value, QUANTITIES.get(what, ""))


def shown(view: SeatView, tongue: Tongue, goal: Any) -> str:
    """The number that a goal looks at, now; empty where it says nothing (to be still there has none)."""
    value = quantity(view, goal.what, goal.segment)
    if value is None or (goal.what == "value" and not goal.value):
        return ""
    return how(tongue, goal.what, value)


def goal_parts(
    view: SeatView, content: Content, tongue: Tongue, host: Any = None, *, numbers: bool = True
) -> list[tuple[bool, str]]:
    """Each goal: whether it is met as things stand, and its name, with the number of now unless told otherwise."""
    found = []
    for goal, met in goals(view, content.scenarios.get(view.scenario), host):
        number = shown(view, tongue, goal) if numbers else ""
        name = tongue.pick(goal.name)
        found.append((met, tongue.say("hour.goal", name=name, now=number) if number else name))
    return found
