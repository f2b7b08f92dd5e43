"""What research, knowledge and the years did: capability, efficiency, safety, knowledge, freshness, accuracy."""

from __future__ import annotations

import math

from game.engine.names import ROUTES, SEGMENTS
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.formula import log_mean
from game.table.wire import Explanation


def budgets(e: Evidence) -> tuple[float, float, float]:
    """Research budgets for scale, efficiency and safety, CNY."""
    weights = [max(e.lever(f"research.{name}"), 0.0) for name in ("scale", "efficiency", "safety")]
    whole = sum(weights)
    parts = [w / whole for w in weights] if whole else [1.0, 0.0, 0.0]
    scale, efficiency, safety = (e.lever("research.budget") * part for part in parts)
    return scale, efficiency, safety


def _openness(e: Evidence) -> str:
    return f"openness[{ROUTES[e.route]}]"


def capability(e: Evidence) -> Explanation:
    """Capability: training and decay of the own stock, catching up with the best open model, community, cards.

    What comes of the best model at all and of luck is not visible: it is the remainder. ``slope`` turns the log of
    effective compute, in which the terms add up, into capability.
    """
    before, after = e.had("capability"), e.has("capability")
    a = Account(e, "capability", "points", before, after, equation="capability")
    lnc, start, end = e.had("lnc"), e.start("lnc"), e.has("lnc")
    gap = end - lnc
    slope = (after - before) / gap if abs(gap) > 1e-9 else e.param("cap_span") * e.param("cap_power") * math.exp(
        -e.param("cap_power") * lnc
    )  # fmt: skip
    scale, _, _ = budgets(e)
    a.let(slope=slope, lnc=start, lne=e.start("lne"), card=start - lnc, scale_budget=scale, skill_research=e.trait("skill_research"),
          training=max(e.machines - e.served_machines, 1e-6), compute_price=e.public("compute_price"), community=e.has("community"))  # fmt: skip
    a.let_at("shifts[research]", e.acting("research"))
    a.opens.update(lne=("efficiency", ""), community=("community", ""), training=("utilisation", ""))
    a.add("part.card", "slope · card")
    a.add("part.decay", "slope · ln(1 − cap_decay)")
    a.define("people_compute", "max(scale_budget / compute_price, 0.000001)")
    a.define("gained", "(training^research_compute_share · people_compute^(1 − research_compute_share))^research_scale"
             " · exp(lne) · skill_research · (1 + shifts[research]) / cap_unit")  # fmt: skip
    a.add("part.training", "slope · ln(1 + gained / (exp(lnc) · (1 − cap_decay)))")
    own = start + math.log(1.0 - e.param("cap_decay")) + a.value_of("ln(1 + gained / (exp(lnc) · (1 − cap_decay)))")
    a.let(own=own, best_open=e.compute_of(e.public("open_capability")))
    a.add("part.catch-up-open", "slope · catch_up_open · max(best_open − own, 0)", who="public")
    a.add("part.community", f"slope · community_capability · {_openness(e)} · community / (community + community_half)")
    if e.truth is not None:
        a.let(luck=e.truth.luck_research, best_known=e.truth.best_known)
        a.define("base", "exp(lnc) · (1 − cap_decay)")
        a.add("part.luck", "slope · ln((base + gained · (1 + research_noise · luck)) / (base + gained))", who="hidden")
        a.add("part.catch-up-best",
              "slope · catch_up_best · max(best_known − ln(base + gained · (1 + research_noise · luck)), 0)", who="hidden")  # fmt: skip
    return a.done()


def efficiency(e: Evidence) -> Explanation:
    """Algorithmic efficiency, a multiple: what the world learns, the own work, open models and the community bring."""
    lne, start, end = e.had("lne"), e.start("lne"), e.has("lne")
    before, after = math.exp(lne), math.exp(end)
    a = Account(e, "efficiency", "number", before, after, equation="efficiency")
    _, budget, _ = budgets(e)
    a.let(slope=log_mean(before, after), lne=start, card=start - lne, efficiency_budget=budget, community=e.has("community"),
          skill_efficiency=e.trait("skill_efficiency"), efficiency_open=e.public("open_efficiency"))  # fmt: skip
    a.let_at("shifts[research]", e.acting("research"))
    a.opens.update(community=("community", ""))
    a.add("part.card", "slope · card")
    a.define("damping", "1 + efficiency_damping · max(lne, 0)")
    a.define("work", "efficiency_budget / (efficiency_budget + efficiency_half)")
    a.add("part.world", "slope · efficiency_world / damping")
    a.add("part.own-work", "slope · efficiency_own · skill_efficiency · (1 + shifts[research]) · work / damping")
    a.add("part.catch-up-open", "slope · efficiency_catch_up · max(efficiency_open − lne, 0) / damping", who="public")
    a.add("part.community",
          f"slope · efficiency_community · {_openness(e)} · community / (community + community_half) / damping")  # fmt: skip
    if e.truth is not None:
        a.let(luck=e.truth.luck_efficiency)
        a.add("part.luck", "slope · efficiency_own · skill_efficiency · (1 + shifts[research]) · work · research_noise · luck"
              " / damping", who="hidden")  # fmt: skip
    return a.done()


