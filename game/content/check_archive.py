"""Checks of the archive (figures, articles, theses, cautions) and of the parameters that rest on it."""

from __future__ import annotations

from . import schema as s
from .checking import Checking
from .problems import did_you_mean
from .ranges import outside, range_problem
from .references import assumption_refs, figures_in, is_change, loose_change, parameter_refs
from .resolve import AXES, changed, figure_number, parameter_value

DOUBT = {
    "zh": ("存疑", "可疑", "疑", "不可信", "不足信", "站不住", "不采信", "反证"),
    "en": ("doubt", "disown", "implausible", "caution", "not credible", "suspect", "unlikely"),
}
"""Words by which a note admits that a figure it rests on is disowned; one of each language is enough."""

_NUMERIC = {
    "CNY": "money", "USD": "money", "share": "ratio", "ratio": "ratio", "percentage points": "ratio",
    "multiple": "ratio", "index": "ratio", "log": "ratio", "count": "count", "people": "count", "downloads": "count",
    "parameters": "count", "customers": "count", "calls": "count", "models": "count", "tokens": "count",
    "years": "time", "months": "time", "days": "time", "hours": "time", "seconds": "time", "quarters": "time",
    "year": "time", "quarter": "time", "date": "words", "fact": "words",
}
_PERIODS = ("year", "quarter", "month", "day")


def dimension(unit: str) -> str:
    """Family of a unit by its first word (money, ratio, count, time, words), or "" where it is not a known one.

    >>> dimension("CNY/year"), dimension("share of gap per quarter"), dimension("PFLOP/s")
    ('money', 'ratio', '')
    """
    if unit in _NUMERIC:
        return _NUMERIC[unit]
    first = unit.replace("/", " ").split()[0] if unit.strip() else ""
    return _NUMERIC.get(first, "")


def period(unit: str) -> str:
    """The period that a unit counts by (``year`` of ``CNY/year``), or ""."""
    tail = unit.replace("/", " per ").replace("-", " ").split(" per ")[1:]
    words = [w for part in tail for w in part.split()]
    return next((p for p in _PERIODS if p in words), "")


def check_archive(work: Checking) -> None:
    """References and consistency of everything in figures.toml."""
    content = work.content
    for figure in content.figures.values():
        for key, kind, wanted in (
            ("article", "article", figure.article), ("unit", "unit", figure.unit), ("topic", "topic", figure.topic)
        ):
            work.refer("figure", figure.id, key, kind, wanted)
        _figure(work, figure)
    for kind in ("source", "entity", "thesis"):
        for entry in content.of(kind).values():
            work.refer(kind, entry.id, "articles", "article", entry.articles)
            work.refer(kind, entry.id, "figures", "figure", entry.figures)
            work.twice(kind, entry.id, "figures", entry.figures)
            work.twice(kind, entry.id, "articles", entry.articles)
    for entity in content.entities.values():
        work.refer("entity", entity.id, "kind", "kind", entity.kind)
    for caution in content.cautions.values():
        work.refer("caution", caution.id, "figures", "figure", caution.figures)
        for label in caution.disowns:
            if label not in caution.figures:
                hint = did_you_mean(label, caution.figures)
                work.add("caution", caution.id, "disowns", f"'{label}' is not among the caution's figures{hint}")
    for fact in content.facts.values():
        work.refer("fact", fact.id, "figures", "figure", fact.figures)
        work.twice("fact", fact.id, "figures", fact.figures)
        if fact.low > fact.high:
            work.add("fact", fact.id, "low", f"{fact.low:g} is above high = {fact.high:g}; bands run from low to high")


