"""Speed on this machine: medians of several runs, beside a calibration kernel of the same process.

Machines are shared and noisy: quote the ratios, not the times. The kernel is measured before and after every number, so
that a ratio compares what ran under the same load.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.content import Content, load
from game.content.build import build_rules
from game.engine.draws import seed_array, seed_words
from game.engine.numeric import Array, exp
from game.engine.play import play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.engine.view import observe
from game.foresight.futures import FIRST, futures, look, play_part
from game.foresight.futures import GAMES as FANNED
from game.foresight.planner import plan_all
from game.policies import decide_all

RUNS: Final = 7
GAMES: Final = 1000
MIDDLE: Final = 6
"""Quarters that are played before a quarter is timed: the market is full by then."""
KERNEL: Final = 12_000
LONGEST: Final = 120.0
"""Seconds after which a program that shows nothing counts as stuck."""
BARE: Final = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Bare(App):\n    def compose(self): yield Static('bare')\n"
    "Bare().run()"
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


def first_frame(command: list[str], saves: Path) -> None:
    """Run a Textual program as a process of its own until its first frame can be read.

    ``saves`` stands in for the folders of a person's settings. Raises RuntimeError where it ends otherwise.
    """
    root = Path(__file__).resolve().parents[2]
    places = os.pathsep.join(p for p in (str(root), os.environ.get("PYTHONPATH", "")) if p)
    settings = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "APPDATA"), str(saves))
    env = {**os.environ, **settings, "PYTHONPATH": places, "TEXTUAL_DRIVER": "game.tui.first_frame:FirstFrame",
           "COLUMNS": "120", "LINES": "40"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, *command], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=LONGEST
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"the program did not show its first frame: {said[-1] if said else 'it said nothing'}")


def works(content: Content, saves: Path) -> dict[str, tuple[Callable[[], Any], int]]:
    """What is timed, with the number of runs, by key of the report."""
    rules = build_rules(content, "war")
    seats = ("thumb",) * rules.firms
    solo = begin(rules, seed_array([seed_words(1)]))
    batch = begin(rules, seed_array([seed_words(i) for i in range(GAMES)]))
    for _ in range(MIDDLE):
        solo, batch = _quarter(rules, solo, seats), _quarter(rules, batch, seats)
    decisions = decide_all(rules, solo, seats)
    record = _record(rules, seats)
    view = observe(rules, solo, (0,))
    field = ("human", *seats[1:])
    plan = decisions[:, 0, 0]
    # What all drafts of a quarter have in common is made before the first of them.
    ready = look(rules, view, field, FANNED).parts(FIRST)
    return {
        "quarter_ms": (lambda: play_quarter(rules, solo, decisions), 3 * RUNS),
        "replay_ms": (lambda: _replay(rules, record), RUNS),
        "firm_quarters_per_s": (lambda: _quarter(rules, batch, seats), RUNS),
        "futures_250x4_ms": (lambda: futures(rules, view, plan, field, games=250, quarters=4), RUNS),
        "futures_1000x4_ms": (lambda: futures(rules, view, plan, field, games=1000, quarters=4), RUNS),
        "fan_first_ms": (lambda: play_part(rules, ready[0], plan), RUNS),
        "fan_full_ms": (lambda: [play_part(rules, part, plan) for part in ready], RUNS),
        "planner_decision_ms": (lambda: plan_all(rules, [view], field), RUNS),
        "content_ms": (load, RUNS),
        "startup_ms": (lambda: first_frame(["-m", "game", "play", "--saves", str(saves)], saves), RUNS),
        "bare_textual_app_ms": (lambda: first_frame(["-c", BARE], saves), RUNS),
    }


def bench(content: Content, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """Numbers of ``baimo lab bench``: milliseconds and rates, and the same in evaluations of the kernel.

    A ratio of a time is how many exponentials the kernel makes meanwhile, a ratio of a rate how many of it come to one
    exponential. ``startup_ms`` is from the start of the process to the title's first frame.
    """
    kernel = np.linspace(-5.0, 5.0, KERNEL)

    def rate() -> float:
        return len(kernel) / timed(lambda: exp(kernel), 3 * RUNS)

    rates = [rate()]
    numbers: dict[str, float] = {}
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="baimo-bench-") as folder:
        todo = works(content, Path(folder))
        firms = build_rules(content, "war").firms
        for done, (name, (work, runs)) in enumerate(todo.items(), 1):
            span = timed(work, runs)
            rates.append(rate())
            near = 0.5 * (rates[-2] + rates[-1])
            numbers[name] = GAMES * firms / span if name.endswith("_per_s") else span * 1e3
            ratios[name] = numbers[name] / near if name.endswith("_per_s") else span * near
            if progress:
                progress(done, len(todo))
    rest = {"calibration_exp_per_s": float(np.median(rates)), **numbers}
    return {**rest, "ratios": {"calibration_exp_per_s": 1.0, **ratios}}
