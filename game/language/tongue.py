"""`Tongue`: everything the game says in one language about one table.

A text of the locale or of content is a template. ``{name}`` is filled from the arguments in the way its name asks for
(`WAYS`), ``{name:way}`` in the way given, ``{name:one|many}`` by the number, ``{name:dotted.path}`` by looking the value
up there, ``{figure:ID}`` by the archive, and a role such as ``{cloud}`` by the firm that fills it at this table. A
missing argument or text shows as what it is: a sentence is never worth a crash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from . import numerals as n
from .clean import clean_text
from .numerals import Lang, Style

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema import Condition
    from game.table.wire import Effect, Message, SeatView

Value = float | int | str | None

_HOLE: Final = re.compile(r"\{([a-z][a-z0-9_-]*)(?::([^{}]*))?\}")
_PREFIXES: Final = ("", "event.", "own.", "run.", "table.", "warn.", "draft.", "lock.", "ui.", "term.")
"""Where a message id without a path is looked for, in this order."""

ROLES: Final = {
    "cloud": "cloud-giant", "lab": "efficiency-lab", "state": "state-trusted", "app": "consumer-app",
    "medical": "medical-specialist", "overseas": "overseas-multimodal", "host": "ecosystem-host",
    "integrator": "vertical-integrator",
}
"""Roles that stand for the strongest firm of an archetype; ``firm`` is one's own, ``rival`` the strongest other."""

WAYS: Final[dict[str, str]] = {
    **dict.fromkeys(("firm", "buyer", "other", "owner", "rival"), "firm"),
    **dict.fromkeys(("amount", "cash", "asked", "worst"), "money"),
    **dict.fromkeys(("share", "chance", "odds", "import_open"), "percent"),
    **dict.fromkeys(("count", "live_models", "quarters", "turn", "rank", "firms"), "count"),
    "segment": "segment", "route": "route", "source": "source", "quarter": "medium", "lever": "lever",
    "what": "what", "ending": "ending", "act": "act", "background": "background", "scenario": "scenario",
    "difficulty": "difficulty", "price": "price", "given": "medium",
}
"""How an argument is written where the text does not say."""

QUANTITIES: Final[dict[str, str]] = {
    **dict.fromkeys(("cash", "debt", "equity", "value", "revenue", "cost", "paid_out", "committed", "contracted",
                     "tender_value"), "money"),
    **dict.fromkeys(
        ("trust", "safety", "credibility", "founders_share", "sentiment", "price_fall", "cloud_price_fall", "import_open",
         "utilisation", "unserved", "share", "accuracy", "freshness", "margin", "solution_share"), "percent0"),
    **dict.fromkeys(("capability", "capability_gap", "best_open_gap", "frontier", "best_open"), "points"),
    **dict.fromkeys(("compute", "capacity"), "flops"), **dict.fromkeys(("token_price", "own_price", "unit_cost", "own_cost"), "price"),
    **dict.fromkeys(("customers", "leads", "pilots", "contracts", "staff", "live_models", "tender_count"), "count"), "route": "route",
}  # fmt: skip
"""How a quantity of conditions, goals and charts is written; the rest are plain numbers."""

_OPS: Final = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_LEVERS: Final = {
    "price": "price", "money": "money", "share": "percent0", "people": "count", "flops": "flops", "route": "route",
    "count": "count", "choice": "count",
}


