"""The lines of a run file and the chain of checksums that binds them.

A line is one JSON object. In the chain its last field is ``checksum``: the SHA-256 of the previous line's checksum
(as 64 hex digits, nothing for the head) followed by the exact bytes of this line up to that field, so that a changed
space shows as well as a changed number. Later formats keep this for the head, so that any program can tell an intact
newer run from a damaged one. Reasons stand outside the chain: whoever must forget what a person wrote may delete
those lines, and the salted hash in the quarter's line then says nothing about the text.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import Final, TypeAlias

import msgspec

from game.table.wire import Row

FORMAT: Final = 2
"""Newest version of the file's layout, raised when an older program could not read the file."""
PLAIN: Final = 1
"""Layout of a run that nothing is done to from outside. Every such run is still written so, byte for byte as before:
only what an older program would take for damage or forgery (cards dealt to all, an opening that scenario and seed do
not give) makes a run one of `FORMAT`, which that program names as newer instead."""
FORMATS: Final = (PLAIN, FORMAT)
"""Layouts that are read as they stand; older ones go through `game.table.migrate`."""

HEAD_MARK: Final = b'{"kind":"head","format":'
REASON_MARK: Final = b'{"kind":"reason",'
_TAIL: Final = re.compile(rb',"checksum":"([0-9a-f]{64})"\}')
_TAIL_SIZE: Final = 79
_SALT: Final = re.compile(r"[0-9a-f]{32}\Z")
MAX_STATE: Final = 16 * 2**20
"""Bytes of an unpacked state; a file that claims more is not ours (files come from strangers)."""
MAX_REASON: Final = 2000
"""Characters of a reason that are kept."""


MARKED: Final = "marked"
FORBIDDEN: Final = "forbidden"


class Overlay(msgspec.Struct, frozen=True):
    """A content folder or assumptions laid over the shipped ones."""

    id: str
    digest: str


class Parent(msgspec.Struct, frozen=True):
    """Where a fork left its parent: the parent's checksum before ``quarter``, the first quarter played anew."""

    checksum: str
    quarter: int


class Head(msgspec.Struct, frozen=True, tag_field="kind", tag="head"):
    """What identifies a run: played again from here with the same decisions, it is the same run."""

    format: int
    program: str
    rules: str
    """Version of the rules, raised when behaviour changes."""
    digest: str
    """Digest of everything that rules and policies read, hex."""
    overlays: list[Overlay]
    scenario: str
    background: str
    difficulty: str
    assume: str
    levers: str
    """``all`` or ``five``."""
    seed: str
    """128 bits as 32 hex digits."""
    seed_text: str
    """The seed as typed."""
    firms: list[str]
    """Stable ids of the firms."""
    seats: list[str]
    """Who decides for each firm: ``human`` or the id of a policy."""
    firm: int
    """The firm this run is about."""
    first: int
    """First quarter, counted from 2023 Q1."""
    quarters: int
    """Length of the scenario."""
    deck: list[str]
    """Ids of the cards in the order in which states count them."""
    created: str
    """ISO date and time, as the caller gave it."""
    parent: Parent | None = None
    undone: bool = False
    """Whether a quarter was taken back: marked wherever runs are compared."""
    player: str = ""
    """Name or number the player goes by, may be empty."""
    assignment: str = ""
    """Id of the assignment it was played for."""
    undo: str = MARKED
    """``marked`` (a quarter may be taken back, and the run says so) or ``forbidden``."""
    planned: dict[int, list[str]] = {}
    """Cards dealt to every firm when a quarter opens, by quarter."""
    opening: bytes = b""
    """State that it begins in, as `pack_state` gives it, where scenario and seed do not give it."""
    parents: list[Parent] = []
    """Runs whose firms the opening holds, in the order of the firms."""
    to_the_end: bool = False
    """Whether all quarters are played even if no firm that people run still trades."""

    @property
    def backgrounds(self) -> list[str]:
        """Background of every firm that people run or could run, by row."""
        return self.background.split(" ")

    @property
    def own_background(self) -> str:
        """Background of the firm this run is about; empty for a rival."""
        return self.backgrounds[self.firm] if self.firm < len(self.backgrounds) else ""

    @property
    def plain(self) -> bool:
        """Whether an older program could play it."""
        return not (self.planned or self.opening or self.parents or self.to_the_end)


class Dealt(msgspec.Struct, frozen=True, tag_field="act", tag="dealt"):
    """A card was dealt to every firm while the quarter was open (planned ones stand in the head)."""

    card: str


class FoundAgain(msgspec.Struct, frozen=True, tag_field="act", tag="found-again"):
    """The people of a firm that had ended founded a small one in its place."""

    firm: int


class Managed(msgspec.Struct, frozen=True, tag_field="act", tag="managed"):
    """Default management decided for a firm whose people were absent."""

    firm: int


Outside: TypeAlias = Dealt | FoundAgain | Managed
"""Something done from outside before a quarter was played."""


