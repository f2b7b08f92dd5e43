"""Lesson sheets as one self-contained page: to be printed on A4 sheet by sheet, or shown on a projector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from game.content.lessons import FIXED, sheet_ids
from game.language import LANGS, Tongue

from .bilingual import document
from .lesson_blocks import Block
from .lesson_sheets import SheetPage, audience_of, listed, name_of, sheet
from .lesson_style import STYLE

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

HEAD: Final = "<!DOCTYPE html>\n<!-- baimo lessons -->\n"
"""How every such page begins, so that one may be written over another and over nothing else."""
_CODE: Final = re.compile(r"`([^`]*)`")
_LISTS: Final = {"item": "", "check": "check"}


def lesson_page(content: Content, label: str = "", lang: Lang = "zh", langs: Sequence[Lang] = LANGS) -> str:
    """A sheet by its id as an HTML document, or all of them where ``label`` is empty.

    ``lang`` is shown first; with one of ``langs`` alone the page has that language only. Raises KeyError for an unknown id.
    """
    labels = [label] if label else sheet_ids(content.lessons)
    if label and label not in sheet_ids(content.lessons):
        raise KeyError(label)

    def title(tongue: Tongue) -> str:
        whole: str = tongue.say("class.lessons.title")
        return f"{name_of(content, tongue, label)} – {whole}" if label else whole

    return document(
        content, lang, head=HEAD, style=STYLE, title=title, langs=langs,
        body=lambda tongue: _body(content, tongue, labels),
    )  # fmt: skip


def for_the_wall(content: Content) -> list[str]:
    """Ids of the sheets that a whole class may see: neither a briefing nor an answer, nor what is the teacher's alone."""
    return [label for label in FIXED if audience_of(content, label) in ("board", "student")]


def _body(content: Content, tongue: Tongue, labels: Sequence[str]) -> Iterator[str]:
    if len(labels) > 1:
        yield _contents(content, tongue)
    for label in labels:
        yield section(tongue, sheet(content, tongue, label), alone=len(labels) == 1)


def _contents(content: Content, tongue: Tongue) -> str:
    rows = "".join(
        f'<li><a href="#{_anchor(tongue, label)}">{escape(name)}</a><span>{escape(tongue.say(f"class.lessons.{audience}"))}</span></li>'
        for label, name, audience in listed(content, tongue)
    )
    head = escape(tongue.say("class.lessons.list"))
    return f'<nav class="sheets" aria-label="{head}"><h2>{head}</h2><ul>{rows}</ul></nav>'


def _anchor(tongue: Tongue, label: str) -> str:
    return f"{tongue.lang}-{label}"


def section(tongue: Tongue, page: SheetPage, alone: bool = False) -> str:
    """One sheet as a section of a page."""
    whose = escape(tongue.say(f"class.lessons.{page.audience}"))
    whole = escape(tongue.say("class.lessons.title"))
    kind = escape(f"sheet kind-{page.kind}{' alone' if alone else ''}")
    inner = "".join(_grouped(page.blocks))
    return (
        f'<section class="{kind}" id="{_anchor(tongue, page.id)}"><header><span>{whole}</span><span>{whose}</span></header>'
        f"<h1>{escape(page.name)}</h1>{inner}</section>\n"
    )


def _grouped(blocks: Iterable[Block]) -> Iterator[str]:
    """Blocks as HTML; an exercise is kept together on a page."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "exercise":
            parts.append([])
        parts[-1].append(block)
    yield from _blocks(parts[0])
    yield from (f'<div class="group">{"".join(_blocks(part))}</div>' for part in parts[1:])


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Blocks as HTML; neighbouring items share a list, neighbouring commands a block."""
    for form, group in groupby(blocks, key=lambda b: (b.form, b.kind) if b.form in _LISTS else b.form):
        together = list(group)
        if isinstance(form, tuple):
            kind = " ".join(k for k in (_LISTS[form[0]], form[1]) if k)
            yield f"<ul{_class(kind)}>{''.join(_item(b) for b in together)}</ul>"
        elif form == "code":
            yield f'<pre class="code">{escape(chr(10).join(b.text for b in together))}</pre>'
        else:
            yield from (_block(b) for b in together)


def _item(block: Block) -> str:
    note = f'<span class="note">{_text(block.note)}</span>' if block.note else ""
    return f"<li>{_tag(block.label)}{_text(block.text)}{note}</li>"


def _block(b: Block) -> str:
    if b.form in ("head", "sub"):
        level = "h2" if b.form == "head" else "h3"
        return f"<{level}{_class(b.kind)}>{_tag(b.label)}{_text(b.text)}</{level}>"
    if b.form == "table":
        return _table(b)
    if b.form == "facts":
        pairs = "".join(f"<dt>{_text(k)}</dt><dd>{_text(v)}</dd>" for k, v in b.rows)
        return f'<dl class="facts">{pairs}</dl>'
    if b.form == "lines":
        return _lines(b.count)
    if b.form == "curve":
        return f'<figure class="curve">{b.svg}</figure>'
    if b.form == "ask":
        if b.kind == "name":
            return f'<p class="ask">{_text(b.text)} <span class="named">&nbsp;</span></p>'
        return f'<p class="ask{" numbered" if b.label else ""}">{_tag(b.label)}{_text(b.text)}</p>{_lines(b.count)}'
    label = f"<b>{escape(b.label)}</b>" if b.label else ""
    return f"<p{_class(' '.join(k for k in (b.form, b.kind) if k and k != 'text'))}>{label}{_text(b.text)}</p>"


def _lines(count: int) -> str:
    return '<div class="rules"></div>' * count


def _table(b: Block) -> str:
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in b.head)
    rows = "".join(
        "<tr>" + "".join(f'<th scope="row">{_cell(c)}</th>' if i == 0 else f"<td>{_cell(c)}</td>" for i, c in enumerate(row)) + "</tr>"
        for row in b.rows
    )
    return f'<div class="wide"><table{_class(b.kind)}><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(text: str) -> str:
    lines = text.split("\n")
    return _text(text) if len(lines) == 1 else "".join(f'<span class="line">{_text(line)}</span>' for line in lines)


def _text(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _tag(label: str) -> str:
    return f'<span class="tag">{escape(label)}</span>' if label else ""


def _class(kind: str) -> str:
    return f' class="{escape(kind)}"' if kind else ""
