"""The guide: every page has its text in both languages, every reference leads somewhere, no number is typed, and the rules
digest does not see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content_builders import Tree, text, tree, write

from game.content import Content, load
from game.content import schema as s
from game.content.check_guide import ABOUT, covered, guide_problems
from game.content.digest import rules_digest
from game.content.model_text import equations
from game.content.references import figures_in

FILE = "guide/texts.toml"


@pytest.mark.parametrize("kind", ABOUT)
def test_every_entry_has_exactly_one_text(shipped: Content, kind: str) -> None:
    told = covered(shipped)
    assert [label for label in shipped.of(kind) if len(told.get((kind, label), ())) != 1] == []


def test_every_rival_has_its_archetypes_text(shipped: Content) -> None:
    for rival in shipped.rivals.values():
        assert f"archetype:{rival.archetype}" in shipped.guide_of["rival", rival.id].about


def test_texts_are_sentences_in_both_languages(shipped: Content) -> None:
    for guide in shipped.guides.values():
        for key, said in s.texts_of(guide):
            assert re.search(r"[\u4e00-\u9fff]", said.zh) and said.zh[-1] in "。！？", (guide.id, key)
            assert not re.search(r"[\u4e00-\u9fff]", said.en) and said.en[-1] in ".!?", (guide.id, key)
            assert not re.search(r"[,;:?!]", said.zh), (guide.id, key, "half-width punctuation")
        for side in (guide.message.zh.rstrip("。"), guide.message.en.rstrip(".")):
            assert "。" not in side and ". " not in side, (guide.id, "the message is one sentence")


def test_no_sentence_stands_twice(shipped: Content) -> None:
    for lang in ("zh", "en"):
        said = [t[lang] for guide in shipped.guides.values() for _, t in s.texts_of(guide)]
        assert len(said) == len(set(said))


def test_every_equation_and_most_parameters_are_told(shipped: Content) -> None:
    told = {name for guide in shipped.guides.values() for name in guide.equations}
    assert set(equations(shipped)) - told <= {"wider"}
    named = {name for guide in shipped.guides.values() for name in guide.parameters}
    assert set(shipped.parameters) - named <= SILENT


SILENT = {
    "foreign_efficiency", "release_lag", "efficiency_world", "community_crowd", "outside_cost", "token_price_reference",
    "bass_innovation", "sentiment_path", "sentiment_low", "sentiment_high", "sentiment_speed", "sentiment_normal",
    "wider_spend", "community_half", "pilot_people",
}  # fmt: skip
"""Parameters that no page needs to understand its mechanism; the model's own pages have them all."""


def test_the_digest_does_not_see_it(tmp_path: Path) -> None:
    files = tree()
    bare = rules_digest(load(write(tmp_path / "bare", files)))
    assert rules_digest(load(write(tmp_path / "told", told(files)))) == bare


def test_an_overlay_replaces_a_text_and_keeps_the_digest(shipped: Content, tmp_path: Path) -> None:
    guide = '[[guide]]\nid = "route"\nabout = ["lever:route"]\nwhat = { zh = "改过的话。", en = "Changed." }\n'
    guide += 'message = { zh = "记住。", en = "Remember." }\n'
    guide += "dynamics = [" + '{ zh = "一句。", en = "One." },' * 3 + "]\n"
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "mine.toml").write_text(guide, "utf-8")
    content = load(overlay=tmp_path)
    assert content.guide_of["lever", "route"].what.en == "Changed."
    assert content.guides["price-token"] == shipped.guides["price-token"]
    assert rules_digest(content) == rules_digest(shipped)


def test_figures_of_a_text_count_as_used(shipped: Content) -> None:
    for guide in shipped.guides.values():
        for _, said in s.texts_of(guide):
            assert set(figures_in(said.zh) + figures_in(said.en)) <= set(guide.figures)
    assert ("mechanism", "cloud-pricing") in shipped.used_by["price-war-cut"]
    assert ("rival", "yunshan") in shipped.used_by["price-war-cut"]
    assert ("archetype", "cloud-giant") not in shipped.used_by["price-war-cut"]


# faults ---------------------------------------------------------------------------------------------------------------
def told(files: Tree) -> Tree:
    """A small content with a text for each page that needs one."""
    about = [f"lever:{row['id']}" for row in files["levers.toml"]["lever"]]
    about += [f"mechanism:{row['id']}" for row in files["theses.toml"]["mechanism"]]
    about += [f"segment:{row['id']}" for row in files["segments.toml"]["segment"]]
    about += [f"archetype:{row['id']}" for row in files["archetypes.toml"]["archetype"]]
    guide = {
        "id": "all", "about": about, "what": text("what"), "message": text("message"),
        "dynamics": [text(word) for word in ("first", "second", "third")],
    }  # fmt: skip
    files[FILE] = {"guide": [guide]}
    return files


