"""The class beside bots: the same games as played one by one, and quantiles against a naive count."""

from __future__ import annotations

import numpy as np
import pytest

from game.content import Content
from game.engine import derive
from game.engine.draws import seed_array
from game.engine.play import play_quarter
from game.engine.start import begin
from game.foresight.decide import decide_all
from game.lab.classwork.model import Asked, Pupil
from game.lab.classwork.spread import BOTS, TEMPERED, Campaign, campaigns, class_field, play_out, spread, with_habits
from game.lab.classwork.verify import market_of
from game.table.auto import auto
from game.table.local import room_market, seats_of
from game.table.market import EngineMarket
from game.table.table import HUMAN
from tests.lab.classwork.made import made_report


@pytest.fixture(scope="module")
def market(shipped: Content, asked: Asked) -> EngineMarket:
    return market_of(shipped, asked)


@pytest.fixture(scope="module")
def seats(shipped: Content, market: EngineMarket) -> list[str]:
    return [who for _, who in sorted(seats_of(shipped, market, HUMAN).items())]


@pytest.mark.parametrize("policy", ["thumb", "random"])
def test_a_bot_plays_what_the_command_line_plays(
    shipped: Content, market: EngineMarket, seats: list[str], policy: str
) -> None:
    alone = auto(
        shipped, scenario="price-war", background="lab-spin-off", difficulty="manager", assume="none", policy=policy, seed="7"
    )  # fmt: skip
    games = next(c for p, habits, luck, c in campaigns(market.source, seats, market.seed("7"), {}) if p == policy and not habits)
    played = play_out(games)
    assert [q["value"] for q in alone["quarters"]] == pytest.approx(played.value[:, 0].tolist(), rel=1e-12)
    assert [q["cash"] for q in alone["quarters"]] == pytest.approx(played.cash[:, 0].tolist(), rel=1e-12)
    assert [q["bankrupt"] for q in alone["quarters"]] == [not there for there in played.alive[:, 0]]
    assert (played.low_price <= played.price).all()


def test_habits_differ_in_nothing_but_habits(market: EngineMarket) -> None:
    rules = market.source
    other = with_habits(rules, 3)
    assert (other.traits.focus[0] == rules.traits.focus[3]).all() and (other.traits.focus[1:] == rules.traits.focus[1:]).all()
    for name in ("skill_research", "fixed_cost", "budget", "import_access", "credit", "cloud"):
        assert getattr(other.traits, name) is getattr(rules.traits, name)
    assert other.params is rules.params


def test_every_policy_and_every_habit_is_in_the_field(market: EngineMarket, seats: list[str]) -> None:
    found = [(p, h, luck) for p, h, luck, _ in campaigns(market.source, seats, market.seed("7"), {})]
    assert len(set(found)) == len(found) == len(BOTS) + len(TEMPERED) * (market.source.firms - 1) + len(TEMPERED)
    assert {p for p, _, luck in found if luck == "same"} == set(BOTS)


def test_the_spread_of_a_class(market: EngineMarket, seats: list[str]) -> None:
    pupils = made_report().pupils
    heard: list[tuple[int, int]] = []
    found = spread(
        market.source, seats, market.seed("2024"), {}, pupils, [["yunshan"]] * 3 + [[]] * 5, seeds=4, processes=1,
        progress=lambda done, of: heard.append((done, of)),
    )  # fmt: skip
    assert heard[-1][0] == heard[-1][1] == len(heard)
    assert [f.alive for f in found.rivals if f.firm == "yunshan"] == [3] and all(f.of == 8 for f in found.rivals)
    same = [f for f in found.bots if f.luck == "same"]
    assert [f.policy for f in same] == ["", *BOTS] and same[0].games == sum(f.games for f in same[1:]) == len(found.games)
    values = [bot.value[-1] for bot in found.games]
    assert same[0].value[-1].median == pytest.approx(float(np.median(values)))
    other = [f for f in found.bots if f.luck == "other"]
    assert [f.policy for f in other] == ["", *TEMPERED] and [f.games for f in other] == [8, 4, 4]


def test_a_run_counts_in_the_class_as_far_as_it_goes(asked: Asked) -> None:
    pupils: list[Pupil] = made_report().pupils
    quarters = [asked.first + n for n in range(asked.quarters)]
    field = class_field(quarters, pupils)
    assert [b.games for b in field.value] == [8] * 5 + [7] * 3  # one stopped after five quarters
    for n, band in enumerate(field.value):
        values = sorted(p.rows[n + 1].value for p in pupils if len(p.rows) > n + 1)
        assert band.low <= band.quarter_low <= band.median <= band.quarter_high <= band.high
        assert values[0] <= band.low and band.high <= values[-1]
        middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
        assert band.median == pytest.approx(middle)
    assert field.alive == pytest.approx([1.0] * 5 + [6 / 7] * 3)  # pupil 3 went under in the sixth


def test_one_game_alone_is_the_game_in_a_batch(market: EngineMarket, seats: list[str]) -> None:
    rules, policy = market.source, ("thumb", *seats[1:])
    words = [seed_array([(1, n)]) for n in (5, 6)]
    both = play_out(Campaign(rules, policy, seed_array([(1, 5), (1, 6)]), {}))
    for n, one in enumerate(words):
        alone = play_out(Campaign(rules, policy, one, {}))
        assert alone.value[:, 0].tolist() == pytest.approx(both.value[:, n].tolist(), rel=1e-9)


def test_of_a_market_shared_every_seat_is_a_bot_of_the_same_games(shipped: Content) -> None:
    market = room_market(shipped, "price-war", ["lab-spin-off"] * 3, "manager", "none", "0")
    seats = [who for _, who in sorted(seats_of(shipped, market, HUMAN).items())]
    found = campaigns(market.source, seats, market.seed("7"), {}, own=3)
    assert all(c.own == 3 and c.seats[:3] == (policy,) * 3 for policy, _, _, c in found)
    games = next(c for policy, _, luck, c in found if policy == "thumb" and luck == "same")
    rules, state, values = games.rules, begin(games.rules, games.seeds), []
    for _ in range(rules.quarters):
        state, _ = play_quarter(rules, state, decide_all(rules, state, games.seats))
        values.append([float(derive.value(state)[seat, 0]) for seat in range(3)])
    assert play_out(games).value.tolist() == values
