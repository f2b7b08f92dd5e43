"""One HTML file in both languages: no script, nothing from outside, the language switched by two radio buttons.

A policy in the page's head forbids scripts and every address, so that what people typed could not act even where an
escape was forgotten; it is escaped all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from game.language import LANGS, Tongue

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TAGS: Final = {"zh": "zh-Hans", "en": "en"}
NAMES: Final = {"zh": "中文", "en": "English"}


def document(
    content: Content, lang: Lang, *, head: str, style: str, title: Callable[[Tongue], str],
    body: Callable[[Tongue], Iterable[str]], langs: Sequence[Lang] = LANGS,
) -> str:
    """The page; ``lang`` is shown first, ``head`` is how every page of the kind begins, ``body`` yields HTML.

    With one of ``langs`` alone there is nothing to switch.
    """
    tongues = {other: Tongue(other, content=content) for other in langs}
    radios = "" if len(langs) == 1 else "".join(
        f'<input type="radio" name="lang" id="{other}"{" checked" if other == lang else ""}>'
        f'<label for="{other}" lang="{TAGS[other]}">{NAMES[other]}</label>'
        for other in langs
    )
    bodies = "".join(
        f'<div class="{other}" lang="{TAGS[other]}">{"".join(body(t))}</div>\n' for other, t in tongues.items()
    )
    titles = " · ".join(escape(title(t)) for t in tongues.values())
    return (
        f'{head}<html lang="{TAGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{titles}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{radios}\n<main>\n{bodies}</main>\n</body>\n</html>\n"
    )


# parts of a page; every text is escaped here ------------------------------------------------------------------------


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f"<p{_kind(kind)}>{escape(words)}</p>"


def items(lines: Iterable[str], kind: str = "") -> str:
    """A list of plain texts; nothing where there are none."""
    inner = "".join(f"<li>{escape(t)}</li>" for t in lines)
    return f"<ul{_kind(kind)}>{inner}</ul>" if inner else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of plain texts; the first cell of a row is its head."""
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)
    body = "".join(
        "<tr>" + "".join(f'<th scope="row">{escape(c)}</th>' if i == 0 else f"<td>{escape(c)}</td>" for i, c in enumerate(row))
        + "</tr>"
        for row in rows
    )  # fmt: skip
    return f'<div class="wide"><table{_kind(kind)}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def figure(name: str, note: str, svg: str) -> str:
    """A chart (SVG as it stands) with its name and what is drawn how."""
    return f"<figure><figcaption><b>{escape(name)}</b> <span>{escape(note)}</span></figcaption>{svg}</figure>"


def facts(pairs: Iterable[tuple[str, str]], kind: str = "big") -> str:
    """A few large numbers: what each is, and the number."""
    cells = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in pairs)
    return f'<dl class="{kind}">{cells}</dl>'


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
