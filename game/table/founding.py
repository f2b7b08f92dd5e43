"""What a new game is made of; apart from everything that is slow to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Founding:
    """What a new game is made of: ids of content, the seed as typed."""

    scenario: str = "war"
    background: str = "lab-spin-off"
    difficulty: str = "manager"
    assume: str = "none"
    seed: str = ""
    """Empty for one that is drawn."""
    name: str = ""
    """The firm's name as typed; empty for none."""
