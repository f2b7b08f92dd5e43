"""The numbers one wants beside a lever: what it costs, who charges what, what is on its way. One short line a row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from game.engine.names import FIRST_YEAR, SEGMENTS, SOURCES, VERTICALS
from game.tui.session import Session
from game.tui.widgets.lever_rows import PARTS, LeverRow

if TYPE_CHECKING:
    from game.language import Tongue


def note(session: Session, tongue: Tongue, row: LeverRow) -> str:
    """The line for a row; empty where there is nothing to add."""
    head, _, tail = row.id.partition(".")
    makers = {
        "price": _price, "research": _research, "knowledge": _knowledge, "staff": _staff, "compute": _compute,
        "finance": _finance, "guidance": _guidance, "community": _community, "five": _five,
    }  # fmt: skip
    maker = makers.get(head)
    return maker(session, tongue, tail) if maker is not None else ""


def group_note(session: Session, tongue: Tongue, group: str) -> str:
    """What stands at the right end of a group's head."""
    own = session.view.own
    if group == "research" and session.view.levers != "five":
        return split(session, tongue)
    if group == "compute" and own.unserved > 0.0005:
        return tongue.say("tui.board.full-need", amount=own.capacity / max(1.0 - own.unserved, 0.05))
    if group == "compute":
        return tongue.say("tui.note.compute-head", capacity=own.capacity, share=own.utilisation)
    if group == "people":
        return tongue.say("tui.note.people-head", count=sum(own.staff.values()), arriving=sum(own.arriving_staff.values()))
    if group == "money":
        return tongue.say("tui.note.money-head", share=own.founders_share)
    return ""


def split(session: Session, tongue: Tongue) -> str:
    """How research is divided, in per cent that add up to a hundred."""
    from game.tui.kit.bars import shares

    parts = [value if (value := session.value(name)) == value else 0.0 for name in PARTS]
    if sum(parts) <= 0:
        return ""
    hundred = shares(parts, 100)
    return tongue.say("tui.note.split", **dict(zip(("scale", "efficiency", "safety"), hundred, strict=True)))


def _price(session: Session, tongue: Tongue, which: str) -> str:
    view = session.view
    segment = {"token": "developers", "app": "consumers"}.get(which)
    field = f"price_{which}"
    rivals = [f for f in view.firms if f.index != view.firm and f.status == "active"]
    rivals.sort(key=lambda f: -f.share.get(segment, 0.0) if segment else f.rank)
    write = tongue.price if which != "solution" else lambda value: f"×{tongue.number(value, 2)}"
    parts = [f"{tongue.firm(f.id)} {write(getattr(f, field))}" for f in rivals[:2]]
    if which == "token":
        parts.insert(0, f"{tongue.say('ui.board.cost')} {tongue.price(view.own.unit_cost)}")
        parts.append(tongue.say("tui.board.median", price=view.market.token_price))
    return _line(tongue, parts)


def _research(session: Session, tongue: Tongue, which: str) -> str:
    view = session.view
    if which == "budget":
        value = session.value("research.budget")
        share = value / view.own.revenue if view.own.revenue > 0 and not math.isnan(value) else None
        parts = [] if share is None else [tongue.say("ui.board.of-revenue", share=share)]
        parts.append(f"{tongue.quantity('capability')} {tongue.write(view.own.capability, 'points')}")
        parts.append(f"{tongue.say('ui.board.frontier')} {tongue.write(view.market.frontier, 'points')}")
        return _line(tongue, parts)
    if which == "efficiency":
        return _line(tongue, [f"{tongue.quantity('unit_cost')} {tongue.price(view.own.unit_cost)}",
                              f"{tongue.quantity('efficiency')} ×{tongue.number(view.own.efficiency)}"])  # fmt: skip
    if which == "safety":
        return _line(tongue, [f"{tongue.quantity('safety')} {tongue.write(view.own.safety, 'points')}",
                              f"{tongue.quantity('trust')} {tongue.percent(view.own.trust, 0)}"])  # fmt: skip
    return _line(tongue, [f"{tongue.quantity('capability')} {tongue.write(view.own.capability, 'points')}",
                          f"{tongue.say('ui.board.best-open')} {tongue.write(view.market.best_open, 'points')}"])  # fmt: skip


