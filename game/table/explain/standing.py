"""How the firm stands with others: trust, community, credibility, rank."""

from __future__ import annotations

import math

from game.engine.names import ROUTES
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.wire import Explanation, Part

PASSED = "½ · (sign(mine − rank) − sign(mine_before − rank_before))"
"""One where a firm came past, minus one where it was passed."""


def trust(e: Evidence) -> Explanation:
    """Trust follows safety work slowly, and falls with outages and broken promises."""
    a = Account(e, "trust", "percent", e.had("trust"), e.has("trust"), equation="safety")
    a.let(trust=e.start("trust"), card=e.start("trust") - e.had("trust"), safety=e.has("safety"), unserved=e.has("unserved"),
          overpromised=e.awards.overpromised)  # fmt: skip
    a.opens.update(safety=("safety", ""), unserved=("unserved", ""))
    a.add("part.card", "card")
    a.add("quantity.safety", "trust_speed · (trust_base + trust_safety · safety − trust)")
    a.add("part.outage", "−trust_outage · unserved")
    a.add("part.overpromised", "−trust_overpromise · overpromised")
    return a.done()


def community(e: Evidence) -> Explanation:
    """Developers who joined for openness, quality, tools and people to talk to, and those who left."""
    a = Account(e, "community", "number", e.had("community"), e.has("community"), equation="community")
    route = ROUTES[e.route]
    budget = e.lever("community.budget")
    a.let(community=e.start("community"), card=e.start("community") - e.had("community"), community_budget=budget,
          capability=e.skill(e.start("lnc")))  # fmt: skip
    a.let_at("staff[developers]", e.has("staff", 0))
    a.opens.update(capability=("capability", ""))
    a.add("part.card", "card")
    a.define("tools", "1 + tools_gain · community_budget / (community_budget + join_budget)")
    a.define("snowball", "1 + community / (community + snowball_half)")
    a.define("evangelists", "1 + join_staff · staff[developers] / (staff[developers] + join_people)")
    a.add("part.joined", f"join_rate · join_openness[{route}] · capability · tools · snowball · evangelists")
    a.add("part.left", "−community · leave_rate")
    if a.names["community"] > 0 and e.param("community_upkeep") > 0:
        a.define("care", "min(community_budget / (community_upkeep · community), 1)")
        a.add("part.neglect", "−community · leave_neglect · (1 − care)")
    return a.done()


def credibility(e: Evidence) -> Explanation:
    """Credibility: how guidance met the books, against the naive forecast, and a slow drift to one half."""
    a = Account(e, "credibility", "percent", e.had("credibility"), e.has("credibility"), equation="guidance")
    a.let(credibility=e.had("credibility"), card=e.start("credibility") - e.had("credibility"))
    a.add("part.card", "card")
    a.add("part.drift", "credibility_drift · credibility_speed · (½ − credibility)")
    known = (e.cash_known, e.had("revenue_before"))
    for row, what, actual, last in ((0, "cash", e.has("cash"), known[0]), (2, "revenue", e.has("revenue"), known[1])):
        low, high = (float(e.was.own.guidance[row + k, 0, 0]) for k in (0, 1))
        if not (math.isfinite(low) and math.isfinite(high) and high > low) or last is None:
            continue
        a.let(low=low, high=high, actual=actual, last=last)
        a.opens["actual"] = (what, "")
        a.define("width_naive", "naive_width · max(abs(last), 1000000)")
        a.define("score_own", "high − low + 10 · max(low − actual, 0) + 10 · max(actual − high, 0)")
        a.define("score_naive", "2 · width_naive + 10 · max(last − width_naive − actual, 0)"
                 " + 10 · max(actual − last − width_naive, 0)")  # fmt: skip
        a.add(f"part.guidance-{what}", "½ · credibility_speed · (score_naive − score_own) / (score_naive + score_own)")
    return a.done()


def rank(e: Evidence, names: tuple[str, ...]) -> Explanation:
    """Rank by value: who passed whom. Public: a firm that came past counts one, one that was passed takes one off."""
    was, now = (int(x) for x in (e.public("rank", e.firm), e.public_now("rank", e.firm)))
    a = Account(e, "rank", "rank", was, now)
    for f, name in enumerate(names):
        if f == e.firm:
            continue
        ahead = e.public("rank", f) < was, e.public_now("rank", f) < now
        if ahead[0] != ahead[1]:
            a.let(rank_before=e.public("rank", f), rank=e.public_now("rank", f), mine_before=was, mine=now)
            a.parts.append(Part(f"firm.{name}", 1.0 if ahead[1] else -1.0, PASSED, a.factors(PASSED), who="public"))
    return a.done()
