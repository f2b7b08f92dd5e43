"""The version of the rules, apart from everything that needs numpy."""

RULES_VERSION = 2
"""Raised when behaviour changes, never for refactoring: a run of an older version opens, but is not recomputed."""
