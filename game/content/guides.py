"""Reading guide/: the reference texts of the codex, apart from all other content because a game needs none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .load import Reader
from .problems import Problem
from .schema_guide import Guide

FOLDER: Final = "guide"


def collect_guides(directory: Path, overlay: Path | None = None) -> tuple[dict[str, Guide], dict[str, str], list[Problem]]:
    """(texts by id, file of each, faults) of a content folder and the one laid over it; what is wrong is left out."""
    reader = Reader(entries={"guide": {}}, known={"guide": set()})
    for folder in (directory, overlay):
        if folder is None:
            continue
        reader.seen = {}
        for path in sorted((folder / FOLDER).glob("*.toml")):
            reader.table(folder, path, {"guide": Guide}, folder is directory)
    files = {label: file for (_, label), file in reader.files.items()}
    return reader.entries["guide"], files, reader.problems
