"""All faults of a content folder at once, and the report that ``baimo check`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from .book import Content
from .check_archive import check_archive, check_parameters
from .check_calibration import check_free
from .check_cards import check_cards
from .check_ghosts import check_ghosts
from .check_guide import guide_problems
from .check_hour import check_hour
from .check_lessons import lesson_problems
from .check_market import check_market
from .check_texts import check_locale, check_texts
from .check_theses import check_theses
from .checking import Checking
from .load import collect, collect_locale
from .problems import ContentError, Problem
from .starts import start_state

CHECK_VERSION = 1


class Report(msgspec.Struct, frozen=True):
    """What a check found; ``ok`` where nothing is an error. Encoded, it follows tests/schemas/check.json."""

    version: int
    ok: bool
    digest: str
    """Rules digest, or empty where there are errors."""
    counts: dict[str, int]
    problems: list[Problem]


def check_content(content: Content, known: Mapping[str, set[str]] | None = None) -> list[Problem]:
    """Faults of references, numbers, windows and texts of entries that each by itself is well formed."""
    work = Checking(content, known or {})
    check_archive(work)
    check_parameters(work)
    check_free(work)
    check_market(work)
    check_cards(work)
    check_theses(work)
    check_ghosts(work)
    check_hour(work)
    check_texts(work)
    return work.problems


def check(directory: Path | None = None, overlay: Path | None = None) -> Report:
    """Check everything, interface messages and the rules' own list of parameters included. Never raises for content."""
    content, problems = collect(directory, overlay)
    if content is None:
        return Report(CHECK_VERSION, False, "", {}, problems)
    problems = [*problems, *_locale(content), *_rules(content), *_starts(content), *guide_problems(content), *lesson_problems(content)]
    ok = not any(p.severity == "error" for p in problems)
    digest = ""
    if ok:
        from .digest import rules_digest

        digest = rules_digest(content)
    return Report(CHECK_VERSION, ok, digest, content.counts(), problems)


def _locale(content: Content) -> list[Problem]:
    messages, problems = collect_locale(content.directory, content.overlay)
    return [*problems, *check_locale(messages, content)]


def _rules(content: Content) -> list[Problem]:
    """Parameters that the rules want and content lacks, and the reverse."""
    try:
        from .build import effect_problems, parameter_problems
    except ImportError:  # pragma: no cover - only in a checkout without the engine
        message = "the engine is not there, so its parameters were not compared"
        return [Problem("parameters.toml", "", message, "warning")]
    return [*parameter_problems(content), *effect_problems(content)]


def _starts(content: Content) -> list[Problem]:
    """Files of derived start states that are there but cannot be used."""
    problems: list[Problem] = []
    for scenario in content.scenarios.values():
        if scenario.start != "derived" or scenario.id not in content.starts:
            continue  # a missing file was said with the scenario
        for background in content.backgrounds:
            try:
                start_state(content, scenario.id, background)
            except ContentError as error:
                problems += [p for p in error.problems if p not in problems]
    return problems


def require(report: Report) -> None:
    """Raise `ContentError` where a report holds errors."""
    if not report.ok:
        raise ContentError([p for p in report.problems if p.severity == "error"])