class Quarter(msgspec.Struct, frozen=True, tag_field="kind", tag="quarter"):
    """One quarter: what every firm decided and where that led."""

    quarter: int
    """Counted from 2023 Q1."""
    label: str
    decisions: list[Levers]
    """Per firm the levers that differ from the quarter before; in the first quarter all. Null: nothing given."""
    drafts: dict[int, dict[str, float]]
    """Levers that people moved, by firm; none for a firm whose people did not decide."""
    digest: str
    """Digest of the state at the quarter's end, hex."""
    rows: dict[int, Row]
    """Headline numbers of firms that people run (of ``Head.firm`` if none), by firm."""
    cards: dict[int, str]
    """Card that lay before a firm, by firm."""
    reasons: dict[int, str]
    """Hash of the reason given, by firm."""
    state: bytes
    """State at the quarter's end, zlib."""
    outside: list[Outside] = []
    """What was done from outside before it was played, in order."""


class Rules(msgspec.Struct, frozen=True, tag_field="kind", tag="rules"):
    """From here on the run was played by other rules than its head names."""

    program: str
    rules: str
    digest: str
    overlays: list[Overlay]
    deck: list[str]


class End(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    """The game is over."""

    endings: dict[int, str]
    """Id of the ending, by firm that a person ran."""
    rows: dict[int, Row]
    """Final numbers, by firm."""


class Reason(msgspec.Struct, frozen=True, tag_field="kind", tag="reason"):
    """Why, in the player's own words. Outside the chain."""

    quarter: int
    firm: int
    salt: str
    text: str


Levers: TypeAlias = dict[str, float | None]
"""Values of levers by name; None where a lever may be left empty (guidance)."""

Chained: TypeAlias = Head | Quarter | Rules | End
Line: TypeAlias = Head | Quarter | Rules | End | Reason

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line, strict=True)


def decode_line(raw: bytes) -> Line:
    """Line from its bytes.

    Raises `msgspec.DecodeError` where the bytes are no such line. Checksums are not looked at.
    """
    try:
        return _decoder.decode(raw)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


_NEW_HEAD: Final = (
    b',"assignment":"","undo":"marked","planned":{},"opening":"","parents":[],"to_the_end":false'
)
_NEW_QUARTER: Final = b',"outside":[]'


def _body(line: Chained) -> bytes:
    """Bytes of a line without its closing brace. Fields that came with `FORMAT` are left out where they say nothing, so
    that such a line is what it always was."""
    raw = _encoder.encode(line)[:-1]
    return raw.removesuffix(_NEW_HEAD if isinstance(line, Head) else _NEW_QUARTER)


def encode_reason(reason: Reason) -> bytes:
    """The one spelling of a reason's line, without the newline."""
    return _encoder.encode(reason)


def seal(line: Chained, before: str) -> tuple[bytes, str]:
    """Bytes of a line with its checksum (no newline), and that checksum; ``before`` is the previous one.

    >>> raw, checksum = seal(End({0: "bankrupt"}, {}), "")
    >>> unseal(raw) == (raw[:-len(',"checksum":""}') - 64], checksum)
    True
    """
    return seal_bytes(_body(line), before)


def seal_bytes(body: bytes, before: str) -> tuple[bytes, str]:
    """As `seal`, from the bytes of a line up to its checksum."""
    checksum = link(body, before)
    return body + b',"checksum":"' + checksum.encode() + b'"}', checksum


def unseal(raw: bytes) -> tuple[bytes, str] | None:
    """Bytes up to the checksum and the checksum a line states, or None where it states none."""
    found = _TAIL.fullmatch(raw[-_TAIL_SIZE:])
    return (raw[:-_TAIL_SIZE], found[1].decode()) if found else None


def link(body: bytes, before: str) -> str:
    """Checksum of a line with these bytes after a line with that checksum."""
    return hashlib.sha256(before.encode() + body).hexdigest()


def hash_reason(salt: str, text: str) -> str:
    """Salted hash of a reason. The salt has a fixed length, so no other pair reads the same."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def fits(reason: Reason, stated: str) -> bool:
    """Whether a reason is the one that was hashed."""
    return bool(_SALT.match(reason.salt)) and hash_reason(reason.salt, reason.text) == stated


def keepable(text: str) -> str:
    """A reason as the file can hold it: no half characters, of bounded length, empty if only blank."""
    return text.encode("utf-8", "replace").decode()[:MAX_REASON].strip()


def pack_state(data: bytes) -> bytes:
    """Compressed bytes of a state."""
    return zlib.compress(data, 9)


def unpack_state(data: bytes) -> bytes:
    """State's bytes from compressed ones.

    Raises `ValueError` where they are not that, or far too many.
    """
    engine = zlib.decompressobj()
    try:
        out = engine.decompress(data, MAX_STATE)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not engine.eof:
        raise ValueError("state cut short or too large")
    return out
