"""A terminal that ends the program as soon as something can be read on it: for timing the first frame.

Named in the environment variable ``TEXTUAL_DRIVER`` of a child process; nothing of the program is changed for it.
"""

from __future__ import annotations

import os
import re

from textual.drivers.headless_driver import HeadlessDriver

_CODES = re.compile(r"\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x1b\\|\x07)|[ -/]+.|.)", re.DOTALL)


def readable(data: str) -> bool:
    """Whether anything but control sequences and blanks is written."""
    return any(not c.isspace() and c.isprintable() for c in _CODES.sub("", data))


class FirstFrame(HeadlessDriver):
    """Takes what is drawn like a terminal of the size that COLUMNS and LINES say, up to the first frame with text."""

    @property
    def is_headless(self) -> bool:
        """No: an app draws nothing where there is no terminal."""
        return False

    def write(self, data: str) -> None:
        """End the process at once, without any clearing up, when a frame can be read."""
        if readable(data):
            os._exit(0)
