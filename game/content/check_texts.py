"""Checks of texts: placeholders, numbers that should be figures, units said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from . import schema as s
from .allowed import ALLOWED_EN, ALLOWED_TERMS, ALLOWED_ZH
from .book import Content
from .check_archive import admits_doubt
from .check_hour import PLACES
from .checking import Checking
from .layout import KINDS
from .problems import Problem, did_you_mean
from .references import PLACEHOLDER, figures_in
from .vocabulary import FIRM_PLACEHOLDERS

_SET = re.compile(r"(?:周|星期|礼拜)[一二三四五六]|第[一二三四五六七八九十]+")
_DIGIT = re.compile(r"[0-9０-９①-⑳½¼¾⅓⅔Ⅰ-Ⅻ]+")
_MANY = "〇零二两三四五六七八九十百千万亿廿卅"
_ZH_NUMBER = re.compile(f"[一{_MANY}]*[{_MANY}][一{_MANY}]*|一[成倍折]")
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
    "ratio": (r"\s*(?:倍|times|x\b|×)", "times"),
    "percentage points": (r"\s*(?:个?百分点|percentage points?)", "the unit"),
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
                check_placeholders(work, kind, entry.id, key, text)
    for card in work.content.cards.values():
        for key, text in s.texts_of(card):
            if key == "note":
                continue
            for lang in ("zh", "en"):
                for quantity, severe in quantities(text[lang], lang):
                    work.add(
                        "card", card.id, f"{key}.{lang}",
                        f"'{quantity}' is a number of its own; show a figure ({{figure:...}}) or say it without",
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
    if "{" in text:
        text = PLACEHOLDER.sub("·", text)
    if _DIGIT.search(text):
        for term in ALLOWED_TERMS:
            text = text.replace(term, "·")
        for match in _DIGIT.finditer(text):
            yield match.group(), True
    # Most texts hold no number at all, and the allow-list is only gone through for those that do.
    if lang == "zh" and _ZH_NUMBER.search(text):
        for phrase in ALLOWED_ZH:
            text = text.replace(phrase, "·")
        for match in _ZH_NUMBER.finditer(_SET.sub("·", text)):
            yield match.group(), True
    elif lang == "en" and _EN_NUMBER.search(text):
        for phrase in ALLOWED_EN:
            text = re.sub(re.escape(phrase), "·", text, flags=re.IGNORECASE)
        for match in _EN_NUMBER.finditer(text):
            yield match.group(), False


def check_placeholders(work: Checking, kind: str, label: str, key: str, text: s.Text) -> None:
    """Braces in pairs, placeholders that are known, the same figures in both languages, no unit said twice."""
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
            elif name not in FIRM_PLACEHOLDERS and not (kind == "step" and name in PLACES):
                known = PLACES if kind == "step" else (*FIRM_PLACEHOLDERS, "figure:ID")
                hint = did_you_mean(name, known, limit=12)
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
            word = before.group().strip()
            message = f"'{word}' before {{{match.group(1)}}}: the figure brings its own '{figure.bound}'"
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
                        hint = did_you_mean(name[7:], content.figures)
                        add(f"{key}.{lang}", f"figure '{name[7:]}' does not exist{hint}")
                elif not _ARGUMENT.fullmatch(name):
                    add(f"{key}.{lang}", f"unknown placeholder {{{name}}}; a placeholder is a name in small letters")
        odd = names["zh"] ^ names["en"]
        if odd:
            add(key, f"{{{min(odd)}}} is in one language only", warning=True)
    return problems
