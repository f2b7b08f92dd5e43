"""Second page of the market: one firm, what it is, where it sells, and its public course so far."""

from __future__ import annotations

from textual.strip import Strip

from game.tui.kit.bars import hbar
from game.tui.kit.course import Axes, Course, course_chart
from game.tui.kit.draw import Part, beside, ink, row
from game.tui.kit.panel import Panel
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.screens.brand import headed
from game.tui.screens.market_facts import Past, Values, ordered, segments_of
from game.tui.screens.market_panels import TINY, Page, fitting
from game.tui.screens.market_words import subject, told


class FirmPage(Page):
    """Arrows go to the next firm, Enter to its entry in the codex."""

    def __init__(self) -> None:
        super().__init__("firm")

    def move(self, step: int) -> None:
        assert self.past is not None
        firms = [f.index for f in ordered(self.past.view, self.segment)]
        place = firms.index(self.chosen) if self.chosen in firms else 0
        self.post_message(self.Firm(firms[min(max(place + step, 0), len(firms) - 1)]))

    def turn(self, step: int) -> None:
        self.move(step)

    def source(self) -> tuple[str, str]:
        assert self.past is not None
        firm = self.past.firm(self.chosen)
        if firm.id in self.past.content.rivals:
            return ("rival", firm.id)
        return ("segment", self.segment)

    def on_panel_hit(self, event: Panel.Hit) -> None:
        event.stop()
        if isinstance(event.payload, int):
            self.action_turn(event.payload)
        else:
            self.action_open()

    # drawing ----------------------------------------------------------------------------------------------------------
    def draw(self, width: int, height: int) -> list[Strip]:
        past, p = self.past, self.palette
        if past is None:
            return []
        base = ink(p.text, p.panel)
        left = min(56, max(34, width * 2 // 5))
        right = width - left - 3
        words = self._words(past, left, height)
        upper = (height - 1) // 2
        pictures = [
            *self._chart(past, "token-price", right, upper), self.empty(right),
            *self._chart(past, "capability", right, height - upper - 1),
        ]  # fmt: skip
        return beside([words, [row([(f" {self.glyphs.bar} ", ink(p.line))], 3, base)] * height, pictures], [left, 3, right], base)

    def _words(self, past: Past, width: int, height: int) -> list[Strip]:
        p, g, tongue, say = self.palette, self.glyphs, self.tongue, self.tongue.say
        base = ink(p.text, p.panel)
        firm = past.firm(self.chosen)
        own = firm.index == past.view.firm
        rival = past.content.rivals.get(firm.id)
        name = headed(self.called(firm.index, short=False), tongue.lang)
        self.mark(0, 2, 0, -1)
        end = min(width, cell_width(name) + 5)
        self.mark(2, end - 2, 0, "open")
        self.mark(end - 2, end, 0, 1)
        lead: list[Part] = [(f"{g.left} ", ink(p.dim)), (name, ink(p.gold if own else p.text, bold=True)), (f" {g.right}", ink(p.dim))]
        out = [row(lead, width, base)]
        kind = past.content.archetypes.get(firm.archetype)
        said = [tongue.pick(kind.name)] if kind is not None and not own else []
        said += [tongue.term("status", firm.status), *([f"{say('ui.market.rank')} {firm.rank}"] if firm.rank else [])]
        out.append(row([(fitting(said, width, f" {g.dot} "), ink(p.dim))], width, base))
        since = past.since(firm.index)
        when = tongue.quarter(since) if since is not None else ""
        out.append(row([
            (f"{say('ui.market.route')} ", ink(p.dim)), (tongue.route(firm.route), ink(p.text, bold=True)),
            (f"  {say('market.since', when=when) if when else say('market.since-start')}", ink(p.dim)),
        ], width, base))  # fmt: skip
        facts = [
            (say("ui.market.capability"), tongue.write(firm.capability, "points")),
            (say("ui.market.trust"), tongue.write(firm.trust, "points")),
            (say("ui.market.community"), tongue.number(firm.community)),
        ]
        cells: list[Part] = []
        for label, value in facts:
            if sum(cell_width(text) for text, _ in cells) + cell_width(f"{label} {value}") > width:
                break
            cells += [(f"{label} ", ink(p.dim)), (f"{value}  ", ink(p.text))]
        out.append(row(cells, width, base))
        tight = height < 26
        if not tight:
            out.append(self.empty(width))
        out += self._shares(past, width, 8 if not tight else 4)
        if not tight:
            out.append(self.empty(width))
        for tell in firm.tells:
            out += self._sentence("!", p.cinnabar, tongue.message(tell), width)
        if not firm.tells and not own:
            out += self._sentence("", p.dim, say("ui.market.no-tells"), width)
        if rival is not None:
            temper = self._sentence("", p.dim, tongue.text(rival.temper), width)
            memory = self._sentence("", p.dim, tongue.text(rival.memory), width)
            does = self._sentence("", p.dim, tongue.text(kind.what), width) if kind is not None and not tight else []
            for block in (temper, memory, does):
                if len(out) + len(block) + (0 if tight else 2) <= height:
                    out += block
        events = [h for h in reversed(past.happened) if (h.own if own else h.firm == firm.id)]
        if events and height - len(out) >= 2:
            if not tight:
                out.append(self.empty(width))
            out.append(self.heading(say("market.its-events"), "", width))
            mine = subject(past, tongue)
            for event in events:
                label = f"{tongue.quarter(event.quarter, 'short')} "
                lines = wrap(told(tongue, [event], mine)[0][1], width - cell_width(label))
                if len(out) + len(lines) > height:
                    break
                out += [
                    row([(label if i == 0 else " " * cell_width(label), ink(p.dim)), (line, ink(p.text))], width, base)
                    for i, line in enumerate(lines)
                ]
        return out[:height]

    def _shares(self, past: Past, width: int, most: int) -> list[Strip]:
        """Where the firm sells, the largest first."""
        p, tongue = self.palette, self.tongue
        firm = past.firm(self.chosen)
        own = firm.index == past.view.firm
        held = sorted(((firm.share.get(s, 0.0), s) for s in segments_of(past.view)), key=lambda x: -x[0])
        held = [(share, s) for share, s in held if share >= TINY][:most]
        if not held:
            return [row([(tongue.say("market.sells-nothing"), ink(p.dim))], width, ink(p.text, p.panel))]
        names = max(cell_width(tongue.segment(s)) for _, s in held)
        bar = max(4, width - names - 8)
        return [
            row([
                (fit(tongue.segment(s), names), ink(p.dim)), (" ", ink(p.text)),
                (hbar(share, max(0.1, held[0][0]), bar, self.glyphs), ink(p.gold if own else p.sea)),
                (fit(tongue.percent(share), 7, "right"), ink(p.text)),
            ], width, ink(p.text, p.panel)) for share, s in held
        ]  # fmt: skip

    def _sentence(self, sign: str, colour: str, text: str, width: int) -> list[Strip]:
        p = self.palette
        lead = 2 if sign else 0
        return [
            row([((sign if i == 0 else "").ljust(lead), ink(colour, bold=True)), (line, ink(p.text if sign else p.dim))],
                width, ink(p.text, p.panel)) for i, line in enumerate(wrap(text, width - lead))
        ]  # fmt: skip

    def _chart(self, past: Past, series: str, width: int, height: int) -> list[Strip]:
        """The firm's line over the median's (or the frontier's) and one's own."""
        p, tongue, say = self.palette, self.tongue, self.tongue.say
        firm = past.firm(self.chosen)
        own = firm.index == past.view.firm
        strands = {s.key: s for s in past.strands(series)}
        courses = []
        if not own:
            line: Values = strands[firm.id].values if firm.id in strands else {}
            courses.append(Course(self.called(firm.index), line, p.sea))
        courses.append(Course(self.called(past.view.firm), strands["own"].values, p.gold))
        for key, colour in (("median", p.dim), ("frontier", p.dim), ("best-open", p.jade)):
            if key in strands:
                courses.append(Course(say(f"market.line.{key}"), strands[key].values, colour))
        low, high, log = past.axes(series)
        ticks = {q: tongue.quarter(q, "short") for q in range(past.first, past.last + 1) if q >= 0 and q % 4 == 0}
        way = "price" if series == "token-price" else "points"
        note = say("market.log") if log else say("market.noise")
        return [
            self.heading(say(f"market.series.{series}"), note, width),
            *course_chart(
                courses, (), Axes(past.first, past.last, low, high, log), width, height - 1, p,
                fmt=lambda v: tongue.write(v, way), ticks=ticks, now=past.now, gutter=7, glyphs=self.glyphs,
            ),
        ]  # fmt: skip
