"""What happened in a quarter, and what ending it would spend: the engine's ledger as messages for one seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from game.engine import derive
from game.engine.effects import effect_amount, effect_key
from game.engine.finance import interval_score, naive_interval
from game.engine.limits import GUIDANCE
from game.engine.names import LEVER, LINE, LINES, ROUTES, SEGMENTS, VERTICALS
from game.engine.play import Ledger
from game.engine.rules import CardRule, EffectRule
from game.engine.state import State
from game.engine.view import observe
from game.policies.default import parent
from game.table import why
from game.table.explain import Evidence
from game.table.lines import Levers
from game.table.sight import number
from game.table.wire import WIRE_VERSION, Forecast, Line, Message, Preview, Report

if TYPE_CHECKING:
    from game.table.market import EngineMarket

SPENT: Final = (
    "borrowing", "compute", "rent", "energy", "wages", "research", "knowledge", "community", "fixed", "interest",
    "switching",
)  # fmt: skip
"""Lines that follow from the firm's own books and levers alone, so that a preview tells nothing that is not its own."""


def report(
    market: EngineMarket, before: State, after: State, ledger: Ledger, evidence: Evidence, firm: int
) -> Report:
    """What happened to a firm between two states; ``evidence`` is what its own books and the public know of it."""
    lines = [Line(name, int(ledger.lines[LINE[name], firm, 0])) for name in LINES if ledger.lines[LINE[name], firm, 0]]
    given = forecasts(market, before, after, firm)
    ended = market.ending(after, firm, after.quarter > market.source.last)
    messages = happened(market, before, after, ledger, firm) + guidance_messages(before, after, firm, given)
    if ended and market.active(before, firm):
        messages.append(Message(f"ending.{ended}", {"firm": market.firms[firm]}))
    return Report(
        version=WIRE_VERSION, quarter=before.quarter, opening_fen=int(before.cash[firm, 0]),
        closing_fen=int(after.cash[firm, 0]), lines=lines,
        shares=why.shares(evidence),
        value_before=number(derive.value(before)[firm, 0]), value_after=number(derive.value(after)[firm, 0]),
        value_parts=why.value_parts(evidence), messages=messages, forecasts=given,
        ended=ended,
    )  # fmt: skip


def forecasts(market: EngineMarket, before: State, after: State, firm: int) -> list[Forecast]:
    """Guidance given a quarter ago for this one, scored as the engine scores it; degenerate intervals count as none."""
    out = []
    cash, revenue = after.cash / 100.0, after.revenue
    known = (before.cash_before / 100.0, before.revenue_before)
    for row, what, actual, last in ((0, "cash", cash, known[0]), (2, "revenue", revenue, known[1])):
        low, high = before.guidance[row], before.guidance[row + 1]
        if not (np.isfinite(low[firm, 0]) and np.isfinite(high[firm, 0]) and high[firm, 0] > low[firm, 0]):
            continue
        naive = naive_interval(market.source, last)
        mine, theirs = interval_score(low, high, actual), interval_score(*naive, actual)
        out.append(Forecast(what, *(number(x[firm, 0]) for x in (low, high, actual, mine, theirs))))
    return out


def guidance_messages(before: State, after: State, firm: int, given: list[Forecast]) -> list[Message]:
    """How guidance met the books."""
    out = []
    for f in given:
        kind = "hit" if f.low <= f.actual <= f.high else "missed-low" if f.actual < f.low else "missed-high"
        out.append(Message(f"guidance.{kind}", {"what": f.what, "low": f.low, "high": f.high, "actual": f.actual}))
    if given:
        credibility = number(after.credibility[firm, 0])
        kind = "better" if sum(f.score for f in given) < sum(f.naive for f in given) else "worse"
        if (credibility > before.credibility[firm, 0]) == (kind == "better"):
            out.append(Message(f"guidance.{kind}", {"credibility": credibility}))
    return out


