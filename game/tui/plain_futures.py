"""A thousand futures as lines of text, for the plain game."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.engine.names import quarter_label

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Fans
    from game.tui.session import Session

P10, P25, MEDIAN, P75, P90 = range(5)


async def played_ahead(session: Session) -> Fans | None:
    """Whole fans of the draft; None where nothing is left to decide."""
    async for _ in session.foresee():
        pass
    return session.foretold


def futures(session: Session, fans: Fans, tongue: Tongue) -> list[str]:
    """What may come of the draft, and what would come of changing nothing."""
    say = tongue.say
    quarters = [quarter_label(fans.quarter + n) for n in range(len(fans.cash))]
    last = quarters[-1]
    lines = [say("futures.plain.title", games=fans.games)]
    for name in ("cash", "revenue", "value"):
        lines.append(f"{say(f'futures.{name}')}（{say('futures.plain.columns')}）" if tongue.lang == "zh"
                     else f"{say(f'futures.{name}')} ({say('futures.plain.columns')})")  # fmt: skip
        for quarter, band in zip(quarters, getattr(fans, name), strict=True):
            lines.append("  " + say("futures.plain.row", quarter=tongue.quarter(quarter), low=band[P10],
                                    median=band[MEDIAN], high=band[P90]))  # fmt: skip
    trade = session.main_trade
    lines.append(say("futures.plain.ruin", quarter=tongue.quarter(last), chance=fans.bankrupt[-1]))
    if fans.unaided is not None:
        lines.append(say("futures.plain.alone", chance=fans.unaided))
    lines.append(say("futures.plain.worst", amount=fans.worst[0]))
    if trade in fans.share:
        lines.append(say("futures.plain.share", quarter=tongue.quarter(last), segment=tongue.segment(trade),
                         median=fans.share[trade][-1][MEDIAN]))  # fmt: skip
    low, high = round(fans.rank[-1][P25]), round(fans.rank[-1][P75])
    if high:  # else a class whose ranking is hidden
        lines.append(say("futures.plain.rank-one" if low == high else "futures.plain.rank", quarter=tongue.quarter(last), low=low, high=high))
    if session.levers and session.ghost is not None:
        lines.append(say("futures.plain.before", chance=session.ghost.bankrupt[-1], median=session.ghost.cash[-1][MEDIAN]))
    asks = any(session.levers.get(f"finance.{n}", 0.0) > 0 for n in ("raise", "borrow"))
    lines.append(say("futures.then-asks" if asks else "futures.then"))
    return lines
