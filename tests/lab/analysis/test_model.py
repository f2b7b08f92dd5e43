"""The analysis as data: it survives its encoding to the bit, needs no numpy, and its marks are ordered."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from game.lab.analysis import model as m
from game.table.wire import Guidance, GuidanceTotal, Message, Row, decode, encode

ROW = Row(4, 1e8 / 3, 0.1 + 0.2, 5e7, None, 2, 0.5, 0.6, 1e4, 200, 3.5, 2.9)


def whole() -> m.Comparison:
    """A comparison in which every field of every struct holds something."""
    measured = m.Measured(1.5e7, 2e6, 2.8e7)
    guidance = Guidance(4, "cash", 1e8, 2e8, 0.9e8, 1.1e8, 1.5e8, 1e8, 4.2e8, 1.2e8, 1.6e8, 4e7)
    quarter = m.QuarterAnalysis(
        4, ROW, 3e7, 5.5, True, Message("analysis.note.gone", {"quarter": 4}), 4, [m.Range(1.0, 2.0, 3.0)], 0.125, 6e8,
        measured, 0.2, m.Measured(0.1, 0.05, 0.15), m.Measured(-1.0, -3.0, 1.0), "blunder",
        m.Plan("hurry", [m.Move("price.token", 0.5, None)], 0.01), -4e7,
        [m.Answer("bad-tuesday", 1, [m.Option(0, True, measured), m.Option(1, True, None)])], "便宜 <b>x</b>", [guidance],
    )  # fmt: skip
    luck = m.Luck(3.25, measured, -0.5, [m.PolicyLuck("thumb", 1e9, 4.6, measured, 200)], 20, True)
    head = m.RunHead(
        "a.baimo", "war", "lab-spin-off", "manager", "none", "all", "七", "小王", "human", 0, "seat-1", 0, 20, 12, "2",
        "d" * 64, "2026-01-05", True, m.Origin("f" * 64, 5), "bankrupt",
    )  # fmt: skip
    turn = m.TurningPoint(4, "blunder", 1.5e7, Message("analysis.turn.blunder", {"quarter": 4, "amount": 1.5e7}))
    analysis = m.Analysis(
        m.ANALYSIS_VERSION, head, ROW, [quarter], m.FULL, 3, 3, [GuidanceTotal("cash", 9, 7, 1.0, 2.0, 9, 8, 3.0, 1.0)],
        luck, [turn], [Message("analysis.notice.undone")],
    )  # fmt: skip
    return m.Comparison(m.ANALYSIS_VERSION, [analysis], True, 5, [m.Link(1, 0, 5)], [Message("analysis.notice.luck")])


def test_nothing_is_lost_on_the_way() -> None:
    there = whole()
    assert decode(encode(there), m.Comparison) == there
    assert encode(decode(encode(there), m.Comparison)) == encode(there)
    # what is left out of the sample above would be left out of the test: no field holds its default
    for struct in (there.runs[0], there.runs[0].quarters[0], there.runs[0].head, there.runs[0].luck, there):
        for field in msgspec.structs.fields(struct):
            if field.default is not msgspec.NODEFAULT:
                assert getattr(struct, field.name) != field.default, field.name


def test_an_analysis_needs_no_numpy() -> None:
    code = "import sys, game.lab.analysis.model, game.table.guidance; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_marks_are_ordered() -> None:
    assert set(m.MARKS) == set(m.VERDICTS)
    assert list(m.SHARES) == list(m.VERDICTS[2:]) and sorted(m.SHARES.values()) == list(m.SHARES.values())


def test_an_interval_that_touches_zero_is_not_sure() -> None:
    assert m.Measured(1.0, 0.5, 1.5).sure and m.Measured(-1.0, -1.5, -0.5).sure
    assert not m.Measured(1.0, 0.0, 2.0).sure and not m.Measured(-1.0, -2.0, 0.0).sure
