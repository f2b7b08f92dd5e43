"""A pack of runs as a class would hand in: seats of people, filled by varied policies with an own hand each.

    python -m tests.bench.pack FOLDER --runs 200 [--scenario price-war] [--seed 2024] [--difficulty manager]

Pupil n is always the same pupil, whatever the number of runs. Some stop early, some take a quarter back, one in nine
writes no name. Used by the tests of class reports (a few runs) and to measure them (200).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from game import __version__
from game.content import Content
from game.engine.limits import WHOLE, bounds
from game.engine.names import LEVER
from game.engine.numeric import Array
from game.foresight.decide import decide_all
from game.lab.pool import scatter
from game.table.local import market_for, seats_of
from game.table.market import EngineMarket
from game.table.runfile import SUFFIX
from game.table.table import HUMAN, Table
from game.table.wire import Draft

POLICIES = ("thumb", "reactive", "default", "random")
NAMES = ("林一", "王小明", "Ada", "Grace", "17", "陈思", "Łukasz", "08", "")
REASONS = ("降价守住份额", "keep cash for two quarters", "对手都在降，先看一季", "finance pays, developers do not", "")
ANSWERS = ("guidance.", "card.", "distress.")


def hand(market: EngineMarket, table: Table, policy: str, luck: np.random.Generator, style: float) -> Draft:
    """What a pupil decides: as ``policy`` would, with an own hand; always a draft that the table takes."""
    state, firm = table.state, 0
    names = tuple(policy if f == firm else "default" for f in range(len(market.firms)))
    wanted: Array = decide_all(market.source, state, names)[:, firm, 0]
    low, high = bounds(market.source, state)
    locks = market.locks(state, firm)
    levers: dict[str, float] = {}
    for name, row in LEVER.items():
        if name not in market.shown or name in locks or name.startswith(ANSWERS) or luck.random() < 0.3:
            continue
        shaken = float(wanted[row]) * float(np.exp(style * luck.normal())) if name != "route" else float(wanted[row])
        value = min(max(shaken, float(low[row, firm, 0])), float(high[row, firm, 0]))
        levers[name] = float(round(value)) if row in WHOLE else round(value, 2)
    if market.card(state, firm):
        ways = [k for k, free in enumerate(market.open_choices(state, firm)) if free]
        levers["card.choice"] = float(luck.choice(ways))
    if market.distressed(state, firm):
        levers["distress.choice"] = float(luck.integers(4))
    if luck.random() < 0.7:
        cash = float(state.cash[firm, 0]) / 100.0
        levers |= {"guidance.cash.low": round(cash * 0.7), "guidance.cash.high": round(cash * 1.1)}
    for fault in market.faults(state, firm, levers):
        levers.pop(str(fault.args.get("lever")), None)
    return Draft(table.quarter, levers, REASONS[int(luck.integers(len(REASONS)))])


def make(
    content: Content, folder: Path, pupils: range, *, scenario: str = "price-war", background: str = "lab-spin-off",
    difficulty: str = "manager", assume: str = "none", seed: str = "2024", quarters: int | None = None,
    progress: Callable[[int], None] = lambda done: None, **more: object,
) -> list[Path]:  # fmt: skip
    """Runs of ``pupils`` in ``folder``; ``more`` goes to `Table.new` (planned cards, assignment, undo)."""
    market = market_for(content, scenario, background, difficulty, assume, __version__)
    made = []
    for n in pupils:
        luck = np.random.default_rng(n)
        path = folder / f"pupil-{n:03}{SUFFIX}"
        most = quarters if quarters is not None else market.quarters - (3 if n % 17 == 5 else 0)
        with Table.new(
            market, seats_of(content, market, HUMAN), seed=seed, path=path, player=NAMES[n % len(NAMES)],
            created=f"2026-03-02T09:{n % 60:02}:00+08:00", **more,  # type: ignore[arg-type]
        ) as table:  # fmt: skip
            while not table.over and table.played < most:
                for firm in table.waiting:
                    table.submit(firm, hand(market, table, POLICIES[n % len(POLICIES)], luck, 0.05 + 0.1 * (n % 5)))
                table.step()
        made.append(path)
        progress(n)
    return made


def _work(item: tuple[str, int, int, dict[str, str]]) -> int:
    from game.content.load import load

    folder, first, last, more = item
    make(load(), Path(folder), range(first, last), **more)  # type: ignore[arg-type]
    return last - first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    for name, value in (("scenario", "price-war"), ("seed", "2024"), ("difficulty", "manager")):
        parser.add_argument(f"--{name}", default=value)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    more = {"scenario": args.scenario, "seed": args.seed, "difficulty": args.difficulty}
    parts = [(str(args.folder), n, min(n + 10, args.runs), more) for n in range(0, args.runs, 10)]
    scatter(_work, parts, progress=lambda done, of: print(f"{done}/{of}", end="\r", flush=True))
    print(f"{args.runs} runs in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
