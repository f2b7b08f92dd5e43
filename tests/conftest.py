"""Fixtures that more than one folder of tests needs: the shipped content, and the rules of the whole campaign."""

from __future__ import annotations

import pytest

from game.content import Content
from game.content.build import build_rules
from game.content.load import load
from game.engine.rules import Rules


@pytest.fixture(scope="session")
def shipped() -> Content:
    """The shipped content, read once a worker."""
    return load()


@pytest.fixture(scope="session")
def war(shipped: Content) -> Rules:
    """Rules of the scenario ``war`` from the default background."""
    return build_rules(shipped, "war")
