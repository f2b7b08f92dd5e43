"""Each kind of fault is found, said where it stands, and said with what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content_builders import Tree, broken, entry, firm, parameter, text, tree, write

from game.content import ContentError, load
from game.content.load import collect, collect_locale

Change = Callable[[Tree], Any]


def figures(t: Tree, label: str) -> dict[str, Any]:
    return entry(t, "figures.toml", "figure", label)


def params(t: Tree, label: str) -> dict[str, Any]:
    return entry(t, "parameters.toml", "parameter", label)


def levers(t: Tree, label: str) -> dict[str, Any]:
    return entry(t, "levers.toml", "lever", label)


def card(t: Tree, label: str = "first-card") -> dict[str, Any]:
    return entry(t, "cards/deck.toml", "card", label)


def effect(t: Tree, choice: int = 0, index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = card(t)["choices"][choice]["effects"][index]
    return found


def rival(t: Tree) -> dict[str, Any]:
    return entry(t, "rivals.toml", "rival", "first-rival")


def scenario(t: Tree) -> dict[str, Any]:
    found: dict[str, Any] = t["scenarios/war.toml"]
    return found


def test_the_right_folder_has_no_fault(tmp_path: Path) -> None:
    assert broken(tmp_path, lambda t: None) == []


CASES: list[tuple[str, Change, str, str, str]] = [
    # well-formedness -------------------------------------------------------------------------------------------------
    ("malformed", lambda t: t.update({"facts.toml": "[[fact]]\nid = \n"}), "facts.toml", "line 2", "not valid TOML"),
    ("not utf-8", lambda t: t.update({"facts.toml": "# 事实\n".encode("gbk")}), "facts.toml", "line 1", "UTF-8"),
    ("missing file", lambda t: t.update({"facts.toml": None}), "facts.toml", "", "missing"),
    ("wrong schema", lambda t: t["figures.toml"].update(schema=2), "figures.toml", "schema", "schema 1"),
    ("unknown table", lambda t: t["facts.toml"].update(facts=[]), "facts.toml", "facts", "did you mean 'fact'?"),
    ("table not list", lambda t: t.update({"facts.toml": {"fact": {"id": "x"}}}), "facts.toml", "fact", "[[fact]]"),
    ("unknown key", lambda t: card(t).update(wieght=1), "cards/deck.toml", "card[first-card].wieght", "unknown key"),
    ("missing key", lambda t: card(t).pop("odds"), "cards/deck.toml", "card[first-card].odds", "missing"),
    (
        "missing language",
        lambda t: card(t)["title"].pop("en"),
        "cards/deck.toml",
        "card[first-card].title.en",
        "English",
    ),
    (
        "missing language, deep",
        lambda t: card(t)["choices"][1]["label"].pop("zh"),
        "cards/deck.toml",
        "card[first-card].choices[1].label.zh",
        "Chinese",
    ),
    ("empty text", lambda t: card(t)["title"].update(zh=" "), "cards/deck.toml", "card[first-card].title.zh", "empty"),
    (
        "wrong type",
        lambda t: card(t).update(odds="high"),
        "cards/deck.toml",
        "card[first-card].odds",
        "expected a number",
    ),
    ("out of range", lambda t: card(t).update(odds=1.5), "cards/deck.toml", "card[first-card].odds", "1.5"),
    (
        "not a word",
        lambda t: params(t, "plain").update(status="sauce"),
        "parameters.toml",
        "status",
        "did you mean 'source'?",
    ),
    ("not an id", lambda t: card(t).update(id="First Card"), "cards/deck.toml", "card[First Card].id", "kebab-case"),
    ("not a quarter", lambda t: card(t).update(first="2023-Q2"), "cards/deck.toml", "card[first-card].first", "2024Q1"),
    (
        "four choices",
        lambda t: card(t)["choices"].extend(card(t)["choices"]),
        "cards/deck.toml",
        "choices",
        "length <= 3",
    ),
    (
        "not finite",
        lambda t: params(t, "plain").update(value=float("inf")),
        "parameters.toml",
        "plain].value",
        "finite",
    ),
    (
        "duplicate id",
        lambda t: t["facts.toml"]["fact"].append(t["facts.toml"]["fact"][0]),
        "facts.toml",
        "first-fact",
        "unique",
    ),
    ("file and id", lambda t: scenario(t).update(id="peace"), "scenarios/war.toml", "id", "'war'"),
    # references --------------------------------------------------------------------------------------------------
    (
        "figure",
        lambda t: card(t).update(figures=["market-sise"]),
        "cards/deck.toml",
        "figures",
        "did you mean 'market-size'?",
    ),
    ("thesis", lambda t: card(t).update(theses=["no"]), "cards/deck.toml", "theses", "thesis 'no' does not exist"),
    ("after", lambda t: card(t).update(after="no-card"), "cards/deck.toml", "after", "card 'no-card' does not exist"),
    (
        "effect figure",
        lambda t: effect(t, 0, 2).update(figure="no"),
        "cards/deck.toml",
        "effects[2].figure",
        "does not exist",
    ),
    (
        "topic",
        lambda t: figures(t, "premium").update(topic="markets"),
        "figures.toml",
        "topic",
        "did you mean 'market'?",
    ),
    ("unit", lambda t: figures(t, "premium").update(unit="ration"), "figures.toml", "unit", "did you mean 'ratio'?"),
    ("article", lambda t: figures(t, "premium").update(article="x"), "figures.toml", "article", "does not exist"),
    (
        "entity kind",
        lambda t: t["figures.toml"]["entity"][0].update(kind="firm"),
        "figures.toml",
        "kind",
        "does not exist",
    ),
    (
        "fact figure",
        lambda t: t["facts.toml"]["fact"][0].update(figures=["x"]),
        "facts.toml",
        "figures",
        "does not exist",
    ),
    ("archetype", lambda t: rival(t).update(archetype="cloud"), "rivals.toml", "archetype", "does not exist"),
    ("rival", lambda t: scenario(t).update(rivals=["x"]), "scenarios/war.toml", "rivals", "does not exist"),
    ("card list", lambda t: scenario(t).update(cards=["x"]), "scenarios/war.toml", "cards", "card 'x' does not exist"),
    ("middle", lambda t: scenario(t).update(middle="2022Q4"), "scenarios/war.toml", "middle", "lies outside"),
    ("segment", lambda t: scenario(t).update(segments=["finanse"]), "scenarios/war.toml", "segments", "'finance'?"),
    (
        "five row",
        lambda t: t["levers.toml"]["five"][0].update(moves=["rout"]),
        "levers.toml",
        "moves",
        "did you mean 'route'?",
    ),
    (
        "disowns",
        lambda t: t["figures.toml"]["caution"][0].update(disowns=["policy"]),
        "figures.toml",
        "disowns",
        "not among",
    ),
    # figures and parameters --------------------------------------------------------------------------------------
    ("two values", lambda t: figures(t, "premium").update(value=4), "figures.toml", "figure[premium]", "exactly one"),
    ("half a range", lambda t: figures(t, "premium").pop("high"), "figures.toml", "figure[premium].high", "both"),
    ("percent", lambda t: figures(t, "cost-decline").update(value=38), "figures.toml", "value", "fractions"),
    (
        "wrong unit",
        lambda t: params(t, "compute_decline").update(figure="market-size"),
        "parameters.toml",
        "figure",
        "CNY",
    ),
    (
        "wrong period",
        lambda t: params(t, "rent")["values"]["finance"].pop("scale"),
        "parameters.toml",
        "finance",
        "scale",
    ),
    ("no value", lambda t: params(t, "plain").pop("value"), "parameters.toml", "parameter[plain]", "exactly one"),
    ("words", lambda t: params(t, "compute_decline").update(figure="policy"), "parameters.toml", "figure", "words"),
    (
        "use of a value",
        lambda t: params(t, "compute_decline").update(use="low"),
        "parameters.toml",
        "figure",
        "single value",
    ),
    (
        "source without figure",
        lambda t: params(t, "plain").update(status="source"),
        "parameters.toml",
        "status",
        "by id",
    ),
    (
        "assumed from figure",
        lambda t: params(t, "compute_decline").update(status="assumed"),
        "parameters.toml",
        "status",
        "derived",
    ),
    (
        "axis entry",
        lambda t: params(t, "rent")["values"].update(bank=1.0),
        "parameters.toml",
        "values.bank",
        "no segment",
    ),
    ("axis hole", lambda t: params(t, "rent")["values"].pop("medical"), "parameters.toml", "values", "lacks medical"),
    ("by without values", lambda t: params(t, "path").pop("values"), "parameters.toml", "values", "belong together"),
    (
        "share above one",
        lambda t: params(t, "compute_decline").update(scale=3.0),
        "parameters.toml",
        "decline",
        "between 0 and 1",
    ),
    (
        "disowned",
        lambda t: params(t, "compute_decline").update(figure="doubtful"),
        "parameters.toml",
        "figure",
        "disowned",
    ),
    (
        "assumed parameter",
        lambda t: t["assumptions/other.toml"]["set"].update(plane=1),
        "other.toml",
        "set.plane",
        "'plain'?",
    ),
    (
        "assumed table",
        lambda t: t["assumptions/other.toml"]["set"].update(rent=1.0),
        "other.toml",
        "set.rent",
        "table by segment",
    ),
    ("no assumptions", lambda t: t.update({"assumptions/none.toml": None}), "assumptions", "none", "missing"),
    # market --------------------------------------------------------------------------------------------------------
    ("lever missing", lambda t: t["levers.toml"]["lever"].pop(4), "lever", "research.budget", "research.budget"),
    (
        "lever unknown",
        lambda t: levers(t, "route").update(id="rute"),
        "levers.toml",
        "lever[rute].id",
        "did you mean 'route'?",
    ),
    ("lever range", lambda t: levers(t, "route").update(low=2000.0), "levers.toml", "lever[route].low", "not below"),
    ("lever floor", lambda t: levers(t, "price.app").update(log=True), "levers.toml", "price.app].floor", "floor"),
    ("lever five", lambda t: levers(t, "price.app").update(five=True), "levers.toml", "price.app].five", "no row"),
    (
        "price",
        lambda t: rival(t)["start"].update(price_token=5000.0),
        "rivals.toml",
        "start.price_token",
        "outside the lever",
    ),
    (
        "staff",
        lambda t: rival(t)["start"].update(staff={"finance": 5000}),
        "rivals.toml",
        "staff.finance",
        "outside the lever",
    ),
    ("staff segment", lambda t: rival(t)["start"].update(staff={"bank": 5}), "rivals.toml", "staff.bank", "no segment"),
    (
        "knowledge",
        lambda t: rival(t)["start"].update(knowledge={"developers": 5}),
        "rivals.toml",
        "knowledge",
        "solutions",
    ),
    ("route", lambda t: rival(t)["start"].update(route="opened"), "rivals.toml", "start.route", "did you mean 'open'?"),
    ("opening", lambda t: rival(t)["traits"].update(opening=0.4), "rivals.toml", "traits.opening", "no route"),
    ("focus", lambda t: rival(t)["traits"].update(focus={}), "rivals.toml", "traits.focus", "no segment"),
    ("short name", lambda t: rival(t)["short"].update(zh="一个很长的名字"), "rivals.toml", "short.zh", "wider than 8"),
    ("firms", lambda t: scenario(t).update(firms=2, rivals=["first-rival"] * 2), "war.toml", "firms", "are 3"),
    ("horizon", lambda t: scenario(t).update(first="2026Q1"), "war.toml", "quarters", "at most 12"),
    ("goal", lambda t: scenario(t)["goals"][0].update(what="welth"), "war.toml", "goals[rich].what", "cannot be asked"),
    # cards ---------------------------------------------------------------------------------------------------------
    (
        "window",
        lambda t: card(t).update(first="2025Q1", last="2025Q2"),
        "deck.toml",
        "card[first-card].act",
        "no quarter",
    ),
    ("window reversed", lambda t: card(t).update(first="2024Q4", last="2024Q1"), "deck.toml", "act", "no quarter"),
    ("acts with a gap", lambda t: card(t).update(act=[1, 3], last="2026Q1"), "deck.toml", "act", "gap"),
    ("chain", lambda t: card(t).update(after="second-card"), "deck.toml", "after", "circle"),
    ("own successor", lambda t: card(t).update(after="first-card"), "deck.toml", "after", "circle"),
    (
        "too late a chain",
        lambda t: card(t, "second-card").update(last="2023Q2"),
        "deck.toml",
        "second-card].after",
        "never come",
    ),
    (
        "scenario window",
        lambda t: scenario(t).update(cards=["first-card"], first="2025Q1", quarters=4),
        "war.toml",
        "cards",
        "cannot",
    ),
    ("scenario chain", lambda t: scenario(t).update(cards=["second-card"]), "war.toml", "cards", "not listed"),
    (
        "condition",
        lambda t: card(t)["when"][0].update(what="runaway"),
        "deck.toml",
        "when[0].what",
        "did you mean 'runway'?",
    ),
    (
        "condition value",
        lambda t: card(t)["when"][0].update(what="trust", value=5.0),
        "deck.toml",
        "when[0].value",
        "outside",
    ),
    (
        "condition segment",
        lambda t: card(t)["when"][0].update(what="staff"),
        "deck.toml",
        "when[0].segment",
        "needs a segment",
    ),
    (
        "condition route",
        lambda t: card(t)["when"][0].update(what="route", value="opened"),
        "deck.toml",
        "when[0].value",
        "did you mean 'open'?",
    ),
    (
        "contradiction",
        lambda t: card(t)["when"].append({"what": "runway", "op": "<", "value": 2.0}),
        "deck.toml",
        "when",
        "never hold together",
    ),
    ("target", lambda t: effect(t).update(target="trsut"), "deck.toml", "effects[0].target", "did you mean 'trust'?"),
    ("operation", lambda t: effect(t).update(op="mul"), "deck.toml", "effects[0].op", "write add"),
    ("no amount", lambda t: effect(t).pop("amount"), "deck.toml", "effects[0]", "exactly one"),
    ("two amounts", lambda t: effect(t).update(low=0.1, high=0.2), "deck.toml", "effects[0]", "exactly one"),
    ("range reversed", lambda t: effect(t, 0, 1).update(low=0.5), "deck.toml", "effects[1].low", "low to high"),
    ("timed", lambda t: effect(t, 0, 1).pop("quarters"), "deck.toml", "effects[1].quarters", "1 or more"),
    ("not timed", lambda t: effect(t).update(quarters=2), "deck.toml", "effects[0].quarters", "for good"),
    ("segment needed", lambda t: effect(t, 0, 1).pop("segment"), "deck.toml", "effects[1].segment", "needs a segment"),
    (
        "segment too many",
        lambda t: effect(t).update(segment="finance"),
        "deck.toml",
        "effects[0].segment",
        "whole firm",
    ),
    (
        "no vertical",
        lambda t: effect(t, 1).update(segment="developers"),
        "deck.toml",
        "effects[0].segment",
        "no knowledge",
    ),
    ("everything lost", lambda t: effect(t, 1).update(amount=-1.0), "deck.toml", "effects[0]", "relative"),
    (
        "special of others",
        lambda t: effect(t).update(target="sell", op="set", who="rivals"),
        "deck.toml",
        "effects[0].who",
        "deciding firm",
    ),
    (
        "idle card",
        lambda t: [c.update(cost={}, effects=[]) for c in card(t)["choices"]],
        "deck.toml",
        "choices",
        "no choice",
    ),
    ("two costs", lambda t: card(t)["choices"][0]["cost"].update(scale=1.0), "deck.toml", "cost", "not both"),
    # texts ---------------------------------------------------------------------------------------------------------
    ("digit", lambda t: card(t)["text"].update(zh="降价90%"), "deck.toml", "card[first-card].text.zh", "'90'"),
    ("full-width digit", lambda t: card(t)["text"].update(zh="降价９成"), "deck.toml", "text.zh", "'９'"),
    ("Chinese numeral", lambda t: card(t)["headline"].update(zh="三百家客户"), "deck.toml", "headline.zh", "'三百'"),
    ("one tenth", lambda t: card(t)["headline"].update(zh="只剩一成"), "deck.toml", "headline.zh", "'一成'"),
    (
        "digit in English",
        lambda t: card(t)["choices"][0]["text"].update(en="7 of them"),
        "deck.toml",
        "choices[0].text.en",
        "'7'",
    ),
    ("placeholder", lambda t: card(t)["text"].update(zh="{firms}的事"), "deck.toml", "text.zh", "did you mean 'firm'?"),
    (
        "figure shown",
        lambda t: card(t)["text"].update(zh="有{figure:x}家"),
        "deck.toml",
        "text.zh",
        "figure 'x' does not exist",
    ),
    (
        "loose brace",
        lambda t: card(t)["text"].update(en="{firm is late"),
        "deck.toml",
        "text.en",
        "without its partner",
    ),
    ("joiner", lambda t: card(t)["title"].update(en="a\u200db"), "deck.toml", "title.en", "U+200D"),
    ("selector", lambda t: card(t)["title"].update(en="a\ufe0f"), "deck.toml", "title.en", "U+FE0F"),
    ("flag", lambda t: card(t)["title"].update(en="\U0001f1e8\U0001f1f3"), "deck.toml", "title.en", "flag"),
    ("emoji", lambda t: card(t)["title"].update(en="\U0001f680 go"), "deck.toml", "title.en", "emoji"),
    ("direction mark", lambda t: card(t)["title"].update(en="a\u202eb"), "deck.toml", "title.en", "direction"),
    ("zero width", lambda t: card(t)["title"].update(zh="零\u200b宽"), "deck.toml", "title.zh", "zero-width"),
    ("control", lambda t: card(t)["title"].update(en="a\u0007b"), "deck.toml", "title.en", "control"),
    ("not NFC", lambda t: card(t)["title"].update(en="cafe\u0301"), "deck.toml", "title.en", "NFC"),
]


@pytest.mark.parametrize(("change", "file", "key", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_fault_is_found_and_placed(tmp_path: Path, change: Change, file: str, key: str, words: str) -> None:
    found = [p for p in broken(tmp_path, change) if p.severity == "error"]
    assert any(file in p.file and key in p.key and words in p.message for p in found), "\n".join(map(str, found))


WARNINGS: list[tuple[str, Change, str, str]] = [
    ("number word", lambda t: card(t)["text"].update(en="twenty clients"), "text.en", "'twenty'"),
    (
        "per cent twice",
        lambda t: card(t)["text"].update(zh="降了{figure:cost-decline}%", en="{figure:cost-decline}"),
        "zh",
        "%",
    ),
    (
        "bound twice",
        lambda t: card(t)["text"].update(zh="超过{figure:market-size}", en="{figure:market-size}"),
        "zh",
        "超过",
    ),
    ("one language", lambda t: card(t)["text"].update(zh="约{figure:cost-decline}"), "text", "one language"),
    ("large", lambda t: effect(t).update(amount=0.9), "effects[0]", "a lot"),
    ("never comes", lambda t: card(t).update(weight=0), "weight", "never comes"),
    (
        "disowned shown",
        lambda t: card(t).update(text={lang: "{figure:doubtful}" for lang in ("zh", "en")}),
        "text",
        "disowns",
    ),
    ("derived from nothing", lambda t: params(t, "plain").update(status="derived"), "figures", "from what"),
    ("first quarter", lambda t: card(t).update(first="2023Q1"), "first", "quarter earlier"),
    ("derived start", lambda t: scenario(t).update(start="derived"), "start", "starts/war"),
]


@pytest.mark.parametrize(("change", "key", "words"), [c[1:] for c in WARNINGS], ids=[c[0] for c in WARNINGS])
def test_warning_is_no_error(tmp_path: Path, change: Change, key: str, words: str) -> None:
    found = broken(tmp_path, change)
    assert [p for p in found if p.severity == "error"] == []
    assert any(key in p.key and words in p.message for p in found), "\n".join(map(str, found))


def test_a_doubted_figure_may_be_used_where_the_note_says_so(tmp_path: Path) -> None:
    def change(t: Tree) -> None:
        params(t, "compute_decline").update(
            figure="doubtful", note={"zh": "存疑，取来一试", "en": "doubted, and that is the point"}
        )

    assert broken(tmp_path, change) == []


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    def change(t: Tree) -> None:
        card(t).update(wieght=1, odds="high")
        card(t)["title"].pop("en")
        card(t, "second-card").pop("note")
        t["facts.toml"]["fact"][0].update(low="a")
        t["segments.toml"] = "x = ["
        figures(t, "premium").update(topic="none")

    keys = [p.key for p in broken(tmp_path, change)]
    for key in (
        "card[first-card].wieght",
        "card[first-card].odds",
        "card[first-card].title.en",
        "card[second-card].note",
        "fact[first-fact].low",
        "figure[premium].topic",
    ):
        assert key in keys
    assert "line 1" in keys or "line 2" in keys


def test_a_broken_entry_is_not_blamed_twice(tmp_path: Path) -> None:
    """Whoever refers to an entry that could not be read hears nothing: the entry is there."""
    found = broken(tmp_path, lambda t: figures(t, "market-size").update(bound="over"))
    assert [p.key for p in found] == ["figure[market-size].bound"]


def test_load_raises_with_every_error(tmp_path: Path) -> None:
    files = tree()
    figures(files, "premium").update(topic="none")
    card(files).pop("note")
    with pytest.raises(ContentError) as caught:
        load(write(tmp_path / "content", files))
    assert {p.key for p in caught.value.problems} == {"card[first-card].note", "figure[premium].topic"}
    assert "content/figures.toml: figure[premium].topic" in str(caught.value)


def test_no_folder(tmp_path: Path) -> None:
    content, problems = collect(tmp_path / "nowhere")
    assert content is None
    assert "not a folder" in problems[0].message


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    files = tree()
    folder = write(tmp_path / "content", files)
    path = folder / "segments.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert collect(folder)[1] == []


def test_misnamed_files_are_pointed_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "content", {**tree(), "cardz/more.toml": "", "figure.toml": ""})
    found = {p.file.split("/")[-1]: p.message for p in collect(folder)[1]}
    assert "did you mean 'cards'?" in found["cardz"]
    assert "did you mean 'figures.toml'?" in found["figure.toml"]


@pytest.mark.parametrize(
    ("locale", "key", "words"),
    [
        ({"menu": {"new": {"zh": "新"}}}, "menu.new.en", "English"),
        ({"menu": {"new": "新"}}, "menu.new", "not a message"),
        ({"menu": {"new": {"zh": "新", "en": "new", "fr": "neuf"}}}, "menu.new.fr", "unknown key"),
        ({"menu": {}}, "menu", "empty table"),
    ],
)
def test_messages_have_both_languages(tmp_path: Path, locale: dict[str, Any], key: str, words: str) -> None:
    folder = write(tmp_path / "content", {"locale/ui.toml": locale})
    found = collect_locale(folder)[1]
    assert any(p.key == key and words in p.message for p in found), found


def test_a_message_stands_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "content", {"locale/a.toml": {"m": {"x": text()}}, "locale/b.toml": {"m": {"x": text()}}})
    messages, found = collect_locale(folder)
    assert list(messages) == ["m.x"]
    assert "already in content/locale/a.toml" in found[0].message


def test_parameters_and_firms_builders_are_right(tmp_path: Path) -> None:
    """The fixture's own builders make entries that pass, so that a fault found is the planted one."""

    def change(t: Tree) -> None:
        t["parameters.toml"]["parameter"].append(parameter("more", "CNY", value=1.0))
        t["backgrounds.toml"]["background"].append({**t["backgrounds.toml"]["background"][0], **firm("app-team")})

    assert broken(tmp_path, change) == []
