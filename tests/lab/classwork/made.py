"""A made-up report of a class: every verdict, a spread, regret of some pupils; numbers invented and always the same."""

from __future__ import annotations

import msgspec

from game.lab.analysis.model import (
    ANALYSIS_VERSION,
    QUICK,
    Analysis,
    Luck,
    Measured,
    Move,
    Plan,
    PolicyLuck,
    QuarterAnalysis,
    Range,
    RunHead,
    TurningPoint,
)
from game.lab.classwork.model import (
    REPORT_VERSION,
    Asked,
    Band,
    Bot,
    ClassReport,
    Decided,
    Extreme,
    Fate,
    Field,
    FileEntry,
    Moved,
    Notable,
    Progress,
    Pupil,
    Spread,
)
from game.table.guidance import totals
from game.table.wire import Guidance, Message, Row

FIRST, QUARTERS = 4, 8
HOSTILE = '<script>alert("1")</script> [@click=app.quit]x[/]'
"""What a pupil might call herself; a page shows it as it stands."""
NAMES = ("林一", "17", "Ada", HOSTILE, "", "王小明", "Grace", "08")


def _level(pupil: int, n: int) -> float:
    """Value after ``n`` quarters; pupil 3 goes under."""
    grown = 4e8 * (1 + 0.07 * (pupil - 2)) ** n + 3e7 * ((pupil * 7 + n * 3) % 5 - 2)
    return 0.0 if pupil == 3 and n >= 6 else grown


def _row(pupil: int, n: int) -> Row:
    value, price = _level(pupil, n), 14.0 * 0.62**n * (1 + 0.02 * pupil)
    return Row(FIRST - 1 + n, 0.4 * value - 2e6 * n, 3e7 + 6e6 * n * (pupil + 1), value, 0.05 + 0.004 * pupil, 9 - pupil % 8,
               0.5, 0.55 + 0.01 * n, 0.2, 60 - 4 * n, price, price * 0.9)  # fmt: skip


def _guidance(pupil: int, n: int) -> Guidance:
    now, then = _row(pupil, n), (_row(pupil, n + 1).cash if n < QUARTERS else None)
    low, high = now.cash * 0.9, now.cash * 1.1
    one = Guidance(FIRST - 1 + n - 1, "cash", low, high, now.cash * 0.7, now.cash * 1.3)
    if then is None:
        return one
    miss = max(low - then, then - high, 0.0)
    return msgspec.structs.replace(one, actual=then, score=high - low + 10 * miss, naive=0.6 * now.cash,
                                   game_low=low * 1.02, game_high=high * 0.98, game=0.2 * now.cash)  # fmt: skip


def _quarter(pupil: int, n: int, analysed: bool) -> QuarterAnalysis:
    row = _row(pupil, n)
    bare = QuarterAnalysis(
        row.quarter, row, cost=5e7, runway=6.0, reason="降价守住份额 & keep <cash>" if n % 3 == 0 else "",
        guidance=[_guidance(pupil, n)] if 1 <= n < QUARTERS else [],
    )  # fmt: skip
    if not analysed:
        return bare
    regret = 1e7 * ((pupil + n) % 4)
    return msgspec.structs.replace(
        bare, analysed=True, ahead=4, fan=[Range(row.value * 0.8, row.value * 0.97, row.value * 1.2)] * 4, ruin=0.08,
        worth=row.value, regret=Measured(regret, regret - 6e6, regret + 6e6), share=regret / 4e8,
        log_regret=Measured(0.02, 0.01, 0.03), gain=Measured(1e6, -5e6, 7e6),
        verdict="mistake" if regret > 2e7 else "ok", hindsight=0.5 * regret,
        best=Plan("thumb", [Move("price.token", 6.0, 3.5), Move("research.budget", 4e7, 2e7)], 0.05),
    )  # fmt: skip


def _analysis(pupil: int, played: int, analysed: int) -> Analysis:
    quarters = [_quarter(pupil, n, n <= analysed) for n in range(1, played + 1)]
    ending = ("bankrupt" if pupil == 3 else "niche-master") if played == QUARTERS else ""
    head = RunHead(
        f"pupil-{pupil}.baimo", "price-war", "lab-spin-off", "manager", "none", "five", "2024", NAMES[pupil], "human", 0,
        "player", FIRST, QUARTERS, played, "2", "7a71e273", "2026-03-02T09:00:00+08:00", pupil == 6, None, ending,
    )  # fmt: skip
    steps = played + 1
    luck = Luck(3.7, Measured(0.1, 0.05, 0.15), 0.2, [PolicyLuck("thumb", 4e8, 3.7, Measured(3.6, 3.5, 3.7), 200)], played)
    turns = [TurningPoint(FIRST + 3, "mistake", 3e7, Message(
        "analysis.turn.mistake", {"quarter": FIRST + 3, "amount": 3e7, "plan": "thumb", "share": 0.08}))]
    given = [g for q in quarters for g in q.guidance]
    return Analysis(
        ANALYSIS_VERSION, head, _row(pupil, 0), quarters, QUICK, min(analysed, steps), steps, totals(given),
        luck if analysed >= steps else None, turns if analysed else [],
    )  # fmt: skip


