"""All chance of one quarter in one sweep, by name."""

from __future__ import annotations

from functools import lru_cache

from game.engine.draws import Purpose, Words, normals, slot_keys, uniforms, words
from game.engine.names import SEGMENTS
from game.engine.numeric import Array
from game.engine.state import BINS

LOTS = 8
"""Most tender lots a quarter that there are draws for; how many there are is a parameter."""


@lru_cache(maxsize=32)
def _plan(firms: int, lots: int) -> tuple[dict[str, slice], Words, int]:
    """Slices by name, keys of all slots, number of normals (they come first)."""
    normal = [("sentiment", Purpose.SENTIMENT, 1), ("compute", Purpose.COMPUTE_PRICE, 1),
              ("research", Purpose.RESEARCH, firms), ("efficiency", Purpose.EFFICIENCY, firms),
              ("raise", Purpose.RAISE, firms), ("adoption", Purpose.ADOPTION, len(SEGMENTS)),
              ("tender_size", Purpose.TENDER_SIZE, lots), ("fringe", Purpose.FRINGE, BINS),
              ("tender_noise", Purpose.TENDER_NOISE, lots * firms)]
    uniform = [("tender_segment", Purpose.TENDER_SEGMENT, lots), ("tender_terms", Purpose.TENDER_TERMS, lots),
               ("card_comes", Purpose.CARD_COMES, firms)]
    slots: list[tuple[Purpose, int]] = []
    where: dict[str, slice] = {}
    for name, purpose, n in normal + uniform:
        where[name] = slice(len(slots), len(slots) + n)
        slots += [(purpose, i) for i in range(n)]
    return where, slot_keys(slots), where["tender_segment"].start


class QuarterDraws:
    """Draws of one quarter for a batch: normals and uniforms (N, G) by the name of their use; for ``lots`` tenders.

    Draws hang on seed and quarter alone, so whoever plays the same quarter of the same batch again under other decisions
    may ``keep`` them; the scores of the cards, which are many, are kept with them then.
    """

    __slots__ = ("_normal", "_split", "_uniform", "_where", "cards")

    def __init__(self, seed: Words, quarter: int, firms: int, lots: int = LOTS, *, keep: bool = False) -> None:
        self.cards: dict[int, Array] | None = {} if keep else None
        """Scores (cards, F, G) by the place of their block in the window of `game.engine.events.announced`."""
        self._where, keys, self._split = _plan(firms, min(lots, LOTS))
        w = words(seed, keys, quarter)
        self._normal = normals(w[: self._split])
        self._uniform = uniforms(w[self._split :])

    def __getitem__(self, name: str) -> Array:
        at = self._where[name]
        if at.start < self._split:
            return self._normal[at]
        return self._uniform[at.start - self._split : at.stop - self._split]
