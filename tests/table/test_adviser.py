"""The adviser: its numbers against the engine's own, its border, and that it is silent where it knows too little."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from game.content import Content, load
from game.content.resolve import parameter_values
from game.engine import compute, derive, finance, research
from game.engine.names import LEVER, SEGMENTS
from game.engine.view import observe
from game.language import Tongue
from game.language.counsel import advice_words
from game.table.adviser import IDS, KINDS, Advice, advise
from game.table.adviser_desk import Desk, Parameters
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.table import Table
from game.table.wire import Draft, Forecast, Preview, Report, SeatView


@lru_cache(maxsize=1)
def content() -> Content:
    return load()


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    return parameter_values(content())


class Moment:
    """What a seat knows at one moment, and the table behind it for the test alone."""

    def __init__(self, table: Table, view: SeatView, report: Report | None, bill: Preview, before: SeatView | None):
        self.table, self.view, self.report, self.bill, self.before = table, view, report, bill, before
        self.rules = table.market.source  # type: ignore[attr-defined]

    def advise(self, **changes: Any) -> dict[str, Advice]:
        given: dict[str, Any] = {"report": self.report, "bill": self.bill, "before": self.before, **changes}
        view = given.pop("view", self.view)
        return {piece.id: piece for piece in advise(view, parameters(), **given)}


def play(folder: Path, scenario: str, seed: str, quarters: int, levers: dict[str, float]) -> list[Moment]:
    """A game in which some levers are set in the first quarter and stand after that."""

    async def go() -> list[Moment]:
        host = LocalHost(content(), folder, "0")
        seat = await host.new_game(Founding(scenario, seed=seed))
        found: list[Moment] = []
        before = None
        for n in range(quarters):
            view = await seat.view()
            if view.ended:
                break
            draft = dict(levers) if n == 0 else {}
            if view.card is not None:
                draft["card.choice"] = float(next(c.index for c in reversed(view.card.choices) if c.allowed))
            if view.distress is not None:
                draft["distress.choice"] = 0.0
            assert host.table is not None
            report = await seat.last_report()
            found.append(Moment(host.table, view, report, await seat.preview(Draft(view.quarter)), before))
            await seat.submit(Draft(view.quarter, draft))
            before = view
        host.close()
        return found

    return asyncio.run(go())


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> list[Moment]:
    """Quarters of three games: one left alone, one that sells below cost with few machines, one of a lesson."""
    folder = tmp_path_factory.mktemp("adviser")
    cheap = {"price.token": 2.0, "compute.import": 10.0, "staff.finance": 2.0}
    return [
        *play(folder, "war", "3", 4, {}), *play(folder, "war", "4", 5, cheap), *play(folder, "price-war", "5", 5, {}),
    ]  # fmt: skip


def own(moment: Moment, array: Any) -> float:
    return float(array[0, 0])


def test_runway_is_cash_by_the_net_outflow_of_the_bill(moments: list[Moment]) -> None:
    seen = 0
    for moment in moments:
        paid = -sum(line.amount_fen for line in moment.bill.lines if line.amount_fen < 0) / 100
        out = paid - moment.view.own.revenue
        piece = moment.advise().get("runway")
        due = moment.view.own.committed - moment.view.own.contracted - (moment.view.own.cash - out)
        wanted = out > 0 and 0 < moment.view.own.cash < 4 * out and (due <= 0 or moment.view.distress is not None)
        assert (piece is not None) == wanted
        if piece is not None:
            seen += 1
            assert piece.args["left"] == pytest.approx(moment.view.own.cash / out)
            assert piece.args["cash"] / piece.args["out"] == pytest.approx(piece.args["left"])  # type: ignore[operator]
            assert piece.stake == pytest.approx(4 * out - moment.view.own.cash)
    assert seen >= 3


def test_distress_is_announced_by_the_rule_that_brings_it(moments: list[Moment]) -> None:
    assert any("distress" in moment.advise() for moment in moments)
    for moment in moments:
        piece = moment.advise().get("distress")
        if piece is None:
            continue
        args = {k: float(v) for k, v in piece.args.items()}
        assert args["short"] == pytest.approx(args["due"] - args["signed"] - args["closing"]) and args["short"] > 0
        assert args["due"] == moment.view.own.committed and args["signed"] == moment.view.own.contracted
        assert args["due"] == pytest.approx(own(moment, derive.committed(moment.rules, at(moment))))
        assert "runway" not in moment.advise()


def at(moment: Moment) -> Any:
    """The state as it was when the view was taken."""
    played = moment.view.quarter - moment.view.first_quarter
    return moment.table.market.unpack(moment.table._packed[played], moment.table.market.deck)


def test_loan_and_round_are_priced_as_the_rules_price_them(moments: list[Moment]) -> None:
    seen = 0
    for moment in moments:
        desk, state = Desk(moment.view, parameters(), {}), at(moment)
        assert desk.round_price == pytest.approx(own(moment, finance.round_price(moment.rules, state)))
        in_debt = state.evolve(debt=np.full_like(state.debt, 10**10), cash=np.abs(state.cash))
        assert desk.interest_rate * 1e8 == pytest.approx(own(moment, finance.interest(moment.rules, in_debt)))
        piece = moment.advise().get("credit")
        if piece is not None:
            seen += 1
            a = {k: float(v) for k, v in piece.args.items()}
            assert a["sold"] == pytest.approx(a["sum"] / (a["sum"] + a["price"]))
            assert a["interest"] == pytest.approx(4 * a["rate"] * a["sum"])
            assert a["worth"] == pytest.approx(a["sold"] * moment.view.own.founders_share * moment.view.own.equity)
    assert seen


def test_upkeep_costs_the_accuracy_that_a_quarter_without_it_costs(moments: list[Moment]) -> None:
    seen = 0
    for moment in moments:
        state, rules = at(moment), moment.rules
        desk = Desk(moment.view, parameters(), {})
        for paid in (0.0, 2e5, 1e9):
            levers = state.levers.copy()
            for segment in SEGMENTS[2:]:
                levers[LEVER[f"knowledge.{segment}"]] = paid
            after = research.learn(rules, state, levers)
            cap = derive.skills(rules, state)
            wanted = derive.accuracy(rules, cap, state.knowledge, after.freshness)
            before = derive.accuracy(rules, cap, state.knowledge, state.freshness)
            for v, segment in enumerate(SEGMENTS[2:], 2):
                assert desk.fading(segment, paid) == pytest.approx(float((before - wanted)[0, v, 0]), abs=1e-9)
                assert desk.fresh_after(segment, paid) == pytest.approx(float(after.freshness[0, v, 0]))
        piece = moment.advise().get("upkeep")
        if piece is not None:
            seen += 1
            segment = str(piece.args["segment"])
            stands = moment.view.standing[f"knowledge.{segment}"]
            assert piece.args["paid"] == stands and float(piece.args["due"]) > stands
            assert piece.args["gap"] == pytest.approx(float(piece.args["due"]) - stands)
            assert piece.lever == f"knowledge.{segment}"
            paid_up = moment.advise(draft={f"knowledge.{segment}": float(piece.args["due"])})
            assert paid_up.get("upkeep", piece).args["segment"] != segment or "upkeep" not in paid_up
    assert seen


def test_volume_is_what_was_sold(moments: list[Moment]) -> None:
    for moment in moments:
        desk = Desk(moment.view, parameters(), {}, moment.report)
        if moment.report is None:
            assert desk.volume == 0
            continue
        income = sum(line.amount_fen for line in moment.report.lines if line.id == "tokens") / 100
        mine = next(f for f in moment.view.firms if f.index == moment.view.firm)
        assert desk.volume * mine.price_token == pytest.approx(income)


def test_selling_below_cost_is_margin_by_volume(moments: list[Moment]) -> None:
    seen = 0
    for moment in moments:
        piece = moment.advise().get("below-cost")
        own_, price = moment.view.own, moment.view.standing["price.token"]
        volume = Desk(moment.view, parameters(), {}, moment.report).volume
        assert (piece is not None) == (volume > 0 and price < own_.unit_cost)
        if piece is not None:
            seen += 1
            assert piece.args["lost"] == pytest.approx((own_.unit_cost - price) * volume)
            assert "below-cost" not in moment.advise(draft={"price.token": own_.unit_cost * 1.01})
    assert seen


def test_matching_asks_for_the_volume_that_earns_the_same(moments: list[Moment]) -> None:
    seen = 0
    for moment in moments:
        piece = moment.advise().get("match")
        if piece is None:
            continue
        seen += 1
        a = {k: float(v) for k, v in piece.args.items()}
        assert a["times"] * (a["median"] - a["cost"]) == pytest.approx(a["price"] - a["cost"])
        assert a["median"] == moment.view.market.token_price and a["cost"] == moment.view.own.unit_cost
        assert "match" not in moment.advise(draft={"price.token": a["median"]})
    assert seen


def test_demand_turned_away_is_reckoned_from_the_machines_there_were(moments: list[Moment]) -> None:
    short = [m for m in moments if m.view.own.unserved > 0.02 and m.before is not None]
    assert short
    for moment in short:
        assert moment.before is not None and moment.report is not None
        p, share = moment.rules.params, moment.view.own.unserved
        earlier = next(m for m in moments if m.view is moment.before)
        machines = own(earlier, compute.delivered(earlier.rules, at(earlier)))
        need = machines * (p.serve_share + p.overflow) / (1 - share)
        piece = moment.advise().get("unserved")
        assert "unserved" not in moment.advise(before=None)
        if piece is None:
            continue
        a = piece.args
        desk = Desk(moment.view, parameters(), {}, moment.report, moment.bill, moment.before)
        assert float(a["more"]) + moment.view.own.capacity + desk.coming == pytest.approx(need / p.serve_share)
        assert float(a["missed"]) / (float(a["sold"]) + float(a["missed"])) == pytest.approx(share)
        assert float(a["bill"]) == pytest.approx(float(a["more"]) * float(a["price"]))


def test_what_the_view_does_not_hold_moves_no_advice(moments: list[Moment]) -> None:
    """Rivals' cash, debt, knowledge and people are in no view: two such markets look and are advised alike."""
    from game.table import sight

    for moment in moments[:3]:
        state, market = at(moment), moment.table.market
        hidden = {}
        for name in ("cash", "knowledge", "leads", "pilots"):
            other = getattr(state, name).copy()
            other[1:] = other[1:] * 0.5
            hidden[name] = other
        twin = state.evolve(**hidden)
        seen = [observe(moment.rules, s, (0,)) for s in (state, twin)]
        books = [sight.own(moment.rules, v) for v in seen]
        assert books[0] == books[1]
        limits = [sight.limits(market, s, v, 0) for s, v in zip((state, twin), seen, strict=True)]  # type: ignore[arg-type]
        views = [msgspec.structs.replace(moment.view, own=b, limits=m) for b, m in zip(books, limits, strict=True)]
        assert moment.advise(view=views[0]) == moment.advise(view=views[1])


