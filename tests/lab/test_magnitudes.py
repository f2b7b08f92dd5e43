"""Orders of magnitude: every row is what the books say, and every figure beside one exists."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import jsonschema
import msgspec
import numpy as np
import pytest

from game.content import Content
from game.content.resolve import figure_number
from game.engine.names import LINE, SEGMENTS
from game.engine.play import REVENUE, play_quarter
from game.engine.rules import Rules
from game.lab import magnitudes as module
from game.lab.commands_whatif import magnitudes as command
from game.lab.commands_whatif import short
from game.lab.magnitudes import FIGURES, FLOWS, Magnitudes, measure, middle, play_years, third
from game.policies import decide_all
from tests.engine.playing import mixed, opening

SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def table(shipped: Content) -> Magnitudes:
    return measure(shipped, SEEDS, scenario="war")


def test_the_market_is_the_sum_of_its_parts(war: Rules) -> None:
    """Segments, tenders and rent between firms are all revenue there is; checked against the ledger itself."""
    seats = mixed(war.firms)
    years = play_years(war, SEEDS, seats)
    state = opening(war, SEEDS)
    revenue = np.zeros((len(years), len(SEEDS)))
    bought = np.zeros((len(years), len(SEEDS)))
    for quarter in range(war.quarters):
        state, ledger = play_quarter(war, state, decide_all(war, state, seats))
        revenue[quarter // 4] += ledger.lines[REVENUE].sum(axis=(0, 1)) / 100.0
        for name in ("compute", "overflow", "energy"):
            bought[quarter // 4] -= ledger.lines[LINE[name]].sum(axis=0) / 100.0
    for row, year in enumerate(years):
        rows = years[year]
        parts = sum(rows[f"market.{v}"] for v in SEGMENTS) + rows["market.tenders"] + rows["market.rent"]
        assert np.allclose(parts, revenue[row], rtol=1e-9), year
        assert np.allclose(rows["market.modelled"], revenue[row] + bought[row], rtol=1e-9), year
        assert np.allclose(rows["market.wider"], war.params.wider_spend * rows["market.modelled"]), year
    assert list(years) == [2023, 2024, 2025, 2026, 2027]


def test_figures_beside_rows_exist_and_are_compared(shipped: Content, table: Magnitudes) -> None:
    rows = {r.id: r for r in table.rows}
    assert set(FIGURES) <= set(rows) and set(FLOWS) <= set(rows)
    for name, wanted in FIGURES.items():
        assert [b.figure for b in rows[name].figures] == [figure for figure, _, _ in wanted]
        for beside in rows[name].figures:
            assert beside.value == figure_number(shipped.figures[beside.figure])
            assert beside.ratio == rows[name].sizes[str(beside.year)].median / beside.value
    tenders = rows["market.all-tenders"].figures[0].ratio
    assert tenders == pytest.approx(1.0, abs=0.01), "tenders of the year are read from that very figure"


def test_the_document_follows_its_schema(table: Magnitudes) -> None:
    schema = json.loads((Path(__file__).parents[1] / "schemas" / "magnitudes.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(msgspec.json.encode(table)), schema)


def test_every_row_has_a_name_in_both_languages_a_unit_and_ordered_sizes(table: Magnitudes) -> None:
    assert len({r.name["zh"] for r in table.rows}) == len({r.name["en"] for r in table.rows}) == len(table.rows)
    for row in table.rows:
        assert row.unit and any("\u4e00" <= c <= "\u9fff" for c in row.name["zh"])
        assert "{" not in row.name["en"] and row.sizes
        for size in row.sizes.values():
            assert size.p10 <= size.median <= size.p90


def test_chunks_change_nothing(shipped: Content, table: Magnitudes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    again = measure(shipped, SEEDS, scenario="war")
    for ours, theirs in zip(table.rows, again.rows, strict=True):
        for year, size in ours.sizes.items():
            assert size.median == pytest.approx(theirs.sizes[year].median, rel=1e-9)


def test_half_years_are_left_out(shipped: Content) -> None:
    assert measure(shipped, SEEDS[:2], scenario="first-lesson").years == [2023]


def test_middle_and_third_know_who_counts() -> None:
    x = np.array([[1.0, 5.0], [2.0, 6.0], [9.0, 7.0], [4.0, 8.0]])
    mask = np.array([[True, False], [True, False], [False, False], [True, False]])
    assert middle(x, mask)[0] == 2.0 and np.isnan(middle(x, mask)[1])
    assert third(x, mask)[0] == 1.0 and np.isnan(third(x, mask)[1])


def test_the_command(shipped: Content, capsys: pytest.CaptureFixture[str]) -> None:
    ids = {"scenario": "first-lesson", "assume": "cautious"}
    for as_json in (True, False):
        args = argparse.Namespace(seeds=2, json=as_json)
        assert command(args, shipped, ids, 1, lambda r: print(msgspec.json.encode(r).decode())) == 0
        out = capsys.readouterr().out
        assert json.loads(out)["assume"] == "cautious" if as_json else "compute_price_first" in out
    assert [short(v) for v in (6.467e9, 0.95, -1.2e6, 1e12, 999.0)] == ["6.47B", "0.95", "-1.2M", "1T", "999"]
