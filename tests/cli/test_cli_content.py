"""``--content``: own content is laid over and used; bad content is one sentence that names the file and the key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shell import Result, refused, run, valid

from game.content import Content
from game.content.load import load

T = '{ zh = "字", en = "word" }'
ASSUME = 'id = "optimists"\nname = { zh = "乐观派", en = "Optimists" }\ntext = { zh = "都会好的", en = "It will be fine" }\n'
FIGURE = f"""[[figure]]
id = "test-figure"
article = "ARTICLE"
subject = {T}
value = 0.5
unit = "UNIT"
as_printed = "50%"
when = {T}
attributed_to = {T}
topic = "TOPIC"
claim = {T}
"""


def lay(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def card(content: Content, number: int, new: str = "") -> str:
    """The text of a shipped card, under a new id if one is given."""
    source = (content.directory / "cards" / "war.toml").read_text(encoding="utf-8")
    block = re.split(r"(?m)^(?=\[\[card\]\]$)", source)[number]
    return re.sub(r'(?m)^id = ".*"$', f'id = "{new}"', block, count=1) if new else block


def shipped_block(content: Content, file: str, table: str) -> str:
    source = (content.directory / file).read_text(encoding="utf-8")
    return re.split(rf"(?m)^(?=\[\[{table}\]\]$)", source)[1]


def faulty(folder: Path, file: str, key: str, *words: str) -> None:
    """Every command that reads content refuses, and ``check`` lists the fault under its file and key."""
    found = valid(run("check", "--content", folder, "--json").document, "check_cli")
    hits = [e for e in found["errors"] if e["file"].endswith(file) and key in e["key"]]
    assert hits, found["errors"]
    for word in words:
        assert any(word in e["message"] for e in hits), (word, hits)
    checked = run("check", "--content", folder, "--json")
    assert (checked.code, checked.err) == (1, "")
    people = run("check", "--content", folder)
    assert people.code == 1 and hits[0]["message"] in people.out and "Traceback" not in people.err
    for command in (("auto",), ("codex", "x"), ("play",), ("lab", "facts", "--seeds", "1")):
        said = refused(run(*command, "--content", folder), "the content cannot be used", file)
        assert any(e["key"] in said and e["message"] in said for e in found["errors"])


def test_an_assumptions_overlay_of_ones_own(tmp_path: Path) -> None:
    lay(tmp_path, "assumptions/optimists.toml", ASSUME + f"[set]\n{elasticity()}\n")
    base = ("auto", "--scenario", "first-lesson", "--seed", "7")
    refused(run(*base, "--assume", "optimists"), "'optimists'")
    plain, laid = run(*base, "--json"), run(*base, "--content", tmp_path, "--json")
    believed = run(*base, "--content", tmp_path, "--assume", "optimists", "--json")
    documents = [valid(ok(r).document, "auto") for r in (plain, laid, believed)]
    assert documents[0]["digest"] == documents[1]["digest"] != documents[2]["digest"]
    assert documents[0]["rules_digest"] != documents[1]["rules_digest"] == documents[2]["rules_digest"]
    facts = ok(run("lab", "facts", "--seeds", "2", "--assume", "optimists", "--content", tmp_path, "--json"))
    assert valid(facts.document, "facts")["assume"] == "optimists"
    assert valid(ok(run("check", "--content", tmp_path, "--json")).document, "check_cli")["errors"] == []


def elasticity() -> str:
    """A parameter at half its value, as an assumptions overlay sets it."""
    value = load().parameters["token_elasticity"].value
    assert isinstance(value, float)
    return f"token_elasticity = {value * 0.5}"


def ok(result: Result) -> Result:
    assert (result.code, result.err) == (0, ""), result.err
    return result


def test_a_run_of_own_content_is_checked_with_it_and_only_with_it(tmp_path: Path) -> None:
    mod = lay(tmp_path / "mod", "assumptions/optimists.toml", ASSUME + f"[set]\n{elasticity()}\n")
    kept, other = tmp_path / "kept.baimo", tmp_path / "other.baimo"
    base = ("auto", "--scenario", "first-lesson", "--seed", "7", "--content", mod)
    ok(run(*base, "--out", kept))
    ok(run(*base, "--assume", "optimists", "--out", other))
    for path in (kept, other):
        assert valid(ok(run("replay", path, "--check", "--content", mod, "--json")).document, "replay")["ok"]
    result = run("replay", kept, "--check", "--json")
    found = valid(result.document, "replay")
    assert (result.code, found["same_rules"], found["ok"]) == (1, False, False)
    assert ok(run("replay", kept)).out.count("2023Q") == 4
    refused(run("replay", other, "--check"), "other.baimo", "optimists")


def test_mending_a_text_orphans_no_run(tmp_path: Path, shipped: Content) -> None:
    path = tmp_path / "a.baimo"
    ok(run("auto", "--scenario", "first-lesson", "--seed", "7", "--out", path))
    text = card(shipped, 1)
    mod = lay(tmp_path / "mod", "cards/mine.toml", re.sub(r"(?m)^note = .*$", f"note = {T}", text, count=1))
    ok(run("replay", path, "--check", "--content", mod))


def test_unknown_keys(tmp_path: Path, shipped: Content) -> None:
    block = card(shipped, 1, "test-card").replace("weight = ", "wieght = ", 1)
    faulty(lay(tmp_path, "cards/mine.toml", block), "cards/mine.toml", "card[test-card].wieght", "weight")


def test_unknown_table_and_file(tmp_path: Path) -> None:
    faulty(lay(tmp_path, "cards/mine.toml", "[[crad]]\nid = 'x'\n"), "cards/mine.toml", "crad", "did you mean 'card'")
    other = lay(tmp_path / "other", "figurse.toml", "")
    lay(other, "cards/none.toml", "")
    listed = run("check", "--content", other)
    assert listed.code == 0 and "figures.toml" in listed.out, "a stray file is a warning"


def test_a_missing_language(tmp_path: Path, shipped: Content) -> None:
    block = re.sub(r'(?m)^(title = \{ zh = "[^"]*"), en = "[^"]*" \}', r"\1 }", card(shipped, 1, "test-card"), count=1)
    faulty(lay(tmp_path, "cards/mine.toml", block), "cards/mine.toml", "card[test-card].title", "en")


def test_a_dangling_figure(tmp_path: Path, shipped: Content) -> None:
    block = re.sub(r'(?m)^figures = \["', 'figures = ["no-such-figure", "', card(shipped, 1, "test-card"), count=1)
    folder = lay(tmp_path, "cards/mine.toml", block)
    faulty(folder, "cards/mine.toml", "card[test-card].figures", "no-such-figure")


def test_a_dangling_figure_in_a_text(tmp_path: Path, shipped: Content) -> None:
    block = card(shipped, 1, "test-card").replace("{figure:model-boom-count}", "{figure:modell-boom-count}")
    faulty(lay(tmp_path, "cards/mine.toml", block), "cards/mine.toml", "card[test-card].text", "model-boom-count")


def test_a_wrong_unit(tmp_path: Path, shipped: Content) -> None:
    figure = next(f for f in shipped.figures.values() if f.unit == "share" and f.value is not None)
    text = FIGURE.replace("ARTICLE", figure.article).replace("TOPIC", figure.topic)
    good = lay(tmp_path / "good", "figures.toml", text.replace("UNIT", figure.unit))
    ok(run("check", "--content", good))
    bad = lay(tmp_path / "bad", "figures.toml", text.replace("UNIT", figure.unit + "s"))
    faulty(bad, "figures.toml", "figure[test-figure].unit", figure.unit)


def test_a_parameter_in_other_units_than_its_figure(tmp_path: Path, shipped: Content) -> None:
    source = (shipped.directory / "parameters.toml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\[\[parameter\]\]$)", source)
    block = next(b for b in blocks if re.search(r"(?m)^figure = ", b))
    money = next(f.id for f in shipped.figures.values() if f.unit == "CNY")
    unit = re.search(r'(?m)^unit = "(.*)"$', block)
    assert unit and not unit[1].startswith("CNY")
    bad = re.sub(r"(?m)^figure = .*$", f'figure = "{money}"', block, count=1)
    faulty(lay(tmp_path, "parameters.toml", bad), "parameters.toml", "figure", money, f"'{unit[1]}'")


def test_cyclic_triggers(tmp_path: Path, shipped: Content) -> None:
    def after(number: int, new: str, other: str) -> str:
        block = re.sub(r"(?m)^after = .*\n", "", card(shipped, number, new))
        return block.replace(f'id = "{new}"\n', f'id = "{new}"\nafter = "{other}"\n', 1)

    text = after(1, "egg", "hen") + after(2, "hen", "egg")
    faulty(lay(tmp_path, "cards/mine.toml", text), "cards/mine.toml", "card[egg].after", "hen")
    alone = lay(tmp_path / "alone", "cards/mine.toml", after(1, "egg", "egg"))
    faulty(alone, "cards/mine.toml", "card[egg].after")


@pytest.mark.parametrize(
    ("text", "line"),
    [("[[card]\nid = 1\n", "line 1"), ("[[card]]\nid = \n", "line 2"), ("x = 1\nx = 2\n", "line 2"), ("\x00", "line 1")],
)
def test_malformed_toml(tmp_path: Path, text: str, line: str) -> None:
    faulty(lay(tmp_path, "cards/mine.toml", text), "cards/mine.toml", "line ", "TOML")
    assert line in run("check", "--content", tmp_path).out


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "mine.toml").write_bytes('[[card]]\nid = "百模"\n'.encode("gbk"))
    faulty(tmp_path, "cards/mine.toml", "line 2", "UTF-8")


def test_wrong_kinds_of_values(tmp_path: Path, shipped: Content) -> None:
    block = re.sub(r"(?m)^odds = .*$", 'odds = "often"', card(shipped, 1, "test-card"), count=1)
    faulty(lay(tmp_path, "cards/mine.toml", block), "cards/mine.toml", "card[test-card].odds")
    block = re.sub(r"(?m)^odds = .*$", "odds = 1.5", card(shipped, 1, "test-card"), count=1)
    faulty(lay(tmp_path, "cards/mine.toml", block), "cards/mine.toml", "card[test-card].odds")


def test_an_overlay_that_sets_what_does_not_exist(tmp_path: Path) -> None:
    folder = lay(tmp_path, "assumptions/optimists.toml", ASSUME + "[set]\ntoken_elastcity = 1.0\n")
    faulty(folder, "assumptions/optimists.toml", "token_elastcity", "did you mean 'token_elasticity'?")


def test_an_overlay_called_otherwise_than_its_file(tmp_path: Path) -> None:
    faulty(lay(tmp_path, "assumptions/dreamers.toml", ASSUME), "assumptions/dreamers.toml", "id", "optimists")


def test_all_faults_are_listed_and_the_first_is_told_with_how_many_more(tmp_path: Path, shipped: Content) -> None:
    block = card(shipped, 1, "test-card").replace("weight = ", "wieght = ", 1)
    lay(tmp_path, "cards/mine.toml", block)
    lay(tmp_path, "cards/other.toml", "broken = [")
    found = valid(run("check", "--content", tmp_path, "--json").document, "check_cli")["errors"]
    assert len({e["file"] for e in found}) == 2
    said = refused(run("auto", "--content", tmp_path), f"({len(found) - 1} more; see baimo check)")
    assert "\n" not in said


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    base = ("auto", "--scenario", "first-lesson", "--seed", "7", "--json")
    assert ok(run(*base, "--content", tmp_path)).document == ok(run(*base)).document
