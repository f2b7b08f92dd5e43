"""Checks of the market's vocabulary: segments, levers, firms, scenarios, difficulties, endings, gazette."""

from __future__ import annotations

from game.engine.names import ENDINGS, LEVERS, ROUTES, SEGMENTS, quarter_label

from . import schema as s
from .checking import Checking, firms
from .problems import did_you_mean
from .vocabulary import CONDITIONS, HORIZON, parse_quarter

DIFFICULTIES = ("apprentice", "manager", "founder")
MAX_SHORT_CELLS = 8
"""Width of a firm's short name in cells: four wide characters or eight Latin ones."""


def check_market(work: Checking) -> None:
    """Everything that is neither archive nor card."""
    _complete(work, "segment", SEGMENTS)
    _complete(work, "lever", LEVERS)
    _complete(work, "ending", ENDINGS)
    _complete(work, "difficulty", DIFFICULTIES)
    for lever in work.content.levers.values():
        _lever(work, lever)
    _five(work)
    for kind, firm in firms(work.content):
        _firm(work, kind, firm)
    for rival in work.content.rivals.values():
        work.refer("rival", rival.id, "archetype", "archetype", rival.archetype)
        work.twice("rival", rival.id, "tells", (t.id for t in rival.tells))
        for tell in rival.tells:
            work.conditions("rival", rival.id, f"tells[{tell.id}].when", tell.when, CONDITIONS)
        for lang in ("zh", "en"):
            if cells(rival.short[lang]) > MAX_SHORT_CELLS:
                message = f"'{rival.short[lang]}' is wider than {MAX_SHORT_CELLS} cells"
                work.add("rival", rival.id, f"short.{lang}", message)
    for scenario in work.content.scenarios.values():
        _scenario(work, scenario)
    for headline in work.content.headlines.values():
        _period(work, "headline", headline.id, headline.first, headline.last)
        work.conditions("headline", headline.id, "when", headline.when, CONDITIONS)
    for ending in work.content.endings.values():
        for index, paragraph in enumerate(ending.epilogue):
            work.conditions("ending", ending.id, f"epilogue[{index}].when", paragraph.when, CONDITIONS)


def cells(text: str) -> int:
    """Width of a text in terminal cells, wide characters counting two."""
    return sum(2 if "\u1100" <= c <= "\u115f" or "\u2e80" <= c <= "\ua4cf" or "\uac00" <= c <= "\ud7a3"
               or "\uf900" <= c <= "\ufaff" or "\ufe30" <= c <= "\ufe6f" or "\uff00" <= c <= "\uff60"
               or "\uffe0" <= c <= "\uffe6" or c >= "\U00020000" else 1 for c in text)


def _complete(work: Checking, kind: str, names: tuple[str, ...]) -> None:
    """Entries of a kind must be exactly the names that the engine knows (difficulties may be more)."""
    entries = work.content.of(kind)
    known = work.known.get(kind, set()) | set(entries)
    missing = [name for name in names if name not in known]
    if missing and len(missing) < len(names):
        work.add(kind, missing[0], "", f"the rules know {', '.join(missing)}, but content does not; write [[{kind}]]")
    elif missing and known:
        work.add(kind, "", "", f"none of the rules' own is there; write [[{kind}]] for {', '.join(names)}")
    if kind == "difficulty":
        return
    for label in entries:
        if label not in names:
            work.add(kind, label, "id", f"the rules know no {kind} '{label}'{did_you_mean(label, names)}")


def _lever(work: Checking, lever: s.Lever) -> None:
    if lever.low >= lever.high:
        work.add("lever", lever.id, "low", f"{lever.low:g} is not below high = {lever.high:g}")
        return
    span = lever.high - lever.low
    for key in ("step", "big_step"):
        if not lever.log and getattr(lever, key) > span:
            work.add("lever", lever.id, key, f"{getattr(lever, key):g} is more than the whole range of {span:g}")
    if lever.big_step < lever.step:
        work.add("lever", lever.id, "big_step", f"{lever.big_step:g} is smaller than step = {lever.step:g}")
    if lever.floor and not lever.log:
        work.add("lever", lever.id, "floor", "belongs to levers with log = true")
    if lever.log and lever.low <= 0 and not lever.floor:
        work.add("lever", lever.id, "floor", "a lever that multiplies never leaves 0 without a floor; give one")
    if lever.log and lever.low < 0:
        work.add("lever", lever.id, "log", "a lever that multiplies cannot go below 0; set log = false")


