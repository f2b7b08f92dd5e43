"""The answer key is true: every fork played again comes out as stored, and says what the text says of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from game.content import Content, load
from game.content.digest import rules_digest
from game.content.schema import Text
from game.content.schema_lessons import Branch, Demonstration, Push
from game.engine.names import LEVER
from game.engine.version import RULES_VERSION
from game.lab.classwork.demonstrations import draft, market_of, outcome, parts, play, write_runs
from game.table.replay import replay
from game.table.runfile import read_run

SHIPPED = load()
NAME = Text(zh="名", en="name")


@pytest.fixture(scope="module")
def content() -> Content:
    return SHIPPED


@pytest.mark.parametrize("label", list(SHIPPED.lessons.demonstrations))
def test_a_fork_comes_out_as_stored(content: Content, label: str) -> None:
    found = outcome(content, content.lessons.demonstrations[label])
    stored = content.lessons.outcomes.numbers[label]
    assert found.keys() == stored.keys()
    for branch, numbers in stored.items():
        assert found[branch] == pytest.approx(numbers, rel=1e-6), branch


def test_outcomes_are_those_of_the_rules_at_hand(content: Content) -> None:
    outcomes = content.lessons.outcomes
    assert (outcomes.rules, outcomes.digest) == (RULES_VERSION, rules_digest(content))
    assert outcomes.numbers.keys() == content.lessons.demonstrations.keys()


SAYS: list[tuple[str, str]] = [
    ("deciding-quarter", "never.value > two.value > four.value > five.value > to-the-end.value"),
    ("deciding-quarter", "four.value - five.value > two.value - four.value"),  # the fifth quarter decides
    ("deciding-quarter", "to-the-end.ended > five.ended"),  # gone, and the others not
    ("matching-the-cut", "lab-half.value > lab.value"),
    ("matching-the-cut", "app.value > app-half.value"),
    ("matching-the-cut", "app-half.unserved > lab-half.unserved"),
    ("matching-the-cut", "lab-tenth.ended > lab.ended"),
    ("open-wins-and-loses", "insiders-layered.value > insiders-closed.value > insiders-bare.value"),
    ("open-wins-and-loses", "insiders-layered.contracts:all > insiders-closed.contracts:all"),
    ("open-wins-and-loses", "lab-closed.value > lab-open.value"),
    ("open-wins-and-loses", "lab-closed.developers > lab-open.developers"),
    ("seed-or-policy", "all.choice-part > all.seed-part"),
    ("seed-or-policy", "tenth.rank-low > plain.rank-high"),
    ("knowledge-fades", "keep.accuracy:finance > stop.accuracy:finance"),
    ("knowledge-fades", "keep.value - stop.value > keep.revenue - stop.revenue"),
    ("knowledge-fades", "keep.spent-knowledge - stop.spent-knowledge > keep.revenue - stop.revenue"),  # stopping looks good
    ("knowledge-in-the-long-run", "keep.revenue - stop.revenue > keep.spent-knowledge - stop.spent-knowledge"),
    ("least-trusted", "trades.value > closed.value > open.value"),
    ("least-trusted", "trades-compute.value > closed-compute.value > open-compute.value"),
    ("least-trusted", "closed-rent.value > trades-rent.value > open-rent.value"),
    ("law-or-parameters", "easy.survivors > dividend.survivors > gloomy.survivors"),
    ("law-or-parameters", "shipped.survivors - gloomy.survivors > dividend.survivors - shipped.survivors"),
    ("market-or-algorithm", "market.value > plain.value > algorithm.value > too-much.value"),
    ("market-or-algorithm", "too-much.contracts:all > market.contracts:all"),
    ("market-or-algorithm", "plain.trading > too-much.trading"),
    ("not-done", "busy.revenue > plain.revenue"),
    ("not-done", "plain.value > flip.value > busy.value"),
    ("not-done", "plain.cash > busy.cash"),
]


@pytest.mark.parametrize(("label", "claim"), SAYS)
def test_the_text_of_a_fork_says_what_came_out(content: Content, label: str, claim: str) -> None:
    def worth(term: str) -> float:
        first, *rest = (content.lessons.number(label, *place.strip().split(".")) for place in term.split(" - "))
        assert first is not None and None not in rest
        return first - sum(rest)  # type: ignore[arg-type]

    values = [worth(term) for term in claim.split(" > ")]
    assert all(a > b for a, b in pairwise(values)), values


def test_every_demonstration_has_claims_tested(content: Content) -> None:
    assert {label for label, _ in SAYS} == set(content.lessons.demonstrations)


def made(*push: Push, **changes: object) -> Demonstration:
    branch = Branch(id="b", name=NAME, push=list(push))
    shape = {"id": "d", "name": NAME, "scenario": "price-war", "seeds": ["7"], "branches": [branch, branch],
             "numbers": ["cash"], "see": NAME}  # fmt: skip
    return Demonstration(**{**shape, **changes})  # type: ignore[arg-type]


def test_a_run_file_is_the_same_play_and_recomputes(content: Content, tmp_path: Path) -> None:
    demonstration = content.lessons.demonstrations["deciding-quarter"]
    written = write_runs(content, demonstration, tmp_path)
    assert len(written) == len(demonstration.branches)
    branch = next(b for b in demonstration.branches if b.id == "five")
    path = tmp_path / "deciding-quarter-five.baimo"
    played = play(content, demonstration, branch, demonstration.seeds[0])
    run = read_run(path)
    assert run.state(len(run.quarters)) == played.market.pack(played.last)
    assert replay(played.market, run, check=True).difference is None


def test_only_what_a_pupil_sees_is_moved(content: Content) -> None:
    demonstration = made()
    market = market_of(content, demonstration, demonstration.branches[0])
    state = market.begin(market.seed("7"))
    levers = draft(market, state, "reactive", [])
    assert market.faults(state, 0, levers) == []
    assert set(levers) <= market.shown and "price.app" not in levers


@pytest.mark.parametrize(
    ("push", "quarters"),
    [(Push(lever="research.budget", set=0.0, turn=3, until=4), (3, 4)), (Push(lever="research.budget", set=0.0, turn=7), (7, 8))],
)
def test_a_push_holds_in_its_turns_and_only_there(content: Content, push: Push, quarters: tuple[int, ...]) -> None:
    demonstration = made(push)
    market = market_of(content, demonstration, demonstration.branches[0])
    state = market.begin(market.seed("7"))
    for turn in range(1, 9):
        at = state.evolve(quarter=market.first + turn - 1)
        pushed = draft(market, at, "reactive", [push])["research.budget"]
        plain = draft(market, at, "reactive", [])["research.budget"]
        assert (pushed < plain) == (turn in quarters)


def test_a_push_stays_within_the_limits(content: Content) -> None:
    demonstration = made(Push(lever="price.token", set=1e9))
    market = market_of(content, demonstration, demonstration.branches[0])
    state = market.begin(market.seed("7"))
    levers = draft(market, state, "reactive", demonstration.branches[0].push)
    assert levers["price.token"] == pytest.approx(content.levers["price.token"].high)
    assert LEVER["price.token"] == 1


def test_parameters_of_another_world_reach_the_market(content: Content) -> None:
    demonstration = made()
    plain = market_of(content, demonstration, Branch(id="a", name=NAME))
    other = market_of(content, demonstration, Branch(id="b", name=NAME, times={"compute_decline": 0.5}))
    assert other.source.params.compute_decline == pytest.approx(plain.source.params.compute_decline / 2)


def test_parts_of_a_spread_are_those_of_a_two_way_layout() -> None:
    """Against sums written out: total = seeds + choices + rest."""
    table = [[3.0, 5.0, 4.0], [6.0, 9.0, 6.0]]
    mean = sum(map(sum, table)) / 6
    total = sum((x - mean) ** 2 for row in table for x in row)
    seeds, choices = parts(table)
    rest = 0.0
    for r, row in enumerate(table):
        for c, x in enumerate(row):
            seed = sum(table[i][c] for i in (0, 1)) / 2
            choice = sum(table[r]) / 3
            rest += (x - seed - choice + mean) ** 2
    assert (seeds + choices) * total + rest == pytest.approx(total)
