"""Runs made by hand: no engine, states are arbitrary bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from game.engine.names import quarter_label
from game.table.lines import End, Head, Overlay, Parent, Quarter, Reason, hash_reason, pack_state
from game.table.wire import Row
from game.table.writer import RunWriter

SALT = "0123456789abcdef0123456789abcdef"
FIRST = 4


def head(**changes: object) -> Head:
    values: dict[str, object] = {
        "format": 1, "program": "1.0", "rules": "1", "digest": "d" * 64, "overlays": [Overlay("none", "e" * 64)],
        "scenario": "war", "background": "lab-spin-off", "difficulty": "manager", "assume": "none", "levers": "all",
        "seed": "00000000000000000000000000000007", "seed_text": "七", "firms": ["甲", "b", "c"],
        "seats": ["human", "thumb", "reactive"], "firm": 0, "first": FIRST, "quarters": 20, "deck": ["bad-tuesday"],
        "created": "2026-01-05T10:00:00+08:00", "parent": None, "undone": False, "player": "小王",
    }  # fmt: skip
    return Head(**{**values, **changes})  # type: ignore[arg-type]


def row(quarter: int) -> Row:
    return Row(quarter, 1e8 / 3, 0.1 + 0.2, 5e7, None if quarter == FIRST else 0.25, 2, 0.5, 0.6, 1e4, 200, 3.5, 2.9)


def state(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest() * 4


def reason(number: int, text: str = "便宜算力先行 🙂 “quoted”\n\u2028", firm: int = 0) -> Reason:
    return Reason(FIRST + number, firm, SALT, text)


def quarter(number: int, reasons: tuple[Reason, ...] = ()) -> Quarter:
    decisions = [{"route": 1.0, "price.token": 1 / 3 + number, "card.choice": -0.0} for _ in range(3)]
    if number:
        decisions = [{"price.token": 5e-324 + number}, {}, {"price.token": 1e22 * number}]
    return Quarter(
        FIRST + number, quarter_label(FIRST + number), decisions, {0: {"price.token": 2.5}},
        hashlib.sha256(state(number)).hexdigest(), {0: row(FIRST + number)}, {0: "bad-tuesday"},
        {r.firm: hash_reason(r.salt, r.text) for r in reasons},
        pack_state(state(number)),
    )  # fmt: skip


def write(path: Path, quarters: int = 3, end: bool = False, with_reasons: bool = True, **changes: object) -> Path:
    """A finished file of so many quarters."""
    with RunWriter.create(path, head(**changes)) as run:
        for number in range(quarters):
            reasons = (reason(number), reason(number, "second", 2)) if with_reasons else ()
            run.append(quarter(number, reasons), reasons)
        if end:
            run.finish(End({0: "bankrupt"}, {0: row(FIRST + quarters - 1)}))
        assert run.trouble is None
    return path


PARENT = Parent("f" * 64, FIRST + 1)