def happened(market: EngineMarket, before: State, after: State, ledger: Ledger, firm: int) -> list[Message]:
    """Events of the firm's own quarter, gravest first."""
    out: list[Message] = []
    if before.card[firm, 0] >= 0 and market.active(before, firm):
        card = market.source.cards[int(before.card[firm, 0])]
        asked = after.levers[LEVER["card.choice"], firm, 0]
        last = len(card.choices) - 1
        choice = last if np.isnan(asked) else int(min(max(asked, 0), last))
        if not market.open_choices(before, firm)[choice]:
            choice = last
        out.append(Message("card.chosen", {"card": card.id, "choice": choice}))
        out += _luck(market, before, card.choices[choice].effects, card, choice, firm)
    if market.distressed(before, firm):
        survived = market.active(after, firm)
        out.append(Message("distress.survived" if survived else "distress.failed"))
    out += _money(market, before, after, ledger, firm)
    lost = number(after.unserved[firm, 0])
    if lost >= 0.01:
        out.append(Message("own.outage", {"share": lost}))
    if before.route[firm, 0] != after.route[firm, 0]:
        cost = -number(ledger.lines[LINE["switching"], firm, 0]) / 100.0
        out.append(Message("own.route-done", {"route": ROUTES[int(after.route[firm, 0])], "amount": cost}))
    if before.released[firm, 0] < -49.0 <= after.released[firm, 0]:
        out.append(Message("own.released"))
    bids, won = (int(getattr(ledger.awards, n)[firm, 0]) for n in ("bids", "won"))
    if bids:
        income = number(ledger.awards.income[firm, 0])
        out.append(Message("own.tender-result", {"bids": bids, "won": won, "amount": income}))
    out += _industries(market, before, after, firm)
    coming = int(before.coming[firm, 0])
    if coming >= 0 and market.active(after, firm):
        card = market.source.cards[coming]
        came = "came" if after.card[firm, 0] == coming else "passed"
        out.append(Message(f"card.{came}", {"card": card.id, "odds": card.odds}))
    was, now = int(derive.ranks(before)[firm, 0]), int(derive.ranks(after)[firm, 0])
    if was != now:
        out.append(Message("own.rank-up" if now < was else "own.rank-down", {"rank": now}))
    return out


def _luck(
    market: EngineMarket, before: State, effects: Sequence[EffectRule], card: CardRule, choice: int, firm: int
) -> list[Message]:
    """The draw of every effect that was shown as uncertain: the odds before, the outcome after."""
    out = []
    at, game = np.array([firm]), np.array([0])
    for place, effect in enumerate(effects):
        if effect.chance >= 1.0 or not (effect.low or effect.high):
            continue
        drawn = effect_amount(effect, before, effect_key(card, choice, place), at, game)[0]
        kind = "luck-good" if drawn != 0.0 else "luck-bad"
        out.append(Message(f"card.{kind}", {"card": card.id, "odds": effect.chance}))
    return out


def _money(market: EngineMarket, before: State, after: State, ledger: Ledger, firm: int) -> list[Message]:
    out = []
    asked = number(after.levers[LEVER["finance.raise"], firm, 0])
    if asked > 0 and after.status[firm, 0] == 0:
        share, left = number(before.founders[firm, 0]), number(after.founders[firm, 0])
        given = parent(market.source, observe(market.source, before, (firm,)))[0, 0]
        amount = number(ledger.lines[LINE["funding"], firm, 0]) / 100.0 - number(given)
        if left < share and amount > 0:
            told: dict[str, float | int | str] = {"asked": asked, "amount": amount, "dilution": 1.0 - left / share}
            out.append(Message("own.raise-filled", told))
        else:
            out.append(Message("own.raise-failed", {"asked": asked}))
    if after.cash[firm, 0] < 0:
        out.append(Message("own.overdraft", {"amount": -number(after.cash[firm, 0]) / 100.0}))
    return out


def _industries(market: EngineMarket, before: State, after: State, firm: int) -> list[Message]:
    out = []
    rules = market.source
    accuracy = [
        derive.accuracy(rules, derive.capability(rules, s.lnc), s.knowledge, s.freshness)[firm, :, 0]
        for s in (before, after)
    ]
    for v, segment in enumerate(SEGMENTS):
        if segment not in VERTICALS:
            continue
        signed = round(number(after.signed[firm, v, 0])) - round(number(before.signed[firm, v, 0]))
        if signed > 0:
            out.append(Message("own.contract-signed", {"segment": segment, "count": signed}))
        fell = number(accuracy[0][v] - accuracy[1][v])
        if fell >= 0.02 and after.freshness[firm, v, 0] < before.freshness[firm, v, 0]:
            out.append(Message("own.drift", {"segment": segment, "points": fell}))
    return out