def _pupil(place: int, analysed: int) -> Pupil:
    played = 5 if place == 4 else QUARTERS
    rows = [_row(place, n) for n in range(played + 1)]
    decided = [
        Decided(r.quarter, [Moved("price.token", r.own_price * 1.2, r.own_price)], "price-cut" if n == 3 else "",
                1 if n == 3 else None, None, "降价守住份额 & keep <cash>" if (n + 1) % 3 == 0 else "",
                ["export-ban"] if n == 3 else [])
        for n, r in enumerate(rows[1:])
    ]  # fmt: skip
    marks = {4: ["unfinished", "unnamed"], 6: ["undone"]}.get(place, [])
    notable = [
        Notable(FIRST + q, "regret" if analysed else "swing", 2e7, Message(f"class.notable.{'regret' if analysed else 'swing-down'}", {"quarter": FIRST + q, "amount": 2e7}), "")
        for q in (1, 4)
    ]
    return Pupil(
        place, f"pupil-{place}.baimo", NAMES[place], marks, f"{place:064x}", played,
        ("bankrupt" if place == 3 else "niche-master") if played == QUARTERS else "", FIRST + 5 if place == 3 else None,
        rows[-1].value, rows[-1].cash, rows[-1].rank, rows, [r.token_price * 0.6 for r in rows[1:]], decided,
        _analysis(place, played, analysed), notable, FIRST + 4,
    )  # fmt: skip


def _field(who: str, policy: str, luck: str, games: int, lift: float) -> Field:
    def bands(size: float) -> list[Band]:
        return [
            Band(FIRST + n, games, *(size * lift * 1.05**n * k for k in (0.5, 0.8, 1.0, 1.3, 1.7))) for n in range(QUARTERS)
        ]

    price = [14.0 * 0.62 ** (n + 1) for n in range(QUARTERS)]
    return Field(who, policy, luck, games, bands(4e8), bands(1.6e8), [1 - 0.03 * n for n in range(QUARTERS)], price,
                 [p * 0.6 for p in price])  # fmt: skip


def made_report(stage: str = "done") -> ClassReport:
    """A report at a stage: ``verify`` (no spread yet), ``spread``, ``regret`` (half of the pupils) or ``done``."""
    analysed = {"regret": (99, 99, 99, 4), "done": (99,) * len(NAMES)}.get(stage, ())
    pupils = [_pupil(p, analysed[p] if p < len(analysed) else 0) for p in range(len(NAMES))]
    files = [
        FileEntry(p.file, 40_000, "ok", Message("class.file.ok", {"file": p.file}), p.place, p.player, None, "", p.marks,
                  [Message(f"class.mark.{m}", {"played": p.played, "quarters": QUARTERS}) for m in p.marks])
        for p in pupils
    ]  # fmt: skip

    def bad(verdict: str, file: str, **args: float | int | str) -> FileEntry:
        line = args.get("line")
        return FileEntry(file, 1234, verdict, Message(f"class.file.{verdict}", {"file": file, **args}), None, "x",
                         line if isinstance(line, int) else None, str(args.get("other", "")))  # fmt: skip

    files += [
        bad("damaged", "broken.baimo", line=5, why="checksum"),
        bad("forged", "too-good.baimo", line=7, quarter=FIRST + 5, what="state"),
        bad("other", "war.baimo", what="scenario", theirs="war", asked="price-war"),
        bad("duplicate", "copy of pupil-1.baimo", other="pupil-1.baimo"),
        bad("rules", "old.baimo", what="rules", theirs="1"), bad("forbidden", "again.baimo"),
        bad("unreadable", "pipe.baimo", why="it is not a regular file"), bad("no-run", "homework <b>.docx"),
    ]  # fmt: skip
    spread = None if stage == "verify" else Spread(
        [FIRST + n for n in range(QUARTERS)], _field("class", "", "same", len(pupils), 1.1),
        [_field("bots", p, k, 40, 0.8 + 0.1 * i) for k in ("same", "other") for i, p in enumerate(("", "thumb", "reactive"))],
        [Bot(p, h, [4e8 * 1.04**n for n in range(QUARTERS)], [1e8] * QUARTERS, None)
         for p in ("thumb", "reactive") for h in ("", "cloud-giant")],
        40, [Fate("open-star", 6, 8), Fate("cloud-giant", 8, 8)],
    )  # fmt: skip
    step = {"verify": (16, 16), "spread": (120, 120), "regret": (28, 61), "done": (61, 61)}[stage]
    return ClassReport(
        REPORT_VERSION, "baimo 0", "class-7b",
        Asked("3f1c", "价格战一课 <2>", "price-war", "lab-spin-off", "manager", "none", "five", "2024", FIRST, QUARTERS,
              {FIRST + 3: ["export-ban"]}, "marked", "2026-03-06", "7a71e273", True),
        sorted(files, key=lambda f: f.file), pupils, spread,
        Extreme(7, pupils[7].value, FIRST + 4, True), Extreme(3, 0.0, FIRST + 4, True),
        Progress(stage, *step, "quick", 32, 128), Message("class.proof"), "recomputed",
    )  # fmt: skip
