"""`Content`: everything that was read, by kind and id, and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import schema as s
from . import schema_ghosts as sg
from . import schema_guide as sgd
from . import schema_hour as sh
from . import schema_theses as st
from .problems import Problem
from .references import guide_pages, readers, users

if TYPE_CHECKING:
    from .lessons import Lessons


@dataclass(frozen=True, eq=False)
class Content:
    """A checked content folder with its overlay laid over it. All mappings go from id to entry, in file order."""

    directory: Path
    overlay: Path | None = None
    units: Mapping[str, s.Named] = field(default_factory=dict)
    topics: Mapping[str, s.Named] = field(default_factory=dict)
    kinds: Mapping[str, s.Named] = field(default_factory=dict)
    articles: Mapping[str, s.Article] = field(default_factory=dict)
    figures: Mapping[str, s.Figure] = field(default_factory=dict)
    sources: Mapping[str, s.Source] = field(default_factory=dict)
    entities: Mapping[str, s.Entity] = field(default_factory=dict)
    theses: Mapping[str, s.Thesis] = field(default_factory=dict)
    cautions: Mapping[str, s.Caution] = field(default_factory=dict)
    parameters: Mapping[str, s.Parameter] = field(default_factory=dict)
    segments: Mapping[str, s.Segment] = field(default_factory=dict)
    levers: Mapping[str, s.Lever] = field(default_factory=dict)
    five: Mapping[str, s.FiveRow] = field(default_factory=dict)
    archetypes: Mapping[str, s.Archetype] = field(default_factory=dict)
    rivals: Mapping[str, s.Rival] = field(default_factory=dict)
    backgrounds: Mapping[str, s.Background] = field(default_factory=dict)
    difficulties: Mapping[str, s.Difficulty] = field(default_factory=dict)
    cards: Mapping[str, s.Card] = field(default_factory=dict)
    scenarios: Mapping[str, s.Scenario] = field(default_factory=dict)
    assumptions: Mapping[str, s.Assumptions] = field(default_factory=dict)
    facts: Mapping[str, s.Fact] = field(default_factory=dict)
    free: Mapping[str, s.Free] = field(default_factory=dict)
    mechanisms: Mapping[str, st.Mechanism] = field(default_factory=dict)
    measures: Mapping[str, st.Measure] = field(default_factory=dict)
    expressions: Mapping[str, st.Expression] = field(default_factory=dict)
    headlines: Mapping[str, s.Headline] = field(default_factory=dict)
    endings: Mapping[str, s.Ending] = field(default_factory=dict)
    ghosts: Mapping[str, sg.Ghost] = field(default_factory=dict)
    stages: Mapping[str, sh.Stage] = field(default_factory=dict)
    steps: Mapping[str, sh.Step] = field(default_factory=dict)
    achievements: Mapping[str, sh.Achievement] = field(default_factory=dict)
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """File of every entry, by (kind, id)."""
    warnings: tuple[Problem, ...] = ()

    def of(self, kind: str) -> Mapping[str, Any]:
        """Entries of one kind by its name in the files (``figure``, ``card`` ...); KeyError for an unknown kind."""
        table: Mapping[str, Any] = getattr(self, FIELDS[kind])
        return table

    @cached_property
    def locale(self) -> Mapping[str, s.Text]:
        """Interface messages by dotted key, read on first use. Raises `ContentError` where a file is wrong."""
        from .load import load_locale

        return load_locale(self.directory, self.overlay)

    @cached_property
    def guides(self) -> Mapping[str, sgd.Guide]:
        """Reference texts of the codex by id, read on first use; one that is wrong is left out, and `check` says why."""
        from .guides import collect_guides

        return collect_guides(self.directory, self.overlay)[0]

    @cached_property
    def lessons(self) -> Lessons:
        """Plans, roles, debrief and worksheets, read on first use; what is wrong is left out, and `check` says why."""
        from .lessons import collect_lessons

        return collect_lessons(self.directory, self.overlay)[0]

    @cached_property
    def starts(self) -> Mapping[str, Path]:
        """Files of derived start states by scenario id (``starts/<id>.*``), the overlay's before the shipped."""
        found: dict[str, Path] = {}
        for folder in (self.directory, self.overlay):
            if folder is not None and (folder / "starts").is_dir():
                for path in sorted((folder / "starts").iterdir()):
                    if path.is_file() and not path.name.startswith("."):
                        found[path.name.split(".")[0]] = path
        return found

    @cached_property
    def disowned(self) -> Mapping[str, tuple[str, ...]]:
        """Figures that a caution disowns, with the ids of those cautions."""
        found: dict[str, tuple[str, ...]] = {}
        for caution in self.cautions.values():
            for figure in caution.disowns:
                found[figure] = (*found.get(figure, ()), caution.id)
        return found

    def cautions_of(self, figure: str) -> list[s.Caution]:
        """Cautions that speak of a figure."""
        return [c for c in self.cautions.values() if figure in c.figures or figure in c.disowns]

    @cached_property
    def used_by(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """(kind, id) of every card, parameter, fact, scenario, rival and page of the guide that refers to a figure."""
        return users(self)

    @cached_property
    def read_by(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """(kind, id) of everything that engine or policies read and that rests on a figure, by figure.

        Without assumptions; `game.content.references.readers` tells it for an overlay.
        """
        return readers(self)

    @cached_property
    def guide_of(self) -> Mapping[tuple[str, str], sgd.Guide]:
        """The reference text of a page by (kind, id); a rival without one of its own has its archetype's."""
        found: dict[tuple[str, str], sgd.Guide] = {}
        for own in (False, True):
            for guide in self.guides.values():
                for page in guide_pages(self, guide):
                    if own == (f"{page[0]}:{page[1]}" in guide.about):
                        found[page] = guide
        return found

    def fact_kind(self, fact: str, assume: str = "none") -> str:
        """``input`` where anything that the rules read rests on a figure of the fact, else ``emergent``.

        An overlay that reads a figure of the fact makes it input under that overlay only.
        """
        read = self.read_by if assume == "none" else readers(self, assume)
        return "input" if any(f in read for f in self.facts[fact].figures) else "emergent"

    def counts(self) -> dict[str, int]:
        """How much there is: figures, figures_used, cards, scenarios, rivals, parameters, theses."""
        return {
            "figures": len(self.figures), "figures_used": len([f for f in self.figures if f in self.used_by]),
            "cards": len(self.cards), "scenarios": len(self.scenarios), "rivals": len(self.rivals),
            "parameters": len(self.parameters), "theses": len(self.theses),
        }

    def cards_of(self, scenario: str) -> list[s.Card]:
        """Cards allowed in a scenario, in file order."""
        allowed = self.scenarios[scenario].cards
        return [c for c in self.cards.values() if allowed == "all" or c.id in allowed]


FIELDS = {
    "unit": "units", "topic": "topics", "kind": "kinds", "article": "articles", "figure": "figures",
    "source": "sources", "entity": "entities", "thesis": "theses", "caution": "cautions", "parameter": "parameters",
    "segment": "segments", "lever": "levers", "five": "five", "archetype": "archetypes", "rival": "rivals",
    "background": "backgrounds", "difficulty": "difficulties", "card": "cards", "scenario": "scenarios",
    "assumptions": "assumptions", "fact": "facts", "free": "free", "mechanism": "mechanisms",
    "measure": "measures", "expression": "expressions", "headline": "headlines", "ending": "endings",
    "ghost": "ghosts",
    "guide": "guides",
    "stage": "stages", "step": "steps", "achievement": "achievements",
}
"""Field of `Content` for each kind of entry."""
