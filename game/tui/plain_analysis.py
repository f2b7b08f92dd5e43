"""The analysis in the plain game: the text of ``baimo analyse``, computed by the process that the screen uses."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from game.lab.analysis.model import FULL, MOST_RUNS, QUICK, Analysis, Budget, Comparison
from game.pages.analysis_text import text
from game.tui.analyst import Analyst, Broken, ProcessAnalyst
from game.tui.plain_words import fold

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Tongue

FULLER = ("full", "完整")


def asked(rest: str, host: Any, listed: Sequence[Any]) -> tuple[list[Path], Budget]:
    """Files and budget that the words of a command mean; no files where they mean none.

    Without numbers it is the game at hand, as far as it is on disk.
    """
    words = fold(rest).split()
    budget = FULL if any(word in FULLER for word in words) else QUICK
    rest_of = [word for word in words if word not in FULLER]
    if not rest_of:
        look = getattr(host, "run_file", None)
        file = look() if look is not None else None
        return ([file] if file is not None else []), budget
    places = [int(word[:4]) for word in rest_of if word.isdecimal()]
    if len(places) < len(rest_of) or len(places) > MOST_RUNS or not all(1 <= n <= len(listed) for n in places):
        return [], budget
    return [listed[n - 1].path for n in places], budget


async def analysed(
    content: Content, tongue: Tongue, files: Sequence[Path], budget: Budget, analyst: Analyst | None = None
) -> list[str]:
    """Lines of the analysis; a sentence for each file that cannot be read and for work that broke off."""
    lines: list[str] = []
    runs: dict[int, Analysis] = {}
    comparison: Comparison | None = None
    try:
        async with aclosing((analyst or ProcessAnalyst(content)).listen(files, [budget])) as news:
            async for told in news:
                if told.refused is not None:
                    lines.append(tongue.message(told.refused))
                if told.analysis is not None:
                    runs[told.place] = told.analysis
                comparison = told.comparison or comparison
    except Broken:
        lines.append(tongue.say("screens.plain.analysis-broken"))
    if comparison is None or not runs:
        return lines
    found = msgspec.structs.replace(comparison, runs=[runs[place] for place in sorted(runs)])
    return [*lines, *text(found, tongue)]