def _figure(work: Checking, figure: s.Figure) -> None:
    ways = [figure.value is not None, figure.low is not None or figure.high is not None, figure.text is not None]
    if sum(ways) != 1:
        work.add("figure", figure.id, "", "give exactly one of value, low with high, or text")
        return
    if ways[1]:
        if figure.low is None or figure.high is None:
            work.add("figure", figure.id, "low" if figure.low is None else "high", "a range needs both low and high")
            return
        if figure.low >= figure.high:
            work.add("figure", figure.id, "low", f"{figure.low:g} is not below high = {figure.high:g}")
    numeric = dimension(figure.unit) not in ("words", "") or figure.unit in ("rank", "generations", "score out of 5")
    if figure.text is not None and (figure.bound or figure.direction):
        work.add("figure", figure.id, "bound" if figure.bound else "direction", "belongs to a number, not to words")
    if figure.text is None and not numeric and dimension(figure.unit) == "words":
        work.add("figure", figure.id, "unit", f"'{figure.unit}' is for words; a number needs a unit of numbers")
    if figure.unit == "share":
        for key in ("value", "low", "high"):
            number = getattr(figure, key)
            if number is not None and not -1 <= number <= 5:
                work.add("figure", figure.id, key, f"{number:g} as a share; percentages are fractions, so 38 % is 0.38")


def check_parameters(work: Checking) -> None:
    """Every parameter and assumptions overlay comes to a number of the right unit, with honest provenance."""
    content = work.content
    for parameter in content.parameters.values():
        ways = [parameter.value is not None, parameter.figure is not None, parameter.by is not None]
        if sum(ways) != 1:
            work.add("parameter", parameter.id, "", "give exactly one of value, figure, or by with values")
            continue
        if (parameter.by is None) != (parameter.values is None):
            work.add("parameter", parameter.id, "values", "by and values belong together")
            continue
        before = len(work.problems)
        refs = list(parameter_refs(parameter))
        for key, ref in refs:
            _reference(work, "parameter", parameter.id, key, ref, parameter)
        work.refer("parameter", parameter.id, "figures", "figure", parameter.figures)
        _table(work, parameter)
        _provenance(work, parameter, refs)
        if len(work.problems) == before:
            _resolved(work, parameter)
    for assumptions in content.assumptions.values():
        _assumptions(work, assumptions)
    if "none" not in {*content.assumptions, *work.known.get("assumptions", set())}:
        work.add("assumptions", "none", "", "assumptions/none.toml is missing: the overlay that changes nothing")


def _reference(
    work: Checking, kind: str, label: str, key: str, ref: s.FigureRef | s.Change, parameter: s.Parameter
) -> None:
    """A figure behind a number: it exists, is a number, fits the unit, and its doubt is admitted.

    A relative change only multiplies, and a ratio of figures has no unit, so there the units need not agree.
    """
    content = work.content
    work.refer(kind, label, key, "figure", ref.figure or "")
    figure = content.figures.get(ref.figure or "")
    if figure is None:
        return
    try:
        figure_number(figure, ref.use)
    except ValueError as error:
        work.add(kind, label, key, str(error))
        return
    ours, theirs = dimension(parameter.unit), dimension(figure.unit)
    if isinstance(ref, s.Change) and (ref.relative or ref.per is not None):
        pass
    elif ours and theirs and ours != theirs:
        work.add(
            kind, label, key,
            f"the parameter counts in '{parameter.unit}', figure '{figure.id}' in '{figure.unit}'; "
            "take another figure, or another unit",
        )
    elif ref.scale == 1.0 and _mismatch(parameter.unit, figure.unit):
        work.add(
            kind, label, key,
            f"figure '{figure.id}' is in '{figure.unit}', the parameter in '{parameter.unit}'; "
            "give the scale between them",
        )
    notes = [parameter.note]
    if kind == "assumptions":
        overlay = content.assumptions[label]
        notes = [overlay.text, *(text for name, text in overlay.reasons.items() if name == parameter.id)]
    if figure.id in content.disowned and not any(admits_doubt(note) for note in notes):
        causes = ", ".join(content.disowned[figure.id])
        work.add(
            kind, label, key,
            f"figure '{figure.id}' is disowned by caution '{causes}'; take another, or say in the note that it is "
            f"doubted ({DOUBT['zh'][0]}, {DOUBT['en'][0]})",
        )


def admits_doubt(note: s.Text) -> bool:
    """Whether a note says in both languages that what it rests on is doubted."""
    return any(w in note.zh for w in DOUBT["zh"]) and any(w in note.en.lower() for w in DOUBT["en"])


