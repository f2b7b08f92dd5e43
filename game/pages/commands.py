"""What ``baimo odd`` does; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.content.model_text import OddError, sections
from game.language import LANGS, Tongue

from .odd import document

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

REGENERATE: Final = "baimo odd --lang {lang} --out docs/odd.{lang}.md"
"""How the shipped documents are made."""


def odd(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Print the model's documentation, or write it: ``--out FILE`` Markdown, ``--html FILE`` one HTML file.

    A file that is there is written over, for it holds nothing but what content says. Exit code 2 where a file cannot be
    written, 1 where text and content do not fit.
    """
    try:
        if not (args.out or args.html):
            print(document(content, lang), end="")
            return 0
        if args.out:
            _write(args.out, document(content, lang))
        if args.html:
            _write(args.html, html(content, lang))
    except OddError as error:
        print(f"baimo: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"baimo: {error.filename} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2
    return 0


def html(content: Content, lang: Lang) -> str:
    """The documentation as one HTML file."""
    from .html import page

    there = sections(content, lang).values()
    tongue = Tongue(lang, content=content)
    return page(
        document(content, lang), lang=lang, title=next(iter(there)).title, contents=tongue.say("odd.contents"),
        anchors=[(s.id, s.level, s.title) for s in there],
    )  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    """``python -m game.pages.commands``: make docs/odd.zh.md and docs/odd.en.md again."""
    from game.content import load

    content = load()
    folder = content.directory.parent / "docs"
    for lang in LANGS:
        _write(folder / f"odd.{lang}.md", document(content, lang))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
