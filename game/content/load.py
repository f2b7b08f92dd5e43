"""Reading a content folder, and another one laid over it, into one checked `Content`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from . import layout
from . import schema as s
from .book import FIELDS, Content
from .problems import ContentError, Problem, did_you_mean
from .ranges import narrowed


def content_directory() -> Path:
    """The shipped content: ``game/_content`` in an installed wheel, else ``content/`` beside the package.

    Raises `ContentError` where neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "_content", package.parent / "content"):
        if (candidate / "figures.toml").is_file():
            return candidate
    raise ContentError([Problem("content", "", "the shipped content was not found beside the package; install again")])


def load(directory: Path | None = None, overlay: Path | None = None) -> Content:
    """Read, lay over and check a content folder (the shipped one by default).

    Entries of ``overlay`` replace those with the same id and add the rest. Interface messages (`Content.locale`) are
    read on first use. Raises `ContentError` with every error found; warnings stay in `Content.warnings`.
    """
    content, problems = collect(directory, overlay)
    if content is None or any(p.severity == "error" for p in problems):
        raise ContentError(problems)
    return content


def collect(directory: Path | None = None, overlay: Path | None = None) -> tuple[Content | None, list[Problem]]:
    """As `load`, but faults are returned instead of raised. No content comes back where the folder is not there."""
    from .check import check_content

    try:
        base = Path(directory) if directory is not None else content_directory()
    except ContentError as error:
        return None, error.problems
    reader = Reader()
    for folder, required in ((base, True), (Path(overlay) if overlay is not None else None, False)):
        if folder is None:
            continue
        if not folder.is_dir():
            reader.problems.append(Problem(str(folder), "", "is not a folder; give a folder laid out like content/"))
            return None, reader.problems
        reader.read(folder, required=required)
    tables: dict[str, Any] = {FIELDS[kind]: entries for kind, entries in reader.entries.items()}
    content = Content(
        directory=base, overlay=Path(overlay) if overlay is not None else None, files=reader.files, **tables
    )
    problems = [*reader.problems, *check_content(content, reader.known)]
    return replace(content, warnings=tuple(p for p in problems if p.severity == "warning")), problems


def load_locale(directory: Path | None = None, overlay: Path | None = None) -> dict[str, s.Text]:
    """Interface messages by dotted key. Raises `ContentError` with every error found."""
    base = directory if directory is not None else content_directory()
    messages, problems = collect_locale(base, overlay)
    if problems:
        raise ContentError(problems)
    return messages


def collect_locale(directory: Path, overlay: Path | None = None) -> tuple[dict[str, s.Text], list[Problem]]:
    """As `load_locale`, but faults are returned instead of raised."""
    messages: dict[str, s.Text] = {}
    problems: list[Problem] = []
    for folder in (directory, overlay):
        if folder is None or not (folder / layout.LOCALE).is_dir():
            continue
        origin: dict[str, str] = {}
        for path in sorted((folder / layout.LOCALE).glob("*.toml")):
            raw, found = layout.read_toml(path, _name(folder, path, shipped=folder is directory))
            problems += found
            if raw is None:
                continue
            for key, text in _leaves(raw.data, "", raw.name, problems):
                if key in origin:
                    problems.append(Problem(raw.name, key, f"is already in {origin[key]}; keep one of the two"))
                origin[key] = raw.name
                messages[key] = text
    return messages, problems


def _leaves(table: Mapping[str, Any], key: str, file: str, problems: list[Problem]) -> Iterator[tuple[str, s.Text]]:
    for name, item in table.items():
        path = f"{key}.{name}" if key else name
        if not isinstance(item, dict):
            problems.append(Problem(file, path, 'is not a message; write { zh = "...", en = "..." }'))
        elif any(isinstance(item.get(lang), str) for lang in ("zh", "en")):
            try:
                yield path, layout.convert(item, s.Text)
            except msgspec.ValidationError:
                from .diagnose import faults

                problems.extend(Problem(file, fault, message) for fault, message in faults(item, s.Text, path))
        elif not item:
            problems.append(Problem(file, path, "is an empty table; remove it or write its messages"))
        else:
            yield from _leaves(item, path, file, problems)


def _name(folder: Path, path: Path, *, shipped: bool) -> str:
    """A file as messages show it: shipped ones from the content folder on, others as the user wrote them."""
    relative = path.relative_to(folder)
    return (folder.name / relative if shipped else folder / relative).as_posix()


