"""Checks of guide/: every page that needs a reference text has exactly one, every reference leads somewhere, and no number
is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from . import schema as s
from .allowed import ALLOWED_TERMS
from .book import Content
from .check_texts import check_placeholders
from .checking import Checking
from .guides import FOLDER, collect_guides
from .model_text import OddError, chapters, equations
from .problems import Problem, Severity, did_you_mean
from .references import PLACEHOLDER, figures_in
from .schema_guide import Guide

ABOUT: Final = ("lever", "mechanism", "segment", "archetype")
"""Kinds of which every entry must have its text; a rival is told about by its archetype, or by itself."""
SEE: Final = (
    "lever", "mechanism", "segment", "rival", "card", "thesis", "fact", "parameter", "figure", "entity", "caution", "ending",
    "assumptions", "model",
)
"""Kinds that a text may point to."""

_DIGIT: Final = re.compile(r"[0-9０-９①-⑳½¼¾⅓⅔]+")
_ZH_AMOUNT: Final = re.compile(r"百分之|[一二三四五六七八九十百千万亿两]+(?:成|折|倍|个百分点)|[二三四五六七八九十百千万亿两](?:个季度|年)")
_EN_AMOUNT: Final = re.compile(
    r"\b(?:[a-z]+ (?:per cent|percent|percentage points?)|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|hundreds?)"
    r" (?:times|quarters|years|months|people|million|billion))\b", re.IGNORECASE,
)  # fmt: skip


def covered(content: Content) -> dict[tuple[str, str], list[Guide]]:
    """Guides by the (kind, id) of the pages that they are about."""
    found: dict[tuple[str, str], list[Guide]] = {}
    for guide in content.guides.values():
        for place in guide.about:
            kind, _, label = place.partition(":")
            found.setdefault((kind, label), []).append(guide)
    return found


@dataclass
class _Work(Checking):
    """As `Checking`; the files of guides are not among those of a content, which is read without them."""

    places: Mapping[str, str] = field(default_factory=dict)

    def add(self, kind: str, label: str, key: str, message: str, severity: Severity = "error") -> None:
        if kind == "guide":
            place = f"guide[{label}]{'.' + key if key else ''}"
            self.problems.append(Problem(self.places.get(label, FOLDER), place, message, severity))
        else:
            super().add(kind, label, key, message, severity)


def guide_problems(content: Content) -> list[Problem]:
    """All faults of the guide of a content; one without any is not asked for it."""
    guides, places, problems = collect_guides(content.directory, content.overlay)
    if not guides:
        return problems
    work = _Work(content, {"guide": set(guides)}, [*problems], places)
    check_guide(work)
    return work.problems


def check_guide(work: Checking) -> None:
    """Faults of texts that each by itself is well formed."""
    content = work.content
    pages = covered(content)
    for (kind, label), guides in pages.items():
        if len(guides) > 1:
            first, second = guides[0].id, guides[1].id
            work.add("guide", second, "about", f"'{kind}:{label}' is told about by guide '{first}' already; keep one of the two")
    for kind in ABOUT:
        for label in content.of(kind):
            if (kind, label) not in pages:
                work.add(kind, label, "", f"has no text in guide/; write a [[guide]] with about = [\"{kind}:{label}\"]")
    try:
        known: Mapping[str, str] = equations(content)
    except OddError:
        known = {}
    for guide in content.guides.values():
        _references(work, guide, known)
        for key, text in s.texts_of(guide):
            check_placeholders(work, "guide", guide.id, key, text)
            _numbers(work, guide.id, key, text)


def _references(work: Checking, guide: Guide, known: Mapping[str, str]) -> None:
    for key, places, kinds in (("about", guide.about, (*ABOUT, "rival")), ("see", guide.see, SEE)):
        work.twice("guide", guide.id, key, places)
        for place in places:
            kind, _, label = place.partition(":")
            if kind not in kinds:
                work.add("guide", guide.id, key, f"'{kind}' is no kind that can stand here{did_you_mean(kind, kinds, limit=20)}")
            elif kind != "model":
                work.refer("guide", guide.id, key, kind, label)
            elif label not in (there := chapters(work.content)):
                work.add("guide", guide.id, key, f"the model has no section '{label}'{did_you_mean(label, there)}")
    for name in guide.equations:
        if name not in known:
            hint = did_you_mean(name, known)
            work.add("guide", guide.id, "equations", f"there is no equation '{name}' in odd/equations.toml{hint}")
    for key, kind, labels in (
        ("parameters", "parameter", guide.parameters), ("figures", "figure", guide.figures),
        ("cautions", "caution", guide.cautions),
    ):  # fmt: skip
        work.twice("guide", guide.id, key, labels)
        work.refer("guide", guide.id, key, kind, labels)
    shown = {f for _, text in s.texts_of(guide) for side in (text.zh, text.en) for f in figures_in(side)}
    for figure in sorted(shown - set(guide.figures)):
        work.add("guide", guide.id, "figures", f"a text shows figure '{figure}'; name it here too")


def _numbers(work: Checking, label: str, key: str, text: s.Text) -> None:
    """A number in a text is a figure's or a parameter's, and those are shown, not typed; firms are not named here."""
    for lang in ("zh", "en"):
        side = text[lang]
        for match in PLACEHOLDER.finditer(side):
            if not match[1].startswith("figure:"):
                work.add("guide", label, f"{key}.{lang}", f"{{{match[1]}}} stands for a firm; a reference text names none")
        for found in typed(side, lang):
            message = f"'{found}' is a number of its own; show a figure ({{figure:...}}) or name the parameter"
            work.add("guide", label, f"{key}.{lang}", message)


def typed(text: str, lang: str) -> Iterator[str]:
    """Numbers that a text types instead of showing them: digits, and amounts in words with their unit.

    >>> list(typed("{figure:price-war-cut} in 2024", "en")), list(typed("降了三成", "zh"))
    (['2024'], ['三成'])
    """
    text = PLACEHOLDER.sub("·", text)
    for term in ALLOWED_TERMS:
        text = text.replace(term, "·")
    for pattern in (_DIGIT, _ZH_AMOUNT if lang == "zh" else _EN_AMOUNT):
        for found in pattern.finditer(text):
            yield found.group()
