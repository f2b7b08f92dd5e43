"""Terminals with few colours or none, and eyes that tell few apart."""

from __future__ import annotations

import itertools

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from game.tui.kit.depth import NoColour, depth_of, glyphs_for, no_color, old_console, palettes_for, uncoloured
from game.tui.kit.draw import ink
from game.tui.kit.fan import fan, fan_legend
from game.tui.kit.theme import NIGHT, PALETTES, Palette, contrast
from game.tui.kit.waterfall import Step, waterfall

DEPTHS = ("full", "256", "16")
EVERY = [(depth, p) for depth in DEPTHS for p in palettes_for(depth).values()]
EACH = pytest.mark.parametrize(("depth", "p"), EVERY, ids=[f"{depth}-{p.name}" for depth, p in EVERY])


# what can be read -----------------------------------------------------------------------------------------------------
@EACH
def test_every_pair_of_ink_and_ground_can_be_read(depth: str, p: Palette) -> None:
    for ground in (p.panel, p.panel_alt, p.ground, p.bar, p.selection):
        assert contrast(p.text, ground) >= 7, ground
        assert contrast(p.dim, ground) >= 4.5, ground
        for colour in (p.gold, p.cinnabar, p.jade, p.sea):
            assert contrast(colour, ground) >= (4.5 if ground == p.panel else 3.5), (colour, ground)
        assert contrast(p.faint, ground) >= 2.4
    assert contrast(p.faint, p.panel) >= 3
    assert contrast(p.ground, p.gold) >= 4.5, "an Input's cursor"
    for behind in (p.sea_dark, p.sea_mid) if depth != "16" else ():
        assert contrast(p.gold, behind) >= 1.9, "the median on its bands"


@EACH
def test_high_contrast_is_high(depth: str, p: Palette) -> None:
    if p.name == "ink-contrast":
        for colour in (p.text, p.dim, p.gold, p.jade, p.sea, *p.series):
            assert contrast(colour, p.panel) >= (7 if depth != "16" else 6.5), colour


@pytest.mark.parametrize(("depth", "system"), [("256", ColorSystem.EIGHT_BIT), ("16", ColorSystem.STANDARD)])
def test_the_terminal_shows_exactly_what_was_chosen(depth: str, system: ColorSystem) -> None:
    for p in palettes_for(depth).values():  # type: ignore[arg-type]
        for name in Palette.__dataclass_fields__:
            value = getattr(p, name)
            for colour in value if name == "series" else [value] if str(value).startswith("#") else []:
                got = RichColor.parse(colour).downgrade(system)
                shown = got.get_truecolor().hex if depth == "256" else _standard(got.number or 0)
                near = 10 if depth == "256" else 0  # one step of grey
                pairs = ((int(shown[i : i + 2], 16), int(colour[i : i + 2], 16)) for i in (1, 3, 5))
                assert all(abs(a - b) <= near for a, b in pairs), (p.name, name, shown)
        if depth == "256" and p.name != "ink-contrast":
            assert p.ground != p.panel != p.selection and p.sea_dark not in (p.panel, p.selection, p.line)


def _standard(number: int) -> str:
    """The sixteen colours as Rich measures the nearness to them."""
    from rich._palettes import STANDARD_PALETTE

    return "#{:02x}{:02x}{:02x}".format(*STANDARD_PALETTE[number])


