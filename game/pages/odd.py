"""The model's documentation (ODD protocol, Grimm et al. 2020): our text, with numbers and tables taken from content.

The text stands in ``content/odd/<lang>.md``, cut into sections by `game.content.model_text`. In a line ``{{param:ID}}``
(or ``{{param:ID:ENTRY}}``), ``{{figure:ID}}``, ``{{count:KIND}}`` and ``{{rule:NAME}}`` stand for numbers; alone on a
line ``{{table:NAME}}`` and ``{{equation:NAME}}`` stand for a table and for an equation of
``content/odd/equations.toml``, which both languages share but for its words, ``{中文|English}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from game.content.digest import rules_digest
from game.content.model_text import EQUATIONS, HOLE, OddError, Section, equations, sections, spoken
from game.content.resolve import parameter_value
from game.language import LANGS, Tongue

from . import odd_measured, odd_tables
from .odd_values import entry, sentence
from .tables import Table

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

_ALONE: Final = re.compile(r"\{\{(table|equation):([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a section: ``text`` (a paragraph), ``item`` (of a list), ``equation`` or ``table``."""

    kind: str
    text: str = ""
    table: Table | None = None


def blocks(content: Content, tongue: Tongue, section: Section) -> Iterator[Block]:
    """The pieces of a section with everything filled in. Raises `OddError` for an unknown placeholder."""
    maker = odd_tables.Maker(content, tongue)
    for line in section.lines:
        alone = _ALONE.fullmatch(line)
        if alone is None:
            text = HOLE.sub(lambda hole: _inline(maker, hole[1], section.id), line)
            yield Block("item", text[2:]) if text.startswith("- ") else Block("text", text)
        elif alone[1] == "table":
            yield Block("table", alone[2], _table(maker, alone[2], section.id))
        else:
            known = equations(content)
            if alone[2] not in known:
                raise OddError(f"{_place(maker, section.id)}: there is no equation '{alone[2]}' in {EQUATIONS}")
            yield Block("equation", spoken(known[alone[2]], tongue.lang))


def _place(m: odd_tables.Maker, section: str) -> str:
    return f"odd/{m.tongue.lang}.md, section '{section}'"


def _table(m: odd_tables.Maker, name: str, section: str) -> Table:
    try:
        return odd_tables.make(m, name)
    except KeyError as error:
        raise OddError(f"{_place(m, section)}: there is no table '{name}'") from error


def _inline(m: odd_tables.Maker, hole: str, section: str) -> str:
    """What stands for a placeholder in a sentence."""
    kind, _, rest = hole.partition(":")
    try:
        if kind == "param":
            label, _, key = rest.partition(":")
            p = m.content.parameters[label]
            value = parameter_value(m.content, p)
            if isinstance(value, tuple):
                value = entry(m.tongue, p.by, value, key)
            elif key:
                raise KeyError(key)
            return sentence(m.tongue, p, value)
        if kind == "figure":
            if rest not in m.content.figures:
                raise KeyError(rest)
            return m.tongue.figure(rest)
        if kind == "count":
            return str(len(m.content.of(rest)))
        if kind == "rule":
            return _rule(m, rest)
    except KeyError as error:
        raise OddError(f"{_place(m, section)}: '{{{{{hole}}}}}' names nothing in the content") from error
    raise OddError(f"{_place(m, section)}: the placeholder '{{{{{hole}}}}}' is not known")


def _rule(m: odd_tables.Maker, name: str) -> str:
    """A number or name that the program itself holds."""
    from game.engine import demand, names, quarter_draws, state
    from game.engine.version import RULES_VERSION
    from game.foresight import futures, planner
    from game.foresight.candidates import CHANGES, STRATEGIES

    known: dict[str, object] = {
        "version": RULES_VERSION, "quarters": names.QUARTERS, "segments": len(names.SEGMENTS),
        "sources": len(names.SOURCES), "levers": len(names.LEVERS), "lines": len(names.LINES),
        "accounts": len(names.ACCOUNTS), "bins": state.BINS, "horizon": state.HORIZON,
        "shift-quarters": state.SHIFT_QUARTERS, "lots": quarter_draws.LOTS,
        "fashion-quarters": getattr(demand, "FASHION_QUARTERS", 4), "futures": futures.GAMES,
        "planner-futures": planner.GAMES, "planner-plans": STRATEGIES + CHANGES, "horizon-quarters": futures.QUARTERS,
    }
    if name == "digest":
        return rules_digest(m.content)
    if name == "measured":
        return odd_measured.said(m)
    return str(known[name])


def document(content: Content, lang: Lang) -> str:
    """The whole documentation in Markdown.

    Raises `OddError` where a placeholder is unknown, or where a table, an equation or the other language's sections
    would be left out: nothing is forgotten.
    """
    check(content)
    tongue = Tongue(lang, content=content)
    parts: list[str] = []
    for section in sections(content, lang).values():
        parts.append(f"{'#' * section.level} {section.title}")
        items: list[str] = []
        for block in blocks(content, tongue, section):
            if block.kind == "item":
                items.append(f"- {block.text}")
                continue
            if items:
                parts.append("\n".join(items))
                items = []
            parts.append(_markdown(tongue, block))
        if items:
            parts.append("\n".join(items))
    return "\n\n".join(parts) + "\n"


def _markdown(tongue: Tongue, block: Block) -> str:
    if block.kind == "equation":
        return f"```text\n{block.text}\n```"
    if block.table is not None:
        return block.table.markdown() if block.table.rows else tongue.say("odd.empty")
    return block.text


def check(content: Content) -> None:
    """Raises `OddError` unless both languages show the same sections, every table and every equation."""
    placed = {lang: [(s.id, _placed(s)) for s in sections(content, lang).values()] for lang in LANGS}
    for (a, mine), (b, theirs) in zip(placed["zh"], placed["en"]):
        if a != b:
            raise OddError(f"odd/zh.md has section '{a}' where odd/en.md has '{b}'; both must have the same order")
        if mine != theirs:
            one = sorted(set(mine) ^ set(theirs)) or mine
            raise OddError(f"section '{a}' shows {', '.join(one)} not alike in odd/zh.md and odd/en.md")
    if len(placed["zh"]) != len(placed["en"]):
        raise OddError("odd/zh.md and odd/en.md do not have the same number of sections")
    shown = {name for _, names in placed["zh"] for name in names}
    wanted = [f"table:{name}" for name in odd_tables.needed(content)] + [f"equation:{name}" for name in equations(content)]
    missing = [name for name in wanted if name not in shown]
    if missing:
        raise OddError(f"the documentation leaves out {', '.join(missing)}; write {{{{{missing[0]}}}}} into odd/zh.md and odd/en.md")


def _placed(section: Section) -> list[str]:
    """Tables and equations of a section in their order."""
    return [f"{found[1]}:{found[2]}" for line in section.lines if (found := _ALONE.fullmatch(line))]
