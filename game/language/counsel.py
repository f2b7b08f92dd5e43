"""The adviser's pieces in words: a sentence and its arithmetic, with numbers as short as they stay true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from game.table.adviser import Advice

    from .tongue import Tongue, Value

_TENTHS: Final = ("left", "times", "most", "lost", "tied", "free", "ripe", "waiting", "contracts", "people", "each")
"""Arguments that are plain numbers of things, shown with one decimal where they have one worth showing."""
_MONEY: Final = (("below-cost", "lost"), ("no-match", "lost"), ("community", "each"))
"""What bears such a name and is money all the same, by piece."""


def advice_words(tongue: Tongue, piece: Advice) -> tuple[str, str]:
    """The sentence of a piece and its arithmetic."""
    args: dict[str, Value] = dict(piece.args)
    for name in _TENTHS:
        value = args.get(name)
        if isinstance(value, float) and (piece.id, name) not in _MONEY:
            digits = 2 if name == "each" else 0 if value >= 100 or abs(value - round(value)) < 0.05 else 1
            args[name] = tongue.number(value, digits if name not in ("left", "times") else 1)
    if "thing" in args:
        args["thing"] = tongue.term("guidance", str(args["thing"]))
    return tongue.say(f"advice.{piece.id}.say", **args), tongue.say(f"advice.{piece.id}.sum", **args)
