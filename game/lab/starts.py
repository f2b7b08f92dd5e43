"""Start states of scenarios that begin later than 2023 Q1: one real state of ``war`` for each background.

``war`` is played at level ``manager`` with ``reactive`` in the player's seat; of all seeds in which the player still
trades, the one whose headline numbers lie nearest to their medians (in units of their spread) is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.content.starts import Starts, encode_state
from game.content.vocabulary import parse_quarter
from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.numeric import Array
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State, pack
from game.policies import decide_all

RECIPE = "war at level manager, reactive in the player's seat: of {seeds} seeds the one nearest to the medians"


def headline_numbers(rules: Rules, s: State) -> Array:
    """(K, G) what has to be typical: the player's cash, revenue, value, capability, and the market's price and size."""
    return np.stack([
        s.cash[0] / 100.0, s.revenue[0], derive.value(s)[0], s.lnc[0], s.lne[0], s.community[0], s.trust[0],
        derive.median_price(s), derive.live_models(s), s.sentiment, s.adopters[0], s.adopters[2],
    ])  # fmt: skip


def nearest_to_medians(numbers: Array, fit: Array) -> int:
    """Column of (K, G) ``numbers`` nearest to the row medians among those where ``fit``; ties go to the first."""
    chosen = numbers[:, fit]
    middle = np.median(chosen, axis=1, keepdims=True)
    spread = np.quantile(chosen, 0.75, axis=1, keepdims=True) - np.quantile(chosen, 0.25, axis=1, keepdims=True)
    distance = (((numbers - middle) / np.maximum(spread, 1e-9)) ** 2).sum(axis=0)
    return int(np.argmin(np.where(fit, distance, np.inf)))


def make_starts(content: Content, seeds: int, folder: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Write the file of every scenario that starts later, into own content where there is any; yields each path with
    what was chosen.

    Raises ValueError where no seed leaves the player trading, or decks differ.
    """
    folder = folder or (content.overlay or content.directory) / "starts"
    folder.mkdir(exist_ok=True)
    later = {n: p for n, p in content.scenarios.items() if p.start == "derived"}
    for scenario, plan in later.items():
        states, chosen = {}, {}
        for background in content.backgrounds:
            rules = build_rules(content, "war", [background])
            if len(rules.cards) != len(build_rules(content, scenario, [background], start=b"").cards):
                raise ValueError(f"{scenario} must allow the cards that war allows: a state counts them")
            state = _play_to(content, rules, seeds, parse_quarter(plan.first))
            fit = state.alive[0] & ~state.distress[0]
            if not fit.any():
                raise ValueError(f"on none of {seeds} seeds {background} still trades when {scenario} begins; give more")
            column = nearest_to_medians(headline_numbers(rules, state), fit)
            states[background] = encode_state(pack(_undecided(state), column))
            chosen[background] = str(column + 1)
        path = folder / f"{scenario}.json"
        starts = Starts("derived", RECIPE.format(seeds=seeds), chosen, states)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(starts), indent=1) + b"\n")
        yield path, ", ".join(f"{b} seed {s}" for b, s in chosen.items())


def _play_to(content: Content, rules: Rules, seeds: int, quarter: int) -> State:
    state = begin(rules, seed_array([seed_words(s) for s in range(1, seeds + 1)]))
    seats = ("reactive", *(content.difficulties["manager"].policy,) * (rules.firms - 1))
    while state.quarter < quarter:
        state, _ = play_quarter(rules, state, decide_all(rules, state, seats))
    return state


def _undecided(state: State) -> State:
    """No card on any desk and none announced: the new game draws its own."""
    return state.evolve(card=np.full_like(state.card, -1), coming=np.full_like(state.coming, -1),
                        guidance=np.full_like(state.guidance, np.nan))
