"""Orders of magnitude: how large the market, a firm, a tender, a contract and a price are, beside what articles say.

One table, so that nothing is off by a factor of ten. Every number is a median over games (and over firms within a game
where it says so), of ``reactive`` in the player's seat and rivals at level ``manager``; money in CNY.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from game.content.build import build_rules
from game.content.resolve import figure_number
from game.engine import derive
from game.engine.draws import seed_array, seed_words
from game.engine.names import APP, DEV, FIRST_YEAR, LINE, SEGMENTS, VERTICALS
from game.engine.numeric import Array
from game.engine.play import REVENUE, Ledger, play_quarter
from game.engine.rules import Rules
from game.engine.start import begin
from game.engine.state import State
from game.lab.sizes import Beside, Size
from game.policies import decide_all

if TYPE_CHECKING:
    from game.content import Content

CHUNK: Final = 250
BOUGHT: Final = ("compute", "overflow", "energy")
"""Ledger lines of compute bought from outside; what firms rent from a cloud firm is that firm's revenue."""

FLOWS: Final = (
    *(f"market.{v}" for v in SEGMENTS), "market.tenders", "market.rent", "market.compute", "market.modelled",
    "market.wider", "tokens.served", "startup.revenue", "startup.burn",
)
"""Rows that add up over the quarters of a year; all others stand at its end. Those of start-ups are per firm."""

FIGURES: Final[dict[str, tuple[tuple[str, int, float], ...]]] = {
    "market.wider": (("market-size-2025", 2025, 1.0),),
    "market.developers": (("token-revenue-projection", 2027, 1.0),),
    "market.all-tenders": (("tender-value-disclosed", 2024, 1.0),),
    "users.app": (("genai-users-2024", 2024, 1.0), ("ernie-bot-users", 2024, 1.0)),
    "users.developers": (("china-software-developers", 2025, 1.0), ("skylark-developers", 2025, 1.0)),
    "contract.finance": (("pangu-finance-revenue-per-customer", 2025, 1.0),),
    "tokens.price": (("deepseek-api-price", 2025, 1.0), ("doubao-vision-price", 2025, 1.0)),
    "startup.valuation-third": (("valuation-club-threshold", 2024, 1.0),),
}
"""Figures beside which a row can be laid: id, year, and what the figure is multiplied by to be in the row's unit."""


class Row(msgspec.Struct, frozen=True):
    """One thing that has a size; ``sizes`` by year, left out where the thing is not there."""

    id: str
    name: dict[str, str]
    unit: str
    sizes: dict[str, Size]
    figures: list[Beside]
    inputs: list[str]
    """Parameters that the size follows from directly; empty where it comes out of the market."""


class Magnitudes(msgspec.Struct, frozen=True):
    """What ``baimo lab magnitudes --json`` prints."""

    seeds: int
    scenario: str
    assume: str
    rules: int
    years: list[int]
    rows: list[Row]


UNITS: Final = {
    "market": "CNY/year", "startup": "CNY", "tender": "CNY", "contract": "CNY/year", "clients": "contracts",
    "users": "people", "tokens.served": "million tokens/year", "tokens.price": "CNY/1M tokens",
    "tokens.price-low": "CNY/1M tokens", "compute.price": "CNY per PFLOP/s and quarter", "startup.burn": "CNY/year",
    "startup.revenue": "CNY/year", "startup.people": "people", "models": "models",
}
INPUTS: Final = {
    "market.wider": ["wider_spend"], "market.all-tenders": ["tender_market"], "compute.price": ["compute_price_first"],
    "tender.lot": ["tender_market", "tender_tail", "tender_lots"],
}


