"""The debrief: feelings, then the class draws the price curve before it sees it, then facts, then transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from game.tui.desk.panels import DeskPanel
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.lines import Series, braille_lines
from game.tui.kit.text import cell_width, wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp

STEPS: Final = ("feelings", "draw", "facts", "transfer")


class _Page(DeskPanel, can_focus=True):
    """One step, in words large enough by being few."""

    margin = 3

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = 0
        self.at = 0
        self.revealed = False
        self.answers = False

    def questions(self) -> list[tuple[str, str, str]]:
        """Questions of the step: what is asked, the answer, what to listen for."""
        return self.app.questions(STEPS[self.step])

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        out = [self._tabs(width), blank(width, base)]
        name = STEPS[self.step]
        measure = min(width, 100)
        out += [row([(line, ink(p.text, bold=True))], width, base) for line in wrap(self.say(f"desk.debrief.{name}-lead"), measure)]
        out.append(blank(width, base))
        if name == "draw":
            return out + self._curve(width, height - len(out))
        questions = self.questions()
        if not questions:
            return [*out, *self.text_rows(self.say("desk.debrief.none"), width, ink(p.dim))]
        self.at = min(self.at, len(questions) - 1)
        ask, answer, listen = questions[self.at]
        count = self.say("desk.debrief.page", number=str(self.at + 1), count=str(len(questions)))
        out += [row([(count, ink(p.gold))], width, base), blank(width, base)]
        out += [row([(line, ink(p.text, bold=True))], width, base) for line in wrap(ask, measure)]
        out.append(blank(width, base))
        if self.answers:
            for label, text in (("answer", answer), ("listen", listen)):
                if text:
                    out.append(row([(self.say(f"desk.debrief.{label}"), ink(p.gold))], width, base))
                    out += [row([(line, ink(p.text))], width, base) for line in wrap(text, measure)]
                    out.append(blank(width, base))
        else:
            out.append(row([(self.say("desk.debrief.hidden"), ink(p.dim))], width, base))
        return out

    def _tabs(self, width: int) -> Strip:
        p = self.palette
        base = ink(p.text, p.panel)
        parts: list[Part] = []
        x = 0
        for i, step in enumerate(STEPS):
            here = i == self.step
            label = self.say(f"desk.debrief.{step}")
            parts += [(f"{i + 1} ", ink(p.gold)), (label, ink(p.gold if here else p.text, bold=here, underline=here)), ("   ", base)]
            self.mark(x, x + cell_width(label) + 2, 0, ("step", i))
            x += cell_width(label) + 5
        return row(parts, width, base)

    def _curve(self, width: int, height: int) -> list[Strip]:
        p, g, tongue = self.palette, self.glyphs, self.app.tongue
        base = ink(p.text, p.panel)
        history = self.app.history
        desk = self.shown.desk
        rows = [h for h in history]
        quarters = [h.quarter for h in rows] or [desk.first_quarter + i for i in range(desk.quarters)]
        ticks = [tongue.quarter(q, "short") for q in quarters]
        foot: list[Strip] = []
        if self.revealed and desk.seed:
            foot += self.text_rows(self.say("desk.debrief.same-luck", seed=desk.seed), width, ink(p.gold), 2)
        if self.revealed and rows:
            foot.insert(0, row([(self.say("desk.debrief.survivors", count=rows[-1].survivors), ink(p.text))], width, base))
        if not self.revealed:
            foot.append(row([(self.say("desk.debrief.draw-hidden"), ink(p.dim))], width, base))
        room = max(4, height - len(foot) - 2)
        values: list[float | None] = [h.token_price for h in rows]
        known = [v for v in values if v is not None]
        if not known:
            return [*self.text_rows(self.say("desk.debrief.none"), width, ink(p.dim)), *foot]
        shown = values if self.revealed else [values[0], *[None] * (len(values) - 1)]
        limits = (0.0, max(known) * 1.25)
        title = row([(self.say("desk.debrief.draw-truth") if self.revealed else "", ink(p.dim))], width, base)
        chart = braille_lines(
            [Series("", shown)], width, room, p, fmt=lambda v: tongue.price(v) if v > 0 else "0", ticks=ticks, limits=limits, names=False, mark_every=1, glyphs=g,
        )  # fmt: skip
        return [title, *chart, blank(width, base), *foot]


class DebriefScreen(BaimoScreen[None]):
    """Four steps; left and right go between them."""

    which = "debrief"
    live = True
    app: DashboardApp

    def body(self) -> ComposeResult:
        yield _Page()

    def on_mount(self) -> None:
        self.say_first()
        self.query_one(_Page).focus()

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("desk.debrief.title"))

    def tell(self) -> None:
        self.query_one(_Page).changed()

    def turn(self, step: int) -> None:
        """Go to a step."""
        page = self.query_one(_Page)
        page.step, page.at, page.answers = min(max(0, step), len(STEPS) - 1), 0, False
        page.changed()

    def on_key(self, event: events.Key) -> None:
        page = self.query_one(_Page)
        steps = {"left": -1, "right": 1, "pageup": -1, "pagedown": 1}
        if event.key in steps:
            self.turn(page.step + steps[event.key])
        elif event.key in ("up", "down"):
            self._question(1 if event.key == "down" else -1)
        elif event.character and event.character in "1234":
            self.turn(int(event.character) - 1)
        else:
            return
        event.stop()
        event.prevent_default()

    def _question(self, by: int) -> None:
        page = self.query_one(_Page)
        page.at = min(max(0, page.at + by), max(0, len(page.questions()) - 1))
        page.answers = False
        page.changed()

    def action_reveal(self) -> None:
        """Reveal the curve; elsewhere the next question, and after the last the next step."""
        page = self.query_one(_Page)
        if STEPS[page.step] == "draw" and not page.revealed:
            page.revealed = True
            page.changed()
        elif STEPS[page.step] != "draw" and page.at + 1 < len(page.questions()):
            self._question(1)
        else:
            self.turn(page.step + 1)

    def action_answer(self) -> None:
        """Show or hide the answer."""
        page = self.query_one(_Page)
        page.answers = not page.answers
        page.changed()

    def on_panel_hit(self, event: DeskPanel.Hit) -> None:
        if isinstance(event.payload, tuple):
            event.stop()
            self.turn(event.payload[1])
