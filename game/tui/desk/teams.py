"""The middle of the desk: the teams, and the members of the one at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from game.classroom.messages import DeskMember, DeskTeam
from game.tui.desk import words
from game.tui.desk.panels import Listing
from game.tui.desk.state import playing
from game.tui.kit.draw import Part, ink, row
from game.tui.kit.text import cell_width, fit

if TYPE_CHECKING:
    from game.tui.kit.theme import Palette


def state_ink(team: DeskTeam, p: Palette) -> str:
    """The colour beside the mark and the word of how far a team is."""
    if not playing(team):
        return p.cinnabar
    return p.jade if team.decided else p.gold if team.drafted else p.dim


class TeamsPanel(Listing):
    """A row a team: decided, who is here, forecasts and reasons given, and what is out of the ordinary.

    No team's books stand here unless the teacher asks for values.
    """

    def count(self) -> int:
        return len(self.shown.desk.teams)

    @property
    def team(self) -> DeskTeam | None:
        """The team at the cursor."""
        teams = self.shown.desk.teams
        return teams[min(self.cursor, len(teams) - 1)] if teams else None

    def moved(self) -> None:
        for other in self.screen.query(MembersPanel):
            other.follow(self.team)

    def take(self) -> None:
        for other in self.screen.query(MembersPanel):
            other.focus()

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g, tongue = self.palette, self.glyphs, self.app.tongue
        base = ink(p.text, p.panel)
        teams = self.shown.desk.teams
        if not teams:
            return self.text_rows(self.say("desk.no-teams"), width, ink(p.dim))
        roomy = "" if width < 56 else "-long"
        asked = self.shown.desk.phase in ("open", "closing")
        heads = [self.say(f"desk.column.{k}") for k in ("team", "decided", "here", f"forecast{roomy}", f"reason{roomy}")]
        states = [self.say(f"desk.team.{k}") for k in ("decided", "drafted", "untouched", "receiver")]
        state = max(map(cell_width, (*states, heads[1]))) + 2
        numbers = [max(5, cell_width(h)) for h in heads[2:]]
        values = self.app.values
        money = [self.say(f"desk.column.{k}") for k in ("rank", "value", "cash")]
        sizes = (max(3, cell_width(money[0])), 9, 9)
        tail = sum(s + 1 for s in sizes) if values else 0
        if values and width - 2 - state - sum(n + 1 for n in numbers) - 1 - tail < 8:  # what was asked for goes first
            state, numbers, heads[1] = 2, [], ""
        rest = width - 2 - state - sum(n + 1 for n in numbers) - 1
        name = min(26, max(8, min(max(cell_width(words.team_name(tongue, t)) for t in teams), rest - tail - (0 if values else 10))))
        note = max(0, rest - name - tail - 1)
        head: list[Part] = [("  ", base), (fit(heads[0], name) + " ", ink(p.dim)), (fit(heads[1], state), ink(p.dim))]
        head += [(" " + fit(h, n, "right"), ink(p.dim)) for h, n in zip(heads[2:], numbers)]
        if values:
            head += [(" " + fit(h, n, "right"), ink(p.dim)) for h, n in zip(money, sizes, strict=True)]
        out = [row(head, width, base)]
        unfolded = height - 1 >= 2 * len(teams)
        airy = height - 1 >= 3 * len(teams) - 1
        for i in self.window((height - 1) // (3 if airy else 2 if unfolded else 1)):
            team = teams[i]
            here = i == self.cursor
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            mark, word = words.decided(tongue, team, asked and bool(team.members), g.plain)
            there = sum(m.here for m in team.members)
            total = len(team.members)
            parts: list[Part] = [
                (g.focus if here and self.has_focus else " ", ink(p.gold, ground)), (" ", line),
                (fit(words.team_name(tongue, team), name) + " ", ink(p.text if team.members else p.dim, ground, bold=here)),
                (fit(f"{mark} {word}", state), ink(state_ink(team, p), ground)),
            ]  # fmt: skip
            for count, size in zip((there, sum(m.forecast for m in team.members), sum(m.reason for m in team.members)), numbers):
                text = f"{count}/{total}" if total else g.flat
                parts.append((" " + fit(text, size, "right"), ink(p.text if count == total and total else p.dim, ground)))
            if values:
                rank = str(team.rank) if team.rank > 0 else g.flat
                for text, size in zip((rank, tongue.money(team.value), tongue.money(team.cash)), sizes, strict=True):
                    parts.append((" " + fit(text, size, "right"), ink(p.text, ground)))
            if note >= 6:
                said = tongue.say("desk.joiner").join(words.notes(tongue, team))
                parts.append((" " + fit(said, note, ellipsis=g.ellipsis), ink(p.dim, ground)))
            for y in range(1 + unfolded):
                self.mark(0, width, len(out) + y, i)
            out.append(row(parts, width, line))
            if unfolded:
                out.append(row([("  ", line), *self._people(team, ground)], width, line, ellipsis=g.ellipsis))
            if airy:
                out.append(row([], width, base))
        return out

    def _people(self, team: DeskTeam, ground: str) -> list[Part]:
        """A team's members on one line: a mark for who is here, a word for who holds the pen."""
        p, g = self.palette, self.glyphs
        parts: list[Part] = []
        for member in team.members:
            mark = ("o" if member.here else ".") if g.plain else ("●" if member.here else "○")
            parts += [
                (f"{mark} ", ink(p.jade if member.here else p.faint, ground)),
                (words.name_of(member), ink(p.dim if member.here else p.faint, ground)),
                (f" {self.say('desk.member.pen')}" if member.pen else "", ink(p.gold, ground)), ("   ", ink(p.dim, ground)),
            ]  # fmt: skip
        return parts

    def rows_to_jump(self) -> list[int]:
        return list(self.window(self.size.height - 2))

    def place_of(self, row: int) -> tuple[int, int]:
        return 0, row - self.top + 2

    def jump_to(self, row: int) -> None:
        self.cursor = row
        self.changed()
        self.moved()


