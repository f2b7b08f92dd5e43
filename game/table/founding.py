"""What a new game is made of; apart from everything that is slow to import."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    levers: str = ""
    """``five`` or ``all``; empty for what the scenario says."""
    assignment: str = ""
    """Id of the assignment it is played for; empty for none."""
    planned: dict[int, list[str]] = field(default_factory=dict)
    """Cards dealt to every firm when a quarter (counted from 2023 Q1) opens."""
    undo: str = "marked"
    """``marked``, or ``forbidden`` where no quarter may be taken back."""
