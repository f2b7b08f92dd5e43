"""Tables of the codex: columns where they fit, records where not, and nothing of a cell lost either way."""

from __future__ import annotations

import pytest

from game.content.model_text import chapters, sections
from game.language import Tongue
from game.pages.odd import blocks
from game.tui.kit.text import cell_width
from game.tui.screens.codex_lines import columns, lay
from game.tui.screens.codex_pages import page
from game.tui.screens.codex_piece import Grid, Piece
from tests.tui.screen_kit import content

ROOMS = (30, 40, 69, 76)


def test_columns_fill_the_room_and_never_more() -> None:
    for room in range(10, 90):
        widths = columns(Grid((6, 12, 50), "lll"), room)
        assert widths is None or sum(widths) + 4 <= room
    assert columns(Grid((6, 12, 50), "lll"), 90) == (6, 12, 50), "no wider than its words"
    assert columns(Grid((6, 12, 50), "lll"), 40) is None, "a column of sentences is not made a ribbon"


def test_numbers_stand_at_the_right_of_their_column() -> None:
    grid = Grid((4, 5), "lr")
    rows = [Piece("x", cells=(name, value), grid=grid) for name, value in (("云山", "1"), ("you", "10.25"))]
    said = ["".join(text for text, _ in line.parts) for line in lay(rows, 40, "> ")]
    assert said == ["  云山      1", "  you   10.25"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_section_loses_a_cell_or_runs_over_the_edge(lang: str) -> None:
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    texts = sections(content(), lang)
    for label in chapters(content()):
        wanted = [
            cell for block in blocks(content(), tongue, texts[label]) if block.table is not None
            for row in block.table.rows for cell in row.cells[1:]
        ]  # fmt: skip
        pieces = page(content(), tongue, "model", label)
        links = [piece.link for piece in pieces if piece.link is not None]
        for room in ROOMS:
            lines = lay(pieces, room, "> ")
            assert max(sum(cell_width(text) for text, _ in line.parts) for line in lines) <= room, (label, room)
            assert {line.link for line in lines} - {-1} == set(range(len(links)))
        said = "".join("".join(piece.cells) + piece.text for piece in pieces)
        for cell in wanted:
            assert cell.replace("`", "").replace("*", "").strip() in said, (label, cell)
        narrow = "".join(text for line in lay(pieces, 30, "> ") for text, role in line.parts if role == "cell")
        squeezed = "".join(narrow.split())
        for piece in pieces:
            if piece.grid is not None and piece.text and columns(piece.grid, 28) is None:
                assert "".join(piece.text.split()) in squeezed, (label, piece.cells[0])
