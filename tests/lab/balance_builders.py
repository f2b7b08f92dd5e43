"""Records of campaigns made by hand."""

from __future__ import annotations

import numpy as np

from game.lab.balance.record import CHOICES, Record


def made(
    value: list[float], ended: list[int] | None = None, *, quarters: int = 20, firms: int = 4,
    runway: np.ndarray | None = None, rank: np.ndarray | None = None, cards: tuple[str, ...] = ("a", "b"),
) -> Record:
    """One campaign a final value; those with an end are bankrupt. The last firm is a cloud giant."""
    seeds = len(value)
    end = np.array(ended if ended is not None else [-1] * seeds)
    order = np.tile(np.arange(1, firms + 1)[None, :, None], (quarters, 1, seeds))
    clouds = np.zeros(firms)
    clouds[-1] = 1.0
    return Record(
        first=0, cards=cards, clouds=clouds, value=np.tile(np.array(value), (quarters, 1)),
        runway=np.full((quarters, seeds), 3.0) if runway is None else runway, rank=order if rank is None else rank,
        bankrupt=(end >= 0) * 1.0, ended=end, card=np.full((quarters, seeds), -1),
        choice=np.zeros((quarters, seeds)), free=np.zeros((quarters, CHOICES, seeds)),
    )  # fmt: skip
