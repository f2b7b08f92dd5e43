"""No overlay can set a divisor to zero, a price below nothing or a share above the whole; what is in range plays."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from content_builders import parameter, text, tree, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.content import Content
from game.content import schema as s
from game.content.check import check
from game.content.load import collect
from game.content.ranges import SHARES, allowed, entries, outside
from game.content.resolve import parameter_values
from game.engine.play import play_quarter
from game.engine.rules import Params, Rules
from game.engine.state import State
from game.policies import decide_all
from tests.engine.playing import mixed, opening
from tests.engine.test_money import faults

DIVISORS = (
    "cap_unit", "cap_power", "cap_span", "knowledge_unit", "knowledge_pace", "nest", "potential", "token_bound",
    "accuracy_spread", "gate_spread", "cloud_attach_spread", "token_price_reference", "token_capacity", "pool_limit",
    "compute_price_first", "source_price", "price_hassle", "community_half", "community_crowd", "snowball_half",
    "equity_community_half", "pilot_staff", "contract_staff", "tender_lots", "wage", "serve_share", "secrecy",
)  # fmt: skip
"""What the rules or the policies divide by, or take the logarithm of."""
STOCKS = ("customers", "hosted", "outside", "adopters", "leads", "pilots", "knowledge", "community", "fringe", "staff",
          "due", "debt", "equity", "founders", "compute_price")


def made(unit: str, limits: tuple[float, float] | None = None) -> s.Parameter:
    words = s.Text(zh="字", en="words")
    return s.Parameter(
        id="plain", name=words, unit=unit, status="assumed", note=words, group="g", value=0.5, range=limits
    )


def problems(tmp_path: Path, overlay: dict[str, Any]) -> list[str]:
    """Errors of the small content with another folder laid over it."""
    _, found = collect(write(tmp_path / "content", tree()), write(tmp_path / "mod", overlay))
    return [str(p) for p in found if p.severity == "error"]


def test_every_shipped_parameter_is_bounded_on_both_sides_and_inside(shipped: Content) -> None:
    values = parameter_values(shipped)
    for p in shipped.parameters.values():
        low, high = allowed(p)
        assert math.isfinite(low) and math.isfinite(high) and low < high, p.id
        assert p.range is not None or p.unit in SHARES, f"{p.id} has no range of its own"
        assert list(outside(p, values[p.id])) == [], p.id
    for name in shipped.assumptions:
        for label, value in parameter_values(shipped, name).items():
            assert list(outside(shipped.parameters[label], value)) == [], (name, label)


@pytest.mark.parametrize("name", DIVISORS)
def test_a_divisor_cannot_be_zero(shipped: Content, name: str) -> None:
    value = parameter_values(shipped)[name]
    nothing = (0.0,) * len(value) if isinstance(value, tuple) else 0.0
    found = list(outside(shipped.parameters[name], nothing))
    assert found and all("comes to 0" in sentence for _, sentence in found)


def test_bounds_follow_the_unit_or_the_range() -> None:
    assert allowed(made("share per quarter")) == (0.0, 1.0)
    assert allowed(made("CNY per quarter"))[0] == 0.0
    assert allowed(made("utility"))[0] < 0.0
    assert allowed(made("utility", (-1.0, 2.0))) == (-1.0, 2.0)
    for wrong in (1.5, -0.1, math.nan, math.inf):
        assert [name for name, _ in outside(made("share"), wrong)] == [""]
    assert [name for name, _ in outside(made("CNY", (1.0, 9.0)), 0.5)] == [""]
    assert list(outside(made("CNY", (1.0, 9.0)), 9.0)) == []


def test_tables_name_the_entry(shipped: Content) -> None:
    rent = shipped.parameters["rent"]
    row = [v for _, v in entries(rent, parameter_values(shipped)["rent"])]
    row[3] = -1.0
    assert [name for name, _ in outside(rent, tuple(row))] == ["medical"]
    path = shipped.parameters["sentiment_path"]
    assert [n for n, _ in entries(path, parameter_values(shipped)["sentiment_path"])][5] == "2024Q2"


@pytest.mark.parametrize(
    ("name", "change", "key", "words"),
    [
        ("wage", "0", "set.wage", "'wage' may be 5,000 to 2,000,000"),
        ("rent", "{ finance = -1 }", "set.rent.finance", "may be 0 to"),
        ("churn", "{ medical = 1.5 }", "set.churn.medical", "may be 0 to 1"),
        ("bridge_share", "2.0", "set.bridge_share", "a share lies between 0 and 1"),
        ("token_capacity", "{ times = 0 }", "set.token_capacity", "comes to 0"),
        ("potential", "{ times = 0 }", "set.potential.developers", "comes to 0"),
        ("sentiment_path", "{ 2024Q3 = 99 }", "set.sentiment_path.2024Q3", "may be 0 to 3"),
    ],
)
def test_an_overlay_out_of_range_is_refused_with_file_key_and_bounds(
    tmp_path: Path, shipped: Content, name: str, change: str, key: str, words: str
) -> None:
    (tmp_path / "assumptions").mkdir()
    (tmp_path / "assumptions" / "bold.toml").write_text(
        f'id = "bold"\nname = {{ zh = "敢", en = "Bold" }}\ntext = {{ zh = "敢", en = "Bold" }}\n[set]\n{name} = {change}\n',
        encoding="utf-8",
    )
    errors = [p for p in check(overlay=tmp_path).problems if p.severity == "error"]
    assert [(p.file.endswith("bold.toml"), p.key) for p in errors] == [(True, f"assumptions[bold].{key}")]
    assert words in errors[0].message


def test_own_content_keeps_the_shipped_bounds(tmp_path: Path) -> None:
    files = tree()
    params = files["parameters.toml"]["parameter"]
    place = next(i for i, p in enumerate(params) if p["id"] == "plain")
    params[place] = parameter("plain", "CNY", value=5.0, range=[1.0, 9.0])
    base = write(tmp_path / "content", files)

    def errors(name: str, **number: Any) -> list[str]:
        mod = write(tmp_path / name, {"parameters.toml": {"parameter": [parameter("plain", "CNY", **number)]}})
        _, found = collect(base, mod)
        return [str(p) for p in found if p.severity == "error"]

    assert errors("fine", value=8.0) == []
    assert errors("narrow", value=8.0, range=[7.0, 8.0]) == []
    assert ["may be 1 to 9" in e for e in errors("forgotten", value=0.0)] == [True]
    wider = errors("wide", value=8.0, range=[0.0, 9.0])
    assert len(wider) == 1 and "wider than the shipped one" in wider[0] and "1 to 9" in wider[0]
    assert any("runs backwards" in e for e in errors("backwards", value=8.0, range=[8.0, 7.0]))


def test_a_range_is_no_wider_than_its_unit(tmp_path: Path) -> None:
    files = tree()
    files["parameters.toml"]["parameter"].append(parameter("odd", "share", value=0.5, range=[0.0, 1.5]))
    _, found = collect(write(tmp_path, files))
    assert ["wider than 'share' can be" in str(p) for p in found if "odd" in str(p) and "range" in str(p)] == [True]


def test_reasons_belong_to_what_is_set(tmp_path: Path) -> None:
    found = problems(tmp_path, {"assumptions/odd.toml": {
        "id": "odd", "name": text(), "text": text(), "set": {"plain": 3.0}, "reasons": {"plan": text()},
    }})  # fmt: skip
    assert len(found) == 1 and "reasons.plan" in found[0] and "did you mean 'plain'?" in found[0]


def test_every_parameter_at_either_end_gives_rules_of_the_right_shape(shipped: Content, war: Rules) -> None:
    """The ends of the ranges are what the table says, not what somebody once tried."""
    for end in (0, 1):
        built = at(shipped, war, lambda p, v, end=end: allowed(p)[end])
        for field in dataclasses.fields(Params):
            assert np.shape(getattr(built.params, field.name)) == np.shape(getattr(war.params, field.name))


def at(content: Content, war: Rules, draw: Any) -> Rules:
    """Rules with every number of every parameter drawn by ``draw`` (parameter, shipped value)."""
    new: dict[str, Any] = {}
    for name, value in parameter_values(content).items():
        p = content.parameters[name]
        new[name] = np.array([draw(p, v) for v in value]) if isinstance(value, tuple) else draw(p, value)
    return dataclasses.replace(war, params=Params(**new))


def spoilt(state: State) -> Iterator[str]:
    """Names of arrays of a state that hold what cannot be."""
    for field in dataclasses.fields(state):
        array = getattr(state, field.name)
        if not isinstance(array, np.ndarray) or field.name in ("guidance", "levers"):
            continue
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            yield f"{field.name} is not finite"
        if field.name in STOCKS and (array < -1e-6 * max(1.0, float(np.abs(array).max()))).any():
            yield f"{field.name} is negative"


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1), ends=st.booleans())
def test_whatever_is_in_range_plays_without_losing_a_fen(shipped: Content, war: Rules, seed: int, ends: bool) -> None:
    rng = np.random.default_rng(seed)

    def draw(p: s.Parameter, value: float) -> float:
        low, high = allowed(p)
        luck = float(rng.random())
        if luck < 0.4:
            return value
        if ends:
            return low if luck < 0.75 else high
        return low + (high - low) * float(rng.random())

    rules = at(shipped, war, draw)
    seats = mixed(rules.firms)
    state = opening(rules, [1, 2])
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        for _ in range(4):
            after, ledger = play_quarter(rules, state, decide_all(rules, state, seats))
            assert [*faults(state, after, ledger), *spoilt(after)] == []
            state = after
