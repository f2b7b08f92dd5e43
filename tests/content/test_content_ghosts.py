"""ghosts.toml: figures become marks of the real course; what is wrong with one is said in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content_builders import Tree, tree, write

from game.content import Content
from game.content.check import check
from game.content.digest import rules_digest
from game.content.ghosts import Mark, marks
from game.content.load import collect
from game.content.resolve import figure_number
from game.content.schema_ghosts import SERIES
from game.content.vocabulary import parse_quarter


def ghost(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = t["ghosts.toml"]["ghost"][0]
    return found


def point(t: Tree, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = ghost(t)["points"][place]
    return found


def faults(folder: Path, change: Callable[[Tree], object]) -> list[str]:
    files = tree()
    change(files)
    return [str(p) for p in collect(write(folder / "content", files))[1]]


# what is shipped ------------------------------------------------------------------------------------------------------
def test_every_shipped_mark_resolves_to_its_figure(shipped: Content) -> None:
    found = marks(shipped)
    assert {m.series for m in found} == set(SERIES)
    points = [(g, p) for g in shipped.ghosts.values() for p in g.points]
    assert len(found) == len(points) > 30
    for mark, (entry, stated) in zip(found, points, strict=True):
        figure = shipped.figures[mark.figure]
        assert mark.figure == stated.figure and mark.ghost == entry.id
        assert mark.first <= mark.at == parse_quarter(stated.at)
        if entry.series == "events":
            assert mark.value is None
        else:
            assert mark.value == pytest.approx(stated.scale * figure_number(figure, stated.use) + stated.offset)
        assert mark.doubted == any(mark.figure in c.figures for c in shipped.cautions.values())
        assert mark.read == (mark.figure in shipped.read_by)


def by_id(content: Content) -> dict[str, Mark]:
    return {m.figure: m for m in marks(content)}


def test_the_articles_numbers_after_conversion(shipped: Content) -> None:
    """Checked against the figures by hand, once: a change of unit or sign shows here."""
    found = by_id(shipped)
    models = [m for m in marks(shipped, "live-models") if m.ghost == "models-updated"]
    assert [(m.at, m.value) for m in models] == [(1, 200), (3, 156), (5, 19)]
    assert found["foundation-competitors"].value == 20 and found["foundation-competitors"].at == 7
    cut = found["price-war-cut"]
    assert cut.base == 3 and (cut.first, cut.at) == (4, 7)
    assert cut.level({3: 10.0}.get) == pytest.approx(1.0)
    assert found["compute-cost-decline"].level({3: 100.0}.get) == pytest.approx(62.0)
    assert found["doubao-vision-discount"].level({9: 20.0}.get) == pytest.approx(3.0)
    assert found["genai-users-2024"].value == 2.3e8 and found["ernie-bot-users"].value == 4.3e8
    assert found["tender-projects-2024"].value == 1520 and found["market-size-2025"].value == 2e11


def test_contradicting_figures_are_both_there(shipped: Content) -> None:
    """Of every caution that sets figures of one series against each other, all those that are drawn bear the doubt."""
    found = by_id(shipped)
    users = [m for m in marks(shipped, "adopters.consumers")]
    assert {"genai-users-2024", "ernie-bot-users"} <= {m.figure for m in users}
    assert all(found[f].doubted for f in ("genai-users-2024", "ernie-bot-users", "models-updated-may-2024"))
    assert found["dreamina-mau"].disowned and not found["genai-users-2024"].disowned
    assert found["compute-cost-decline"].read, "the rules' own decline of compute prices is that figure"


def test_a_fall_without_its_beginning_is_not_drawn() -> None:
    mark = Mark("g", "token-price", "f", 7, 4, 0.1, base=3)
    assert mark.level(lambda quarter: None) is None and mark.level({3: 0.5}.get) == pytest.approx(0.05)
    assert Mark("g", "none", "f", 7, 4, 12.0).level(lambda quarter: None) == 12.0


# checks and overlays --------------------------------------------------------------------------------------------------
def test_a_right_file_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, lambda t: None) == []


FAULTS: list[tuple[str, Callable[[Tree], object], str]] = [
    ("unknown figure", lambda t: point(t).update(figure="premiun"), "figure 'premiun' does not exist; did you mean"),
    ("unknown series", lambda t: ghost(t).update(series="prices"), "series"),
    ("no points", lambda t: ghost(t).update(points=[]), "points"),
    ("unknown key", lambda t: point(t).update(unit="CNY"), "unit"),
    ("words as a number", lambda t: point(t).update(figure="policy", use=""), "is words, not a number"),
    ("a wrong use", lambda t: point(t, 1).update(use="high"), "is a single value"),
    ("out of order", lambda t: point(t).update(at="2025Q1"), "write the earlier date first"),
    ("begins after its end", lambda t: point(t, 1).update(first="2025Q1"), "is later than"),
    ("too late", lambda t: point(t, 1).update(at="2031Q1"), "lies outside what can be drawn"),
    ("too early", lambda t: point(t).update(at="2019Q1"), "lies outside what can be drawn"),
    ("below zero", lambda t: point(t, 1).update(offset=0.0), "must lie above zero"),
    ("twice", lambda t: point(t, 1).update(figure="premium", use="low", scale=1.0), "is there twice"),
    ("a base without a series", lambda t: ghost(t).update(series="none"), "needs a series of the game"),
    ("a scaled date", lambda t: t["ghosts.toml"]["ghost"][1]["points"][0].update(scale=2.0), "is a date"),
    ("disowned without a doubt", lambda t: point(t).update(figure="doubtful", use=""), "which a caution disowns"),
    ("one language", lambda t: ghost(t).update(name={"zh": "名"}), "en"),
]


@pytest.mark.parametrize(("change", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_said_in_one_sentence(tmp_path: Path, change: Callable[[Tree], object], said: str) -> None:
    found = faults(tmp_path, change)
    assert len(found) == 1 and said in found[0] and "ghosts.toml" in found[0], found


def test_doubt_that_is_admitted_passes(tmp_path: Path) -> None:
    def change(t: Tree) -> None:
        point(t).update(figure="doubtful", use="")
        ghost(t).update(note={"zh": "存疑", "en": "in doubt"})

    assert faults(tmp_path, change) == []


def test_an_overlay_replaces_and_adds_without_moving_the_digest(tmp_path: Path, shipped: Content) -> None:
    own = {"id": "cheapest-api", "name": {"zh": "别处的价", "en": "Another price"}, "series": "token-price",
           "points": [{"figure": "doubao-vision-price", "at": "2025Q1"}]}  # fmt: skip
    added = {**own, "id": "house-mark", "series": "none"}
    folder = write(tmp_path / "overlay", {"ghosts.toml": {"ghost": [own, added]}})
    content, problems = collect(overlay=folder)
    assert content is not None and not [p for p in problems if p.severity == "error"]
    found = {m.ghost: m for m in marks(content)}
    assert found["cheapest-api"].figure == "doubao-vision-price" and found["cheapest-api"].at == 8
    assert len(content.ghosts) == len(shipped.ghosts) + 1
    assert rules_digest(content) == rules_digest(shipped)


def test_the_check_covers_it(tmp_path: Path) -> None:
    bad = {"id": "x", "name": {"zh": "名", "en": "name"}, "series": "events", "points": [{"figure": "nope", "at": "2024Q1"}]}
    report = check(overlay=write(tmp_path / "overlay", {"ghosts.toml": {"ghost": [bad]}}))
    assert not report.ok and any("nope" in p.message and "ghosts.toml" in p.file for p in report.problems)
