"""The codex without a screen: every page of all content in both languages, and conditions asked of a view."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from game.engine.names import ROUTES
from game.language import Tongue
from game.tui.screens.codex_entries import KINDS, known, name_of, table
from game.tui.screens.codex_index import LIMIT, Index
from game.tui.screens.codex_pages import page
from game.tui.screens.conditions import ENDLESS, holds, price_fall, quantity
from game.tui.screens.wordmark import characters
from tests.tui.screen_kit import _KEY, content, played


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page(lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    for kind in KINDS:
        for label in table(content(), kind):
            pieces = page(content(), tongue, kind, label)
            said = "\n".join(f"{p.label} {p.text}" for p in pieces)
            assert pieces[0].text and pieces[0].role == "title", (kind, label)
            assert not _KEY.findall(said.replace(label, "")), (kind, label, _KEY.findall(said))
            assert "{" not in said, (kind, label)
            for piece in pieces:
                assert piece.link is None or known(content(), *piece.link), (kind, label, piece.link)


def test_a_figure_says_where_it_comes_from() -> None:
    tongue = Tongue("zh", content=content())
    pieces = page(content(), tongue, "figure", "platform-parameter-scale")
    said = "\n".join(p.text for p in pieces)
    figure = content().figures["platform-parameter-scale"]
    for part in (
        figure.as_printed,
        figure.claim.zh,
        figure.attributed_to.zh,
        content().articles[figure.article].title.zh,
    ):
        assert part in said
    assert any(p.role == "bad" and p.link == ("caution", "parameter-slip") for p in pieces)
    assert tongue.say("ui.why.disowned") in said


def test_cards_give_neither_odds_nor_effects_away() -> None:
    tongue = Tongue("en", content=content())
    for label, card in content().cards.items():
        said = "\n".join(p.text for p in page(content(), tongue, "card", label))
        assert tongue.text(card.text) in said
        assert tongue.text(card.note) not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_index_finds_by_name_number_and_id(lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    index = Index(content(), tongue)
    everything, total = index.search("")
    assert len(everything) == LIMIT < total
    for kind, label in (
        ("figure", "model-boom-count"),
        ("rival", "yunshan"),
        ("lever", "price.token"),
        ("term", "runway"),
    ):
        found, _ = index.search(label)
        assert (kind, label) in [(e.kind, e.id) for e in found]
        name = name_of(content(), tongue, kind, label)
        assert (kind, label) in [(e.kind, e.id) for e in index.search(name.split("　")[0].split(":")[0])[0]]
    assert index.search("ＧＰＵ")[1] == index.search("gpu")[1] > 0
    assert index.search("zzzz-nothing") == ([], 0)
    assert all(e.kind == "card" for e in index.search("", "card")[0])


def test_missing_pages_are_said_to_be_missing() -> None:
    tongue = Tongue("en", content=content())
    for kind, label in (("figure", "nope"), ("nonsense", "x"), ("", "")):
        assert "no such entry" in page(content(), tongue, kind, label)[0].text


def test_conditions_are_asked_of_a_view() -> None:
    view = asyncio.run(played(5)).view

    def says(what: str, op: str, value: float | str, segment: str = "") -> bool:
        number = float(ROUTES.index(value)) if isinstance(value, str) else float(value)
        return holds(view, SimpleNamespace(what=what, op=op, value=value, segment=segment, number=number))

    assert says("route", "==", "layered") and not says("route", ">", "layered")
    assert says("staff", "==", 22, "focus") and says("accuracy", ">=", 0.85, "focus")
    assert says("alive_quarters", "==", 5) and says("trust", "<", 1) and says("share", ">", 0, "developers")
    assert not says("no-such-quantity", ">=", 0), "what cannot be asked does not hold"
    assert 0 < price_fall(view.history) < 1 and price_fall(view.history[:1]) == 0
    assert quantity(view, "capability_gap") == pytest.approx(view.market.frontier - view.own.capability)
    assert quantity(view, "runway") in (view.own.runway, ENDLESS)


def test_every_condition_of_endings_and_goals_can_be_asked() -> None:
    view = asyncio.run(played(3)).view
    asked = [c for e in content().endings.values() for p in e.epilogue for c in p.when]
    asked += [g for s in content().scenarios.values() for g in s.goals]
    unknown = {"tender_count", "tender_value"}  # what a firm won over the years; only a host can say
    for condition in asked:
        assert condition.what in unknown or quantity(view, condition.what, condition.segment) is not None, condition


def test_the_wordmark_is_square() -> None:
    for plain in (False, True):
        for character in characters(plain):
            assert len(character) == 8 and {len(line) for line in character} == {16}
            assert not plain or "".join(character).isascii()
