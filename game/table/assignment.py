"""What a teacher asks of everybody: one file with the scenario, the seed and whatever else makes all runs comparable.

A pupil opens it with ``baimo play FILE``. Own content travels inside it as text and is laid out in a temporary folder
while it is used. The file comes from strangers: it is bounded, typed and checked, and nothing in it is ever executed or
written anywhere but below that folder.

>>> quarter_and_card("4:ban-tightens")
PlannedCard(quarter=4, card='ban-tightens')
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from game.content.vocabulary import parse_quarter
from game.table.files import new_file
from game.table.founding import Founding
from game.table.listing import Listed
from game.table.wire import Message

if TYPE_CHECKING:
    from game.content import Content
    from game.content.schema import Card

ASSIGNMENT_FORMAT: Final = 1
"""Raised when an older program could not read the file."""
KIND: Final = "baimo-assignment"
SUFFIX: Final = ".assignment"
"""How names of assignment files usually end; what is in them decides."""
MAX_FILE: Final = 4 * 2**20
MAX_TEXTS: Final = 200
"""Files of own content."""
MAX_TEXT: Final = 2**20
"""Bytes of one of them, in UTF-8."""
MAX_ALL: Final = 3 * 2**20
SUFFIXES: Final = (".toml", ".md", ".json")
DEEP: Final = 5
"""Folders within each other."""

_MARK: Final = re.compile(rb'\s*\{\s*"kind"\s*:\s*"' + KIND.encode() + rb'"')
_PART: Final = re.compile(r"\w[\w.\- ]{0,99}\Z")
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)
"""Names that are no files on Windows."""
_CARD: Final = re.compile(r"(\d{1,3}):(\S{1,64})\Z")

Id = Annotated[str, Meta(max_length=64)]


class AssignmentError(Exception):
    """Something about an assignment that can be mended; ``message`` is an id of the locale (``class.assignment.*``)."""

    def __init__(self, why: str, /, **args: float | int | str) -> None:
        super().__init__(f"{why} {args}" if args else why)
        self.message = Message(f"class.assignment.{why}", args)


class PlannedCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card dealt to every firm at the start of a quarter, counted from 1 in the scenario."""

    quarter: Annotated[int, Meta(ge=1, le=400)]
    card: Id


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked; its ``id`` is a digest of all the rest, so that a changed assignment is another one."""

    kind: Literal["baimo-assignment"]
    format: int
    id: Id
    title: Annotated[str, Meta(max_length=200)]
    """As typed; text and nothing else. May be empty."""
    scenario: Id
    background: Id
    difficulty: Id
    assume: Id
    levers: Literal["five", "all"]
    seed: Annotated[str, Meta(min_length=1, max_length=64)]
    """As typed."""
    cards: Annotated[list[PlannedCard], Meta(max_length=100)]
    undo: Literal["forbidden", "marked"]
    deadline: Id
    """ISO date, or date and time; printed and enforced by nothing. May be empty."""
    program: Id
    digest: Annotated[str, Meta(max_length=128)]
    """Of the rules it was made for."""
    overlay: Id = ""
    """Name of the folder of own content, empty for none."""
    texts: Annotated[dict[str, str], Meta(max_length=MAX_TEXTS)] = {}
    """Own content: its files by their place below that folder, with ``/``."""

    def planned(self, content: Content) -> dict[int, list[str]]:
        """Planned cards by quarter counted from 2023 Q1, as runs keep them."""
        first = parse_quarter(content.scenarios[self.scenario].first)
        found: dict[int, list[str]] = {}
        for one in sorted(self.cards, key=lambda c: c.quarter):
            found.setdefault(first + one.quarter - 1, []).append(one.card)
        return found


# made -----------------------------------------------------------------------------------------------------------------


def assignment(
    content: Content, *, scenario: str, background: str, difficulty: str, assume: str, levers: str, seed: str,
    cards: list[PlannedCard], undo: str, deadline: str, title: str, program: str,
) -> Assignment:  # fmt: skip
    """An assignment with its id and the own content of ``content``. Raises `AssignmentError`."""
    from game.content.digest import rules_digest

    folder = content.overlay
    plan = Assignment(
        KIND, ASSIGNMENT_FORMAT, "", title, scenario, background, difficulty, assume,
        levers or content.scenarios[scenario].levers, seed, cards, undo, deadline, program, rules_digest(content, scenario),  # type: ignore[arg-type]
        folder_name(folder) if folder is not None else "", gather(folder) if folder is not None else {},
    )  # fmt: skip
    made = msgspec.structs.replace(plan, id=id_of(plan))
    check(made, content)
    return made


def id_of(plan: Assignment) -> str:
    """Digest of everything but the id, 24 hex digits."""
    bare = msgspec.structs.replace(plan, id="")
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()[:24]


def quarter_and_card(text: str) -> PlannedCard:
    """``QUARTER:ID`` as typed. Raises `AssignmentError`."""
    found = _CARD.match(text.strip())
    if found is None or not 1 <= int(found[1]) <= 400:
        raise AssignmentError("card", text=text[:80])
    return PlannedCard(int(found[1]), found[2])


def deadline_of(text: str) -> str:
    """A date, or date and time, as typed. Raises `AssignmentError`."""
    text = text.strip()
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise AssignmentError("deadline", text=text[:80]) from None
    if len(text) <= 10:
        return f"{when:%Y-%m-%d}" if when.year >= 1000 else text
    return when.isoformat(sep=" ", timespec="minutes")


def write_assignment(plan: Assignment, path: Path) -> None:
    """Put an assignment into a new file. Raises `AssignmentError` where there is one already, or the disk refuses."""
    if os.path.lexists(path):
        raise AssignmentError("exists", file=path.name)
    try:
        new_file(path, encode(plan))
    except FileExistsError:
        raise AssignmentError("exists", file=path.name) from None
    except OSError as error:
        raise AssignmentError("not-written", file=path.name, why=error.strerror or str(error)) from None


def encode(plan: Assignment) -> bytes:
    """Bytes of an assignment, for people to read as well."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


