"""The room of a class, as a member sees it: what everybody waits for, the own team, the others, what the teacher said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip

from game.classroom.messages import Mate, Now, Reconsider, Reenter, Rival
from game.tui.kit.chrome import Title, TitleBar
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, cut, fit, wrap
from game.tui.room_words import role_name, teams_at_work
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

if TYPE_CHECKING:
    from game.tui.seat_app import SeatApp


def state_of(app: SeatApp) -> str:
    """What the member is in the middle of: the name of its words in the locale (``class.seat.state.…``)."""
    now = app.now
    if app.gone is not None:
        return "gone"
    if now is None:
        return "coming"
    if now.phase in ("lobby", "debrief", "over"):
        return now.phase
    if now.receiver:
        return "receiver"
    if now.ended:
        return "ended"
    if now.phase == "closing":
        return "closing"
    if now.phase == "between":
        return "between"
    if now.paused:
        return "paused"
    return "decided" if now.decided else "open"


class StatePanel(Panel):
    """What is going on, and what the reader can do about it."""

    app: SeatApp
    margin = 2

    def texts(self) -> list[tuple[str, str, bool]]:
        """Paragraphs with the role of their colour, and whether they are bold."""
        app, say = self.app, self.app.tongue.say
        now, state = app.now, state_of(app)
        if app.gone is not None:
            return [(app.tongue.message(app.gone.message), "cinnabar", True)]
        if now is None:
            return [(say("class.seat.state.coming"), "text", True)]
        clock = app.clock_words()
        done = sum(rival.decided for rival in now.rivals) + now.decided
        lead = say(f"class.seat.state.{state}", quarter=now.quarter, done=done, teams=teams_at_work(now))
        found = [(f"{lead}  {clock}" if clock else lead, "gold", True), (say(f"class.seat.do.{state}"), "text", False)]
        scenario = app.content.scenarios.get(now.scenario)
        if state == "lobby" and scenario is not None:
            found.append((app.tongue.text(scenario.text), "dim", False))
        if now.stood_in and now.phase == "between":
            found.append((say(f"class.seat.stood-in.{now.stood_in}"), "cinnabar", True))
        if now.absent and now.phase in ("open", "between"):
            found.append((say("class.seat.absent", count=now.absent), "cinnabar", True))
        if state == "receiver" and now.terms is not None:
            terms = now.terms
            found.append((say("class.seat.terms", key=app.key("re-enter"), cash=terms.cash, share=terms.founders_share,
                              capability=100 * terms.capability), "text", False))  # fmt: skip
        if now.phase == "open" and not now.ended:
            found.append(self._forecast(now))
        if state == "debrief" and now.seed:
            found.append((say("class.seat.seed", seed=now.seed), "dim", False))
        return found

    def _forecast(self, now: Now) -> tuple[str, str, bool]:
        say = self.app.tongue.say
        if not now.forecast:
            return say("class.seat.no-forecast", key=self.app.key("forecast")), "cinnabar", True
        done = bool(now.reason) or now.receiver  # receivers decide nothing that wants a reason
        said = say("class.seat.with-forecast" if done else "class.seat.no-reason", key=self.app.key("forecast"))
        return said, "jade" if done else "gold", False

    def needed(self, width: int) -> int:
        """Rows wanted at a width."""
        return sum(len(wrap(text, max(20, width - 2 * self.margin))) for text, _, _ in self.texts())

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        out: list[Strip] = []
        for text, colour, bold in self.texts():
            out += [row([(line, ink(getattr(p, colour), bold=bold))], width, base) for line in wrap(text, width)]
        return out[:height]


class MatesPanel(Panel):
    """The own team: who is here, who holds the pen, who has forecast and given a reason."""

    app: SeatApp
    margin = 2

    def load(self) -> None:
        """Say it anew."""
        now = self.app.now
        self.head(now.team_name if now is not None else "", self.app.tongue.say("class.seat.mates"))
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        now, base = self.app.now, ink(self.palette.text, self.palette.panel)
        rows = [strip for mate in (now.mates if now is not None else []) for strip in self._mate(mate, width)]
        return rows[:height] or [blank(width, base)]

    def _mate(self, mate: Mate, width: int) -> list[Strip]:
        p, say, now = self.palette, self.app.tongue.say, self.app.now
        assert now is not None
        base = ink(p.text, p.panel)
        you = say("class.seat.you") if mate.id == now.member else ""
        role = role_name(self.app.content, self.app.tongue, mate.role) if mate.role else ""
        marks: list[Part] = []
        if mate.pen:
            marks.append((say("class.seat.mark.pen") + "  ", ink(p.gold, bold=True)))
        if not mate.here:
            marks.append((say("class.seat.away"), ink(p.dim)))
        elif now.phase in ("open", "closing"):
            plain = self.glyphs.plain
            for done, word in ((mate.forecast, "forecast"), (mate.reason, "reason")):
                sign = ("+" if plain else "✓") if done else ("-" if plain else "·")
                marks.append((f"{sign}{say(f'class.seat.mark.{word}')} ", ink(p.jade if done else p.dim)))
        size = sum(cell_width(text) for text, _ in marks)
        room = width - size - 1
        if cell_width(mate.name + you) > room:
            you = ""
        name = cut(mate.name, max(4, room - cell_width(you)), self.glyphs.ellipsis)
        left: list[Part] = [(name, ink(p.text, bold=mate.id == now.member)), (you, ink(p.dim))]
        if role and cell_width(name + you + role) + 2 <= room:
            left.append((f"  {role}", ink(p.dim)))
        return [split_row(left, marks, width, base)]


class TeamsPanel(Panel):
    """The other teams: only what everybody may see."""

    app: SeatApp
    margin = 2

    def load(self) -> None:
        """Say it anew."""
        say, now = self.app.tongue.say, self.app.now
        count = len(now.rivals) if now is not None else 0
        self.head(say("class.seat.teams"), say("class.seat.teams-count", count=count) if count else "")
        self.changed()

    def draw(self, width: int, height: int) -> list[Strip]:
        now = self.app.now
        if now is None:
            return []
        rivals = sorted(now.rivals, key=lambda r: (r.rank is None, r.rank or 0))
        across = 2 if len(rivals) > height and width >= 32 else 1
        room = (width - 3 * (across - 1)) // across
        base = ink(self.palette.text, self.palette.panel)
        lines = [self._rival(rival, now, room) for rival in rivals]
        rows_ = -(-len(lines) // across)
        out = []
        for n in range(min(rows_, height)):
            pieces: list[Strip] = []
            for k in range(across):
                if k:
                    pieces.append(blank(3, base))
                at = n + k * rows_
                pieces.append(lines[at] if at < len(lines) else blank(room, base))
            out.append(Strip.join(pieces).adjust_cell_length(width, base))
        return out

    def _rival(self, rival: Rival, now: Now, width: int) -> Strip:
        p, say, plain = self.palette, self.app.tongue.say, self.glyphs.plain
        base = ink(p.text, p.panel)
        lead = f"{rival.rank:>2} " if rival.rank is not None else ""
        if rival.status != "active":
            mark: Part = (say("class.seat.mark.ended"), ink(p.dim))
        elif not rival.here and not rival.decided:
            mark = (say("class.seat.mark.nobody"), ink(p.dim))
        elif now.phase in ("open", "closing"):
            sign = ("+" if plain else "✓") if rival.decided else ("-" if plain else "·")
            mark = (f"{sign}{say('class.seat.mark.decided' if rival.decided else 'class.seat.mark.thinking')}",
                    ink(p.jade if rival.decided else p.dim))  # fmt: skip
        else:
            mark = ("", base)
        name = cut(rival.name, max(4, width - cell_width(lead + mark[0]) - 1), self.glyphs.ellipsis)
        return split_row([(lead, ink(p.gold)), (name, ink(p.text if rival.here else p.dim))], [mark], width, base)


class ToldPanel(Panel):
    """What the teacher has said, the newest last, and the cards dealt to all this quarter."""

    app: SeatApp
    margin = 2

    def load(self) -> None:
        """Say it anew."""
        self.head(self.app.tongue.say("class.seat.teacher"))
        self.changed()

    def needed(self, width: int) -> int:
        """Rows wanted at a width."""
        return len(self.draw(max(20, width - 2 * self.margin), 99)) + 1

    def draw(self, width: int, height: int) -> list[Strip]:
        p, tongue, now = self.palette, self.app.tongue, self.app.now
        base = ink(p.text, p.panel)
        if now is None:
            return []
        lines: list[Strip] = []
        for told in now.told:
            for n, line in enumerate(wrap(told.text, width - 2)):
                lines.append(row([(f"{self.glyphs.right} " if n == 0 else "  ", ink(p.gold)), (line, ink(p.text))], width, base))
        for card in now.dealt:
            said = tongue.say("class.seat.dealt", title=tongue.card(card).title)
            lines.append(row([("! ", ink(p.cinnabar, bold=True)), (fit(said, width - 2), ink(p.text))], width, base))
        if not lines:
            return [row([(tongue.say("class.seat.nothing-said"), ink(p.dim))], width, base)]
        return lines[-height:]


class RoomScreen(BaimoScreen[None]):
    """The first screen of a class; the boardroom and everything else lies over it."""

    which = "room"
    app: SeatApp  # type: ignore[assignment]
    CSS_PATH = "room.tcss"

    def body(self) -> ComposeResult:
        yield StatePanel(id="state")
        with Horizontal(id="people"):
            yield MatesPanel(id="mates")
            yield TeamsPanel(id="teams")
        yield ToldPanel(id="told")

    def title_line(self) -> Title:
        say, now = self.tongue.say, self.app.now
        if now is None:
            return title(self.tongue, say("ui.screen.room"))
        if now.phase == "lobby":
            right = self.tongue.scenario(now.scenario)
        else:
            turn = min(now.quarter - now.first_quarter + 1, now.quarters)
            right = say("ui.board.turn", turn=turn, quarters=now.quarters)
        right = " · ".join(filter(None, (right, self.app.clock_words())))
        return title(self.tongue, say("class.seat.in-team", name=now.name, team=now.team_name), right)

    def tell_clock(self) -> None:
        """Another second has gone."""
        for bar in self.query(TitleBar):
            bar.show(self.title_line())
        for panel in self.query(StatePanel):
            panel.changed()

    def tell(self) -> None:
        self.query_one(MatesPanel).load()
        self.query_one(TeamsPanel).load()
        self.query_one(ToldPanel).load()
        self._shape()

    def on_screen_resume(self) -> None:
        """At hand again: what happened meanwhile."""
        if self.is_mounted and self.query(StatePanel):
            self.retell()
            self.app.came_back()

    def on_resize(self, event: events.Resize) -> None:
        self._shape()

    def _shape(self) -> None:
        """The state as high as its words; the team's others need no room where there are none."""
        for state in self.query(StatePanel):
            state.styles.height = state.needed(self.size.width - 2) + 1
            state.changed()
        for told in self.query(ToldPanel):
            told.styles.height = min(told.needed(self.size.width - 2), max(4, self.size.height // 4))
        now = self.app.now
        for teams in self.query(TeamsPanel):
            teams.display = now is not None and bool(now.rivals)
        people = max(len(now.mates), len(now.rivals)) if now is not None else 0
        self.query_one("#people").styles.max_height = max(people, 5) + 4

    def idle_keys(self) -> Iterable[str]:
        app, now = self.app, self.app.now
        state = state_of(app)
        if not app.may_decide:
            yield "to-board"
        if now is None or not (state == "decided" and now.pen):
            yield "take-back"
        if now is None or now.terms is None or not now.pen:
            yield "re-enter"
        if now is None or now.phase not in ("open", "closing") or app.session is None:
            yield "forecast"
        if now is None or len(now.mates) < 2:
            yield "pen"
        if now is None or not now.role:
            yield "briefing"
        if app.session is None:
            yield "market"
        if app.session is None or app.session.report is None:
            yield "report"
            yield "why"

    # keys -----------------------------------------------------------------------------------------------------------------

    def action_open_board(self) -> None:
        """To the boardroom, where there is something to decide."""
        if self.app.may_decide:
            self.app.open_board()
        else:
            self.app.bell()

    def action_take_back(self) -> None:
        """Take the team's decision back while the quarter is open."""
        now = self.app.now
        if now is not None and now.decided and now.phase == "open":
            self.app.wish(Reconsider())

    def action_re_enter(self) -> None:
        """Found a small firm, once."""
        now = self.app.now
        if now is not None and now.terms is not None:
            self.app.ask(self.tongue.say("class.seat.confirm-re-enter"), lambda: self._re_enter())

    def _re_enter(self) -> None:
        self.app.wish(Reenter())

    def action_open_report(self) -> None:
        """The last report again."""
        self.app.open_report()

    def action_open_why(self) -> None:
        """Why the numbers of the last quarter moved."""
        if self.app.session is not None and self.app.session.report is not None:
            self.app.open_why()
