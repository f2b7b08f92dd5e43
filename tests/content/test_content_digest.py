"""The rules digest sees every number that the rules read and no text: measured leaf by leaf."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from content_builders import Leaf, Tree, leaf_paths, replaced, tree, write

from game.content.digest import rules_digest, rules_json
from game.content.load import collect


class Folder:
    """One folder on disk; only the file that differs is written again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = tree()
        write(path, self.files)

    def digest(self, files: Tree | None = None, name: str = "") -> str:
        if files is not None:
            write(self.path, {name: files[name]})
        content, _ = collect(self.path)
        assert content is not None
        digest = rules_digest(content)
        if files is not None:
            write(self.path, {name: self.files[name]})
        return digest


def outside(path: Leaf) -> bool:
    """What neither engine nor policies read, by where it stands."""
    name, rest = path[0], [p for p in path[1:] if isinstance(p, str)]
    if name in ("facts.toml", "theses.toml", "ghosts.toml", "gazette.toml", "endings.toml", "archetypes.toml",
                "locale/ui.toml", "first_hour.toml", "achievements.toml"):
        return True
    if name == "figures.toml":
        return True  # reached through what refers to them; tested below
    if name == "levers.toml" and rest[0] == "lever":
        return rest[1] in ("big_step", "group")
    return "goals" in rest


def test_every_number_of_the_rules_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    before = folder.digest()
    seen = 0
    done: set[tuple[Any, ...]] = set()
    for path, value in leaf_paths(folder.files):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or outside(path):
            continue
        if path[:2] == ("levers.toml", "lever"):
            if path[3] in done:  # one lever stands for all
                continue
            done.add(path[3])
        by = 1 if isinstance(value, int) else 0.03125
        other = (
            value - by
            if path[-1] in ("act", "odds", "weight", "founders_share", 1) or value in (1.0, 2, 3)
            else value + by
        )
        if path[0] == "cards/deck.toml" and "act" in path:
            other = 3
        digest = folder.digest(replaced(folder.files, path, other), path[0])
        assert digest != before, path
        seen += 1
    assert seen > 100
    assert folder.digest() == before


def test_every_word_of_the_rules_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    before = folder.digest()
    card, rival, war = ("cards/deck.toml", "card", 0), ("rivals.toml", "rival", 0), ("scenarios/war.toml",)
    cases: list[tuple[Leaf, Any]] = [
        ((*card, "once"), False),
        ((*card, "first"), "2023Q3"),
        ((*card, "last"), "2024Q3"),
        ((*card, "after"), "second-card"),
        ((*card, "when"), []),
        ((*card, "when", 0, "op"), ">"),
        ((*card, "when", 0, "what"), "rank"),
        ((*card, "choices", 0, "effects", 0, "who"), "all"),
        ((*card, "choices", 0, "effects", 0, "target"), "safety"),
        ((*card, "choices", 0, "effects", 1, "segment"), "medical"),
        ((*card, "choices", 1, "requires"), []),
        ((*card, "choices", 0, "effects", 2, "figure"), "premium"),
        ((*card, "choices", 0, "effects"), []),
        ((*rival, "start", "route"), "open"),
        ((*rival, "tells"), []),
        ((*rival, "tells", 0, "id"), "price-rise"),
        ((*rival, "traits", "focus"), {"developers": 1.0}),
        ((*rival, "start", "staff"), {"medical": 6}),
        ((*rival, "archetype"), "efficiency-lab"),
        ((*war, "levers"), "five"),
        ((*war, "first"), "2023Q2"),
        ((*war, "rivals"), []),
        ((*war, "cards"), ["first-card"]),
        ((*war, "segments"), ["finance"]),
        ((*war, "start"), "derived"),
        (("difficulties.toml", "difficulty", 0, "policy"), "reactive"),
        (("levers.toml", "lever", 0, "five"), False),
        (("levers.toml", "lever", 0, "log"), True),
        (("levers.toml", "five", 0, "moves"), ["price.app"]),
        (("parameters.toml", "parameter", 2, "use"), "low"),
        (("parameters.toml", "parameter", 0, "figure"), "doubtful"),
        (("assumptions/other.toml", "set"), {}),
    ]
    for path, value in cases:
        assert folder.digest(replaced(folder.files, path, value), path[0]) != before, path


def test_figures_count_where_the_rules_refer_to_them(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    before = folder.digest()
    for index, (key, number, counts) in enumerate(
        [
            ("value", 3e11, False),  # market-size: a card names it and a fact; no number of the rules comes from it
            ("value", 0.4, True),
            ("value", 2e6, True),
            ("high", 6, True),
        ]
    ):
        digest = folder.digest(replaced(folder.files, ("figures.toml", "figure", index, key), number), "figures.toml")
        assert (digest != before) == counts, index


def test_no_text_and_nothing_outside_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    before = folder.digest()

    def reworded(value: Any, path: Leaf) -> Any:
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            return {"zh": value["zh"] + "改", "en": value["en"] + " mended"}
        if isinstance(value, dict):
            return {k: reworded(v, (*path, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [reworded(v, (*path, i)) for i, v in enumerate(value)]
        if isinstance(value, float) and outside(path) and path[0] != "figures.toml":
            return value + 0.5
        if path[-1:] == ("as_printed",):
            return "另一处"
        return value

    files = {name: reworded(table, (name,)) for name, table in folder.files.items()}
    files["cards/deck.toml"]["card"][0].update(figures=[], theses=[])
    files["parameters.toml"]["parameter"][1].update(unit="CNY/year", status="fitted", group="other")
    content, _ = collect(write(tmp_path / "mended", files))
    assert content is not None
    assert rules_digest(content) == before


def test_how_the_files_are_laid_out_does_not_count(tmp_path: Path) -> None:
    files = tree()
    before = Folder(tmp_path / "content").digest()
    first, second = files.pop("cards/deck.toml")["card"]
    files["cards/a.toml"], files["cards/b.toml"] = {"card": [first]}, {"card": [second]}
    for kind, name in (("rival", "rivals.toml"), ("parameter", "parameters.toml")):
        files[name][kind].reverse()
    start = files["rivals.toml"]["rival"][0]["start"]
    files["rivals.toml"]["rival"][0]["start"] = dict(reversed(start.items())) | {"debt": 0, "cash": 300_000_000.0}
    content, problems = collect(write(tmp_path / "other", files))
    assert problems == []
    assert content is not None
    assert rules_digest(content) == before


def test_a_derived_start_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    digests = {folder.digest()}
    for state in (b"one", b"two"):
        write(folder.path, {"starts/war.bin": state})
        digests.add(folder.digest())
    write(folder.path, {"starts/stranger.bin": b"nobody's"})
    digests.add(folder.digest())
    assert len(digests) == 3


def test_canonical_form_has_floats_only(tmp_path: Path) -> None:
    content, _ = collect(write(tmp_path / "content", tree()))
    assert content is not None
    text = rules_json(content).decode()
    assert '"cash":300000000.0' in text
    assert "中文" not in text
    assert "in English" not in text
