"""Every command with ``--json``: one document that follows its schema, and schemas that only grow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shell import SCHEMAS, run, valid

from game.content import Content
from game.content.check import check
from game.engine.version import RULES_VERSION

FIRST = {
    "auto": ["scenario", "seed", "policy", "rules", "rules_digest", "firms", "quarters", "final", "digest"],
    "replay": ["file", "scenario", "seed", "rules", "rules_digest", "same_rules", "quarters", "replayed", "torn",
               "checked", "undone", "ok", "line", "what", "ending"],
    "codex": ["words", "lang", "hits"],
    "facts": ["seeds", "scenario", "assume", "rules", "facts"],
    "bench": ["calibration_exp_per_s", "quarter_ms", "replay_ms", "firm_quarters_per_s", "bare_textual_app_ms",
              "ratios"],
    "check_cli": ["figures", "figures_used", "cards", "scenarios", "rivals", "parameters", "theses", "errors"],
}  # fmt: skip
"""What the first release promised: never removed, never optional."""
ROWS = {
    ("auto", "quarters"): ["quarter", "cash", "value", "share", "rank", "live_models", "token_price", "bankrupt"],
    ("codex", "hits"): ["kind", "id", "title", "score"],
    ("check_cli", "errors"): ["file", "key", "message"],
    ("facts", "facts"): ["id", "status", "low", "high", "median", "p10", "p90", "met", "cautions", "fitted"],
}
FACTS = 8
"""Facts of the quick look at the very least."""


@pytest.mark.parametrize("name", FIRST)
def test_schemas_only_grow(name: str) -> None:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert set(FIRST[name]) <= set(schema["required"]) <= set(schema["properties"])
    for (owner, key), fields in ROWS.items():
        if owner == name:
            assert set(fields) <= set(schema["properties"][key]["items"]["required"])
    if name == "auto":
        assert set(schema["properties"]["final"]["required"]) >= {"value", "survived", "rank", "ending"}


def test_codex_in_both_languages() -> None:
    for lang, words in (("zh", "价格"), ("en", "price"), ("en", "价格")):
        result = run("codex", words, "--lang", lang, "--json")
        found = valid(result.document, "codex")
        assert (result.code, result.err, found["words"], found["lang"]) == (0, "", words, lang)
        assert found["hits"] and len({(h["kind"], h["id"]) for h in found["hits"]}) == len(found["hits"])
        assert [h["score"] for h in found["hits"]] == sorted((h["score"] for h in found["hits"]), reverse=True)
        titles = "".join(h["title"] for h in found["hits"])
        assert any("\u4e00" <= c <= "\u9fff" for c in titles) == (lang == "zh")


def test_codex_prints_every_hit_for_people_too(shipped: Content) -> None:
    found = run("codex", "model", "--lang", "en", "--json").document["hits"]
    lines = run("codex", "model", "--lang", "en").out.splitlines()
    assert [line.split()[:2] for line in lines] == [[h["kind"], h["id"]] for h in found]
    assert len(found) > 50


def test_codex_with_several_words_needs_all_of_them() -> None:
    both = run("codex", "open", "price", "--json").document["hits"]
    one = run("codex", "price", "--json").document["hits"]
    assert 0 < len(both) < len(one)
    assert {(h["kind"], h["id"]) for h in both} <= {(h["kind"], h["id"]) for h in one}


def test_codex_that_finds_nothing_is_no_error() -> None:
    result = run("codex", "zzzzqqq", "--json")
    assert (result.code, valid(result.document, "codex")["hits"]) == (0, [])
    for lang, said in (("zh", "没有找到"), ("en", "nothing found")):
        assert run("codex", "zzzzqqq", "--lang", lang).out.strip() == said


def test_codex_takes_any_words() -> None:
    for words in ("[@click=app.quit()]x[/]", "\udcff", "\x00", "%s{0}", "价" * 5000, ""):
        result = run("codex", words, "--json")
        assert (result.code, result.err) == (0, "")
        valid(result.document, "codex")


def test_check_counts_what_is_shipped(shipped: Content) -> None:
    result = run("check", "--json")
    found = valid(result.document, "check_cli")
    assert (result.code, result.err, found["errors"]) == (0, "", [])
    report = check()
    assert {n: v for n, v in found.items() if n != "errors"} == {n: report.counts[n] for n in FIRST["check_cli"][:-1]}
    assert found["figures"] == len(shipped.figures) >= found["figures_used"] > 0
    assert (found["cards"], found["scenarios"]) == (len(shipped.cards), len(shipped.scenarios))
    people = run("check")
    assert people.code == 0 and people.out.splitlines()[-1] == "0 errors"


def test_facts() -> None:
    result = run("lab", "facts", "--seeds", "3", "--json")
    found = valid(result.document, "facts")
    assert (result.code, result.err, found["seeds"], found["rules"]) == (0, "", 3, RULES_VERSION)
    assert len(found["facts"]) >= FACTS
    assert run("lab", "facts", "--seeds", "3", "--json").document == found
    lines = run("lab", "facts", "--seeds", "3").out.splitlines()
    ids = [f["id"] for f in found["facts"]]
    assert [line.split()[0] for line in lines[2 : 2 + len(ids)]] == ids


def test_facts_of_a_short_scenario_are_null_where_it_has_no_such_quarter() -> None:
    found = valid(run("lab", "facts", "--seeds", "2", "--scenario", "first-lesson", "--json").document, "facts")
    missing = [f for f in found["facts"] if f["median"] is None]
    assert missing and all(f["p10"] is f["p90"] is f["met"] is None for f in missing)
    assert any(f["median"] is not None for f in found["facts"])
    assert run("lab", "facts", "--seeds", "2", "--scenario", "first-lesson").code == 0


def test_facts_quick_says_how_many_seeds() -> None:
    found = valid(run("lab", "facts", "--quick", "--json").document, "facts")
    assert 20 <= found["seeds"] <= 100


def test_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    import game.lab.bench as bench

    monkeypatch.setattr(bench, "timed", lambda work, runs=1: 0.002)
    found = valid(run("lab", "bench", "--json").document, "bench")
    assert set(found["ratios"]) == set(found) - {"ratios"}
    monkeypatch.setattr(bench, "bench", lambda content: found)
    assert all(name in run("lab", "bench").out for name in found["ratios"])
