"""The analysis of a run as plain text: a compact table, turning points in words, guidance, luck and skill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from game.lab.analysis.model import SCALE, Analysis, Comparison, QuarterAnalysis, lived
from game.language.analysis import interval_words, mark, plan_words, turn_words
from game.language.clean import cell_width, clean_text

if TYPE_CHECKING:
    from game.language import Tongue

GAP: Final = "  "
NONE: Final = "--"


def text(comparison: Comparison, tongue: Tongue) -> list[str]:
    """Lines for a terminal; everything that people wrote is cleaned."""
    lines: list[str] = []
    for analysis in comparison.runs:
        lines += [*_run(analysis, tongue), ""]
    if len(comparison.runs) > 1:
        lines += [*_compared(comparison, tongue), ""]
    return lines[:-1]


def name_of(analysis: Analysis, tongue: Tongue) -> str:
    """What a run is called: its player, else its file."""
    return clean_text(analysis.head.player, 24) or clean_text(analysis.head.file, 40)


def title_of(analysis: Analysis, tongue: Tongue) -> str:
    """Scenario, background, level and seed of a run in one line."""
    h = analysis.head
    parts = [tongue.scenario(h.scenario), tongue.background(h.background), tongue.difficulty(h.difficulty)]
    if h.assume != "none":
        parts.append(clean_text(h.assume, 40))
    parts.append(f"{tongue.say('analysis.text.seed')} {clean_text(h.seed, 40)}")
    return " · ".join(parts)


def _run(analysis: Analysis, tongue: Tongue) -> Iterator[str]:
    yield f"{clean_text(analysis.head.file, 60)}: {title_of(analysis, tongue)}"
    for notice in analysis.notices:
        yield f"! {tongue.message(notice)}"
    if any(q.analysed for q in analysis.quarters):
        b = analysis.budget
        yield tongue.say("analysis.budget.said", budget=b.id, select=b.select, measure=b.measure)
    yield ""
    yield from table(_head(tongue), [_row(q, tongue) for q in lived(analysis)])
    better = [q for q in analysis.quarters if q.verdict in ("inaccuracy", "mistake", "blunder")]
    if better:
        yield ""
        yield tongue.say("analysis.text.better")
        for q in better:
            yield f"  {tongue.quarter(q.quarter)} {mark(q):2}  {plan_words(tongue, q)}"
    if analysis.turns:
        yield ""
        yield tongue.say("analysis.text.turns")
        yield from (f"  {turn_words(tongue, t)}" for t in analysis.turns)
    yield from guidance_lines(analysis, tongue)
    yield from luck_lines(analysis, tongue)


def _head(tongue: Tongue) -> tuple[str, ...]:
    keys = ("quarter", "verdict", "value", "expected", "regret", "interval", "hindsight", "ruin", "rank")
    return tuple(tongue.say(f"analysis.text.{k}") for k in keys)


def _row(q: QuarterAnalysis, tongue: Tongue) -> tuple[str, ...]:
    expected = f"{tongue.money(q.fan[0].low)} … {tongue.money(q.fan[0].high)}" if q.fan else NONE
    return (
        tongue.quarter(q.quarter), mark(q), tongue.money(q.row.value), expected,
        tongue.money(q.regret.mean) if q.regret else NONE, interval_words(tongue, q.regret),
        NONE if q.hindsight is None else tongue.money(q.hindsight), tongue.percent(q.ruin, 0) if q.analysed else NONE,
        tongue.count(q.row.rank),
    )  # fmt: skip


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns that line up, wide characters too; the first one to the left, the others to the right."""
    wide = [max(cell_width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = [_pad(cell, width, left=i < 2) for i, (cell, width) in enumerate(zip(row, wide))]
        yield GAP.join(cells).rstrip()


def _pad(text: str, width: int, left: bool) -> str:
    space = " " * (width - cell_width(text))
    return text + space if left else space + text


def guidance_lines(analysis: Analysis, tongue: Tongue) -> Iterator[str]:
    """How the guidance did, by quantity."""
    if not analysis.guidance:
        return
    yield ""
    yield tongue.say("analysis.text.guidance")
    for g in analysis.guidance:
        args = {"what": g.what, "count": g.count, "held": g.held, "score": g.score, "naive": g.naive}
        yield "  " + tongue.say("analysis.text.guidance-line", **args)
        if g.game_count:
            args = {"count": g.game_count, "held": g.game_held, "game": g.game, "score": g.score_beside_game}
            yield "  " + tongue.say("analysis.text.guidance-game", **args)


def luck_lines(analysis: Analysis, tongue: Tongue) -> Iterator[str]:
    """Luck of the seed and skill of the player."""
    luck = analysis.luck
    if luck is None:
        return
    yield ""
    yield tongue.say("analysis.text.luck")
    low, mean, high = (tongue.signed(x, 2) for x in (luck.luck.low, luck.luck.mean, luck.luck.high))
    yield "  " + tongue.say("analysis.text.luck-line", luck=mean, low=low, high=high,
                            skill=tongue.signed(luck.skill, 2), scale=SCALE)  # fmt: skip
    for p in luck.policies:
        here, mean = tongue.number(p.scaled, 2), tongue.number(p.mean.mean, 2)
        yield "  " + tongue.say(
            "analysis.text.luck-policy", policy=p.policy, value=p.value, seeds=p.seeds, here=here, mean=mean
        )


def _compared(comparison: Comparison, tongue: Tongue) -> Iterator[str]:
    yield tongue.say("analysis.text.compare")
    for notice in comparison.notices:
        yield f"! {tongue.message(notice)}"
    yield from comparison_lines(comparison, tongue)
    keys = ("run", "value", "luck-short", "skill-short", "blunders", "mistakes", "regret-sum", "undone")
    head = tuple(tongue.say(f"analysis.text.{k}") for k in keys)
    yield from table(head, [compared_row(a, tongue) for a in comparison.runs])


def comparison_lines(comparison: Comparison, tongue: Tongue) -> Iterator[str]:
    """Where the runs part, and which was forked from which."""
    for link in comparison.links:
        child, parent = (clean_text(comparison.runs[i].head.file, 40) for i in (link.child, link.parent))
        yield tongue.say("analysis.text.link", child=child, parent=parent, quarter=link.quarter)
    if comparison.split is not None:
        yield tongue.say("analysis.text.split", quarter=comparison.split)
    elif comparison.same_luck:
        yield tongue.say("analysis.text.same")


def compared_row(analysis: Analysis, tongue: Tongue) -> tuple[str, ...]:
    """A run in the table of runs."""
    luck = analysis.luck
    marks = [q.verdict for q in analysis.quarters]
    lost = sum(q.regret.mean for q in analysis.quarters if q.regret and q.verdict not in ("", "best", "ok"))
    return (
        clean_text(analysis.head.file, 40), tongue.money(analysis.quarters[-1].row.value) if analysis.quarters else NONE,
        tongue.signed(luck.luck.mean, 2) if luck else NONE, tongue.signed(luck.skill, 2) if luck else NONE,
        tongue.count(marks.count("blunder")), tongue.count(marks.count("mistake")), tongue.money(lost),
        tongue.say("analysis.text.yes") if analysis.head.undone else "",
    )  # fmt: skip
