"""The environments are the game: same luck, same rules, same view, and the same again from end to end."""

from __future__ import annotations

import dataclasses
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from game.content import Content
from game.engine.names import LEVERS
from game.engine.state import digest
from game.foresight.decide import decide_all
from game.lab.environments import NAME, register
from game.lab.extras import MissingLibrary
from game.table.auto import auto
from tests.lab.environment_builders import (
    QUARTERS,
    SHORT,
    bold,
    campaign,
    careful,
    episode,
    rich,
    same,
    stream,
)
from tests.lab.extra_libraries import need

need("gymnasium", "pettingzoo")
import gymnasium  # noqa: E402
from gymnasium.error import ResetNeeded  # noqa: E402
from gymnasium.utils.env_checker import check_env  # noqa: E402
from pettingzoo.test import parallel_api_test, parallel_seed_test  # noqa: E402

from game.lab.environments.parallel import MarketParallelEnv  # noqa: E402
from game.lab.environments.single import MarketEnv  # noqa: E402
from game.lab.environments.vector import MarketVectorEnv  # noqa: E402


@pytest.fixture
def no_warnings() -> Iterator[None]:
    """What the checks of the libraries only warn of is an error too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


# conformance, and what it misses


def test_gymnasium_finds_no_fault(no_warnings: None) -> None:
    check_env(MarketEnv(**SHORT), skip_render_check=True)
    env = gymnasium.make(register(), **SHORT)
    assert env.spec is not None and env.spec.id == NAME == register()
    assert same(env.reset(seed=3), MarketEnv(**SHORT).reset(seed=3))
    many = gymnasium.make_vec(NAME, num_envs=2, vectorization_mode="vector_entry_point", **SHORT)
    assert isinstance(many.unwrapped, MarketVectorEnv)


def test_pettingzoo_finds_no_fault(no_warnings: None, capsys: pytest.CaptureFixture[str]) -> None:
    parallel_api_test(MarketParallelEnv(**SHORT), num_cycles=24)
    parallel_seed_test(lambda: MarketParallelEnv(**SHORT), num_cycles=24)


class Faulty(MarketEnv):
    """Gives other things in its fourth step than another of its kind."""

    made = 0

    def __init__(self, what: str, **options: Any) -> None:
        super().__init__(**options)
        Faulty.made += 1
        self.what, self.taken, self.mine = what, 0, Faulty.made * 1e-4

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        self.taken = 0
        return super().reset(seed=seed, options=options)

    def step_levers(self, levers: Any) -> Any:
        self.taken += 1
        now = self.taken == 4
        if now and self.what == "state":
            s = self.playing()
            self._state = s.evolve(sentiment=s.sentiment + self.mine)
        observation, reward, *rest, info = super().step_levers(levers)
        if now and self.what == "observation":
            observation = observation.copy()
            observation[5] += self.mine
        if now and self.what == "info":
            info["rank"] += Faulty.made
        return observation, reward + (now and self.what == "reward") * self.mine, *rest, info


@pytest.mark.parametrize("seed", [1, 2])
def test_an_episode_is_the_same_again_from_end_to_end(seed: int) -> None:
    one = episode(rich(MarketEnv(**SHORT)), seed)
    assert same(one, episode(rich(MarketEnv(**SHORT)), seed))
    assert not same(one, episode(rich(MarketEnv(**SHORT)), seed + 10))


def test_the_whole_scenario_is_played() -> None:
    given = episode(rich(MarketEnv(**SHORT)), 1)
    assert len(given) == QUARTERS + 1 and given[-1][2:4] == (False, True)


@pytest.mark.parametrize("what", ["state", "observation", "reward", "info"])
def test_a_fault_in_the_fourth_step_is_found(what: str) -> None:
    one, two = (episode(rich(Faulty(what, **SHORT)), 1) for _ in range(2))
    assert len(one) > 5 and same(one[:4], two[:4]) and not same(one, two)


def test_a_campaign_of_all_firms_is_the_same_again_from_end_to_end() -> None:
    one, two = (campaign(rich(MarketParallelEnv(**SHORT)), 5) for _ in range(2))
    assert same(one, two)

    class Late(MarketParallelEnv):
        def step(self, actions: Any) -> Any:
            s = self.playing()
            if s.quarter == self.arena.rules.first + 3:
                self._state = s.evolve(trust=s.trust + 1e-9)
            return super().step(actions)

    assert not same(one, campaign(rich(Late(**SHORT)), 5))


# one game, many games, all firms


def test_a_row_of_the_vector_is_the_single_game() -> None:
    games, steps = 5, 24
    given = stream(rich(MarketVectorEnv(games, **SHORT)), 11, steps)
    twin = stream(gymnasium.vector.SyncVectorEnv([lambda: rich(MarketEnv(**SHORT))] * games), 11, steps)
    for step, (ours, theirs) in enumerate(zip(given, twin, strict=True)):
        for a, b in zip(ours[:-1], theirs[:-1], strict=True):
            assert np.array_equal(a, b), step
        for name in ("game", "quarter", "value", "rank", "status"):
            assert list(ours[-1][name]) == list(theirs[-1][name]), (step, name)
    gone, over = (np.array([g[k] for g in given[1:]]) for k in (2, 3))
    assert gone.any() and over.any() and not (gone & over).any()
    quarters = {len(set(g[-1]["quarter"])) for g in given[1:]}
    assert max(quarters) > 2, "games should have fallen out of step"
    names = {name for g in given for name in g[-1]["game"]}
    assert {"11", "11.1", "15.1"} <= names


def test_a_row_put_in_the_wrong_place_is_found() -> None:
    class Swapped(MarketVectorEnv):
        def _begin(self, rows: Any) -> Any:
            cohort = super()._begin(rows)
            return dataclasses.replace(cohort, rows=rows[::-1]) if 1 < len(rows) < self.num_envs else cohort

    actions = np.ones((4, len(LEVERS)), np.float32)
    given = []
    for kind in (MarketVectorEnv, Swapped):
        env = kind(4, **SHORT)
        given.append([env.reset(seed=3)[0]])
        given[-1] += [env.step(actions * [[1], [1], [1], [0]])[0] for _ in range(4)]
    assert not same(*given)


def test_seeds_of_a_vector() -> None:
    env = MarketVectorEnv(3, **SHORT)
    assert list(env.reset(seed=[9, None, 9])[1]["game"])[::2] == ["9", "9"]
    again = env.reset(seed=[None, 4, 9])[1]["game"]
    assert list(again) == ["9.1", "4", "9"]
    with pytest.raises(ValueError, match="2 seeds do not fit 3 games"):
        env.reset(seed=[1, 2])
    with pytest.raises(ValueError, match="do not fit"):
        env.step(np.zeros((2, len(LEVERS))))
    with pytest.raises(ValueError, match="at least 1"):
        MarketVectorEnv(0)


def test_one_agent_in_parallel_is_the_single_game() -> None:
    single = episode(rich(MarketEnv(**SHORT)), 2)
    parallel = campaign(rich(MarketParallelEnv(**SHORT, agents=["seat-1"])), 2)
    assert same(single, [tuple(x["seat-1"] for x in given) for given in parallel])


def test_firms_that_are_gone_leave() -> None:
    env = rich(MarketParallelEnv(**SHORT))
    env.reset(seed=1)
    everybody = env.agents
    assert tuple(everybody) == env.arena.rules.names
    for step in range(QUARTERS):
        before = list(env.agents)
        rows = dict(zip(everybody, bold(1, step, len(everybody)), strict=True))
        *given, infos = env.step({a: rows[a] for a in before})
        assert all(list(x) == before for x in (*given, infos))
        _, _, gone, over = given
        assert all(gone[a] == (infos[a]["status"] != "active") for a in before)
        assert over == {a: step == QUARTERS - 1 and not gone[a] for a in before}
        assert env.agents == [a for a in before if not gone[a] and not over[a]]
        if not env.agents:
            break
    assert not env.agents and any(a not in before for a in everybody) and over[before[0]]
    with pytest.raises(ResetNeeded):
        env.step({})
    env.reset()
    with pytest.raises(ValueError, match="seat-1 needs an action"):
        env.step({})


# the same game as everywhere else


@pytest.mark.parametrize(("scenario", "difficulty", "policy"), [("war", "manager", "reactive"),
                                                                ("price-war", "founder", "thumb")])
def test_it_is_the_game_that_auto_plays(shipped: Content, scenario: str, difficulty: str, policy: str) -> None:
    env = MarketEnv(scenario=scenario, difficulty=difficulty)
    seats = (policy, *env.arena.policies[1:])
    result = auto(shipped, scenario=scenario, background="lab-spin-off", difficulty=difficulty, assume="none",
                  policy=policy, seed="7")
    env.reset(seed=7)
    arena, ended = env.arena, False
    state = arena.begin(["7"])
    for row in result["quarters"]:
        decided = decide_all(arena.rules, state, seats)[:, :1]
        state = arena.play(state, decided)  # goes on to the end, whatever becomes of the firm
        if not ended:
            *_, gone, over, info = env.step_levers(decided[:, 0, 0])
            assert info["value"] == row["value"] and (info["status"] == "bankrupt") == row["bankrupt"]
            ended = gone or over
    assert ended and digest(state) == result["digest"]


def test_rewards_add_up_to_the_final_score() -> None:
    env = rich(MarketEnv(**SHORT))
    for seed, actions in ((1, careful), (2, lambda s, k: bold(s, k, 2)[1])):
        _, info = env.reset(seed=seed)
        total = np.log1p(info["value"] / 1e7)
        for step in range(QUARTERS):
            _, reward, gone, over, info = env.step(actions(seed, step))
            total += reward
            if gone or over:
                break
        assert total == pytest.approx(np.log1p(info["value"] / 1e7), abs=1e-9)
        with pytest.raises(ResetNeeded):
            env.step(actions(seed, 0))


def test_episodes_have_names_of_their_own() -> None:
    env = MarketEnv(**SHORT)
    with pytest.raises(ResetNeeded):
        env.step(careful(1, 1))
    names = [env.reset(**o)[1]["game"] for o in ({"seed": 5}, {}, {}, {"seed": 5}, {"options": {"game": "5.2"}})]
    assert names == ["5", "5.1", "5.2", "5", "5.2"]
    third = MarketEnv(**SHORT)
    third.reset(seed=5)
    third.reset()
    assert same(third.reset(), env.reset(options={"game": "5.2"}))
    assert MarketEnv(**SHORT).reset()[1]["game"] != MarketEnv(**SHORT).reset()[1]["game"]


# bad input


@pytest.mark.parametrize(("options", "said"), [
    ({"scenario": "wra"}, "there is no scenario 'wra'; did you mean 'war'"),
    ({"background": "x"}, "there is no background"), ({"difficulty": "foundr"}, "did you mean 'founder'"),
    ({"assume": "x"}, "there is no assumptions overlay"), ({"rivals": "planer"}, "did you mean 'planner'"),
    ({"rivals": ["thumb", "thumb"]}, "2 policies do not fit"),
])  # fmt: skip
def test_what_does_not_exist_is_said_in_a_sentence(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        MarketEnv(**{**SHORT, **options})
    assert "\n" not in str(caught.value)


def test_agents_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="there is no firm 'seat-2'"):
        MarketParallelEnv(**SHORT, agents=["seat-2"])
    for agents in ([], ["seat-1", "seat-1"]):
        with pytest.raises(ValueError, match="at least one firm, and none twice"):
            MarketParallelEnv(**SHORT, agents=agents)


@pytest.mark.parametrize(("kind", "module"), [("MarketEnv", "gymnasium"), ("MarketVectorEnv", "gymnasium"),
                                              ("MarketParallelEnv", "pettingzoo")])
def test_a_missing_library_is_said_in_a_sentence(kind: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import game.lab.environments as package

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingLibrary, match=f"needs library {module}.*extra 'env'"):
        getattr(package, kind)
    with pytest.raises(AttributeError):
        _ = package.Nothing