def measure(
    content: Content, seeds: Sequence[int], *, scenario: str = "war", assume: str = "none", rules_version: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Magnitudes:
    """The table over ``seeds``; years that the scenario holds whole. Raises KeyError for unknown ids."""
    rules = build_rules(content, scenario, assume=assume)
    rivals = content.difficulties["manager"].policy
    seats = ("reactive", *(rivals,) * (rules.firms - 1))
    parts = []
    for start in range(0, len(seeds), CHUNK):
        parts.append(play_years(rules, seeds[start : start + CHUNK], seats))
        if progress:
            progress(min(start + CHUNK, len(seeds)), len(seeds))
    years = list(parts[0])
    rows = []
    for name in parts[0][years[0]] if years else ():
        sizes = {}
        for year in years:
            values = np.concatenate([p[year][name] for p in parts])
            values = values[np.isfinite(values)]
            if len(values):
                sizes[str(year)] = Size(*(float(np.quantile(values, q)) for q in (0.5, 0.1, 0.9)))
        rows.append(_row(content, name, sizes))
    return Magnitudes(len(seeds), scenario, assume, rules_version, years, rows)


def _row(content: Content, name: str, sizes: dict[str, Size]) -> Row:
    unit = UNITS.get(name) or UNITS[name.split(".")[0]]
    beside = []
    for figure, year, scale in FIGURES.get(name, ()):
        if figure not in content.figures:
            continue
        value = figure_number(content.figures[figure]) * scale
        size = sizes.get(str(year))
        beside.append(Beside(figure, year, value, size.median / value if size and value else None))
    return Row(name, row_name(content, name), unit, sizes, beside, INPUTS.get(name, []))


def row_name(content: Content, name: str) -> dict[str, str]:
    """What a row is called in both languages; rows of a segment are made of its name."""
    first, _, last = name.partition(".")
    text = content.locale.get(f"magnitudes.{first}.{last}" if last else f"magnitudes.{first}.all")
    if text is not None:
        return {lang: text[lang] for lang in ("zh", "en")}
    pattern, segment = content.locale[f"magnitudes.{first}.segment"], content.segments[last].name
    return {lang: pattern[lang].replace("{segment}", segment[lang]) for lang in ("zh", "en")}


def play_years(rules: Rules, seeds: Sequence[int], seats: tuple[str, ...]) -> dict[int, dict[str, Array]]:
    """Every row (G,) by year, for whole years; NaN where a game has none of the thing."""
    state = begin(rules, seed_array([seed_words(s) for s in seeds]))
    years: dict[int, list[dict[str, Array]]] = {}
    for _ in range(rules.quarters):
        year = FIRST_YEAR + state.quarter // 4
        state, ledger = play_quarter(rules, state, decide_all(rules, state, seats))
        years.setdefault(year, []).append({**flows(rules, state, ledger), **stocks(rules, state, ledger)})
    whole = {}
    for year, quarters in years.items():
        if len(quarters) == 4:
            last = dict(quarters[-1])
            for name in FLOWS:
                last[name] = np.sum([q[name] for q in quarters], axis=0)
            whole[year] = last
    return whole


def flows(rules: Rules, s: State, ledger: Ledger) -> dict[str, Array]:
    """What a quarter adds to the rows of `FLOWS`."""
    lines = ledger.lines / 100.0

    def total(name: str) -> Array:
        return np.asarray(lines[LINE[name]].sum(axis=0))

    rent = s.customers * rules.params.rent[:, None] * s.price[2][:, None] * (1.0 - s.unserved)[:, None]
    rent[:, : APP + 1] = 0.0
    whole = rent.sum(axis=(0, 1))
    part = np.where(whole > 0, rent.sum(axis=0) / np.where(whole > 0, whole, 1.0), 0.0)
    sold = part * total("solutions")
    sold[DEV], sold[APP] = total("tokens"), total("app")
    bought = -np.sum([total(n) for n in BOUGHT], axis=0)
    modelled = lines[REVENUE].sum(axis=(0, 1)) + bought
    young = starting(rules, s)
    revenue = lines[REVENUE].sum(axis=0)
    return {
        **{f"market.{v}": sold[i] for i, v in enumerate(SEGMENTS)}, "market.tenders": total("tenders"),
        "market.rent": total("rent_income"), "market.compute": bought, "market.modelled": modelled,
        "market.wider": modelled * rules.params.wider_spend, "tokens.served": ledger_tokens(s, ledger),
        "startup.revenue": middle(revenue, young), "startup.burn": middle(s.cost - s.revenue, young),
    }


def ledger_tokens(s: State, ledger: Ledger) -> Array:
    """(G) million tokens sold to developers this quarter, from what was paid for them."""
    paid = ledger.lines[LINE["tokens"]] / 100.0
    priced = s.price[0] > 0
    return np.asarray(np.where(priced, paid / np.where(priced, s.price[0], 1.0), 0.0).sum(axis=0))


def stocks(rules: Rules, s: State, ledger: Ledger) -> dict[str, Array]:
    """What stands at the end of a quarter."""
    p = rules.params
    young = starting(rules, s)
    rows = {
        "startup.cash": middle(s.cash / 100.0, young), "startup.valuation": middle(s.equity, young),
        "startup.valuation-third": third(s.equity, young), "startup.people": middle(s.staff.sum(axis=1), young),
    }
    then = min(s.quarter - 1, len(p.tender_market) - 1)
    lot = p.tender_market[then] * (1.0 - p.tender_tail) / p.tender_lots
    games = s.games
    rows["market.all-tenders"] = np.full(games, p.tender_market[max(then - 3, 0) : then + 1].sum())
    rows["tender.lot"] = np.full(games, lot)
    won = ledger.awards.won.sum(axis=0)
    income = ledger.awards.income.sum(axis=0)
    rows["tender.award"] = np.where(won > 0, income / np.where(won > 0, won, 1.0), np.nan)
    for name in VERTICALS:
        v = SEGMENTS.index(name)
        clients = s.customers[:, v] * s.alive
        held = clients.sum(axis=0)
        fee = (clients * s.price[2]).sum(axis=0) * 4.0 * p.rent[v]
        rows[f"contract.{name}"] = np.where(held > 1, fee / np.where(held > 1, held, 1.0), np.nan)
        rows[f"clients.{name}"] = held
    rows["users.app"], rows["users.developers"] = s.adopters[APP], s.adopters[DEV]
    price = derive.median_price(s)
    low = derive.median_price(s, third=True)
    rows["tokens.price"] = np.where(np.isfinite(price), price, np.nan)
    rows["tokens.price-low"] = np.where(np.isfinite(low), low, np.nan)
    rows["compute.price"] = s.compute_price
    rows["models"] = derive.live_models(s)
    return rows


def starting(rules: Rules, s: State) -> Array:
    """(F, G) start-ups that still trade."""
    return np.asarray((rules.traits.cloud == 0) & s.alive)


def middle(x: Array, mask: Array) -> Array:
    """(G) median over the firms of ``mask``; NaN where there is none."""
    masked = np.ma.masked_array(np.asarray(x, dtype=np.float64), ~np.asarray(mask, dtype=bool))
    found = np.ma.median(masked, axis=0)  # type: ignore[no-untyped-call]
    return np.asarray(found.filled(np.nan), dtype=np.float64)


def third(x: Array, mask: Array) -> Array:
    """(G) third largest over the firms of ``mask``; NaN where there are fewer."""
    ordered = np.sort(np.where(mask, x, -np.inf), axis=0)[::-1]
    row = ordered[2] if len(ordered) > 2 else np.full(x.shape[1:], -np.inf)
    return np.where(np.isfinite(row), row, np.nan)
