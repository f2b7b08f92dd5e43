"""What every entry of content is made of: ids, texts in both languages, plain limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Filled = Annotated[str, Meta(pattern=r"\S")]
Quarter = Annotated[str, Meta(pattern=r"^20[0-9][0-9]Q[1-4]$")]
Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
Weight = Annotated[float, Meta(ge=0)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all values here: immutable, unknown keys refused."""


class Text(Entry, frozen=True):
    """The same thing said in both languages, each written by itself."""

    zh: Filled
    en: Filled

    def __getitem__(self, lang: str) -> str:
        """Text in ``zh`` or ``en``; KeyError for anything else."""
        if lang == "zh":
            return self.zh
        if lang == "en":
            return self.en
        raise KeyError(lang)


def texts_of(value: Any, key: str = "") -> Iterator[tuple[str, Text]]:
    """(key, text) of every text inside an entry, however deep."""
    if isinstance(value, Text):
        yield key, value
    elif isinstance(value, Entry):
        for name in value.__struct_fields__:
            item = getattr(value, name)
            if isinstance(item, (Entry, list, tuple, dict)):
                yield from texts_of(item, f"{key}.{name}" if key else name)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from texts_of(item, f"{key}[{index}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts_of(item, f"{key}.{name}")