@dataclass(frozen=True, slots=True)
class CardText:
    """A card as it is read: the label and the text of each choice stand in their order."""

    title: str
    text: str
    headline: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Tongue:
    """One language, the texts it has, and who is who at this table.

    ``locale`` holds texts by dotted key (that of ``content`` if left out). ``names`` gives firms that content does not
    know a name; ``own`` is the own firm's id; ``roles`` says which firm fills a role. `at` sets these from a view.
    """

    lang: Lang
    locale: Mapping[str, Any] | None = None
    content: Content | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    own: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)

    # whose table ------------------------------------------------------------------------------------------------------
    def at(self, view: SeatView, names: Mapping[str, str] | None = None) -> Tongue:
        """The same tongue at a table: own firm, names of people's firms and roles taken from a view."""
        alive = sorted(view.firms, key=lambda f: (f.status != "active", f.rank, f.index))
        others = [f for f in alive if f.index != view.firm]
        roles = {
            role: next((f.id for f in others if f.archetype == archetype), "") for role, archetype in ROLES.items()
        }
        roles["rival"] = others[0].id if others else ""
        own = next((f.id for f in view.firms if f.index == view.firm), "")
        return replace(self, own=own, roles=roles, names={**self.names, **(names or {})})

    def speaking(self, lang: Lang) -> Tongue:
        """The same table in another language."""
        return replace(self, lang=lang)

    # texts ------------------------------------------------------------------------------------------------------------
    def pick(self, text: Any) -> str:
        """This language's side of a text (``zh`` and ``en``, as an object or a table); "" where there is none."""
        if text is None:
            return ""
        side = text.get(self.lang) if isinstance(text, Mapping) else getattr(text, self.lang, None)
        return side if isinstance(side, str) else ""

    def find(self, key: str) -> str | None:
        """The template under a dotted key of the locale, or nothing."""
        texts = self._texts
        for prefix in _PREFIXES if "." not in key else ("",):
            if prefix + key in texts:
                return self.pick(texts[prefix + key])
        return None

    @property
    def _texts(self) -> Mapping[str, Any]:
        if self.locale is not None:
            return self.locale
        return self.content.locale if self.content is not None else {}

    def say(self, key: str, /, **args: Value) -> str:
        """The text under a dotted key with its holes filled; the key itself where there is no such text."""
        template = self.find(key)
        return key if template is None else self.fill(template, args)

    def message(self, message: Message) -> str:
        """A typed message as a sentence. Beside ids of the locale it knows texts that stand in content:

        ``gazette`` {headline}, ``card.headline`` {card, odds}, ``tell`` {firm, tell}, and any id with {card, choice, other}.
        """
        args: dict[str, Value] = dict(message.args)
        head, _, tail = message.id.partition(".")
        if head in ("gazette", "headline") and self.content is not None:
            entry = self.content.headlines.get(str(args.get("headline") or tail))
            if entry is not None:
                return self.text(entry.text)
        if head == "tell":
            firm, _, tell = tail.partition(".")
            return self.tell(str(args.get("firm") or firm), str(args.get("tell") or tell))
        if "card" in args:
            card = self.card(str(args["card"]))
            args.setdefault("title", card.title)
            args.setdefault("headline", card.headline)
            for name in ("choice", "other"):
                picked = args.get(name)
                if isinstance(picked, (int, float)) and 0 <= picked < len(card.choices):
                    args[name] = card.choices[int(picked)][0]
        return self.say(message.id, **args)

    def text(self, text: Any, **args: Value) -> str:
        """A text of content in this language, roles and figures filled in."""
        return self.fill(self.pick(text), args)

    def fill(self, template: str, args: Mapping[str, Value]) -> str:
        """A template with its holes filled, once: what stands in an argument is never read as a template."""
        return _HOLE.sub(lambda hole: self._hole(hole[1], hole[2], args), template)

    def _hole(self, name: str, way: str | None, args: Mapping[str, Value]) -> str:
        if name == "figure" and way and name not in args:
            return self.figure(way)
        if name not in args:
            if name == "firm":
                return self.firm(self.own)
            if name in self.roles or name in ROLES or name == "rival":
                return self.role(name)
            return n.NOTHING
        return self.write(args[name], way or WAYS.get(name, ""))

    # one value --------------------------------------------------------------------------------------------------------
    def write(self, value: Value, way: str = "") -> str:
        """One argument as text: ``way`` is a word of `WAYS`, ``one|many``, a dotted path, or empty."""
        if value is None:
            return n.NOTHING
        if "|" in way:
            return n.plural(value, way)
        if "." in way:
            return self.find(f"{way}.{value}") or clean_text(str(value), 120) or n.NOTHING
        named = self._named(value, way)
        if named is None and isinstance(value, str):
            named = clean_text(value, 240)
        if named is not None:
            return named or n.NOTHING
        return self._number(float(value), way)

    def _named(self, value: float | str, way: str) -> str | None:
        if way in ("long", "medium", "short"):
            return self.quarter(value, way)  # type: ignore[arg-type]
        if not isinstance(value, str):
            if way not in ("route", "act") or not abs(value) < 100:
                return None
            return self.route(int(value)) if way == "route" else self.act(int(value))
        names: dict[str, Callable[[str], str]] = {
            "firm": self.firm, "segment": self.segment, "route": self.route, "source": self.source, "lever": self.lever,
            "what": self.quantity, "ending": self.ending, "background": self.background, "scenario": self.scenario,
            "difficulty": self.difficulty, "act": self._plain,
        }
        return names[way](value) if way in names else None

    def _number(self, value: float, way: str) -> str:
        ways: dict[str, Callable[[float], str]] = {
            "money": self.money, "price": self.price, "percent": self.percent, "percent0": lambda v: self.percent(v, 0),
            "percent2": lambda v: self.percent(v, 2),
            "count": self.count, "flops": self.flops, "points": n.points, "signed": n.signed,
            "money+": lambda v: self.money(v, sign=True), "percent+": lambda v: n.percent(v, sign=True),
        }
        return ways.get(way, n.number)(value)

    def _plain(self, value: str) -> str:
        return clean_text(value, 120)

    def money(self, cny: float | None, compact: bool = True, *, sign: bool = False) -> str:
        """CNY: ¥1.28亿, ¥1,240万; ¥128M, ¥12.4M; in full where not ``compact``."""
        return n.money(cny, self.lang, compact=compact, sign=sign)

    def price(self, cny: float | None) -> str:
        """A price; nothing to pay is 免费 or free."""
        return n.price(cny, self.lang)

    def percent(self, share: float | None, digits: int = 1, *, sign: bool = False) -> str:
        """A share of one as per cent."""
        return n.percent(share, digits, sign=sign)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A plain number, three digits that count or the number of decimals given."""
        return n.number(value, digits)

    def signed(self, value: float | None, digits: int = 1) -> str:
        """A change with its sign."""
        return n.signed(value, digits)

    def count(self, value: float | None) -> str:
        """How many."""
        return n.count(value, self.lang)

    def flops(self, pflops: float | None, *, long: bool = False) -> str:
        """Compute from PFLOP/s."""
        return n.flops(pflops, long=long)

    def quarter(self, value: str | float, style: Style = "medium") -> str:
        """A quarter by label or index: ``long`` 二〇二四年第二季, ``medium`` 2024 Q2, ``short`` 24Q2."""
        return n.quarter(value, self.lang, style)

    def join(self, items: Iterable[str]) -> str:
        """Items as one phrase."""
        return n.join(list(items), self.lang)

    def plural(self, value: float, forms: str) -> str:
        """The form of ``one|many`` that fits."""
        return n.plural(value, forms)

    # names ------------------------------------------------------------------------------------------------------------
    def firm(self, firm: str, short: bool = True) -> str:
        """A firm's name by id; own firm and firms of people as the table names them."""
        if firm in self.names:
            return clean_text(self.names[firm], 24) or self._term("firm.unknown", firm)
        if not firm or firm in ("own", "self", "you", "player") or firm == self.own:
            return self._term("firm.own", "you")
        rival = self.content.rivals.get(firm) if self.content is not None else None
        if rival is not None:
            return self.pick(rival.short if short else rival.name)
        return self._term(f"firm.{firm}", clean_text(firm, 24))

    def role(self, role: str) -> str:
        """Who fills a role at this table, or the role in words where nobody does."""
        if role == "firm":
            return self.firm(self.own)
        firm = self.roles.get(role, "")
        return self.firm(firm) if firm else self._term(f"role.{role}", role)

    def segment(self, segment: str) -> str:
        """A market by id, also ``all`` and ``focus``."""
        return self._entry("segments", segment) or self._term(f"segment.{segment}", segment)

    def route(self, route: str | int, short: bool = False) -> str:
        """A route by id or row."""
        if not isinstance(route, str):
            from game.engine.names import ROUTES

            route = ROUTES[route] if 0 <= route < len(ROUTES) else str(route)
        return self._term(f"route-short.{route}" if short else f"route.{route}", route)

    def source(self, source: str) -> str:
        """A source of compute by id."""
        return self._term(f"source.{source}", source)

    def lever(self, lever: str) -> str:
        """A lever by id."""
        return self._entry("levers", lever) or clean_text(lever, 60)

    def quantity(self, what: str) -> str:
        """A quantity of conditions, goals, guidance and charts by id."""
        return self._term(f"quantity.{what}", what)

    def act(self, act: int) -> str:
        """An act with its number: 第一幕　从无到有."""
        return self._term(f"act.{('first', 'second', 'third')[min(max(act, 1), 3) - 1]}", str(act))

    def ending(self, ending: str) -> str:
        """An ending by id."""
        return self._entry("endings", ending) or clean_text(ending, 40)

    def background(self, background: str) -> str:
        """A founding background by id."""
        return self._entry("backgrounds", background) or clean_text(background, 40)

    def scenario(self, scenario: str) -> str:
        """A scenario by id."""
        return self._entry("scenarios", scenario) or clean_text(scenario, 40)

    def difficulty(self, difficulty: str) -> str:
        """A level by id."""
        return self._entry("difficulties", difficulty) or clean_text(difficulty, 40)

    def term(self, kind: str, name: str) -> str:
        """A word of terms.toml: ``term("line", "wages")``; the id where there is none."""
        return self._term(f"{kind}.{name}", name)

    def _entry(self, table: str, label: str) -> str:
        entry = getattr(self.content, table, {}).get(label) if self.content is not None else None
        return self.pick(entry.name) if entry is not None else ""

    def _term(self, path: str, fallback: str) -> str:
        return self.find(f"term.{path}") or fallback

    # content ----------------------------------------------------------------------------------------------------------
    def figure(self, label: str) -> str:
        """A figure of the archive as it stands in a sentence."""
        figure = self.content.figures.get(label) if self.content is not None else None
        if figure is None:
            return clean_text(label, 60)
        from game.content.figures import format_figure

        return format_figure(figure, self.lang)

    def lever_value(self, lever: str, value: float) -> str:
        """A lever's value as its row shows it, without the unit."""
        row = self.content.levers.get(lever) if self.content is not None else None
        kind = row.kind if row is not None else ""
        if lever in ("research.scale", "research.efficiency", "research.safety"):
            return n.number(value, 0)  # parts of a hundred, not a share
        return n.number(value, 2) if kind == "index" else self.write(value, _LEVERS.get(kind, ""))

    def tell(self, rival: str, tell: str) -> str:
        """What is heard of a rival a quarter before it moves."""
        entry = self.content.rivals.get(rival) if self.content is not None else None
        found = next((t for t in entry.tells if t.id == tell), None) if entry is not None else None
        return self.text(found.text) if found is not None else self._term(f"tell.{tell}", tell)

    def card(self, label: str) -> CardText:
        """A card's texts; empty ones but for the title where there is no such card."""
        card = self.content.cards.get(label) if self.content is not None else None
        if card is None:
            return CardText(clean_text(label, 60), "", "", ())
        choices = tuple((self.text(c.label), self.text(c.text)) for c in card.choices)
        return CardText(self.text(card.title), self.text(card.text), self.text(card.headline), choices)

    def epilogue(self, ending: str, holds: Callable[[Condition], bool]) -> list[str]:
        """The paragraphs of an ending whose conditions all hold."""
        entry = self.content.endings.get(ending) if self.content is not None else None
        paragraphs = entry.epilogue if entry is not None else ()
        return [self.text(p.text) for p in paragraphs if all(holds(c) for c in p.when)]

    def condition(self, condition: Any) -> str:
        """A condition or goal in words: 信任不低于60%."""
        way = QUANTITIES.get(condition.what, "")
        value = condition.value
        if condition.what == "route" and isinstance(value, str):
            shown = self.route(value)
        else:
            shown = self.write(value, way)
        where = condition.segment
        name = self.quantity(condition.what)
        if where:
            place = self.source(where) if condition.what == "compute" else self.segment(where)
            name = f"{place}{name}" if self.lang == "zh" else f"{name} in {place}"
        op = self._term(f"op.{_OPS.get(condition.op, '')}", condition.op)
        return f"{name}{op}{shown}" if self.lang == "zh" else f"{name} {op} {shown}"

    def effect(self, effect: Effect) -> str:
        """One stated consequence in words: what moves, by how much, for whom, for how long."""
        from .effects import effect_sentence

        return effect_sentence(self, effect)

    def effects(self, effects: Sequence[Effect]) -> list[str]:
        """Consequences in words, one each."""
        return [self.effect(e) for e in effects]
