"""A card on the founder's desk: what happened, what may be done about it, what each way costs and leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from game.engine.names import DISTRESS
from game.table.wire import CardOffer, Effect
from game.tui import actions
from game.tui.kit.chrome import KeyBar
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cut, wrap
from game.tui.screens.base import BaimoModal
from game.tui.session import Session
from game.tui.widgets.amounts import minus


@dataclass(frozen=True, slots=True)
class Way:
    """One choice in words."""

    label: str
    text: str
    cost: str
    effects: tuple[str, ...]
    needs: str
    allowed: bool


class CardPanel(Panel, can_focus=True):
    """The card, drawn; the cursor goes over its choices."""

    BINDINGS: ClassVar[list[BindingType]] = []
    margin = 3

    class Chosen(Message):
        """A choice was taken."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self.kind = self.heading = self.story = self.foot = ""
        self.ways: list[Way] = []
        self.cursor = 0
        self.taken = -1
        self.grave = False

    def needed(self, width: int, most: int) -> int:
        """Rows that the card takes at a width, in the fullest form of at most so many."""
        return min(len(self._written(width - 2 * self.margin, most - 2)) + 2, most)

    def draw(self, width: int, height: int) -> list[Strip]:
        base = ink(self.palette.text, self.palette.panel)
        rows = self._written(width, height - 1)
        self._regions.clear()
        out = [blank(width, base)]
        for y, (strip, choice) in enumerate(rows[: height - 1], start=1):
            out.append(strip)
            if choice >= 0:
                self.mark(0, width, y, choice)
        return out

    def _written(self, width: int, height: int) -> list[tuple[Strip, int]]:
        """The card in its fullest form that fits: first the air goes, then the small talk of choices not chosen."""
        for level in range(4):
            rows = self._form(width, airy=level < 1, talk=level < 2, brief=level >= 3)
            if len(rows) <= height:
                return rows
        return rows

    def _form(self, width: int, *, airy: bool, talk: bool, brief: bool) -> list[tuple[Strip, int]]:
        p = self.palette
        base = ink(p.text, p.panel)
        empty = (blank(width, base), -1)
        colour = p.cinnabar if self.grave else p.gold
        out = [(split_row([(self.heading, ink(colour, bold=True))], [(self.kind, ink(p.dim))], width, base), -1)]
        out.append((row([(self.glyphs.thin * width, ink(p.line))], width, base), -1))
        if airy:
            out.append(empty)
        out += [(row([(line, ink(p.text))], width, base), -1) for line in wrap(self.story, width)]
        out.append(empty)
        for n, way in enumerate(self.ways):
            out += [(strip, n) for strip in self._way(n, way, width, talk=talk or n == self.cursor, brief=brief)]
            if airy or (talk and n < len(self.ways) - 1):
                out.append(empty)
        if self.foot:
            if not airy:
                out.append(empty)
            out.append((row([(cut(self.foot, width, self.glyphs.ellipsis), ink(p.dim))], width, base), -1))
        return out

    def _way(self, n: int, way: Way, width: int, *, talk: bool, brief: bool) -> list[Strip]:
        p, g = self.palette, self.glyphs
        here = n == self.cursor
        ground = p.selection if here else p.panel
        base = ink(p.text, ground)
        bright = p.gold if here else p.text if way.allowed else p.faint
        sign = g.right if here else " "
        done = [("  " + self.app.tongue.say("tui.card.taken"), ink(p.jade, ground))] if n == self.taken else []  # type: ignore[attr-defined]
        head: list[Part] = [(f"{sign}{n + 1} ", ink(p.gold if way.allowed else p.faint, ground, bold=True)),
                            (way.label, ink(bright, ground, bold=True)), *done]  # fmt: skip
        cost = [(way.cost + " " if way.cost else "", ink(p.text if way.allowed else p.faint, ground, bold=True))]
        out = [split_row(head, cost, width, base)]
        if talk and way.text:
            out += [row([("   " + line, ink(p.dim if way.allowed else p.faint, ground))], width, base)
                    for line in wrap(way.text, width - 4)]  # fmt: skip
        if way.needs:
            out += [row([("   " + line, ink(p.cinnabar, ground))], width, base) for line in wrap(way.needs, width - 4)]
        if way.effects and (not brief or here):
            text = (" · ").join(way.effects)
            out += [row([("   " + line, ink(p.sea if way.allowed else p.faint, ground))], width, base)
                    for line in wrap(text, width - 4)]  # fmt: skip
        return out

    # Choosing -----------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            self.cursor = (self.cursor + (1 if event.key == "down" else -1)) % max(1, len(self.ways))
            self.changed()
        elif event.character and event.character in "123456789" and int(event.character) <= len(self.ways):
            self.cursor = int(event.character) - 1
            self.changed()
        else:
            return
        event.stop()
        event.prevent_default()

    def choose(self) -> None:
        """Take the choice under the cursor, if it is open."""
        if self.ways and self.ways[self.cursor].allowed:
            self.post_message(self.Chosen(self.cursor))
        else:
            self.app.bell()

    def on_click(self, event: events.Click) -> None:
        region = self.region_at(event.x, event.y)
        event.prevent_default()
        event.stop()
        if region is not None:
            again = self.cursor == region.payload
            self.cursor = region.payload
            self.changed()
            if again:
                self.choose()


