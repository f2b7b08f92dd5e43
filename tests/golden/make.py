"""Golden runs: every scenario by every policy, quarter by quarter, as it was when the rules got their version.

    python tests/golden/make.py                  play all again, print what moved, write if that is allowed
    python tests/golden/make.py war.thumb ...    only these
    python tests/golden/make.py --new            also write files that are not there yet

Nothing is written, and the exit code is 1, when a game moved although RULES_VERSION is not above the stored one: then
either the change was not meant to move a game, or the version has to be raised (game/engine/version.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from game import __version__  # noqa: E402
from game.content import Content  # noqa: E402
from game.content.load import load  # noqa: E402
from game.engine.version import RULES_VERSION  # noqa: E402
from game.policies import POLICIES  # noqa: E402
from game.table.auto import outcome  # noqa: E402
from game.table.local import market_for, seats_of  # noqa: E402
from game.table.table import Table, digest_of  # noqa: E402

FOLDER = Path(__file__).resolve().parent
SEED = "golden"
Golden: TypeAlias = dict[str, Any]
"""One file: how the game was set up, one row a quarter with the digest of its state, and the ending."""


def names(content: Content) -> list[str]:
    """Every golden run there should be, ``SCENARIO.POLICY``."""
    return [f"{scenario}.{policy}" for scenario in sorted(content.scenarios) for policy in POLICIES]


def play(content: Content, name: str) -> Golden:
    """Play one of them; backgrounds and levels take turns over the names, so that all of them occur."""
    scenario, policy = name.rsplit(".", 1)
    order = sorted(content.scenarios, key=lambda name: (content.scenarios[name].apart, name))  # late ones move no other
    turn = order.index(scenario) + list(POLICIES).index(policy)
    background = list(content.backgrounds)[turn % len(content.backgrounds)]
    quick = [d.id for d in content.difficulties.values() if d.policy != "planner"]
    level = quick[turn % len(quick)]
    market = market_for(content, scenario, background, level, "none", __version__)
    with Table.new(market, seats_of(content, market, policy), seed=SEED) as table:
        states = [table.state]
        while not table.over:
            table.step()
            states.append(table.state)
    told = outcome(market, states)
    rows = [{**row, "state": digest_of(market.pack(s))} for row, s in zip(told["quarters"], states[1:], strict=True)]
    return {
        "rules": RULES_VERSION, "rules_digest": market.digest, "scenario": scenario, "policy": policy,
        "background": background, "difficulty": level, "seed": SEED, "quarters": rows,
        "ending": told["final"]["ending"],
    }  # fmt: skip


def moved(before: Golden, after: Golden) -> list[str]:
    """What differs between two goldens of one name, the first quarter with its numbers; empty if nothing moved.

    The version of the rules itself is no movement.
    """
    for key in ("scenario", "policy", "background", "difficulty", "seed"):
        if before[key] != after[key]:
            return [f"{key}: {before[key]} -> {after[key]}"]
    lines = []
    for old, new in zip(before["quarters"], after["quarters"]):
        if old != new:
            numbers = [f"{k} {_shown(old.get(k))} -> {_shown(new[k])}" for k in new if k != "state" and old.get(k) != new[k]]
            lines.append(f"first in {new['quarter']}: " + (", ".join(numbers) or "the state only, no headline number"))
            break
    if len(before["quarters"]) != len(after["quarters"]):
        lines.append(f"quarters: {len(before['quarters'])} -> {len(after['quarters'])}")
    if before["ending"] != after["ending"]:
        lines.append(f"ending: {before['ending']} -> {after['ending']}")
    if not lines and before["rules_digest"] != after["rules_digest"]:
        lines.append("the rules digest only: content that this game did not meet")
    return lines


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read(folder: Path) -> dict[str, Golden]:
    """Golden runs on file, by name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.*.json"))}


def write(folder: Path, golden: Mapping[str, Golden]) -> None:
    """Put them on file, one line a quarter."""
    for name, run in golden.items():
        rows = ",\n".join("  " + json.dumps(row) for row in run["quarters"])
        head = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in run.items() if k != "quarters")
        text = f'{{\n{head},\n "quarters": [\n{rows}\n ]\n}}\n'
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def differences(stored: Mapping[str, Golden], played: Mapping[str, Golden]) -> Iterator[str]:
    """A line for everything that moved."""
    for name, run in played.items():
        if name in stored:
            yield from (f"{name}: {line}" for line in moved(stored[name], run))


def main(argv: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """See the top of this file; the exit code."""
    parser = argparse.ArgumentParser(description="Golden runs: play again, print what moved, write if allowed.")
    parser.add_argument("names", nargs="*", metavar="SCENARIO.POLICY", help="only these (default: all)")
    parser.add_argument("--new", action="store_true", help="also write files that are not there yet")
    args = parser.parse_args(argv)
    content = load()
    known = names(content)
    if unknown := [n for n in args.names if n not in known]:
        parser.error(f"there is no {unknown[0]!r} (known: {', '.join(known)})")
    stored = read(folder)
    wanted = args.names or known
    played = {name: play(content, name) for name in wanted}
    changes = list(differences(stored, played))
    if not args.names:
        changes += [f"{name}: gone, no such scenario or policy" for name in stored if name not in known]
    print("\n".join(changes) or "nothing moved")
    missing = [name for name in wanted if name not in stored]
    version = max((run["rules"] for run in stored.values()), default=0)
    if changes and version >= RULES_VERSION:
        print(f"refused: games moved, but RULES_VERSION is {RULES_VERSION} and so is the stored one; raise it in "
              "game/engine/version.py, or find out why they moved", file=sys.stderr)  # fmt: skip
        return 1
    if missing and not args.new:
        print(f"refused: {', '.join(missing)} not on file; --new writes them", file=sys.stderr)
        return 1
    write(folder, played)
    if not args.names:
        for name in stored.keys() - set(known):
            (folder / f"{name}.json").unlink()
    print(f"{len(played)} golden runs stand at rules {RULES_VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