def preview(market: EngineMarket, state: State, firm: int, levers: Mapping[str, float]) -> Preview:
    """What ending the quarter would spend at once.

    The quarter is played with everybody else standing still and no card or distress carried out; of its ledger only
    lines that follow from the firm's own books are shown, so two markets that look the same give the same preview.
    """
    faults = market.faults(state, firm, levers)
    wrong = {m.args.get("lever") for m in faults}
    known = {k: v for k, v in levers.items() if k not in wrong}
    decisions: list[Levers] = [market.standing(state, f) for f in range(market.source.firms)]
    decisions[firm] = market.complete(state, firm, known)
    calm = state.evolve(card=np.full_like(state.card, -1), distress=np.zeros_like(state.distress))
    _, ledger = market.play(calm, decisions)
    lines = [Line(name, int(ledger.lines[LINE[name], firm, 0])) for name in SPENT if ledger.lines[LINE[name], firm, 0]]
    lines += _card_cost(market, state, firm, known)
    if market.source.five and "finance.raise" not in known and (decisions[firm]["finance.raise"] or 0.0) > 0:
        lines.append(Line("funding", 0))  # default management asks; what comes is not the firm's to know
    cash = int(state.cash[firm, 0]) + sum(line.amount_fen for line in lines)
    # an unanswered card is a warning here: the founder is still thinking
    faults = [m for m in faults if m.id not in ("draft.card-first", "draft.distress-first")]
    return Preview(lines, cash, warnings(market, state, firm, decisions[firm], known, lines, cash), faults)


def _card_cost(market: EngineMarket, state: State, firm: int, levers: Mapping[str, float]) -> list[Line]:
    if "card.choice" not in levers or not market.card(state, firm):
        return []
    choices = market.source.cards[int(state.card[firm, 0])].choices
    choice = choices[int(min(max(levers["card.choice"], 0), len(choices) - 1))]
    cost = round(100.0 * (choice.cash + choice.scale * number(state.cost[firm, 0])))
    return [Line("events_out", -cost)] if cost else []


def warnings(
    market: EngineMarket, state: State, firm: int, levers: Levers, moved: Mapping[str, float], lines: list[Line],
    cash: int,
) -> list[Message]:
    """What a founder should see before the quarter ends."""
    rules, p = market.source, market.source.params
    out: list[Message] = []
    if market.card(state, firm) and "card.choice" not in moved:
        out.append(Message("warn.card-open", {"card": market.card(state, firm)}))
    if cash < 0:
        told = {"amount": -cash / 100.0, "revenue": number(state.revenue[firm, 0])}
        out.append(Message("warn.cash-negative", told))
    cost, price = number(derive.token_cost(rules, state)[firm, 0]), levers["price.token"] or 0.0
    if price < cost:
        out.append(Message("warn.below-cost", {"price": price, "cost": cost}))
    route = int(levers["route"] or 0)
    if route != state.route[firm, 0]:
        paid = next((-line.amount_fen for line in lines if line.id == "switching"), 0)
        out.append(Message("warn.route-cost", {"amount": paid / 100.0}))
        if p.openness[route] > p.openness[int(state.route[firm, 0])]:
            out.append(Message("warn.route-final"))
    for segment in VERTICALS:
        stock = number(state.knowledge[firm, SEGMENTS.index(segment), 0])
        if stock > 0.5 and (levers[f"knowledge.{segment}"] or 0.0) < p.knowledge_upkeep * stock:
            out.append(Message("warn.upkeep", {"segment": segment}))
    names = list(LEVER)[GUIDANCE]
    for low, high in (names[:2], names[2:]):
        if (a := levers[low]) is not None and (b := levers[high]) is not None and a > b:
            out.append(Message("warn.guidance-crossed", {"what": low.split(".")[1]}))
    return out
