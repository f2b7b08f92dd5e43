"""Another folder laid over: replaces by id, adds the rest, is checked the same and named in faults."""

from __future__ import annotations

from pathlib import Path

from content_builders import Tree, card, entry, parameter, text, tree, write

from game.content import load
from game.content.check import check
from game.content.digest import rules_digest
from game.content.load import collect
from game.content.resolve import parameter_values


def laid(tmp_path: Path, over: Tree) -> tuple[Path, Path]:
    return write(tmp_path / "content", tree()), write(tmp_path / "mod", over)


def test_same_id_replaces_and_new_id_adds(tmp_path: Path) -> None:
    base, over = laid(
        tmp_path,
        {
            "cards/mine.toml": {"card": [{**card("first-card"), "weight": 0.9}, card("third-card")]},
            "parameters.toml": {"parameter": [parameter("plain", "CNY", value=8.0)]},
            "locale/ui.toml": {"menu": {"new": text("changed")}},
        },
    )
    content = load(base, over)
    assert list(content.cards) == ["first-card", "second-card", "third-card"]
    assert content.cards["first-card"].weight == 0.9
    assert parameter_values(content)["plain"] == 8.0
    assert content.locale["menu.new"].en == "changed in English"
    assert content.locale["menu.cash"].en == "{amount} in cash"
    assert content.files["card", "first-card"].endswith("mod/cards/mine.toml")
    assert content.files["card", "second-card"] == "content/cards/deck.toml"


def test_faults_name_the_overlay(tmp_path: Path) -> None:
    base, over = laid(
        tmp_path,
        {
            "cards/mine.toml": {"card": [{**card("third-card"), "figures": ["nowhere"], "wieght": 1}]},
            "facts.toml": "broken = [",
        },
    )
    found = collect(base, over)[1]
    assert {(p.file, p.key) for p in found} == {
        ((over / "cards/mine.toml").as_posix(), "card[third-card].wieght"),
        ((over / "facts.toml").as_posix(), "line 1"),
    }


def test_references_across_the_two_folders(tmp_path: Path) -> None:
    base, over = laid(
        tmp_path, {"cards/mine.toml": {"card": [card("third-card", after="second-card", figures=["premium"])]}}
    )
    assert collect(base, over)[1] == []
    over2 = write(tmp_path / "mod2", {"cards/mine.toml": {"card": [card("third-card", after="fourth-card")]}})
    assert [p.key for p in collect(base, over2)[1]] == ["card[third-card].after"]


def test_an_id_twice_in_one_folder_is_a_fault_and_in_two_is_not(tmp_path: Path) -> None:
    base, over = laid(
        tmp_path, {"a.toml": "", "cards/a.toml": {"card": [card("x")]}, "cards/b.toml": {"card": [card("x")]}}
    )
    errors = [p for p in collect(base, over)[1] if p.severity == "error"]
    assert [p.key for p in errors] == ["card[x]"]
    assert "cards/a.toml" in errors[0].message


def test_an_empty_overlay_changes_nothing(tmp_path: Path) -> None:
    base, over = laid(tmp_path, {})
    over.mkdir(exist_ok=True)
    assert rules_digest(load(base, over)) == rules_digest(load(base))


def test_the_overlay_counts_in_the_digest_only_where_rules_change(tmp_path: Path) -> None:
    base, words = laid(tmp_path, {"cards/mine.toml": {"card": [{**card("first-card"), "title": text("another")}]}})
    assert rules_digest(load(base, words)) == rules_digest(load(base))
    numbers = write(tmp_path / "numbers", {"cards/mine.toml": {"card": [{**card("first-card"), "odds": 0.1}]}})
    assert rules_digest(load(base, numbers)) != rules_digest(load(base))


def test_a_missing_overlay_is_a_fault(tmp_path: Path) -> None:
    base = write(tmp_path / "content", tree())
    report = check(base, tmp_path / "nowhere")
    assert not report.ok
    assert "not a folder" in report.problems[0].message


def test_a_derived_start_is_found_in_either_folder(tmp_path: Path) -> None:
    files = tree()
    files["scenarios/war.toml"]["start"] = "derived"
    base = write(tmp_path / "content", files)
    assert [p.severity for p in collect(base)[1]] == ["warning"]
    over = write(tmp_path / "mod", {"starts/war.bin": b"state"})
    content, problems = collect(base, over)
    assert content is not None
    assert problems == []
    assert content.starts["war"] == over / "starts/war.bin"


def test_the_scenario_of_an_overlay_may_name_its_own_rival(tmp_path: Path) -> None:
    files = tree()
    newcomer = {**entry(files, "rivals.toml", "rival", "first-rival"), "id": "newcomer"}
    base, over = laid(
        tmp_path,
        {
            "rivals.toml": {"rival": [newcomer]},
            "scenarios/duel.toml": {**files["scenarios/war.toml"], "id": "duel", "rivals": ["newcomer"]},
        },
    )
    assert load(base, over).scenarios["duel"].rivals == ["newcomer"]
