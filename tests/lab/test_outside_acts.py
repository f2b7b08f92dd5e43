"""The lab plays what was done from outside along: in runs under other parameters, and where luck is measured."""

from __future__ import annotations

import msgspec
import numpy as np

from game.content import Content
from game.engine import derive
from game.lab.analysis import luck
from game.lab.analysis.baselines import Setting
from game.lab.analysis.regret import scaled
from game.lab.whatif import play_again
from game.table.contract import HUMAN
from game.table.lines import FoundAgain, Managed
from game.table.local import market_for, seats_of
from game.table.table import Table, digest_of
from game.table.wire import Draft

BAN = "ban-tightens"


def test_a_run_with_acts_from_outside_comes_out_again_under_its_own_rules_and_plays_under_others(shipped: Content) -> None:
    market = market_for(shipped, "price-war", "app-team", "apprentice", "none", "1", "all")
    table = Table.new(market, seats_of(shipped, market, HUMAN), seed="7", to_the_end=True, planned={6: [BAN]})
    while not table.over:
        if table.may_found_again(0):
            table.found_again(0)
            table.manage(0)
        elif table.waiting:
            high = {n: table.view(0).limits[n].high for n in ("research.budget", "community.budget")}
            if card := table.market.card(table.state, 0):
                high["card.choice"] = float(market.open_choices(table.state, 0).index(True))
                assert card
            if market.distressed(table.state, 0):
                high["distress.choice"] = 4.0
            table.submit(0, Draft(table.quarter, high))
        table.step()
    run = table.record.run()
    acts = [act for quarter in run.quarters for act in quarter.outside]
    assert acts == [FoundAgain(0), Managed(0)]
    assert digest_of(market.pack(play_again(market, run))) == run.quarters[-1].digest
    # under richer parents nobody need go bankrupt: the second founding is then left out, and nothing breaks
    other = market_for(shipped, "price-war", "big-company-division", "founder", "none", "1", "all")
    rich = msgspec.structs.replace(run.head, firms=other.firms)
    state = play_again(other, type(run)(**{**vars(run), "head": rich}))
    assert state.quarter == market.first + market.quarters


def test_luck_is_measured_with_the_cards_that_were_dealt_to_all(shipped: Content) -> None:
    market = market_for(shipped, "first-lesson", "lab-spin-off", "apprentice", "none", "1")
    table = Table.new(market, seats_of(shipped, market, "thumb"), seed="7", planned={2: [BAN]})
    values = []
    while not table.over:
        table.step()
        values.append(float(scaled(derive.value(table.state)[0])[0]))
    setting = Setting("first-lesson", "lab-spin-off", "apprentice", "none")
    seats = tuple(table.head.seats)
    with_card, without = (
        luck.on_seed(setting, market.digest, market.source, seats, 0, table.head.seed, ("thumb",), planned=planned)["thumb"]
        for planned in (((2, BAN),), ())
    )
    assert with_card == values and with_card[:2] == without[:2] and not np.allclose(with_card, without)
