"""What the teacher does for one member: give the place back, move to another team, take out of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from game.classroom.messages import Remove, Restore, Shift
from game.tui.desk import words
from game.tui.desk.dialogs import MenuScreen
from game.tui.desk.state import find_member

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp


class MemberTasks:
    """Mixed into the desk."""

    app: DashboardApp
    tongue: Any

    def open_member(self, member: str) -> None:
        """What can be done for a member."""
        found = find_member(self.app.shown.desk, member)
        if found is None:
            return
        team, one = found
        say, name = self.tongue.say, words.name_of(one)
        pen = say("desk.member.has-pen") if one.pen else ""

        async def chosen(task: str | None) -> None:
            if task == "restore":
                self.app.ask(say("desk.ask.restore", name=name), lambda: self._restore(member, name))
            elif task == "shift":
                self._choose_team(member, name, team.id)
            elif task == "remove":
                self.app.ask(say("desk.ask.remove", name=name), lambda: self.app.teach(Remove(member)))

        items = [(t, say(f"desk.member.{t}"), say(f"desk.member.{t}-note")) for t in ("restore", "shift", "remove")]
        title = say("desk.member.title", name=name, team=words.team_name(self.tongue, team))
        self.app.push_screen(MenuScreen(f"{title}{pen}", items), chosen)

    async def _restore(self, member: str, name: str) -> None:
        token = await self.app.teach(Restore(member))
        if token:
            from game.tui.desk.joining import LinkScreen

            self.app.push_screen(LinkScreen(name, token))

    def _choose_team(self, member: str, name: str, own: str) -> None:
        say = self.tongue.say
        if self.app.shown.desk.phase not in ("lobby", "between"):
            self.app.tell(say("desk.member.shift-when"), bad=True)
            return
        others = [t for t in self.app.shown.desk.teams if t.id != own]
        items = [(t.id, words.team_name(self.tongue, t), say("desk.member.count", count=len(t.members))) for t in others]

        async def chosen(team: str | None) -> None:
            if team:
                await self.app.teach(Shift(member, team))

        self.app.push_screen(MenuScreen(say("desk.member.shift-to", name=name), items), chosen)
