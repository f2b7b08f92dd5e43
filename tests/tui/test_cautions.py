"""Warnings of one kind are said once, in their place."""

from __future__ import annotations

import pytest

from game.content import load
from game.language import Tongue
from game.table.wire import Message
from game.tui.cautions import cautions


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_upkeep_is_said_once_for_all_industries(lang: str) -> None:
    tongue = Tongue(lang, content=load())  # type: ignore[arg-type]
    first, last = Message("warn.route-final"), Message("warn.layoff", {"count": 3})
    lacking = [Message("warn.upkeep", {"segment": s}) for s in ("finance", "education")]
    said = cautions([first, lacking[0], lacking[1], last], tongue)
    assert len(said) == 3 and said[0] == tongue.message(first) and said[2] == tongue.message(last)
    assert tongue.segment("finance") in said[1] and tongue.segment("education") in said[1]
    assert cautions(lacking[:1], tongue) == [tongue.message(lacking[0])]
