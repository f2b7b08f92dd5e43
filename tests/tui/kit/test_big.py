"""Large characters and QR codes in cells: exact sizes, every character apart, every module where the standard has it."""

from __future__ import annotations

import pytest
import segno

from game.classroom.secret import ALPHABET
from game.tui.kit.bigtext import CAPITALS, DIGITS, big, pixels, scale_for, size
from game.tui.kit.qr import modules, qr_size, qr_strips

URL = "http://192.168.1.23:8100/#K7QM-2XRD-9"


@pytest.mark.parametrize("font", [DIGITS, CAPITALS])
def test_no_two_characters_look_alike(font: dict[str, tuple[str, ...]]) -> None:
    drawn = list(font.values())
    assert len(set(drawn)) == len(drawn)
    for rows in drawn:
        assert len({len(row) for row in rows}) == 1 and len(rows) == len(drawn[0])
        assert set("".join(rows)) <= {"#", "."}


def test_every_character_of_a_code_is_there() -> None:
    assert set(ALPHABET) | {"-"} <= set(CAPITALS)
    assert set("0123456789:/-") <= set(DIGITS)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_a_text_takes_the_cells_it_says(scale: int, plain: bool) -> None:
    rows = big("12:34", scale, plain=plain)
    wide, high = size("12:34", scale)
    assert len(rows) == high and {len(row) for row in rows} == {wide}
    assert scale_for("12:34", wide, high) == scale
    assert scale_for("12:34", wide - 1, high) == scale - 1 == scale_for("12:34", wide, high - 1)
    marks = {" ": (0, 0), "'" if plain else "▀": (1, 0), "." if plain else "▄": (0, 1), "#" if plain else "█": (1, 1)}
    back = ["".join("#" if marks[char][half] else "." for char in row) for row in rows for half in (0, 1)]
    grid = ["".join(pixel * scale for pixel in line) for line in pixels("12:34", DIGITS) for _ in range(scale)]
    assert back[: len(grid)] == grid and all(set(line) == {"."} for line in back[len(grid):])


@pytest.mark.parametrize("scale", [1, 2])
def test_a_qr_code_can_be_read_back_from_its_cells(scale: int) -> None:
    wide, high = qr_size(URL, scale)
    strips = qr_strips(URL, wide, high)
    assert len(strips) == high and all(strip.cell_length == wide for strip in strips)
    dark = {"█": (0, 0), "▄": (1, 0), "▀": (0, 1), " ": (1, 1)}
    lines = [[dark[char][half] for char in strip.text] for strip in strips for half in (0, 1)]
    code = segno.make(URL, micro=False, error="l")
    expected = [list(map(int, line)) for line in code.matrix_iter(border=2)]
    for y, line in enumerate(expected):
        for x, module in enumerate(line):
            block = {lines[scale * y + dy][scale * x + dx] for dy in range(scale) for dx in range(scale)}
            assert block == {module}, (x, y)
    for segment in (segment for strip in strips for segment in strip):
        assert segment.style is not None and segment.style.color is not None
        assert segment.style.color.name == "#ffffff" and segment.style.bgcolor is not None and segment.style.bgcolor.name == "#000000"


def test_a_code_without_room_or_too_long_is_left_out() -> None:
    wide, high = qr_size(URL)
    assert qr_strips(URL, wide - 1, high) == [] == qr_strips(URL, wide, high - 1)
    assert modules("x" * 9000) == () and qr_size("x" * 9000) == (0, 0) and qr_strips("x" * 9000, 500, 500) == []
