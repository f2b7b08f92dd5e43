"""The guided first quarters, without a widget: which rows show, which step is at hand, what is answered to the player.

Stages and steps are content (``first_hour.toml``). Nothing here decides anything: a guided quarter is an ordinary one
with fewer rows shown, and a lever that is not shown stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from game.content.schema_hour import Reply, Step
from game.table.achievements import own
from game.table.adviser import SHORT_RUNWAY
from game.table.adviser_desk import Desk
from game.tui.widgets import lever_rows as lr

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.listing import Listed
    from game.table.wire import SeatView
    from game.tui.session import Session

LEARNT: Final = 3
"""Quarters after which somebody has been taught: a first game is one before which no such run lies in the folder."""


def experienced(runs: Iterable[Listed], but: str = "") -> bool:
    """Whether somebody here has played the guided quarters in a run that is not the one called ``but``."""
    return any(run.played >= LEARNT and own(run) and run.path.name != but for run in runs)


def turn_of(view: SeatView) -> int:
    """Which turn of the game it is, from 1."""
    return view.quarter - view.first_quarter + 1


def rows_for(content: Content, view: SeatView) -> tuple[str, ...]:
    """Ids of the rows that a first game shows in this turn; empty for all of them."""
    shown: tuple[str, ...] = ()
    for stage in content.stages.values():
        if stage.levers in ("any", view.levers) and stage.turn <= turn_of(view):
            shown = tuple(stage.rows)
    return shown


def steps_for(content: Content, view: SeatView) -> tuple[Step, ...]:
    """The steps of this turn."""
    return tuple(
        step for step in content.steps.values() if step.levers in ("any", view.levers) and step.turn == turn_of(view)
    )


@dataclass
class Guide:
    """Where the player is in the steps of a quarter, and what was opened in it."""

    steps: tuple[Step, ...] = ()
    place: int = 0
    events: set[str] = field(default_factory=set)
    quarter: int = -1

    @property
    def step(self) -> Step | None:
        """The step at hand, None when all are over."""
        return self.steps[self.place] if self.place < len(self.steps) else None

    def begin(self, content: Content, view: SeatView) -> None:
        """Begin anew in a new quarter."""
        if view.quarter != self.quarter:
            self.quarter, self.place, self.steps = view.quarter, 0, steps_for(content, view)
            self.events.clear()

    def next(self) -> None:
        """The next step, or none."""
        self.place = min(self.place + 1, len(self.steps))

    def finish(self) -> None:
        """No more steps in this quarter."""
        self.place = len(self.steps)

    def done(self, session: Session) -> bool:
        """Whether the player has done what the step at hand asks."""
        step = self.step
        if step is None:
            return False
        if step.done == "moved":
            return any(session.changed(lever) for name in step.rows for lever in levers_of(session, name))
        return step.done in self.events

    def follow(self, session: Session) -> None:
        """Go on past steps that are done and have nothing to say to it."""
        while self.step is not None and self.done(session) and not self.step.replies:
            self.next()

    def leave(self, row: str) -> bool:
        """The cursor is on another row: go on where it left one that a step was about. Call when `done`."""
        step = self.step
        if step is not None and row not in step.rows:
            self.next()
            return True
        return False


def levers_of(session: Session, name: str) -> tuple[str, ...]:
    """Levers behind the id of a row: itself, or for ``five.<id>`` those of the lesson's row."""
    if not name.startswith("five."):
        return (name,)
    heads = {"focus": ("knowledge.", "staff."), "compute": ("compute.",)}.get(name[5:], ())
    return tuple(lever for lever in session.view.limits if lever.startswith(heads) and lever not in _ALONE) if heads else ()


_ALONE: Final = ("staff.developers", "staff.consumers", "compute.term")
"""Levers that no row of a lesson moves."""


def reply(session: Session, tongue: Tongue, step: Step) -> Reply | None:
    """What is answered to what the player did: the first reply whose word holds."""
    return next((r for r in step.replies if _holds(session, tongue, step, r.when)), None)


def _holds(session: Session, tongue: Tongue, step: Step, when: str) -> bool:
    if when == "anything":
        return True
    view, price = session.view, session.value("price.token")
    if when == "below-cost":
        return price < view.own.unit_cost
    if when in ("above-median", "below-median"):
        return (price >= view.market.token_price) == (when == "above-median")
    if when in ("runway-short", "runway-long"):
        left = _left(session)
        return (left is not None and left < SHORT_RUNWAY) == (when == "runway-short")
    moved = next((r for r in lr.rows_of(session, tongue) if r.id in step.rows and lr.changed(session, r)), None)
    if moved is None:
        return False
    now, stood = lr.read(session, moved), lr.read(session, moved, stands=True)
    stood = 0.0 if math.isnan(stood) else stood
    return now > stood if when == "raised" else now < stood


def _desk(session: Session) -> Desk:
    return Desk(session.view, {}, session.levers, session.report, session.bill)


def _left(session: Session) -> float | None:
    """Quarters of cash at the outflow of the draft, with what it asks for; None where cash does not fall."""
    desk = _desk(session)
    return max(session.view.own.cash + desk.fresh_money, 0.0) / desk.outflow if desk.outflow > 0 else None


def numbers(session: Session, tongue: Tongue) -> dict[str, str]:
    """The numbers of the moment that steps may show, in words: `game.content.check_hour.PLACES`."""
    view, own_ = session.view, session.view.own
    desk, left, price = _desk(session), _left(session), session.value("price.token")
    mine = next((f for f in view.firms if f.index == view.firm), None)
    focus = next((r for r in lr.five_rows(session, tongue) if r.kind == "focus"), None)
    cash = own_.cash + desk.fresh_money
    limit = view.limits.get("finance.raise")
    return {
        "price": tongue.price(price), "was": tongue.price(session.standing("price.token")),
        "cost": tongue.price(own_.unit_cost), "median": tongue.price(view.market.token_price),
        "margin": tongue.price(price - own_.unit_cost) if price != own_.unit_cost else tongue.money(0.0),
        "rate": tongue.percent((price - own_.unit_cost) / price if price > 0 else None, 0), "cash": tongue.money(cash),
        "bank": tongue.money(own_.cash),
        "out": tongue.money(max(desk.outflow, 0.0)),
        "left": tongue.number(left, 1) if left is not None else tongue.say("ui.state.endless"),
        "research": tongue.money(session.value("research.budget")), "revenue": tongue.money(own_.revenue),
        "value": tongue.money(own_.value), "rank": tongue.count(mine.rank if mine is not None else 0),
        "firms": tongue.count(len(view.firms)), "machines": tongue.flops(own_.capacity),
        "used": tongue.percent(own_.utilisation, 0),
        "focus": lr.shown(session, tongue, focus, lr.read(session, focus)) if focus is not None else "",
        "round": tongue.money(limit.high if limit is not None else 0.0),
    }  # fmt: skip


def words(session: Session, tongue: Tongue, step: Step, done: bool) -> str:
    """What is said at a step: what to look at and try, or once that is done what came of it."""
    answer = reply(session, tongue, step) if done else None
    return tongue.text(answer.text if answer is not None else step.text, **numbers(session, tongue))
