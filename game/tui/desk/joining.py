"""How pupils come in, over the whole screen: address, code and QR code; and a member's way back that works once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.strip import Strip

from game.tui.desk.panels import DeskPanel
from game.tui.desk.state import people
from game.tui.kit.bigtext import CAPITALS, big, scale_for
from game.tui.kit.chrome import Title
from game.tui.kit.draw import blank, ink, row
from game.tui.kit.qr import qr_strips
from game.tui.kit.text import wrap
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title

if TYPE_CHECKING:
    from game.tui.dashboard import DashboardApp


class _Big(DeskPanel):
    """A QR code at the right where there is room, words and a code in large characters at the left."""

    margin = 2

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.link = self.code = ""
        self.above: tuple[tuple[str, bool], ...] = ()
        """Lines over the code, and whether each is set off."""
        self.below: tuple[str, ...] = ()

    def draw(self, width: int, height: int) -> list[Strip]:
        p = self.palette
        base = ink(p.text, p.panel)
        code = qr_strips(self.link, width - 26, height) if self.app.qr and self.link and not self.glyphs.plain else []
        left = width - (code[0].cell_length + 3 if code else 0)
        rows = self._words(left, height)
        rows = [blank(left, base)] * ((height - len(rows)) // 2) + rows
        if not code:
            return rows
        top = (height - len(code)) // 2
        gap = blank(3, base)
        out = []
        for y in range(height):
            words = rows[y] if y < len(rows) else blank(left, base)
            right = code[y - top] if top <= y < top + len(code) else blank(code[0].cell_length, base)
            out.append(Strip.join([words, gap, right]))
        return out

    def _words(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        out: list[Strip] = []
        for text, strong in self.above:
            style = ink(p.text, bold=True) if strong else ink(p.dim)
            out += [row([(line, style)], width, base) for line in wrap(text, width)]
        if self.code:
            halves = [self.code] if scale_for(self.code, width, 99, CAPITALS) else self.code.split("-")
            scale = min((scale_for(half, width, max(4, height // 3), CAPITALS) for half in halves), default=0)
            out.append(blank(width, base))
            for half in halves:
                if scale:
                    out += [row([(line, ink(p.gold))], width, base) for line in big(half, scale, CAPITALS, plain=g.plain)]
                    out.append(blank(width, base))
            if not scale:
                out += [row([(self.code, ink(p.gold, bold=True))], width, base), blank(width, base)]
        for text in self.below:
            out += [row([(line, ink(p.dim))], width, base) for line in wrap(text, width)]
        while len(out) > height and (gap := next((y for y in reversed(range(len(out))) if not out[y].text.strip()), None)) is not None:
            del out[gap]  # air gives way before a word does
        return out


class JoinScreen(BaimoScreen[None]):
    """For the projector while a class comes in."""

    which = "join"
    live = True
    app: DashboardApp

    def body(self) -> ComposeResult:
        yield _Big()

    def title_line(self) -> Title:
        here, total = people(self.app.shown.desk)
        say = self.tongue.say
        return title(self.tongue, say("desk.join.title"), say("desk.people", here=str(here), total=str(total)))

    def tell(self) -> None:
        say, app = self.tongue.say, self.app
        panel = self.query_one(_Big)
        panel.link, panel.code = app.join_url if app.shown.desk.code else "", app.shown.desk.code
        panel.above = ((say("desk.join.browser"), False), *((a, True) for a in app.addresses[:2]), ("", False), (say("desk.join.code"), False))
        first = app.addresses[0] if app.addresses else ""
        panel.below = (say("desk.join.terminal"), f"baimo class join {app.bare(first)} {app.shown.desk.code}", "", app.check_said)
        if not app.shown.desk.code:
            panel.above, panel.below = ((say("desk.join.over"), True),), ()
        panel.changed()


class LinkScreen(BaimoScreen[None]):
    """A link that gives a member's place back, once. It is a secret: the screen says so."""

    which = "link"
    app: DashboardApp

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self.name_shown, self.token = name, token

    def body(self) -> ComposeResult:
        yield _Big()

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("desk.link.title", name=self.name_shown))

    def tell(self) -> None:
        say = self.tongue.say
        panel = self.query_one(_Big)
        panel.link = self.app.link_url(self.token)
        panel.above = ((say("desk.link.title", name=self.name_shown), True), ("", False), (panel.link, True), ("", False))
        panel.below = (say("desk.link.once"), say("desk.link.secret"))
        panel.changed()