def _mismatch(ours: str, theirs: str) -> bool:
    """Whether two units of one family differ in size, so that a scale is needed."""
    if ours == theirs:
        return False
    if dimension(ours) == "time" and dimension(theirs) == "time":
        return ours.split()[0].rstrip("s") != theirs.split()[0].rstrip("s")
    if "percentage points" in (ours, theirs):
        return True
    mine, other = period(ours), period(theirs)
    return bool(mine and other and mine != other) or ("USD" in theirs) != ("USD" in ours)


def _table(work: Checking, parameter: s.Parameter) -> None:
    values = parameter.values
    if parameter.by is None or values is None:
        return
    if parameter.by == "quarter":
        if isinstance(values, dict):
            work.add("parameter", parameter.id, "values", "a table by quarter is a list [ ... ] from 2023Q1 on")
        return
    names = AXES[parameter.by]
    if not isinstance(values, dict):
        work.add("parameter", parameter.id, "values", f"a table by {parameter.by} is written {{ {names[0]} = ... }}")
        return
    for name in values:
        if name not in names:
            work.add("parameter", parameter.id, f"values.{name}", f"is no {parameter.by}{did_you_mean(name, names)}")
    missing = [name for name in names if name not in values]
    if missing:
        message = f"lacks {', '.join(missing)}; give a number for each {parameter.by}"
        work.add("parameter", parameter.id, "values", message)


def _provenance(work: Checking, parameter: s.Parameter, refs: list[tuple[str, s.FigureRef]]) -> None:
    named = [*parameter.figures, *figures_in(parameter.note.zh), *figures_in(parameter.note.en)]
    if parameter.status == "source" and not refs:
        work.add(
            "parameter", parameter.id, "status",
            "'source' means read from a figure by id; give figure = \"...\", or another status",
        )
    elif parameter.status == "derived" and not refs and not named:
        message = "'derived' from what? name the figures: figures = [\"...\"]"
        work.add("parameter", parameter.id, "figures", message, "warning")
    elif parameter.status in ("assumed", "literature", "fitted") and parameter.figure is not None:
        work.add(
            "parameter", parameter.id, "status",
            f"'{parameter.status}', yet the number is read from figure '{parameter.figure}'; write source or derived",
        )


def _resolved(work: Checking, parameter: s.Parameter) -> None:
    try:
        value = parameter_value(work.content, parameter)
    except ValueError as error:
        work.add("parameter", parameter.id, "", str(error))
        return
    if problem := range_problem(parameter):
        work.add("parameter", parameter.id, "range", problem)
        return
    for name, sentence in outside(parameter, value):
        work.add("parameter", parameter.id, f"values.{name}" if name else "", sentence)
        return


def _assumptions(work: Checking, entry: s.Assumptions) -> None:
    content = work.content
    for name, change in entry.set.items():
        parameter = content.parameters.get(name)
        if parameter is None:
            if name not in work.known.get("parameter", set()):
                hint = did_you_mean(name, content.parameters)
                work.add("assumptions", entry.id, f"set.{name}", f"parameter '{name}' does not exist{hint}")
            continue
        if is_change(change):
            try:
                loose_change(change)  # type: ignore[arg-type]  # is_change says that it is a table
            except ValueError as error:
                work.add("assumptions", entry.id, f"set.{name}", str(error))
                continue
        before = len(work.problems)
        for key, ref in assumption_refs({name: change}):
            _reference(work, "assumptions", entry.id, key, ref, parameter)
        if len(work.problems) > before:
            continue
        try:
            value = changed(content, parameter, parameter_value(content, parameter), change)
        except ValueError as error:
            work.add("assumptions", entry.id, f"set.{name}", str(error))
            continue
        for place, sentence in outside(parameter, value):
            work.add("assumptions", entry.id, f"set.{name}.{place}" if place else f"set.{name}", sentence)
            break
    for name in entry.reasons:
        if name not in entry.set:
            hint = did_you_mean(name, entry.set)
            work.add("assumptions", entry.id, f"reasons.{name}", f"gives a reason, yet '{name}' is not set{hint}")