# read -----------------------------------------------------------------------------------------------------------------


def looks_like_assignment(path: Path) -> bool:
    """Whether a file begins as an assignment does; False for what cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with path.open("rb") as file:
            return bool(_MARK.match(file.read(256)))
    except OSError:
        return False


def read_assignment(path: Path) -> Assignment:
    """The assignment in a file, whole and unchanged since it was made. Raises `AssignmentError`."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise AssignmentError("no-file", file=path.name)
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise AssignmentError("unreadable", file=path.name, why=error.strerror or str(error)) from None
    return decode(data, path.name)


def decode(data: bytes, file: str) -> Assignment:
    """As `read_assignment`, from bytes that are already here."""
    if len(data) > MAX_FILE:
        raise AssignmentError("too-large", file=file)
    if not _MARK.match(data):
        raise AssignmentError("no-assignment", file=file)
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format > ASSIGNMENT_FORMAT:
            raise AssignmentError("newer", file=file, program=head.program[:40])
        plan = msgspec.json.decode(data, type=Assignment)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AssignmentError("damaged", file=file) from None
    if id_of(plan) != plan.id:
        raise AssignmentError("changed", file=file)
    check_texts(plan.overlay, plan.texts)
    return plan


class _Head(msgspec.Struct):
    format: int
    program: str = "?"


def check(plan: Assignment, content: Content) -> None:
    """Whether everything it names is there and was made for these rules. Raises `AssignmentError` with the first fault."""
    from game.content.digest import rules_digest

    for kind, known in (("scenario", content.scenarios), ("background", content.backgrounds),
                        ("difficulty", content.difficulties), ("assume", content.assumptions)):  # fmt: skip
        if (name := getattr(plan, kind)) not in known:
            raise AssignmentError("unknown", what=kind, name=name)
    if plan.digest != rules_digest(content, plan.scenario):
        raise AssignmentError("rules", program=plan.program)
    scenario = content.scenarios[plan.scenario]
    for one in plan.cards:
        if one.quarter > scenario.quarters:
            raise AssignmentError("no-quarter", quarter=one.quarter, quarters=scenario.quarters, name=plan.scenario)
        card = next((card for card in content.cards_of(plan.scenario) if card.id == one.card), None)
        if card is None:
            raise AssignmentError("no-card", name=one.card, near=near(one.card, [c.id for c in content.cards_of(plan.scenario)]))
        if not may_be_dealt(card):
            raise AssignmentError("not-dealable", card=one.card)
    if len({one.quarter for one in plan.cards}) < len(plan.cards):
        raise AssignmentError("two-cards")


def may_be_dealt(card: Card) -> bool:
    """Whether a card can be dealt to all, as `game.engine.outside.dealable` has it: it follows no other card, and a choice
    of it is open to everybody."""
    return not card.after and not all(choice.requires for choice in card.choices)


def near(name: str, known: Iterable[str]) -> str:
    """The ids nearest to what was typed, in one phrase; the first few where none is near."""
    from difflib import get_close_matches

    ids = list(known)
    within = [one for one in ids if name and one.startswith(name)] or [one for one in ids if name and name in one]
    return ", ".join(within[:3] or get_close_matches(name, ids, n=3, cutoff=0.4) or ids[:3])