def _knowledge(session: Session, tongue: Tongue, segment: str) -> str:
    own = session.view.own
    if segment not in VERTICALS:
        return ""
    return _line(tongue, [
        f"{tongue.quantity('accuracy')} {tongue.percent(own.accuracy.get(segment), 0)}",
        f"{tongue.quantity('freshness')} {tongue.percent(own.freshness.get(segment), 0)}",
        f"{tongue.quantity('contracts')} {tongue.count(own.customers.get(segment))}",
    ])  # fmt: skip


def _staff(session: Session, tongue: Tongue, segment: str) -> str:
    own = session.view.own
    if segment not in SEGMENTS:
        return ""
    parts = [f"{tongue.quantity('leads')} {tongue.count(own.leads.get(segment))}"]
    if segment in VERTICALS:
        parts.append(f"{tongue.quantity('pilots')} {tongue.count(own.pilots.get(segment))}")
    if own.arriving_staff.get(segment):
        parts.append(tongue.say("tui.note.arriving-staff", count=own.arriving_staff[segment]))
    return _line(tongue, parts)


def _compute(session: Session, tongue: Tongue, source: str) -> str:
    view = session.view
    if source not in SOURCES:
        return ""
    parts = [tongue.say("tui.note.now", amount=view.own.compute.get(source, 0.0))]
    coming = [v for v in view.own.arriving.get(source, []) if v > 0]
    if coming:
        parts.append(tongue.say("tui.note.next", amount=coming[0]))
    parts.append(tongue.say("tui.note.per-p", amount=view.market.compute_price.get(source, 0.0)))
    if source == "import":
        parts.append(tongue.say("ui.market.import-open", share=view.market.import_open))
    return _line(tongue, parts)


def _finance(session: Session, tongue: Tongue, which: str) -> str:
    own = session.view.own
    if which == "raise":
        asked = session.value("finance.raise")
        coming = [] if math.isnan(asked) or asked <= 0 else [
            tongue.say("tui.note.raise", low=asked * own.raise_low, high=asked * own.raise_high)
        ]
        return _line(tongue, [*coming, f"{tongue.quantity('equity')} {tongue.money(own.equity)}",
                              tongue.say("ui.market.sentiment", sentiment=session.view.market.sentiment)])  # fmt: skip
    return _line(tongue, [f"{tongue.quantity('debt')} {tongue.money(own.debt)}",
                          f"{tongue.quantity('credibility')} {tongue.percent(own.credibility, 0)}"])  # fmt: skip


def _guidance(session: Session, tongue: Tongue, which: str) -> str:
    own = session.view.own
    what = which.partition(".")[0]
    filled = [tongue.say("tui.guidance.auto")] if f"guidance.{which}" in session.filled else []
    return _line(tongue, [
        spoken_of(session, tongue, what), *filled,
        f"{tongue.say('ui.board.last-quarter')} {tongue.money(own.cash if what == 'cash' else own.revenue)}",
        f"{tongue.quantity('credibility')} {tongue.percent(own.credibility, 0)}",
    ])  # fmt: skip


def spoken_of(session: Session, tongue: Tongue, what: str, *, pending: bool = False) -> str:
    """``cash`` or ``revenue`` with the quarter that guidance given now is scored at: the end of the next one.

    ``pending`` speaks of guidance given the quarter before, which is scored when the quarter at hand ends.
    """
    quarter = session.view.quarter + (0 if pending else 1)
    year, n = FIRST_YEAR + quarter // 4, quarter % 4
    return tongue.say(f"tui.guidance.{what}", year=str(year), part="一二三四"[n] if tongue.lang == "zh" else f"Q{n + 1}")


def pending_words(session: Session, tongue: Tongue) -> list[str]:
    """Guidance that waits for its score, a phrase each."""
    out = []
    for what in ("cash", "revenue"):
        low, high = (session.pending.get(f"guidance.{what}.{end}") for end in ("low", "high"))
        if low is not None and high is not None:
            out.append(f"{spoken_of(session, tongue, what, pending=True)} {tongue.money(low)}–{tongue.money(high)}")
    return out


def _community(session: Session, tongue: Tongue, _: str) -> str:
    return f"{tongue.quantity('community')} {tongue.number(session.view.own.community, 0)}"


def _five(session: Session, tongue: Tongue, which: str) -> str:
    if which == "compute":
        return group_note(session, tongue, "compute")
    own = session.view.own
    best = max(VERTICALS, key=lambda v: own.accuracy.get(v, 0.0))
    return f"{tongue.segment(best)} {tongue.quantity('accuracy')} {tongue.percent(own.accuracy.get(best), 0)}"


def _line(tongue: Tongue, parts: list[str]) -> str:
    return " · ".join(parts)
