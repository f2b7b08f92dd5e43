"""The text of the model's documentation as content has it: ``odd/zh.md`` and ``odd/en.md``, cut into sections.

A section begins with a heading and its id, ``## Purpose {#purpose}``; every other line is a piece of its own. What the
placeholders in it stand for is the business of `game.pages.odd`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import tomli

from .basics import Text
from .book import Content

FOLDER: Final = "odd"
HOLE: Final = re.compile(r"\{\{([^{}]*)\}\}")
"""A placeholder; what it asks for is group 1."""

EQUATIONS: Final = "equations.toml"
_WORDS: Final = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_HEADING: Final = re.compile(r"(#{1,3}) (.+?) \{#([a-z0-9-]+)\}")


class OddError(ValueError):
    """The text of the documentation and the content do not fit; the message says where, in one sentence."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it before the next one; placeholders in ``lines`` are not filled in yet."""

    id: str
    level: int
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section in both languages, as the codex lists it; ``text`` is without placeholders, to be searched."""

    id: str
    level: int
    name: Text
    text: Text


def sections(content: Content, lang: str) -> Mapping[str, Section]:
    """Sections of one language by id, in their order. Raises `OddError` where the text cannot be read."""
    path = content.directory / FOLDER / f"{lang}.md"
    return _sections(path, stamp(path))


def stamp(path: Path) -> int:
    """When a file was last written, so that what was read of it is known to be out of date; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _sections(path: Path, written: int) -> Mapping[str, Section]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OddError(f"{path} cannot be read: {error}") from error
    found: dict[str, Section] = {}
    head: re.Match[str] | None = None
    body: list[str] = []

    def close() -> None:
        if head is not None:
            if head[3] in found:
                raise OddError(f"{path}: the section id '{head[3]}' stands twice; ids are unique")
            found[head[3]] = Section(head[3], len(head[1]), head[2], tuple(body))

    for line in lines:
        if line.startswith("#"):
            close()
            head, body = _HEADING.fullmatch(line), []
            if head is None:
                raise OddError(f"{path}: the heading '{line}' has no id; write it as '## Title {{#id}}'")
        elif line.strip():
            if head is None:
                raise OddError(f"{path}: the text begins before its first heading")
            body.append(line.strip())
    close()
    if not found:
        raise OddError(f"{path} has no section")
    return found


def chapters(content: Content) -> Mapping[str, Chapter]:
    """Sections of both languages by id; none where a content folder has no documentation or one that cannot be read."""
    paths = [content.directory / FOLDER / f"{lang}.md" for lang in ("zh", "en")]
    return _chapters(paths[0], paths[1], stamp(paths[0]), stamp(paths[1]))


@lru_cache(maxsize=4)
def _chapters(zh_path: Path, en_path: Path, zh_written: int, en_written: int) -> Mapping[str, Chapter]:
    try:
        zh, en = _sections(zh_path, zh_written), _sections(en_path, en_written)
    except OddError:
        return {}
    return {
        label: Chapter(
            label, mine.level, Text(mine.title, en[label].title),
            Text(_plain(mine.lines) or mine.title, _plain(en[label].lines) or en[label].title),
        )
        for label, mine in zh.items() if label in en
    }  # fmt: skip


def _plain(lines: tuple[str, ...]) -> str:
    return HOLE.sub("", "\n".join(lines)).replace("`", "").replace("*", "").strip()


def equations(content: Content) -> Mapping[str, str]:
    """Equations of ``odd/equations.toml`` by name. Raises `OddError` where the file cannot be read."""
    path = content.directory / FOLDER / EQUATIONS
    return _equations(path, stamp(path))


@lru_cache(maxsize=4)
def _equations(path: Path, written: int) -> Mapping[str, str]:
    try:
        data = tomli.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise OddError(f"{path} cannot be read: {error}") from error
    wrong = [name for name, text in data.items() if not isinstance(text, str)]
    if wrong:
        raise OddError(f"{path}: '{wrong[0]}' is not a text")
    return {name: str(text).strip("\n") for name, text in data.items()}


def spoken(equation: str, lang: Literal["zh", "en"]) -> str:
    """An equation with its words in one language: ``{中文|English}``.

    >>> spoken("x = {收入|revenue}", "en")
    'x = revenue'
    """
    return _WORDS.sub(lambda found: found[1 if lang == "zh" else 2], equation)
