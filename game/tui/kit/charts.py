"""All charts under one name.  Each is a pure function from values to rows of exact width."""

from game.tui.kit.bars import (
    diverging_bar,
    hbar,
    shares,
    slider,
    slider_text,
    slider_value,
    spark,
    stacked_bar,
)  # fmt: skip
from game.tui.kit.fan import fan, fan_legend
from game.tui.kit.lines import Series, braille_lines, legend, series_ink, series_legend
from game.tui.kit.waterfall import Step, fold_steps, round_to_sum, waterfall

__all__ = [
    "Series", "Step", "braille_lines", "diverging_bar", "fan", "fan_legend", "fold_steps", "hbar",
    "legend", "round_to_sum", "series_ink", "series_legend", "shares", "slider", "slider_text",
    "slider_value", "spark", "stacked_bar", "waterfall",
]  # fmt: skip
