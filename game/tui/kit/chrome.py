"""The title bar and the key bar: one line each, drawn by themselves.

Textual's own header and footer cost 35 to 80 ms a frame on a slow machine; these cost one strip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual import actions, events
from textual.strip import Strip
from textual.widget import Widget

from game.tui.kit.draw import Part, blank, ink, row
from game.tui.kit.text import cell_width, fit
from game.tui.kit.theme import FANCY, PALETTES, Glyphs, Palette, palette


def palette_of(widget: Widget) -> Palette:
    """The palette of the theme that the widget's app wears now."""
    kept: Mapping[str, Palette] = getattr(widget.app, "palettes", PALETTES)
    return kept.get(widget.app.theme) or palette(widget.app.theme)


def glyphs_of(widget: Widget) -> Glyphs:
    """The glyphs the app has chosen (its attribute `glyphs`), the fancy ones by default."""
    chosen = getattr(widget.app, "glyphs", FANCY)
    return chosen if isinstance(chosen, Glyphs) else FANCY


@dataclass(frozen=True, slots=True)
class Title:
    """What the title bar says: the game's name, a byline, where we are, and who plays."""

    name: str = ""
    byline: str = ""
    centre: str = ""
    right: str = ""


def title_parts(title: Title, width: int, p: Palette, glyphs: Glyphs = FANCY) -> list[Part]:
    """The title bar's parts; where room is short the byline goes first, then the right, then all."""
    name, byline, centre, right = title.name, title.byline, title.centre, title.right

    def needed() -> int:
        texts = [t for t in (name, centre, right) if t]
        return 2 + sum(map(cell_width, texts)) + 2 * (len(texts) - 1) + (
            1 + cell_width(byline) if byline else 0
        )  # fmt: skip

    if needed() > width:
        byline = ""
    if needed() > width and right:
        room = cell_width(right) - (needed() - width)
        right = fit(right, room, ellipsis=glyphs.ellipsis).rstrip() if room >= 4 else ""
    if needed() > width and name and centre:
        name = ""
    left = cell_width(name) + (1 + cell_width(byline) if byline else 0)
    tail = cell_width(right)
    size = cell_width(centre)
    # In the middle of the screen if that is free, else in the middle of what is left.
    at = (width - size) // 2
    low, high = 1 + left + 2, width - 1 - tail - 2 - size
    if not low <= at <= high:
        at = max(1 + left + (2 if left else 0), min(at, high))
    parts: list[Part] = [(" ", ink()), (name, ink(p.cinnabar, bold=True))]
    used = 1 + left
    if byline:
        parts.append((f" {byline}", ink(p.dim)))
    if centre:
        parts += [(" " * max(0, at - used), ink()), (centre, ink(p.text, bold=True))]
        used = max(used, at) + size
    if right:
        parts += [(" " * max(1, width - 1 - tail - used), ink()), (right, ink(p.dim))]
    return parts


class _Bar(Widget):
    """One line that draws itself and keeps what it drew."""

    DEFAULT_CSS = """
    _Bar { height: 1; width: 100%; }
    """
    ALLOW_SELECT = False
    can_focus = False

    _drawn: tuple[object, Strip] | None = None

    def draw(self, width: int, p: Palette, glyphs: Glyphs) -> list[Part]:
        raise NotImplementedError

    def changed(self) -> None:
        """Draw anew."""
        self._drawn = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, p, glyphs = self.size.width, palette_of(self), glyphs_of(self)
        base = ink(p.text, p.bar)
        if y:
            return blank(width, base)
        key = (width, p.name, glyphs.plain)
        if self._drawn is None or self._drawn[0] != key:
            parts = self.draw(width, p, glyphs)
            self._drawn = key, row(parts, width, base, ellipsis=glyphs.ellipsis)
        return self._drawn[1]


class TitleBar(_Bar):
    """The line at the top of a screen."""

    DEFAULT_CSS = """
    TitleBar { dock: top; height: 1; width: 100%; }
    """

    def __init__(self, title: Title | None = None, **kwargs: str | None) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self._title = title or Title()

    def show(self, title: Title) -> None:
        """Say something else."""
        if title != self._title:
            self._title = title
            self.changed()

    def draw(self, width: int, p: Palette, glyphs: Glyphs) -> list[Part]:
        return title_parts(self._title, width, p, glyphs)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key bar: the key as printed, what it does, and the action a click runs.

    `keep` entries (help, back) are the last to go when the line is too short.
    """

    label: str
    text: str
    action: str = ""
    keep: bool = False


def visible_keys(keys: Sequence[Key], width: int, gap: int = 2) -> list[Key]:
    """The keys that fit in `width` cells, in order; the last of those not kept go first."""

    def needed(some: Sequence[Key]) -> int:
        # A cell of margin at both ends; the entry is "label text".
        return 2 + sum(
            cell_width(k.label) + (1 + cell_width(k.text) if k.text else 0) for k in some
        ) + gap * max(0, len(some) - 1)  # fmt: skip

    shown = list(keys)
    while len(shown) > 1 and needed(shown) > width:
        loose = [i for i, key in enumerate(shown) if not key.keep]
        del shown[loose[-1] if loose else -1]
    return shown


class KeyBar(_Bar):
    """The line at the bottom: every key of the screen, each a button for the mouse."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; width: 100%; }
    """

    def __init__(self, keys: Iterable[Key] = (), **kwargs: str | None) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self._keys = tuple(keys)
        self._buttons: list[tuple[int, int, str]] = []

    def show(self, keys: Iterable[Key]) -> None:
        """Offer other keys."""
        fresh = tuple(keys)
        if fresh != self._keys:
            self._keys = fresh
            self.changed()

    def draw(self, width: int, p: Palette, glyphs: Glyphs) -> list[Part]:
        parts: list[Part] = [(" ", ink())]
        self._buttons = []
        at = 1
        for i, key in enumerate(visible_keys(self._keys, width)):
            if i:
                parts.append(("  ", ink()))
                at += 2
            text = f" {key.text}" if key.text else ""
            size = cell_width(key.label) + cell_width(text)
            parts += [(key.label, ink(p.gold, bold=True)), (text, ink(p.dim))]
            if key.action:
                self._buttons.append((at, at + size, key.action))
            at += size
        return parts

    def action_at(self, x: int) -> str:
        """The action of the entry at column `x`, or nothing."""
        return next((action for a, b, action in self._buttons if a <= x < b), "")

    async def on_click(self, event: events.Click) -> None:
        action = self.action_at(event.x)
        if action:
            event.stop()
            await self._run(action)

    async def _run(self, action: str) -> None:
        """Run the action where a key would: at the focused widget, its parents, the screen, the app."""
        destination, name, _ = actions.parse(action)
        if destination:
            await self.app.run_action(action, self.screen)
            return
        start = self.screen.focused or self.screen
        for node in (*start.ancestors_with_self, self.screen, self.app):
            if hasattr(node, f"action_{name}") or hasattr(node, f"_action_{name}"):
                await self.app.run_action(action, node)
                return
