"""Palettes can be read, glyphs have their width, themes load."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest
from rich.cells import cell_len
from textual.theme import Theme

from game.tui.kit.theme import (
    DEFAULT,
    FANCY,
    PALETTES,
    PLAIN,
    Palette,
    contrast,
    glyphs,
    palette,
    theme,
    themes,
)  # fmt: skip

EVERY = pytest.mark.parametrize("p", PALETTES.values(), ids=PALETTES)


def test_contrast_is_the_wcag_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known near miss


@EVERY
def test_texts_can_be_read(p: Palette) -> None:
    for ground in (p.panel, p.panel_alt, p.ground, p.bar, p.selection):
        assert contrast(p.text, ground) >= 7
        assert contrast(p.dim, ground) >= 3
    assert contrast(p.dim, p.panel) >= 4.5
    for colour in (p.gold, p.cinnabar, p.jade, p.sea, *p.series):
        assert contrast(colour, p.panel) >= 4.5, colour
    for colour in (p.gold, p.cinnabar, p.jade, p.sea):
        assert contrast(colour, p.selection) >= 3.5, colour
    assert contrast(p.faint, p.panel) >= 2.4


@EVERY
def test_the_bands_of_a_fan_are_told_apart(p: Palette) -> None:
    assert contrast(p.sea_dark, p.panel) >= 1.35
    assert contrast(p.sea_mid, p.sea_dark) >= 1.35
    assert contrast(p.gold, p.sea_mid) >= 2
    assert contrast(p.text, p.sea_dark) >= 3.5


@EVERY
def test_palettes_are_complete(p: Palette) -> None:
    for field in dataclasses.fields(p):
        value = getattr(p, field.name)
        if isinstance(value, str) and field.name != "name":
            assert re.fullmatch(r"#[0-9a-f]{6}", value), field.name
    assert len(set(p.series)) == 7
    with pytest.raises(dataclasses.FrozenInstanceError):
        p.text = "#000000"  # type: ignore[misc]


def test_unknown_themes_get_the_night() -> None:
    assert palette("ink-day").name == "ink-day" and palette("nord").name == DEFAULT == "ink-night"


def test_themes_are_textual_themes() -> None:
    made = themes()
    assert [t.name for t in made] == list(PALETTES) and all(isinstance(t, Theme) for t in made)
    assert theme("ink-day").dark is False
    assert "background" in made[0].to_color_system().generate()


def test_glyphs_are_one_cell_and_the_plain_ones_ascii() -> None:
    for kit in (FANCY, PLAIN):
        for field in dataclasses.fields(kit):
            value = getattr(kit, field.name)
            for glyph in value if isinstance(value, tuple) else [value]:
                if isinstance(glyph, str):
                    assert cell_len(glyph) == 1, (field.name, glyph)
                    assert kit is FANCY or glyph.isascii()
        assert all(a != b for a, b in itertools.combinations(kit.marks, 2))
    assert glyphs(True) is PLAIN and glyphs() is FANCY