@dataclass
class Reader:
    """Collects entries of one folder after the other; later ones replace earlier ones."""

    entries: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in layout.KINDS})
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in layout.KINDS})
    """Ids seen, also of entries that could not be read: a reference to one of those is not a second fault."""
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    """Where an id stands in the folder being read."""

    def read(self, folder: Path, *, required: bool) -> None:
        """Read every file of a folder; a missing one is a fault only where ``required``."""
        self.seen = {}
        for name, arrays in layout.TABLES.items():
            if (folder / name).is_file():
                self.table(folder, folder / name, arrays, required)
            elif required:
                self.problems.append(Problem(f"{folder.name}/{name}", "", "is missing from the content folder"))
        for name, arrays in layout.FOLDERS.items():
            for path in sorted((folder / name).glob("*.toml")):
                self.table(folder, path, arrays, required)
        for name, (kind, struct) in layout.SINGLES.items():
            for path in sorted((folder / name).glob("*.toml")):
                self._single(folder, path, kind, struct, required)
        self._strangers(folder, required)

    def _strangers(self, folder: Path, shipped: bool) -> None:
        """Files and folders that nothing reads, most likely misnamed."""
        folders = (*layout.FOLDERS, *layout.SINGLES, *layout.OTHER_FOLDERS)
        for path in sorted(folder.iterdir()):
            if path.name.startswith((".", "_")):
                continue
            if path.is_dir() and path.name not in folders:
                message = f"is a folder that nothing reads{did_you_mean(path.name, folders)}"
            elif path.is_file() and path.suffix.lower() == ".toml" and path.name not in layout.TABLES:
                message = f"is a file that nothing reads{did_you_mean(path.name, layout.TABLES)}"
            else:
                continue
            self.problems.append(Problem(_name(folder, path, shipped=shipped), "", message, "warning"))

    def table(self, folder: Path, path: Path, arrays: Mapping[str, type[s.Entry]], shipped: bool) -> None:
        """Read one file of arrays of entries."""
        raw, found = layout.read_toml(path, _name(folder, path, shipped=shipped))
        self.problems += found
        if raw is None:
            return
        for kind, items in raw.data.items():
            if kind == "schema":
                if items != 1:
                    self.problems.append(Problem(raw.name, "schema", f"is {items!r}; this version reads schema 1"))
            elif kind not in arrays:
                hint = did_you_mean(kind, arrays)
                self.problems.append(Problem(raw.name, kind, f"unknown table{hint}"))
            elif not isinstance(items, list):
                self.problems.append(Problem(raw.name, kind, f"expected a list of entries; write [[{kind}]]"))
            else:
                for index, item in enumerate(items):
                    self._entry(raw.name, kind, arrays[kind], item, index)

    def _single(self, folder: Path, path: Path, kind: str, struct: type[s.Entry], shipped: bool) -> None:
        raw, found = layout.read_toml(path, _name(folder, path, shipped=shipped))
        self.problems += found
        if raw is None:
            return
        self._entry(raw.name, kind, struct, raw.data, 0)
        label = raw.data.get("id")
        if isinstance(label, str) and label != path.stem:
            message = f"is '{label}', but the file is called '{path.stem}'; make them equal"
            self.problems.append(Problem(raw.name, "id", message))

    def _entry(self, file: str, kind: str, struct: type[s.Entry], item: Any, index: int) -> None:
        """Type one entry; whatever is wrong with it is said in full and the entry is left out."""
        label = item.get("id") if isinstance(item, dict) else None
        key = f"{kind}[{label if isinstance(label, str) and label else index}]"
        if isinstance(label, str):
            self.known[kind].add(label)
        try:
            entry = layout.convert(item, struct)
        except msgspec.ValidationError:
            from .diagnose import faults

            self.problems.extend(Problem(file, at, message) for at, message in faults(item, struct, key))
            return
        where = self.seen.get((kind, entry.id))
        if where is not None:
            self.problems.append(Problem(file, key, f"the id '{entry.id}' is already used in {where}; ids are unique"))
            return
        self.seen[kind, entry.id] = file
        before = self.entries[kind].get(entry.id)
        if isinstance(entry, s.Parameter) and isinstance(before, s.Parameter):
            entry, problem = narrowed(before, entry)
            if problem:
                self.problems.append(Problem(file, f"{key}.range", problem))
        self.entries[kind][entry.id] = entry
        self.files[kind, entry.id] = file
