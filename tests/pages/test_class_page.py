"""The report of a class as a page: whole in both languages at every stage, nothing from outside, nobody's text acts."""

from __future__ import annotations

import csv
import io
import re

import msgspec
import pytest

from game.content import Content
from game.lab.analysis.model import Measured, Move, Plan, Range
from game.lab.classwork.forks import STEPS, Fork, Way
from game.lab.classwork.graded import Foretold, Member, graded
from game.lab.classwork.model import ClassReport, Decided, Notable, Pupil
from game.lab.classwork.rubric import read_rubric
from game.language import LANGS, Tongue
from game.pages import class_charts as charts
from game.pages.bilingual import POLICY
from game.pages.class_debrief import HERE, cutters, questions
from game.pages.class_grades import automatic, grades_csv
from game.pages.class_report import HEAD, SECTIONS, class_report_page
from game.pages.class_words import group_of, moves, turn_of
from tests.lab.classwork.made import made_report
from tests.pages.reader import read

WAY = Way([Range(1e8, 2e8, 3e8)] * 4, [Range(0.0, 1e7, 2e7)] * 4, [0.0, 0.1, 0.2, 0.3], [1.5e8] * 4, [50] * STEPS)
HOSTILE = (
    '</script><script>alert(1)</script></title></style><img src=http://evil.example/x onerror=alert(2)> "q" \'q\' {firm} '
    "[@click=app.quit]x[/] \u202egnp\u200b\u2066 =cmd|' /C calc'!A0 " + "W" * 900
)


def fork(pupil: int, quarter: int, same: bool = False) -> Fork:
    if same:
        return Fork(pupil, quarter, 1000, 64, None, WAY, None, Measured(0.0, 0.0, 0.0), 0.0, 0.0, 4e8)
    plan = Plan("focus-two", [Move("price.token", 8.0, 3.0), Move("research.budget", 1e7, 2e7)], 0.1)
    return Fork(pupil, quarter, 1000, 64, plan, WAY, WAY, Measured(2e7, 1e7, 3e7), 0.61, 0.0, 4e8)


def hostile(report: ClassReport) -> ClassReport:
    """Everything that people typed, made as bad as it gets."""
    pupils = [
        msgspec.structs.replace(
            p, player=HOSTILE, file=f"a/{HOSTILE}.baimo",
            decided=[msgspec.structs.replace(d, reason=HOSTILE) for d in p.decided],
            notable=[msgspec.structs.replace(n, reason=HOSTILE) for n in p.notable],
        )
        for p in report.pupils
    ]  # fmt: skip
    files = [msgspec.structs.replace(f, file=HOSTILE, player=HOSTILE) for f in report.files]
    assert report.asked is not None
    asked = msgspec.structs.replace(report.asked, title=HOSTILE, id=HOSTILE, seed=HOSTILE, deadline=HOSTILE, assume=HOSTILE)
    return msgspec.structs.replace(report, pupils=pupils, files=files, asked=asked, folder=HOSTILE)


@pytest.fixture(scope="module")
def report() -> ClassReport:
    return made_report()


@pytest.fixture(scope="module")
def html(shipped: Content, report: ClassReport) -> str:
    assert report.best and report.worst and report.best.quarter and report.worst.quarter
    forks = [fork(report.best.pupil, report.best.quarter), fork(report.worst.pupil, report.worst.quarter, same=True)]
    return class_report_page(shipped, report, "zh", forks=forks)