def _five(work: Checking) -> None:
    """The five rows together move exactly the levers flagged ``five``."""
    rows = work.content.five
    moved = {lever for row in rows.values() for lever in row.moves}
    for row in rows.values():
        work.refer("five", row.id, "moves", "lever", row.moves)
    if rows and len(rows) != 5:
        work.add("five", next(iter(rows)), "", f"there are {len(rows)} rows in [[five]]; a lesson's panel has five")
    for lever in work.content.levers.values():
        if rows and lever.five != (lever.id in moved):
            how = "no row of [[five]] moves it" if lever.five else "a row of [[five]] moves it"
            work.add("lever", lever.id, "five", f"is {str(lever.five).lower()}, but {how}")


def _within(work: Checking, kind: str, label: str, key: str, lever: str, value: float | None) -> None:
    row = work.content.levers.get(lever)
    if row is not None and value is not None and not row.low <= value <= row.high:
        work.add(kind, label, key, f"{value:g} lies outside the lever '{lever}' ({row.low:g} to {row.high:g})")


def _firm(work: Checking, kind: str, firm: s.Rival | s.Background) -> None:
    start, label = firm.start, firm.id
    for key, route in (("start.route", start.route), ("traits.opening", firm.traits.opening)):
        if isinstance(route, str) and route not in ROUTES:
            work.add(kind, label, key, f"'{route}' is no route{did_you_mean(route, ROUTES)}")
        elif not isinstance(route, str) and route not in range(len(ROUTES)):
            work.add(kind, label, key, f"{route:g} is no route; allowed: {', '.join(ROUTES)} (or 0 to 3)")
    for price in ("token", "app", "solution"):
        _within(work, kind, label, f"start.price_{price}", f"price.{price}", getattr(start, f"price_{price}"))
    for key, axis in (("staff", "segment"), ("knowledge", "segment"), ("compute", "source")):
        table = getattr(start, key)
        work.axis(kind, label, f"start.{key}", table, axis)
        if key == "staff":
            for name, value in table.items():
                _within(work, kind, label, f"start.staff.{name}", f"staff.{name}", value)
    for name in start.knowledge:
        if name in SEGMENTS[:2]:
            work.add(kind, label, f"start.knowledge.{name}", "knowledge belongs to segments that buy solutions")
    work.axis(kind, label, "traits.focus", firm.traits.focus, "segment")
    total = sum(firm.traits.focus.values())
    if total <= 0:
        work.add(kind, label, "traits.focus", "gives no segment any weight; give at least one")


def _period(work: Checking, kind: str, label: str, first: str | None, last: str | None) -> None:
    for key, value in (("first", first), ("last", last)):
        if value is not None and not 0 <= parse_quarter(value) < HORIZON:
            span = f"{quarter_label(0)} to {quarter_label(HORIZON - 1)}"
            work.add(kind, label, key, f"{value} lies outside the game ({span})")
    if first is not None and last is not None and parse_quarter(first) > parse_quarter(last):
        work.add(kind, label, "last", f"{last} is before first = {first}")


def _scenario(work: Checking, scenario: s.Scenario) -> None:
    label = scenario.id
    _period(work, "scenario", label, scenario.first, None)
    first = parse_quarter(scenario.first)
    if first + scenario.quarters > HORIZON:
        work.add(
            "scenario", label, "quarters",
            f"{scenario.quarters} from {scenario.first} run past {quarter_label(HORIZON - 1)}; "
            f"at most {HORIZON - first}",
        )
    if scenario.middle is not None and not first < parse_quarter(scenario.middle) < first + scenario.quarters:
        work.add("scenario", label, "middle", f"{scenario.middle} lies outside the quarters between first and last")
    if len(scenario.rivals) + 1 > scenario.firms:
        work.add(
            "scenario", label, "firms",
            f"is {scenario.firms}, but {len(scenario.rivals)} rivals and the player are {len(scenario.rivals) + 1}",
        )
    work.refer("scenario", label, "rivals", "rival", scenario.rivals)
    work.twice("scenario", label, "rivals", scenario.rivals)
    if isinstance(scenario.cards, str):
        if scenario.cards != "all":
            work.add("scenario", label, "cards", f"'{scenario.cards}' is neither \"all\" nor a list of card ids")
    else:
        work.refer("scenario", label, "cards", "card", scenario.cards)
        work.twice("scenario", label, "cards", scenario.cards)
    for name in scenario.segments:
        if name not in SEGMENTS:
            work.add("scenario", label, "segments", f"'{name}' is no segment{did_you_mean(name, SEGMENTS)}")
    work.twice("scenario", label, "segments", scenario.segments)
    work.twice("scenario", label, "goals", (g.id for g in scenario.goals))
    work.conditions("scenario", label, "goals", scenario.goals, CONDITIONS)
    if scenario.start == "derived" and label not in work.content.starts:
        message = f"starts/{label}.* is missing; make it again, or write \"fresh\""
        work.add("scenario", label, "start", message, "warning")
    if scenario.start == "fresh" and first > 0:
        message = f"a fresh start belongs to {quarter_label(0)}, not to {scenario.first}"
        work.add("scenario", label, "start", message, "warning")