# own content ----------------------------------------------------------------------------------------------------------


def folder_name(folder: Path) -> str:
    """Name that a folder of own content has inside an assignment."""
    name = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip("-.")[:60]
    return name if name and not _DEVICES.match(name) else "content"


def gather(folder: Path) -> dict[str, str]:
    """Files of own content by their place below ``folder``; hidden ones and other kinds are left.

    Raises `AssignmentError` for a link, for what is no text, and for too much.
    """
    found: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if any(part.startswith((".", "_")) for part in path.relative_to(folder).parts):
            continue
        if path.is_symlink():
            raise AssignmentError("overlay-link", place=place[:120])
        if not path.is_file() or path.suffix not in SUFFIXES:
            continue
        try:
            data = path.read_bytes() if path.stat().st_size <= MAX_TEXT else b"\n" * (MAX_TEXT + 1)
            size += len(data)
            if len(data) > MAX_TEXT or size > MAX_ALL or len(found) >= MAX_TEXTS:
                raise AssignmentError("overlay-large", place=place[:120])
            found[place] = data.decode("utf-8")
        except UnicodeDecodeError:
            raise AssignmentError("overlay-text", place=place[:120]) from None
        except OSError as error:
            raise AssignmentError("unreadable", file=place[:120], why=error.strerror or str(error)) from None
    check_texts(folder_name(folder), found)
    return found


def check_texts(overlay: str, texts: Mapping[str, str]) -> None:
    """Whether all files of own content may be laid out below a folder on any system. Raises `AssignmentError`."""
    if texts and (not _PART.match(overlay) or _DEVICES.match(overlay) or overlay.endswith(".")):
        raise AssignmentError("overlay-name", place=overlay[:120])
    if len(texts) > MAX_TEXTS or sum(len(t.encode("utf-8", "replace")) for t in texts.values()) > MAX_ALL:
        raise AssignmentError("overlay-large", place=overlay[:120])
    seen: set[str] = set()
    for place in texts:
        parts = place.split("/")
        # the same file on a system that takes letters of either case and of either composition for one
        alike = unicodedata.normalize("NFC", place).casefold()
        if (
            len(parts) > DEEP or PurePosixPath(place).suffix not in SUFFIXES or alike in seen
            or any(not _PART.match(p) or _DEVICES.match(p) or p[-1] in ". " for p in parts)
        ):  # fmt: skip
            raise AssignmentError("overlay-name", place=place[:120])
        seen.add(alike)


@contextmanager
def unpacked(plan: Assignment) -> Iterator[Path | None]:
    """The folder of own content laid out for as long as this is open; None where there is none.

    Raises `AssignmentError`.
    """
    if not plan.texts:
        yield None
        return
    check_texts(plan.overlay, plan.texts)
    with tempfile.TemporaryDirectory(prefix="baimo-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / plan.overlay
        try:
            for place, text in plan.texts.items():
                path = root / place
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise AssignmentError("not-written", file=plan.overlay, why=why) from None
        yield root


# played ---------------------------------------------------------------------------------------------------------------


@contextmanager
def played_with(plan: Assignment | None, content: Content) -> Iterator[Content]:
    """The content that an assignment was made with: that at hand, or with the own content inside it, laid out for so long.

    Raises `AssignmentError` where it was made for other rules, and `ContentError` where its own content is wrong.
    """
    if plan is None:
        yield content
        return
    with unpacked(plan) as folder:
        if folder is not None:
            from game.content.load import load

            content = load(overlay=folder)
        check(plan, content)
        yield content


def founding_of(plan: Assignment, content: Content, name: str = "") -> Founding:
    """The game that an assignment asks for, under the name or number that its player goes by."""
    return Founding(
        plan.scenario, plan.background, plan.difficulty, plan.assume, plan.seed, name, plan.levers, plan.id,
        plan.planned(content), plan.undo,
    )  # fmt: skip


def going_on(plan: Assignment, runs: Sequence[Listed]) -> Listed | None:
    """Of ``runs``, last written first, the one of this assignment that is not over yet; None where there is none.

    A fork is another try beside it; a run in which a quarter was taken back goes on in place of the one it left.
    """
    for run in runs:
        if run.trouble is None and run.head is not None and run.head.assignment == plan.id:
            fork = run.head.parent is not None and not run.head.undone
            if not run.ending and run.played < run.head.quarters and not fork:
                return run
    return None
