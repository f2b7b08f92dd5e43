"""The codex page of a thesis says where the game has it and how its sign is shown."""

from __future__ import annotations

import pytest

from game.language import Tongue
from game.tui.screens.codex_pages import page
from tests.tui.screen_kit import content


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_thesis_shows_its_comparison_and_what_stands_for_it(lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    for label, entry in content().expressions.items():
        pieces = page(content(), tongue, "thesis", label)
        said = [p.text for p in pieces]
        named = [p.label for p in pieces]
        contrast = entry.contrast
        if contrast is not None:
            assert contrast.what[lang] in said, label
            name = content().measures[contrast.measure].name[lang]
            ends = {1: {"zh": "前高后低", "en": "higher"}, -1: {"zh": "前低后高", "en": "lower"}}
            sign = said[named.index(tongue.say("screens.codex.if-right"))]
            assert name in sign and sign.endswith(ends[contrast.expected_sign][lang]), label
        if entry.note is not None:
            assert entry.note[lang] in said, label
        links = {p.link for p in pieces}
        for word in entry.expressed_by:
            kind, _, target = word.partition(":")
            if kind == "mechanism":
                assert content().mechanisms[target].name[lang] in named, (label, word)
            elif kind in ("card", "fact", "parameter", "lever", "rival"):
                assert (kind, target) in links, (label, word)
