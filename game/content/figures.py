"""A figure as it stands in a sentence: number, unit, bound and direction, in Chinese and in English.

Money is ¥ with 万 and 亿 or K, M and B; shares are per cent; counts are bare (the sentence says of what), times carry
their unit. Numbers are shown as the article states them, not rounded.
"""

from __future__ import annotations

from typing import Final

from . import schema as s

BOUNDS: Final = {
    "zh": {
        "more-than": "逾", "at-least": "至少", "less-than": "不足", "up-to": "至多", "down-to": "低至", "about": "约",
    },
    "en": {
        "more-than": "over ", "at-least": "at least ", "less-than": "under ", "up-to": "up to ",
        "down-to": "as low as ", "about": "about ",
    },
}
DIRECTIONS: Final = {"zh": {"up": "（升）", "down": "（降）"}, "en": {"up": " (up)", "down": " (down)"}}

_ZH_SCALE: Final = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
_EN_SHORT: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
_EN_LONG: Final = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))

_TIMES: Final = {
    "years": ("年", "year"), "months": ("个月", "month"), "days": ("天", "day"), "hours": ("小时", "hour"),
    "seconds": ("秒", "second"), "quarters": ("个季度", "quarter"), "generations": ("代", "generation"),
    "percentage points": ("个百分点", "percentage point"),
}


def plain(number: float, digits: int | None = None) -> str:
    """A number without trailing zeros, exact as stated or rounded to ``digits`` significant ones.

    >>> plain(0.9457 * 100), plain(1234.5, 2)
    ('94.57', '1200')
    """
    if digits is not None:
        number = float(f"{number:.{digits}g}")
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def compact(number: float, lang: str, *, words: bool = False, digits: int | None = None) -> str:
    """A large number: 万, 亿, 万亿 in Chinese; K, M, B, T, or with ``words`` million, billion, in English.

    >>> compact(2e11, "zh"), compact(2e11, "en"), compact(9.4e6, "en", words=True), compact(23e4, "en", words=True)
    ('2000亿', '200B', '9.4 million', '230,000')
    """
    scale = _ZH_SCALE if lang == "zh" else _EN_LONG if words else _EN_SHORT
    for size, name in scale:
        if abs(number) >= size:
            return plain(number / size, digits) + name
    if lang == "en" and words and abs(number) >= 1e4 and number == int(number):
        return f"{int(number):,}"
    return plain(number, digits)


def money(amount: float, lang: str, *, sign: str = "¥", digits: int | None = None) -> str:
    """An amount of money.

    >>> money(1.2e6, "zh"), money(-1.2e6, "en")
    ('¥120万', '-¥1.2M')
    """
    return ("-" if amount < 0 else "") + sign + compact(abs(amount), lang, digits=digits)


def percent(share: float, digits: int | None = None) -> str:
    """A share as per cent."""
    return plain(share * 100, digits) + "%"


def format_figure(figure: s.Figure, lang: str, *, bound: bool = True, direction: bool = False) -> str:
    """A figure as a placeholder shows it; with ``direction`` also whether it rose or fell, as the codex shows it."""
    if figure.text is not None:
        return figure.text[lang]
    if figure.value is not None:
        body = _one(figure.value, figure.unit, lang)
    else:
        body = _range(float(figure.low or 0), float(figure.high or 0), figure.unit, lang)
    if bound and figure.bound is not None:
        body = BOUNDS[lang][figure.bound] + body
    if direction and figure.direction is not None:
        body += DIRECTIONS[lang][figure.direction]
    return body


def _split(unit: str) -> tuple[str, str]:
    """Base of a unit and what it counts by: ``CNY/1M tokens`` is (``CNY``, ``1M tokens``)."""
    base, _, per = unit.partition("/")
    return base, per


def _per(per: str, lang: str) -> str:
    known = {
        "": ("", ""), "year": ("/年", " a year"), "quarter": ("/季", " a quarter"), "month": ("/月", " a month"),
        "day": ("/日", " a day"), "1M tokens": ("/百万Token", " per million tokens"),
    }
    zh, en = known.get(per, (f"/{per}", f" per {per}"))
    return zh if lang == "zh" else en


def _one(number: float, unit: str, lang: str) -> str:
    base, per = _split(unit)
    if base == "CNY":
        return money(number, lang) + _per(per, lang)
    if base == "USD":
        return (compact(number, lang) + "美元" if lang == "zh" else money(number, lang, sign="$")) + _per(per, lang)
    if unit == "share":
        return percent(number)
    if unit == "ratio":
        return _times(number, lang)
    if unit == "rank":
        return f"第{plain(number)}" if lang == "zh" else _ordinal(int(number))
    if unit == "score out of 5":
        return plain(number) + ("分" if lang == "zh" else " out of 5")
    if unit in _TIMES:
        zh, en = _TIMES[unit]
        body = compact(number, lang, words=True)
        return body + zh if lang == "zh" else f"{body} {en}{'' if number == 1 else 's'}"
    return compact(number, lang, words=True)


def _range(low: float, high: float, unit: str, lang: str) -> str:
    if lang == "en":
        if unit in _TIMES or unit == "ratio":
            return f"{plain(low)} to {_one(high, unit, lang)}"
        base, per = _split(unit)
        return f"{_one(low, base if per else unit, lang)} to {_one(high, unit, lang)}"
    base, per = _split(unit)
    if base == "CNY":
        return f"¥{compact(low, lang)}至{compact(high, lang)}{_per(per, lang)}"
    if base == "USD":
        return f"{compact(low, lang)}至{_one(high, unit, lang)}"
    if unit == "share":
        return f"{percent(low)}至{percent(high)}"
    if unit == "ratio":
        return f"{plain(low)}至{_one(high, unit, lang)}"
    start = _one(low, unit, lang) if unit == "rank" else compact(low, lang)
    return f"{start}至{_one(high, unit, lang)}"


def _times(number: float, lang: str) -> str:
    """A multiple; below one as a fraction where it is one part of a whole number.

    >>> _times(7, "zh"), _times(0.125, "en")
    ('7倍', '1/8')
    """
    if 0 < number < 1 and abs(1 / number - round(1 / number)) < 1e-3:
        return f"1/{round(1 / number)}"
    return plain(number) + ("倍" if lang == "zh" else " times" if number != 1 else " time")


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
