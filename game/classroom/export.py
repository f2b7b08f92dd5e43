"""A pack out of a room: a run file a team, and one JSON with what stands beside the runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from game.classroom.hall import Hall


async def export(hall: Hall, folder: Path) -> list[Path]:
    """Write the pack; the files written. Raises `ClassError`."""
    raise NotImplementedError
