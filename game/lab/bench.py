"""Speed on this machine: medians of several runs, beside a calibration kernel of the same process.

Machines are shared and noisy: quote the ratios, not the times.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from game.content import Content
from game.content.build import build_rules
from game.engine.draws import seed_array, seed_words
from game.engine.numeric import Array, exp
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.policies import decide_all

RUNS = 7
FIRST_FRAME = (
    "import asyncio, time\nfrom textual.app import App\n"
    "class Bare(App):\n    def on_ready(self): self.exit()\n"
    "asyncio.run(Bare().run_async(headless=True))"
)


def timed(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Median seconds of ``work`` over ``runs`` runs after one that does not count."""
    work()
    spans = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return float(np.median(spans))


def _quarter(rules: Rules, state: State, seats: tuple[str, ...]) -> State:
    return play_quarter(rules, state, decide_all(rules, state, seats))[0]


def _record(rules: Rules, seats: tuple[str, ...]) -> list[Array]:
    """Decisions of a whole campaign, as a run keeps them."""
    state = begin(rules, seed_array([seed_words(1)]))
    kept = []
    for _ in range(rules.quarters):
        kept.append(decide_all(rules, state, seats))
        state, _ = play_quarter(rules, state, kept[-1])
    return kept


def _replay(rules: Rules, decisions: list[Array]) -> None:
    state = begin(rules, seed_array([seed_words(1)]))
    for levers in decisions:
        state, _ = play_quarter(rules, state, levers)


def bench(content: Content) -> dict[str, Any]:
    """Numbers of ``baimo lab bench``: those of planner, futures and first frame follow with their features."""
    rules = build_rules(content, "war")
    seats = ("thumb",) * rules.firms
    kernel = np.linspace(-5.0, 5.0, 12_000)
    base = timed(lambda: exp(kernel))
    solo = begin(rules, seed_array([seed_words(1)]))
    batch = begin(rules, seed_array([seed_words(i) for i in range(1000)]))
    for _ in range(6):
        solo, batch = _quarter(rules, solo, seats), _quarter(rules, batch, seats)
    decisions = decide_all(rules, solo, seats)
    quarter = timed(lambda: play_quarter(rules, solo, decisions), 21)
    record = _record(rules, seats)
    replay = timed(lambda: _replay(rules, record))
    many = timed(lambda: _quarter(rules, batch, seats))
    bare = timed(lambda: subprocess.run([sys.executable, "-c", FIRST_FRAME], check=True, capture_output=True))
    numbers = {
        "calibration_exp_per_s": len(kernel) / base, "quarter_ms": quarter * 1e3, "replay_ms": replay * 1e3,
        "firm_quarters_per_s": 1000 * rules.firms / many, "bare_textual_app_ms": bare * 1e3,
    }  # fmt: skip
    rate = numbers["calibration_exp_per_s"]
    ratios = {
        n: v / rate if n.endswith("_per_s") else v * rate / 1e3 for n, v in numbers.items()
    }  # fmt: skip
    return {**numbers, "ratios": ratios}
