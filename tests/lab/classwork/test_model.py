"""The report as data: it travels and comes back the same, and the made-up one holds every verdict."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from game.content import Content
from game.lab.classwork.model import COUNTED, ClassReport, Verdict
from game.language.tongue import Tongue
from tests.lab.classwork.made import made_report


@pytest.mark.parametrize("stage", ["verify", "spread", "regret", "done"])
def test_a_report_travels_as_json(stage: str) -> None:
    report = made_report(stage)
    assert msgspec.json.decode(msgspec.json.encode(report), type=ClassReport) == report


def test_the_made_up_report_has_every_verdict_and_counts_the_right_ones() -> None:
    report = made_report()
    assert {f.verdict for f in report.files} == set(get_args(Verdict))
    assert {f.pupil for f in report.files if f.verdict in COUNTED} == set(range(len(report.pupils)))
    assert all(f.pupil is None for f in report.files if f.verdict not in COUNTED)


def test_every_sentence_is_in_both_languages(shipped: Content) -> None:
    report = made_report()
    sentences = [report.proof, *(f.sentence for f in report.files), *(m for f in report.files for m in f.remarks)]
    sentences += [n.message for p in report.pupils for n in p.notable]
    for lang in ("zh", "en"):
        tongue = Tongue(lang, content=shipped)
        for sentence in sentences:
            said = tongue.message(sentence)
            assert said != sentence.id and "--" not in said, said