class CardScreen(BaimoModal[int]):
    """Dismisses with the index of the choice taken, or None. ``distress`` for that card instead of the desk's."""

    which = "card"
    DEFAULT_CSS = """
    CardScreen CardPanel { width: 78; height: 22; max-height: 100%; }
    """

    def __init__(self, distress: bool = False) -> None:
        super().__init__()
        self.distress = distress

    @property
    def session(self) -> Session:
        """The game at hand."""
        assert self.app.session is not None
        return self.app.session

    @property
    def offer(self) -> CardOffer:
        """The card shown."""
        offer = self.session.view.distress if self.distress else self.session.view.card
        assert offer is not None
        return offer

    def body(self) -> ComposeResult:
        yield CardPanel()

    def on_mount(self) -> None:
        super().on_mount()
        panel = self.query_one(CardPanel)
        taken = self.session.levers.get("distress.choice" if self.distress else "card.choice")
        panel.cursor = int(taken) if taken is not None else next((n for n, w in enumerate(panel.ways) if w.allowed), 0)
        panel.focus()
        self._shape()

    def on_resize(self) -> None:
        self._shape()

    def _shape(self) -> None:
        panel = self.query_one(CardPanel)
        width = min(84 if self.size.width < 120 else 92, self.size.width - 2)
        panel.styles.width = width
        panel.styles.height = panel.needed(width, self.size.height - 2)

    def retell(self) -> None:
        """As on every screen; the key bar counts the choices that this card has."""
        super().retell()
        for keys in self.query(KeyBar):
            count = len(self.offer.choices)
            keys.show(replace(k, label="1" if count == 1 else f"1–{count}") if k.label == "1–5" else k
                      for k in actions.bar(self.which, self.tongue, self.app.without, self.app.keymap))  # fmt: skip

    def tell(self) -> None:
        panel, say = self.query_one(CardPanel), self.tongue.say
        levers = self.session.levers
        panel.grave = self.distress
        taken = levers.get("distress.choice" if self.distress else "card.choice")
        panel.taken = int(taken) if taken is not None else -1
        panel.foot = self._foot()
        if self.distress:
            own = self.session.view.own
            panel.kind = say("ui.screen.card")
            panel.heading = say("distress.title")
            panel.story = say("distress.text", amount=max(0.0, own.committed - own.contracted - max(own.cash, 0.0)))
            texts: Sequence[tuple[str, str]] = [
                (say(f"distress.names.{name}"), say(f"distress.consequences.{name}")) for name in DISTRESS
            ]
        else:
            card = self.tongue.card(self.offer.id)
            panel.kind, panel.heading, panel.story, texts = say("ui.screen.card"), card.title, card.text, card.choices
        panel.ways = [self._way(n, texts[choice.index] if choice.index < len(texts) else ("", ""))
                      for n, choice in enumerate(self.offer.choices)]  # fmt: skip
        self._shape()
        panel.changed()

    def _way(self, n: int, words: tuple[str, str]) -> Way:
        tongue, choice = self.tongue, self.offer.choices[n]
        effects = []
        for effect in choice.effects:
            said = self._in_words(effect)
            if effect.target == "sell" and effect.low > 0:
                said = tongue.say("tui.card.sale", said=said, amount=effect.low)
            if effect.chance < 1.0:
                said = tongue.say("tui.card.chance", chance=effect.chance, effect=said)
            effects.append(said)
        needs = ""
        if not choice.allowed:
            needs = tongue.say("card.not-allowed")
        card = tongue.content.cards.get(self.offer.id) if tongue.content is not None else None
        if card is not None and choice.index < len(card.choices) and card.choices[choice.index].requires:
            wanted = tongue.join([tongue.condition(c) for c in card.choices[choice.index].requires])
            needs = tongue.say("tui.card.needs" if choice.allowed else "tui.card.misses", said=wanted)
            if choice.allowed:
                effects.insert(0, needs)
                needs = ""
        if choice.cost:
            cost = tongue.say("card.costs", amount=choice.cost)
        else:  # what a way out of distress costs stands among its consequences
            cost = "" if self.distress else tongue.say("card.costs-nothing")
        return Way(words[0] or str(n + 1), words[1], cost, tuple(effects), needs, choice.allowed)

    def _in_words(self, effect: Effect) -> str:
        """A consequence in words; two of them are put as a card's reader would say them."""
        tongue = self.tongue
        if effect.target == "cash" and effect.op == "scale" and effect.who == "self" and not effect.quarters:
            low, high = (tongue.percent(v, 0) for v in sorted((effect.low, effect.high)))
            if effect.low >= 0:  # a gain: no sign is needed
                return tongue.say("tui.card.of-costs-one" if low == high else "tui.card.of-costs", low=low, high=high)
        said = tongue.effect(effect)
        if effect.target == "utility" and effect.segment:
            name, place = tongue.term("effect", "utility"), tongue.segment(effect.segment)
            plain = f"{place}{name}" if tongue.lang == "zh" else f"{name} in {place}"
            said = said.replace(plain, tongue.say("tui.card.appeal", segment=effect.segment))
        return minus(said, plain=self.app.glyphs.plain)

    def _foot(self) -> str:
        """The figures that the card rests on."""
        content = self.app.content
        card = content.cards.get(self.offer.id) if not self.distress else None
        figures = [content.figures[f] for f in card.figures if f in content.figures] if card is not None else []
        if not figures:
            return ""
        names = [f"{self.tongue.pick(f.subject)} {self.tongue.figure(f.id)}" for f in figures]
        return self.tongue.say("tui.card.rests", count=len(names), names=("；" if self.tongue.lang == "zh" else "; ").join(names))

    def on_card_panel_chosen(self, event: CardPanel.Chosen) -> None:
        """The choice goes into the draft; a sale of the firm is asked about first."""
        index = event.index
        if self.distress and DISTRESS[self.offer.choices[index].index] == "sell-firm":
            self.app.ask(self.tongue.say("ui.confirm.sell-firm"), lambda: self._take(index))
        else:
            self._take(index)

    def _take(self, index: int) -> None:
        self.dismiss(self.offer.choices[index].index)

    def action_decide(self) -> None:
        """Take the choice under the cursor."""
        self.query_one(CardPanel).choose()

    def action_open_source(self) -> None:
        """The figures behind the card."""
        if not self.distress:
            self.app.open_codex("card", self.offer.id)
        else:
            self.app.open_codex("term", "runway")


