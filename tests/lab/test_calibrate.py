"""The calibration finds what it can find, says what it cannot, and never looks at what is held out."""

from __future__ import annotations

import argparse
import dataclasses
import pickle
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest

from game.content import Content, load
from game.content.build import build_params
from game.engine.numeric import Array
from game.engine.rules import Rules
from game.lab import calibrate as core
from game.lab import calibrate_fit, extras, sensitivity
from game.lab.calibrate import Dimension, Moment, Trial, dimensions, moments_of, objective, penalty, present
from game.lab.calibrate_fit import CalibrationReport, calibrate, overlay_text
from game.lab.calibrate_profile import polish, profiles
from game.lab.commands_calibrate import calibrate as command
from game.lab.commands_calibrate import calibration_lines, sensitivity_lines
from game.lab.facts import held_out

SEEDS = 60
BOX = (
    Dimension("a", "a", "", -1, 0.0, 4.0, False), Dimension("b", "b", "", -1, 0.01, 100.0, True),
    Dimension("c", "c", "", -1, -1.0, 1.0, False),
)  # fmt: skip
MOMENTS = (Moment("first", "-", 2.9, 3.1), Moment("second", "-", 0.8, 1.2))
NOISE = np.random.default_rng(7).standard_normal(SEEDS)


def toy(values: list[float]) -> Mapping[str, Array]:
    """A market of two moments: the first is `a`, the second the logarithm of `b`, both noisy; `c` does nothing."""
    a, b, _ = values
    return {"first": a + 0.05 * NOISE, "second": np.log10(b) + 0.05 * NOISE}


def test_a_box_and_back() -> None:
    for d in BOX:
        assert d.value(0.0) == d.low and d.value(1.0) == d.high
        for u in (0.1, 0.5, 0.93):
            assert d.unit(d.value(u)) == pytest.approx(u, abs=1e-3)
        assert d.unit(1e9) == 1.0 and d.value(-3.0) == d.low
    assert BOX[1].value(0.5) == 1.0


def test_content_lists_at_most_twelve_and_they_start_in_their_boxes(shipped: Content, war: Rules) -> None:
    box = dimensions(shipped)
    assert 0 < len(box) <= 12
    for d, value in zip(box, present(war, box), strict=True):
        assert d.low <= value <= d.high, d.id


def test_only_free_parameters_change(shipped: Content, war: Rules) -> None:
    box = dimensions(shipped)
    values = [d.value(0.25) for d in box]
    changed = core.with_values(war, box, values)
    assert present(changed, box) == values
    moved = {d.parameter for d in box}
    for field in dataclasses.fields(war.params):
        same = np.array_equal(getattr(war.params, field.name), getattr(changed.params, field.name))
        assert same == (field.name not in moved), field.name
    d = next(d for d in box if d.entry)
    before, after = getattr(war.params, d.parameter), getattr(changed.params, d.parameter)
    assert [i for i in range(len(before)) if before[i] != after[i]] == [d.row]


def test_a_penalty_leaves_the_inner_half_of_a_band_alone() -> None:
    z = np.linspace(-4, 4, 161)
    cost = penalty(z)
    assert (cost[np.abs(z) <= 0.5] == 0).all() and (np.diff(cost[z >= 0.5]) > 0).all()
    assert np.allclose(cost, cost[::-1])
    assert np.abs(np.diff(np.diff(cost))).max() < 0.006, "no kink"


def test_an_objective_is_the_mean_penalty_of_medians() -> None:
    values = {"first": np.array([1.0, 3.3, 9.0]), "second": np.array([1.0, 1.0, 1.0])}
    assert float(objective(values, MOMENTS)) == pytest.approx(float(penalty(3.0)) / 2)
    again = objective(values, MOMENTS, np.array([[0, 0, 0], [1, 1, 1]]))
    assert again.tolist() == pytest.approx([float(penalty(-20.0)) / 2, float(penalty(3.0)) / 2])


def test_evaluations_share_their_seeds_and_travel(shipped: Content, war: Rules) -> None:
    box = dimensions(shipped)
    moments = moments_of(shipped, ["price-war-2024", "users-2024"])
    one = core.trial(shipped, war, box, present(war, box), (3, 4), moments)
    copy = pickle.loads(pickle.dumps(one))
    assert isinstance(copy, Trial)
    first, second = core.run(one), core.run(copy)
    assert list(first) == ["price-war-2024", "users-2024"]
    assert all(np.array_equal(first[k], second[k]) for k in first)


