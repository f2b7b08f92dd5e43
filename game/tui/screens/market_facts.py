"""Facts of one segment out of a view, without a widget: the market screen and the plain game share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.engine.names import VERTICALS

if TYPE_CHECKING:
    from game.table.wire import Firm, SeatView


def price_of(firm: Firm, segment: str) -> float:
    """What a firm asks for in a segment: per million tokens, per user and month, or as a multiple of the going rate."""
    if segment == "developers":
        return firm.price_token
    return firm.price_app if segment == "consumers" else firm.price_solution


def ordered(view: SeatView, segment: str) -> list[Firm]:
    """Firms by their share in a segment; those that are gone come last."""
    return sorted(view.firms, key=lambda f: (f.status != "active", -f.share.get(segment, 0.0), f.rank))


def remainder(view: SeatView, segment: str) -> float:
    """The part of a segment's users that pays none of the firms; nought while it has no users."""
    if view.market.adopters.get(segment, 0.0) <= 0:
        return 0.0
    return max(0.0, 1.0 - sum(f.share.get(segment, 0.0) for f in view.firms if f.status == "active"))


def remainder_name(segment: str) -> str:
    """Who those users are, as a word of ``term.firm``: small integrators' clients, or people who run open weights."""
    return "tail" if segment in VERTICALS else "outside"
