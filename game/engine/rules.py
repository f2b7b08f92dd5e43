"""What the engine reads: parameters, traits of firms, opening books and compiled cards.

Nothing here has a default: values come from content (top folder ``content/``), resolved by `game.content`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.engine.numeric import Array
from game.engine.version import RULES_VERSION as RULES_VERSION


@dataclass(frozen=True, slots=True)
class Params:
    """Every parameter of the market by name; units, sources and notes stand in ``content/parameters.toml``.

    Scalars are floats. ``Array`` fields run over segments (8), sources (4), routes (4) or quarters (24, from 2023Q1),
    as their comment says.
    """

    # capability and efficiency
    cap_span: float
    cap_power: float
    cap_decay: float
    cap_unit: float
    research_compute_share: float
    research_scale: float
    research_noise: float
    catch_up_open: float
    catch_up_best: float
    community_capability: float
    community_half: float
    release_lag: float
    foreign_open: Array  # quarters, log effective compute of the best foreign open model
    foreign_efficiency: Array  # quarters, log efficiency of foreign open models
    efficiency_world: float
    efficiency_own: float
    efficiency_half: float
    efficiency_catch_up: float
    efficiency_community: float
    efficiency_damping: float
    # accuracy and knowledge
    general_floor: float
    general_slope: float
    accuracy_ceiling: Array  # segments
    knowledge_rate: float
    knowledge_unit: float
    knowledge_pace: float
    knowledge_decay: float
    knowledge_upkeep: float
    knowledge_community: float
    freshness_loss: Array  # segments
    freshness_restore: float
    # choice
    quality_weight: Array  # segments, slope of utility in quality
    capability_weight: Array  # segments, share of capability (rest accuracy) in quality
    price_weight: Array  # segments
    price_hassle: Array  # segments, CNY (tokens per million, app per month) or index
    trust_weight: Array  # segments
    community_crowd: float
    community_weight: Array  # segments
    habit_weight: Array  # segments
    fashion_noise: float
    reach_staff: Array  # segments, staff at which reach is one half
    nest: float
    outside_base: Array  # segments
    outside_open: Array  # segments
    outside_cost: Array  # segments
    self_host_cost: float
    deployment_bonus: Array  # routes, added to utility in verticals
    app_bonus: Array  # routes, added to utility in consumers
    pay_tokens: Array  # routes, paying share of those who choose
    pay_solutions: Array  # routes
    churn: Array  # segments
    habit_speed: float
    # adoption
    potential: Array  # segments
    bass_innovation: Array  # segments
    bass_imitation: Array  # segments
    accuracy_threshold: Array  # segments
    accuracy_spread: float
    adoption_noise: float
    adoption_price: float
    adoption_cap: float
    devices_open: float
    # prices and volume
    token_price_reference: float
    token_volume: float
    token_elasticity: float
    token_bound: float
    app_tokens: float
    app_subscribers: float
    app_advertising: float
    contract_compute: Array  # segments, PFLOP/s that a contract keeps busy
    rent: Array  # segments, CNY per contract and quarter at index 1
    # compute
    compute_price_first: float
    compute_decline: float
    compute_noise: float
    lead: Array  # sources, quarters between order and delivery
    source_price: Array  # sources
    source_delivery: Array  # sources
    source_energy: Array  # sources, CNY per PFLOP/s and quarter
    framework_support: Array  # quarters
    import_supply: Array  # quarters
    pool_limit: float
    term_discount: float
    token_capacity: float
    wright: float
    serve_share: float
    overflow: float
    overflow_price: float
    # delivery
    pilot_rate: float
    contract_rate: float
    pipeline_drop: float
    pilot_people: float
    pilot_staff: float
    contract_staff: float
    service_staff: Array  # segments, people per running contract
    lapse_rate: float
    interface_loss: float
    gate_spread: float
    hire_cost: float
    hire_strain: float
    hire_team: float
    wage: float
    overhead: float
    attrition: float
    fire_limit: float
    # tenders
    tender_market: Array  # quarters, CNY a quarter
    tender_lots: float
    tender_tail: float
    tender_spread: float
    tender_segments: Array  # segments, weights
    tender_asked: float
    tender_asked_span: float
    tender_slack: float
    tender_accuracy: float
    tender_trust: float
    tender_domestic: float
    tender_incumbent: float
    tender_price: float
    tender_quality: float
    tender_noise: float
    tender_cost: float
    tender_bid_cost: float
    tender_staff: float
    # trust and community
    trust_base: float
    trust_overpromise: float
    outage_loss: float
    trust_speed: float
    trust_safety: float
    trust_outage: float
    safety_half: float
    safety_decay: float
    join_rate: float
    join_budget: float
    join_staff: float
    join_people: float
    tools_gain: float
    snowball_half: float
    join_openness: Array  # routes
    leave_rate: float
    leave_neglect: float
    community_upkeep: float
    community_leads: float
    # routes
    openness: Array  # routes
    switch_cost: float
    switch_people: float
    secrecy: Array  # routes, multiplies catch-up of others to one's frontier
    # clouds
    cloud_customer_value: float
    cloud_attach_capability: float
    cloud_attach_spread: float
    price_adjustment: float
    # finance
    growth_low: float
    growth_high: float
    hype_revenue: float
    hype_shift: float
    equity_revenue: float
    equity_margin: float
    equity_capability: float
    equity_capability_slope: float
    equity_capability_open: float
    equity_community: float
    equity_community_half: float
    equity_user: float
    equity_knowledge: float
    equity_research: float
    research_capital_decay: float
    equity_cash: float
    equity_smooth: float
    equity_sentiment: float
    hype_fade: float
    hype_floor: float
    round_floor: float
    round_low: float
    round_high: float
    investor_sentiment: float
    sentiment_normal: float
    raise_income: float
    raise_credibility: float
    raise_limit: float
    raise_fill: float
    raise_noise: float
    raise_sentiment: float
    raise_capability: float
    raise_revenue: float
    raise_again: float
    investor_credibility: float
    interest: float
    interest_credibility: float
    overdraft_rate: float
    borrow_equity: float
    borrow_revenue: float
    credibility_speed: float
    credibility_drift: float
    naive_width: float
    spend_inertia: float
    bridge_share: float
    down_round: float
    sell_unit_multiple: float
    offer_floor: float
    offer_sentiment: float
    merger_gain: float
    acquired_community: float
    sentiment_path: Array  # quarters
    sentiment_low: float
    sentiment_high: float
    sentiment_speed: float
    sentiment_noise: float
    # fringe
    fringe_first: float
    fringe_entry: Array  # quarters, new models
    fringe_spread: float
    fringe_catch_up: float
    shock_memory: float
    shock_floor: float
    fringe_calm: float
    fringe_noise: float
    fringe_weight: Array  # segments, pull of the fringe in the outside good
    fringe_funding: float
    fringe_base: float
    fringe_gap: float
    fringe_price: float
    fringe_sentiment: float
    # endings
    legend_community: float
    listing_equity: float
    # view
    benchmark_noise: float
    # wider market
    wider_spend: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes firms differ for good; every field is (F, 1) unless said otherwise."""

    cloud: Array
    """1 for a cloud giant, whose prices also buy cloud customers."""
    cloud_value: Array
    """Multiple of the parameter ``cloud_customer_value``."""
    skill_research: Array
    skill_efficiency: Array
    skill_sales: Array
    state_access: Array
    """Added to trust in tenders of state clients."""
    app_traffic: Array
    """Added to utility in consumers."""
    fixed_cost: Array
    """CNY a quarter."""
    budget: Array
    """CNY a quarter that a parent company pays in; 0 for a start-up."""
    budget_growth: Array
    """Growth of ``budget`` a quarter."""
    appetite: Array
    """Share of resources a policy spends on research."""
    boldness: Array
    """How early a policy accepts a short runway, 0..1."""
    import_access: Array
    credit: Array
    opening: Array
    """Route a policy prefers, row of `ROUTES`."""
    focus: Array
    """(F, V, 1) weights over segments, adding up to 1."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Books of the firms on the first day; (F, 1), or (F, V, 1) and (F, S, 1)."""

    cash: Array
    debt: Array
    founders_share: Array
    capability: Array
    efficiency: Array
    safety: Array
    trust: Array
    community: Array
    credibility: Array
    route: Array
    price_token: Array
    price_app: Array
    price_solution: Array
    staff: Array
    knowledge: Array
    compute: Array


