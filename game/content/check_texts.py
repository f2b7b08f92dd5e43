"""Checks of texts: placeholders, numbers that should be figures, units said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from . import schema as s
from .book import Content
from .check_archive import admits_doubt
from .checking import Checking
from .layout import KINDS
from .problems import Problem, did_you_mean
from .references import PLACEHOLDER, figures_in
from .vocabulary import FIRM_PLACEHOLDERS

# The one allow-list: what may hold a numeral in a card without being a quantity ----------------------------------------
ALLOWED_ZH: Final = tuple(sorted((
    "百模大战", "百模", "万一", "万能", "万全", "万事", "万物", "万无一失", "千万别", "千万不", "千万要", "十分", "十足", "十字",
    "十拿九稳", "十全十美", "十万火急", "十有八九", "八字", "八卦", "八方", "四面八方", "四面", "四处", "四平八稳", "四舍五入",
    "五花八门", "五湖四海", "五险一金", "六神无主", "七上八下", "七嘴八舌", "七零八落", "乱七八糟", "九牛一毛", "再三", "三番五次",
    "三番两次", "三心二意", "三言两语", "三天两头", "三令五申", "三思", "三班倒", "两班倒", "三甲", "三方", "三更半夜", "半夜三更",
    "丢三落四", "朝三暮四", "接二连三", "不三不四", "说一不二", "独一无二", "二话", "二选一", "二手", "二次", "二期", "二线", "三线",
    "一二线", "二把手", "三把火", "一分为二", "一五一十", "一清二楚", "一干二净", "一日千里", "一落千丈", "一刀两断", "一举两得", "一石二鸟",
    "两难", "两头", "两边", "两端", "两全", "两可", "两手", "两回事", "两码事", "两样", "两会", "两地", "两说", "两清", "两败俱伤",
    "两句", "三两句", "零售", "零件", "零头", "零散", "零星", "零碎", "零钱", "归零", "清零", "从零", "零和", "百花齐放", "百货", "百科",
    "百姓", "百业", "百忙", "百废待兴", "百闻不如一见", "百尺竿头", "千方百计", "千篇一律", "千军万马", "千辛万苦", "千头万绪", "千家万户",
    "千行百业", "千钧一发", "千里", "成千上万", "万家", "百倍小心", "百炼", "老三样", "三件套", "三板斧", "八股", "万金油", "一穷二白",
    "两条路", "两条腿", "两本账", "三角", "四季", "五官", "五金", "八成是", "九九归一", "十年磨一剑", "三顾", "二维", "三维", "四方",
    "亿万", "千人千面", "一式两份", "三百六十行", "不管三七二十一", "过五关", "半斤八两", "百密一疏", "举一反三", "挂一漏万", "以一当十",
    "以防万一", "一问三不知", "一心二用", "三缺一", "事不过三", "三分钟热度", "百年老店", "万里", "万岁", "百分百", "十之八九", "二五",
), key=len, reverse=True))
"""Chinese idioms and set words. A lone 一 is always allowed, and so are ordinals (第...) and days of the week."""

ALLOWED_EN: Final = ("in two minds", "the two of", "between two stools", "two-sided", "two-way", "two-faced", "one or two")
"""English phrases in which a number word is no quantity. ``one`` is always allowed."""

ALLOWED_TERMS: Final = ("B2B", "B2C", "3D", "5G")
"""Names with a digit, in both languages."""

_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六]|第[一二三四五六七八九十]+")
_DIGIT = re.compile(r"[0-9０-９①-⑳½¼¾⅓⅔Ⅰ-Ⅻ]+")
_ZH_NUMBER = re.compile(r"[〇零一二两三四五六七八九十百千万亿廿卅]*[〇零二两三四五六七八九十百千万亿廿卅][一〇零二两三四五六七八九十百千万亿]*|一[成倍折]")
_EN_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?"
    r"|dozens?|scores of)\b", re.IGNORECASE,
)
_LOOSE = re.compile(r"[{}]")
_ARGUMENT = re.compile(r"[a-z][a-z0-9_.]*(?:[:!][^{}]*)?")

_SAID = {
    "share": (r"\s*(?:[%％]|per ?cent|个百分点)", "per cent"), "CNY": (r"\s*(?:元|块|yuan|RMB)", "the currency"),
    "years": (r"\s*(?:年|years?)", "the unit"), "months": (r"\s*(?:个?月|months?)", "the unit"),
    "hours": (r"\s*(?:个?小时|hours?)", "the unit"), "days": (r"\s*(?:天|days?)", "the unit"),
    "ratio": (r"\s*(?:倍|times|x\b|×)", "times"), "percentage points": (r"\s*(?:个?百分点|percentage points?)", "the unit"),
    "generations": (r"\s*(?:代|generations?)", "the unit"), "seconds": (r"\s*(?:秒|seconds?)", "the unit"),
}
_BOUND_WORDS = re.compile(
    r"(?:逾|超过|不足|不到|至少|大约|约|近|高达|最多|至多|低至|将近"
    r"|\b(?:over|more than|at least|under|less than|fewer than|about|around|up to|nearly|almost|as low as))\s*$",
    re.IGNORECASE,
)


def check_texts(work: Checking) -> None:
    """Every text of every entry; card texts also for numbers that no figure carries."""
    for kind in KINDS:
        for entry in work.content.of(kind).values():
            for key, text in s.texts_of(entry):
                _placeholders(work, kind, entry.id, key, text)
    for card in work.content.cards.values():
        for key, text in s.texts_of(card):
            if key == "note":
                continue
            for lang in ("zh", "en"):
                for quantity, severe in quantities(text[lang], lang):
                    work.add(
                        "card", card.id, f"{key}.{lang}",
                        f"'{quantity}' is a number of its own; show a figure ({{figure:...}}) or say it without a number",
                        "error" if severe else "warning",
                    )
            for figure in {*figures_in(text.zh), *figures_in(text.en)} & set(work.content.disowned):
                if not admits_doubt(card.note):
                    message = f"shows figure '{figure}', which a caution disowns; say in the note that it is doubted"
                    work.add("card", card.id, key, message, "warning")


def quantities(text: str, lang: str) -> Iterable[tuple[str, bool]]:
    """(words, whether surely a quantity) of every number in a card's text outside placeholders and the allow-list.

    >>> list(quantities("三家客户，一家没付钱", "zh")), list(quantities("{figure:x} models, one client", "en"))
    ([('三', True)], [])
    """
    text = PLACEHOLDER.sub("·", text)
    for term in ALLOWED_TERMS:
        text = text.replace(term, "·")
    for match in _DIGIT.finditer(text):
        yield match.group(), True
    if lang == "zh":
        for phrase in ALLOWED_ZH:
            text = text.replace(phrase, "·")
        text = _WEEKDAY.sub("·", text)
        for match in _ZH_NUMBER.finditer(text):
            yield match.group(), True
    else:
        for phrase in ALLOWED_EN:
            text = re.sub(re.escape(phrase), "·", text, flags=re.IGNORECASE)
        for match in _EN_NUMBER.finditer(text):
            yield match.group(), False


def _placeholders(work: Checking, kind: str, label: str, key: str, text: s.Text) -> None:
    shown: dict[str, list[str]] = {}
    for lang in ("zh", "en"):
        words = text[lang]
        if "{" not in words and "}" not in words:
            shown[lang] = []
            continue
        at = f"{key}.{lang}"
        if _LOOSE.search(PLACEHOLDER.sub("", words)):
            work.add(kind, label, at, "has a brace without its partner; placeholders are written {name}")
        for match in PLACEHOLDER.finditer(words):
            name = match.group(1)
            if name.startswith("figure:"):
                _figure_place(work, kind, label, at, words, match)
            elif name not in FIRM_PLACEHOLDERS:
                hint = did_you_mean(name, (*FIRM_PLACEHOLDERS, "figure:ID"), limit=12)
                work.add(kind, label, at, f"unknown placeholder {{{name}}}{hint}")
        shown[lang] = figures_in(words)
    odd = set(shown["zh"]) ^ set(shown["en"])
    if odd:
        work.add(kind, label, key, f"figure '{min(odd)}' is shown in one language only", "warning")


def _figure_place(work: Checking, kind: str, label: str, at: str, words: str, match: re.Match[str]) -> None:
    wanted = match.group(1)[7:].strip()
    work.refer(kind, label, at, "figure", wanted)
    figure = work.content.figures.get(wanted)
    if figure is None:
        return
    said = _SAID.get(figure.unit.partition("/")[0])
    if figure.text is None and said is not None:
        after = re.match(said[0], words[match.end():])
        if after:
            message = f"'{after.group().strip()}' after {{{match.group(1)}}}: the figure already says {said[1]}"
            work.add(kind, label, at, message, "warning")
    if figure.bound is not None:
        before = _BOUND_WORDS.search(words[: match.start()])
        if before:
            message = f"'{before.group().strip()}' before {{{match.group(1)}}}: the figure brings its own '{figure.bound}'"
            work.add(kind, label, at, message, "warning")


def check_locale(messages: Mapping[str, s.Text], content: Content) -> list[Problem]:
    """Interface messages: placeholders are names, the same ones in both languages."""
    problems: list[Problem] = []

    def add(key: str, message: str, warning: bool = False) -> None:
        problems.append(Problem("locale", key, message, "warning" if warning else "error"))

    for key, text in messages.items():
        names: dict[str, set[str]] = {}
        for lang in ("zh", "en"):
            words = text[lang].replace("{{", "").replace("}}", "")
            if _LOOSE.search(PLACEHOLDER.sub("", words)):
                add(f"{key}.{lang}", "has a brace without its partner; placeholders are written {name}")
            found = PLACEHOLDER.findall(words)
            names[lang] = {re.split(r"[:!]", name)[0] for name in found}
            for name in found:
                if name.startswith("figure:"):
                    if name[7:] not in content.figures:
                        add(f"{key}.{lang}", f"figure '{name[7:]}' does not exist{did_you_mean(name[7:], content.figures)}")
                elif not _ARGUMENT.fullmatch(name):
                    add(f"{key}.{lang}", f"unknown placeholder {{{name}}}; a placeholder is a name in small letters")
        odd = names["zh"] ^ names["en"]
        if odd:
            add(key, f"{{{min(odd)}}} is in one language only", warning=True)
    return problems