def test_a_profile_tells_what_is_pinned_down_from_what_is_not() -> None:
    fit = [3.0, 10.0, 0.2]
    found = profiles(BOX, fit, MOMENTS, lambda asked: [toy(v) for v in asked], toy(fit))
    assert [p.identified for p in found] == [True, True, False]
    a, _, c = found
    assert a.low <= 3.0 <= a.high and a.high - a.low < 1.5
    assert (c.low, c.high) == (-1.0, 1.0)
    assert all(point.objective == pytest.approx(0.0, abs=1e-9) for point in c.points)
    assert min(a.points, key=lambda p: p.objective).value == 3.0


def test_polishing_walks_to_the_minimum_and_never_away() -> None:
    start = [1.2, 2.0, 0.2]
    fit, shown, spent = polish(BOX, start, MOMENTS, lambda asked: [toy(v) for v in asked], toy(start))
    assert float(objective(shown, MOMENTS)) < 0.2 * float(objective(toy(start), MOMENTS)) and spent > 0
    assert toy(fit)["first"].tolist() == shown["first"].tolist()
    again, _, _ = polish(BOX, [3.0, 10.0, 0.0], MOMENTS, lambda asked: [toy(v) for v in asked], toy([3.0, 10.0, 0.0]))
    assert again == [3.0, 10.0, 0.0]


def test_a_profile_sets_the_others_anew() -> None:
    """Where only the sum of two parameters shows, one may be moved as long as the other gives way: neither is known."""

    def both(values: list[float]) -> Mapping[str, Array]:
        return {"first": values[0] + values[1] + 0.01 * NOISE}

    box = (Dimension("a", "a", "", -1, 1.0, 2.0, False), Dimension("b", "b", "", -1, 1.0, 2.0, False))
    fit = [1.5, 1.5]
    found = profiles(box, fit, MOMENTS[:1], lambda asked: [both(v) for v in asked], both(fit))
    near = [p for p in found[0].points if p.value in (1.25, 1.75)]
    assert [p.others for p in near] == ["set anew", "set anew"]
    assert all(p.objective < 1e-9 for p in near)


@pytest.fixture(scope="module")
def small(shipped: Content) -> Content:
    """Two free parameters, so that a whole recipe takes seconds."""
    kept = [shipped.free[label] for label in ("cloud-value", "app-imitation")]
    return dataclasses.replace(shipped, free={f.id: f for f in kept})


def easy(work: object, items: list[Trial], **_: object) -> list[Mapping[str, Array]]:
    """A market in no time: every moment moves in a straight line with the two free parameters, plus luck by seed."""
    found = []
    for item in items:
        a, b = item.rules.params.cloud_customer_value / 5500.0, item.rules.params.bass_imitation[1] / 0.3
        luck = np.random.default_rng(item.seeds[0]).standard_normal(len(item.seeds))
        found.append({
            m.id: (m.low + m.high) / 2
            + (m.high - m.low) / 2 * (3.0 * (a - 1.6) + 8.0 * (b - 1.2) * (k % 2) + 0.1 * luck)
            for k, m in enumerate(item.moments)
        })
    return found


@pytest.fixture(scope="module")
def report(small: Content) -> CalibrationReport:
    pytest.importorskip("cma")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate_fit, "scatter", easy)
        return calibrate(small, seeds=20, evaluations=60)


def test_a_recipe_reports_and_looks_once(small: Content, report: CalibrationReport) -> None:
    assert report.looks_at_held_out == 1 and report.evaluations >= 60 and report.converged
    assert report.objective_after < 0.001 < report.objective_before and report.held_out_after < report.held_out_before
    assert [p.identified for p in report.parameters] == [True, True]
    assert report.parameters[0].after == pytest.approx(1.6 * 5500, rel=0.15)
    assert {f.id: f.fitted for f in report.facts} == {f: not held_out(f) for f in small.facts}
    assert [p.id for p in report.parameters] == list(small.free)
    for p in report.parameters:
        assert p.low <= p.after <= p.high and p.range_low <= p.after <= p.range_high
        assert p.identified == (p.low < p.range_low and p.range_high < p.high)
        assert 5 <= len(p.profile) <= 7
    for f in report.facts:
        assert f.met_after == (f.low <= f.after <= f.high) == (abs(f.z_after) <= 1 + 1e-12)
    assert msgspec.json.decode(msgspec.json.encode(report), type=CalibrationReport) == report
    text = "\n".join(calibration_lines(report))
    assert "looks: 1" in text and "cloud_customer_value" in text and "bass_imitation.consumers" in text


