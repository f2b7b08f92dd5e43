"""The bench: every number with its ratio, and a first frame that is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.content import Content
from game.lab import bench as module
from game.lab.bench import bench, first_frame, timed
from game.tui.first_frame import readable

KEYS = {
    "calibration_exp_per_s", "quarter_ms", "replay_ms", "firm_quarters_per_s", "futures_250x4_ms", "futures_1000x4_ms",
    "planner_decision_ms", "fan_first_ms", "fan_full_ms", "content_ms", "startup_ms", "bare_textual_app_ms",
}  # fmt: skip


def test_numbers_and_ratios_are_of_one_clock(shipped: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every span two milliseconds, ratios are what the definitions say."""
    monkeypatch.setattr(module, "timed", lambda work, runs=1: 0.002)
    monkeypatch.setattr(module, "GAMES", 10)
    found = bench(shipped)
    ratios = found.pop("ratios")
    assert set(found) == set(ratios) == KEYS
    rate = module.KERNEL / 0.002
    assert found["calibration_exp_per_s"] == rate and ratios["calibration_exp_per_s"] == 1.0
    for name in KEYS - {"calibration_exp_per_s"}:
        if name.endswith("_ms"):
            assert found[name] == 2.0 and ratios[name] == pytest.approx(module.KERNEL)
        else:
            assert ratios[name] == pytest.approx(found[name] / rate)


def test_a_median_of_at_least_seven_and_a_warm_start() -> None:
    calls: list[int] = []
    assert timed(lambda: calls.append(1)) >= 0.0
    assert len(calls) == module.RUNS + 1 and module.RUNS >= 7


def test_what_can_be_read() -> None:
    assert not readable("\x1b[?2026h\x1b[2J\x1b[1;1H\x1b[38;2;1;2;3m   \r\n\x1b[0m \x1b]0; \x07\x1b(B")
    assert readable("\x1b[1;1H\x1b[38;5;7m百\x1b[0m")
    assert readable("\x1b[H.")


def test_a_program_that_shows_something_ends_well_and_others_are_told(tmp_path: Path) -> None:
    first_frame(["-c", module.BARE], tmp_path)
    with pytest.raises(RuntimeError, match="did not show its first frame: broken"):
        first_frame(["-c", "import sys; sys.exit('broken')"], tmp_path)


def test_the_title_of_the_real_program_is_reached(tmp_path: Path) -> None:
    first_frame(["-m", "game", "play", "--saves", str(tmp_path)], tmp_path)
    assert not (tmp_path / "crash.txt").exists()
