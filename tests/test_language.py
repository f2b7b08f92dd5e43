"""Both languages are complete, say the same things, and cannot be broken by what people type."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from game.content import vocabulary
from game.content.book import Content
from game.content.check_texts import check_locale, quantities
from game.content.load import collect
from game.engine import names
from game.language import LANGS, Lang, Tongue, cell_width, clean_text, money, percent, price, quarter, signed
from game.language.numerals import NOTHING
from game.language.tongue import QUANTITIES, ROLES, WAYS
from game.table import errors
from game.table.wire import Effect, Firm, Message

ROOT = Path(__file__).resolve().parents[1]
HOLE = re.compile(r"\{([a-z][a-z0-9_-]*)(?::([^{}]*))?\}")
PLAIN_WAYS = {
    "money", "price", "percent", "percent0", "count", "flops", "points", "signed", "money+", "percent+", "long",
    "medium", "short", *WAYS.values(),
}  # fmt: skip


@pytest.fixture(scope="module")
def content() -> Content:
    found, _ = collect()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def tongues(content: Content) -> dict[str, Tongue]:
    return {lang: Tongue(lang, None, content) for lang in LANGS}


# both languages are complete ------------------------------------------------------------------------------------------
def test_locale_has_the_same_placeholders_in_both_languages(content: Content) -> None:
    assert [str(p) for p in check_locale(content.locale, content)] == []
    assert len(content.locale) > 700


def test_a_placeholder_in_one_language_only_is_found(content: Content) -> None:
    class Odd:
        zh, en = "{firm}降价", "a price cut"

        def __getitem__(self, lang: str) -> str:
            return str(getattr(self, lang))

    assert check_locale({"odd": Odd()}, content)  # type: ignore[dict-item]


def test_every_way_of_writing_an_argument_is_known(content: Content) -> None:
    for key, text in content.locale.items():
        for lang in LANGS:
            for _, way in HOLE.findall(text[lang]):
                known = not way or "|" in way or way in PLAIN_WAYS
                looked_up = any(k.startswith(way + ".") for k in content.locale)
                assert known or looked_up, f"{key}.{lang}: {way}"


def test_the_interface_is_clean_text(content: Content) -> None:
    for key, text in content.locale.items():
        for lang in LANGS:
            stripped = HOLE.sub("", text[lang]).strip()
            assert clean_text(stripped, 1000) == re.sub(r"\s+", " ", stripped), f"{key}.{lang}"


def test_chinese_has_full_width_punctuation(content: Content) -> None:
    # what is typed stands as it is typed: lever:route, 2:30, 4:ban-tightens
    allowed = {"ui.plain.confirm", "screens.plain.codex-how", "ui.analysis.mark-blunder", "ui.analysis.mark-mistake",
               "ui.analysis.mark-brilliant", "desk.open.note", "desk.open.nobody", "desk.clock.note", "desk.clock.fault",
               "class.assignment.card", "class.assignment.deadline"}  # fmt: skip
    for key, text in content.locale.items():
        words = HOLE.sub("", text.zh).replace(" ? ", "")
        assert key in allowed or not re.search(r"[,;:!?()]", words), f"{key}: {text.zh}"


def engine_words() -> list[str]:
    return [
        *(f"term.line.{x}" for x in names.LINES), *(f"term.account.{x}" for x in names.ACCOUNTS),
        *(f"term.route.{x}" for x in names.ROUTES), *(f"term.route-short.{x}" for x in names.ROUTES),
        *(f"term.source.{x}" for x in names.SOURCES), *(f"term.segment.{x}" for x in names.SEGMENTS),
        *(f"term.status.{x}" for x in names.STATUSES), *(f"ending.{x}" for x in names.ENDINGS),
        *(f"distress.names.{x}" for x in names.DISTRESS), *(f"distress.consequences.{x}" for x in names.DISTRESS),
        *(f"term.cause.{x}" for x in
          ("price", "quality", "trust", "community", "habit", "events", "reach", "others")),
        *(f"term.flow.{x}" for x in ("kept", "won", "lost", "unserved")),
        *(f"term.quantity.{x}" for x in vocabulary.CONDITIONS), *(f"term.quantity.{x}" for x in QUANTITIES),
        *(f"term.role.{x}" for x in (*ROLES, "rival")),
        *(f"run.damage.{x}" for x in errors.WHY), *(f"run.save.{x}" for x in errors.SaveError.REASONS),
    ]  # fmt: skip


def test_every_word_of_the_engine_has_a_name(content: Content) -> None:
    assert [w for w in engine_words() if w not in content.locale] == []
    for target in vocabulary.TARGETS:
        assert f"term.effect.{target}" in content.locale or f"term.quantity.{target}" in content.locale, target
    for rival in content.rivals.values():
        for tell in rival.tells:
            assert f"term.tell.{tell.id}" in content.locale


def test_every_message_that_the_program_sends_has_a_text(content: Content, tongues: dict[str, Tongue]) -> None:
    sent = {e.id for e in errors.RunError.__subclasses__()} | {errors.RunError.id}
    for path in (ROOT / "game").rglob("*.py"):
        if "language" not in path.parts:
            sent |= set(re.findall(r'\bMessage\(\s*"([a-z0-9.-]+)"', path.read_text("utf-8")))
    in_content = {"gazette", "headline", "tell"}
    assert [m for m in sorted(sent) if m not in in_content and tongues["zh"].find(m) is None] == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_can_be_said_with_and_without_arguments(lang: Lang, content: Content, tongues: dict[str, Tongue]) -> None:
    tongue = tongues[lang]
    for key, text in content.locale.items():
        holes = {name for name, _ in HOLE.findall(text[lang])}
        for value in (None, 0, 1, -2.5, float("nan"), 1e300, "", "yunshan", "{firm}", "[b]x[/b]"):
            said = tongue.say(key, **dict.fromkeys(holes, value))
            assert said and "Traceback" not in said
        assert tongue.say(key)


@pytest.mark.parametrize("lang", LANGS)
def test_every_headline_and_epilogue_is_filled(lang: Lang, content: Content, tongues: dict[str, Tongue]) -> None:
    tongue = tongues[lang]
    texts = [tongue.message(Message("gazette", {"headline": h})) for h in content.headlines]
    for ending in names.ENDINGS:
        paragraphs = tongue.epilogue(ending, lambda _: True)
        assert len(paragraphs) >= 4
        assert len(tongue.epilogue(ending, lambda _: False)) == 1, "one paragraph always shows"
        texts += paragraphs
    assert len(content.headlines) >= 60
    for text in texts:
        assert text and "{" not in text and NOTHING not in text, text


def test_no_number_is_typed_in_a_headline_epilogue_rival_or_background(content: Content) -> None:
    texts: list[Any] = [h.text for h in content.headlines.values()]
    texts += [p.text for e in content.endings.values() for p in e.epilogue]
    texts += [t for r in content.rivals.values() for t in (r.temper, r.memory, *(x.text for x in r.tells))]
    texts += [t for b in content.backgrounds.values() for t in (b.text, b.strengths, b.debts)]
    for text in texts:
        for lang in LANGS:
            assert [q for q, _ in quantities(text[lang], lang)] == [], text[lang]


# people's text ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hostile", "clean"),
    [
        ("  云山\t\n 分舵 ", "云山 分舵"),
        ("\u202eelgoog\u202c", "elgoog"),
        ("a\u200bb\u200d\ufeffc\u2060", "abc"),
        ("\x1b[31mred\x07", "[31mred"),
        ("e\u0301cole", "école"),
        ("e\u200b\u0301cole", "école"),
        ("☎\ufe0f line", "☎ line"),
        ("👨\u200d👩\u200d👧 team", "team"),
        ("Z" + "\u0301" * 50 + "algo", "Ź\u0301\u0301algo"),
        ("\u0301x", "x"),
        ("\u3164\u115f\uffa0", ""),
        ("\ud800x", "x"),
        ("\U000e0041tag", "tag"),
        ("\u2028line\u2029", "line"),
        ("[@click=app.close_quarter()]x[/]", "[@click=app.close_quarter()]x[/]"),
    ],
)
def test_hostile_names_are_cleaned(hostile: str, clean: str) -> None:
    assert clean_text(hostile) == clean


@given(st.text(), st.integers(min_value=0, max_value=60))
def test_clean_text_is_bounded_stable_and_harmless(text: str, cells: int) -> None:
    once = clean_text(text, cells)
    assert cell_width(once) <= cells
    assert clean_text(once, cells) == once
    assert unicodedata.is_normalized("NFC", once) and once == once.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in once)


def test_text_is_cut_by_cells_not_by_characters() -> None:
    assert clean_text("百模大战", 7) == "百模大"
    assert clean_text("baimo", 3) == "bai"
    for text in ("百模大战", "Baimo 2024", "（，。）", "école"):
        assert cell_width(text) == cell_len(text)


def test_a_name_from_a_table_is_cleaned_and_never_read_as_a_template() -> None:
    tongue = Tongue("en", {"hello": {"zh": "{firm}好", "en": "hello {firm}, {name}"}}, names={"f3": "\u202e{name}[b]"})
    assert tongue.say("hello", firm="f3", name="{firm}\u200b") == "hello {name}[b], {firm}"


# numbers ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (0, "¥0", "¥0"),
        (-0.001, "¥0", "¥0"),
        (6.5, "¥6.5", "¥6.5"),
        (999, "¥999", "¥999"),
        (999.6, "¥1,000", "¥1K"),
        (9_999.6, "¥1万", "¥10K"),
        (12_400_000, "¥1,240万", "¥12.4M"),
        (5_840_000, "¥584万", "¥5.84M"),
        (99_994_999, "¥9,999万", "¥100M"),
        (99_995_000, "¥1亿", "¥100M"),
        (128_000_000, "¥1.28亿", "¥128M"),
        (-128_500_000, "-¥1.29亿", "-¥129M"),
        (999_500_000, "¥10亿", "¥1B"),
        (24.1e8, "¥24.1亿", "¥2.41B"),
        (1.2e12, "¥1.2万亿", "¥1.2T"),
        (9.9996e11, "¥1万亿", "¥1T"),
        (3.8e15, "¥3,800万亿", "¥3,800T"),
    ],
)
def test_money_is_rounded_as_on_paper(amount: float, zh: str, en: str) -> None:
    assert (money(amount, "zh"), money(amount, "en")) == (zh, en)


def test_money_in_full_and_with_a_sign() -> None:
    assert money(128_400_000, "zh", compact=False) == "¥128,400,000"
    assert money(6.5, "en", compact=False) == "¥6.50"
    assert money(1e6, "en", sign=True) == "+¥1M"
    assert money(-1e6, "zh", sign=True) == "-¥100万"
    assert money(None, "zh") == money(float("inf"), "en") == NOTHING


def test_other_numbers() -> None:
    assert percent(0.1483) == "14.8%" and percent(0.0005) == "0.1%" and percent(-0.0001) == "0.0%"
    assert price(1.8, "zh") == "¥1.8" and price(0, "en") == "free" and price(0.0999, "en") == "¥0.1"
    assert signed(0.04) == signed(-0.04) == "+0.0"
    assert quarter("2024Q2", "zh", "long") == "二〇二四年第二季" and quarter(5, "en") == "2024 Q2"
    assert quarter("someday", "en") == "someday" and quarter(19, "zh", "short") == "27Q4"


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(LANGS))
def test_any_float_can_be_written(value: float, lang: Lang) -> None:
    tongue = Tongue(lang, {})
    for way in sorted(PLAIN_WAYS):
        assert tongue.write(value, way)


@given(st.floats(min_value=1, max_value=1e15), st.sampled_from(LANGS))
def test_compact_money_is_close_to_the_amount(amount: float, lang: Lang) -> None:
    scale = {"万亿": 1e12, "亿": 1e8, "万": 1e4, "T": 1e12, "B": 1e9, "M": 1e6, "K": 1e3, "": 1.0}
    found = re.fullmatch(r"¥([\d,.]+)(\D*)", money(amount, lang))
    assert found is not None
    shown = float(found[1].replace(",", "")) * scale[found[2]]
    assert abs(shown - amount) <= 0.0051 * amount


# sentences ---------------------------------------------------------------------------------------------------------------
def test_sentences_of_the_market(tongues: dict[str, Tongue]) -> None:
    cut = Message("price-cut", {"firm": "yunshan", "change": 0.9, "price": 0.8})
    assert tongues["zh"].message(cut) == "云山降价90%，词元价到¥0.8。"
    assert tongues["en"].message(cut) == "Yunshan cuts its token price by 90%, to ¥0.8."
    assert tongues["en"].say("own.contract-signed", segment="nowhere", count=1).startswith("1 contract signed")
    assert tongues["en"].say("own.contract-signed", segment="nowhere", count=3).startswith("3 contracts signed")
    full = errors.SaveError("a.baimo", "disk-full").message()
    assert tongues["zh"].message(full) == "a.baimo没有存上：磁盘满了。对局照常，下季再试。"
    assert "line 7: its quarter" in tongues["en"].message(errors.Damaged("a.baimo", 7, "sequence").message())
    assert tongues["en"].say("no-such-text") == "no-such-text"
    assert tongues["zh"].message(Message("no.such", {"x": 1})) == "no.such"


def test_the_window_says_how_large_it_must_be(tongues: dict[str, Tongue]) -> None:
    for tongue in tongues.values():
        said = tongue.say("ui.error.too-small", width=80, height=24, columns=60, rows=20)
        assert all(number in said for number in ("80", "24", "60", "20"))


def test_roles_are_filled_from_a_view(tongues: dict[str, Tongue]) -> None:
    def firm(index: int, id: str, archetype: str, rank: int, status: str = "active") -> Firm:
        return Firm(index, id, archetype, status, "closed", 1, 1, 1, {}, 0.5, 0.5, 0.5, rank)

    class View:
        pass

    view: Any = View()
    view.firm = 0
    view.firms = [
        firm(0, "us", "", 2), firm(1, "yunshan", "cloud-giant", 3), firm(2, "daiyue", "cloud-giant", 1),
        firm(3, "shenyan", "efficiency-lab", 4, "bankrupt"),
    ]  # fmt: skip
    zh = tongues["zh"].at(view, {"us": "长汀智能"})
    text = {"zh": "{firm} {rival} {cloud} {lab} {app}", "en": "{firm} {rival} {cloud} {lab} {app}"}
    assert zh.text(text) == "长汀智能 岱岳 岱岳 深研 某应用公司"
    assert zh.speaking("en").text(text) == "长汀智能 Daiyue Daiyue Shenyan the app company"
    assert tongues["zh"].text({"zh": "{firm}"}) == "你的公司"


def test_tells_cards_and_figures(content: Content, tongues: dict[str, Tongue]) -> None:
    zh = tongues["zh"]
    assert zh.message(Message("tell", {"firm": "yunshan", "tell": "price-cut"})) == content.rivals["yunshan"].tells[0].text.zh
    assert zh.message(Message("tell.yunshan.compute")) == content.rivals["yunshan"].tells[1].text.zh
    assert zh.figure("market-cagr") == "67.3%" and zh.figure("no-such") == "no-such"
    for card in content.cards.values():
        for tongue in tongues.values():
            shown = tongue.card(card.id)
            assert shown.title and shown.headline and len(shown.choices) == len(card.choices)
            assert "{" not in shown.text + shown.headline
            message = tongue.message(Message("card.headline", {"card": card.id, "odds": card.odds}))
            assert percent(card.odds, 0) in message and shown.headline in message
    assert zh.card("gone").title == "gone"


def test_effects_and_conditions_in_words(content: Content, tongues: dict[str, Tongue]) -> None:
    zh, en = tongues["zh"], tongues["en"]
    assert zh.effect(Effect("trust", "add", -0.03, -0.03)) == "信任 -3分"
    assert en.effect(Effect("cash", "add", 1e7, 2e7)) == "cash +¥10M to +¥20M"
    assert en.effect(Effect("unit_cost", "add", 0.05, 0.1, quarters=1)) == "cost per token +5% to +10% for 1 quarter"
    assert zh.effect(Effect("sentiment", "add", 0.1, 0.1, who="all")).startswith("所有公司：资本情绪 +10")
    assert zh.effect(Effect("route", "set", 3, 3)) == "改走全开源"
    assert en.effect(Effect("trust", "add", 0.01, 0.03)) == "trust +1 to +3 points"
    assert en.effect(Effect("efficiency", "add", 0.05, 0.3)) == "efficiency +5% to +35%"
    for target, rule in vocabulary.TARGETS.items():
        for op in rule.ops:
            for tongue in tongues.values():
                assert tongue.effect(Effect(target, op, 0.0, 1.0, "rivals", "finance", 2))
    for card in content.cards.values():
        for condition in (*card.when, *(c for choice in card.choices for c in choice.requires)):
            for tongue in tongues.values():
                assert NOTHING not in tongue.condition(condition)


def test_language_loads_without_numpy_or_a_screen() -> None:
    code = "import sys, game.language; print([m for m in ('numpy', 'textual', 'rich') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
