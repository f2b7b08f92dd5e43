"""What a table asks of a market, so that turn order and records know no rules (and tests a market of their own)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from game.table.lines import Levers, Overlay
from game.table.wire import Changes, Explanation, Fans, Message, Preview, Report, Row, SeatView

if TYPE_CHECKING:
    from game.table.market_history import MarketHistory
    from game.table.table import Table

HUMAN = "human"
DEFAULT: Final = "default"
"""The policy that decides for a firm whose people are absent."""
SLOW: Final = frozenset({"planner"})
"""Policies that take their time, so they begin as soon as a quarter opens."""
State = Any
"""A state of one game; only a market looks inside."""


class Terms(NamedTuple):
    """On what the people of a bankrupt firm may found a second one."""

    cash: float
    """CNY that investors put in."""
    founders_share: float
    capability: float
    """0..1."""
    people: int
    machines: float
    """PFLOP/s under contract."""


class Market(Protocol):
    """What a table asks of the rules; `game.table.market` is the real one."""

    program: str
    rules: str
    digest: str
    overlays: list[Overlay]
    deck: list[str]
    scenario: str
    background: str
    difficulty: str
    assume: str
    levers: str
    firms: list[str]
    first: int
    quarters: int
    policies: Collection[str]
    """Names of the policies there are."""
    dealable: Collection[str]
    """Ids of the cards that can be dealt to all."""

    def seed(self, text: str) -> str:
        """Seed as 32 hex digits from what a person typed."""

    def begin(self, seed: str) -> State:
        """State on the first day."""

    def play(self, state: State, decisions: Sequence[Levers]) -> tuple[State, Any]:
        """State after a quarter, and its ledger."""

    def decide(self, state: State, seats: Mapping[int, str]) -> dict[int, Levers]:
        """Every lever of the firms that policies run, by firm; ``seats`` names their policies."""

    def complete(self, state: State, firm: int, levers: Mapping[str, float]) -> Levers:
        """Every lever of a firm that a person runs, from those that the person moved."""

    def faults(self, state: State, firm: int, levers: Mapping[str, float]) -> list[Message]:
        """What is wrong with a draft."""

    def holds(self, state: State, firm: int, condition: Any) -> bool:
        """Whether a condition of content is true of a firm."""

    def active(self, state: State, firm: int) -> bool:
        """Whether a firm still trades."""

    def ending(self, state: State, firm: int, final: bool) -> str:
        """How the game ended for a firm; ``final`` after the last quarter. Empty while it goes on."""

    def card(self, state: State, firm: int) -> str:
        """Id of the card before a firm, or empty."""

    def deal(self, state: State, card: str) -> State:
        """State with a card on the desk of every firm. Raises ValueError for one that is not dealable."""

    def may_found_again(self, state: State, firm: int) -> bool:
        """Whether a firm has ended in a way after which its people may found another."""

    def reentry_terms(self, state: State, firm: int) -> Terms:
        """What that new firm would begin with. Raises ValueError where it may not be founded."""

    def found_again(self, state: State, firm: int) -> State:
        """State with a small new firm in place of one that has ended. Raises ValueError where it may not."""

    def row(self, state: State, firm: int) -> Row:
        """Headline numbers of a firm at the end of the quarter before ``state``."""

    def pack(self, state: State) -> bytes:
        """Bytes of a state."""

    def unpack(self, data: bytes, deck: Sequence[str]) -> State:
        """State from bytes in which cards are counted as in ``deck``. Raises ValueError."""

    def view(self, table: Table, firm: int) -> SeatView:
        """What a firm may know."""

    def report(self, table: Table, firm: int, played: int) -> Report:
        """What happened to a firm in the quarter after ``played`` quarters."""

    def explain(self, table: Table, firm: int, what: str, segment: str, played: int) -> Explanation:
        """Why a number of a firm's quarter is what it is. Raises LookupError."""

    def changes(self, table: Table, firm: int, played: int) -> Changes:
        """Every number of a firm's quarter that can be explained. Raises LookupError."""

    def preview(self, table: Table, firm: int, levers: Mapping[str, float]) -> Preview:
        """What a draft spends at once."""

    def market_history(self, table: Table, firm: int) -> MarketHistory:
        """What was public in every past quarter, as a firm saw it then."""

    def futures(
        self, table: Table, firm: int, levers: Mapping[str, float], pause: Callable[[], None]
    ) -> Iterator[Fans]:
        """What may come of a draft, over more and more futures; ``pause`` is called often and may raise to stop it."""
