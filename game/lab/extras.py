"""Libraries that only the laboratory needs, imported when they are needed."""

from __future__ import annotations

import importlib
from types import ModuleType


class MissingLibrary(Exception):
    """A library of an extra (``lab`` ...) is not installed; the text is one sentence."""


def library(module: str, package: str, extra: str = "lab") -> ModuleType:
    """The module, or `MissingLibrary` with a sentence that says what to install."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingLibrary(
            f"this needs library {package}, which is not installed; install baimo with its extra '{extra}', or {package}"
        ) from error
