"""Start states of scenarios that begin later: real states of ``war``, one a background, made by ``baimo lab starts``.

A file ``starts/<scenario>.json`` holds its provenance and, by background, the packed state in base85 of zlib. It is
part of the rules digest, and is made again whenever the rules change.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import msgspec

from .book import Content
from .problems import ContentError, Problem


class Starts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of start states."""

    provenance: str
    """Always ``derived``."""
    recipe: str
    """How the states were made, in words."""
    seeds: dict[str, str]
    """The seed chosen, by background."""
    states: dict[str, str]


def encode_state(packed: bytes) -> str:
    """A packed state as text."""
    return base64.b85encode(zlib.compress(packed, 9)).decode("ascii")


def read_starts(content: Content, scenario: str) -> Starts | None:
    """The start states of a scenario, None where it begins fresh. Raises `ContentError` for a file that is wrong."""
    if content.scenarios[scenario].start == "fresh":
        return None
    file = f"starts/{scenario}.json"
    path = content.starts.get(scenario)
    if path is None:
        raise ContentError([Problem(file, "start", "is missing; `baimo lab starts` makes it")])
    try:
        return msgspec.json.decode(path.read_bytes(), type=Starts)
    except (OSError, msgspec.MsgspecError) as error:
        raise ContentError([Problem(file, "start", f"cannot be read: {error}")]) from error


def start_state(content: Content, scenario: str, background: str) -> bytes | None:
    """Packed state in which ``background`` begins ``scenario``, None where it begins fresh. KeyError if unknown."""
    if scenario not in content.scenarios or background not in content.backgrounds:
        raise KeyError(scenario if scenario not in content.scenarios else background)
    starts = read_starts(content, scenario)
    if starts is None:
        return None
    file = f"starts/{scenario}.json"
    if background not in starts.states:
        raise ContentError([Problem(file, f"states.{background}", "is missing; `baimo lab starts` makes it")])
    try:
        return zlib.decompress(base64.b85decode(starts.states[background]))
    except (ValueError, zlib.error, binascii.Error) as error:
        raise ContentError([Problem(file, f"states.{background}", f"cannot be read: {error}")]) from error