def test_it_ranks_by_what_is_at_stake_and_looks_only_at_free_levers(moments: list[Moment]) -> None:
    for moment in moments:
        pieces = advise(moment.view, parameters(), report=moment.report, bill=moment.bill, before=moment.before)
        stakes = [piece.stake for piece in pieces]
        assert stakes == sorted(stakes, reverse=True) and all(stake >= 0 for stake in stakes)
        for piece in pieces:
            limit = moment.view.limits[piece.lever]
            assert not limit.locked and limit.high > limit.low and piece.id in IDS


def test_guidance_that_scored_worse_than_naive_is_added_up(moments: list[Moment]) -> None:
    moment = next(m for m in moments if m.report is not None and m.view.levers == "all")
    assert moment.report is not None
    missed = Forecast("cash", 10.0, 20.0, 25.0, 10.0 + 10 * 5.0, 40.0)
    wide = Forecast("revenue", 0.0, 90.0, 25.0, 90.0, 40.0)
    good = Forecast("cash", 10.0, 20.0, 15.0, 10.0, 40.0)
    for given, wanted in ((missed, "guidance-missed"), (wide, "guidance-wide"), (good, None)):
        report = msgspec.structs.replace(moment.report, forecasts=[given])
        found = {k: v for k, v in moment.advise(report=report).items() if k.startswith("guidance")}
        assert list(found) == ([wanted] if wanted else [])
        for piece in found.values():
            a = piece.args
            assert float(a["width"]) + 10 * float(a["miss"]) == pytest.approx(float(a["score"]))


