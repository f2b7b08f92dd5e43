"""Typed messages and numbers → sentences in Chinese and English.

`Tongue` speaks one language about one table; `clean_text` is the only way in for text that people write. No screen is
known here, and nothing here returns markup: whatever comes out is shown with ``markup=False``.
"""

from __future__ import annotations

from .clean import cell_width, clean_text
from .numerals import LANGS, Lang, join, money, percent, price, quarter, signed
from .tongue import CardText, Tongue

__all__ = [
    "LANGS", "CardText", "Lang", "Tongue", "cell_width", "clean_text", "join", "money", "percent", "price", "quarter",
    "signed",
]  # fmt: skip
