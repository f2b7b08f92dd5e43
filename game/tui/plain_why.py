"""``why`` in the plain game: the numbers that moved, one of them taken apart, one part's formula, all as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from game.engine.names import SEGMENTS
from game.language import clean_text
from game.tui import why_words as words
from game.tui.plain_words import fold

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue
    from game.table.wire import Change, Explanation, Part
    from game.tui.session import Session

LISTED: Final = 30
"""Most numbers of the list."""
_PLACE: Final = re.compile(r"(\d{1,3})(?:[.．](\d{1,3}))?")


async def answer(session: Session, content: Content, tongue: Tongue, rest: str) -> list[str]:
    """What ``why`` with the rest of its line says."""
    known = await session.seat.changes()
    if known is None:
        return [tongue.say("why.screen.nothing")]
    rows = words.rows_of(known.rows, tongue)[:LISTED]
    if not rest:
        return [*_list(rows, tongue), tongue.say("why.plain.how")]
    place = _PLACE.fullmatch(fold(rest))
    if place is not None and 1 <= int(place[1]) <= len(rows):
        change: Change | None = rows[int(place[1]) - 1][0]
    else:
        change = None if place is not None else meant(known.rows, tongue, rest)
    told = await session.seat.explain(change.what, change.segment) if change is not None else None
    if told is None:
        return [tongue.say("why.plain.unknown", text=clean_text(rest, 40)), tongue.say("why.plain.how")]
    if place is None or place[2] is None:
        return list(split(told, tongue))
    parts = words.tell(told, tongue).parts
    if not 1 <= int(place[2]) <= len(parts):
        return [*split(told, tongue), tongue.say("why.plain.how")]
    return list(formula(told, parts[int(place[2]) - 1].part, content, tongue))


def meant(rows: list[Change], tongue: Tongue, text: str) -> Change | None:
    """The number that a person names, in either language, by id or by name, perhaps with a segment."""
    asked = fold(text).replace(",", " ").split()
    best: tuple[int, Change] | None = None
    for row in rows:
        names = {row.what, *(fold(words.name_of(t, row.what, "")) for t in _both(tongue))}
        places = {row.segment, *(fold(t.term("segment", row.segment)) for t in _both(tongue))} if row.segment else set()
        joined = {p + n for n in names for p in places} | {n + p for n in names for p in places} | names
        whole = "".join(asked)
        name_hit = whole in {j.replace(" ", "") for j in joined} or any(fold(text).startswith(n) for n in names)
        place_hit = bool(places & set(asked)) or any(p in whole for p in places if not p.isascii())
        if not name_hit or (row.segment and not place_hit and any(s in asked for s in SEGMENTS)):
            continue
        score = 2 * place_hit + (whole in {n.replace(" ", "") for n in names} and not row.segment)
        if best is None or score > best[0]:
            best = (score, row)
    return best[1] if best else None


def _both(tongue: Tongue) -> tuple[Tongue, Tongue]:
    return tongue.speaking("zh"), tongue.speaking("en")


def _list(rows: list[tuple[Change, str, str, str, str]], tongue: Tongue) -> Iterator[str]:
    yield tongue.say("why.plain.list")
    for place, (_, name, before, after, change) in enumerate(rows, 1):
        moved = tongue.say("why.screen.from", before=before, after=after)
        yield _line(tongue, f"{place}. {name}", f"{moved}, {change}" if tongue.lang == "en" and change else
                    f"{moved}，{change}" if change else moved)  # fmt: skip


def _line(tongue: Tongue, name: str, text: str) -> str:
    return f"{name}：{text}" if tongue.lang == "zh" else f"{name}: {text}"


def split(e: Explanation, tongue: Tongue) -> Iterator[str]:
    """A number taken apart: the sentence, then one line a part."""
    told = words.tell(e, tongue)
    yield words.sentence(e, tongue)
    if told.before:
        moved = tongue.say("why.screen.from", before=told.before, after=told.after)
        yield _line(tongue, told.name, f"{moved}{'，' if tongue.lang == 'zh' else ', '}{told.change}")
    else:
        yield _line(tongue, told.name, told.after)
    for flow in told.flows:
        yield f"- {_line(tongue, flow.name, flow.text)}"
    for place, row in enumerate(told.parts, 1):
        yield f"{place}. {_line(tongue, row.name, row.text)}"
    if any(row.part.who == "others" for row in told.parts):
        yield tongue.say("why.screen.hidden")
    if e.formula:
        yield from _worked_out(e.formula, words.filled(e.formula, e.factors, tongue), tongue)


def _worked_out(text: str, values: str, tongue: Tongue) -> Iterator[str]:
    yield _line(tongue, tongue.say("why.screen.equation"), words.written(text))
    yield _line(tongue, tongue.say("why.screen.values"), values)


def formula(e: Explanation, part: Part, content: Content, tongue: Tongue) -> Iterator[str]:
    """One part: its formula, the same with this quarter's values, and each symbol; a parameter with its figures."""
    shown = next((row for row in words.tell(e, tongue).parts if row.part is part), None)
    yield _line(tongue, words.part_name(tongue, part), shown.text if shown else "")
    if not part.formula:
        yield tongue.say("why.screen.hidden")
        return
    yield from _worked_out(part.formula, words.filled(part.formula, part.factors, tongue), tongue)
    for f in part.factors:
        text = words.factor_text(tongue, f)
        if f.formula:
            text = f"{text} = {words.written(f.formula)} = {words.filled(f.formula, part.factors, tongue)}"
        yield f"- {_line(tongue, f'{f.symbol} ({words.symbol_name(tongue, content, f)})', text)}"
        for figure in f.figures:
            entry = content.figures.get(figure)
            if entry is None:
                continue
            article = content.articles.get(entry.article)
            where = tongue.pick(article.outlet) if article is not None else ""
            yield f"  - {tongue.pick(entry.claim)} ({', '.join(x for x in (tongue.figure(figure), entry.as_printed, where) if x)})"

