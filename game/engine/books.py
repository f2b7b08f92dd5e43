"""Double entry: every flow is whole fen with a payer and a payee."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.engine.names import ACCOUNTS, LINE, LINES
from game.engine.numeric import Array, Fen, fen, split

Rows = NDArray[np.signedinteger[Any]]
Place = tuple[Rows | int, Rows] | tuple[Rows, ...]
"""Rows (or one row) and games."""


class Books:
    """The ledger of one quarter while it is written: ``lines`` (L, F, G) and ``outside`` (A, G), whole fen."""

    __slots__ = ("lines", "outside")

    def __init__(self, firms: int, games: int) -> None:
        self.lines: Fen = np.zeros((len(LINES), firms, games), dtype=np.int64)
        self.outside: Fen = np.zeros((len(ACCOUNTS), games), dtype=np.int64)

    def post(self, line: str, cny: Array, account: str) -> Fen:
        """Post ``cny`` (F, G; positive to the firm) against an outside account; returns the fen posted."""
        return self.post_fen(line, fen(cny), account)

    def post_fen(self, line: str, amount: Fen, account: str) -> Fen:
        """As `post`, with whole fen."""
        self.lines[LINE[line]] += amount
        # Integers add up exactly in any order, so the plain reduction is safe here.
        self.outside[ACCOUNTS.index(account)] -= np.add.reduce(amount, axis=0)
        return amount

    def post_at(self, line: str, at: Place, cny: Array, account: str) -> Fen:
        """As `post`, for single firms ``at`` (rows, games), each at most once; returns the fen posted, (N,)."""
        amount = fen(cny)
        self.lines[LINE[line]][at] += amount
        np.subtract.at(self.outside[ACCOUNTS.index(account)], at[1], amount)
        return amount

    def rent(self, paid: Array, weights: Array) -> None:
        """Firms pay ``paid`` (F, G) to the firms weighted by ``weights`` (F, G), by largest remainder.

        Where nobody can be paid the flow goes to suppliers.
        """
        out = fen(paid)
        total = np.add.reduce(out, axis=0)
        parts = split(total, weights)
        self.lines[LINE["rent"]] -= out
        self.lines[LINE["rent_income"]] += parts
        self.outside[ACCOUNTS.index("suppliers")] += total - np.add.reduce(parts, axis=0)

    def move_at(self, line: str, payer: Place, payee: Place, amount: Fen) -> None:
        """Post flows (N,) from firm to firm, each pair of row and game at most once on either side."""
        self.lines[LINE[line]][payer] -= amount
        self.lines[LINE[line]][payee] += amount

    def total(self) -> Fen:
        """Net flow of every firm (F, G), fen."""
        return np.add.reduce(self.lines, axis=0)
