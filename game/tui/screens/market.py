"""The market: who sells what to whom, how it came to that, what happened, and what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult

from game.engine.names import SEGMENTS
from game.tui.kit.chrome import Title
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title
from game.tui.screens.market_course import CoursePage
from game.tui.screens.market_events import EventsPage
from game.tui.screens.market_facts import Past, segments_of
from game.tui.screens.market_firm import FirmPage
from game.tui.screens.market_matrix import MatrixPage
from game.tui.screens.market_panels import PAGES, Page, PageTabs
from game.tui.screens.market_time import TimePage

if TYPE_CHECKING:
    from game.table.wire import SeatView


class MarketScreen(BaimoScreen[None]):
    """Five pages, one shown at a time; all from the seat's view and the public past that the seat tells."""

    which = "market"
    CSS_PATH = "market.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-middle"), (34, "-tall")]  # noqa: RUF012

    def __init__(self, segment: str = "", page: str = "matrix") -> None:
        super().__init__()
        self.segment = segment if segment in SEGMENTS else ""
        self.page = page if page in PAGES else PAGES[0]
        self.firm: int | None = None
        """Row of the firm looked at; one's own at first."""
        self._past: Past | None = None

    def body(self) -> ComposeResult:
        yield PageTabs()
        yield MatrixPage()
        yield FirmPage()
        yield TimePage()
        yield EventsPage()
        yield CoursePage()

    def on_mount(self) -> None:
        session = self.app.session
        if not self.segment and session is not None:
            self.segment = session.segment
        self.open_page(self.page)
        if session is not None:
            self._look_back()

    @work(exclusive=True, group="past")
    async def _look_back(self) -> None:
        """Ask for the public past; until it is here the pages show what the view holds."""
        session = self.app.session
        if session is not None:
            await session.look_back()
            self.tell()

    @property
    def view(self) -> SeatView | None:
        """The seat's view, if a game is at hand."""
        return self.app.session.view if self.app.session is not None else None

    @property
    def shown(self) -> Page:
        """The page at hand."""
        return self.query_one(f"#{self.page}", Page)

    def title_line(self) -> Title:
        view, say = self.view, self.tongue.say
        where = say("ui.screen.market")
        if view is not None:
            where = f"{where} · {self.tongue.quarter(view.quarter, 'long')}"
        return title(self.tongue, where, say("ui.market.live-models", count=view.market.live_models) if view else "")

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        names = tuple(self.tongue.say(f"market.page.{p}") for p in PAGES)
        self.query_one(PageTabs).show(names, PAGES.index(self.page), self.tongue.say("market.turn"))
        past = self.past
        if past is None:
            return
        view = past.view
        if self.segment not in segments_of(view):
            self.segment = next(iter(view.market.open_segments), SEGMENTS[0])
        if self.firm is None or not 0 <= self.firm < len(view.firms):
            self.firm = view.firm
        self.shown.load(past, self.firm, self.segment)  # the other pages when they are opened

    @property
    def past(self) -> Past | None:
        """The market as it is known now, kept until something new is known."""
        view, session = self.view, self.app.session
        if view is None or session is None:
            return None
        history = session.past
        if history is not None and history.quarters[-1].quarter != view.quarter - 1:
            history = None
        if self._past is None or self._past.view is not view or self._past.history is not history:
            self._past = Past(view, history, self.app.content)
        return self._past

    # going about ------------------------------------------------------------------------------------------------------
    def open_page(self, name: str) -> None:
        """Show one page."""
        self.page = name
        for page in self.query(Page):
            page.display = page.id == name
        self.shown.focus()
        self.tell()

    def action_page(self, number: int) -> None:
        """The page with a digit."""
        self.open_page(PAGES[number - 1])

    def action_next_page(self, step: int = 1) -> None:
        """The next page, or the one before."""
        self.open_page(PAGES[(PAGES.index(self.page) + step) % len(PAGES)])

    def on_key(self, event: events.Key) -> None:
        if event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self.action_next_page(1 if event.key == "tab" else -1)
        elif event.character is not None and event.character in "12345":
            event.stop()
            self.action_page(int(event.character))

    def on_panel_hit(self, event: PageTabs.Hit) -> None:
        if isinstance(event.panel, PageTabs):
            self.open_page(event.payload)

    def on_page_segment(self, event: Page.Segment) -> None:
        self.segment = event.name
        if self.app.session is not None:
            self.app.session.segment = event.name
        self.tell()

    def on_page_firm(self, event: Page.Firm) -> None:
        self.firm = event.index
        self.tell()
        if event.show:
            self.open_page("firm")

    def on_page_open(self, event: Page.Open) -> None:
        self.app.open_codex(event.kind, event.id)

    def action_open_source(self) -> None:
        """The codex at what the page is about."""
        if self.view is not None:
            self.app.open_codex(*self.shown.source())
