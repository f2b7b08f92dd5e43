"""What ``baimo odd`` does; `game.cli` reads the arguments."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from game.content.model_text import OddError, sections
from game.language import LANGS, Tongue
from game.language.output import clean

from .odd import document

if TYPE_CHECKING:
    from game.content import Content
    from game.language import Lang

REGENERATE: Final = "baimo odd --lang {lang} --out docs/odd.{lang}.md"
"""How the shipped documents are made."""


def odd(args: argparse.Namespace, content: Content, lang: Lang) -> int:
    """Print the model's documentation, or write it: ``--out FILE`` Markdown, ``--html FILE`` one HTML file.

    Documentation that is there is written over, for it holds nothing but what content says; any other file stays. Exit
    code 2 where a file cannot be written, 1 where text and content do not fit.
    """
    try:
        texts = [(path, make) for path, make in ((args.out, document), (args.html, html)) if path]
        if not texts:
            text = document(content, lang)
        for path, make in texts:
            text = make(content, lang)
            if not _ours(path, text):
                print(f"baimo: {clean(path)} exists already and is no such documentation; choose another name.", file=sys.stderr)
                return 2
            _write(path, text)
    except OddError as error:
        print(f"baimo: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"baimo: {clean(path)} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2
    if not texts:
        print(text, end="")  # what goes wrong with standard output is told by whoever owns it
    return 0


def _ours(path: Path, text: str) -> bool:
    """Whether ``path`` may take ``text``: there is no such file, or it holds an earlier one (its head is the same)."""
    if not path.is_file():
        return True
    head = text[: text.index("\n", text.find("<title>") + 1)].encode()
    with path.open("rb") as file:
        return file.read(len(head) + 2).replace(b"\r\n", b"\n").startswith(head)


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
