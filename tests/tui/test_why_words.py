"""What is said of an explanation: every word in both languages, and numbers that add up as they are shown."""

from __future__ import annotations

import pytest

from game.language import Tongue
from game.language.rounding import whole_units
from game.table.formula import tokens
from game.table.wire import Explanation
from game.tui import why_words as words
from tests.table.test_explain import GAMES, content, game

LANGS = ("zh", "en")


def told(name: tuple[str, str, str, int]) -> list[Explanation]:
    _, table = game(*name)
    found = []
    for firm in (0, 4):
        for played in (0, table.played // 2, table.played - 1):
            rows = table.changes(firm, played)
            assert rows is not None
            found += [table.explain(firm, row.what, row.segment, played) for row in rows.rows]
    assert None not in found
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("name", GAMES, ids=lambda n: f"{n[0]}-{n[1]}")
def test_numbers_add_up_as_they_are_shown(name: tuple[str, str, str, int]) -> None:
    for lang in LANGS:
        tongue = Tongue(lang, content=content())
        for e in told(name):
            shown = words.tell(e, tongue)
            start = shown.scale.units(e.before or 0.0)
            assert start + sum(row.units for row in shown.parts) == shown.scale.units(e.after), (lang, e.what, e.segment)
            if e.flows:
                assert sum(row.units for row in shown.flows) == shown.units
            exact = {p.id: p.amount / shown.scale.unit for p in e.parts}
            assert all(abs(row.units - exact[row.part.id]) < 2.0 + 1e-6 for row in shown.parts), (e.what, e.segment)


def test_everything_has_words_in_both_languages() -> None:
    texts = content().locale
    for name in GAMES[:4]:
        for e in told(name):
            for p in e.parts:
                kind, _, part = p.id.partition(".")
                assert kind == "firm" or f"term.{kind}.{part}" in texts, p.id
                for f in p.factors:
                    for lang in LANGS:
                        said = words.symbol_name(Tongue(lang, content=content()), content(), f)
                        assert said and not said.isascii() if lang == "zh" else said, f.symbol
                        assert "_" not in said, (lang, f.symbol, said)
            for lang in LANGS:
                tongue = Tongue(lang, content=content())
                text = words.sentence(e, tongue)
                assert text and "why." not in text and "--" not in text, (e.what, text)
                assert "{" not in text


def test_a_formula_filled_in_has_as_many_pieces_and_no_symbol_left() -> None:
    for e in told(GAMES[0]):
        for p in e.parts:
            if not p.formula:
                continue
            text = words.filled(p.formula, p.factors, Tongue("en", content=content()))
            names = {f.symbol for f in p.factors}
            assert not any(token in names for token in tokens(p.formula) if f" {token} " in f" {text} ")
            assert "_" not in text
            assert words.written(p.formula).replace(" ", "") == p.formula.replace(" ", "")


def test_units_by_hand() -> None:
    assert whole_units([0.4, 0.4, 0.4], 1.0, 1) == [1, 0, 0]
    assert whole_units([0.4, 0.0, -1.4], 1.0, -1) == [0, 0, -1]
    assert sum(whole_units([2.6, 2.6], 1.0, 7)) == 7
    assert whole_units([], 1.0, 0) == []
    with pytest.raises(ValueError, match="finite"):
        whole_units([float("nan")], 1.0, 0)
