"""The class, from the title: join a room, open an assignment, what a teacher types, and the lesson plans to read.

A room and an assignment are programs of their own: the game is left and the command runs in its place (`BaimoApp.go_on`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widgets import Input

from game.classroom.address import parse_address
from game.classroom.errors import ClassError
from game.classroom.secret import LENGTH, bare_code
from game.classroom.tools import TOOLS
from game.table.assignment import AssignmentError, looks_like_assignment, read_assignment
from game.tui.desk import keys as _keys  # noqa: F401  (the keys of a line to type in)
from game.tui.desk.dialogs import FieldScreen, Words
from game.tui.desk.panels import Listing
from game.tui.desk.plan import Plans
from game.tui.kit.chrome import Title
from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.paper import Paper, Para
from game.tui.kit.text import cell_width, fit
from game.tui.screens.base import BaimoModal, BaimoScreen
from game.tui.screens.brand import title

if TYPE_CHECKING:
    from game.tui.app import BaimoApp

COMMANDS: Final = {
    "host": ("baimo class host --scenario price-war",),
    "assign": ("baimo class assign --scenario price-war --seed 7 --out homework.json", "baimo class report FOLDER --assignment homework.json"),
    "kit": ("baimo class kit FOLDER --assignment homework.json",),
    "lessons": ("baimo class lessons --html lessons.html",),
    "forget": ("baimo class forget FILE",),
}  # fmt: skip
"""What a teacher types, by the tool that has to be there for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list: ``kind`` is ``head``, ``do``, ``command`` or ``plan``."""

    kind: str
    id: str
    label: str


class _List(Listing):
    def __init__(self) -> None:
        super().__init__(id="ways")
        self.entries: list[Entry] = []

    @property
    def rows(self) -> list[Entry]:
        """Rows that the cursor can stand on."""
        return [e for e in self.entries if e.kind != "head"]

    @property
    def entry(self) -> Entry:
        """The row at the cursor."""
        return self.rows[min(self.cursor, len(self.rows) - 1)]

    def count(self) -> int:
        return len(self.rows)

    def moved(self) -> None:
        self.screen.tell()  # type: ignore[attr-defined]

    def take(self) -> None:
        self.screen.do(self.entry)  # type: ignore[attr-defined]

    def draw(self, width: int, height: int) -> list[Strip]:
        p, g = self.palette, self.glyphs
        base = ink(p.text, p.panel)
        out: list[Strip] = []
        at = -1
        airy = height >= len(self.entries) + 4
        for entry in self.entries:
            if entry.kind == "head":
                if out and airy:
                    out.append(blank(width, base))
                out.append(row([(entry.label, ink(p.dim))], width, base))
                continue
            at += 1
            here = at == self.cursor
            ground = p.selection if here else p.panel
            digit = str(at + 1) if at < 9 else " "
            parts: list[Part] = [
                (g.focus if here else " ", ink(p.gold, ground)), (f"{digit} ", ink(p.gold, ground)),
                (fit(entry.label, width - 3, ellipsis=g.ellipsis), ink(p.gold if here else p.text, ground, bold=here)),
            ]  # fmt: skip
            self.mark(0, width, len(out), at)
            out.append(row(parts, width, ink(p.text, ground)))
        first = next((y for y, strip in enumerate(out) if strip.text.lstrip().startswith(f"{self.cursor + 1} ")), 0)
        return out[max(0, first - height + 2):] if len(out) > height and first >= height - 1 else out


class ClassScreen(BaimoScreen[None]):
    """What a class can do with the game."""

    which = "class"
    app: BaimoApp
    DEFAULT_CSS = """
    ClassScreen Horizontal { width: 1fr; height: 1fr; }
    ClassScreen #ways { width: 30; margin-right: 1; }
    ClassScreen Paper { background: $surface; padding: 1 1; }
    """

    def body(self) -> ComposeResult:
        with Horizontal():
            yield _List()
            yield Paper(id="text", measure=76)

    def on_mount(self) -> None:
        self.say_first()
        self.query_one(_List).focus()

    def title_line(self) -> Title:
        return title(self.tongue, self.tongue.say("ui.screen.class"), self.tongue.say("classroom.byline"))

    def entries(self) -> list[Entry]:
        """The rows in the language of the moment."""
        say, lessons = self.tongue.say, self.app.content.lessons
        found = [Entry("head", "", say("classroom.pupils"))]
        found += [Entry("do", way, say(f"classroom.{way}.label")) for way in ("join", "assignment")]
        found.append(Entry("head", "", say("classroom.teachers")))
        found += [Entry("command", tool, say(f"classroom.{tool}.label")) for tool in COMMANDS if tool in TOOLS]
        if lessons.plans:
            found.append(Entry("head", "", say("classroom.plans")))
            found += [Entry("plan", label, self.tongue.pick(plan.name)) for label, plan in lessons.plans.items()]
        return found

    def tell(self) -> None:
        ways = self.query_one(_List)
        ways.entries = self.entries()
        ways.head(self.tongue.say("classroom.title"))
        ways.changed()
        self.query_one(Paper).show(self.about(ways.entry))

    def about(self, entry: Entry) -> list[Para]:
        """What stands beside a row."""
        if entry.kind == "plan":
            return self._plan(entry.id)
        say = self.tongue.say
        paras = [Para(entry.label, "title"), Para(""), Para(say(f"classroom.{entry.id}.text")), Para("")]
        for command in COMMANDS.get(entry.id, ()):
            paras.append(Para(f"  {command}", "key"))
        if entry.id == "join":
            paras.append(Para("  baimo class join 192.168.1.5:8100 K7QM-2XRD-9", "key"))
        elif entry.id == "assignment":
            paras.append(Para("  baimo play homework.json", "key"))
        paras += [Para(""), Para(say(f"classroom.{entry.id}.note"), "dim")]
        return paras

    def _plan(self, label: str) -> list[Para]:
        plans = Plans(self.app.content, "", label)
        plan, say = plans.plan, self.tongue.say
        paras = [Para(self.tongue.pick(plan.name), "title"), Para(""), Para(plans.text(self.tongue, plan.text))]
        paras.append(Para(say("classroom.plan.about", minutes=str(plan.minutes), scenario=plan.scenario), "dim"))
        for piece in plans.pieces(self.tongue):
            paras += [Para(""), Para(say("classroom.plan.minutes", begin=str(piece.begin), end=str(piece.end)), "head")]
            for who, text in (("teacher", piece.teacher), ("students", piece.students), ("program", piece.program)):
                if text:
                    lead = say(f"desk.script.{who}")
                    paras.append(Para(f"{lead}  {text}", "body", 2, cell_width(lead) + 2))
        return paras

    # doing ------------------------------------------------------------------------------------------------------------
    def on_key(self, event) -> None:  # type: ignore[no-untyped-def]
        ways = self.query_one(_List)
        if event.character and event.character in "123456789" and int(event.character) <= ways.count():
            event.stop()
            ways.cursor = int(event.character) - 1
            self.tell()
            ways.focus()
        elif event.key in ("right", "left", "tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            (self.query_one(Paper) if ways.has_focus and event.key != "left" else ways).focus()

    def do(self, entry: Entry) -> None:
        """Do what a row says; what is only to be read gets the keyboard for reading."""
        if entry.id == "join":
            self.app.push_screen(JoinFields(self._join))
        elif entry.id == "assignment":
            self.app.push_screen(FieldScreen(
                "classroom.assignment.field", self.tongue.say("classroom.assignment.field-note"), self._first_file(),
                _path, self._open, fault="classroom.assignment.none", most=400,
            ))  # fmt: skip
        elif entry.id == "host":
            self.app.ask(self.tongue.say("classroom.host.ask"), lambda: self.app.go_on("class", "host"))
        else:
            self.query_one(Paper).focus()

    async def _join(self, address: str, code: str) -> None:
        if "join" in TOOLS:
            self.app.go_on("class", "join", address, code)
        else:
            self.app.tell(self.tongue.say("classroom.join.command", address=address, code=code))

    async def _open(self, text: str) -> None:
        path = _path(text)
        try:
            read_assignment(path)
        except AssignmentError as error:
            self.app.tell(self.tongue.message(error.message), bad=True)
        else:
            self.app.go_on("play", str(path))

    def _first_file(self) -> str:
        """An assignment that lies with the runs, the newest first; empty where there is none."""
        folder = self.app.saves
        try:
            files = sorted(folder.iterdir(), key=lambda p: -p.stat().st_mtime) if folder is not None else []
        except OSError:
            return ""
        return next((str(p) for p in files[:200] if looks_like_assignment(p)), "")


def _path(text: str) -> Path:
    """A file as typed, quotes that a file manager adds taken off. Raises ValueError where there is none."""
    path = Path(text.strip().strip("'\"")).expanduser()
    if not text.strip() or not path.is_file():
        raise ValueError(text)
    return path


class JoinFields(BaimoModal[None]):
    """Address and code as they stand on the projector."""

    which = "field"
    app: BaimoApp
    AUTO_FOCUS = "#address"
    DEFAULT_CSS = """
    JoinFields #sheet { width: 64; max-width: 96%; height: 11; background: $surface; padding: 0; }
    JoinFields Words { height: 2; }
    JoinFields #second { padding-top: 1; }
    JoinFields #foot { height: 1fr; padding-top: 1; }
    JoinFields Input { width: 1fr; margin: 0 2; background: $boost; }
    JoinFields #sheet:nocolor { border: round $foreground; height: 13; }
    """

    def __init__(self, then: Callable[[str, str], Awaitable[None]]) -> None:
        super().__init__()
        self.then = then

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield Words(id="head")
            yield Input(id="address", max_length=120, placeholder="192.168.1.5:8100")
            yield Words(id="second")
            yield Input(id="code", max_length=32, placeholder="K7QM-2XRD-9")
            yield Words(id="foot")

    def tell(self) -> None:
        say = self.tongue.say
        self.query_one("#head", Words).say(say("classroom.join.field"), say("classroom.join.address"))
        self.query_one("#second", Words).say("", say("classroom.join.code"))
        self.query_one("#foot", Words).say("", say("classroom.join.field-note"))

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: on to the code, then in."""
        event.stop()
        address, code = self.query_one("#address", Input), self.query_one("#code", Input)
        foot = self.query_one("#foot", Words)
        try:
            parse_address(address.value)
        except ClassError as error:
            foot.fail(self.tongue.message(error.message))
            address.focus()
            return
        if event.input is address:
            foot.fail("")
            code.focus()
            return
        if len(bare_code(code.value)) != LENGTH:
            foot.fail(self.tongue.say("classroom.join.no-code", count=LENGTH))
            return
        self.dismiss(None)
        await self.then(address.value.strip(), code.value.strip())
