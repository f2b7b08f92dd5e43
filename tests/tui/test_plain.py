"""The plain game: whole campaigns typed into a pipe, on a fake seat and on the real market."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.language import Tongue
from game.table.local import Founding, LocalHost
from game.tui.plain import play_plain
from game.tui.plain_words import COMMANDS, command, find_lever, number, shown_levers
from tests.tui.fake import FakeHost, FakeSeat
from tests.tui.screen_kit import _KEY, content

ROOT = Path(__file__).parents[2]


def play(
    script: str, *, lang: str = "en", host: object = None, founding: Founding | None = None, start: bool = True
) -> str:
    """Everything written while a script is played to its end."""
    out = io.StringIO()
    given = founding or (Founding(seed="7") if start else None)
    code = play_plain(
        host or FakeHost(), content(), Tongue(lang, content=content()), io.StringIO(script), out, founding=given
    )  # type: ignore[arg-type]
    assert code == 0
    said = out.getvalue()
    assert "\x1b" not in said and "\r" not in said, "no colours and no cursor movement"
    found = [key for key in _KEY.findall(said) if not key.startswith("card.choice")]
    assert not found, found
    return said


# words ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6", 6), ("６．５", 6.5), ("1,200", 1200), ("4200万", 4.2e7), ("1.2亿", 1.2e8), ("1.2B", 1.2e9), ("30 k", 3e4),
        ("¥6", 6), ("-3", -3), ("80%", 0.8), (".5", 0.5), ("1e6", 1e6), ("六", None), ("6 apples", None), ("", None),
        ("nan", None), ("inf", None), ("1e999", None), ("--6", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: float | None) -> None:
    got = number(text)
    assert got is None if value is None else got == pytest.approx(value)


def test_every_command_has_words_in_both_languages_and_no_word_two_meanings() -> None:
    seen: set[str] = set()
    for name, spoken in COMMANDS.items():
        assert any(w.isascii() for w in spoken) and any(not w.isascii() for w in spoken)
        assert not seen & set(spoken)
        seen |= set(spoken)
        assert all(command(w) == name for w in spoken)
    assert command("1") == "help" and command(str(len(COMMANDS))) == "quit" and command("99") == ""


def test_levers_are_found_by_number_id_and_name() -> None:
    names = list(content().levers)
    for text in (
        "price.token 6",
        "词元价 6",
        "词元价6",
        "词元价=6",
        "Token price 6",
        f"{names.index('price.token') + 1} 6",
    ):
        assert find_lever(content(), names, text) == ("price.token", "6"), text
    assert find_lever(content(), names, "nonsense 6") == ("", "")
    assert find_lever(content(), names, "routes 2") == ("", ""), "a Latin name ends at its end"
    assert find_lever(content(), names, "词元价") == ("price.token", "")


# a campaign on a fake seat --------------------------------------------------------------------------------------------
ZH = """帮助
局面
决策 产品
词元价 5
设 研发预算 5000万
卡
选 1
预告 现金 8000万 1.2亿
账单
结束
n
结束
是
季报
市场 医疗
日报
百科 价格战
打开 1
悔棋
y
语言
show
退出
"""
EN = """help
show
levers product
token price 5
set research.budget 50M
card
choose 1
guidance cash 80M 120M
reason cheap compute first
bill
end
n
end
y
report
market medical
news
codex price war
open 1
undo
y
lang
show
quit
"""


@pytest.mark.parametrize(("lang", "script"), [("zh", ZH), ("en", EN)])
def test_a_script_in_each_language(lang: str, script: str) -> None:
    host = FakeHost(FakeSeat())
    said = play(script, lang=lang, host=host)
    draft = host.seat.drafts[0]
    assert draft.levers["price.token"] == 5 and draft.levers["research.budget"] == 5e7
    assert draft.levers["card.choice"] == 0
    assert (draft.levers["guidance.cash.low"], draft.levers["guidance.cash.high"]) == (8e7, 1.2e8)
    assert len(host.seat.drafts) == 1, "a no closes nothing"
    assert ("undo", 0) in host.calls
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    for key in ("ui.report.opening", "ui.app.paper", "ui.plain.done", "ui.close.spend"):
        assert tongue.say(key) in said or tongue.speaking("en" if lang == "zh" else "zh").say(key) in said
    assert tongue.speaking("en" if lang == "zh" else "zh").say("screens.plain.spoken") in said


def test_bad_input_is_answered_with_what_is_allowed() -> None:
    said = play("token price six\ntoken price 900\nstaff.finance 2.5\nroute nowhere\nshwo\nxyzzy\nchoose 9\nmarket moon\nundo\nopen 3\n"
                "guidance cash 5\nset\n\n   \n3 3 3\nset nothing 4\ndevices\n")  # fmt: skip
    assert "six" in said and "¥200" in said, "what does not do, and what would"
    assert "Whole numbers only" in said
    assert "show" in said and '"xyzzy"' in said
    assert "1=closed" in said
    assert "no quarter to go back" in said
    assert "Markets:" in said


def test_text_is_never_read_as_more_than_text() -> None:
    host = FakeHost()
    said = play(
        "\n".join(["reason [b]x[/b] {figure:model-boom-count}", "[red]y[/red]", "\x1b[2Jz", "‮abc", "end", "y", ""]),
        host=host,
    )
    assert "[red]y[/red]" in said
    assert host.seat.drafts[0].reason == "[b]x[/b] {figure:model-boom-count}"


def test_the_end_of_the_input_is_a_clean_end() -> None:
    for script in ("", "end", "end\n", "token price 5", "new\n1\n"):
        assert play(script)


def test_a_game_that_is_over_says_so_and_can_be_forked() -> None:
    host = FakeHost(FakeSeat(end_after=2))
    said = play("end y\nend y\nend\nset price.token 5\nreport\nfork 2\ny\nshow\nquit\n", host=host)
    assert Tongue("en", content=content()).ending("niche-master") in said
    assert "The game is over." in said
    assert ("fork", None, 1) in host.calls


def test_without_a_founding_the_game_asks() -> None:
    host = FakeHost()
    believe = [""] if len(content().assumptions) > 1 else []  # asked only where there is a choice
    lines = ["show", "new", "2", "", "founder", *believe, "77", "[b]Firm", "quit", ""]
    said = play("\n".join(lines), host=host, start=False)
    assert "No game is open" in said
    founding = host.calls[0][1]
    assert founding.seed == "77" and founding.name == "[b]Firm" and founding.difficulty == "founder"
    assert founding.scenario == list(content().scenarios)[1] and founding.background == "lab-spin-off"


def test_an_output_that_knows_only_ascii() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    code = play_plain(
        FakeHost(), content(), Tongue("zh", content=content()), io.StringIO("help\nend\ny\n"), out, founding=Founding()
    )
    assert code == 0
    out.flush()
    assert b"?" in raw.getvalue() and len(raw.getvalue()) > 500


class _Gone(io.StringIO):
    """A reader that goes away after some lines."""

    left = 12

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise BrokenPipeError
        return super().write(text)

    def flush(self) -> None:
        if self.left < 0:
            raise BrokenPipeError


def test_a_reader_that_goes_away() -> None:
    assert (
        play_plain(
            FakeHost(),
            content(),
            Tongue("en", content=content()),
            io.StringIO("show\n" * 99),
            _Gone(),
            founding=Founding(),
        )
        == 0
    )


# the real market ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_lesson_from_its_first_day_to_its_last(lang: str, tmp_path: Path) -> None:
    host = LocalHost(content(), tmp_path, "1.0")
    quarters = content().scenarios["first-lesson"].quarters
    script = (
        "levers\ntoken price 20\n词元价 20\n"
        + "card\nchoose 1\nchoose 2\nend y\n" * quarters
        + "report\nundo\ny\nruns\nquit\n"
    )
    said = play(script, lang=lang, host=host, founding=Founding("first-lesson", seed="11"))
    host.close()
    tongue = Tongue(lang, content=content())  # type: ignore[arg-type]
    assert any(tongue.ending(e) in said for e in content().endings)
    files = sorted(tmp_path.glob("*.baimo"))
    assert len(files) == 2, "the game and what was undone"
    ended = [f for f in files if '"kind":"end"' in f.read_text(encoding="utf-8")]
    assert len(ended) == 1
    decisions = json.loads(ended[0].read_text(encoding="utf-8").splitlines()[1])["decisions"][0]
    assert decisions["price.token"] == 20


def test_five_levers_where_a_lesson_has_five() -> None:
    host = FakeHost(FakeSeat(levers_shown="five"))
    said = play("levers\nquit\n", host=host)
    five = [name for name in content().levers if content().levers[name].five]
    limits = {name: None for name in content().levers}
    assert shown_levers(content(), limits, True) == [n for n in five if not n.startswith("guidance")]  # type: ignore[arg-type]
    assert "(price.app)" not in said and "(price.token)" in said


def test_no_textual_is_loaded() -> None:
    code = "import sys, game.tui.plain; sys.exit(any(m.split('.')[0] == 'textual' for m in sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode
        == 0
    )


# why ------------------------------------------------------------------------------------------------------------------
def test_why_takes_a_number_apart_step_by_step() -> None:
    said = play("why\nend y\nwhy\nwhy trust\nwhy 2\nwhy 2.1\nwhy 99\nwhy 2.99\nwhy [red]\nquit\n")
    assert "play the first quarter" in said
    assert "1. cash: from" in said and "2. trust: from 62.0% to 63.0%, +1.0" in said
    assert said.count("Trust rose by 1.0 points: safety did most (+1.5), others and luck, not visible pulled the other way") == 3
    assert "Formula: freshness_loss[finance] · safety" in said and "0.55 · 60.0%" in said
    assert content().figures["data-drift-accuracy-loss"].as_printed in said
    assert "no number called “99”" in said and "no number called “[red]”" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_why_of_a_real_quarter(lang: str, tmp_path: Path) -> None:
    host = LocalHost(content(), tmp_path, "0")
    script = "end y\nwhy\nwhy cash\nwhy 份额 教育\nwhy 3.1\nquit\n"
    said = play(script, lang=lang, host=host, founding=Founding(scenario="first-lesson", seed="7"))
    assert ("现金减" in said) if lang == "zh" else ("Cash fell" in said or "Cash rose" in said)
    assert ("式子" in said) if lang == "zh" else ("Formula" in said)


# the first hour -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_adviser_speaks_in_lines_and_can_be_silenced(tmp_path: Path, lang: str) -> None:
    host = LocalHost(content(), tmp_path, "0")
    lines = ["advice off", "advice", "advice on", "goals", "quit", ""]
    said = play("\n".join(lines), lang=lang, host=host, founding=Founding("war", seed="11"))
    tongue = Tongue(lang, content=content())
    piece = tongue.say("advice.runway.say")
    assert said.count(piece) == 2, "once as the quarter opens, once when asked for, silenced or not"
    assert tongue.say("hour.plain.off") in said and tongue.say("hour.plain.on") in said
    assert all(tongue.pick(goal.name) in said for goal in content().scenarios["war"].goals)
    assert "{" not in said and "hour." not in said and "advice." not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_today_is_played_gone_on_with_and_listed(tmp_path: Path, lang: str) -> None:
    host = LocalHost(content(), tmp_path, "0")
    script = "\n".join(["daily what", "daily", "daily", "daily list", "records", "achievements", "quit", ""])
    said = play(script, lang=lang, host=host, start=False)
    tongue = Tongue(lang, content=content())
    assert len(list(tmp_path.glob("*.baimo"))) == 1, "the second time it went on with the first"
    assert tongue.say("hour.plain.daily-how") in said and tongue.say("hour.daily.first") in said
    assert tongue.say("hour.daily.unfinished") in said and tongue.say("hour.records.none") in said
    assert tongue.text(content().achievements["soft-road"].name) in said
    assert "{" not in said and "hour." not in said


def test_the_command_line_founds_todays_market_and_goes_on_with_it(tmp_path: Path) -> None:
    from game.tui.launch import _daily

    host = LocalHost(content(), tmp_path, "0")
    file, founding = _daily(host)
    assert file is None and founding is not None and founding.seed.startswith("daily-")
    play("end y\nquit\n", host=host, founding=founding)
    host.close()
    again, fresh = _daily(LocalHost(content(), tmp_path, "0"))
    assert fresh is None and again is not None and [again] == list(tmp_path.glob("*.baimo"))
