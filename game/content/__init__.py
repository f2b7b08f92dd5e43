"""Typed content: reads and checks the top folder ``content/``, resolves figures, builds what the rules need.

Nothing here imports numpy except `game.content.build`, so that a list of runs or a help text stays quick.
"""

from __future__ import annotations

from .book import Content
from .load import content_directory, load
from .problems import ContentError, Problem

__all__ = ["Content", "ContentError", "Problem", "content_directory", "load"]
