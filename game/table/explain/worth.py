"""What the firm is worth and to whom: equity value by its terms, value by what moved them."""

from __future__ import annotations

from typing import Final

import numpy as np

from game.engine.names import ROUTES
from game.engine.valuation import PARTS
from game.table.explain.account import Account
from game.table.explain.evidence import Evidence
from game.table.wire import Explanation

_NAMES: Final = {name: f"V_{name}" for name in PARTS}
_OPENS: Final = {"V_cash": ("cash", ""), "V_revenue": ("revenue", ""), "V_capability": ("capability", ""),
                 "V_community": ("community", ""), "V_audience": ("customers", "consumers")}  # fmt: skip


def _field(e: Evidence) -> float:
    """Best capability that the firm knows of at the start of the quarter: benchmarks of the others, its own books."""
    return max(float(np.max(e.was.public.benchmark[:, 0])), e.had("capability"))


def _terms(a: Account, suffix: str, e: Evidence, *, now: bool, quarter: int) -> None:
    """Define the terms of equity value of the own books, read in the mood and the field of the quarter's start."""
    get = e.has if now else e.had
    route = ROUTES[int((e.now if now else e.was).own.route[0, 0])]

    def at(name: str) -> str:
        return f"{name}{suffix}"

    a.let(**{
        at("cash"): get("cash"), at("debt"): get("debt"), at("revenue"): get("revenue"), at("revenue_last"): get("revenue_before"),
        at("margin"): min(max(get("margin"), -1.0), 1.0), at("capability"): get("capability"), at("community"): get("community"),
        at("audience"): get("customers", 1), at("knowledge"): float(np.add.reduce((e.now if now else e.was).own.knowledge[0, :, 0])),
        at("research_capital"): get("research_capital"), at("quarter"): float(quarter),
    })  # fmt: skip
    a.define(at("hype"), f"max(hype_floor, 1 − hype_fade · {at('quarter')})")
    a.define(at("growth"), f"min(max(({at('revenue')} − {at('revenue_last')}) / {at('revenue_last')}, growth_low), growth_high)")
    held = "equity_cash · " if get("cash") > 0 else ""
    a.define(at("V_cash"), f"{held}{at('cash')} − {at('debt')}")
    a.define(at("V_revenue"), f"mood · 4 · {at('revenue')} · equity_revenue · (1 + {at('growth')})"
             f" · (hype_revenue − hype_shift · {at('hype')}) · (1 + equity_margin · {at('margin')})")  # fmt: skip
    a.define(at("V_capability"), f"mood · {at('hype')} · equity_capability · exp(equity_capability_slope · ({at('capability')} − best))"
             f" · (1 − equity_capability_open · openness[{route}])")  # fmt: skip
    a.define(at("V_community"), f"mood · equity_community · {at('community')} / ({at('community')} + equity_community_half)")
    a.define(at("V_audience"), f"mood · equity_user · {at('audience')}")
    a.define(at("V_knowledge"), f"equity_knowledge · knowledge_unit · {at('knowledge')}")
    a.define(at("V_research"), f"equity_research · {at('research_capital')}")
    a.define(at("V_total"), " + ".join(at(_NAMES[name]) for name in PARTS))


def _setting(a: Account) -> None:
    a.let(best=_field(a.e), sentiment=a.e.public("sentiment"))
    a.define("mood", "equity_sentiment + (1 − equity_sentiment) · sentiment")
    a.opens.update(_OPENS)


def value(e: Evidence) -> Explanation:
    """Value = founders' share × equity + paid out, and what moved it.

    The own books come first, read with the mood, the year and the best rival of the quarter's start. ``market`` is what
    a year that counts rank less and revenue more did to the same books. Equity follows its terms with inertia:
    ``smoothing`` is what it still had to make up, moods included. The remainder is ``rivals``: how they did is not
    visible.
    """
    was, now = e.had("value"), e.has("value")
    a = Account(e, "value", "money", was, now, equation="value")
    a.let(paid_out=e.has("paid_out"), paid_out_before=e.had("paid_out"))
    a.add("value-part.paid_out", "paid_out − paid_out_before")
    if not e.alive:
        return a.done("value-part.events", "own")
    a.let(founders=e.has("founders"), founders_before=e.had("founders"), equity=e.has("equity"), equity_before=e.had("equity"))
    a.opens.update(founders=("founders_share", ""), equity=("equity", ""))
    a.add("value-part.founders_share", "(founders − founders_before) · ½ · (equity_before + equity)")
    _setting(a)
    quarter = e.was.quarter
    # a quarter's value is appraised before its mood and date move on
    _terms(a, "", e, now=True, quarter=quarter)
    _terms(a, "_before", e, now=False, quarter=quarter)
    _terms(a, "_dated", e, now=False, quarter=max(quarter - 1, 0))
    a.define("weight", "½ · (founders_before + founders) · (1 − equity_smooth)")
    for name in PARTS:
        symbol = _NAMES[name]
        a.add(f"value-part.{name}", f"weight · ({symbol} − {symbol}_before)")
    a.add("value-part.market", "weight · (V_total_before − V_total_dated)", who="public")
    a.add("value-part.smoothing", "weight · (V_total_dated − equity_before)")
    return a.done("value-part.rivals")


def equity(e: Evidence) -> Explanation:
    """Equity value: it keeps a part of what it was and goes the rest of the way to the sum of its terms."""
    a = Account(e, "equity", "money", None, e.has("equity"), equation="equity")
    if not e.alive:
        return a.done("value-part.events", "own")
    _setting(a)
    a.let(equity_before=e.had("equity"))
    _terms(a, "", e, now=True, quarter=e.was.quarter)
    a.add("part.kept-equity", "equity_smooth · equity_before")
    for name in PARTS:
        a.add(f"value-part.{name}", f"(1 − equity_smooth) · {_NAMES[name]}")
    return a.done("value-part.rivals")