def inert(html: str) -> None:
    """Nothing from outside, no script, no address but places of the page itself."""
    reader = read(html)
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"}
    for tag, attrs in reader.tags:
        for name, value in attrs.items():
            assert not name.startswith("on") and name not in ("src", "xlink:href", "action", "style"), (tag, name)
            assert name != "href" or (tag == "a" and str(value).startswith("#")), value
    assert "url(" not in html and "@import" not in html
    (policy,) = [a["content"] for t, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY and "script-src" not in POLICY


def test_it_needs_nothing_from_outside_and_its_places_are_there(html: str) -> None:
    inert(html)
    assert html.startswith(HEAD)
    ids = [a["id"] for _, a in read(html).tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for t, a in read(html).tags if t == "a"} <= set(ids)
    assert {f"{lang}-{s}" for lang in LANGS for s in SECTIONS} <= set(ids)


@pytest.mark.parametrize("stage", ["verify", "spread", "regret", "done"])
def test_every_stage_has_a_page_and_says_how_far_it_is(shipped: Content, stage: str) -> None:
    report = made_report(stage)
    html = class_report_page(shipped, report, "en")
    inert(html)
    english = "\n".join(read(html).texts["en"])
    assert ("open it again then" in english) is (stage != "done")
    assert ("32 futures" in english) and "128" in english, "the budget is named"
    for f in report.files:
        if f.verdict != "ok":
            assert Tongue("en", content=shipped).message(f.sentence) in english, "every file is named with its reason"
    assert "No file can prove" in english
    for p in report.pupils:
        assert f'id="en-p{p.place + 1}"' in html


def test_both_languages_are_whole(html: str) -> None:
    texts = read(html).texts
    foreign = ("alert", "script", "click", "keep <cash>", "Ada", "Grace", "pupil-", "baimo", "docx", "class-7b", "export-ban", "broken",
               "--deep", "price-cut", "too-good", "again.", "copy of", "old.", "regular", "checksum", "pipe", "forecasts",
               "price-war", "war", "open-star", "cloud-giant", "homework", "Gneiting", "aftery")  # fmt: skip
    chinese = [t for t in texts["en"] if re.search("[\u4e00-\u9fff]", t) and not re.search("林一|王小明|价格战一课|降价守住", t)]
    assert not chinese, chinese[:3]
    for line in texts["zh-Hans"]:
        words = re.findall(r"[a-z]{4,}", line)
        assert not words or any(o in line for o in foreign), line
    assert not re.search(r"\b(?:class_page|analysis|class)\.\w+\.", "\n".join(texts["en"] + texts["zh-Hans"]))
    assert len(texts["zh-Hans"]) == pytest.approx(len(texts["en"]), abs=4)


def test_what_people_typed_is_text(shipped: Content, report: ClassReport) -> None:
    html = class_report_page(shipped, hostile(report), "zh")
    inert(html)
    assert "<script" not in html and "<img" not in html and "\u202e" not in html and "\u200b" not in html and "\u2066" not in html
    words = "".join(read(html).texts["en"])
    assert "<script>alert(1)</script>" in words and "{firm}" in words, "it is there to be read, and is no template"
    assert "W" * 700 not in html, "long lines are cut"


def test_the_truth_is_folded_and_the_frame_betrays_nothing(shipped: Content, report: ClassReport, html: str) -> None:
    assert "<details" in html and " open" not in "".join(re.findall(r"<details[^>]*>", html))
    frame = html[html.index('id="en-draw"') : html.index("<details", html.index('id="en-draw"'))]
    assert len(re.findall(r'class="line', frame)) == 0, "no curve stands in the frame"
    later = [msgspec.structs.replace(p, rows=[p.rows[0], *(msgspec.structs.replace(r, token_price=r.token_price / 1e5) for r in p.rows[1:])])
             for p in report.pupils]  # fmt: skip
    other = msgspec.structs.replace(report, pupils=later)
    tongue = Tongue("en", content=shipped)
    assert report.spread is not None
    assert charts.price_frame(other, report.spread, tongue) == charts.price_frame(report, report.spread, tongue)
    assert charts.price_truth(other, report.spread, tongue) != charts.price_truth(report, report.spread, tongue)


def test_charts_have_a_name_and_words_and_every_pupil_a_title(html: str, report: ClassReport) -> None:
    shown = [a for t, a in read(html).tags if t == "svg"]
    assert len(shown) >= 2 * (8 + len(report.pupils))
    for attrs in shown:
        assert attrs["role"] == "img" and len(str(attrs["aria-label"])) > 8
    assert "NaN" not in html
    titles = re.findall(r'<g class="pupil"><title>([^<]*)</title>', html)
    for p in report.pupils:
        assert any(t.startswith(f"{p.place + 1}. ") for t in titles)


def test_rank_stands_nowhere(html: str, report: ClassReport) -> None:
    order = [int(n) for n in re.findall(r'id="en-p(\d+)"', html)]
    assert order == [p.place + 1 for p in report.pupils], "pupils stand by name"
    assert "名次 0" in html and "Rank 0" in html, "that it counts nothing is said"


def test_forks_are_told_or_said_to_come(shipped: Content, report: ClassReport, html: str) -> None:
    english = "\n".join(read(html).texts["en"])
    assert "the alternative ends higher in 61%" in english and "No better plan was found" in english
    assert html.count('class="way done"') == 2 * 4 * 2 + 2 * STEPS and html.count('class="way other"') == 2 * 4 + 2 * STEPS
    without = "\n".join(read(class_report_page(shipped, report, "en")).texts["en"])
    assert without.count("The fork has not been played yet") == 2


def test_the_debrief_is_in_order_with_its_questions(shipped: Content, html: str) -> None:
    asked = questions(shipped)
    assert [q.step for q in asked] == sorted((q.step for q in asked), key=["feelings", "facts", "transfer"].index)
    assert len([q for q in asked if q.step != "feelings"]) == 10
    assert set(HERE) <= {q.id for q in asked}, "what the page counts belongs to a question that is asked"
    places = [html.index(f'id="en-{s}"') for s in ("draw", "survival", "spread", "decided", "forks", "debrief", "grades", "pupils")]
    assert places == sorted(places)


def test_who_cut_the_price_is_counted_from_the_books(report: ClassReport) -> None:
    def priced(p: Pupil, prices: list[float]) -> Pupil:
        rows = [msgspec.structs.replace(r, own_price=x) for r, x in zip(p.rows, prices, strict=False)]
        return msgspec.structs.replace(p, rows=rows)

    a, b = priced(report.pupils[0], [8.0, 8.0, 3.9]), priced(report.pupils[1], [8.0, 5.0, 2.6])
    assert cutters([a, b]) == [a]


def test_what_is_kept_changes_no_page(shipped: Content, report: ClassReport, monkeypatch: pytest.MonkeyPatch) -> None:
    from game.pages import class_report

    kept: class_report.Kept = {}
    for stage in ("spread", "regret", "done", "done"):
        now = msgspec.structs.replace(made_report(stage), spread=report.spread)
        assert class_report_page(shipped, now, "zh", kept=kept) == class_report_page(shipped, now, "zh")
    monkeypatch.setattr(class_report, "pupil_page", lambda *_: pytest.fail("nothing has changed"))
    class_report_page(shipped, msgspec.structs.replace(made_report(), spread=report.spread), "zh", kept=kept)


# words ----------------------------------------------------------------------------------------------------------------


def test_moves_are_short_phrases(shipped: Content) -> None:
    from game.lab.classwork.model import Moved

    d = Decided(5, [Moved("route", 0.0, 3.0), Moved("price.token", 10.0, 1.0), Moved("research.budget", 1e7, 3e7),
                    Moved("staff.finance", 10.0, 22.0), Moved("staff.medical", 8.0, 3.0), Moved("staff.education", 2.0, 2.4),
                    Moved("compute.cloud", 10.0, 20.0), Moved("compute.import", 10.0, 10.0), Moved("knowledge.finance", 1e6, 1.001e6)])  # fmt: skip
    assert moves(d, Tongue("en", content=shipped)) == [
        "Route → open", "Token price -90%", "Research budget +200%", "People: Finance +12, Medicine -5", "Compute +50%",
    ]  # fmt: skip
    assert [turn_of(d, g) for g in ("route", "price", "research", "industry", "compute", "money")] == [1, -1, 1, 1, 1, 0]
    assert group_of("staff.developers") == "" and group_of("compute.term") == "" and group_of("finance.raise") == "money"
    free = Decided(5, [Moved("price.token", 10.0, 0.0), Moved("finance.raise", 0.0, 5e7)])
    assert moves(free, Tongue("zh", content=shipped))[0].endswith("→ 免费")


# the grade sheet ------------------------------------------------------------------------------------------------------


def test_the_sheet_adds_up_what_is_automatic(shipped: Content, report: ClassReport) -> None:
    rubric = read_rubric(shipped)
    quizzed = {"0": 0.75}
    graded_rows = graded(report)
    tongue = Tongue("en", content=shipped)
    rows = list(csv.reader(io.StringIO(grades_csv(graded_rows, rubric, quizzed, tongue))))
    assert len(rows) == len(report.pupils) + 1 and len({len(r) for r in rows}) == 1
    head = rows[0]
    for one, row in zip(graded_rows, rows[1:], strict=True):
        got = automatic(one, rubric, quizzed)
        assert float(row[head.index("worked out")]) == pytest.approx(sum(got.values()))
        assert row[head.index("Reasons / 40")] == row[head.index("Fork essay / 20")] == row[head.index("total")] == ""
        assert float(row[head.index("Rank / 0")]) == 0.0
        mark = one.found.mark
        assert mark is not None and float(row[head.index("Forecasts / 20")]) == pytest.approx(20 * mark, abs=0.05)
    assert rows[1][head.index("Quiz after / 20")] == "15.0" and rows[2][head.index("Quiz after / 20")] == ""
    assert len([h for h in head if h.startswith("Names the trade-off")]) == 2, "two quarters each"


def test_a_spreadsheet_takes_nothing_for_a_formula(shipped: Content, report: ClassReport) -> None:
    bad = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"]
    pupils = [
        msgspec.structs.replace(p, player=b, file=f"{b}.baimo", notable=[Notable(5, "regret", 1.0, p.notable[0].message, b)],
                             decided=[msgspec.structs.replace(d, reason=b) for d in p.decided])
        for p, b in zip(report.pupils, bad, strict=False)
    ]  # fmt: skip
    text = grades_csv(graded(msgspec.structs.replace(report, pupils=pupils)), read_rubric(shipped), {}, Tongue("zh", content=shipped))
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        for cell in row:
            assert cell[:1] not in tuple("=+-@\t＝＋－＠"), cell


# a room's members -----------------------------------------------------------------------------------------------------


def members(report: ClassReport) -> list[Member]:
    """Two members of the first team: one forecasts every quarter as well as the naive interval, one not at all."""
    quarters = [d.quarter for d in report.pupils[0].decided]
    good = [Foretold(q, "cash", 1e8, 3e8, 2e8, 2e8, 2e8) for q in quarters]
    file = report.pupils[0].file
    return [Member("m1", "<b>07</b>", file, good, {quarters[1]: "=why <i>not</i>"}), Member("m2", "", file, [], {}),
            Member("m3", "elsewhere", "no-such.baimo", good, {})]  # fmt: skip


def test_members_of_a_room_are_marked_by_their_own_forecasts_and_reasons(shipped: Content, report: ClassReport) -> None:
    rows = graded(report, members(report))
    assert [r.key for r in rows[:3]] == ["0/m1", "0/m2", "1"] and len(rows) == len(report.pupils) + 1
    assert rows[0].found.mark == 0.5 and rows[0].found.given == rows[0].found.due == len(report.pupils[0].decided)
    assert rows[1].found.mark == 0.0, "a free rider earns nothing by what the team did"
    html = class_report_page(shipped, report, "en", members=members(report))
    inert(html)
    assert "1. 林一 · &lt;b&gt;07&lt;/b&gt;" in html and "=why &lt;i&gt;not&lt;/i&gt;" in html and "elsewhere" not in html
    table = list(csv.reader(io.StringIO(grades_csv(rows, read_rubric(shipped), {"0/m1": 1.0}, Tongue("en", content=shipped)))))
    at = table[0].index("Quiz after / 20")
    assert (table[1][at], table[2][at]) == ("20.0", "") and table[1][2] == "<b>07</b>"
    assert any(cell == "'=why <i>not</i>" for cell in table[1])
