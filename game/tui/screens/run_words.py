"""What is said of a saved run, without a widget: the list of runs and the plain game share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from game.language import clean_text

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.listing import Listed


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in words."""

    name: str
    right: str
    below: str
    state: str
    bad: bool = False


def company(head: Any, tongue: Tongue) -> str:
    """What the firm of a run is called: as its player named it, else by where it came from."""
    return clean_text(head.player, 24) or tongue.background(head.own_background)


def run_line(entry: Listed, tongue: Tongue) -> RunLine:
    """What the list says of a run: firm and scenario, quarter or ending, value, marks, or what is wrong with it.

    A file that cannot be read goes by its name; the others have theirs beside the history.
    """
    say = tongue.say
    if entry.head is None or entry.trouble is not None:
        name = clean_text(entry.path.stem, 40)
        fault = tongue.message(entry.trouble.message()) if entry.trouble is not None else say("run.error")
        return RunLine(name, say("ui.state.damaged"), fault, "", bad=True)
    head = entry.head
    reached = tongue.quarter(head.first + entry.played, "medium")
    value = tongue.money(entry.row.value) if entry.row is not None else ""
    marks = [say(f"ui.state.{m}") for m in marks_of(entry)]
    state = tongue.ending(entry.ending) if entry.ending else reached
    name = f"{company(head, tongue)} · {tongue.scenario(head.scenario)}"
    if entry.ending:
        marks.append(reached)
    if head.player:
        marks.append(tongue.background(head.own_background))
    if entry.changed:
        marks.append(datetime.fromtimestamp(entry.changed).strftime("%m-%d %H:%M"))
    return RunLine(name, state, " · ".join(marks), value)


def marks_of(entry: Listed) -> list[str]:
    """Ids of marks: ``undone``, ``forked``, ``damaged`` (a torn tail)."""
    head = entry.head
    marks = []
    if head is not None and head.undone:
        marks.append("undone")
    elif head is not None and head.parent is not None:
        marks.append("forked")
    if entry.torn:
        marks.append("damaged")
    return marks
