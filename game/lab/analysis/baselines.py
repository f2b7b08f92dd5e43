"""What the standard policies make of a seat over many seeds: the zero from which luck is counted.

For shipped settings ``baimo lab baselines`` plays 200 seeds and writes ``content/baselines/<scenario>.json``, derived
content with its provenance and the digest of the rules it was made under; under other rules it is stale and not read.
For every other setting fewer seeds are played when they are asked for, and kept in the user's cache. How many seeds are
behind a mean stands beside it and widens its interval: a campaign of the planner takes as long as a thousand of the
others, so the shipped files so far have 200 seeds of `thumb` and `reactive` and 12 to 15 of the planner.

Seeds are 1, 2, …, the same for every policy; the sample is common to all settings.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from game.content import Content
    from game.engine.draws import Words
    from game.engine.numeric import Array
    from game.engine.rules import Rules

FOLDER: Final = "baselines"
POLICIES: Final = ("thumb", "reactive", "planner")
"""The standard policies."""
SEEDS: Final = 200
RECIPE: Final = "log(1 + value / 10 million CNY) of the player's seat after each quarter, over seeds 1 to N"


class Curve(msgspec.Struct, frozen=True):
    """One policy over ``seeds`` seeds: mean and standard deviation of the scaled value after each quarter."""

    seeds: int
    mean: list[float]
    spread: list[float]

    def error(self, played: int) -> float:
        """Standard error of the mean after ``played`` quarters."""
        return self.spread[played - 1] / math.sqrt(self.seeds)


class Setting(msgspec.Struct, frozen=True):
    """One seat: what decides its luck beside the seed."""

    scenario: str
    background: str
    difficulty: str
    assume: str


class Baseline(msgspec.Struct, frozen=True):
    """The curves of one setting."""

    setting: Setting
    curves: dict[str, Curve]


class Baselines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file."""

    provenance: str
    """Always ``derived``."""
    recipe: str
    digest: str
    """Digest of the rules that they were made under; under any other they say nothing."""
    baselines: list[Baseline]


@dataclass(frozen=True)
class Campaigns:
    """Some games of one policy, as they travel to a worker."""

    rules: Rules
    seats: tuple[str, ...]
    firm: int
    seeds: Words
    planned: tuple[tuple[int, str], ...] = ()
    """Cards that are dealt to all, each with the quarter it is dealt in."""


def play_out(campaigns: Campaigns) -> Array:
    """(Q, G) scaled value of the seat after each quarter of the scenario."""
    import numpy as np

    from game.engine import derive
    from game.engine.outside import deal
    from game.engine.play import play_quarter
    from game.engine.start import begin
    from game.foresight.decide import decide_all
    from game.lab.analysis.regret import scaled

    rules, state = campaigns.rules, begin(campaigns.rules, campaigns.seeds)
    rows = []
    for _ in range(rules.quarters):
        for quarter, card in campaigns.planned:
            if quarter == state.quarter:
                state = deal(rules, state, card)
        state, _ = play_quarter(rules, state, decide_all(rules, state, campaigns.seats))
        rows.append(scaled(derive.value(state)[campaigns.firm]))
    return np.stack(rows)


def field(seats: Sequence[str], firm: int, policy: str) -> tuple[str, ...]:
    """Who plays when a standard policy sits in the seat; rivals that plan are taken for ``reactive``, as futures do."""
    rivals = ["reactive" if name in ("planner", "human") else name for name in seats]
    return tuple(policy if f == firm else name for f, name in enumerate(rivals))


