"""The model's documentation: what it says is what content and rules say, in both languages."""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import re
import shutil
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from game.content import Content, load
from game.content.model_text import OddError, chapters, sections
from game.content.resolve import parameter_value
from game.content.search import search
from game.engine import play, rules
from game.engine.draws import seed_array, seed_words
from game.engine.names import ACCOUNTS, LEVERS, SEGMENTS, SOURCES
from game.engine.state import BINS, CHANNELS, HORIZON, SHIFT_QUARTERS, State
from game.language import LANGS, Lang, Tongue
from game.pages import odd, odd_state, odd_tables
from game.pages.commands import REGENERATE, html
from game.pages.commands import odd as command
from game.pages.odd_values import changed_text, number, value_text
from game.pages.tables import Row, Table, escaped


@lru_cache(maxsize=1)
def content() -> Content:
    return load()


@lru_cache(maxsize=2)
def written(lang: Lang) -> str:
    return odd.document(content(), lang)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A content folder of its own, to be spoilt."""
    shutil.copytree(content().directory, tmp_path / "content")
    return tmp_path / "content"


@pytest.mark.parametrize("lang", LANGS)
def test_the_shipped_document_is_the_one_content_makes(lang: Lang) -> None:
    path = content().directory.parent / "docs" / f"odd.{lang}.md"
    same = path.read_text("utf-8") == written(lang)
    assert same, f"docs/odd.{lang}.md and the content have parted ways; run: {REGENERATE.format(lang=lang)}"


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_left_unfilled(lang: Lang) -> None:
    text = written(lang)
    assert "{" not in text.replace("`{", "") and "None" not in text and "nan" not in text.split()
    assert not re.findall(r"\b(?:odd|screens|term)\.[a-z]+\.", text)


@pytest.mark.parametrize("lang", LANGS)
def test_every_parameter_stands_there_with_its_value(lang: Lang) -> None:
    tongue = Tongue(lang, content=content())
    lines = written(lang).splitlines()
    for p in content().parameters.values():
        value, note = value_text(tongue, p.by, parameter_value(content(), p)), tongue.text(p.note)
        head = f"| {escaped(tongue.pick(p.name))} `{p.id}` | {escaped(value)} |"
        assert any(line.startswith(head) and escaped(note) in line for line in lines), p.id


def test_a_changed_parameter_changes_the_document(copy: Path) -> None:
    path = copy / "parameters.toml"
    text = path.read_text("utf-8")
    assert "value = 0.55" in text
    path.write_text(text.replace("value = 0.55", "value = 0.5375", 1), "utf-8")
    changed = odd.document(load(copy), "en")
    assert "0.5375" in changed and "0.5375" not in written("en")
    mine, theirs = written("en").splitlines(), changed.splitlines()
    assert 2 <= sum(a != b for a, b in zip(mine, theirs, strict=True)) <= 6, "the digest, and the lines that show the value"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{{table:parameters:view}}", "", "leaves out table:parameters:view"),
    ("{{equation:fringe}}", "", "leaves out equation:fringe"),
    ("{{table:facts}}", "{{table:facts}}\n\n{{table:fakts}}", "there is no table 'fakts'"),
    ("{{count:caution}}", "{{count:cautions}}", "'{{count:cautions}}'"),
    ("{{figure:market-size-2025}}", "{{figure:market}}", "'{{figure:market}}'"),
    ("{{rule:lots}}", "{{param:lots}}", "'{{param:lots}}'"),
    ("{{rule:lots}}", "{{sum:lots}}", "is not known"),
    ("{{equation:value}}", "{{equation:value}}\n\n{{equation:worth}}", "there is no equation 'worth'"),
])  # fmt: skip
def test_a_planted_fault_is_said(copy: Path, old: str, new: str, said: str) -> None:
    for lang in LANGS:
        path = copy / "odd" / f"{lang}.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(OddError, match=re.escape(said)):
        odd.document(load(copy), "en")


def test_languages_have_the_same_sections_tables_and_equations(copy: Path) -> None:
    odd.check(content())
    path = copy / "odd" / "zh.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("{{equation:fashion}}", "", 1), "utf-8")
    with pytest.raises(OddError, match="section 'choice'"):
        odd.check(load(copy))
    path.write_text(text.replace("{#cards}", "{#decks}", 1), "utf-8")
    with pytest.raises(OddError, match="'decks'"):
        odd.check(load(copy))
    path.write_text(text.replace(" {#cards}", "", 1), "utf-8")
    with pytest.raises(OddError, match="has no id"):
        odd.check(load(copy))


@pytest.mark.parametrize("lang", LANGS)
def test_no_number_of_the_model_is_typed(lang: Lang) -> None:
    """Digits in our text are years, volumes of journals, section numbers and names; everything else is a placeholder."""
    for section in sections(content(), lang).values():
        if section.id == "references":
            continue
        for line in section.lines:
            bare = re.sub(r"\{\{[^}]*\}\}|`[^`]*`|(?:19|20)\d\d|1 / \(1 \+ exp|log\(1", "", line)
            assert not re.search(r"\d", bare.replace("是1 / (1 + exp", "")), (section.id, line)


def test_equations_name_what_there_is() -> None:
    names = {f.name for f in dataclasses.fields(rules.Params)} | {f.name for f in dataclasses.fields(rules.Traits)}
    names |= {f.name for f in dataclasses.fields(State)}
    local = {"best_open", "best_known", "efficiency_open", "capability_open", "u_out", "cost_out", "price_app", "price_solution",
             "price_token", "p_now", "x_before", "compute_price", "unit_cost", "leads_rate", "max_f"}  # fmt: skip
    known = names | local
    for label, text in odd.equations(content()).items():
        strangers = {word for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text) if word not in known}
        assert not strangers, (label, strangers)


def test_words_of_equations_are_in_the_language_of_the_document() -> None:
    for lang in LANGS:
        tongue = Tongue(lang, content=content())
        for section in sections(content(), lang).values():
            for block in odd.blocks(content(), tongue, section):
                if block.kind == "equation":
                    strange = re.search(r"\b(?!argmax)[a-z]{3,} [a-z]{2,}" if lang == "zh" else r"[\u4e00-\u9fff]", block.text)
                    assert strange is None, (section.id, strange)


def test_most_parameters_stand_in_an_equation() -> None:
    """What no equation names is said here, so that a new parameter is not forgotten in the text."""
    whole = "\n".join(odd.equations(content()).values()) + "\n".join(
        line for section in sections(content(), "en").values() for line in section.lines
    )
    words = {"acquired_community", "benchmark_noise", "compute_price_first", "devices_open", "fringe_first", "lead",
             "legend_community", "listing_equity", "price_adjustment", "tender_segments"}  # fmt: skip
    silent = {p for p in content().parameters if not re.search(rf"\b{p}\b", whole)}
    assert silent <= words, f"no equation names {silent - words}; write it into odd/equations.toml, or say it in words"


def test_the_state_is_listed_as_it_is() -> None:
    from game.content.build import build_rules
    from game.engine.start import begin

    assert tuple(odd_state.STATE) == tuple(f.name for f in dataclasses.fields(State) if not f.name.startswith("_"))
    built = build_rules(content(), "war")
    state = begin(built, seed_array([seed_words(s) for s in range(3)]))
    sizes = {"F": built.firms, "V": len(SEGMENTS), "S": len(SOURCES), "A": len(ACCOUNTS), "B": BINS, "C": len(built.cards),
             "D": len(LEVERS), "H": HORIZON, "Q": SHIFT_QUARTERS, "K": len(CHANNELS), "2": 2, "3": 3, "4": 4}  # fmt: skip
    for name, axes in odd_state.STATE.items():
        if name == "quarter":
            continue
        wanted = () if axes == "1" else tuple(sizes[axis] for axis in axes.split(","))
        assert getattr(state, name).shape == (*wanted, 3), name


def test_steps_are_those_of_the_quarter_in_their_order() -> None:
    source = inspect.getsource(play.play_quarter)
    modules = "compute|delivery|demand|events|exits|market|research|tenders|finance"
    calls = re.findall(rf"\b((?:{modules})\.[a-z_]+|_post|_accounts|appraise)\(", source)
    helpers = {"market.price_fall", "delivery.shift"}
    # inner calls stand before the call they are written in: compute.advance(delivery.shift(s))
    assert [c for c in calls if c not in helpers] == list(odd_state.STEPS)


def test_numbers_and_tables_are_written_so_that_they_can_be_read_back() -> None:
    for value in (0.0, 0.15, -3.8, 1234.5, 836.0, 1e7, 1.25e8, 2.5e-6, 999999.5):
        assert float(number(value)) == pytest.approx(value, rel=1e-5)
    table = Table(("a|b", "c"), (Row(("x_y `code_z`", "<b>")), Row(("", "*"))))
    assert table.markdown().splitlines() == ["| a\\|b | c |", "| --- | --- |", "| x\\_y `code_z` | \\<b\\> |", "|   | \\* |"]
    tongue = Tongue("en", content=content())
    assert changed_text(tongue, "route", (1.0, 0.8, 0.2, 0.1), (1.0, 0.8, 0.3, 0.1)) == ("layered open 0.2", "layered open 0.3")
    old, new = (1.0,) * 24, (1.0,) * 8 + (0.5,) * 4 + (1.0,) * 12
    assert changed_text(tongue, "quarter", old, new) == ("25Q1–25Q4 1", "25Q1–25Q4 0.5")
    assert value_text(tongue, "quarter", new) == "2023–2024 1; 2025 0.5; 2026–2028 1"


class _Page(HTMLParser):
    """What of a page could reach outside or act, its anchors and its links within."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.lang = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert tag not in ("script", "img", "link", "iframe", "object", "form"), tag
        assert not {"src", "onclick", "style"} & set(found), (tag, found)
        if tag == "html":
            self.lang = found.get("lang") or ""
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if found.get("href"):
            self.links.append(str(found["href"]))
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_stands_by_itself(lang: Lang) -> None:
    text = html(content(), lang)
    page = _Page()
    page.feed(text)
    assert not page.open and page.lang == ("zh-Hans" if lang == "zh" else "en")
    assert page.ids == list(sections(content(), lang)) and len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} == set(page.ids[1:])
    assert "://" not in text and "@import" not in text and "url(" not in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text and "Noto Sans CJK SC" in text
    assert text.count("<table>") == sum(line.startswith("| ---") for line in written(lang).splitlines())


