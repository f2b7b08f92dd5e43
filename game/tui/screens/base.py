"""What all screens share: a title bar, a key bar, one way back, and telling everything anew in another language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from game.tui import actions
from game.tui.kit.chrome import KeyBar, Title, TitleBar

if TYPE_CHECKING:
    from game.language import Tongue
    from game.tui.app import BaimoApp

R = TypeVar("R")


class _Shared:
    """Mixed into `BaimoScreen` and `BaimoModal`."""

    which: ClassVar[str] = ""
    """The screen's name in `game.tui.actions`; its bindings and key bar come from there."""
    app: BaimoApp
    _said = False
    _typing = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.which and "BINDINGS" not in cls.__dict__:
            cls.BINDINGS = actions.bindings(cls.which)  # type: ignore[attr-defined]
        super().__init_subclass__(**kwargs)

    @property
    def tongue(self) -> Tongue:
        """Who speaks: the language of the moment, at this table if there is one."""
        return self.app.tongue

    def take_keys(self) -> None:
        """Bind the player's own keys, if there are any."""
        keymap = self.app.keymap
        if not keymap or not self.which:
            return
        screen: Any = self
        bound = screen._bindings.copy()
        ours = {action.id for action in actions.of(self.which)}
        for key, kept in list(bound.key_to_bindings.items()):
            bound.key_to_bindings[key] = [one for one in kept if one.id not in ours]
        for binding in actions.bindings(self.which, keymap):
            bound.key_to_bindings.setdefault(binding.key, []).append(binding)
        screen._bindings = bound

    # What a screen says of itself ---------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The widgets between title bar and key bar."""
        return iter(())

    def title_line(self) -> Title:
        """What the title bar shows."""
        tongue = self.tongue
        return Title(tongue.say("ui.app.name"), self.byline, tongue.say(f"ui.screen.{self.which}"))

    @property
    def byline(self) -> str:
        """The game's name in the other language."""
        return "BAIMO" if self.tongue.lang == "zh" else "百模大战"

    def idle_keys(self) -> Iterable[str]:
        """Ids of actions that have nothing to do now; they are left off the key bar."""
        return ()

    def tell(self) -> None:
        """Say everything in the body again: called when mounted, and when language or game changed."""

    def say_first(self) -> None:
        """Say everything once the widgets are there. Textual calls ``on_mount`` of a class and of its bases."""
        if not self._said:
            self._said = True
            self.take_keys()
            screen: Any = self
            for field in screen.query("Input"):
                field.cursor_blink = self.app.moves
            self.retell()

    # What the app calls ---------------------------------------------------------------------------------------------

    def retell(self) -> None:
        """Say everything again; nothing before `say_first`, for what stands in containers comes later than the bars."""
        screen: Any = self
        if not self._said or not screen.query(KeyBar):
            return
        for bar in screen.query(TitleBar):
            bar.show(self.title_line())
        for keys in screen.query(KeyBar):
            gone = {*self.idle_keys(), *self.app.without}
            keys.show(actions.bar(self.which, self.tongue, gone, self.app.keymap, typing=self._typing))
        self.tell()

    def on_descendant_focus(self) -> None:
        """Letters are keys, or text: the key bar says which."""
        screen: Any = self
        if (typing := isinstance(screen.focused, Input)) != self._typing:
            self._typing = typing
            gone = {*self.idle_keys(), *self.app.without}
            for keys in screen.query(KeyBar):
                keys.show(actions.bar(self.which, self.tongue, gone, self.app.keymap, typing=typing))

    def action_back(self) -> None:
        """Back to the screen before."""
        self.app.back()


class BaimoScreen(_Shared, Screen[R]):  # type: ignore[misc]
    """A full screen. Give ``which``, `body` and `tell`; bindings and both bars come by themselves."""

    def action_jump(self) -> None:
        """Show a key on every panel and row, and go where the next one says."""
        from game.tui.screens.jump import JumpScreen, label, targets, unlabel

        found = targets(self)
        label(found)

        def gone(target: tuple[Any, Any] | None) -> None:
            unlabel(found)
            if target is not None:
                panel, row = target
                panel.focus()
                if row is not None:
                    panel.jump_to(row)

        self.app.push_screen(JumpScreen(found), gone)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield from self.body()
        yield KeyBar()

    def on_mount(self) -> None:
        self.say_first()


class BaimoModal(_Shared, ModalScreen[R]):  # type: ignore[misc]
    """A card over the screen below. `frame` widgets keep the focus inside; Escape leaves it with nothing."""

    DEFAULT_CSS = """
    BaimoModal { align: center middle; }
    """

    def compose(self) -> ComposeResult:
        yield from self.body()
        yield KeyBar()

    def on_mount(self) -> None:
        self.say_first()

    def action_back(self) -> None:
        self.dismiss(None)
