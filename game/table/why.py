"""Why share and value moved, as the report of a quarter carries it: the sums of `game.table.explain`."""

from __future__ import annotations

from game.engine.names import SEGMENTS
from game.table.explain import Evidence, customers, worth
from game.table.wire import ShareChange


def shares(e: Evidence) -> list[ShareChange]:
    """Change of the firm's share in every segment of the scenario in which it has or had customers.

    Flows: ``before = kept + lost`` and ``after = kept + won - unserved``; what the growth of the market dilutes counts
    as lost. Causes add up to ``after - before``.
    """
    out = []
    for v, segment in enumerate(SEGMENTS):
        was, now = e.public("share", e.firm, v), e.public_now("share", e.firm, v)
        if not e.rules.segments[v, 0] or (was == 0 and now == 0):
            continue
        told = customers.share(e, v)
        flow = {part.id: part.amount for part in told.flows}
        lost, won = -flow.get("flow.lost", 0.0), flow.get("flow.won", 0.0)
        causes = {part.id.partition(".")[2]: part.amount for part in told.parts}
        out.append(ShareChange(segment, was, now, was - lost, won, lost, -flow.get("flow.unserved", 0.0), causes))
    return out


def value_parts(e: Evidence) -> dict[str, float]:
    """What moved value = founders' share × equity + paid out; the parts add up to its change."""
    return {part.id.partition(".")[2]: part.amount for part in worth.value(e).parts}
