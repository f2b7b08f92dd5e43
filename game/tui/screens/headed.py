"""How a heading begins, apart from anything that draws."""

from __future__ import annotations


def headed(text: str, lang: str) -> str:
    """Text as it begins a sentence or heads a page: English with a capital.

    >>> headed("your firm", "en"), headed("你的公司", "zh")
    ('Your firm', '你的公司')
    """
    return text[:1].upper() + text[1:] if lang == "en" else text
