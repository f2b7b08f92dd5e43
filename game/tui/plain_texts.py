"""What the plain game says: every screen as lines of text, one fact a line, for screen readers, pipes and scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from game.engine.names import DISTRESS, ROUTES, VERTICALS
from game.tui.cautions import cautions
from game.tui.screens.conditions import goals, judge, own_firm

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.wire import Preview, Report, SeatView
    from game.tui.session import Session

Lines = Iterator[str]


def lever_value(content: Content, tongue: Tongue, lever: str, value: float) -> str:
    """A lever's value with its unit."""
    row = content.levers.get(lever)
    if row is None:
        return tongue.number(value)
    if row.kind == "route":
        return tongue.route(int(value))
    if row.kind == "share" and row.high > 1.5:  # parts of a hundred, not shares of one
        return f"{tongue.number(value)} {tongue.pick(row.unit)}"
    shown = tongue.lever_value(lever, value)
    return shown if row.kind in ("money", "price", "flops") else f"{shown} {tongue.pick(row.unit)}"


def _fact(tongue: Tongue, name: str, value: str) -> str:
    return f"{name}：{value}" if tongue.lang == "zh" else f"{name[:1].upper()}{name[1:]}: {value}"


def _aside(tongue: Tongue, text: str) -> str:
    return f"（{text}）" if tongue.lang == "zh" else f" ({text})"


def _points(tongue: Tongue, share: float) -> str:
    return tongue.say("screens.plain.points", change=tongue.signed(share * 100))


def position(session: Session, tongue: Tongue, preview: Preview | None = None) -> Lines:
    """Where the firm stands; ``preview`` is the first quarter's bill, of which the runway is then reckoned."""
    view, say = session.view, tongue.say
    own, firm = view.own, own_firm(view)
    turn = view.quarter - view.first_quarter + 1
    yield say("ui.plain.head", quarter=view.quarter, turn=turn, quarters=view.quarters, act=tongue.act(view.act))
    q = tongue.quantity
    runway = say("ui.state.endless") if own.runway is None else say("screens.plain.quarters", count=f"{own.runway:.1f}")
    if preview is not None:
        due = own.cash - preview.cash_after_fen / 100 - own.contracted
        if due > 0:
            runway = say("screens.plain.quarters-due", count=f"{max(0.0, own.cash) / due:.1f}")
    share = firm.share.get(session.segment) if firm is not None else None
    facts = [
        (q("cash"), tongue.money(own.cash)), (q("runway"), runway), (q("revenue"), tongue.money(own.revenue)),
        (q("cost"), tongue.money(own.cost)), (q("value"), tongue.money(own.value)), (q("debt"), tongue.money(own.debt)),
        (f"{tongue.segment(session.segment)}{'' if tongue.lang == 'zh' else ' '}{q('share')}", tongue.percent(share)),
        (q("rank"), f"{firm.rank} / {len(view.firms)}" if firm is not None and firm.rank else "--"),
        (q("trust"), tongue.percent(own.trust, 0)), (q("capability"), tongue.write(own.capability, "points")
         + _aside(tongue, f"{q('frontier')} {tongue.write(view.market.frontier, 'points')}")),
        (q("unit_cost"), tongue.price(own.unit_cost)), (q("utilisation"), tongue.percent(own.utilisation, 0)),
        (q("committed"), tongue.money(own.committed)), (q("contracted"), tongue.money(own.contracted)),
    ]  # fmt: skip
    yield from (_fact(tongue, name, value) for name, value in facts)
    yield from pending(session, tongue)


def pending(session: Session, tongue: Tongue) -> Lines:
    """What waits for an answer, and what the draft changes."""
    view, say = session.view, tongue.say
    if view.distress is not None and "distress.choice" not in session.levers:
        yield say("ui.board.pending-distress")
    if view.card is not None and "card.choice" not in session.levers:
        yield say("ui.board.pending", count=1) + say("screens.plain.see-card", title=tongue.card(view.card.id).title)
    yield say("ui.board.changes", count=session.changes) if session.changes else say("ui.board.no-change")


