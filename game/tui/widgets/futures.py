"""A thousand futures: fans of cash, revenue and value from the draft at hand, against the plan before the change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from textual.strip import Strip

from game.table.wire import Fans, Row, SeatView
from game.tui.kit.axes import nice_range
from game.tui.kit.draw import Part, blank, ink, row, split_row
from game.tui.kit.fan import fan, fan_legend
from game.tui.kit.text import cell_width, fit, wrap
from game.tui.widgets.amounts import minus
from game.tui.widgets.board import BoardPanel
from game.tui.widgets.position import money_axis

if TYPE_CHECKING:
    from game.language import Tongue

FANS: Final = ("cash", "revenue", "value")
PAST: Final = 5
"""Quarters of history before a fan: enough to see where it comes from, and the future keeps half of the width."""
TALL: Final = 6
"""Rows that a fan takes at least, its head among them."""
TELLING: Final = 0.05
"""By how much ruin without new money must exceed ruin with it to be shown."""
P10, MEDIAN, P75, P25, P90 = 0, 2, 3, 1, 4


class FuturesPanel(BoardPanel):
    """Fans and what they say. Left and right choose which stands first where there is no room for all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first = 0
        self._limits: dict[str, tuple[float, float]] = {}
        self._of: tuple[str, int] | None = None

    @property
    def source(self) -> tuple[str, str]:
        """What the fan in front is about, for the codex."""
        return ("term", FANS[self.first])

    def load(self) -> None:
        """Say everything anew."""
        tongue, session = self.app.tongue, self.app.session
        note = ""
        if session is not None and session.fans is not None:
            fans = session.fans
            whole = fans.games >= fans.wanted
            note = tongue.say("futures.count" if whole else "futures.partial", games=fans.games, wanted=fans.wanted)
        self.name_it(tongue.say("futures.title"), note)

    def key_left(self) -> None:
        self._turn(-1)

    def key_right(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        self.first = (self.first + step) % len(FANS)
        self.changed()

    def on_panel_hit(self, event: BoardPanel.Hit) -> None:
        """A click on a name brings its fan to the front."""
        if isinstance(event.payload, tuple) and event.payload[0] == "fan":
            self.first = FANS.index(event.payload[1])
            self.changed()
            event.stop()

    # Drawing --------------------------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Strip]:
        session, p = self.app.session, self.palette
        if session is None:
            return []
        tongue = self.app.tongue
        base = ink(p.text, p.panel)
        fans, ghost = session.fans, session.ghost
        if fans is None:
            words = tongue.say("futures.none" if session.over else "futures.working")
            return [row([(line, ink(p.dim))], width, base) for line in wrap(words, width)]
        facts = self._facts(fans, ghost if ghost is not fans else None, width)
        names = tuple(tongue.say(f"futures.{n}") for n in ("past", "median", "half", "eighty", "ghost"))
        ghostly = self._ghostly(fans, ghost)
        # Where not all has room the past goes: a change is read by its ghost.
        past = not ghostly or sum(cell_width(n) + 3 for n in names) <= width
        legend = fan_legend(names, width, p, ghost=ghostly, history=past, glyphs=self.glyphs)  # type: ignore[arg-type]
        room = height - len(facts) - 1
        after = [row([(line, ink(p.dim))], width, base) for line in wrap(self._afterwards(), width)]
        if room - len(after) >= 2 * TALL + 1 and self._fits(room - len(after)) == self._fits(room):
            facts, room = [*facts, *after], room - len(after)
        airy = room >= 2 * TALL + 1
        room -= airy
        order = [FANS[(self.first + n) % len(FANS)] for n in range(len(FANS))]
        count = max(1, min(len(FANS), room // TALL))
        out: list[Strip] = []
        if count < len(FANS):
            room -= 1
            count = max(1, room // TALL)
            alone = self._moved(order[0], fans, ghost) if count == 1 else []
            out.append(self._tabs(order[:count], width, alone))
        for n, name in enumerate(order[:count]):
            rows = room // count + (1 if n < room % count else 0)
            out += self._fan(name, fans, ghost, width, rows, ticks=n == count - 1, head=count > 1)
        if airy:
            out.append(blank(width, base))
        out += facts
        out.append(legend)
        return out[:height]

    @staticmethod
    def _fits(room: int) -> int:
        """How many fans have room one above another."""
        return min(len(FANS), (room - (room >= 2 * TALL + 1)) // TALL)

    def _afterwards(self) -> str:
        """What a future does once the draft has been played."""
        session = self.app.session
        asks = session is not None and any(session.levers.get(f"finance.{n}", 0.0) > 0 for n in ("raise", "borrow"))
        return self.app.tongue.say("futures.then-asks" if asks else "futures.then")

    def _ghostly(self, fans: Fans, ghost: Fans | None) -> bool:
        return ghost is not None and ghost is not fans

    def _tabs(self, shown: Sequence[str], width: int, right: list[Part]) -> Strip:
        """Names of all fans, those that show marked; where one stands alone, what it says at the right."""
        tongue, p = self.app.tongue, self.palette
        parts: list[Part] = []
        x = 0
        for name in FANS:
            word = tongue.say("futures.short-revenue" if name == "revenue" else f"futures.{name}")
            mark = self.glyphs.right if name in shown else " "
            parts += [(mark, ink(p.gold)), (word, ink(p.text if name in shown else p.dim, bold=name in shown)), ("  ", ink(p.dim))]
            size = cell_width(mark + word)
            self.mark(x, x + size, 0, ("fan", name))
            x += size + 2
        while right and x + sum(cell_width(text) for text, _ in right) > width:
            right = right[:-1]
        return split_row(parts[:-1], right, width, ink(p.text, p.panel))

    def _moved(self, name: str, fans: Fans, ghost: Fans | None) -> list[Part]:
        """Now and the median at the end; once a change has moved that, the median now and before the change."""
        session, tongue, p = self.app.session, self.app.tongue, self.palette
        assert session is not None
        past, plain = self._past(session.view, name), self.glyphs.plain
        end = getattr(fans, name)[-1][MEDIAN]
        old = end if ghost is None else getattr(ghost, name)[-1][MEDIAN]
        if tongue.money(end) == tongue.money(old):
            words = tongue.say("futures.head", now=getattr(past[-1], name) if past else getattr(fans, name)[0][MEDIAN], then=end)
            return [(minus(words, plain=plain), ink(p.text, bold=True))]
        up = end > old
        said = f"{self.glyphs.up if up else self.glyphs.down} {minus(tongue.money(end), plain=plain)}"
        was = tongue.say("futures.was", value=minus(tongue.money(old), plain=plain))
        return [(said, ink(p.jade if up else p.cinnabar, bold=True)), (f" {was}", ink(p.dim))]

    def _fan(
        self, name: str, fans: Fans, ghost: Fans | None, width: int, rows: int, *, ticks: bool, head: bool
    ) -> list[Strip]:
        session = self.app.session
        assert session is not None
        view, tongue, p = session.view, self.app.tongue, self.palette
        past = [getattr(r, name) for r in self._past(view, name)]
        bands: list[list[float]] = getattr(fans, name)
        before: list[list[float]] | None = getattr(ghost, name) if ghost is not None and ghost is not fans else None
        top = split_row([(tongue.say(f"futures.{name}"), ink(p.text, bold=True))], self._moved(name, fans, ghost), width,
                        ink(p.text, p.panel))  # fmt: skip
        chart = fan(
            bands, width, rows - head, p, history=past, ghost=[b[MEDIAN] for b in before] if before else None,
            fmt=money_axis(tongue), ticks=self._ticks(view, len(past), len(bands), tongue) if ticks else (),
            limits=self._range(name, view, past, bands, before), glyphs=self.glyphs,
        )  # fmt: skip
        return [top, *chart] if head else chart

    @staticmethod
    def _past(view: SeatView, name: str) -> list[Row]:
        """The last quarters; the opening has no revenue."""
        rows = view.history[1:] if name == "revenue" and len(view.history) > 1 else view.history
        return list(rows[-PAST:])

    def _ticks(self, view: SeatView, past: int, ahead: int, tongue: Tongue) -> list[str]:
        labels = []
        for quarter in range(view.quarter - past, view.quarter + ahead):
            first = quarter % 4 == 0 and quarter >= 0
            labels.append("" if quarter < 0 else tongue.quarter(quarter, "short") if first else f"Q{quarter % 4 + 1}")
        return labels

    def _range(
        self, name: str, view: SeatView, past: Sequence[float], bands: list[list[float]], before: list[list[float]] | None
    ) -> tuple[float, float]:
        """The axis, which may grow while levers move but never shrinks within a quarter."""
        if self._of != (view.seed, view.quarter):
            self._of, self._limits = (view.seed, view.quarter), {}
        every = [0.0, *past, *(q for b in (*bands, *(before or ())) for q in (b[P10], b[P90]))]
        low, high = min(every), max(every)
        known = self._limits.get(name)
        if known is None or low < known[0] or high > known[1]:
            if known is not None:
                low, high = min(low, known[0]), max(high, known[1])
            self._limits[name] = nice_range(low, high)
        return self._limits[name]

    def _facts(self, fans: Fans, before: Fans | None, width: int) -> list[Strip]:
        """Ruin, the worst tenth, share and rank to expect; beside each what it was before the change."""
        session = self.app.session
        assert session is not None
        tongue, p, say = self.app.tongue, self.palette, self.app.tongue.say
        trade = session.main_trade

        def share(f: Fans) -> float:
            return f.share[trade][-1][MEDIAN] if trade in f.share else 0.0

        def rank(f: Fans) -> str:
            low, high = round(f.rank[-1][P25]), round(f.rank[-1][P75])
            return str(low) if low == high else say("futures.from-to", low=low, high=high)

        short = tongue.find(f"tui.segment-short.{trade}") or tongue.segment(trade)
        facts = [
            (say("futures.ruin"), fans.bankrupt[-1], before and before.bankrupt[-1], lambda v: tongue.percent(v, 0), False),
            (f"{say('futures.share')} {short}", share(fans), before and share(before), lambda v: tongue.percent(v), True),
            (say("futures.worst"), fans.worst[0], before and before.worst[0], tongue.money, True),
            (say("futures.rank"), fans.rank[-1][MEDIAN], before and before.rank[-1][MEDIAN], None, False),
        ]  # fmt: skip
        if not fans.rank[-1][MEDIAN]:  # a class whose ranking is hidden
            del facts[-1]
        cells: list[tuple[str, str, str, str]] = []
        for label, now, then, write, high_is_good in facts:
            text = rank(fans) if write is None else write(now)
            old = "" if before is None else rank(before) if write is None else write(then)
            colour = p.text
            if before is not None and text != old:
                colour = p.jade if (now > then) == high_is_good else p.cinnabar
            cells.append((label, minus(text, plain=self.glyphs.plain),
                          say("futures.was", value=minus(old, plain=self.glyphs.plain)) if old and old != text else "", colour))
        if fans.bankrupt[-1] >= 0.2:
            cells[0] = (*cells[0][:3], p.cinnabar)
        # The futures find new money when it is short; whoever will not should see what that is worth.
        alone = fans.unaided if fans.unaided is not None else before.unaided if before is not None else None
        if alone is not None and alone >= fans.bankrupt[-1] + TELLING:
            cells.insert(1, (say("futures.unaided"), tongue.percent(alone, 0), "", p.cinnabar if alone >= 0.2 else p.text))
        columns = 2 if width >= 52 else 1
        size = (width - 3 * (columns - 1)) // columns
        out = []
        for at in range(0, len(cells), columns):
            parts: list[Part] = []
            for n, (label, text, old, colour) in enumerate(cells[at : at + columns]):
                parts.append(("   " if n else "", ink(p.dim)))
                old = old if cell_width(label) + cell_width(text) + cell_width(old) + 2 <= size else ""
                room = size - cell_width(text) - (cell_width(old) + 1 if old else 0)
                parts += [(fit(label, max(room, 0)), ink(p.dim)), (text, ink(colour, bold=True))]
                parts.append((f" {old}" if old else "", ink(p.dim)))
            out.append(row(parts, width, ink(p.text, p.panel)))
        return out
