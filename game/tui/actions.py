"""Every named action of the interface in one table: keys, words, help, and the screens that have it.

Bindings, key bars, the help screen and the documentation are all made from it. A letter never stands alone: with a
Chinese input method on, letters go to it, so each has a function key, an arrow, a digit or the mouse beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line tells the keys without textual
    from textual.binding import Binding

    from game.language import Tongue
    from game.tui.kit.chrome import Key

SCREENS = (
    "jump",
    "title", "founding", "boardroom", "card", "close", "report", "market", "codex", "end", "runs", "options", "help",
    "ask", "reading", "advice", "records", "analysis", "why", "class",
    "seat", "room", "forecast", "pen",
)  # fmt: skip
"""Names of screens as this table knows them; the last line's are a class's (`game.tui.seat_app`)."""

_CLASS = ("seat", "room", "forecast", "pen")
EVERYWHERE = tuple(s for s in SCREENS if s != "jump")  # there every letter is a place to go


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does.

    ``keys`` are Textual's names, ``shown`` what stands on the key bar; ``run`` is the action string that Textual runs
    (on the focused widget, the screen, or the app). Actions with ``bar`` stand on the key bar, least first; those that
    ``keep`` are the last to give way. ``bound`` is off where a widget handles the keys itself and they are listed only.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    screens: tuple[str, ...]
    words: str = ""
    """Dotted path of the locale that holds ``label`` and ``help``; ``ui.key.<id>`` if left out."""
    run: str = ""
    bar: int = 0
    keep: bool = False
    bound: bool = True
    twins: str = ""
    """How the other keys are printed on the help screen."""

    @property
    def label(self) -> str:
        """Message id of its name."""
        return f"{self.words or 'ui.key.' + self.id}.label"

    @property
    def help(self) -> str:
        """Message id of its line of help."""
        return f"{self.words or 'ui.key.' + self.id}.help"

    @property
    def command(self) -> str:
        """The action string."""
        return self.run or self.id.replace("-", "_")


_MENUS = ("title", "founding", "runs", "options", "codex", "class")
_ALONE = ("boardroom",)
_GAME = ("boardroom", "seat")
_ROOM = ("seat", "room")
_SHEETS = ("card", "close", "help", "ask", "reading", "forecast", "pen")
"""Screens that lie over another one."""

ACTIONS: tuple[Action, ...] = (
    # moving and changing: handled by the panels themselves
    Action("select", ("up", "down"), "↑↓", (*_GAME, *_MENUS, "report", "market", "card", "end", "reading", "advice", "records", "why"), bar=10, bound=False),
    Action("adjust", ("left", "right"), "←→", ("boardroom", "founding", "options"), bar=11, bound=False,
           twins="Shift+←→"),
    Action("type", ("0",), "0–9", _GAME, bound=False),
    Action("ends", ("home", "end"), "Home End", _GAME, bound=False),
    Action("reset", ("backspace", "delete"), "Bksp", _GAME, run="reset_row", twins="Del"),
    Action("reset-all", ("ctrl+r",), "^R", _GAME, "tui.key.reset-all"),
    # the quarter
    Action("close", ("enter",), "Enter", _GAME, "tui.key.close", run="close_quarter", bar=12),
    Action("card", ("e", "f2"), "e", _GAME, run="open_card", bar=13, twins="F2"),
    Action("report", ("r", "f3"), "r", (*_GAME, "room"), run="open_report", bar=14, twins="F3"),
    Action("why", ("w", "f11"), "w", (*_GAME, "report", "room"), "why.key.why", run="open_why", bar=14, twins="F11"),
    Action("market", ("m", "f4"), "m", (*_GAME, "report", "room"), run="app.open_market", bar=15, twins="F4"),
    Action("gazette", ("g", "f6"), "g", _GAME, run="open_gazette", twins="F6"),
    Action("panel", ("tab",), "Tab", _GAME, run="next_panel", bar=18),
    Action("turn", ("b", "ctrl+b"), "b", _GAME, "tui.key.turn", run="turn_page", twins="Ctrl+B"),
    Action("source", ("f", "f8"), "f", (*_GAME, "card", "report", "market", "advice", "why"), "tui.key.source", run="open_source", bar=16,
           twins="F8"),
    Action("hint", ("h",), "h", _GAME, "tui.key.hint", run="next_hint"),
    Action("advice", ("i", "insert"), "i", _GAME, "hour.key.advice", run="open_advice", twins="Ins"),
    Action("rows", ("x", "ctrl+x"), "x", _ALONE, "hour.key.rows", run="toggle_rows", bar=13, twins="Ctrl+X"),
    Action("look", ("enter",), "Enter", ("advice",), "hour.key.look", bar=12, bound=False),
    Action("quiet", ("space", "i"), "Space", ("advice",), "hour.key.quiet", run="toggle_advice", bar=13),
    Action("page", ("left", "right", "tab"), "←→", ("records",), "hour.key.page", bar=11, bound=False, twins="Tab"),
    Action("undo", ("u", "f9"), "u", (*_ALONE, "runs"), run="undo", bar=19, twins="F9"),
    # modals
    Action("choose", ("1", "2", "3", "4", "5"), "1–5", ("card",), bar=20, bound=False),
    Action("decide", ("enter",), "Enter", ("card",), "tui.key.decide", bar=21),
    Action("confirm", ("enter",), "Enter", ("close",), "tui.key.confirm", bar=20),
    Action("reason", ("tab",), "Tab", ("close",), "tui.key.reason", bar=21, bound=False),
    Action("continue", ("enter", "space"), "Enter", ("report",), "tui.key.continue", run="go_on", bar=12),
    Action("yes", ("y", "1", "enter"), "Enter", ("ask",), "tui.key.yes", bar=20, twins="y 1"),
    # menus and lists
    Action("open", ("enter",), "Enter", ("title", "runs", "codex", "market", "end", "records", "class"), bar=12, bound=False),
    Action("open-step", ("enter", "right"), "Enter", ("why",), "why.key.open", run="open", bar=12, twins="→"),
    Action("found", ("enter",), "Enter", ("founding",), "screens.key.found", bar=12, bound=False),
    Action("kind", ("left", "right"), "←→", ("codex",), "screens.key.kind", bar=11, bound=False),
    Action("history", ("right", "tab"), "→", ("runs",), "screens.key.history", bar=16, bound=False, twins="Tab"),
    Action("page", ("1", "2", "3", "4", "5"), "1–5", ("market",), "market.key.page", bar=11, bound=False, twins="Tab"),
    Action("sideways", ("left", "right"), "←→", ("market",), "market.key.sideways", bar=12, bound=False),
    Action("search", ("slash", "f3"), "/", ("codex",), bar=13, twins="F3"),
    Action("fork", ("k", "f5"), "k", ("runs", "end"), bar=14, twins="F5"),
    Action("pick", ("space", "f8"), "Space", ("runs",), "screens.key.pick", bar=13, twins="F8"),
    Action("analysis", ("a", "f6"), "a", ("runs", "end"), "screens.key.analysis", run="open_analysis", bar=13, twins="F6"),
    Action("analysis-now", ("a", "ctrl+a"), "a", _ALONE, "screens.key.analysis", run="open_analysis", bar=17, twins="^A"),
    Action("pages", ("left", "right"), "←→", ("analysis",), "screens.key.pages", bar=10, bound=False, twins="1–5"),
    Action("quarter", ("up", "down"), "↑↓", ("analysis",), "screens.key.quarter", bar=11, bound=False, twins="PgUp PgDn"),
    Action("unfold", ("enter",), "Enter", ("analysis",), "screens.key.unfold", bar=12),
    Action("fork-here", ("k", "f5"), "k", ("analysis",), "screens.key.fork-here", bar=13, twins="F5"),
    Action("other-run", ("tab",), "Tab", ("analysis",), "screens.key.other-run", bar=14),
    Action("delete", ("delete",), "Del", ("runs",), "tui.key.delete", bar=15),
    # a class
    Action("to-board", ("enter",), "Enter", ("room",), "class.seat.key.to-board", run="open_board", bar=10),
    Action("take-back", ("z", "delete"), "z", ("room",), "class.seat.key.take-back", run="take_back", bar=11, twins="Del"),
    Action("re-enter", ("y", "insert"), "y", ("room",), "class.seat.key.re-enter", run="re_enter", bar=11, twins="Ins"),
    Action("forecast", ("p", "f9"), "p", _ROOM, "class.seat.key.forecast", run="app.open_forecast", bar=12, twins="F9"),
    Action("pen", ("n", "f12"), "n", _ROOM, "class.seat.key.pen", run="app.open_pen", bar=16, twins="F12"),
    Action("briefing", ("s", "ctrl+s"), "s", _ROOM, "class.seat.key.briefing", run="app.open_briefing", bar=17, twins="Ctrl+S"),
    Action("hand-in", ("enter",), "Enter", ("forecast",), "class.seat.key.hand-in", run="hand_in", bar=10),
    Action("next-field", ("tab", "up", "down"), "Tab", ("forecast",), "class.seat.key.next-field", bar=11, bound=False, twins="↑↓"),
    Action("hand-to", ("enter",), "Enter", ("pen",), "class.seat.key.hand-to", bar=10, bound=False, twins="1–8"),
    # everywhere
    Action("codex", ("c", "f5"), "c", (*_GAME, "report", "market", "why", "room"), run="app.open_codex", bar=17, twins="F5"),
    Action("language", ("L", "f7"), "L", EVERYWHERE, run="app.language", bar=80, twins="F7"),
    Action("theme", ("t", "f10"), "t", EVERYWHERE, run="app.next_theme", twins="F10"),
    Action("screenshot", ("f12",), "F12", tuple(s for s in EVERYWHERE if s not in _CLASS), run="app.picture"),
    Action("help", ("question_mark", "f1"), "?", EVERYWHERE, run="app.help", bar=90, keep=True, twins="F1"),
    Action("jump", ("ctrl+o",), "^O", tuple(s for s in EVERYWHERE if s not in _SHEETS), "looks.key.jump"),
    Action("back", ("escape",), "Esc", tuple(s for s in SCREENS if s not in ("title", "room")), run="back", bar=85, keep=True),
    Action("quit", ("q",), "q", ("title", "boardroom", "end", "room"), run="app.leave", bar=95, twins="Ctrl+C Ctrl+Q"),
)


OWN: dict[str, tuple[Action, ...]] = {}
"""Actions of screens that only one program of the house has (the teacher's desk); its module puts them here."""


def of(screen: str, keymap: Mapping[str, tuple[str, ...]] | None = None) -> list[Action]:
    """The actions of a screen in the order of the table.

    With a keymap (`game.tui.keymap`) its keys come first; the usual ones stay beside them, but for those that it gave to
    another action of the screen. Raises KeyError for a screen that this table does not know.
    """
    if screen in OWN:
        return list(OWN[screen])
    if screen not in SCREENS:
        raise KeyError(screen)
    found = [a for a in ACTIONS if screen in a.screens]
    if not keymap:
        return found
    taken = {key: a.id for a in found for key in keymap.get(a.id, ())}
    return [_rekeyed(a, keymap.get(a.id, ()), taken) for a in found]


def _rekeyed(action: Action, own: tuple[str, ...], taken: Mapping[str, str]) -> Action:
    """An action with keys of the player's own: the first stands on the key bar, the others beside it in the help."""
    from game.tui.keymap import shown_key

    keys = (*own, *(key for key in action.keys if key not in own and taken.get(key, action.id) == action.id))
    if keys == action.keys or not action.bound:
        return action
    first, *others = [shown_key(key) for key in keys] or [""]
    return replace(action, keys=keys, shown=first, twins=" ".join(others))


def bindings(screen: str, keymap: Mapping[str, tuple[str, ...]] | None = None) -> list[Binding]:
    """Textual's bindings of a screen; the id of each is the action's."""
    from textual.binding import Binding

    return [
        Binding(key, action.command, action.id, show=False, id=action.id)
        for action in of(screen, keymap) if action.bound for key in action.keys
    ]  # fmt: skip


def bar(
    screen: str, tongue: Tongue, without: Iterable[str] = (), keymap: Mapping[str, tuple[str, ...]] | None = None,
    *, typing: bool = False,
) -> list[Key]:  # fmt: skip
    """The key bar of a screen, but for the actions that have nothing to do there now.

    While text is typed a letter goes into the text: the other key stands there instead.
    """
    from game.tui.kit.chrome import Key

    def shown_of(action: Action) -> str:
        others = [key for key in action.twins.split() if len(key) > 1] if typing and len(action.shown) == 1 else []
        return others[0] if others else action.shown

    gone = set(without)
    shown = sorted((a for a in of(screen, keymap) if a.bar and a.id not in gone), key=lambda a: a.bar)
    return [Key(shown_of(a), tongue.say(a.label), a.command if a.bound else "", a.keep) for a in shown]
