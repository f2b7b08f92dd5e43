"""Founding a firm: seven lines at the left, at the right what the line means and what one starts with."""

from __future__ import annotations

import secrets
from typing import Any, Final

from textual.app import ComposeResult
from textual.containers import Horizontal

from game.engine.names import FIRST_YEAR, SEGMENTS, SOURCES
from game.language import clean_text
from game.tui.app import Founding
from game.tui.kit.chrome import Title
from game.tui.screens.base import BaimoScreen
from game.tui.screens.brand import title
from game.tui.screens.founding_panels import FIELDS, TYPED, Field, FormPanel, StartPanel

SEED_LENGTH: Final = 24
NAME_CELLS: Final = 16


class FoundingScreen(BaimoScreen[None]):
    """Everything a game is made of, on one screen; Enter founds the firm."""

    which = "founding"
    CSS_PATH = "founding.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]  # noqa: RUF012

    def body(self) -> ComposeResult:
        with Horizontal(id="halves"):
            yield FormPanel()
            yield StartPanel()

    def __init__(self) -> None:
        super().__init__()
        self.seed = draw_seed()
        self.firm = ""
        self.chosen = {"scenario": "war", "background": "lab-spin-off", "difficulty": "manager", "assumptions": "none"}

    def on_mount(self) -> None:
        content = self.app.content
        for field, table in self._tables(content).items():
            if self.chosen[field] not in table and table:
                self.chosen[field] = next(iter(table))
        self.query_one(FormPanel).focus()

    @staticmethod
    def _tables(content: Any) -> dict[str, Any]:
        return {
            "scenario": content.scenarios, "background": content.backgrounds, "difficulty": content.difficulties,
            # what is printed first, then whom one may believe instead
            "assumptions": dict(sorted(content.assumptions.items(), key=lambda item: bool(item[1].set))),
        }  # fmt: skip

    def title_line(self) -> Title:
        say = self.tongue.say
        return title(self.tongue, say("ui.screen.founding"), say("screens.founding.line"))

    # telling ----------------------------------------------------------------------------------------------------------
    def tell(self) -> None:
        tongue, say = self.tongue, self.tongue.say
        tables = self._tables(self.app.content)

        def name(field: str) -> str:
            entry = tables[field].get(self.chosen[field])
            return tongue.pick(entry.name) if entry is not None else self.chosen[field]

        values = {field: name(field) for field in tables}
        values |= {"seed": self.seed, "name": self.firm, "language": say("screens.founding.tongue")}
        form = self.query_one(FormPanel)
        fields = tuple(
            Field(f, say(f"screens.founding.label.{f}"), values[f], f in TYPED,
                  f in ("seed", "language") or len(tables.get(f, ())) > 1)
            for f in FIELDS
        )  # fmt: skip
        form.head(say("screens.founding.choices"))
        notes: list[tuple[tuple[str, str], ...]] = []
        scenario = self.app.content.scenarios.get(self.chosen["scenario"])
        if scenario is not None:
            shape = [text for _, text, _ in self._scenario(scenario)[:2]]
            aims = [(tongue.pick(goal.name), "body") for goal in scenario.goals]
            notes.append(((tongue.pick(scenario.name), "head"), (shape[0], "body"),
                          (f"{say('ui.founding.levers')}  {shape[1]}", "body")))  # fmt: skip
            if aims:
                notes.append(((say("ui.panel.goals"), "head"), *aims))
        form.show(fields, say("ui.button.begin"), (*notes, ((say("ui.founding.fair"), "dim"),)))
        self._explain()

    def _explain(self) -> None:
        tongue, say, content = self.tongue, self.tongue.say, self.app.content
        field = self.query_one(FormPanel).current
        paras: list[tuple[str, str, str]] = []
        background = content.backgrounds.get(self.chosen["background"])
        if field in self.chosen:
            entry = self._tables(content)[field].get(self.chosen[field])
            if entry is not None:
                paras.append(("", tongue.text(entry.text), "body"))
            if field == "scenario" and entry is not None:
                paras += self._scenario(entry)
            elif field == "background" and entry is not None:
                paras.append((say("ui.founding.strengths"), tongue.text(entry.strengths), "good"))
                paras.append((say("ui.founding.debts"), tongue.text(entry.debts), "bad"))
            elif field == "difficulty":
                paras.append(("", say("ui.founding.fair"), "dim"))
            elif field == "assumptions" and entry is not None:
                count = len(entry.set)
                paras.append(
                    (
                        "",
                        say("screens.founding.changes", count=count) if count else say("screens.founding.no-changes"),
                        "dim",
                    )
                )
        else:
            paras.append(("", say(f"screens.founding.{field}-help"), "body"))
        panel = self.query_one(StartPanel)
        panel.head(say("ui.button.begin" if field == "begin" else f"ui.founding.{field}"))
        scenario = content.scenarios.get(self.chosen["scenario"])
        derived = scenario is not None and scenario.start == "derived"
        heading = say("screens.founding.start")
        if derived:
            paras.append(("", say("screens.founding.derived"), "dim"))
        table = self._tables(content).get(field, {})
        choices = tuple((tongue.pick(entry.name), name == self.chosen[field]) for name, entry in table.items())
        panel.show(tuple(paras), heading, self._facts(background), choices if len(choices) > 1 else ())

    def _scenario(self, entry: Any) -> list[tuple[str, str, str]]:
        tongue, say = self.tongue, self.tongue.say
        first = (int(entry.first[:4]) - FIRST_YEAR) * 4 + int(entry.first[-1]) - 1
        shape = say("ui.founding.quarters", quarters=entry.quarters, quarter=first)
        levers = say("ui.founding.levers-five" if entry.levers == "five" else "ui.founding.levers-all")
        goals = tongue.join(tongue.pick(goal.name) for goal in entry.goals)
        paras = [(say("screens.founding.length"), shape, "dim"), (say("ui.founding.levers"), levers, "dim")]
        return [*paras, (say("ui.panel.goals"), goals, "dim")] if goals else paras

    def _facts(self, background: Any) -> tuple[tuple[str, str, float | None], ...]:
        """What one starts with: sums beside the most that any background has, the rest in words."""
        if background is None:
            return ()
        tongue, start = self.tongue, background.start
        every = [b.start for b in self.app.content.backgrounds.values()]
        compute = [sum(s.compute.values()) for s in every]
        people = [sum(s.staff.values()) for s in every]
        facts: list[tuple[str, str, float | None]] = []

        def fact(name: str, value: str, now: float | None, most: float) -> None:
            if now is not None:
                facts.append((name, value, now / most if most > 0 else 0.0))

        q = tongue.quantity
        fact(q("cash"), tongue.money(start.cash), start.cash, max(s.cash for s in every))
        fact(
            tongue.say("screens.founding.founders"), tongue.percent(start.founders_share, 0), start.founders_share, 1.0
        )
        fact(q("trust"), tongue.percent(start.trust, 0), start.trust, 1.0)
        fact(q("community"), tongue.number(start.community), start.community, max(s.community or 0.0 for s in every))
        fact(q("credibility"), tongue.percent(start.credibility, 0), start.credibility, 1.0)
        fact(q("compute"), tongue.flops(sum(start.compute.values())), sum(start.compute.values()), max(compute))
        fact(q("staff"), tongue.count(sum(start.staff.values())), float(sum(start.staff.values())), float(max(people)))
        busy = [f"{tongue.segment(s)} {start.staff[s]}" for s in SEGMENTS if start.staff.get(s)]
        chips = [f"{tongue.source(s)} {tongue.flops(start.compute[s])}" for s in SOURCES if start.compute.get(s)]
        sep = "　" if tongue.lang == "zh" else ", "
        if start.route is not None:
            facts.append((q("route"), tongue.route(start.route), None))
        facts.append((self.tongue.say("screens.founding.people"), sep.join(busy), None))
        facts.append((self.tongue.say("screens.founding.chips"), sep.join(chips), None))
        return tuple(facts)

    # changing ---------------------------------------------------------------------------------------------------------
    def on_form_panel_moved(self) -> None:
        self._explain()

    def on_form_panel_change(self, event: FormPanel.Change) -> None:
        tables = self._tables(self.app.content)
        if event.field in tables:
            names = list(tables[event.field])
            if names:
                at = names.index(self.chosen[event.field]) if self.chosen[event.field] in names else 0
                self.chosen[event.field] = names[(at + event.step) % len(names)]
        elif event.field == "language":
            self.app.action_language()
            return
        elif event.field == "seed":
            self.seed = draw_seed()
        self.tell()

    def on_form_panel_typed(self, event: FormPanel.Typed) -> None:
        # what stands in the panel now, not what the message says: more may have been typed since it was sent
        text = next((f.value for f in self.query_one(FormPanel).fields if f.id == event.field), event.text)
        if event.field == "seed":
            self.seed = "".join(clean_text(text, SEED_LENGTH).split())
        else:
            self.firm = clean_text(text, NAME_CELLS) + (" " if text.endswith(" ") and text.strip() else "")
        self.tell()

    def on_form_panel_page(self, event: FormPanel.Page) -> None:
        self.query_one(StartPanel).page(event.step)

    def on_form_panel_found(self) -> None:
        self.app.begin(Founding(
            self.chosen["scenario"], self.chosen["background"], self.chosen["difficulty"], self.chosen["assumptions"],
            self.seed, clean_text(self.firm, NAME_CELLS),
        ))  # fmt: skip


def draw_seed() -> str:
    """A seed out of a hat, short enough to be read out in class."""
    return str(secrets.randbelow(9000) + 1000)