# eyes that tell few colours apart -------------------------------------------------------------------------------------
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SEEN = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}  # fmt: skip
MEANT = (
    ("jade", "cinnabar"), ("gold", "sea"), ("gold", "cinnabar"), ("gold", "jade"), ("sea", "cinnabar"), ("sea", "jade"),
    ("sea_dark", "sea_mid"), ("gold", "sea_mid"),
)  # fmt: skip
"""Pairs that stand side by side and mean different things."""


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB under D65."""
    r, g, b = rgb
    x, y, z = 0.4124 * r + 0.3576 * g + 0.1805 * b, 0.2126 * r + 0.7152 * g + 0.0722 * b, 0.0193 * r + 0.1192 * g + 0.9505 * b
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.95047, y, z / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def apart(one: str, other: str, how: str) -> float:
    """How far apart two colours are for such eyes: the distance in L*a*b*, where about 2.3 can just be seen."""
    places = []
    for colour in (one, other):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        line = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        places.append(lab([min(max(sum(a * b for a, b in zip(row, line, strict=True)), 0), 1) for row in SEEN[how]]))
    return sum((a - b) ** 2 for a, b in zip(*places, strict=True)) ** 0.5


@pytest.mark.parametrize("how", SEEN)
@pytest.mark.parametrize("depth", DEPTHS)
def test_okabe_stays_apart_for_colour_blind_eyes(depth: str, how: str) -> None:
    p = palettes_for(depth)["ink-okabe"]  # type: ignore[index, arg-type]
    for one, other in MEANT:
        if depth == "16" and one == "sea_dark":
            continue  # told apart by how dense the character is
        assert apart(getattr(p, one), getattr(p, other), how) >= 15, (one, other)
    if depth == "full":
        for one, other in itertools.combinations(p.series, 2):
            assert apart(one, other, how) >= 14, (one, other)


def test_the_measure_finds_red_and_green_that_fall_together() -> None:
    assert apart("#b35a00", "#7a7a00", "deuteranopia") < 10 < apart("#e69f00", "#56b4e9", "deuteranopia")


# what the terminal has ------------------------------------------------------------------------------------------------
def test_no_color_counts_when_it_is_not_empty() -> None:
    assert no_color({"NO_COLOR": "1"}) and no_color({"NO_COLOR": "0"}) and not no_color({"NO_COLOR": ""}) and not no_color({})


@pytest.mark.parametrize(
    ("system", "environ", "depth"),
    [("truecolor", {}, "full"), ("256", {}, "256"), ("standard", {}, "16"), (None, {}, "none"), ("windows", {}, "16"),
     ("truecolor", {"NO_COLOR": "1"}, "none"), ("truecolor", {"NO_COLOR": ""}, "full")],
)  # fmt: skip
def test_depth(system: str | None, environ: dict[str, str], depth: str) -> None:
    assert depth_of(system, environ) == depth


def test_old_consoles_get_plain_characters() -> None:
    assert old_console({"TERM": "linux"}) and not old_console({"TERM": "xterm-256color"}) and not old_console({})
    assert glyphs_for(True, "full").plain and not glyphs_for(False, "none").plain
    assert [glyphs_for(False, depth).shades for depth in ("none", "16", "256", "full")] == [True, True, False, False]  # type: ignore[arg-type]


# without colours ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("p", PALETTES.values(), ids=PALETTES)
def test_what_is_chosen_is_reversed_and_all_else_is_not(p: Palette) -> None:
    for ground in (p.panel, p.panel_alt, p.ground, p.bar):
        assert not uncoloured(ink(p.text, ground)).reverse
    for behind in (p.selection, p.gold, p.sea, p.cinnabar):
        assert uncoloured(ink(p.text, behind)).reverse
    assert not uncoloured(ink(p.text, p.selection, reverse=True)).reverse, "a cursor in the chosen row"
    assert uncoloured(ink(p.gold, p.panel, bold=True)).bold


def test_no_colour_reaches_the_terminal() -> None:
    filtered = NoColour().apply(
        [Segment("a", ink("#ff0000", "#233243", bold=True)), Segment("b"), Segment("c", Style(color="red", meta={"k": 1}))],
        Color.parse("#000000"),
    )  # fmt: skip
    assert [s.text for s in filtered] == ["a", "b", "c"]
    assert all(s.style is None or (s.style.color is None and s.style.bgcolor is None) for s in filtered)
    assert filtered[0].style == Style(bold=True, reverse=True) and filtered[2].style.meta == {"k": 1}  # type: ignore[union-attr]


BANDS = [(-0.2 * k, 1 - 0.1 * k, 2, 3 + 0.1 * k, 4 + 0.2 * k) for k in range(1, 9)]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("depth", ["none", "16"])
def test_the_bands_of_a_fan_are_told_apart_without_colour(depth: str, plain: bool) -> None:
    g = glyphs_for(plain, depth)  # type: ignore[arg-type]
    strips = fan(BANDS, 60, 16, NIGHT, history=[1, 3, 2], ghost=[1.5] * 8, glyphs=g)
    column = [strip.text[50] for strip in strips]
    kinds = [char for char, _ in itertools.groupby(column) if char not in " ┈-"]
    assert kinds[:2] == [g.outer, g.inner] and kinds[-2:] == [g.inner, g.outer] and g.heavy in kinds
    assert g.dot in "".join(strip.text for strip in strips), "the ghost"
    if depth == "none":
        for strip in strips:
            assert all(s.style is None or s.style.bgcolor is None or s.style.bgcolor.triplet.hex == NIGHT.panel for s in strip)  # type: ignore[union-attr]
    names = fan_legend(("past", "median", "half", "most", "before"), 80, NIGHT, glyphs=g).text
    for mark in (g.outer, g.inner, g.heavy, g.thin):
        assert mark in names


@pytest.mark.parametrize("plain", [False, True])
def test_gain_and_loss_of_a_waterfall_are_told_apart_without_colour(plain: bool) -> None:
    g = glyphs_for(plain, "none")
    rows = waterfall(Step("a", 100), [Step("b", 50), Step("c", -60)], "d", 60, 4, NIGHT, unit=1, fmt=str, other="e", glyphs=g)
    assert g.full in rows[0].text and g.inner in rows[1].text and g.outer in rows[2].text and g.full in rows[3].text
    assert g.outer not in rows[1].text[20:] and g.full not in rows[2].text
