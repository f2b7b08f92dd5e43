"""The boardroom of a team in a class: a clock in its title, one pen, and no quarter that ends at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from game.tui import actions
from game.tui.kit.chrome import Title, TitleBar
from game.tui.screens.boardroom import BoardroomScreen
from game.tui.widgets.levers import LeverPanel

if TYPE_CHECKING:
    from game.tui.seat_app import SeatApp


class SeatBoard(BoardroomScreen, inherit_bindings=False):
    """See module. Who does not hold the pen sees the team's draft as it moves, and may do everything but move it."""

    which = "seat"
    app: SeatApp  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("seat"), Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def on_screen_resume(self) -> None:
        """Taken up again, perhaps in another quarter."""
        if self.is_mounted and self.query(TitleBar):
            self.retell()
            self.query_one(LeverPanel).focus()

    def title_line(self) -> Title:
        tongue, view, now = self.tongue, self.session.view, self.app.now
        say = tongue.say
        turn = say("ui.board.turn", turn=view.quarter - view.first_quarter + 1, quarters=view.quarters)
        narrow = self.size.width < 100
        act = say(f"tui.act.{view.act}") if narrow else tongue.act(view.act)
        centre = [tongue.quarter(view.quarter, "long"), act]
        if now is not None and not now.pen:
            centre = [tongue.quarter(view.quarter, "long"), say("class.seat.looks-on")]
        left = [turn, self.app.clock_words()] if not narrow else [self.app.clock_words() or turn]
        if now is not None and not now.forecast:
            left.insert(0, say("class.seat.no-forecast-short", key=self.app.key("forecast")))
        name = now.team_name if now is not None else ""
        return Title(name or say("ui.app.name"), "", " · ".join(centre), " · ".join(filter(None, left)))

    def tell_clock(self) -> None:
        """Another second has gone."""
        for bar in self.query(TitleBar):
            bar.show(self.title_line())

    def _listen(self) -> None:  # type: ignore[override]
        """The application follows the room itself."""

    def idle_keys(self) -> Iterable[str]:
        yield from super().idle_keys()
        if self.app.now is not None and len(self.app.now.mates) < 2:
            yield "pen"

    # the pen --------------------------------------------------------------------------------------------------------------

    def _refused(self) -> bool:
        """Say why nothing moves, to who may not move it; whether that is so."""
        if self.app.session is not None and self.app.session.writable:
            return False
        now = self.app.now
        holder = next((mate.name for mate in now.mates if mate.pen), "") if now is not None else ""
        panel = self.query_one(LeverPanel)
        if now is not None and now.decided:
            panel.complain(self.tongue.say("class.seat.decided-already"))
        elif holder and now is not None and not now.pen:
            panel.complain(self.tongue.say("class.seat.pen-of", name=holder))
        else:
            panel.complain(self.tongue.say("class.seat.no-pen"))
        return True

    def on_lever_panel_changed(self) -> None:
        if not self._refused():
            super().on_lever_panel_changed()

    async def action_close_quarter(self) -> None:
        """Hand the decision in, having answered the card first."""
        if self.query_one(LeverPanel).take_typed() or self._playing or self._refused():
            return
        if self.app.now is not None and self.app.now.paused:
            self.query_one(LeverPanel).complain(self.tongue.say("class.seat.paused"))
            return
        await super().action_close_quarter()

    def _play(self) -> None:  # type: ignore[override]
        """The sheet was signed: hand it in."""
        self.run_worker(self._hand_in(), group="quarter", exclusive=True)

    async def _hand_in(self) -> None:
        self._playing = True
        try:
            faults = await self.app.decide()
        finally:
            self._playing = False
        if faults and self.is_attached:
            self.query_one(LeverPanel).complain(" ".join(faults))

    def _card(self, *, then_close: bool = False) -> None:
        if self.app.session is not None and self.app.session.writable:
            super()._card(then_close=then_close)
            return

        def read(choice: int | None) -> None:
            if choice is not None:
                self._refused()

        distress = self.session.view.distress is not None
        self.app.push_screen(self.app.make("card", distress=distress), read)

    def action_back(self) -> None:
        """To the room; the draft stays."""
        self.app.back()
