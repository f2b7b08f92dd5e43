"""Money in whole units that add up as shown: one unit for a table, chosen by its largest amount."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from game.language import Tongue

_MINUS = re.compile(r"(?<![\w.])-(?=[¥\d])")
_REACH = {
    # amounts below the first number are written in the second, with so many decimals and a word
    "zh": ((1e6, 1.0, 0, ""), (2e10, 1e4, 0, "万"), (float("inf"), 1e6, 2, "亿")),
    "en": ((1e6, 1.0, 0, ""), (5e6, 1e3, 0, "K"), (2e10, 1e5, 1, "M"), (float("inf"), 1e7, 2, "B")),
}


def minus(text: str, *, plain: bool = False) -> str:
    """The typographic minus before an amount, as the charts write it.

    >>> minus("-¥1.2M"), minus("-3.4"), minus("24-7")
    ('−¥1.2M', '−3.4', '24-7')
    """
    return text if plain else _MINUS.sub("−", text)


def unit_for(amounts: Sequence[float], tongue: Tongue) -> tuple[float, Callable[[float], str]]:
    """The unit in CNY for amounts in CNY, and how a whole number of it is written (without its sign).

    >>> from game.language import Tongue
    >>> unit, write = unit_for([1.284e8, -3.1e6], Tongue("zh", {}))
    >>> unit, write(12840), write(310)
    (10000.0, '1.28亿', '310万')
    """
    largest = max((abs(a) for a in amounts), default=0.0)
    steps = _REACH[tongue.lang]
    _, unit, decimals, word = next((step for step in steps if largest < step[0]), steps[-1])
    scale: float = 10.0**decimals

    def write(units: float) -> str:
        if word == "万" and units >= 1e4:  # a hundred million and more is read in its own unit
            return f"{units / 1e4:.2f}亿"
        return f"{units / scale:,.{decimals}f}{word}"

    return unit, write
