"""The tables of the model's documentation, each made from the content that the engine reads (or from its own lists)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from game.content.references import parameter_refs
from game.content.resolve import AXES, parameter_value, parameter_values, route_index
from game.content.vocabulary import ACTS
from game.engine.names import ROUTES, SEGMENTS, SOURCES

from .odd_state import STATE, STEPS
from .odd_values import changed_text, number, unit_name, value_text
from .tables import Row, Table

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema import Start, Traits
    from game.language import Tongue


class Maker:
    """What a table is made of: content, and the tongue that names things."""

    def __init__(self, content: Content, tongue: Tongue) -> None:
        self.content = content
        self.tongue = tongue
        self.semicolon = "；" if tongue.lang == "zh" else "; "
        self.comma = "、" if tongue.lang == "zh" else ", "

    def table(self, columns: Iterable[str], rows: Iterable[Row]) -> Table:
        """A table whose heads are words of ``odd.head``."""
        return Table(tuple(self.say(f"head.{name}") for name in columns), tuple(rows))

    def say(self, key: str, **args: str) -> str:
        """A word of the documentation, its holes filled in full: a table cuts nothing short."""
        text = self.tongue.find(f"odd.{key}")
        if text is None:
            raise KeyError(f"odd.{key}")
        for name, value in args.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def listed(self, items: Iterable[str]) -> str:
        """Items one after the other."""
        return self.comma.join(items)

    def coded(self, items: Iterable[str]) -> str:
        """Ids one after the other."""
        return self.comma.join(f"`{item}`" for item in items)


def parameters(m: Maker, group: str) -> Table:
    """Parameters of a group. Raises KeyError for a group that has none."""
    found = [p for p in m.content.parameters.values() if p.group == group]
    if not found:
        raise KeyError(group)
    rows = []
    for p in found:
        figures = dict.fromkeys([ref.figure for _, ref in parameter_refs(p)] + list(p.figures))
        note = m.tongue.text(p.note)
        if figures:
            note = f"{note} {m.say('figures', list=m.coded(figures))}"
        value = value_text(m.tongue, p.by, parameter_value(m.content, p))
        cells = (f"{m.tongue.pick(p.name)} `{p.id}`", value, unit_name(m.tongue, p.unit), m.say(f"status.{p.status}"), note)
        rows.append(Row(cells, ("parameter", p.id)))
    return m.table(("parameter", "value", "unit", "status", "note"), rows)


def state(m: Maker) -> Table:
    """Every array that the rules keep from one quarter to the next."""
    return m.table(
        ("variable", "axes", "meaning"), (Row((f"`{name}`", axes or "–", m.say(f"state.{name}"))) for name, axes in STATE.items())
    )


def schedule(m: Maker) -> Table:
    """The steps of a quarter in their order."""
    return m.table(
        ("order", "step", "meaning"),
        (Row((str(i), f"`{name}`", m.say(f"step.{name.strip('_').replace('.', '-')}"))) for i, name in enumerate(STEPS, 1)),
    )


def segments(m: Maker) -> Table:
    """Segments and what is sold to them."""
    sold = {SEGMENTS[0]: "tokens", SEGMENTS[1]: "app"}
    return m.table(("segment", "sold", "meaning"), (
        Row((f"{m.tongue.pick(s.name)} `{s.id}`", m.say(f"sold.{sold.get(s.id, 'solutions')}"), m.tongue.text(s.what)), ("segment", s.id))
        for s in m.content.segments.values()
    ))  # fmt: skip


def levers(m: Maker) -> Table:
    """Every lever with its range."""
    yes, no = m.say("yes"), "–"
    return m.table(("lever", "unit", "low", "high", "five", "meaning"), (
        Row((f"{m.tongue.pick(v.name)} `{v.id}`", m.tongue.pick(v.unit), number(v.low), number(v.high), yes if v.five else no,
             m.tongue.text(v.help)), ("lever", v.id))
        for v in m.content.levers.values()
    ))  # fmt: skip


def routes(m: Maker) -> Table:
    """What depends on the route: every parameter that is a table over routes."""
    along = [p for p in m.content.parameters.values() if p.by == "route"]
    head = (m.say("head.parameter"), *(m.tongue.route(name) for name in ROUTES))
    return Table(head, tuple(
        Row((f"{m.tongue.pick(p.name)} `{p.id}`", *(number(v) for v in _tuple(parameter_value(m.content, p)))), ("parameter", p.id))
        for p in along
    ))  # fmt: skip


def rivals(m: Maker) -> Table:
    """Rivals: archetype, temper and the tells."""
    rows = []
    for r in m.content.rivals.values():
        kind = m.content.archetypes[r.archetype]
        tells = m.semicolon.join(
            f"{m.tongue.term('tell', t.id)}: {m.listed(m.tongue.condition(c) for c in t.when)}" for t in r.tells
        )
        rows.append(Row((f"{m.tongue.pick(r.name)} `{r.id}`", m.tongue.pick(kind.name), m.tongue.text(r.temper), tells), ("rival", r.id)))
    return m.table(("firm", "archetype", "temper", "tells"), rows)


def backgrounds(m: Maker) -> Table:
    """Backgrounds of a seat: strengths and debts."""
    return m.table(("firm", "strengths", "debts"), (
        Row((f"{m.tongue.pick(b.name)} `{b.id}`", m.tongue.text(b.strengths), m.tongue.text(b.debts)))
        for b in m.content.backgrounds.values()
    ))  # fmt: skip


TRAITS: Final = ("cloud", "cloud_value", "skill_research", "skill_efficiency", "skill_sales", "state_access", "app_traffic",
                 "fixed_cost", "budget", "budget_growth", "appetite", "boldness", "import_access", "credit")
"""Traits that are one number."""
STARTS: Final = ("cash", "debt", "founders_share", "capability", "efficiency", "safety", "trust", "community",
                 "credibility", "price_token", "price_app", "price_solution")
"""Opening books that are one number."""


def traits(m: Maker, kind: str) -> Table:
    """Traits of rivals or backgrounds: one line a trait, one column a firm."""
    firms = list(m.content.of(kind).values())
    rows = [Row((m.say(f"trait.{name}"), *(number(float(getattr(f.traits, name))) for f in firms))) for name in TRAITS]
    rows.append(Row((m.say("trait.opening"), *(m.tongue.route(int(route_index(f.traits.opening))) for f in firms))))
    rows.append(Row((m.say("trait.focus"), *(_focus(m, f.traits) for f in firms))))
    return Table((m.say("head.trait"), *(_short(m, f) for f in firms)), tuple(rows))


def _focus(m: Maker, t: Traits) -> str:
    whole = sum(t.focus.values())
    return m.listed(f"{m.tongue.segment(name)} {number(round(weight / whole, 3))}" for name, weight in t.focus.items() if weight > 0)


def starts(m: Maker, kind: str) -> Table:
    """Opening books of rivals or backgrounds: one line a stock, one column a firm."""
    firms = list(m.content.of(kind).values())
    rows = [Row((m.say(f"start.{name}"), *(number(float(getattr(f.start, name))) for f in firms))) for name in STARTS]
    rows.append(Row((m.say("start.route"), *(m.tongue.route(int(route_index(f.start.route))) for f in firms))))
    for name, speak in (("staff", m.tongue.segment), ("knowledge", m.tongue.segment), ("compute", m.tongue.source)):
        rows.append(Row((m.say(f"start.{name}"), *(_amounts(m, f.start, name, speak) for f in firms))))
    return Table((m.say("head.stock"), *(_short(m, f) for f in firms)), tuple(rows))


def _amounts(m: Maker, start: Start, name: str, speak: Callable[[str], str]) -> str:
    amounts: dict[str, float] = getattr(start, name)
    axis = SOURCES if name == "compute" else SEGMENTS
    return m.listed(f"{speak(key)} {number(float(amounts[key]))}" for key in axis if amounts.get(key)) or "0"


def _short(m: Maker, firm: Any) -> str:
    return m.tongue.pick(getattr(firm, "short", None) or firm.name)


def scenarios(m: Maker) -> Table:
    """Scenarios: when they begin, how long they last, who takes part."""
    rows = []
    for plan in m.content.scenarios.values():
        shown = m.say(f"panel.{plan.levers}")
        cards = str(len(m.content.cards_of(plan.id)))
        goals = m.semicolon.join(f"{m.tongue.pick(g.name)} ({m.tongue.condition(g)})" for g in plan.goals)
        rows.append(Row((f"{m.tongue.pick(plan.name)} `{plan.id}`", m.tongue.quarter(plan.first), str(plan.quarters), str(plan.firms),
                         str(len(plan.segments)), cards, shown, m.say(f"begin.{plan.start}"), goals or "–")))  # fmt: skip
    return m.table(("scenario", "first", "quarters", "firms", "segments", "cards", "panel", "begin", "goals"), rows)


def difficulties(m: Maker) -> Table:
    """Levels: how rivals think."""
    return m.table(("level", "policy", "speed", "meaning"), (
        Row((f"{m.tongue.pick(d.name)} `{d.id}`", f"`{d.policy}`", number(d.speed), m.tongue.text(d.text)))
        for d in m.content.difficulties.values()
    ))  # fmt: skip


def facts(m: Maker) -> Table:
    """Facts with their bands; whether they are input or emergent is computed, also under each overlay."""
    from game.lab.facts import held_out

    rows = []
    for f in m.content.facts.values():
        kind = m.content.fact_kind(f.id)
        else_input = [a for a in m.content.assumptions if kind == "emergent" and m.content.fact_kind(f.id, a) == "input"]
        standing = m.say(f"fact.{kind}")
        if else_input:
            standing += m.say("fact.input-under", list=m.coded(else_input))
        cautions = dict.fromkeys(c.id for label in f.figures for c in m.content.cautions_of(label))
        use = m.say("fact.held-out" if held_out(f.id) else "fact.may-fit")
        why = m.tongue.text(f.note) + (" " + m.say("fact.missed", reason=m.tongue.text(f.reason)) if f.reason else "")
        figures = m.semicolon.join(f"{m.tongue.figure(label)} `{label}`" for label in f.figures)
        rows.append(Row((f"{m.tongue.pick(f.name)} `{f.id}`", figures, f"{number(f.low)} – {number(f.high)}", standing, use,
                         m.coded(cautions) or "–", why), ("fact", f.id)))  # fmt: skip
    return m.table(("fact", "figures", "band", "standing", "calibration", "cautions", "note"), rows)


def calibration(m: Maker) -> Table:
    """Parameters that a calibration may move."""
    rows = []
    for free in m.content.free.values():
        p = m.content.parameters[free.parameter]
        now = parameter_value(m.content, p)
        if isinstance(now, tuple):
            now = now[AXES[p.by or ""].index(free.entry)]
        name = f"{m.tongue.pick(p.name)} `{p.id}`" + (f" `{free.entry}`" if free.entry else "")
        rows.append(Row((name, number(now), number(free.low), number(free.high), m.tongue.text(free.note)), ("parameter", p.id)))
    return m.table(("parameter", "value", "low", "high", "note"), rows)


def assumptions(m: Maker) -> Table:
    """What each overlay changes, and why."""
    base = {p.id: parameter_value(m.content, p) for p in m.content.parameters.values()}
    rows = []
    for a in m.content.assumptions.values():
        values = parameter_values(m.content, a.id)
        for name in a.set:
            p = m.content.parameters[name]
            old, new = changed_text(m.tongue, p.by, base[name], values[name])
            reason = m.tongue.text(a.reasons[name]) if name in a.reasons else ""
            rows.append(Row((f"{m.tongue.pick(a.name)} `{a.id}`", f"{m.tongue.pick(p.name)} `{name}`", old, new, reason), ("assumptions", a.id)))
    return m.table(("overlay", "parameter", "shipped", "set", "reason"), rows)


def theses(m: Maker) -> Table:
    """Theses of the articles, where they live in the model, and the comparison that shows their sign."""
    rows = []
    for e in m.content.expressions.values():
        thesis = m.content.theses[e.id]
        said, sign = "–", "–"
        if e.contrast is not None:
            measure = m.tongue.pick(m.content.measures[e.contrast.measure].name)
            said = f"{m.tongue.text(e.contrast.what)} ({measure})"
            sign = "+" if e.contrast.expected_sign > 0 else "−"
        rows.append(Row((f"{m.tongue.text(thesis.claim)} `{e.id}`", m.coded(e.expressed_by), said, sign,
                         m.tongue.text(e.note) if e.note is not None else "–"), ("thesis", e.id)))  # fmt: skip
    return m.table(("thesis", "expressed", "contrast", "sign", "remark"), rows)


def cards(m: Maker) -> Table:
    """How many cards there are by act."""
    rows = []
    every = list(m.content.cards.values())
    for act in (*ACTS, 0):
        here = [c for c in every if act in c.act or not act]
        name = m.tongue.act(act) if act else m.say("all-acts")
        counts = (len(here), sum(c.once for c in here), sum(bool(c.when) for c in here), sum(c.after is not None for c in here),
                  sum(len(c.choices) for c in here), sum(len(o.effects) for c in here for o in c.choices))  # fmt: skip
        rows.append(Row((name, *(str(n) for n in counts))))
    return m.table(("act", "cards", "once", "conditional", "following", "choices", "effects"), rows)


def endings(m: Maker) -> Table:
    """Endings and how they are reached."""
    return m.table(("ending", "reached"), (
        Row((f"{m.tongue.pick(e.name)} `{e.id}`", m.say(f"ending.{e.id}")), ("ending", e.id)) for e in m.content.endings.values()
    ))  # fmt: skip


def magnitudes(m: Maker) -> Table:
    """Orders of magnitude as measured; see `game.pages.odd_measured`."""
    from .odd_measured import measured

    return measured(m)


def _tuple(value: float | tuple[float, ...]) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


PLAIN: Final[dict[str, Callable[[Maker], Table]]] = {
    "state": state, "schedule": schedule, "segments": segments, "levers": levers, "routes": routes, "rivals": rivals,
    "backgrounds": backgrounds, "scenarios": scenarios, "difficulties": difficulties, "facts": facts,
    "calibration": calibration, "assumptions": assumptions, "theses": theses, "cards": cards, "endings": endings,
    "magnitudes": magnitudes,
}  # fmt: skip
"""Tables by name; each must stand in the documentation."""

WITH: Final[dict[str, Callable[[Maker, str], Table]]] = {"parameters": parameters, "traits": traits, "starts": starts}
"""Tables that take a word: a group of parameters, ``rival`` or ``background``."""


def needed(content: Content) -> list[str]:
    """Every table that the documentation must show, so that nothing is forgotten."""
    groups = dict.fromkeys(p.group for p in content.parameters.values())
    firms = [f"{name}:{kind}" for name in ("traits", "starts") for kind in ("rival", "background")]
    return [*PLAIN, *(f"parameters:{group}" for group in groups), *firms]


def make(m: Maker, name: str) -> Table:
    """A table by name (``facts``, ``parameters:choice``). Raises KeyError where there is none."""
    head, _, word = name.partition(":")
    if word:
        if head != "parameters" and word not in ("rival", "background"):
            raise KeyError(name)
        return WITH[head](m, word)
    return PLAIN[head](m)
