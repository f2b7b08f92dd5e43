"""Words about the market that the screen and the plain game share; no widget is known here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.content.figures import format_figure
from game.content.ghosts import Mark
from game.content.schema import Figure
from game.table.market_history import DEEP_CUT, Happening
from game.tui.screens.market_facts import FORMS, Past

if TYPE_CHECKING:
    from game.language import Tongue
    from game.table.wire import Firm


def doubt_sign(mark: Mark) -> str:
    """What stands after a doubtful number: ``?`` where a caution speaks of it, ``×`` where it is not believed."""
    return "×" if mark.disowned else "?" if mark.doubted else ""


def signs(tongue: Tongue) -> str:
    """What those signs mean."""
    return f"? {tongue.say('market.sign-doubted')}  × {tongue.say('market.sign-disowned')}"


def brief_figure(figure: Figure, lang: str) -> str:
    """A figure's number as a label: without its bound and without what it counts by."""
    return format_figure(figure, lang, bound=False).partition("/")[0].partition(" per")[0].replace(" million", "M")


def here_text(past: Past, tongue: Tongue, mark: Mark) -> str:
    """What this game has beside a mark of the real course: its own number of that quarter, a fall, or why there is none."""
    if mark.series == "none":
        return tongue.say("market.not-public")
    if not past.first <= mark.at <= past.last:
        return tongue.say("market.outside")
    here = past.here(mark)
    if here is None:
        return tongue.say("market.not-yet" if mark.at > past.now else "market.unread")
    if mark.base is not None and mark.base != mark.at:
        start = past.main(mark.series).get(mark.base)
        if not start:
            return tongue.say("market.unread")
        change = here / start - 1.0
        return tongue.say("market.fell" if change <= 0 else "market.rose", change=abs(change))
    if mark.base is not None:  # against the same quarter's median: how far the cheap ones undercut it here
        low = next((s.values.get(mark.at) for s in past.strands(mark.series) if s.key == "low"), None)
        return tongue.say("market.below", change=1.0 - low / here) if low and here else tongue.say("market.unread")
    return tongue.write(here, FORMS[mark.series])


def who(tongue: Tongue, firm: Firm, own: int, *, short: bool = True) -> str:
    """A firm's name; one's own, unless it was given one, is just you."""
    if firm.index == own and firm.id not in tongue.names:
        return tongue.term("firm", "own-short" if short else "own")
    return tongue.firm(firm.id, short=short)


def _happened(tongue: Tongue, event: Happening, own_name: str) -> str:
    """A public event as a sentence."""
    name = own_name if event.own else tongue.firm(event.firm) if event.firm else ""
    return tongue.say(f"market.happened.{event.kind}", who=name, **event.args)


def told(tongue: Tongue, events: Sequence[Happening], own_name: str) -> list[tuple[str, str, bool]]:
    """Events of one quarter as (kind, sentence, own); deep cuts of several other firms share one sentence."""
    cuts = [e for e in events if e.kind == "cut" and not e.own]
    out = []
    for event in events:
        if event not in cuts or len(cuts) < 3:
            out.append((event.kind, _happened(tongue, event, own_name), event.own))
        elif event is cuts[0]:
            who = tongue.join(f"{tongue.firm(e.firm)} {tongue.write(e.args['change'], 'percent0')}" for e in cuts)
            out.append(("cut", tongue.say("market.happened.cuts", who=who, least=DEEP_CUT), False))
    return out


def subject(past: Past, tongue: Tongue) -> str:
    """One's own firm as the subject of a sentence."""
    name = who(tongue, past.firm(past.view.firm), past.view.firm, short=False)
    return name[:1].upper() + name[1:] if tongue.lang == "en" else name


def line_name(past: Past, tongue: Tongue, key: str) -> str:
    """The name of a line of a chart by its key: one's own firm, a median, a segment, a source."""
    if key == "own":
        return who(tongue, past.firm(past.view.firm), past.view.firm)
    places = (f"market.line.{key}", f"term.segment.{key}", f"term.source.{key}")
    return next((text for place in places if (text := tongue.find(place))), "")
