"""How the game ended: the epilogue drawn from what the run did, the last numbers, and where to go from here."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from game.table.achievements import earned
from game.table.course import Course, course_of
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.lines import Series, braille_lines
from game.tui.kit.panel import Panel
from game.tui.kit.paper import Paper, Para
from game.tui.kit.text import cell_width, cut, fit
from game.tui.progress import shown
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import headed, title
from game.tui.screens.conditions import GONE, goals, judge, own_firm
from game.tui.screens.market_panels import year_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from game.table.wire import Row, SeatView


def deciding(history: Sequence[Row]) -> int | None:
    """The quarter over which most value was lost; None where none was."""
    falls = [(after.value - before.value, after.quarter) for before, after in pairwise(history)]
    worst = min(falls, default=(0.0, 0))
    return worst[1] if worst[0] < 0 else None


def gaining(history: Sequence[Row]) -> int | None:
    """The quarter over which most value was gained; None where none was."""
    rises = [(after.value - before.value, -after.quarter) for before, after in pairwise(history)]
    best = max(rises, default=(0.0, 0))
    return -best[1] if best[0] > 0 else None


class ValuePanel(Panel):
    """Final numbers and the value over time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.facts: tuple[tuple[str, str], ...] = ()
        self.values: tuple[float, ...] = ()
        self.ticks: tuple[str, ...] = ()
        self.money: Any = str
        self.caption = ""

    def show(
        self,
        facts: tuple[tuple[str, str], ...],
        caption: str,
        values: tuple[float, ...],
        ticks: tuple[str, ...],
        money: Any,
    ) -> None:
        """Show facts as (name, value) and a line."""
        self.facts, self.caption, self.values, self.ticks, self.money = facts, caption, values, ticks, money
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        names = max((cell_width(name) for name, _ in self.facts), default=0) + 2
        values = max((cell_width(value) for _, value in self.facts), default=0) + 2
        across = 2 if width >= 2 * (names + values) else 1
        lines = min(-(-len(self.facts) // across), max(1, height - 6))
        size = width // across
        rows: list[Strip] = []
        for y in range(lines):
            parts: list[Part] = []
            for name, value in self.facts[y::lines][:across]:
                parts += [(fit(name, names), ink(p.dim)), (fit(value, max(0, size - names)), ink(p.text, bold=True))]
            rows.append(row(parts, width, base))
        if height - len(rows) >= 6 and len(self.values) > 1:
            rows += [blank(width, base), row([(self.caption, ink(p.text, bold=True))], width, base)]
            rows += braille_lines(
                [Series(self.caption, self.values)], width, height - len(rows), p, fmt=self.money, ticks=self.ticks,
                names=False, mark_every=4, glyphs=g,
            )  # fmt: skip
        return rows


class EndMenu(Panel, can_focus=True):
    """What to do now. The fork's line holds a quarter that left and right change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("left", "quarter(-1)", show=False), Binding("right", "quarter(1)", show=False),
        Binding("enter,space", "pick", show=False),
    ]  # fmt: skip

    class Pick(Message):
        """A line was chosen."""

        def __init__(self, item: str) -> None:
            super().__init__()
            self.item = item

    class Quarter(Message):
        """Another quarter for the fork."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items: tuple[tuple[str, str, str], ...] = ()
        self.cursor = 0

    def show(self, items: tuple[tuple[str, str, str], ...]) -> None:
        """Show lines as (id, label, note)."""
        self.items = items
        self.changed()

    def action_move(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), max(0, len(self.items) - 1))
        self.changed()

    def action_quarter(self, step: int) -> None:
        if self.items and self.items[self.cursor][0] == "fork":
            self.post_message(self.Quarter(step))

    def action_pick(self) -> None:
        if self.items:
            self.post_message(self.Pick(self.items[self.cursor][0]))

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456" and int(event.character) <= len(self.items):
            event.stop()
            self.cursor = int(event.character) - 1
            self.changed()
            self.action_pick()

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        kind, at = event.payload
        self.cursor = at
        self.changed()
        if kind == "row":
            self.action_pick()
        else:
            self.action_quarter(-1 if kind == "left" else 1)

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        column = max((cell_width(label) for _, label, _ in self.items), default=0) + 3
        rows = [blank(width, base)] if height > len(self.items) else []
        for i, (item, label, note) in enumerate(self.items):
            here = i == self.cursor
            ground = p.selection if here else p.panel
            y = len(rows)
            self.mark(0, width, y, ("row", i))
            tail: list[Part] = [(cut(note, width - column - 4, g.ellipsis), ink(p.dim, ground))]
            if item == "fork" and note:
                arrow = ink(p.gold, ground, bold=True)
                tail = [(f"{g.left} ", arrow), (note, ink(p.text, ground, bold=True)), (f" {g.right}", arrow)]
                at = 4 + column
                self.mark(at, at + 2, y, ("left", i))
                self.mark(at + 2 + cell_width(note), at + 4 + cell_width(note), y, ("right", i))
            rows.append(row([
                (g.focus if here and self.has_focus else " ", ink(p.gold, ground)), (f"{i + 1}  ", ink(p.gold, ground)),
                (fit(label, column), ink(p.gold if here else p.text, ground, bold=here)), *tail,
            ], width, ink(p.text, ground)))  # fmt: skip
        return rows


class EndScreen(BaimoScreen[None]):
    """The end of a game that is at hand."""

    which = "end"
    CSS_PATH = "end.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.quarter: int | None = None
        self._won: tuple[str, ...] | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="upper"):
            yield Paper(measure=64, margin=2)
            yield ValuePanel()
        yield EndMenu()

    def on_mount(self) -> None:
        self.query_one(EndMenu).focus()

    @property
    def view(self) -> SeatView | None:
        """The last view of the seat."""
        return self.app.session.view if self.app.session is not None else None

    def title_line(self) -> Title:
        view, tongue = self.view, self.tongue
        ending = tongue.ending(view.ended) if view is not None else ""
        seed = tongue.say("ui.board.seed", seed=view.seed) if view is not None else ""
        return title(self.tongue, tongue.say("ui.end.title", ending=ending), seed)

    def tell(self) -> None:
        view = self.view
        if view is None:
            return
        tongue, say = self.tongue, self.tongue.say
        paras = [Para(headed(tongue.ending(view.ended), tongue.lang), "title")]
        met = goals(view, self.app.content.scenarios.get(view.scenario), self.app.host)
        if met:
            paras.append(Para(say("ui.end.goals-met", n=sum(done for _, done in met), total=len(met)), "head"))
        for goal, done in met:
            mark = say("ui.end.goal-met" if done else "ui.end.goal-missed")
            number = shown(view, tongue, goal) if view.ended not in GONE else ""
            name = say("hour.goal", name=tongue.pick(goal.name), now=number) if number else tongue.pick(goal.name)
            # In Chinese the mark leads, for a wrapped row may break between any two characters.
            text = f"{mark}　{name}" if tongue.lang == "zh" else f"{name}: {mark}"
            paras.append(Para(text, "good" if done else "bad", hang=2))
        paras += self._earned()
        for text in tongue.epilogue(view.ended, judge(self.app.host, view)):
            paras += [Para(""), Para(headed(text, tongue.lang))]
        worst, best = deciding(view.history), gaining(view.history)
        if worst is not None or best is not None:
            paras.append(Para(""))
        if best is not None:
            paras.append(Para(say("screens.end.best", quarter=best), "dim"))
        if worst is not None:
            paras.append(Para(say("screens.end.worst", quarter=worst), "dim"))
        self.query_one(Paper).show(paras, top=False)
        if self.quarter is None:
            last = view.history[-1].quarter if view.history else view.quarter
            self.quarter = min(
                max(worst if worst is not None else last, view.first_quarter), max(view.first_quarter, last)
            )
        panel = self.query_one(ValuePanel)
        panel.head(say("screens.end.numbers"), "")
        panel.show(
            self._facts(view), say("ui.analysis.value-over-time"), tuple(r.value for r in view.history),
            year_ticks(tongue, [r.quarter for r in view.history]), tongue.money,
        )  # fmt: skip
        self.query_one(EndMenu).show((
            ("fork", say("screens.end.fork"), tongue.quarter(self.quarter) if self.quarter is not None else ""),
            ("analysis", say("screens.end.analysis"), say("screens.end.analysis-note")),
            ("earned", say("hour.earned.all"), say("hour.earned.here", count=len(self._ids()))),
            ("runs", say("ui.menu.runs"), ""), ("new", say("ui.menu.new"), ""), ("title", say("screens.end.title"), ""),
        ))  # fmt: skip

    def _course(self) -> Course | None:
        """The course of the run at hand, from its record; None where a host keeps none."""
        record = getattr(getattr(self.app.host, "table", None), "record", None)
        return course_of(record.run()) if record is not None else None

    def _ids(self) -> tuple[str, ...]:
        """Achievements of this run, worked out once."""
        if self._won is None:
            course = self._course()
            self._won = earned(course, self.app.content.achievements.values()) if course is not None else ()
        return self._won

    def _earned(self) -> list[Para]:
        """What the run has earned, each with its thesis; and that it was undone or forked, where it was."""
        tongue, content = self.tongue, self.app.content
        paras: list[Para] = []
        head = getattr(getattr(self.app.host, "table", None), "head", None)
        if head is not None and (head.undone or head.parent is not None):
            paras.append(Para(tongue.say(f"hour.earned.{'undone' if head.undone else 'forked'}"), "bad", hang=2))
        if self._ids():
            paras += [Para(""), Para(tongue.say("hour.earned.head"), "head")]
        for label in self._ids():
            entry = content.achievements[label]
            paras.append(Para(f"{tongue.text(entry.name)}　{tongue.text(entry.text)}" if tongue.lang == "zh"
                              else f"{tongue.text(entry.name)}: {tongue.text(entry.text)}", "good", hang=2))  # fmt: skip
            claim = tongue.pick(content.theses[entry.thesis].claim) if entry.thesis in content.theses else ""
            paras.append(Para(tongue.say("hour.earned.thesis", claim=claim), "dim", indent=2, hang=2))
        return paras

    def _facts(self, view: SeatView) -> tuple[tuple[str, str], ...]:
        tongue, own, firm = self.tongue, view.own, own_firm(view)
        q = tongue.quantity
        facts = [
            (q("value"), tongue.money(own.value)), (q("paid_out"), tongue.money(own.paid_out)),
            (q("cash"), tongue.money(own.cash)), (q("founders_share"), tongue.percent(own.founders_share, 0)),
            (q("rank"), f"{firm.rank} / {len(view.firms)}" if firm and firm.rank else "--"),
            (q("revenue"), tongue.money(own.revenue)), (q("trust"), tongue.percent(own.trust, 0)),
            (q("alive_quarters"), f"{view.quarter - view.first_quarter} / {view.quarters}"),
        ]  # fmt: skip
        return tuple(facts)

    # going about ------------------------------------------------------------------------------------------------------
    def action_back(self) -> None:
        """To the title: behind the end there is no boardroom to go back to."""
        self.app.instead("title")

    def key_pageup(self) -> None:
        self.query_one(Paper).action_page_up()

    def key_pagedown(self) -> None:
        self.query_one(Paper).action_page_down()

    def on_end_menu_quarter(self, event: EndMenu.Quarter) -> None:
        view = self.view
        if view is not None and self.quarter is not None:
            last = max(view.first_quarter, view.history[-1].quarter if view.history else view.quarter)
            self.quarter = min(max(self.quarter + event.step, view.first_quarter), last)
            self.tell()

    def on_end_menu_pick(self, event: EndMenu.Pick) -> None:
        app = self.app
        if event.item == "fork":
            self.action_fork()
        elif event.item == "earned":
            theses = [app.content.achievements[label].thesis for label in self._ids()]
            app.open_records("earned", ("thesis", theses[0]) if theses else None)
        elif event.item == "analysis":
            app.open_analysis()
        elif event.item == "runs":
            app.open_runs()
        elif event.item == "new":
            app.open_founding()
        elif event.item == "title":
            app.instead("title")

    def action_open_analysis(self) -> None:
        """The analysis of the game that is over."""
        self.app.open_analysis()

    def action_fork(self) -> None:
        """The same luck again, from the quarter chosen."""
        quarter = self.quarter
        if quarter is not None:
            self.app.ask(self.tongue.say("ui.confirm.fork", quarter=quarter), lambda: self.app.fork_from(quarter))
