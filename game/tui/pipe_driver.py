"""The driver of an application whose terminal is a browser: it writes frames, and touches neither signals nor streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.geometry import Size

BEGIN = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # the mouse: buttons, movement, and how they are written
    "\x1b[?25l"  # no cursor
    "\x1b[?2004h"  # what is pasted comes in brackets
)
END = "\x1b[?2004l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?25h\x1b[?1049l"


class PipeDriver(Driver):
    """Set as ``driver_class`` of an application whose attribute ``wire`` takes the bytes drawn.

    While `held` nothing is drawn: a browser that is slow is sent no more than it can take, and one whole picture after
    that.
    """

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._send: Callable[[bytes], None] = app.wire  # type: ignore[attr-defined]
        self._parser = XTermParser()
        self._held = False
        self._ended = False

    @property
    def is_web(self) -> bool:
        return True

    # what the application draws

    def write(self, data: str) -> None:
        if not self._held and not self._ended:
            self._send(data.encode("utf-8", "replace"))

    def start_application_mode(self) -> None:
        self._send(BEGIN.encode())
        self.resize(*(self._size or (80, 24)))

    def disable_input(self) -> None:
        """Nothing to do: input comes as calls."""

    def stop_application_mode(self) -> None:
        if not self._ended:
            self._send(END.encode())
        self._ended = True

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """No page outside is ever opened."""

    def deliver_binary(self, binary: Any, **kwargs: Any) -> None:
        """No file is ever sent."""
        binary.close()

    # what the browser sends

    def keys(self, text: str) -> None:
        """What the terminal in the browser sent."""
        for event in self._parser.feed(text) if text else ():
            self.process_message(event)
        if text.endswith("\x1b"):  # Escape alone, or the beginning of a sequence that was cut in two
            self._loop.call_later(1.2 * ESCAPE_DELAY, self._tick)

    def _tick(self) -> None:
        if not self._ended:
            for event in self._parser.tick():
                self.process_message(event)

    def resize(self, width: int, height: int) -> None:
        """The browser's terminal has another size."""
        self._size = width, height
        size = Size(width, height)
        self.send_message(events.Resize(size, size))

    def look(self, focused: bool) -> None:
        """Whether the terminal has the keys."""
        self.send_message(events.AppFocus() if focused else events.AppBlur())

    def hold(self, held: bool) -> None:
        """Draw nothing, or draw again: then everything."""
        if self._held and not held:
            self._held = False
            if self._app.screen_stack:
                self._app.screen.refresh(layout=True)
        self._held = held
