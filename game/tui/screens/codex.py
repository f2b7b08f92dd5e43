"""The codex: what every number, word and name in the game is, who says so, and what it is used for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from game.content.sounds import sounds
from game.tui.kit.chrome import Title
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import headed, title
from game.tui.screens.codex_entries import KINDS, name_of
from game.tui.screens.codex_index import Index
from game.tui.screens.codex_pages import page
from game.tui.screens.codex_piece import Link
from game.tui.screens.codex_tips import tip
from game.tui.screens.codex_widgets import EntryList, LinkPage, Tip


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reader was: an entry, the link under the cursor, the first line shown."""

    link: Link
    at: int
    offset: int


def met_cards(app: Any) -> frozenset[str] | None:
    """Cards that the game at hand has dealt so far; None where no game is open and nothing needs hiding."""
    session = app.session
    playing = any(getattr(screen, "which", "") in ("boardroom", "room") for screen in app.screen_stack)
    if session is None or session.over or not playing:
        return None
    return dealt(session.view, getattr(app.host, "table", None))


def dealt(view: Any, table: Any) -> frozenset[str]:
    """Cards on the desk now, and those of the quarters that the host still remembers."""
    met = {view.card.id} if view.card is not None else set()
    if table is not None:
        for played in range(table.played):
            try:
                state, _ = table.past(played)
            except LookupError:
                continue
            card = int(state.card[view.firm, 0])
            if 0 <= card < len(table.head.deck):
                met.add(table.head.deck[card])
    return frozenset(met)


class CodexScreen(BaimoScreen[None]):
    """A list at the left, a page at the right, a search field above both.

    ``CodexScreen("figure", "llm-count")`` opens at a page; `open` goes to another one and remembers the way back.
    """

    which = "codex"
    CSS_PATH = "codex.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]  # noqa: RUF012

    def __init__(self, kind: str = "", id: str = "") -> None:
        super().__init__()
        self._kind = kind if kind in KINDS and id else ""
        self._query = ""
        self._index: Index | None = None
        self._met: frozenset[str] | None = None
        self._trail: list[_Place] = []
        self.link: Link | None = (kind, id) if kind and id else None
        """The entry whose page is shown."""

    def body(self) -> ComposeResult:
        yield Input(id="search", select_on_focus=False)
        with Horizontal(id="halves"):
            yield EntryList()
            yield LinkPage()
        yield Tip()

    def title_line(self) -> Title:
        say = self.tongue.say
        return title(self.tongue, say("ui.screen.codex"), say("screens.codex.claims"))

    def on_mount(self) -> None:
        reading = self.link is not None
        self.query_one(LinkPage if reading else EntryList).focus()

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        self.query_one("#search", Input).placeholder = self.tongue.say("screens.codex.search")
        if self._index is None or self._index.lang != self.tongue.lang:
            self._met = met_cards(self.app)
            self._index = Index(self.app.content, self.tongue, self._met)
        self._list()
        if self.link is not None:
            self._show(self.link)

    def _list(self) -> None:
        assert self._index is not None
        entries, total = self._index.search(self._query, self._kind)
        say = self.tongue.say
        panel = self.query_one(EntryList)
        counted = say("screens.codex.of", shown=len(entries), total=total) if len(entries) < total else say(
            "ui.codex.results", count=total
        )  # fmt: skip
        panel.head(say("screens.codex.list"), counted)
        panel.show(
            entries, kind=self._kind, empty=say("screens.codex.nothing", query=self._query),
            short=lambda kind: say(f"screens.codex.kind.{kind or 'all'}"),
        )  # fmt: skip
        if self.link is not None:
            panel.put_cursor(self.link)
        elif panel.current is not None:
            self._show((panel.current.kind, panel.current.id))

    def _show(self, link: Link, at: int = -1, offset: int = 0) -> None:
        self.link = link
        paper = self.query_one(LinkPage)
        kind = self.tongue.say(f"screens.codex.kind.{link[0]}") if link[0] in KINDS else link[0]
        paper.head(headed(kind, self.tongue.lang), "")
        paper.show(page(self.app.content, self.tongue, *link, met=self._met))
        paper.at, paper.first = at, offset

    # going about ------------------------------------------------------------------------------------------------------
    def open(self, kind: str, id: str) -> None:
        """Go to an entry; Escape comes back from it. An entry that does not exist is said to be missing."""
        if self.link is not None and self.link != (kind, id):
            paper = self.query_one(LinkPage)
            self._trail.append(_Place(self.link, paper.at, paper.first))
        self._show((kind, id))
        self.query_one(EntryList).put_cursor((kind, id))

    @on(EntryList.Moved)
    def _moved(self, event: EntryList.Moved) -> None:
        self._trail.clear()
        self._show((event.entry.kind, event.entry.id))

    @on(EntryList.Read)
    def _read(self) -> None:
        self.query_one(LinkPage).focus()

    @on(EntryList.First)
    def _on_first(self) -> None:
        paper = self.query_one(LinkPage)
        if paper.links:
            paper.focus()
            self.open(*paper.links[0])

    @on(EntryList.Kind)
    def _other_kind(self, event: EntryList.Kind) -> None:
        kinds = ("", *KINDS)
        self._kind = kinds[(kinds.index(self._kind) + event.step) % len(kinds)]
        self.link = None
        self._trail.clear()
        self._list()

    @on(EntryList.Up)
    def action_search(self) -> None:
        """To the search field."""
        self.query_one("#search", Input).focus()

    @on(LinkPage.Follow)
    def _follow(self, event: LinkPage.Follow) -> None:
        self.open(*event.link)

    @on(LinkPage.Pointed)
    def _pointed(self, event: LinkPage.Pointed) -> None:
        self.query_one(Tip).tell(*tip(self.app.content, self.tongue, event.link, self._met))

    def on_descendant_focus(self) -> None:
        """Where the room is narrow, whoever reads a page has the more of it."""
        self.set_class(isinstance(self.focused, LinkPage), "-reading")
        if isinstance(self.focused, Input) and self._index is not None and self._index.sounds is None:
            self.run_worker(self._listen(self._index), exclusive=True)

    async def _listen(self, index: Index) -> None:
        """Learn how names sound, off the interface's thread; what was typed meanwhile is searched again."""
        index.sounds = await asyncio.to_thread(sounds, self.app.content)
        if index is self._index and self._query and not self._trail:
            self._list()

    @on(LinkPage.Leave)
    def _leave(self) -> None:
        self.query_one(EntryList).focus()

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        if event.value == self._query:
            return
        self._query = event.value
        self.link = None
        self._trail.clear()
        self._list()

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.query_one(EntryList).focus()

    def on_key(self, event: Any) -> None:
        if event.key == "down" and isinstance(self.focused, Input):
            event.stop()
            self.query_one(EntryList).focus()

    def action_back(self) -> None:
        """One page back; from the first page out of a search, then out of the codex."""
        if self._trail:
            place = self._trail.pop()
            self._show(place.link, place.at, place.offset)
            self.query_one(EntryList).put_cursor(place.link)
        elif self._query and isinstance(self.focused, Input):
            self.query_one("#search", Input).value = ""
        else:
            super().action_back()

    def where(self) -> str:
        """Name of the entry at hand, for tests and for reading aloud."""
        return name_of(self.app.content, self.tongue, *self.link) if self.link else ""
