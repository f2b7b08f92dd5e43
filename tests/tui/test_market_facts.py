"""Facts of the market without a screen: series against plain loops, fixed axes, marks; and the plain game's pages."""

from __future__ import annotations

import asyncio
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from game.content.ghosts import marks
from game.engine.names import SEGMENTS, SOURCES, VERTICALS
from game.language import Tongue
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.market_history import happenings
from game.table.wire import Draft
from game.tui import plain_market
from game.tui.plain import play_plain
from game.tui.screens.market_facts import AXES, FORMS, SERIES, Past, date, segments_of
from game.tui.screens.market_words import brief_figure, here_text, signs, told
from game.tui.session import Session
from tests.tui.fake import FakeHost, FakeSeat
from tests.tui.screen_kit import content, played

ROOT = Path(__file__).parents[2]


def past(quarters: int = 10) -> Past:
    session = asyncio.run(played(quarters))
    return Past(session.view, asyncio.run(session.look_back()), content())


async def _real(tmp_path: Path, quarters: int) -> tuple[Session, LocalHost]:
    """The real market, left to run with nothing touched but the cards."""
    host = LocalHost(content(), tmp_path, "1.0")
    session = await Session.start(await host.new_game(Founding("war", seed="11")))
    for _ in range(quarters):
        for name, offer in (("card", session.view.card), ("distress", session.view.distress)):
            if offer is not None:
                session.set(f"{name}.choice", float(next(c.index for c in offer.choices if c.allowed)))
        await session.close()
        if session.over:
            break
    return session, host


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Past:
    async def go() -> Past:
        session, host = await _real(tmp_path_factory.mktemp("runs"), 6)
        found = Past(session.view, await session.look_back(), content())
        host.close()
        return found

    return asyncio.run(go())


# series ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("which", ["fake", "real"])
def test_series_against_plain_loops(which: str, real: Past) -> None:
    found = past() if which == "fake" else real
    assert found.history is not None
    for quarter in found.history.quarters:
        q, m = quarter.quarter, quarter.market
        lines = {series: {s.key: s.values.get(q) for s in found.strands(series)} for series in SERIES}
        assert lines["capability"]["frontier"] == m.frontier and lines["capability"]["best-open"] == m.best_open
        assert lines["token-price"]["low"] == m.token_price_low and lines["token-price"]["median"] == m.token_price
        assert lines["live-models"]["live-models"] == m.live_models
        assert lines["imports"]["imports"] == m.import_open and lines["sentiment"]["sentiment"] == m.sentiment
        assert lines["compute-price"] == {s: m.compute_price[s] for s in SOURCES}
        for segment in ("consumers", "developers"):
            assert lines[f"adopters.{segment}"][f"adopters.{segment}"] == m.adopters[segment]
        assert all(lines["adopters.verticals"][v] == m.adopters[v] for v in VERTICALS if v in lines["adopters.verticals"])
        for firm in quarter.firms:
            if firm.index == found.view.firm:
                assert lines["capability"]["own"] == pytest.approx(firm.capability, abs=0.2 if which == "fake" else 1e-12)
            elif firm.status == "active":
                assert lines["token-price"][firm.id] == firm.price_token
                assert lines["capability"][firm.id] == firm.capability
            else:
                assert lines["token-price"][firm.id] is None, "a firm that is gone has no line any more"


def test_segments_to_come_are_shown_and_those_without_are_not(real: Past, tmp_path: Path) -> None:
    assert segments_of(real.view) == list(SEGMENTS) and "devices" not in real.view.market.open_segments

    async def lesson() -> None:
        host = LocalHost(content(), tmp_path, "1.0")
        view = await (await host.new_game(Founding("first-lesson", seed="11"))).view()
        host.close()
        assert segments_of(view) == [s for s in SEGMENTS if s in content().scenarios["first-lesson"].segments]

    asyncio.run(lesson())


@pytest.mark.parametrize("scenario", ["price-war", "open-roads", "first-lesson"])
def test_other_scenarios_have_their_own_span(scenario: str, tmp_path: Path) -> None:
    """Marks before the first quarter are left out, and a fall whose start this game does not have is not drawn."""

    async def go() -> Past:
        host = LocalHost(content(), tmp_path, "1.0")
        session = await Session.start(await host.new_game(Founding(scenario, seed="11")))
        found = Past(session.view, await session.look_back(), content())
        host.close()
        return found

    found = asyncio.run(go())
    plan = content().scenarios[scenario]
    assert found.last - found.first == plan.quarters and found.now == found.first
    for series in SERIES:
        for mark, _ in found.levels(series):
            assert found.first <= mark.at <= found.last
            assert mark.base is None or mark.base in found.main(series)
    lines = list(plain_market.course(found, Tongue("en", content=content()).at(found.view)))
    assert len(lines) == 1 + sum(m.series != "events" for m in marks(content()))
    assert list(plain_market.events(found, Tongue("zh", content=content()).at(found.view)))


def test_the_plain_pages_are_punctuated_in_their_language() -> None:
    found, tongue = past(6), Tongue("zh", content=content())
    tongue = tongue.at(found.view)
    pages = (plain_market.matrix(found, tongue), plain_market.firm(found, tongue, ""), plain_market.time(found, tongue, ""),
             plain_market.events(found, tongue), plain_market.course(found, tongue))  # fmt: skip
    for page in pages:
        lines = list(page)
        assert lines and not [line for line in lines if re.search(r"[\u4e00-\u9fff0-9%][,;:] |[\u4e00-\u9fff] \(", line)]