@dataclass(frozen=True, slots=True)
class Condition:
    """``quantity op value``; see `game.engine.quantities`."""

    what: str
    op: str
    value: float
    segment: str = ""


@dataclass(frozen=True, slots=True)
class EffectRule:
    """One compiled effect: drawn evenly between ``low`` and ``high``, with probability ``chance``."""

    target: str
    op: str
    low: float
    high: float
    who: str
    segment: str
    quarters: int
    chance: float


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """One choice of a card: money now (CNY and multiple of last quarter's costs), then effects."""

    cash: float
    scale: float
    effects: tuple[EffectRule, ...]
    requires: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class CardRule:
    """A card as the engine knows it; ``key`` is a stable number made from the id."""

    id: str
    key: int
    first: int
    last: int
    odds: float
    weight: float
    once: bool
    when: tuple[Condition, ...]
    after: int
    choices: tuple[ChoiceRule, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a table needs to play; the same object for every quarter of every game of a batch."""

    params: Params
    traits: Traits
    opening: Opening
    cards: tuple[CardRule, ...]
    firms: int
    first: int
    """Index of the first quarter."""
    quarters: int
    """Number of quarters of the scenario."""
    segments: Array
    """(V, 1) 1 where the scenario has the segment."""
    names: tuple[str, ...]
    """Stable ids of the firms, row by row."""
    lever_low: Array
    """(levers, 1, 1) least value of each lever."""
    lever_high: Array
    """(levers, 1, 1) greatest value of each lever."""
    five: bool = False
    """Only five levers shown; default management runs the rest."""
    start: bytes | None = None
    """Packed state of one game to start from, else the opening books at ``first``."""
    speed: float = 1.0
    """How far a policy moves towards its target in a quarter (level of difficulty)."""

    @property
    def last(self) -> int:
        """Index of the last quarter."""
        return self.first + self.quarters - 1


def column(values: list[float] | tuple[float, ...]) -> Array:
    """(N, 1) array of floats."""
    return np.array(values, dtype=np.float64).reshape(-1, 1)
