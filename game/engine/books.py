"""Double entry: every flow is whole fen with a payer and a payee."""

from __future__ import annotations

import numpy as np

from game.engine.names import ACCOUNTS, LINE, LINES
from game.engine.numeric import Array, Fen, fen, split


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

    def move(self, line: str, amount: Fen) -> None:
        """Post flows between firms that add up to zero in every game (F, G)."""
        self.lines[LINE[line]] += amount

    def total(self) -> Fen:
        """Net flow of every firm (F, G), fen."""
        return np.add.reduce(self.lines, axis=0)