FAULTS: list[tuple[str, Callable[[dict[str, Any]], object], str, str]] = [
    ("unknown key", lambda g: g.update(mesage=text()), "guide[all].mesage", "unknown key"),
    ("one language", lambda g: g.update(what={"zh": "字"}), "guide[all].what.en", "English text is missing"),
    ("two sentences only", lambda g: g["dynamics"].pop(), "guide[all].dynamics", ""),
    ("missing lever", lambda g: g["about"].remove("lever:route"), "lever[route]", "has no text in guide/"),
    ("unknown lever", lambda g: g["about"].append("lever:rout"), "guide[all].about", "lever 'rout' does not exist; did you mean"),
    ("strange kind", lambda g: g["about"].append("card:first-card"), "guide[all].about", "'card' is no kind"),
    ("not a place", lambda g: g["about"].append("route"), "guide[all].about", ""),
    ("unknown section", lambda g: g.update(see=["model:choise"]), "guide[all].see", "the model has no section 'choise'"),
    ("unknown see", lambda g: g.update(see=["card:first-crad"]), "guide[all].see", "'first-crad' does not exist"),
    ("twice", lambda g: g.update(see=["lever:route", "lever:route"]), "guide[all].see", "is there twice"),
    ("equation", lambda g: g.update(equations=["capability"]), "guide[all].equations", "there is no equation 'capability'"),
    ("parameter", lambda g: g.update(parameters=["yeerly"]), "guide[all].parameters", "'yeerly' does not exist"),
    ("figure", lambda g: g.update(figures=["market-sise"]), "guide[all].figures", "'market-sise' does not exist"),
    ("caution", lambda g: g.update(cautions=["nope"]), "guide[all].cautions", "caution 'nope' does not exist"),
    ("typed digits", lambda g: g.update(what={"zh": "涨了30。", "en": "up."}), "guide[all].what.zh", "'30' is a number"),
    ("typed words", lambda g: g.update(what={"zh": "涨了三成。", "en": "up."}), "guide[all].what.zh", "'三成' is a number"),
    ("in English", lambda g: g.update(what={"zh": "涨。", "en": "Up three times."}), "guide[all].what.en", "'three times'"),
    (
        "figure not named",
        lambda g: g.update(what={"zh": "{figure:market-size}", "en": "{figure:market-size}"}),
        "guide[all].figures",
        "a text shows figure 'market-size'",
    ),
    ("a firm", lambda g: g.update(what={"zh": "{cloud}来了。", "en": "{cloud} comes."}), "guide[all].what.en", "stands for a firm"),
]


@pytest.mark.parametrize(("change", "key", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_faults(tmp_path: Path, change: Callable[[dict[str, Any]], object], key: str, said: str) -> None:
    files = told(tree())
    change(files[FILE]["guide"][0])
    problems = guide_problems(load(write(tmp_path / "content", files)))
    found = [p for p in problems if p.severity == "error" and p.key.startswith(key) and said in p.message]
    assert found, [str(p) for p in problems]


def test_a_page_told_about_twice(tmp_path: Path) -> None:
    files = told(tree())
    files[FILE]["guide"].append({**files[FILE]["guide"][0], "id": "again", "about": ["lever:route"]})
    problems = guide_problems(load(write(tmp_path / "content", files)))
    assert any("'lever:route' is told about by guide 'all' already" in p.message for p in problems)


def test_the_small_content_is_right(tmp_path: Path) -> None:
    assert guide_problems(load(write(tmp_path / "content", told(tree())))) == []
    assert guide_problems(load(write(tmp_path / "bare", tree()))) == [], "a content without a guide is not asked for one"


def test_the_shipped_guide_is_right(shipped: Content) -> None:
    assert guide_problems(shipped) == []


def test_a_broken_text_is_left_out_and_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "mine.toml").write_text('[[guide]]\nid = "route"\nabout = ["lever:route"]\n', "utf-8")
    (tmp_path / "guide" / "worse.toml").write_text("no toml at all", "utf-8")
    content = load(overlay=tmp_path)
    assert content.guides["route"].what.en.startswith("How much you give away"), "the shipped one stands"
    said = [str(p) for p in guide_problems(content)]
    assert any("guide[route].what: required key is missing" in line for line in said)
    assert any("worse.toml" in line and "not valid TOML" in line for line in said)
