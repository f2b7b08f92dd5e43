"""The keys of the teacher's desk. Each letter has a digit or a function key beside it, for input methods eat letters."""

from __future__ import annotations

from typing import Final

from game.tui import actions
from game.tui.actions import Action

_ALL: Final = ("desk", "join", "cards", "field", "menu", "link", "debrief")


def _key(id: str, keys: tuple[str, ...], shown: str, bar: int = 0, twins: str = "", **more: object) -> Action:
    return Action(id, keys, shown, _ALL, f"desk.key.{id}", bar=bar, twins=twins, **more)  # type: ignore[arg-type]


_SHARED: Final = (
    Action("language", ("L", "f7"), "L", _ALL, run="app.language", bar=80, twins="F7"),
    Action("theme", ("t", "f10"), "t", _ALL, run="app.next_theme", twins="F10"),
    Action("help", ("question_mark", "f1"), "?", _ALL, run="app.help", bar=90, keep=True, twins="F1"),
)
_TYPED: Final = (
    Action("language", ("f7",), "F7", _ALL, run="app.language", bar=80),
)
"""Where text is typed no letter may be a key."""
_BACK: Final = Action("back", ("escape",), "Esc", _ALL, run="back", bar=85, keep=True)
_SELECT: Final = Action("select", ("up", "down"), "↑↓", _ALL, bar=10, bound=False)
_QUIT: Final = Action("quit", ("q",), "q", _ALL, "desk.key.quit", run="app.leave", bar=95, twins="Ctrl+C Ctrl+Q")

DESK: Final = (
    _SELECT,
    _key("open", ("o", "1"), "o", 20, "1", run="open_quarter"),
    _key("close", ("x", "2"), "x", 21, "2", run="close_quarter"),
    _key("pause", ("p", "3", "space"), "p", 22, "3 Space"),
    _key("clock", ("c", "4"), "c", 23, "4"),
    _key("longer", ("plus", "equals_sign", "insert"), "+", 24, "Ins"),
    _key("next-round", ("n", "f4"), "n", 19, "F4", run="next_round"),
    _key("deal", ("d", "5"), "d", 25, "5"),
    _key("tell", ("m", "6"), "m", 26, "6", run="message"),
    _key("ranking", ("r", "7"), "r", 28, "7"),
    _key("join", ("j", "8", "f2"), "j", 18, "8 F2"),
    _key("qr", ("k", "f9"), "k", 0, "F9"),
    _key("values", ("v", "9"), "v", 30, "9"),
    _key("script", ("s", "0"), "s", 29, "0"),
    _key("member", ("enter",), "Enter", 12, bound=False),
    Action("panel", ("tab",), "Tab", _ALL, bar=32, bound=False),
    _key("debrief", ("b", "f5"), "b", 27, "F5"),
    _key("export", ("e", "f3"), "e", 31, "F3"),
    _key("finish", ("f", "f8"), "f", 33, "F8"),
    _key("check", ("a", "f6"), "a", 0, "F6"),
    *_SHARED, _QUIT,
)
"""The desk itself."""

actions.OWN.update({
    "desk": DESK,
    "join": (*_SHARED, _BACK),
    "link": (*_SHARED, _BACK),
    "cards": (_SELECT, _key("deal-this", ("enter",), "Enter", 12, bound=False), *_SHARED, _BACK),
    "menu": (_SELECT, _key("take", ("enter",), "Enter", 12, "1–9", bound=False), *_SHARED, _BACK),
    "field": (_key("done", ("enter",), "Enter", 12, bound=False), *_TYPED, _BACK),
    "debrief": (
        _key("steps", ("left", "right"), "←→", 10, "1–9", bound=False),
        _key("reveal", ("space", "enter"), "Space", 11, "Enter"),
        _key("answer", ("v", "f9"), "v", 12, "F9", run="answer"),
        *_SHARED, _BACK,
    ),
})  # fmt: skip