def safety(e: Evidence) -> Explanation:
    """Safety: a stock that fades and that the safety budget restores."""
    a = Account(e, "safety", "percent", e.had("safety"), e.has("safety"), equation="safety")
    a.let(safety=e.start("safety"), card=e.start("safety") - e.had("safety"), safety_budget=budgets(e)[2])
    a.add("part.card", "card")
    a.add("part.decay", "−safety_decay · safety")
    a.add("part.budget", "safety_decay · safety_budget / (safety_budget + safety_half)")
    return a.done()


def _stock(e: Evidence, what: str, way: str, v: int) -> Account:
    a = Account(e, what, way, e.had(what, v), e.has(what, v), segment=SEGMENTS[v], equation="knowledge")
    a.let(knowledge=e.start("knowledge", v), knowledge_budget=e.lever(f"knowledge.{SEGMENTS[v]}"))
    a.let(card=e.start(what, v) - e.had(what, v))
    a.define("upkeep", "knowledge_upkeep · knowledge")
    return a


def knowledge(e: Evidence, v: int) -> Explanation:
    """Knowledge of a segment: it decays, and what is paid beyond its upkeep builds it."""
    a = _stock(e, "knowledge", "number", v)
    a.let(community=e.start("community"))
    a.opens.update(community=("community", ""))
    a.add("part.sold" if v == e.sold_unit else "part.card", "card")
    a.add("part.decay", "−knowledge_decay · knowledge")
    a.define("extra_knowledge", "max(knowledge_budget − upkeep, 0) / knowledge_unit")
    a.add("part.building", "extra_knowledge / (1 + extra_knowledge / knowledge_pace)")
    if a.names["knowledge"] > 0.5:
        a.add("part.community", f"knowledge_community · {_openness(e)} · community / (community + community_half)")
    return a.done()


def freshness(e: Evidence, v: int) -> Explanation:
    """Freshness of a segment's knowledge: what upkeep leaves undone ages it, what is paid restores it."""
    a = _stock(e, "freshness", "percent", v)
    a.let(freshness=e.start("freshness", v))
    a.opens.update(knowledge=("knowledge", SEGMENTS[v]))
    a.add("part.card", "card")
    a.define("kept", "min(knowledge_budget / upkeep, 1)") if a.names["upkeep"] > 0 else a.let(kept=1.0)
    a.add("part.ageing", f"−freshness_loss[{SEGMENTS[v]}] · (1 − kept) · freshness")
    a.add("part.upkeep", "freshness_restore · kept · (1 − freshness)")
    return a.done()


def accuracy(e: Evidence, v: int) -> Explanation:
    """Accuracy of a segment: general capability, what was learnt of the segment, and how fresh it is.

    ``accuracy = general + (ceiling − general) · learnt · freshness``: the change of a product goes to its factors by
    their means, exactly.
    """
    segment = SEGMENTS[v]
    a = Account(e, "accuracy", "percent", e.had("accuracy", v), e.has("accuracy", v), segment=segment, equation="accuracy")
    a.let(capability=e.had("capability"), capability_now=e.has("capability"))
    a.let(knowledge=e.had("knowledge", v), knowledge_now=e.has("knowledge", v))
    a.let(freshness=e.had("freshness", v), freshness_now=e.has("freshness", v))
    for symbol, kind in (("capability_now", "capability"), ("knowledge_now", "knowledge"), ("freshness_now", "freshness")):
        a.opens[symbol] = (kind, "" if kind == "capability" else segment)
    a.define("general", "general_floor + general_slope · capability")
    a.define("general_now", "general_floor + general_slope · capability_now")
    a.define("learnt", "1 − exp(−knowledge_rate · knowledge)")
    a.define("learnt_now", "1 − exp(−knowledge_rate · knowledge_now)")
    a.define("room", f"½ · (max(accuracy_ceiling[{segment}] − general, 0) + max(accuracy_ceiling[{segment}] − general_now, 0))")
    a.define("room_lost", f"max(accuracy_ceiling[{segment}] − general, 0) − max(accuracy_ceiling[{segment}] − general_now, 0)")
    a.define("known", "½ · (learnt · freshness + learnt_now · freshness_now)")
    a.add("quantity.capability", "(general_now − general) − room_lost · known")
    a.add("quantity.knowledge", "room · (learnt_now − learnt) · ½ · (freshness + freshness_now)")
    a.add("quantity.freshness", "room · (freshness_now − freshness) · ½ · (learnt + learnt_now)")
    return a.done()