def levers(session: Session, content: Content, tongue: Tongue, names: Sequence[str], only: str = "") -> Lines:
    """Numbered levers by group with value, range and what was changed; ``only`` one group."""
    group = ""
    for place, name in enumerate(names, 1):
        row = content.levers.get(name)
        if row is None or (only and row.group != only):
            continue
        if row.group != group:
            group = row.group
            yield f"[{tongue.say(f'ui.group.{group}')}]"
        limit, value = session.view.limits[name], session.value(name)
        shown = lever_value(content, tongue, name, value)
        if session.changed(name):
            was = lever_value(content, tongue, name, session.standing(name))
            shown = tongue.say("screens.plain.was", now=shown, was=was)
        if limit.locked:
            ends = tongue.say("ui.error.locked", why=tongue.say(limit.locked))
        else:
            ends = span(content, tongue, name, limit)
        yield f"{place}. {tongue.lever(name)} ({name}): {shown}; {ends}"


def span(content: Content, tongue: Tongue, lever: str, limit: Any) -> str:
    """What a lever takes."""
    if lever == "route":
        return " ".join(f"{i + 1}={tongue.route(name)}" for i, name in enumerate(ROUTES))
    low, high = (lever_value(content, tongue, lever, end) for end in (limit.low, limit.high))
    return tongue.say("ui.board.range", low=low, high=high)


def card(session: Session, tongue: Tongue) -> Lines:
    """The cards on the desk with their choices, numbered as ``choose`` wants them."""
    view, say = session.view, tongue.say
    if view.distress is not None:
        yield say("distress.title")
        yield say("distress.text", amount=max(0.0, view.own.committed - view.own.cash - view.own.contracted))
        for i, choice in enumerate(view.distress.choices):
            name = DISTRESS[choice.index] if choice.index < len(DISTRESS) else str(choice.index)
            closed = "" if choice.allowed else f" ({say('card.not-allowed')})"
            yield f"{i + 1}. {say(f'distress.names.{name}')}{closed}: {say(f'distress.consequences.{name}')}"
        yield from _chosen(session, tongue, "distress")
    if view.card is not None:
        words = tongue.card(view.card.id)
        yield words.title
        yield words.text
        for i, choice in enumerate(view.card.choices):
            label, text = words.choices[choice.index] if choice.index < len(words.choices) else (str(i + 1), "")
            cost = say("card.costs", amount=choice.cost) if choice.cost else say("card.costs-nothing")
            closed = "" if choice.allowed else f" ({say('card.not-allowed')})"
            yield f"{i + 1}. {label}{closed}: {text} [{cost}] {tongue.join(tongue.effects(choice.effects))}".rstrip()
        yield from _chosen(session, tongue, "card")
    if view.card is None and view.distress is None:
        yield say("screens.plain.no-card")


def _chosen(session: Session, tongue: Tongue, which: str) -> Lines:
    if f"{which}.choice" in session.levers:
        yield tongue.say("screens.plain.chosen", n=int(session.levers[f"{which}.choice"]) + 1)


def report(given: Report, tongue: Tongue) -> Lines:
    """What happened in a quarter and why, as lines that add up."""
    say = tongue.say
    yield say("ui.report.title", quarter=given.quarter)
    yield _fact(tongue, say("ui.report.opening"), tongue.money(given.opening_fen / 100))
    for line in given.lines:
        yield f"  {_fact(tongue, tongue.term('line', line.id), tongue.money(line.amount_fen / 100, sign=True))}"
    yield _fact(tongue, say("ui.report.closing"), tongue.money(given.closing_fen / 100))
    change = given.value_after - given.value_before
    ends = f"{tongue.money(given.value_before)} -> {tongue.money(given.value_after)}"
    yield _fact(tongue, tongue.quantity("value"), f"{ends} ({tongue.money(change, sign=True)})")
    for part, amount in sorted(given.value_parts.items(), key=lambda item: -abs(item[1])):
        yield f"  {_fact(tongue, tongue.term('value-part', part), tongue.money(amount, sign=True))}"
    for share in given.shares:
        ends = f"{tongue.percent(share.before)} -> {tongue.percent(share.after)}"
        name = f"{tongue.segment(share.segment)}{'' if tongue.lang == 'zh' else ' '}{tongue.quantity('share')}"
        yield _fact(tongue, name, f"{ends} ({_points(tongue, share.after - share.before)})")
        causes = [(c, a) for c, a in sorted(share.causes.items(), key=lambda item: -abs(item[1])) if abs(a) >= 0.0005]
        if causes:
            yield "  " + tongue.join(f"{tongue.term('cause', c)} {_points(tongue, a)}" for c, a in causes)
    for f in given.forecasts:
        kind = "hit" if f.low <= f.actual <= f.high else "missed-low" if f.actual < f.low else "missed-high"
        what = tongue.term("guidance", f.what.split(".")[-1])
        yield say(f"guidance.{kind}", what=what, low=f.low, high=f.high, actual=f.actual)
    yield from (tongue.message(m) for m in given.messages)


