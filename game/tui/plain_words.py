"""What people may type in the plain game: commands, levers and numbers, in both languages."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from game.engine.names import ROUTES

if TYPE_CHECKING:
    from game.content import Content
    from game.table.wire import Limit

COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "help": ("help", "h", "?", "帮助", "命令"),
    "show": ("show", "s", "position", "局面", "看"),
    "levers": ("levers", "l", "决策", "项目", "决策项"),
    "set": ("set", "设", "改", "设为"),
    "reset": ("reset", "恢复", "还原"),
    "card": ("card", "卡", "牌", "案头"),
    "choose": ("choose", "选", "选择"),
    "guidance": ("guidance", "预告"),
    "futures": ("futures", "ahead", "推演", "未来"),
    "bill": ("bill", "preview", "账单"),
    "end": ("end", "close", "next", "结束", "结束本季", "下一季"),
    "report": ("report", "r", "季报"),
    "why": ("why", "w", "为什么", "缘由"),
    "market": ("market", "m", "市场"),
    "news": ("news", "gazette", "日报", "新闻"),
    "codex": ("codex", "search", "c", "百科", "检索", "查"),
    "open": ("open", "打开", "条目"),
    "reason": ("reason", "note", "理由"),
    "advice": ("advice", "adviser", "参谋"),
    "goals": ("goals", "目标"),
    "daily": ("daily", "今日市况", "今日"),
    "records": ("records", "战绩"),
    "achievements": ("achievements", "成就"),
    "analyse": ("analyse", "analyze", "复盘"),
    "runs": ("runs", "棋谱"),
    "continue": ("continue", "resume", "继续"),
    "undo": ("undo", "悔棋", "退回"),
    "fork": ("fork", "岔路", "另走"),
    "new": ("new", "新局", "新开一局"),
    "save": ("save", "保存", "存"),
    "lang": ("lang", "language", "语言", "中文", "english"),
    "quit": ("quit", "exit", "q", "退出", "再见"),
}
"""Commands in the order of the help, each with the words it answers to."""

ON: Final = ("on", "开", "请回")
OFF: Final = ("off", "关", "收起")
YES: Final = ("y", "yes", "是", "好", "确定", "1")
NO: Final = ("n", "no", "否", "不", "取消", "0", "2")

_UNITS: Final = {
    "": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12, "千": 1e3, "百万": 1e6,
    "p": 1.0, "e": 1e3, "元": 1.0, "万元": 1e4, "亿元": 1e8, "人": 1.0, "份": 1.0, "季": 1.0,
}  # fmt: skip
_NUMBER: Final = re.compile(r"([+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?)\s*([a-z]|[\u4e00-\u9fff]{1,2}|%)?")


def fold(text: str) -> str:
    """A word as it is compared: width, case and outer space do not count."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


_COMMAND: Final = {fold(word): name for name, words in COMMANDS.items() for word in words}


def command(word: str) -> str:
    """The command that a word, or its number in the help, means; empty for none."""
    word = fold(word)
    if word.isdecimal() and 1 <= int(word[:4]) <= len(COMMANDS):
        return list(COMMANDS)[int(word[:4]) - 1]
    return _COMMAND.get(word, "")


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, or nothing."""
    near = difflib.get_close_matches(fold(word), known, n=1, cutoff=0.6)
    return near[0] if near else ""


def number(text: str, *, per_cent: float = 1.0) -> float | None:
    """A number as people write it, or None: ``1,200``, ``4200万``, ``1.2亿``, ``1.2B``, ``¥6``, ``80%``.

    ``per_cent`` is what a hundred per cent is worth.

    >>> number("1.2亿"), number("¥6"), number("80%", per_cent=100), number("six")
    (120000000.0, 6.0, 80.0, None)
    """
    text = fold(text).replace("−", "-").replace("，", ",").lstrip("¥￥$ ")
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    unit = found[2] or ""
    if unit == "%":
        factor = per_cent / 100
    elif unit in _UNITS:
        factor = _UNITS[unit]
    else:
        return None
    value = float(found[1].replace(",", "")) * factor
    return value if math.isfinite(value) else None


def shown_levers(content: Content, limits: Mapping[str, Limit], five: bool) -> list[str]:
    """Levers that this game offers, in their order: not the answers to cards, not the guidance."""
    hidden = ("card.choice", "distress.choice")
    names = [n for n in limits if n not in hidden and not n.startswith("guidance.")]
    return [n for n in names if not five or (n in content.levers and content.levers[n].five)]


def find_lever(content: Content, names: Sequence[str], text: str) -> tuple[str, str]:
    """(lever, the rest of the text) for a line that begins with a lever's number, id or name in either language.

    The lever is empty where none is meant.
    """
    folded = fold(text)
    head, _, rest = folded.partition(" ")
    if head.isdecimal() and rest and 1 <= int(head[:4]) <= len(names):
        return names[int(head[:4]) - 1], rest.strip()
    best = ("", "")
    for name in names:
        lever = content.levers.get(name)
        words = [name] + ([lever.name.zh, lever.name.en] if lever is not None else [])
        for word in map(fold, words):
            rest = folded[len(word) :]
            # a Chinese name may be followed by its number at once, a Latin one not
            joined = not rest or rest[0] in " =:" or not word[-1].isascii()
            if folded.startswith(word) and joined and len(word) > len(best[0]):
                best = (word, name)
    return (best[1], folded[len(best[0]) :].lstrip(" =:").strip()) if best[1] else ("", "")


def route(content_names: Sequence[Sequence[str]], text: str) -> float | None:
    """Row of a route by name in either language or by number from 1; ``content_names`` has the names of each row."""
    folded = fold(text)
    if folded.isdecimal() and 1 <= int(folded[:4]) <= len(ROUTES):
        return float(int(folded) - 1)
    for row, names in enumerate(content_names):
        if folded in (ROUTES[row], *map(fold, names)):
            return float(row)
    return None
