"""A whole game without a person: played by policies, or played again from its record; what the command line prints."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from game import __version__
from game.content import Content
from game.engine import derive
from game.engine.names import DEV, quarter_label
from game.engine.state import State
from game.table.errors import Damaged
from game.table.heads import digest_of
from game.table.local import LocalHost, drawn_seed, market_for, seats_of
from game.table.market import EngineMarket
from game.table.replay import replay
from game.table.runfile import read_run
from game.table.table import Table


def auto(
    content: Content, *, scenario: str, background: str, difficulty: str, assume: str, policy: str,
    seed: str | None = None, out: Path | None = None,
) -> dict[str, Any]:
    """Play firm 0 by ``policy`` to the end; the document of ``baimo auto --json``.

    Raises `RunError` where ``out`` cannot be written, `ContentError` where the scenario's start state is missing.
    """
    market = market_for(content, scenario, background, difficulty, assume, __version__)
    seed = drawn_seed() if seed is None else seed
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    with Table.new(market, seats_of(content, market, policy), seed=seed, created=created, path=out) as table:
        if table.trouble:
            raise table.trouble
        states = [table.state]
        while not table.over:
            table.step()
            if table.trouble:
                raise table.trouble
            states.append(table.state)
    return {
        "scenario": scenario, "seed": seed, "policy": policy, "rules": int(market.rules),
        "rules_digest": market.digest, "firms": len(market.firms), **outcome(market, states),
    }


def outcome(market: EngineMarket, states: list[State]) -> dict[str, Any]:
    """Quarters, final numbers and digest of firm 0, from the states before the first and after each quarter."""
    final = states[-1]
    status = int(final.status[0, 0])
    ending = market.ending(final, 0, True)
    return {
        "quarters": [_row(market, s) for s in states[1:]],
        "final": {
            "value": float(derive.value(final)[0, 0]), "survived": status != 1, "rank": _rank(final), "ending": ending,
        },
        "digest": digest_of(market.pack(final)),
    }  # fmt: skip


def _row(market: EngineMarket, s: State) -> dict[str, Any]:
    rules = market.source
    sold = bool(rules.segments[DEV, 0])
    alive = bool(s.alive[0, 0])
    return {
        "quarter": quarter_label(s.quarter - 1), "cash": float(s.cash[0, 0]) / 100.0,
        "value": float(derive.value(s)[0, 0]),
        "share": (float(derive.shares(s)[0, DEV, 0]) if alive else 0.0) if sold else None,
        "rank": _rank(s), "live_models": int(derive.live_models(s)[0]),
        "token_price": float(s.price[0, 0, 0]) if sold else None, "bankrupt": int(s.status[0, 0]) == 1,
    }


def _rank(s: State) -> int:
    """Rank by value; last for a bankrupt firm, however many others are."""
    return len(s.status) if int(s.status[0, 0]) == 1 else int(derive.ranks(s)[0, 0])


def auto_lines(result: dict[str, Any]) -> list[str]:
    """The same for people: a line a quarter."""
    lines = [f"{result['scenario']}, seed {result['seed']}, policy {result['policy']}, rules {result['rules']}"]
    for row in result["quarters"]:
        share = "     -" if row["share"] is None else f"{row['share']:6.1%}"
        price = "       -" if row["token_price"] is None else f"{row['token_price']:8.2f}"
        end = "  bankrupt" if row["bankrupt"] else ""
        lines.append(f"{row['quarter']}  cash {row['cash'] / 1e6:9.1f}M  value {row['value'] / 1e6:9.1f}M  rank "
                     f"{row['rank']:2}  share {share}  price {price}  models {row['live_models']:3}{end}")
    final = result["final"]
    lines.append(f"{final['ending']}: value {final['value'] / 1e6:.1f}M, rank {final['rank']}")
    lines.append(f"digest {result['digest']}")
    return lines


def replay_report(content: Content, path: Path, *, check: bool) -> tuple[dict[str, Any], list[str], str]:
    """A run played again: the document of ``baimo replay --json``, the lines for people, and what is wrong if anything.

    Raises `RunError` for a file that cannot be read or is not of this content.
    """
    run = read_run(path)
    market = LocalHost(content, path.parent, __version__).market_of(run.head, path)
    again = replay(market, run, check)
    fault = again.difference
    same = run.digest == market.digest
    version = run.rules[-1][1].rules if run.rules else run.head.rules
    result: dict[str, Any] = {
        "file": _plain(path.name), "scenario": run.head.scenario, "seed": run.head.seed_text,
        "rules": int(version) if version.isdecimal() else None, "rules_digest": run.digest, "same_rules": same, "quarters": len(run.quarters), "replayed": again.believed,
        "torn": bool(run.torn), "checked": check, "undone": run.head.undone,
        "ok": fault is None and not run.torn and (same or not check),
        "line": fault.line if fault else None, "what": fault.what if fault else None,
        "ending": run.end.endings.get(run.head.firm) if run.end else None,
    }  # fmt: skip
    lines = [f"{path.name}: {run.head.scenario}, seed {run.head.seed_text}, {len(run.quarters)} quarters"]
    for quarter in run.quarters:
        row = quarter.rows.get(run.head.firm)
        if row:
            lines.append(f"{quarter.label}  cash {row.cash / 1e6:9.1f}M  value {row.value / 1e6:9.1f}M  rank {row.rank}")
    complaint = ""
    if fault and fault.what != "torn":
        complaint = f"{path.name}: {fault}; nothing after it is believed."
    elif run.torn:
        complaint = f"{path.name}: line {len(run.lines) + 1} is cut short; what stands before it is whole."
    elif not same:
        lines.append("played by other rules: history is shown, nothing is recomputed")
        complaint = f"{path.name} was played by other rules, so it cannot be recomputed here." if check else ""
    elif check:
        lines.append("every decision and every state recomputed: all as recorded")
    return result, lines, complaint


def damage_report(error: Damaged) -> dict[str, Any]:
    """As the document of `replay_report`, for a checked file that is damaged: nothing in it is believed."""
    unknown = ("scenario", "seed", "rules", "rules_digest", "same_rules", "quarters", "undone", "ending")
    return {
        "file": _plain(str(error.values["file"])), **dict.fromkeys(unknown), "replayed": 0, "torn": error.why == "cut",
        "checked": True, "ok": False, "line": error.line, "what": "damaged",
    }  # fmt: skip


def _plain(name: str) -> str:
    """A file's name as JSON can hold it: bytes that are no text become question marks."""
    return name.encode(errors="replace").decode()