def measure(
    rules: Rules, seats: Sequence[str], firm: int, seeds: Mapping[str, int], *, processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Curve]:
    """The curves of the policies in ``seeds``, each over so many seeds, on all cores. ``progress`` hears (done, of)."""
    import numpy as np

    from game.engine.draws import seed_array, seed_words
    from game.lab.pool import chunks, scatter

    tasks: list[Campaigns] = []
    of: list[str] = []
    for policy, count in seeds.items():
        size = 1 if policy == "planner" else 100
        for part in chunks(count, size):
            words = seed_array([seed_words(n + 1) for n in range(part.start, part.stop)])
            tasks.append(Campaigns(rules, field(seats, firm, policy), firm, words))
            of.append(policy)
    values = scatter(play_out, tasks, processes=processes, progress=progress)
    curves = {}
    for policy in seeds:
        rows = np.concatenate([v for v, name in zip(values, of) if name == policy], axis=-1)
        spread = rows.std(axis=-1, ddof=1) if rows.shape[-1] > 1 else np.zeros(len(rows))
        curves[policy] = Curve(rows.shape[-1], _rounded(rows.mean(axis=-1)), _rounded(spread))
    return curves


# kept files -----------------------------------------------------------------------------------------------------------


def shipped(content: Content, setting: Setting, digest: str) -> Baseline | None:
    """The shipped curves of a setting, None where there are none or other rules made them."""
    file = content.directory / FOLDER / f"{setting.scenario}.json"
    return _find(_read(file), setting, digest)


def cached(setting: Setting, digest: str, seeds: Mapping[str, int]) -> Baseline | None:
    """Curves of an earlier analysis on this machine, if they are over at least as many seeds."""
    found = _find(_read(_cache_file(setting, digest)), setting, digest)
    if found is None or any(p not in found.curves or found.curves[p].seeds < n for p, n in seeds.items()):
        return None
    return found


def keep(baseline: Baseline, digest: str) -> None:
    """Put curves into the user's cache; where that takes nothing they are measured again next time."""
    file = _cache_file(baseline.setting, digest)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_bytes(encode(digest, [baseline]))
        fresh.replace(file)
    except OSError:
        pass


def encode(digest: str, baselines: Sequence[Baseline]) -> bytes:
    """Bytes of a file."""
    there = Baselines("derived", RECIPE, digest, list(baselines))
    return msgspec.json.format(msgspec.json.encode(there), indent=1) + b"\n"


def _rounded(numbers: Array) -> list[float]:
    """Six decimals, so that what is kept and what was measured are the same: a thousandth of the standard error."""
    return [round(float(x), 6) for x in numbers]


def _read(file: Path) -> Baselines | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Baselines)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _find(there: Baselines | None, setting: Setting, digest: str) -> Baseline | None:
    if there is None or there.digest != digest:
        return None
    return next((b for b in there.baselines if b.setting == setting), None)


def _cache_file(setting: Setting, digest: str) -> Path:
    import platformdirs

    # names of a stranger's content are no names of files
    name = hashlib.sha256("\n".join([digest, *msgspec.structs.astuple(setting)]).encode()).hexdigest()[:32]
    return Path(platformdirs.user_cache_dir("baimo", appauthor=False)) / FOLDER / f"{name}.json"


# made again -----------------------------------------------------------------------------------------------------------


def make(
    content: Content, scenario: str, background: str, seeds: int = SEEDS, *, folder: Path | None = None,
    processes: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, str]:
    """Measure one setting at level ``manager`` without assumptions and put it into the scenario's file.

    Other settings in the file stay if the same rules made them. Returns the file, and the means in one sentence.
    """
    from game.table.local import market_for, seats_of

    setting = Setting(scenario, background, "manager", "none")
    market = market_for(content, scenario, background, setting.difficulty, setting.assume, "lab")
    seats = tuple(who for _, who in sorted(seats_of(content, market, "human").items()))
    curves = measure(
        market.source, seats, 0, dict.fromkeys(POLICIES, seeds), processes=processes, progress=progress
    )
    folder = folder or (content.overlay or content.directory) / FOLDER
    path = folder / f"{scenario}.json"
    before = _read(path)
    kept = [b for b in before.baselines if b.setting != setting] if before and before.digest == market.digest else []
    there = sorted([*kept, Baseline(setting, curves)], key=lambda b: msgspec.structs.astuple(b.setting))
    folder.mkdir(exist_ok=True)
    path.write_bytes(encode(market.digest, there))
    return path, ", ".join(f"{name} {c.mean[-1]:.3f} (sd {c.spread[-1]:.3f})" for name, c in curves.items())