class MembersPanel(Listing):
    """A row a member of the team at the cursor: here or not, how connected, the pen, forecast and reason given."""

    team_id = ""

    def follow(self, team: DeskTeam | None) -> None:
        """Show another team."""
        if team is not None and team.id != self.team_id:
            self.team_id, self.cursor, self.top = team.id, 0, 0
        self.changed()

    @property
    def team(self) -> DeskTeam | None:
        """The team shown; the first where that one is gone."""
        teams = self.shown.desk.teams
        return next((t for t in teams if t.id == self.team_id), teams[0] if teams else None)

    @property
    def member(self) -> DeskMember | None:
        """The member at the cursor."""
        team = self.team
        return team.members[min(self.cursor, len(team.members) - 1)] if team is not None and team.members else None

    def count(self) -> int:
        return len(self.team.members) if self.team is not None else 0

    def take(self) -> None:
        if self.member is not None:
            self.screen.open_member(self.member.id)  # type: ignore[attr-defined]

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g, tongue, team = self.palette, self.glyphs, self.app.tongue, self.team
        if team is None or not team.members:
            return self.text_rows(self.say("desk.no-members"), width, ink(p.dim))
        out: list[Strip] = []
        note = tongue.say("desk.joiner").join(words.notes(tongue, team))
        lines = self.text_rows(note, width, ink(p.text if playing(team) else p.cinnabar), 2) if note else []
        room = height - len(lines)
        pen, given = self.say("desk.member.pen"), [self.say(f"desk.member.{k}") for k in ("forecast", "reason")]
        ways = {w: self.say(f"desk.way.{w}") for w in ("browser", "terminal", "api", "none")}
        way = max(map(cell_width, ways.values()))
        size = max(8, width - 4 - way - cell_width(pen) - sum(map(cell_width, given)) - 4)
        role = min(24, max(0, size - 14)) if any(m.role for m in team.members) else 0
        name = min(26, size - role)
        for i in self.window(room):
            member = team.members[i]
            here = i == self.cursor and self.has_focus
            ground = p.selection if here else p.panel
            line = ink(p.text, ground)
            mark = ("o" if member.here else ".") if g.plain else ("●" if member.here else "○")
            parts: list[Part] = [
                (g.focus if here else " ", ink(p.gold, ground)), (" ", line),
                (f"{mark} ", ink(p.jade if member.here else p.dim, ground)),
                (fit(words.name_of(member), name), ink(p.text if member.here else p.dim, ground)),
                (fit(self.app.role_name(member.role), role), ink(p.dim, ground)),
                (fit(ways[member.way if member.here and member.way in ways else "none"], way + 1), ink(p.dim, ground)),
                (fit(pen if member.pen else "", cell_width(pen) + 1), ink(p.gold, ground)),
            ]  # fmt: skip
            for word, done in zip(given, (member.forecast, member.reason), strict=True):
                parts.append((fit(word if done else g.flat, cell_width(word) + 1, "left"), ink(p.text if done else p.faint, ground)))
            self.mark(0, width, len(out), i)
            out.append(row(parts, width, line))
        return [*out, *lines]
