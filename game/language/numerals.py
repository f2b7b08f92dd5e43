"""Numbers as people of each language write them: money, prices, shares, compute, quarters, lists.

Every function takes any float and never raises: what is no number, or larger than anything here, shows as ``--``. Halves are rounded up, as on
paper; a number that rounds to nothing carries no minus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from game.engine.names import FIRST_YEAR

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
Style = Literal["long", "medium", "short"]

NOTHING: Final = "--"
"""Shown where there is no number."""

_UNITS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "zh": ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")),
    "en": ((12, "T"), (9, "B"), (6, "M"), (3, "K"), (0, "")),
}
_DIGITS: Final = "〇一二三四五六七八九"
_LABEL: Final = re.compile(r"([0-9]{4})Q([1-4])")


def _decimal(value: float) -> Decimal | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(number) or abs(number) >= 1e20:
        return None
    return Decimal(repr(number)) if abs(number) >= 1e-9 else Decimal(0)


def _round(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _strip(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _significant(value: Decimal, digits: int = 3) -> Decimal:
    """Rounded to three digits, or to a whole number where that has more."""
    whole = max(1, value.adjusted() + 1) if value else 1
    return _round(value, max(0, digits - whole))


def _scaled(value: Decimal, lang: Lang) -> tuple[Decimal, str]:
    """A magnitude in the unit people would use, rounded, and that unit."""
    units = _UNITS[lang]
    index = next((i for i, (power, _) in enumerate(units) if value >= Decimal(1).scaleb(power)), len(units) - 1)
    number = _significant(value.scaleb(-units[index][0]))
    if index and number >= Decimal(1).scaleb(units[index - 1][0] - units[index][0]):
        index -= 1  # 9,999.6 万 is 1 亿
        number = _significant(value.scaleb(-units[index][0]))
    return number, units[index][1]


def _sign(negative: bool, sign: bool) -> str:
    return "-" if negative else "+" if sign else ""


def money(cny: float | None, lang: Lang, *, compact: bool = True, sign: bool = False) -> str:
    """An amount of CNY: three digits and a unit, or in full.

    >>> money(128_000_000, "zh"), money(12_400_000, "zh"), money(12_400_000, "en"), money(-5.2e9, "en")
    ('¥1.28亿', '¥1,240万', '¥12.4M', '-¥5.2B')
    """
    value = None if cny is None else _decimal(cny)
    if value is None:
        return NOTHING
    if compact:
        number, unit = _scaled(abs(value), lang)
    else:
        small = abs(value) < 100 and value != value.to_integral_value()
        number, unit = _round(abs(value), 2 if small else 0), ""
    body = f"{number:,f}" if not compact and number != number.to_integral_value() else _strip(f"{number:,f}")
    return f"{_sign(value < 0 and number > 0, sign)}¥{body}{unit}"


def price(cny: float | None, lang: Lang) -> str:
    """A price of tokens, an app or a seat; nothing to pay is ``免费`` or ``free``.

    >>> price(6, "zh"), price(0.3642, "en"), price(0.0013, "en"), price(0, "zh")
    ('¥6', '¥0.36', '¥0.0013', '免费')
    """
    value = None if cny is None else _decimal(cny)
    if value is None:
        return NOTHING
    if value == 0:
        return "免费" if lang == "zh" else "free"
    if abs(value) >= 10_000:
        return money(cny, lang)
    size = abs(value)
    number = _significant(size) if size >= 1 else _round(size, 1 - size.adjusted())
    return f"{_sign(value < 0, False)}¥{_strip(f'{number:,f}')}"


def percent(share: float | None, digits: int = 1, *, sign: bool = False) -> str:
    """A share of one as per cent.

    >>> percent(0.1483), percent(-0.5, 0), percent(0.012, sign=True)
    ('14.8%', '-50%', '+1.2%')
    """
    value = None if share is None else _decimal(share)
    if value is None:
        return NOTHING
    number = _round(abs(value).scaleb(2), digits)
    return f"{_sign(value < 0 and number > 0, sign)}{number:,f}%"


def points(share: float | None, *, sign: bool = False) -> str:
    """A share of one in points out of a hundred: whole, with one decimal below ten.

    >>> points(0.78), points(0.0412)
    ('78', '4.1')
    """
    value = None if share is None else _decimal(share)
    if value is None:
        return NOTHING
    number = abs(value).scaleb(2)
    number = _round(number, 1 if number < Decimal("9.95") else 0)
    return f"{_sign(value < 0 and number > 0, sign)}{_strip(f'{number:,f}')}"


def number(value: float | None, digits: int | None = None, *, sign: bool = False) -> str:
    """A plain number, grouped; without ``digits`` three digits that count.

    >>> number(1234.5), number(0.0456), number(3.0), number(2, 1)
    ('1,235', '0.046', '3', '2.0')
    """
    amount = None if value is None else _decimal(value)
    if amount is None:
        return NOTHING
    size = abs(amount)
    if digits is not None:
        rounded = _round(size, digits)
        return f"{_sign(amount < 0 and rounded > 0, sign)}{rounded:,f}"
    rounded = _significant(size) if size >= 1 or not size else _round(size, 1 - size.adjusted())
    return f"{_sign(amount < 0 and rounded > 0, sign)}{_strip(f'{rounded:,f}')}"


def signed(value: float | None, digits: int = 1) -> str:
    """A change with its sign, zero included.

    >>> signed(2.14), signed(-0.5), signed(0)
    ('+2.1', '-0.5', '+0.0')
    """
    return number(value, digits, sign=True)


def count(value: float | None, lang: Lang) -> str:
    """How many: whole and grouped up to a hundred thousand, then with a unit.

    >>> count(1520, "zh"), count(230_000_000, "zh"), count(230_000_000, "en")
    ('1,520', '2.3亿', '230M')
    """
    amount = None if value is None else _decimal(value)
    if amount is None:
        return NOTHING
    size = abs(amount)
    if size < 100_000:
        whole = _round(size, 0)
        return f"{_sign(amount < 0 and whole > 0, False)}{whole:,f}"
    scaled, unit = _scaled(size, lang)
    return f"{_sign(amount < 0, False)}{_strip(f'{scaled:,f}')}{unit}"


def flops(pflops: float | None, *, long: bool = False) -> str:
    """Compute in PFLOP/s, from a thousand on in EFLOP/s.

    >>> flops(340), flops(9500), flops(9500, long=True)
    ('340 P', '9.5 E', '9.5 EFLOP/s')
    """
    value = None if pflops is None else _decimal(pflops)
    if value is None:
        return NOTHING
    size, unit = abs(value), "P"
    if _significant(size) >= 1000:
        size, unit = size.scaleb(-3), "E"
    shown = _significant(size)
    return f"{_sign(value < 0 and shown > 0, False)}{_strip(f'{shown:,f}')} {unit}{'FLOP/s' if long else ''}"


def quarter(value: str | float, lang: Lang, style: Style = "medium") -> str:
    """A quarter by label or index from the first; what is neither comes back as it is.

    >>> quarter(5, "zh", "long"), quarter("2024Q2", "en", "long"), quarter(5, "zh"), quarter(5, "en", "short")
    ('二〇二四年第二季', '2024 Q2', '2024 Q2', '24Q2')
    """
    if isinstance(value, str):
        found = _LABEL.fullmatch(value)
        if found is None:
            return value
        year, part = int(found[1]), int(found[2])
    else:
        index = _decimal(value)
        if index is None or not 0 <= index < 400:
            return NOTHING
        year, part = FIRST_YEAR + int(index) // 4, int(index) % 4 + 1
    if style == "short":
        return f"{year % 100:02d}Q{part}"
    if style == "long" and lang == "zh":
        return f"{''.join(_DIGITS[int(d)] for d in str(year))}年第{_DIGITS[part]}季"
    return f"{year} Q{part}"


def join(items: Sequence[str], lang: Lang) -> str:
    """Items as one phrase.

    >>> join(["云山", "深研", "月舟"], "zh"), join(["a", "b", "c"], "en")
    ('云山、深研和月舟', 'a, b and c')
    """
    if len(items) < 2:
        return "".join(items)
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    return f"{comma.join(items[:-1])}{last}{items[-1]}"


def plural(value: object, forms: str) -> str:
    """The form of an English word that fits a number: ``model|models``.

    >>> plural(1, "model|models"), plural(0, "model|models")
    ('model', 'models')
    """
    one, _, many = forms.partition("|")
    amount = _decimal(value) if isinstance(value, (int, float)) else None
    return one if amount is not None and amount == 1 else many
