"""Founding a firm: seven lines at the left, at the right what the line means and what one starts with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from game.engine.names import FIRST_YEAR, SEGMENTS, SOURCES
from game.language import clean_text
from game.tui.app import Founding
from game.tui.kit.bars import hbar
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, fit, wrap
from game.tui.screens.base import BaimoScreen

FIELDS: Final = ("scenario", "background", "difficulty", "assumptions", "seed", "name", "language")
TYPED: Final = ("seed", "name")
SEED_LENGTH: Final = 24
NAME_CELLS: Final = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form: what it is, what stands in it, and whether arrows have another choice."""

    id: str
    label: str
    value: str
    typed: bool = False


class FormPanel(Panel, can_focus=True):
    """The lines: up and down choose one, left and right change it, letters are typed where a line is text."""

    BINDINGS = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("left", "change(-1)", show=False), Binding("right", "change(1)", show=False),
        Binding("enter", "found", show=False),
    ]  # fmt: skip

    class Change(Message):
        """Another value is wanted for a line."""

        def __init__(self, field: str, step: int) -> None:
            super().__init__()
            self.field, self.step = field, step

    class Typed(Message):
        """A line of text has changed."""

        def __init__(self, field: str, text: str) -> None:
            super().__init__()
            self.field, self.text = field, text

    class Moved(Message):
        """Another line has the cursor."""

    class Found(Message):
        """Everything is as wanted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields: tuple[Field, ...] = ()
        self.cursor = 0
        self.button = ""
        self.notes: tuple[str, ...] = ()

    def show(self, fields: tuple[Field, ...], button: str, notes: tuple[str, ...]) -> None:
        """Show other words or values."""
        self.fields, self.button, self.notes = fields, button, notes
        self.changed()

    @property
    def current(self) -> str:
        """Id of the line under the cursor."""
        return self.fields[self.cursor].id if self.fields else FIELDS[0]

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % max(1, len(self.fields))
        self.changed()
        self.post_message(self.Moved())

    def action_change(self, step: int) -> None:
        self.post_message(self.Change(self.current, step))

    def action_found(self) -> None:
        self.post_message(self.Found())

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self.current in TYPED and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        field = self.current
        if field not in TYPED:
            return
        text = next(f.value for f in self.fields if f.id == field)
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self.post_message(self.Typed(field, text + event.character))
        elif event.key in ("backspace", "delete"):
            event.stop()
            self.post_message(self.Typed(field, text[:-1] if event.key == "backspace" else ""))

    def on_paste(self, event: events.Paste) -> None:
        if self.current in TYPED:
            event.stop()
            text = next(f.value for f in self.fields if f.id == self.current)
            self.post_message(self.Typed(self.current, text + event.text))

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, place = event.payload
        if kind == "found":
            self.action_found()
            return
        self.cursor = place
        self.changed()
        self.post_message(self.Moved())
        if kind != "row":
            self.action_change(-1 if kind == "left" else 1)

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        airy = height >= 2 * len(self.fields) + 4 + len(self.notes)
        names = max((cell_width(f.label) for f in self.fields), default=0) + 2
        rows: list[Strip] = [blank(width, base)] if airy else []
        for i, field in enumerate(self.fields):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            arrow = ink(p.gold if here else p.faint, ground, bold=here)
            room = width - names - 5
            if field.typed and here and self.has_focus:
                shown: list[Part] = [(field.value[-room:], ink(p.text, ground, bold=True)), (" ", ink(p.ground, p.gold))]
            else:
                shown = [(cut(field.value, room, g.ellipsis), ink(p.gold if here else p.text, ground, bold=here))]
            size = sum(cell_width(text) for text, _ in shown)
            parts: list[Part] = [
                (g.focus if here and self.has_focus else " ", ink(p.gold, ground)),
                (fit(field.label, names), ink(p.text if here else p.dim, ground)), (f"{g.left} ", arrow), *shown,
                (" " * max(0, room - size), line), (f" {g.right}", arrow),
            ]  # fmt: skip
            y = len(rows)
            rows.append(row(parts, width, line))
            self.mark(0, width, y, ("row", i))
            self.mark(names + 1, names + 3, y, ("left", i))
            self.mark(width - 2, width, y, ("right", i))
            if airy:
                rows.append(blank(width, base))
        if not airy:
            rows.append(blank(width, base))
        label = f"  {self.button}  "
        self.mark(0, cell_width(label) + 1, len(rows), ("found", 0))
        rows.append(row([(" ", base), (label, ink(p.ground, p.gold, bold=True)), ("  Enter", ink(p.dim))], width, base))
        notes = [line for note in self.notes for line in wrap(note, width - 1)]
        if len(rows) + 1 + len(notes) <= height:
            rows += [blank(width, base)] * (height - len(rows) - len(notes))
            rows += [row([(" ", base), (line, ink(p.dim))], width, base) for line in notes]
        return rows


class StartPanel(Panel):
    """What the chosen line means, and underneath what one starts with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paras: tuple[tuple[str, str, str], ...] = ()
        self.facts: tuple[tuple[str, str, float | None], ...] = ()
        self.heading = ""

    def show(
        self, paras: tuple[tuple[str, str, str], ...], heading: str, facts: tuple[tuple[str, str, float | None], ...]
    ) -> None:
        """Paragraphs as (label, text, role); facts as (label, value, part of the most there is)."""
        self.paras, self.heading, self.facts = paras, heading, facts
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        inks = {"body": ink(p.text), "good": ink(p.jade), "bad": ink(p.cinnabar), "dim": ink(p.dim)}
        below = self._facts(width)
        rows: list[Strip] = []
        measure = min(width, 84)
        for i, (label, text, role) in enumerate(self.paras):
            if i and (not label or len(self.paras) < 4 or height > 26):
                rows.append(blank(width, base))
            size = cell_width(label) + 2 if label else 0
            for k, line in enumerate(wrap(text, measure - size)):
                lead = fit(label, size) if k == 0 else " " * size
                rows.append(row([(lead, inks[role] if label else base), (line, ink(p.text) if label else inks[role])], width, base))
        gap = height - len(rows) - len(below)
        if gap < 0:
            rows = rows[: max(0, height - len(below))]
        rows += [blank(width, base)] * (min(gap, 2) if gap > 0 else 0)
        return [*rows, *below]

    def _facts(self, width: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        rows = [row([(self.heading, ink(p.gold, bold=True))], width, base)]
        if self.rule_from <= self.size.height:
            rows.append(row([(g.thin * width, ink(p.line))], width, base))
        names = max((cell_width(name) for name, _, _ in self.facts), default=0) + 2
        values = max((cell_width(v) for _, v, part in self.facts if part is not None), default=0)
        bar = min(28, width - names - values - 3)
        for name, value, part in self.facts:
            parts: list[Part] = [(fit(name, names), ink(p.dim))]
            if part is None:
                parts.append((cut(value, width - names, g.ellipsis), ink(p.text)))
            else:
                parts.append((fit(value, values, "right"), ink(p.text, bold=True)))
                if bar >= 6:
                    parts += [("  ", base), (hbar(part, 1.0, bar, g), ink(p.sea))]
            rows.append(row(parts, width, base))
        return rows


class FoundingScreen(BaimoScreen[None]):
    """Everything a game is made of, on one screen; Enter founds the firm."""

    which = "founding"
    CSS_PATH = "founding.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]

    def body(self) -> ComposeResult:
        with Horizontal(id="halves"):
            yield FormPanel()
            yield StartPanel()

    def __init__(self) -> None:
        super().__init__()
        self.seed = draw_seed()
        self.firm = ""
        self.chosen = {"scenario": "war", "background": "lab-spin-off", "difficulty": "manager", "assumptions": "none"}

    def on_mount(self) -> None:
        content = self.app.content
        for field, table in self._tables(content).items():
            if self.chosen[field] not in table and table:
                self.chosen[field] = next(iter(table))
        self.query_one(FormPanel).focus()

    @staticmethod
    def _tables(content: Any) -> dict[str, Any]:
        return {
            "scenario": content.scenarios, "background": content.backgrounds, "difficulty": content.difficulties,
            "assumptions": content.assumptions,
        }  # fmt: skip

    def title_line(self) -> Title:
        say = self.tongue.say
        return Title(say("ui.app.name"), "BAIMO", say("ui.screen.founding"), say("screens.founding.line"))

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        tongue, say = self.tongue, self.tongue.say
        tables = self._tables(self.app.content)

        def name(field: str) -> str:
            entry = tables[field].get(self.chosen[field])
            return tongue.pick(entry.name) if entry is not None else self.chosen[field]

        values = {field: name(field) for field in tables}
        values |= {"seed": self.seed, "name": self.firm, "language": say("screens.founding.tongue")}
        form = self.query_one(FormPanel)
        fields = tuple(Field(f, say(f"ui.founding.{f}"), values[f], f in TYPED) for f in FIELDS)
        form.head(say("screens.founding.choices"))
        form.show(fields, say("ui.button.begin"), (say("ui.founding.fair"),))
        self._explain()

    def _explain(self) -> None:
        tongue, say, content = self.tongue, self.tongue.say, self.app.content
        field = self.query_one(FormPanel).current
        paras: list[tuple[str, str, str]] = []
        background = content.backgrounds.get(self.chosen["background"])
        if field in self.chosen:
            entry = self._tables(content)[field].get(self.chosen[field])
            if entry is not None:
                paras.append(("", tongue.text(entry.text), "body"))
            if field == "scenario" and entry is not None:
                paras += self._scenario(entry)
            elif field == "background" and entry is not None:
                paras.append((say("ui.founding.strengths"), tongue.text(entry.strengths), "good"))
                paras.append((say("ui.founding.debts"), tongue.text(entry.debts), "bad"))
            elif field == "difficulty":
                paras.append(("", say("ui.founding.fair"), "dim"))
            elif field == "assumptions" and entry is not None:
                count = len(entry.set)
                paras.append(("", say("screens.founding.changes", count=count) if count else say("screens.founding.no-changes"), "dim"))
        else:
            paras.append(("", say(f"screens.founding.{field}-help"), "body"))
        panel = self.query_one(StartPanel)
        panel.head(say(f"ui.founding.{field}"))
        derived = (scenario := content.scenarios.get(self.chosen["scenario"])) is not None and scenario.start == "derived"
        heading = say("screens.founding.start", background=self.chosen["background"])
        if derived and scenario is not None:
            panel.show((*paras, ("", say("screens.founding.derived"), "dim")), heading, self._facts(background))
        else:
            panel.show(tuple(paras), heading, self._facts(background))

    def _scenario(self, entry: Any) -> list[tuple[str, str, str]]:
        tongue, say = self.tongue, self.tongue.say
        first = (int(entry.first[:4]) - FIRST_YEAR) * 4 + int(entry.first[-1]) - 1
        shape = say("ui.founding.quarters", quarters=entry.quarters, quarter=first)
        levers = say("ui.founding.levers-five" if entry.levers == "five" else "ui.founding.levers-all")
        goals = tongue.join(tongue.pick(goal.name) for goal in entry.goals)
        paras = [(say("screens.founding.length"), shape, "dim"), (say("ui.founding.levers"), levers, "dim")]
        return [*paras, (say("ui.panel.goals"), goals, "dim")] if goals else paras

    def _facts(self, background: Any) -> tuple[tuple[str, str, float | None], ...]:
        """What one starts with: sums beside the most that any background has, then people, compute and road in words."""
        if background is None:
            return ()
        tongue, start = self.tongue, background.start
        every = [b.start for b in self.app.content.backgrounds.values()]
        compute = [sum(s.compute.values()) for s in every]
        people = [sum(s.staff.values()) for s in every]
        facts: list[tuple[str, str, float | None]] = []

        def fact(name: str, value: str, now: float | None, most: float) -> None:
            if now is not None:
                facts.append((name, value, now / most if most > 0 else 0.0))

        q = tongue.quantity
        fact(q("cash"), tongue.money(start.cash), start.cash, max(s.cash for s in every))
        fact(q("founders_share"), tongue.percent(start.founders_share, 0), start.founders_share, 1.0)
        fact(q("trust"), tongue.percent(start.trust, 0), start.trust, 1.0)
        fact(q("community"), tongue.number(start.community), start.community, max(s.community or 0.0 for s in every))
        fact(q("credibility"), tongue.percent(start.credibility, 0), start.credibility, 1.0)
        fact(q("compute"), tongue.flops(sum(start.compute.values())), sum(start.compute.values()), max(compute))
        fact(q("staff"), tongue.count(sum(start.staff.values())), float(sum(start.staff.values())), float(max(people)))
        busy = [f"{tongue.segment(s)} {start.staff[s]}" for s in SEGMENTS if start.staff.get(s)]
        chips = [f"{tongue.source(s)} {tongue.flops(start.compute[s])}" for s in SOURCES if start.compute.get(s)]
        sep = "　" if tongue.lang == "zh" else ", "
        if start.route is not None:
            facts.append((q("route"), tongue.route(start.route), None))
        facts.append((self.tongue.say("screens.founding.people"), sep.join(busy), None))
        facts.append((self.tongue.say("screens.founding.chips"), sep.join(chips), None))
        return tuple(facts)

    # changing ---------------------------------------------------------------------------------------------------------
    def on_form_panel_moved(self) -> None:
        self._explain()

    def on_form_panel_change(self, event: FormPanel.Change) -> None:
        tables = self._tables(self.app.content)
        if event.field in tables:
            names = list(tables[event.field])
            if names:
                at = names.index(self.chosen[event.field]) if self.chosen[event.field] in names else 0
                self.chosen[event.field] = names[(at + event.step) % len(names)]
        elif event.field == "language":
            self.app.action_language()
            return
        elif event.field == "seed":
            self.seed = draw_seed()
        self.tell()

    def on_form_panel_typed(self, event: FormPanel.Typed) -> None:
        if event.field == "seed":
            self.seed = "".join(clean_text(event.text, SEED_LENGTH).split())
        else:
            self.firm = clean_text(event.text, NAME_CELLS) + (" " if event.text.endswith(" ") and self.firm else "")
        self.tell()

    def on_form_panel_found(self) -> None:
        self.app.begin(Founding(
            self.chosen["scenario"], self.chosen["background"], self.chosen["difficulty"], self.chosen["assumptions"],
            self.seed, clean_text(self.firm, NAME_CELLS),
        ))  # fmt: skip


def draw_seed() -> str:
    """A seed out of a hat, short enough to be read out in class."""
    return str(secrets.randbelow(9000) + 1000)
