"""All faults of one entry that does not fit its type, in plain words.

msgspec stops at the first fault; this walks the entry again and tells each. It runs only for entries that failed.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from .problems import did_you_mean

_PATH = re.compile(r" - at `[^`]*`$")
_WORDS = {
    "str": "a text in quotes", "float": "a number", "int": "a whole number", "bool": "true or false",
    "object": "a table { ... }", "array": "a list [ ... ]", "null": "nothing",
}
_LANGUAGES = {"zh": "Chinese", "en": "English"}


def faults(value: Any, kind: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, message) of every fault of ``value`` as a ``kind``; nothing where it fits."""
    try:
        msgspec.convert(value, type=kind, strict=True)
        return
    except msgspec.ValidationError as error:
        text = str(error)
    inner = _inner(kind, value)
    if inner is not None:
        kind = inner
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    found = False
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        for fault in _struct(value, kind, key):
            found = True
            yield fault
    elif origin is list and isinstance(value, list) and arguments:
        for index, item in enumerate(value):
            for fault in faults(item, arguments[0], f"{key}[{index}]"):
                found = True
                yield fault
    elif origin is dict and isinstance(value, dict) and len(arguments) == 2:
        for name, item in value.items():
            for fault in faults(item, arguments[1], f"{key}.{name}" if key else name):
                found = True
                yield fault
    if not found:
        yield key, _plain(_PATH.sub("", text), value, kind)


def _struct(value: dict[str, Any], kind: type[msgspec.Struct], key: str) -> Iterator[tuple[str, str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value:
        if name not in fields:
            yield _join(key, name), f"unknown key{did_you_mean(name, [f for f in fields if f not in value], limit=20)}"
    for name, field in fields.items():
        if name in value:
            yield from faults(value[name], field.type, _join(key, name))
        elif field.required:
            if name in _LANGUAGES and set(fields) == set(_LANGUAGES):
                message = f"the {_LANGUAGES[name]} text is missing; write {name} = \"...\" beside the other"
                yield _join(key, name), message
            else:
                yield _join(key, name), "required key is missing"


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _inner(kind: Any, value: Any) -> Any:
    """The member of a union (or annotated type) that a value was meant as, or None for kinds without members."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    for member in typing.get_args(kind):
        bare = _inner(member, value)
        origin = typing.get_origin(bare)
        struct = isinstance(bare, type) and issubclass(bare, msgspec.Struct)
        if isinstance(value, dict) and (origin is dict or struct):
            return bare
        if isinstance(value, list) and origin is list:
            return bare
    return None


def _plain(text: str, value: Any, kind: Any) -> str:
    """A msgspec message in the words of someone who writes TOML."""
    if "matching regex" in text:
        if r"\S" in text:
            return "the text is empty; write it"
        if "Q[1-4]" in text:
            return f"'{value}' is not a quarter; write it like 2024Q1"
        if "_" in text:
            return f"'{value}' is not a parameter's id; use small letters, digits and underscores"
        return f"'{value}' is not an id; use small letters, digits and single hyphens (kebab-case)"
    if text.startswith("Invalid enum value"):
        options = [str(o) for o in _literals(kind) if o != ""]
        return f"'{value}' is not allowed{did_you_mean(str(value), options, limit=12)}"
    match = re.fullmatch(r"Expected `([^`]*)`(.*), got `([^`]*)`", text)
    if match:
        wanted = " or ".join(_WORDS.get(w.strip(), w.strip()) for w in match.group(1).split("|") if w.strip() != "null")
        return f"expected {wanted}{match.group(2)}, found {_WORDS.get(match.group(3), match.group(3))}"
    match = re.fullmatch(r"Expected `([^`]*)` (.*)", text)
    if match:
        return f"is {value!r}; expected {_WORDS.get(match.group(1), match.group(1))} {match.group(2)}"
    return text


def _literals(kind: Any) -> Iterator[Any]:
    if typing.get_origin(kind) is typing.Literal:
        yield from typing.get_args(kind)
    else:
        for member in typing.get_args(kind):
            yield from _literals(member)
