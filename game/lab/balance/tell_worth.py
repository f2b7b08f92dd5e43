"""(j) Tells tell: after a rival's tell its move is likelier than at other times.

Definitions. The whole war at home, rules of thumb in every seat. A move is what the rival does in the quarter whose
start shows the tell. Without the tell the forecast of a move is how often the rival makes it at all (chance); with it,
how often it makes it when the tell shows. An archetype's gain is the second less the first, the mean over the tells of
its rivals; it must be above nought with its whole interval (bootstrap over seeds). The Brier skill of the forecast that
looks at the tell, against the one that does not, is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from game.content.build import build_conditions
from game.engine.draws import seed_array, seed_words
from game.engine.names import LEVER, SEGMENTS, SOURCES
from game.engine.numeric import Array
from game.engine.play import play_quarter
from game.engine.quantities import holds
from game.engine.start import begin
from game.engine.state import State
from game.lab.balance.finding import Measure, finding, measure
from game.lab.balance.plan import Letter, Plan
from game.lab.balance.record import Place, content_of
from game.lab.balance.stats import bootstrap
from game.policies import decide_all

STEP: Final = 1.15
"""Growth of people or machines in a quarter that counts as a move."""
Flags = NDArray[np.bool_]
TOLD_MOVED, TOLD, SILENT_MOVED, SILENT = range(4)


@dataclass(frozen=True)
class Told:
    """One tell: counts (4, S) of quarters, told and moved, told, silent and moved, silent."""

    rival: str
    archetype: str
    move: str
    counts: Array


@dataclass(frozen=True)
class Tells:
    """All tells of the rivals at a place. One batch: what is a usual fall of prices is a median over the games."""

    place: Place
    count: int

    def pieces(self) -> list[Tells]:
        """Itself."""
        return [self]

    def run(self) -> list[Told]:
        """Play and count."""
        return told(self.place, range(1, self.count + 1))

    def join(self, parts: Sequence[list[Told]]) -> list[Told]:
        """The one part."""
        return parts[0]


def told(place: Place, seeds: Sequence[int]) -> list[Told]:
    """Counts of every tell of every rival over ``seeds``, rules of thumb in every seat."""
    rules, content = place.rules, content_of(place.overlay)
    state = begin(rules, seed_array([seed_words(s) for s in seeds]))
    tells = [
        (f, firm, tell.id, build_conditions(tell.when))
        for f, firm in enumerate(rules.names) if firm in content.rivals for tell in content.rivals[firm].tells
    ]  # fmt: skip
    shown: list[list[Flags]] = []
    rows = [_row(state)]
    for _ in range(rules.quarters):
        shown.append([holds(rules, state, when, {})[f] for f, _, _, when in tells])
        state = play_quarter(rules, state, decide_all(rules, state, ("thumb",) * rules.firms))[0]
        rows.append(_row(state))
    kept = {n: np.stack([r[n] for r in rows]) for n in rows[0]}
    alive = kept["alive"] > 0
    both = alive[:-1] & alive[1:]
    made = moves(kept, both)
    out = []
    for i, (f, firm, move, _) in enumerate(tells):
        told_, here, moved = np.stack([s[i] for s in shown]), both[:, f], made[move][:, f]
        counts = [here & told_ & moved, here & told_, here & ~told_ & moved, here & ~told_]
        out.append(Told(firm, content.rivals[firm].archetype, move, np.stack([c.sum(axis=0) for c in counts])))
    return out


def _row(s: State) -> dict[str, Array]:
    def levers(first: str, count: int = 1) -> Array:
        total: Array = s.levers[LEVER[first] : LEVER[first] + count].sum(axis=0)
        return total

    return {
        "price": s.price[0], "people": levers("staff.developers", len(SEGMENTS)), "raise": levers("finance.raise"),
        "machines": levers("compute.import", len(SOURCES)), "consumers": levers("staff.consumers"),
        "released": s.released, "alive": s.alive.astype(np.float64),
    }  # fmt: skip


def moves(kept: Mapping[str, Array], both: Flags) -> dict[str, Flags]:
    """(Q, F, G) by move: whether the firm makes it in the quarter; ``kept`` has one row more, ``both`` trades on."""
    fall = 1.0 - kept["price"][1:] / np.maximum(kept["price"][:-1], 1e-12)
    with np.errstate(all="ignore"):
        usual = np.array([[np.median(fall[:, f][both[:, f]])] if both[:, f].any() else [0.0] for f in range(fall.shape[1])])

    def grown(name: str) -> Flags:
        return kept[name][1:] > STEP * kept[name][:-1]

    return {
        "price-cut": fall > usual, "price-rise": fall < 0, "raise": kept["raise"][1:] > 0, "hire": grown("people"),
        "compute": grown("machines"), "retreat": kept["consumers"][1:] < kept["consumers"][:-1],
        "release": kept["released"][1:] > kept["released"][:-1],
    }  # fmt: skip


def gain(counts: Array) -> float:
    """How much likelier the move is after the tell than at all, from summed counts (4,); 0 where it never shows."""
    quarters = counts[TOLD] + counts[SILENT]
    if not counts[TOLD] or not quarters:
        return 0.0
    return float(counts[TOLD_MOVED] / counts[TOLD] - (counts[TOLD_MOVED] + counts[SILENT_MOVED]) / quarters)


def brier_skill(counts: Array) -> float:
    """Share of the squared error of the plain forecast that looking at the tell saves."""
    n = counts[TOLD] + counts[SILENT]
    base = (counts[TOLD_MOVED] + counts[SILENT_MOVED]) / max(n, 1)
    plain = n * base * (1 - base)
    error = 0.0
    for moved, quarters in ((counts[TOLD_MOVED], counts[TOLD]), (counts[SILENT_MOVED], counts[SILENT])):
        share = moved / max(quarters, 1)
        error += quarters * share * (1 - share)
    return float(1.0 - error / plain) if plain > 0 else 0.0


def judge(plan: Plan, done: Mapping[Any, Any]) -> Measure:
    """(j)"""
    tells: list[Told] = done[Tells(plan.home, plan.seeds)]
    findings = []
    for archetype in dict.fromkeys(t.archetype for t in tells):
        mine = [t.counts for t in tells if t.archetype == archetype]

        def mean(seeds: np.ndarray, mine: list[Array] = mine) -> float:
            return float(np.mean([gain(c[:, seeds].sum(axis=1)) for c in mine]))

        value = mean(np.arange(mine[0].shape[1]))
        findings.append(finding("j", f"what the tells of {archetype} add to a forecast", value, 0.0, strict=True,
                                interval=bootstrap(mean, mine[0].shape[1], 300), sure=True))
    rows = []
    for t in tells:
        c = t.counts.sum(axis=1)
        rows.append({"rival": t.rival, "move": t.move, "shown": float(c[TOLD] / max(c[TOLD] + c[SILENT], 1)),
                     "gain": gain(c), "brier_skill": brier_skill(c)})
    return measure("j", LETTER.what, findings, tells=rows)


LETTER: Final = Letter("j", "tells tell", lambda p: [Tells(p.home, p.seeds)], judge)