def test_a_note_cannot_act_on_the_page(copy: Path) -> None:
    path = copy / "parameters.toml"
    text = path.read_text("utf-8")
    spot = 'name = { zh = "能力曲线的落差", en = "Span of the capability curve" }'
    assert spot in text
    path.write_text(text.replace(spot, 'name = { zh = "x", en = "<b onclick=1>[x](y)</b>" }'), "utf-8")
    page = html(load(copy), "en")
    assert "<b onclick" not in page and "&lt;b onclick=1&gt;[x](y)&lt;/b&gt;" in page


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    nothing = argparse.Namespace(out=None, html=None)
    assert command(nothing, content(), "zh") == 0
    assert capsys.readouterr().out == written("zh")
    files = argparse.Namespace(out=tmp_path / "a.md", html=tmp_path / "a.html")
    assert command(files, content(), "en") == 0
    assert files.out.read_text("utf-8") == written("en") and files.html.read_text("utf-8") == html(content(), "en")
    assert command(argparse.Namespace(out=tmp_path / "no" / "a.md", html=None), content(), "en") == 2
    assert "cannot be written" in capsys.readouterr().err
    (copy / "odd" / "en.md").unlink()
    assert command(nothing, load(copy), "en") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_measured_magnitudes_are_shown(copy: Path) -> None:
    from msgspec import json

    from game.lab.magnitudes import Beside, Magnitudes, Size
    from game.lab.magnitudes import Row as Line

    size = {"2024": Size(1.234e9, 1e9, 2e9)}
    row = Line("market.wider", {"zh": "大盘", "en": "wider"}, "CNY/year", size, [Beside("market-size-2025", 2024, 2e11, 0.00617)], ["wider_spend"])
    (copy / "odd" / "magnitudes.json").write_bytes(json.encode(Magnitudes(7, "war", "none", 2, [2024], [row])))
    text = odd.document(load(copy), "en")
    assert "7 seeds, rules version 2" in text
    line = next(line for line in text.splitlines() if line.startswith("| wider |"))
    assert "1.2B (1B – 2B)" in line and "`market-size-2025`" in line and "0.0062" in line and "`wider_spend`" in line
    (copy / "odd" / "magnitudes.json").write_text("{}", "utf-8")
    with pytest.raises(OddError, match="baimo lab magnitudes"):
        odd.document(load(copy), "en")


def test_search_finds_sections() -> None:
    assert ("model", "cards") not in {(h.kind, h.id) for h in search(content(), "Klepper", "en")}
    assert ("model", "exits") in {(h.kind, h.id) for h in search(content(), "Klepper", "en")}
    assert ("model", "clouds") in {(h.kind, h.id) for h in search(content(), "黄金分割", "zh")}


def test_content_without_documentation_has_no_chapters(copy: Path) -> None:
    assert list(chapters(content())) == list(sections(content(), "en"))
    shutil.rmtree(copy / "odd")
    assert chapters(load(copy)) == {} and search(load(copy), "price", "en")


def test_every_table_can_be_made() -> None:
    for lang in LANGS:
        maker = odd_tables.Maker(content(), Tongue(lang, content=content()))
        for name in odd_tables.needed(content()):
            table = odd_tables.make(maker, name)
            assert all(len(row.cells) == len(table.head) for row in table.rows), name
            assert table.rows or name == "magnitudes"
    with pytest.raises(KeyError):
        odd_tables.make(maker, "parameters:nothing")
