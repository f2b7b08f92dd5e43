"""Figures in sentences, the codex search, the numeral check, did-you-mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from content_builders import tree, write

from game.content import Content, load
from game.content import schema as s
from game.content.check_texts import quantities
from game.content.figures import format_figure, money, percent
from game.content.problems import did_you_mean
from game.content.references import figures_in
from game.content.search import search
from game.content.vocabulary import CONDITIONS, TARGETS, act_of, parse_quarter
from game.engine.names import quarter_label


def made(unit: str, **number: object) -> s.Figure:
    t = s.Text(zh="字", en="words")
    return s.Figure(
        id="f",
        article="a",
        subject=t,
        unit=unit,
        as_printed="x",
        when=t,
        attributed_to=t,
        topic="t",
        claim=t,
        **number,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("unit", "number", "zh", "en"),
    [
        ("CNY", {"value": 2e11, "bound": "more-than"}, "逾¥2000亿", "over ¥200B"),
        ("CNY", {"value": 6467e6}, "¥64.67亿", "¥6.467B"),
        ("CNY", {"low": 4e9, "high": 7e9}, "¥40亿至70亿", "¥4B to ¥7B"),
        ("CNY/year", {"value": 1.2e6}, "¥120万/年", "¥1.2M a year"),
        ("CNY/1M tokens", {"value": 1, "bound": "down-to"}, "低至¥1/百万Token", "as low as ¥1 per million tokens"),
        ("USD/year", {"low": 30000, "high": 50000}, "3万至5万美元/年", "$30K to $50K a year"),
        ("share", {"value": 0.9457}, "94.57%", "94.57%"),
        ("share", {"value": 0.08, "bound": "less-than"}, "不足8%", "under 8%"),
        ("share", {"low": 0.01, "high": 0.05}, "1%至5%", "1% to 5%"),
        ("share", {"value": 0.9, "bound": "at-least", "direction": "down"}, "至少90%", "at least 90%"),
        ("count", {"value": 156}, "156", "156"),
        ("people", {"value": 230000}, "23万", "230,000"),
        ("people", {"value": 9.4e6, "bound": "more-than"}, "逾940万", "over 9.4 million"),
        ("downloads", {"value": 6e8, "bound": "about"}, "约6亿", "about 600 million"),
        ("parameters", {"value": 1e14}, "100万亿", "100 trillion"),
        ("ratio", {"value": 7, "bound": "at-least"}, "至少7倍", "at least 7 times"),
        ("ratio", {"value": 0.125}, "1/8", "1/8"),
        ("ratio", {"value": 0.033333, "bound": "down-to"}, "低至1/30", "as low as 1/30"),
        ("ratio", {"low": 3, "high": 5}, "3至5倍", "3 to 5 times"),
        ("years", {"value": 4.3}, "4.3年", "4.3 years"),
        ("years", {"value": 1}, "1年", "1 year"),
        ("months", {"value": 3, "bound": "up-to"}, "至多3个月", "up to 3 months"),
        ("percentage points", {"low": 15, "high": 20}, "15至20个百分点", "15 to 20 percentage points"),
        ("rank", {"value": 3}, "第3", "3rd"),
        ("rank", {"low": 4, "high": 6}, "第4至第6", "4th to 6th"),
        ("fact", {"text": s.Text(zh="先开后收", en="open first")}, "先开后收", "open first"),
    ],
)
def test_figures_in_sentences(unit: str, number: dict[str, object], zh: str, en: str) -> None:
    figure = made(unit, **number)
    assert format_figure(figure, "zh") == zh
    assert format_figure(figure, "en") == en


def test_direction_and_bound_on_demand() -> None:
    figure = made("share", value=0.9, bound="at-least", direction="down")
    assert format_figure(figure, "zh", direction=True) == "至少90%（降）"
    assert format_figure(figure, "en", direction=True) == "at least 90% (down)"
    assert format_figure(figure, "en", bound=False) == "90%"


def test_money_and_percent() -> None:
    assert money(-1_234_567, "zh", digits=3) == "-¥123万"
    assert money(999, "en") == "¥999"
    assert percent(0.0734, 2) == "7.3%"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一家客户，一句话", []),
        ("百模大战，第三家", []),
        ("周二下午三点", ["三"]),
        ("两难", []),
        ("两家客户", ["两"]),
        ("万一要是", []),
        ("{figure:x}家里有三十家", ["三十"]),
        ("一成客户", ["一成"]),
        ("三方会谈", []),
        ("百分之九十", ["百", "九十"]),
        ("B2B生意", []),
        ("十分着急", []),
        ("不管三七二十一", []),
        ("第二天，第十一名", []),
    ],
)
def test_numerals_in_chinese(text: str, found: list[str]) -> None:
    assert [words for words, _ in quantities(text, "zh")] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one client", []),
        ("two clients", [("two", False)]),
        ("in two minds", []),
        ("4 of them", [("4", True)]),
        ("B2C", []),
    ],
)
def test_numbers_in_english(text: str, found: list[tuple[str, bool]]) -> None:
    assert list(quantities(text, "en")) == found


def test_placeholders_of_figures() -> None:
    assert figures_in("{firm}有{figure:a-b}家，{figure:c}") == ["a-b", "c"]


def test_quarters() -> None:
    assert [parse_quarter(quarter_label(q)) for q in range(24)] == list(range(24))
    assert [act_of(parse_quarter(q)) for q in ("2023Q4", "2024Q1", "2025Q1", "2027Q4")] == [1, 2, 3, 3]
    for wrong in ("2023", "2023Q5", "23Q1", "Q1"):
        with pytest.raises(ValueError, match="quarter"):
            parse_quarter(wrong)


def test_did_you_mean() -> None:
    assert did_you_mean("fiance", ["finance", "medical"]) == "; did you mean 'finance'?"
    assert did_you_mean("xyz", ["a", "b"]) == "; allowed: a, b"
    assert did_you_mean("xyz", [str(i) for i in range(20)]) == ""


def test_the_vocabulary_is_the_engines_own() -> None:
    """Whatever a card may ask or move the engine knows, and whatever the engine knows a card may use."""
    from game.engine import effects, quantities
    from game.engine.names import SOURCES

    assert set(CONDITIONS) == set(quantities.QUANTITIES)
    assert {w for w, asked in CONDITIONS.items() if asked.axis} == set(quantities.BY_SEGMENT)
    assert CONDITIONS["compute"].axis == "source"
    assert SOURCES[0] == "import"
    assert set(TARGETS) == set(effects.TARGETS)
    assert {w for w, t in TARGETS.items() if t.timed} == set(effects.TIMED)


class TestSearch:
    @pytest.fixture()
    def content(self, tmp_path: Path) -> Content:
        files = tree()
        files["figures.toml"]["figure"][0]["subject"] = {"zh": "中国大模型市场", "en": "China's large-model market"}
        files["cards/deck.toml"]["card"][0]["title"] = {"zh": "价格战来了", "en": "The price war"}
        files["cards/deck.toml"]["card"][1]["text"] = {"zh": "又一场价格战", "en": "Another price war begins to start"}
        return load(write(tmp_path / "content", files))

    def test_chinese_by_substring(self, content: Content) -> None:
        hits = search(content, "价格战", "zh")
        assert [(h.kind, h.id, h.title) for h in hits[:2]] == [
            ("card", "first-card", "价格战来了"),
            ("card", "second-card", "title中文"),
        ]
        assert hits[0].score > hits[1].score

    def test_either_language_finds_and_the_asked_one_is_shown(self, content: Content) -> None:
        assert search(content, "价格战", "en")[0].title == "The price war"
        assert search(content, "PRICE War", "zh")[0].title == "价格战来了"

    def test_all_words_must_match(self, content: Content) -> None:
        assert search(content, "price nowhere", "en") == []
        assert {h.id for h in search(content, "price begins", "en")} == {"second-card"}

    def test_latin_words_from_their_beginning(self, content: Content) -> None:
        assert search(content, "tart", "en") == []
        assert any(h.id == "second-card" for h in search(content, "star", "en"))

    def test_ids_and_units_are_found(self, content: Content) -> None:
        assert search(content, "market-size", "en")[0].id == "market-size"
        assert search(content, "premium_high", "en")[0].kind == "parameter"

    def test_same_question_same_answer(self, content: Content) -> None:
        assert search(content, "in english", "en") == search(content, "in english", "en")
        assert len(search(content, "english", "en", limit=5)) == 5

    def test_nothing_asked(self, content: Content) -> None:
        assert search(content, "  ", "zh") == []

    def test_every_kind_is_found(self, content: Content) -> None:
        kinds = {h.kind for h in search(content, "english", "en")}
        assert kinds == {
            "figure",
            "card",
            "entity",
            "thesis",
            "segment",
            "lever",
            "parameter",
            "rival",
            "source",
            "ending",
            "caution",
            "mechanism",
            "fact",
            "article",
            "assumptions",
        }