def news(view: SeatView, tongue: Tongue) -> Lines:
    """The gazette."""
    yield tongue.say("ui.app.paper")
    if not view.headlines:
        yield tongue.say("ui.board.no-news")
    yield from (f"- {tongue.message(m)}" for m in view.headlines)


def market(view: SeatView, tongue: Tongue, segment: str) -> Lines:
    """One segment: who holds how much at which price, then the market's own numbers."""
    from game.tui.screens.market_facts import ordered, price_of, remainder, remainder_name

    say, m = tongue.say, view.market
    colon, comma, stop = ("：", "，", "；") if tongue.lang == "zh" else (": ", ", ", "; ")
    yield (
        tongue.segment(segment) + _aside(tongue, say("screens.market.closed"))
        if segment not in m.open_segments
        else tongue.segment(segment)
    )
    for firm in ordered(view, segment):
        name = tongue.firm(firm.id)
        if firm.status != "active":
            yield f"- {name}{colon}{tongue.term('status', firm.status)}"
            continue
        price = price_of(firm, segment)
        asked = f"x{tongue.number(price, 2)}" if segment in VERTICALS else tongue.price(price)
        facts = (
            f"{tongue.quantity('share')} {tongue.percent(firm.share.get(segment, 0.0))}", f"{say('ui.market.price')} {asked}",
            f"{tongue.quantity('capability')} {tongue.write(firm.capability, 'points')}", tongue.route(firm.route),
            f"{tongue.quantity('trust')} {tongue.percent(firm.trust, 0)}",
            *([f"{tongue.quantity('rank')} {firm.rank}"] if firm.rank else []),
        )  # fmt: skip
        yield f"- {name}{colon}{comma.join(facts)}"
        yield from (f"    {tongue.message(tell)}" for tell in firm.tells)
    rest = remainder(view, segment)
    if rest > 0:
        yield f"- {tongue.term('firm', remainder_name(segment))}{colon}{tongue.percent(rest)}"
    have, may = tongue.count(m.adopters.get(segment, 0.0)), tongue.count(m.potential.get(segment, 0.0))
    yield say("ui.market.adopters", count=have, potential=may)
    yield say(f"screens.market.price-{'solution' if segment in VERTICALS else segment}")
    yield say("ui.market.live-models", count=m.live_models)
    yield say("ui.market.median-price", price=m.token_price) + stop + say("ui.market.low-price", price=m.token_price_low)
    yield say("ui.market.sentiment", sentiment=m.sentiment) + stop + say("ui.market.import-open", share=m.import_open)


def bill(preview: Any, tongue: Tongue) -> Lines:
    """What ending the quarter spends at once."""
    say = tongue.say
    yield say("ui.close.spend")
    for line in preview.lines:
        if line.amount_fen:
            yield f"  {_fact(tongue, tongue.term('line', line.id), tongue.money(line.amount_fen / 100, sign=True))}"
    yield _fact(tongue, say("ui.close.cash-after"), tongue.money(preview.cash_after_fen / 100))
    if any(line.id == "funding" and not line.amount_fen for line in preview.lines):
        yield say("tui.close.manages", what=say("tui.close.raises-some"))
    yield from cautions((*preview.warnings, *preview.errors), tongue)


def ending(view: SeatView, content: Content, tongue: Tongue, host: Any) -> Lines:
    """How it ended."""
    say = tongue.say
    yield say("ui.end.title", ending=view.ended)
    yield from tongue.epilogue(view.ended, judge(host, view))
    firm = own_firm(view)
    yield say("ui.end.final-value", amount=view.own.value)
    if firm is not None:
        yield say("ui.end.final-rank", rank=firm.rank, firms=len(view.firms))
    yield say("ui.end.survived", quarters=view.quarter - view.first_quarter)
    for goal, met in goals(view, content.scenarios.get(view.scenario), host):
        yield _fact(tongue, tongue.pick(goal.name), say("ui.end.goal-met" if met else "ui.end.goal-missed"))


def runs(listed: Sequence[Any], tongue: Tongue) -> Lines:
    """Saved runs, numbered as ``continue`` wants them."""
    from game.tui.screens.run_words import run_line

    if not listed:
        yield tongue.say("ui.runs.none")
    for i, entry in enumerate(listed, 1):
        line = run_line(entry, tongue)
        yield f"{i}. " + ", ".join(part for part in (line.name, line.right, line.below, line.state) if part)