def test_axes_stand_still_until_something_would_leave_them() -> None:
    early, late = past(1), past(12)
    assert early.first == late.first and early.last == late.last
    for series in SERIES:
        low, high, log = late.axes(series)
        assert log == AXES[series][2] and low <= AXES[series][0] and high >= AXES[series][1]
        values = [v for s in late.strands(series) for v in s.values.values() if v > 0 or not log]
        assert all(low * 0.999 <= v <= high * 1.001 for v in values)
        assert all(low * 0.999 <= level <= high * 1.001 for _, level in late.levels(series))
    assert early.axes("token-price") == late.axes("token-price") == AXES["token-price"]
    assert set(FORMS) == set(AXES) == set(SERIES)


def test_marks_measured_against_this_game(real: Past) -> None:
    own = {r.quarter: r.token_price for r in real.view.history}
    by_figure = {m.figure: (m, level) for series in SERIES for m, level in real.levels(series)}
    assert by_figure["price-war-cut"][1] == pytest.approx(0.1 * own[3])
    assert by_figure["models-updated-dec-2023"][1] == 156.0
    assert "doubao-vision-discount" not in by_figure, "its own quarter has not been played"
    assert by_figure["deepseek-api-price"][1] == 1.0, "a level needs nothing of this game"
    for language in ("zh", "en"):
        tongue = Tongue(language, content=content())  # type: ignore[arg-type]
        said = {m.figure: here_text(real, tongue, m) for m in marks(content()) if m.series != "events"}
        assert said["models-updated-dec-2023"] == str(next(r.live_models for r in real.view.history if r.quarter == 3))
        assert said["tender-projects-2024"] == tongue.say("market.not-public")
        assert said["price-war-cut"] == tongue.say("market.not-yet")
        assert all(said.values()) and not any("market." in text for text in said.values())


def test_a_figures_label_is_short() -> None:
    figures = content().figures
    assert brief_figure(figures["deepseek-api-price"], "en") == "¥1"
    assert brief_figure(figures["genai-users-2024"], "en") == "230M"
    assert brief_figure(figures["genai-users-2024"], "zh") == "2.3亿"


def test_many_cuts_share_a_sentence(real: Past) -> None:
    tongue = Tongue("zh", content=content()).at(real.view)
    assert real.history is not None
    found = happenings(real.history, real.view.firm)
    assert found == real.happened
    for quarter in {h.quarter for h in found}:
        here = [h for h in found if h.quarter == quarter]
        lines = told(tongue, here, "你的公司")
        cuts = [h for h in here if h.kind == "cut" and not h.own]
        assert len(lines) == len(here) - (len(cuts) - 1 if len(cuts) >= 3 else 0)
        assert all(tongue.firm(h.firm) in "".join(text for _, text, _ in lines) for h in cuts)


# the plain game -------------------------------------------------------------------------------------------------------
def play(script: str, lang: str, host: object, **more: object) -> str:
    out = io.StringIO()
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    play_plain(host, content(), tongue, io.StringIO(script), out, **more)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("份额", "公司", "走势", "大事", "真实走向")), ("en", ("shares", "firm", "time", "events", "course"))],
)
def test_the_plain_game_tells_every_page(lang: str, words: tuple[str, ...], tmp_path: Path) -> None:
    host = LocalHost(content(), tmp_path, "1.0")
    rival = Tongue(lang, content=content()).firm("yunshan")  # type: ignore[arg-type]
    script = "".join(f"market {w}\n" for w in words) + f"market {words[1]} {rival}\nmarket {words[1]} moon\n"
    script = "card\nchoose 1\nend y\n" * 3 + script + f"market {words[2]} moon\nmarket 5\nquit\n"
    said = play(script, lang, host, founding=Founding("war", seed="11"))
    host.close()
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    assert "156?" in said and "19?" in said, "marks of the real course"
    assert date(-1) in said and date(2) in said, "all past quarters"
    assert said.count(signs(tongue)) >= 3
    assert tongue.pick(content().ghosts["chatgpt"].name) in said
    assert all(tongue.say(f"market.series-long.{s}") in said for s in SERIES)
    assert tongue.text(content().rivals["yunshan"].temper) in said
    assert tongue.say("market.which-series", names="")[:4] in said and tongue.say("market.which-firm", names="")[:4] in said
    assert "market." not in said.replace("market.json", ""), "no key of the locale shows"


def test_the_plain_game_leaves_segments_as_they_were() -> None:
    said = play("market medical\nmarket moon\nquit\n", "en", FakeHost(FakeSeat()), founding=Founding())
    assert "Markets:" in said and "More: market shares" in said


@pytest.mark.parametrize("text", ["1", "shares", "份额", " 份额 "])
def test_topics(text: str) -> None:
    assert plain_market.topic(text) == ("matrix", "")
    assert plain_market.topic("firm 云山") == ("firm", "云山") and plain_market.topic("medical") == ("", "")


def test_the_words_need_no_screen() -> None:
    code = "import sys, game.tui.plain_market; sys.exit(any(m.split('.')[0] == 'textual' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_quarter_later_the_past_is_asked_for_again() -> None:
    async def go() -> None:
        session = await Session.start(FakeSeat())
        first = await session.look_back()
        assert await session.look_back() is first
        await session.seat.submit(Draft(0))
        session.view = await session.seat.view()
        assert len((await session.look_back()).quarters) == 2

    asyncio.run(go())
