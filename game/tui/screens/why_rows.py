"""The rows of the why screen: the list of numbers, a number taken apart, a part's formula. Strips only, no widget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.table.wire import Change, Explanation, Factor, Part
from game.tui import why_words as words
from game.tui.kit.bars import diverging_bar
from game.tui.kit.draw import Part as Ink
from game.tui.kit.draw import blank, ink, row, split_row
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.kit.theme import Glyphs, Palette
from game.tui.widgets.sheet import Entry

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

BAR: Final = 56
"""Most cells of a bar: longer ones are hard to compare."""
TABLE: Final = 80
"""Most cells of a symbol's row: its value should stand near its name."""
READ: Final = 96
"""Most cells of a line of text."""


@dataclass(frozen=True, slots=True)
class Brush:
    """What rows are drawn with, and who speaks."""

    tongue: Tongue
    content: Content
    palette: Palette
    glyphs: Glyphs
    width: int

    def text(self, text: str, *, colour: str = "", bold: bool = False, hang: int = 0, source: tuple[str, str] = ("", "")) -> Iterator[Entry]:
        """A paragraph, a row a line; what is behind it belongs to its first."""
        p = self.palette
        base = ink(p.text, p.panel)
        for n, line in enumerate(wrap(text, min(self.width, READ), hang=hang)):
            yield Entry(row([(line, ink(colour or p.text, bold=bold))], self.width, base), source if n == 0 else ("", ""))

    def heading(self, text: str, tail: str = "") -> Entry:
        """A heading, with what stands at its right end."""
        p = self.palette
        tails: list[Ink] = [(tail, ink(p.text, bold=True))] if tail else []
        return Entry(split_row([(text, ink(p.gold, bold=True))], tails, self.width, ink(p.text, p.panel)))

    @property
    def air(self) -> Entry:
        """An empty row."""
        return Entry(blank(self.width, ink(self.palette.text, self.palette.panel)))

    @property
    def plain(self) -> bool:
        """Whether minus signs and arrows must be plain ones."""
        return self.glyphs.plain


def listed(b: Brush, changes: Sequence[Change]) -> Iterator[Entry]:
    """Every number that moved, a row each: its name, where it came from and went to, and by how much."""
    p = b.palette
    base = ink(p.text, p.panel)
    rows = words.rows_of(changes, b.tongue, plain=b.plain)
    last = max((cell_width(change) for *_, change in rows), default=0)
    for change, name, before, after, moved in rows:
        said = f"{before} {b.glyphs.right} {after}"
        room = b.width - last - 2
        if cell_width(name) + 2 + cell_width(said) > room:
            said = after if cell_width(name) + 2 + cell_width(after) <= room else ""
        sense = words.good(change.what, _sign(change))
        colour = p.jade if sense > 0 else p.cinnabar if sense < 0 else p.dim
        left = fit(name, max(room - cell_width(said) - 1, 4))
        yield Entry(row([
            (left, ink(p.text)), (" ", base), (said, ink(p.dim)), ("  ", base), (fit(moved, last, "right"), ink(colour, bold=True)),
        ], b.width, base), ("number", f"{change.what}/{change.segment}"))  # fmt: skip


def _sign(change: Change) -> int:
    before = change.before or 0.0
    return (change.after > before) - (change.after < before)


def split(b: Brush, e: Explanation) -> Iterator[Entry]:
    """A number taken apart: the gazette's sentence, flows where there are any, then the parts as bars."""
    told = words.tell(e, b.tongue, plain=b.plain)
    say, p = b.tongue.say, b.palette
    yield from b.text(words.sentence(e, b.tongue, plain=b.plain))
    yield b.air
    if told.before:
        yield b.heading(say("why.screen.from", before=told.before, after=told.after), told.change)
    else:
        yield b.heading(told.name, told.after)
    if e.formula:
        yield b.air
        yield from b.text(f"{say('why.screen.open-formula')} {b.glyphs.right}", colour=p.sea, source=("self", ""))
        yield from b.text(f"  {words.written(e.formula)}", colour=p.dim, hang=4)
    if told.flows:
        yield b.air
        yield b.heading(say("why.screen.flows"))
        yield from _bars(b, told.flows, open_=False)
        yield b.air
        yield b.heading(say("why.screen.causes"))
    yield from _bars(b, told.parts)
    if any(r.part.who == "others" for r in told.parts):
        yield b.air
        yield from b.text(say("why.screen.hidden"), colour=p.dim)


