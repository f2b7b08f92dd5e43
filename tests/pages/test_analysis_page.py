"""The page of an analysis: it needs nothing from outside, speaks both languages, and nothing that people typed acts."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.content import Content
from game.lab.analysis.model import Budget, Comparison
from game.lab.analysis.reading import open_run
from game.lab.analysis.run import compare, steps
from game.language import LANGS, Tongue, cell_width
from game.pages.analysis import page
from game.pages.analysis_text import text
from game.pages.bilingual import POLICY
from game.pages.svg import log_ticks, nice_ticks
from tests.lab.analysis.analysis_builders import play
from tests.pages.reader import read

HOSTILE = '<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)> "quoted" \'q\' [b]x[/b] {firm} \u202egnp'
TINY = Budget("tiny", select=16, measure=24, seeds=4, planner_seeds=0)


@pytest.fixture(scope="module")
def both(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two runs, of which one is a hostile player's, analysed with luck and all."""
    import platformdirs

    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(folder / "cache"))
        patch.setattr("game.lab.analysis.luck.shipped", lambda *_: None)
        play(shipped, folder / "a.baimo", quarters=3, reason=HOSTILE, player=HOSTILE, moves=lambda v: {"price.token": 0.0})
        play(shipped, folder / "b.baimo", quarters=2)
        opened = [open_run(shipped, folder / f"{n}.baimo") for n in "ab"]
        return compare(opened, [list(steps(shipped, o, TINY))[-1] for o in opened])


@pytest.fixture(scope="module")
def html(shipped: Content, both: Comparison) -> str:
    return page(shipped, both, "zh")


def test_it_needs_nothing_from_outside_and_has_no_script(html: str) -> None:
    reader = read(html)
    kinds = {tag for tag, _ in reader.tags}
    assert not kinds & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "image", "use"}
    for tag, attrs in reader.tags:
        for name, value in attrs.items():
            assert not name.startswith("on") and name not in ("src", "href", "xlink:href", "action", "style"), (tag, name)
            assert "http:" not in (value or "") or name == "aria-label", (tag, name)
    assert "url(" not in html and "@import" not in html
    (policy,) = [a["content"] for t, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY and "'none'" in POLICY and "script-src" not in POLICY


def test_what_people_typed_is_text(html: str) -> None:
    assert "<script>" not in html and "<img" not in html and "\u202e" not in html
    words = "".join(read(html).texts["en"])
    assert "<script>alert(1)</script>" in words, "it is there to be read"
    assert "{firm}" in words, "what stands in a reason is never read as a template"


def test_both_languages_are_whole(html: str) -> None:
    texts = read(html).texts
    zh, en = ("\n".join(texts[k]) for k in ("zh-Hans", "en"))
    own = ("alert", "quoted", "evil")
    chinese = [t for t in texts["en"] if re.search("[\u4e00-\u9fff]", t)]
    assert not chinese, chinese[:3]
    for line in texts["zh-Hans"]:
        words = re.findall(r"[a-z]{4,}", line)
        assert not words or any(o in line for o in own) or set(words) <= {"baimo"}, line
    assert len(texts["zh-Hans"]) == pytest.approx(len(texts["en"]), abs=3)
    assert not re.search(r"\banalysis\.\w+\.", zh + en), "a text without words in this language"


def test_it_opens_in_the_language_asked_for(shipped: Content, both: Comparison) -> None:
    for lang in LANGS:
        reader = read(page(shipped, both, lang))
        assert [a["id"] for t, a in reader.tags if t == "input" and "checked" in a] == [lang]
    assert page(shipped, both, "zh") == page(shipped, both, "zh")


def test_charts_have_a_name_and_words(html: str) -> None:
    charts = [attrs for tag, attrs in read(html).tags if tag == "svg"]
    assert len(charts) >= 2 * 12
    for attrs in charts:
        assert attrs["role"] == "img" and len(str(attrs["aria-label"])) > 8
    assert "NaN" not in html and "inf" not in re.sub(r"[a-z]*inf[a-z]+|[a-z]+inf[a-z]*", "", html)
    for x in re.findall(r' (?:x|y|cx|cy|width|height)="([^"]*)"', html):
        if "%" not in x and "device" not in x:
            assert -50 <= float(x) <= 1000


def test_one_run_alone_and_one_without_quarters(shipped: Content, both: Comparison) -> None:
    one = msgspec.structs.replace(both, runs=both.runs[:1], split=None)
    assert len(page(shipped, one, "en")) < len(page(shipped, both, "en"))
    bare = msgspec.structs.replace(both.runs[0], quarters=[], opening=None, turns=[], guidance=[], luck=None)
    empty = msgspec.structs.replace(one, runs=[bare])
    assert read(page(shipped, empty, "en")).tags
    for lang in LANGS:
        assert text(empty, Tongue(lang, content=shipped))


def test_text_lines_up_and_acts_on_no_terminal(shipped: Content, both: Comparison) -> None:
    for lang in LANGS:
        lines = text(both, Tongue(lang, content=shipped))
        assert all(c.isprintable() for line in lines for c in line)
        tables = [i for i, line in enumerate(lines) if line.startswith(("季度", "quarter"))]
        assert len(tables) == 2
        rows = lines[tables[0] : tables[0] + 4]
        assert len({cell_width(r) for r in rows}) == 1, "the last column stands to the right"
        assert any("alert" in line for line in lines) is False, "reasons are for the page"


def test_a_chart_marks_what_the_table_says(shipped: Content, both: Comparison) -> None:
    """A planted fault: without the marks the page says nothing of the blunder."""
    verdicts = [q.verdict for q in both.runs[0].quarters]
    assert {"mistake", "blunder"} & set(verdicts)
    calm = msgspec.structs.replace(
        both, runs=[msgspec.structs.replace(r, quarters=[msgspec.structs.replace(q, verdict="ok") for q in r.quarters], turns=[])
                    for r in both.runs])  # fmt: skip
    marked, unmarked = (len(re.findall(r'class="mark (?:mistake|blunder)"', page(shipped, c, "en"))) for c in (both, calm))
    assert marked > 0 and unmarked == 0


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_ticks_cover_what_is_drawn(a: float, b: float) -> None:
    low, high = sorted((a, b))
    ticks = nice_ticks(low, high)
    slack = 1e-6 * max(abs(low), abs(high), 1.0)
    assert 2 <= len(ticks) <= 9 and ticks == sorted(set(ticks)) and ticks[0] <= low + slack and ticks[-1] >= high - slack
    if low > 1e-6:
        ticks = log_ticks(low, high)
        assert ticks[0] <= low * 1.001 and ticks[-1] >= high * 0.999 and len(ticks) >= 2


