"""The market in the plain game: the pages of the market screen as lines of text, one fact a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from game.content.figures import format_figure
from game.content.ghosts import Mark, marks
from game.engine.names import VERTICALS
from game.tui.plain_words import fold
from game.tui.screens.market_facts import (
    FORMS,
    SERIES,
    Past,
    date,
    ordered,
    price_of,
    remainder_name,
    segments_of,
    thousandths,
)
from game.tui.screens.market_words import doubt_sign, here_text, line_name, signs, subject, told, who

if TYPE_CHECKING:
    from game.language import Tongue

Lines = Iterator[str]

TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "matrix": ("shares", "matrix", "份额", "1"),
    "firm": ("firm", "公司", "2"),
    "time": ("time", "history", "走势", "历史", "3"),
    "events": ("events", "timeline", "大事", "4"),
    "course": ("course", "real", "ghost", "真实走向", "真实", "5"),
}
"""Pages of the market with the words that ask for each."""


def _semicolon(tongue: Tongue) -> str:
    return "；" if tongue.lang == "zh" else "; "


def _noted(tongue: Tongue, note: str) -> str:
    """A note in brackets after a name."""
    return f"（{note}）" if tongue.lang == "zh" else f" ({note})"


def topic(text: str) -> tuple[str, str]:
    """(page, the rest of the text); the page is empty where the first word names none."""
    head, _, rest = fold(text).partition(" ")
    return next((name for name, words in TOPICS.items() if head in words), ""), rest.strip()


def matrix(past: Past, tongue: Tongue) -> Lines:
    """Every segment with the shares of all firms, the rest and the number of users; each adds up to a hundred."""
    say, view = tongue.say, past.view
    for segment in segments_of(view):
        column = thousandths(view, segment)
        name = tongue.segment(segment)
        if column is None:
            yield f"{name}{say('market.colon')}{say('market.no-users')}"
            continue
        parts, rest = column
        cells = [f"{who(tongue, f, view.firm)} {parts[f.index] / 10:.1f}%" for f in ordered(view, segment) if parts.get(f.index)]
        cells.append(f"{tongue.term('firm', remainder_name(segment))} {rest / 10:.1f}%")
        users = tongue.count(view.market.adopters.get(segment, 0.0))
        shares = say("market.comma").join(cells)
        yield f"{name}{say('market.colon')}{shares}{_semicolon(tongue)}{say('market.users')} {users}"


def firm(past: Past, tongue: Tongue, asked: str) -> Lines:
    """One firm: route and since when, prices and benchmark of every quarter, what it did."""
    say, view = tongue.say, past.view
    comma, colon = say("market.comma"), say("market.colon")
    both = (tongue.speaking("zh"), tongue.speaking("en"))
    names = {f.index: {fold(f.id), *(fold(t.firm(f.id, short=s)) for t in both for s in (False, True)),
                       *({fold(who(t, f, view.firm)) for t in both})} for f in view.firms}  # fmt: skip
    found = next((i for i, spoken in names.items() if asked in spoken), None) if asked else view.firm
    if found is None:
        yield say("market.which-firm", names=tongue.join(who(tongue, f, view.firm) for f in view.firms))
        return
    one = past.firm(found)
    since = past.since(found)
    when = say("market.since", when=tongue.quarter(since)) if since is not None else say("market.since-start")
    kind = past.content.archetypes.get(one.archetype)
    yield who(tongue, one, view.firm, short=False) + (f"{comma}{tongue.pick(kind.name)}" if kind and found != view.firm else "")
    yield comma.join([tongue.term("status", one.status), *([f"{say('ui.market.rank')} {one.rank}"] if one.rank else []), tongue.route(one.route), when])
    rival = past.content.rivals.get(one.id)
    if rival is not None:
        yield tongue.text(rival.temper)
        yield tongue.text(rival.memory)
    yield from (f"! {tongue.message(t)}" for t in one.tells)
    for segment in segments_of(view):
        if one.share.get(segment, 0.0) >= 0.0005:
            price = price_of(one, segment)
            asks = f"x{tongue.number(price, 2)}" if segment in VERTICALS else tongue.price(price)
            share = tongue.percent(one.share[segment])
            yield f"- {tongue.segment(segment)}{colon}{say('ui.market.share')} {share}{comma}{say('ui.market.price')} {asks}"
    prices, boards = past.of_firm(found, lambda f: f.price_token), past.of_firm(found, lambda f: f.capability)
    for quarter in sorted(prices):
        yield (
            f"{date(quarter)}{colon}{say('market.series.token-price')} {tongue.price(prices[quarter])}{comma}"
            f"{say('market.series.capability')} {tongue.write(boards[quarter], 'points')}"
        )
    mine = subject(past, tongue)
    for event in past.happened:
        if event.own if found == view.firm else event.firm == one.id:
            yield f"{date(event.quarter)}{colon}{told(tongue, [event], mine)[0][1]}"


def time(past: Past, tongue: Tongue, asked: str) -> Lines:
    """Public series by quarter with the marks of the real course; one of them if it is named."""
    say = tongue.say
    both = (tongue.speaking("zh"), tongue.speaking("en"))
    wanted = [s for s in SERIES if not asked or asked in (s, *(fold(t.say(f"market.series.{s}")) for t in both))]
    if not wanted:
        yield say("market.which-series", names=tongue.join(say(f"market.series.{s}") for s in SERIES))
        return
    for series in wanted:
        yield f"[{say(f'market.series-long.{series}')}]"
        strands = [s for s in past.strands(series) if not s.faint]
        for quarter in sorted({q for s in strands for q in s.values}):
            cells = []
            for strand in strands:
                if quarter in strand.values:
                    name = line_name(past, tongue, strand.key) if len(strands) > 1 else ""
                    cells.append(f"{name} {tongue.write(strand.values[quarter], FORMS[series])}".strip())
            yield f"{date(quarter)}{say('market.colon')}{say('market.comma').join(cells)}"
        levels = past.levels(series)
        if levels:
            yield signs(tongue)
        for mark, _ in levels:
            yield f"* {_mark(past, tongue, mark)}"
    if past.missing:
        yield say("market.missing", count=past.missing)


def events(past: Past, tongue: Tongue) -> Lines:
    """What happened, quarter by quarter, then what really happened then (marked by a star), then the gazette."""
    mine = subject(past, tongue)
    real = marks(past.content, "events")
    written = {q.quarter: q.headlines for q in past.history.quarters} if past.history is not None else {}
    for quarter in range(min([past.first, *(m.at for m in real)]), past.last + 1):
        here = told(tongue, [h for h in past.happened if h.quarter == quarter], mine)
        there = [m for m in real if m.at == quarter]
        if not (here or there or written.get(quarter)):
            continue
        yield f"[{date(quarter)}]"
        yield from (f"- {text}" for _, text, _ in here)
        for mark in there:
            ghost = past.content.ghosts[mark.ghost]
            note = _noted(tongue, tongue.text(ghost.note)) if ghost.note is not None else ""
            yield f"* {tongue.pick(ghost.name)}{note}"
        yield from (f"  {tongue.message(m)}" for m in written.get(quarter, ()))
    if past.missing:
        yield tongue.say("market.missing", count=past.missing)


def course(past: Past, tongue: Tongue) -> Lines:
    """Every number of the real course beside this game's."""
    yield signs(tongue)
    for mark in marks(past.content):
        if mark.series != "events":
            yield f"* {_mark(past, tongue, mark)}"


def _mark(past: Past, tongue: Tongue, mark: Mark) -> str:
    """One mark as a line: what, when, as stated with its doubt, what this game has, how the definition differs."""
    say = tongue.say
    figure, ghost = past.content.figures[mark.figure], past.content.ghosts[mark.ghost]
    when = date(mark.at) if mark.first == mark.at else f"{date(mark.first)}-{date(mark.at)}"
    line = f"{tongue.pick(ghost.name)}{_noted(tongue, when)}{say('market.colon')}"
    line += f"{format_figure(figure, tongue.lang)}{doubt_sign(mark)}{_semicolon(tongue)}"
    line += f"{say('market.head.here')}{say('market.colon')}{here_text(past, tongue, mark)}"
    notes = [tongue.text(ghost.note)] if ghost.note is not None else []
    notes += [say("market.disowned")] if mark.disowned else []
    notes += [say("market.read")] if mark.read else []
    said = _semicolon(tongue).join([line, " ".join(notes)]) if notes else line
    return f"{said} [{mark.figure}]"