def _bars(b: Brush, rows: Sequence[words.Shown], *, open_: bool = True) -> Iterator[Entry]:
    p = b.palette
    base = ink(p.text, p.panel)
    if not rows:
        return
    numbers = max(cell_width(r.text) for r in rows)
    names = min(max(cell_width(r.name) for r in rows), max(b.width - numbers - 12, 8))
    bar = min(max(b.width - names - numbers - 4, 3), BAR)
    reach = max(abs(r.units) for r in rows)
    for r in rows:
        hidden = r.part.who == "others"
        colour = p.jade if r.units > 0 else p.cinnabar
        yield Entry(row([
            (fit(r.name, names), ink(p.dim if hidden else p.text)), ("  ", base),
            (fit(r.text, numbers, "right"), ink(colour, bold=True)), ("  ", base),
            *diverging_bar(r.units, reach, bar, p, glyphs=b.glyphs),
        ], b.width, base), ("part", r.part.id) if open_ and r.part.formula else ("", ""))  # fmt: skip


def formula(b: Brush, e: Explanation, part: Part | None) -> Iterator[Entry]:
    """The formula of a part (or of the number itself), with this quarter's values, its symbols, and the whole equation."""
    say, p = b.tongue.say, b.palette
    text, factors = (part.formula, part.factors) if part is not None else (e.formula, e.factors)
    told = words.tell(e, b.tongue, plain=b.plain)
    amount = told.after if part is None else next((r.text for r in told.parts if r.part.id == part.id), "")
    yield b.heading(say("why.screen.equation"))
    yield from b.text("  " + words.written(text), bold=True, hang=4)
    yield from b.text("  = " + words.filled(text, factors, b.tongue, plain=b.plain), hang=4)
    yield from b.text("  = " + amount, hang=4)
    yield b.air
    yield b.heading(say("why.screen.symbols"))
    for f in factors:
        yield from _factor(b, f, factors)
    name = part.equation if part is not None and part.equation else e.equation
    whole = words.equation_of(b.content, b.tongue, name) if name else []
    if whole:
        yield b.air
        yield b.heading(say("why.screen.whole"))
        for line in whole:
            yield from b.text("  " + line, colour=p.dim, hang=6)


def _factor(b: Brush, f: Factor, factors: Sequence[Factor]) -> Iterator[Entry]:
    """A symbol: its name, what it is in the formula, its value; a parameter and what can be asked further lead on."""
    say, p = b.tongue.say, b.palette
    base = ink(p.text, p.panel)
    source, note = ("", ""), ""
    if f.parameter:
        source = ("parameter", f.parameter)
        note = say("why.screen.figures", count=len(f.figures)) if f.figures else say("why.screen.parameter")
    elif f.what:
        source, note = ("number", f"{f.what}/{f.segment}"), say("why.screen.further")
    value = words.factor_text(b.tongue, f, plain=b.plain)
    tail: list[Ink] = [(value, ink(p.text, bold=True))]
    arrow = f" {b.glyphs.right}" if source[0] else "  "
    tail.append((arrow, ink(p.sea)))
    name = words.symbol_name(b.tongue, b.content, f)
    room = min(b.width, TABLE)
    left: list[Ink] = [("  ", base), (name, ink(p.text))]
    used = cell_width(name) + cell_width(value) + 8
    if used + cell_width(f.symbol) + 2 <= room:
        left.append((f"  {f.symbol}", ink(p.dim)))
        used += cell_width(f.symbol) + 2
    if note and used + cell_width(note) + 2 <= room:
        left.append((f"  {note}", ink(p.sea)))
    strip = split_row(left, tail, room, base).adjust_cell_length(b.width, base)
    yield Entry(strip, source)
    if f.formula:
        yield from b.text(f"      = {words.written(f.formula)}", colour=p.dim, hang=8)
        yield from b.text(f"      = {words.filled(f.formula, factors, b.tongue, plain=b.plain)}", colour=p.dim, hang=8)
