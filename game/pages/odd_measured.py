"""The table of orders of magnitude, measured once over many seeds and kept beside the text of the documentation.

``baimo lab magnitudes --json`` writes what ``content/odd/magnitudes.json`` holds; a ``date`` may be added to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from game.content.figures import compact, plain
from game.content.model_text import FOLDER, OddError
from game.lab.sizes import Beside, Size

from .odd_values import unit_name
from .tables import Row, Table

if TYPE_CHECKING:
    from pathlib import Path

    from .odd_tables import Maker

FILE: Final = "magnitudes.json"


class Line(msgspec.Struct, frozen=True):
    """One thing that has a size."""

    id: str
    name: dict[str, str]
    unit: str
    sizes: dict[str, Size]
    figures: list[Beside] = []
    inputs: list[str] = []


class Measured(msgspec.Struct, frozen=True):
    """The file: what `game.lab.magnitudes.Magnitudes` prints, perhaps with the day of the measurement."""

    seeds: int
    scenario: str
    assume: str
    rules: int
    years: list[int]
    rows: list[Line]
    date: str = ""


def read_measured(folder: Path) -> Measured | None:
    """The measurement kept in ``folder``; nothing where there is none. Raises `OddError`."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Measured)
    except (OSError, msgspec.DecodeError) as error:
        raise OddError(f"{path} is not what baimo lab magnitudes --json writes: {error}") from error


def measured(m: Maker) -> Table:
    """Median by year with the middle four fifths of games; a figure beside it where an article gives one."""
    found = read_measured(m.content.directory / FOLDER)
    if found is None:
        return m.table(("magnitude", "unit", "figures"), ())
    years = [str(year) for year in found.years]
    rows = []
    for line in found.rows:
        sizes = (_size(m, line.sizes.get(year)) for year in years)
        beside = m.semicolon.join(_beside(m, b) for b in line.figures)
        inputs = m.say("inputs", list=m.coded(line.inputs)) if line.inputs else ""
        rows.append(Row((line.name[m.tongue.lang], _unit(m, line.unit), *sizes, m.semicolon.join(t for t in (beside, inputs) if t) or "–")))
    head = (m.say("head.magnitude"), m.say("head.unit"), *years, m.say("head.figures"))
    return Table(head, tuple(rows))


def said(m: Maker) -> str:
    """How the table was measured, in a sentence."""
    found = read_measured(m.content.directory / FOLDER)
    if found is None:
        return m.say("not-measured")
    text = m.say(
        "measured", seeds=str(found.seeds), rules=str(found.rules), scenario=found.scenario, assume=found.assume
    )  # fmt: skip
    return text + m.say("measured-on", date=found.date) if found.date else text + m.say("stop")


def _unit(m: Maker, unit: str) -> str:
    key = "-".join(part for part in unit.lower().replace("/", " ").split())
    return m.tongue.find(f"odd.unit.{key}") or unit_name(m.tongue, unit)


def _size(m: Maker, size: Size | None) -> str:
    if size is None:
        return "–"
    return f"{_short(m, size.median)} ({_short(m, size.p10)} – {_short(m, size.p90)})"


def _short(m: Maker, value: float) -> str:
    return compact(value, m.tongue.lang, digits=2) if abs(value) >= 1e4 else plain(value, 2)


def _beside(m: Maker, b: Beside) -> str:
    ratio = m.say("times-figure", ratio=plain(b.ratio, 2)) if b.ratio is not None else ""
    return f"{b.year}: {m.tongue.figure(b.figure)} `{b.figure}`{ratio}"
