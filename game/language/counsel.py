"""The adviser's pieces in words: a sentence and its arithmetic, with numbers as short as they stay true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from game.table.adviser import Advice

    from .tongue import Tongue, Value

_TENTHS: Final = ("left", "times", "most", "lost", "tied", "free", "ripe", "waiting", "contracts", "people", "each")
"""Arguments that are plain numbers of things, shown with one decimal where they have one worth showing."""


def advice_words(tongue: Tongue, piece: Advice) -> tuple[str, str]:
    """The sentence of a piece and its arithmetic."""
    args: dict[str, Value] = dict(piece.args)
    money = piece.id in ("below-cost", "no-match")  # there what is lost is money, elsewhere contracts or people
    for name in _TENTHS:
        value = args.get(name)
        if isinstance(value, float) and not (money and name == "lost"):
            args[name] = tongue.number(value, 2 if name == "each" and value < 1 else 1 if value < 100 else 0)
    if "thing" in args:
        args["thing"] = tongue.term("guidance", str(args["thing"]))
    return tongue.say(f"advice.{piece.id}.say", **args), tongue.say(f"advice.{piece.id}.sum", **args)