def test_fresh_money_answers_the_call_for_it(moments: list[Moment]) -> None:
    moment = next(m for m in moments if "runway" in m.advise() and m.view.levers == "all")
    most = moment.view.limits["finance.raise"].high
    after = moment.advise(draft={"finance.raise": most})
    assert "runway" not in after
    if "runway-still" in after:
        own_ = moment.view.own
        got = most * 0.5 * (own_.raise_low + own_.raise_high)
        assert after["runway-still"].args["cash"] == pytest.approx(own_.cash + got)


def test_nothing_is_said_of_a_game_that_is_over(moments: list[Moment]) -> None:
    over = msgspec.structs.replace(moments[-1].view, ended="niche-master")
    assert advise(over, parameters()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_piece_has_its_words_and_no_hole_stays_open(moments: list[Moment], lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    for id in IDS:
        for part in ("say", "sum"):
            assert tongue.find(f"advice.{id}.{part}"), id
    for moment in moments:
        for piece in moment.advise().values():
            for words in advice_words(tongue, piece):
                assert "{" not in words and "--" not in words and "advice." not in words, words


def test_shown_ids_are_those_that_the_kinds_give() -> None:
    import inspect
    import re

    import game.table.adviser as module

    named = set(re.findall(r'desk, "([a-z-]+)"', inspect.getsource(module)))
    named |= {"runway", "runway-still", "guidance-missed", "guidance-wide"}
    assert named == set(IDS) and len(KINDS) == len({kind.__name__ for kind in KINDS})