def test_held_out_facts_are_not_played_before_the_end(
    small: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cma")
    seen: list[tuple[tuple[int, ...], bool]] = []

    def spy(work: object, items: list[Trial], **_: object) -> list[Mapping[str, Array]]:
        for item in items:
            seen.append((item.seeds, any(held_out(m.id) for m in item.moments)))
        flat = {m.id: np.full(len(items[0].seeds), (m.low + m.high) / 2) for m in items[0].moments}
        return [flat for _ in items]

    monkeypatch.setattr(calibrate_fit, "scatter", spy)
    calibrate(small, seeds=4, evaluations=8)
    assert [look for _, look in seen].count(True) == 2 and all(look for _, look in seen[-2:])
    assert {seeds for seeds, _ in seen[:-2]} == {(1, 2, 3, 4)}, "the same seeds every time"
    assert {seeds for seeds, _ in seen[-2:]} == {(5, 6, 7, 8)}, "fresh ones at the end"


def test_a_proposal_is_an_overlay(
    small: Content, report: CalibrationReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(calibrate_fit, "calibrate", lambda *_, **__: report)
    out = tmp_path / "own"
    args = argparse.Namespace(seeds=3, evaluations=8, out=out, json=False)
    ids = {"scenario": "war", "assume": "none"}
    assert command(args, small, ids, 1, print) == 0
    assert f"--content {out} --assume fitted" in capsys.readouterr().out
    content = load(overlay=out)
    values = build_params(content, "fitted")
    for p in report.parameters:
        d = next(d for d in dimensions(content) if d.id == p.id)
        found = values[p.parameter] if d.row < 0 else values[p.parameter][d.row]
        assert found == (p.after if p.after != p.before else p.before)
    assert build_params(content)["cloud_customer_value"] == build_params(small)["cloud_customer_value"]
    assert command(args, small, ids, 1, print) == 2, "never written over"
    assert "exists already" in capsys.readouterr().err


def test_a_missing_library_is_one_sentence(
    small: Content, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extras.importlib, "import_module", _nothing)
    args = argparse.Namespace(seeds=3, evaluations=8, out=None, json=False)
    assert command(args, small, {"scenario": "war", "assume": "none"}, 1, print) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "library cma" in error


def _nothing(name: str) -> object:
    raise ImportError(name)


def test_no_free_parameter_is_one_sentence(shipped: Content) -> None:
    pytest.importorskip("cma")
    with pytest.raises(ValueError, match="no free parameter"):
        calibrate(dataclasses.replace(shipped, free={}), seeds=2, evaluations=4)


def test_effects_name_their_drivers(small: Content) -> None:
    pytest.importorskip("SALib")
    report = sensitivity.sensitivity(small, seeds=3, trajectories=2, processes=1)
    assert report.evaluations == 2 * 4
    by_id = {o.id: o for o in report.outputs}
    assert by_id["users-2024"].drivers[0].parameter == "app-imitation" and by_id["users-2024"].drivers[0].direction > 0
    assert by_id["price-war-2024"].drivers[0].parameter == "cloud-value"
    assert {sensitivity.VALUE, sensitivity.SURVIVAL} < set(by_id) and set(small.facts) < set(by_id)
    for output in report.outputs:
        sizes = [d.strength for d in output.drivers]
        assert sizes == sorted(sizes, reverse=True) and len(sizes) == 3
    assert any(line.startswith("users-2024") and "+" in line for line in sensitivity_lines(report))


def test_the_survival_knob_spares_the_clouds(war: Rules) -> None:
    changed = sensitivity.with_fixed_cost(war, 1.2).traits
    cloud = war.traits.cloud > 0
    assert np.array_equal(changed.fixed_cost[cloud], war.traits.fixed_cost[cloud])
    assert np.allclose(changed.fixed_cost[~cloud], 1.2 * war.traits.fixed_cost[~cloud])
    assert overlay_text.__doc__
