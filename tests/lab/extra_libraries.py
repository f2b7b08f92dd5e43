"""Libraries that only some tests need: without one they are skipped, or fail where no skip is allowed."""

from __future__ import annotations

import importlib
import os

import pytest


def need(*modules: str) -> None:
    """Skip the tests of a module that lacks a library; fail them where BAIMO_NO_SKIP is 1."""
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            if os.environ.get("BAIMO_NO_SKIP") == "1":
                pytest.fail(f"{module} is not installed and no skip is allowed", pytrace=False)
            pytest.skip(f"{module} is not installed", allow_module_level=True)
