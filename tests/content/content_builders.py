"""A small complete content folder as plain Python, written as TOML, for tests to break one thing at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from game.content.load import collect
from game.content.problems import Problem
from game.engine.names import ENDINGS, LEVERS, ROUTES, SEGMENTS, SOURCES

Tree = dict[str, Any]
Leaf = tuple[Any, ...]
"""Where a value stands in a tree: file, then keys and places."""


def text(word: str = "words") -> dict[str, str]:
    return {"zh": f"{word}中文", "en": f"{word} in English"}


def figure(label: str, unit: str, **number: Any) -> dict[str, Any]:
    return {
        "id": label,
        "article": "first-article",
        "subject": text("subject"),
        "unit": unit,
        "as_printed": "原文",
        "when": text("when"),
        "attributed_to": text("who"),
        "topic": "market",
        "claim": text(f"claim {label}"),
        **number,
    }


def parameter(label: str, unit: str, status: str = "assumed", **number: Any) -> dict[str, Any]:
    return {
        "id": label,
        "name": text(label),
        "unit": unit,
        "status": status,
        "note": text("why"),
        "group": "test",
        **number,
    }


def lever(label: str) -> dict[str, Any]:
    low, high = (-100.0, 100.0) if label == "finance.borrow" else (0.0, 1000.0)
    return {
        "id": label,
        "group": "product",
        "kind": "route" if label == "route" else "count",
        "unit": text("unit"),
        "low": low,
        "high": high,
        "step": 1.0,
        "big_step": 10.0,
        "log": False,
        "five": label in ("route", "price.token"),
        "name": text(label),
        "help": text("help"),
    }


def firm(label: str) -> dict[str, Any]:
    start = {
        "cash": 3e8,
        "debt": 0.0,
        "founders_share": 0.7,
        "capability": 0.05,
        "efficiency": 0.1,
        "safety": 0.4,
        "trust": 0.5,
        "community": 20.0,
        "credibility": 0.5,
        "route": "hybrid",
        "price_token": 60.0,
        "price_app": 1.0,
        "price_solution": 1.0,
        "staff": {"finance": 6, "developers": 4},
        "knowledge": {"finance": 4.0},
        "compute": {"import": 220.0},
    }
    traits = {
        "cloud": 0.5,
        "cloud_value": 1.0,
        "skill_research": 1.0,
        "skill_efficiency": 1.1,
        "skill_sales": 0.9,
        "state_access": 0.3,
        "app_traffic": 0.2,
        "fixed_cost": 1.5e7,
        "budget": 9e7,
        "budget_growth": 0.06,
        "appetite": 0.5,
        "boldness": 0.5,
        "focus": {"developers": 3.0, "finance": 1.0},
        "import_access": 0.5,
        "credit": 0.4,
        "opening": 2,
    }
    return {"id": label, "start": start, "traits": traits}


def card(label: str, **extra: Any) -> dict[str, Any]:
    return {
        "id": label,
        "title": text("title"),
        "text": text("text"),
        "headline": text("headline"),
        "act": [1, 2],
        "first": "2023Q2",
        "last": "2024Q4",
        "odds": 0.8,
        "weight": 0.4,
        "once": True,
        "figures": ["market-size"],
        "theses": ["first-thesis"],
        "note": text("note"),
        "when": [{"what": "runway", "op": ">=", "value": 2.0}],
        "choices": [
            {
                "label": text("label"),
                "text": text("choice"),
                "cost": {"cash": 1e6},
                "effects": [
                    {"target": "trust", "op": "add", "amount": 0.05, "who": "self", "chance": 0.9},
                    {"target": "utility", "op": "add", "low": 0.1, "high": 0.2, "segment": "finance", "quarters": 2},
                    {"target": "capability", "op": "add", "figure": "cost-decline", "scale": 0.1},
                ],
            },
            {
                "label": text("label"),
                "text": text("choice"),
                "cost": {"scale": 0.1},
                "effects": [{"target": "knowledge", "op": "mul", "amount": -0.1, "segment": "focus"}],
                "requires": [{"what": "staff", "op": ">", "value": 1.0, "segment": "finance"}],
            },
        ],
        **extra,
    }


def tree() -> Tree:
    """A fresh folder: file name to its tables. Everything in it is right."""
    units = ("CNY", "CNY/year", "share", "count", "ratio", "years", "fact", "percentage points")
    rival = {
        **firm("first-rival"),
        "archetype": "cloud-giant",
        "name": text("rival"),
        "short": {"zh": "对手", "en": "Rival"},
        "temper": text("temper"),
        "memory": text("memory"),
        "tells": [
            {"id": "price-cut", "when": [{"what": "utilisation", "op": "<", "value": 0.6}], "text": text("tell")}
        ],
    }
    background = {
        **firm("lab-spin-off"),
        "name": text("lab"),
        "text": text("text"),
        "strengths": text("good"),
        "debts": text("bad"),
    }
    return {
        "figures.toml": {
            "schema": 1,
            "unit": [{"id": u, "name": text(u)} for u in units],
            "topic": [{"id": "market", "name": text("market")}],
            "kind": [{"id": "company", "name": text("company")}],
            "article": [
                {
                    "id": "first-article",
                    "title": text("title"),
                    "outlet": text("outlet"),
                    "author": text("author"),
                    "approx_date": "2025",
                    "reliability": text("low"),
                }
            ],
            "figure": [
                figure("market-size", "CNY", value=2e11, bound="more-than"),
                figure("cost-decline", "share", value=0.38, direction="down"),
                figure("customer-revenue", "CNY/year", value=1.2e6),
                figure("premium", "ratio", low=3, high=5),
                figure("policy", "fact", text=text("policy")),
                figure("doubtful", "share", value=0.6),
                figure("durations", "years", value=1.7),
            ],
            "source": [
                {
                    "id": "first-source",
                    "name": text("source"),
                    "articles": ["first-article"],
                    "role": text("role"),
                    "figures": ["market-size"],
                }
            ],
            "entity": [
                {
                    "id": "first-entity",
                    "name": text("entity"),
                    "articles": ["first-article"],
                    "kind": "company",
                    "what": text("what"),
                    "figures": ["premium"],
                }
            ],
            "thesis": [
                {
                    "id": "first-thesis",
                    "articles": ["first-article"],
                    "claim": text("claim"),
                    "mechanism": text("how"),
                    "figures": ["premium"],
                }
            ],
            "caution": [
                {"id": "first-caution", "figures": ["doubtful", "premium"], "why": text("why"), "disowns": ["doubtful"]}
            ],
        },
        "parameters.toml": {
            "parameter": [
                parameter("compute_decline", "share", "source", figure="cost-decline"),
                parameter("plain", "CNY", value=5.0),
                parameter("premium_high", "ratio", "source", figure="premium", use="high", scale=2.0, offset=1.0),
                parameter(
                    "rent",
                    "CNY per quarter",
                    by="segment",
                    values={**{v: 1000.0 for v in SEGMENTS}, "finance": {"figure": "customer-revenue", "scale": 0.25}},
                ),
                parameter("path", "index", by="quarter", values=[1.0, 2.0, 3.0]),
                parameter("yearly", "index", by="year", values={str(2023 + i): float(i) for i in range(5)}),
                parameter("openness", "index", by="route", values={r: float(i) for i, r in enumerate(ROUTES)}),
                parameter("sources", "index", by="source", values={r: float(i) for i, r in enumerate(SOURCES)}),
            ]
        },
        "segments.toml": {"segment": [{"id": v, "name": text(v), "what": text("what")} for v in SEGMENTS]},
        "levers.toml": {
            "lever": [lever(name) for name in LEVERS],
            "five": [
                {"id": label, "name": text(label), "help": text("help"), "moves": moves}
                for label, moves in (
                    ("one", ["route"]),
                    ("two", ["price.token"]),
                    ("three", ["route"]),
                    ("four", ["route"]),
                    ("five", ["route"]),
                )
            ],
        },
        "archetypes.toml": {"archetype": [{"id": "cloud-giant", "name": text("cloud"), "what": text("what")}]},
        "rivals.toml": {"rival": [rival]},
        "backgrounds.toml": {"background": [background]},
        "difficulties.toml": {
            "difficulty": [
                {"id": d, "name": text(d), "text": text("text"), "policy": "thumb", "speed": 0.5}
                for d in ("apprentice", "manager", "founder")
            ]
        },
        "facts.toml": {
            "fact": [
                {
                    "id": "first-fact",
                    "name": text("fact"),
                    "figures": ["market-size"],
                    "measure": "market",
                    "low": 1.0,
                    "high": 2.0,
                    "note": text("note"),
                },
                {
                    "id": "second-fact",
                    "name": text("fact"),
                    "figures": ["cost-decline"],
                    "measure": "decline",
                    "low": 0.3,
                    "high": 0.4,
                    "note": text("note"),
                },
            ]
        },
        "theses.toml": {
            "mechanism": [{"id": "choice", "name": text("choice"), "what": text("what")}],
            "measure": [
                {"id": "value", "name": text("value"), "unit": text("unit")},
                {"id": "users", "name": text("users"), "unit": text("unit"), "segment": True},
            ],
            "expression": [
                {
                    "id": "first-thesis",
                    "expressed_by": ["mechanism:choice", "card:first-card", "parameter:yearly"],
                    "contrast": {
                        "what": text("compared"),
                        "measure": "users",
                        "segment": "finance",
                        "expected_sign": 1,
                        "of": "first-rival",
                        "at": "2024Q4",
                        "high": {
                            "times": {"yearly": {"2023Q2": 0.5}, "sources": 2.0},
                            "levers": [{"lever": "knowledge.all", "times": 0.5, "first": "2024Q1"}],
                            "choices": {"first-card": 2},
                        },
                        "low": {
                            "firms": [{"field": "opening", "set": "open"}, {"field": "boldness", "times": 0.5, "who": "all"}],
                            "levers": [{"lever": "compute.import", "into": "compute.domestic"}],
                        },
                    },
                    "note": text("note"),
                }
            ],
        },
        "ghosts.toml": {
            "ghost": [
                {
                    "id": "first-ghost",
                    "name": text("ghost"),
                    "series": "token-price",
                    "points": [
                        {"figure": "premium", "at": "2023Q4", "use": "high"},
                        {"figure": "cost-decline", "at": "2024Q4", "first": "2024Q1", "base": "2023Q4", "scale": -1.0,
                         "offset": 1.0},
                    ],
                    "note": text("otherwise counted"),
                },
                {"id": "a-date", "name": text("date"), "series": "events",
                 "points": [{"figure": "policy", "at": "2022Q4"}]},
            ]
        },
        "first_hour.toml": {
            "stage": [{"id": "first", "turn": 1, "rows": ["price.token", "five.two"], "levers": "any"}],
            "step": [
                {
                    "id": "look", "turn": 1, "rows": ["price.token"], "done": "moved", "levers": "all",
                    "text": {"zh": "看{price}", "en": "look at {price}"},
                    "replies": [{"when": "cut", "text": text("reply")}],
                }
            ],
        },
        "achievements.toml": {
            "achievement": [
                {
                    "id": "held", "thesis": "first-thesis", "name": text("held"), "text": text("did not follow"),
                    "when": [
                        {"what": "price-ratio", "op": ">=", "value": 1.5, "over": "some", "count": 2, "first": "2023Q2",
                         "last": "2023Q4"},
                        {"what": "contracts", "of": "finance", "op": ">=", "value": 3.0},
                    ],
                    "endings": ["niche-master"], "scenarios": ["war"],
                }
            ]
        },
        "gazette.toml": {
            "headline": [
                {"id": "quiet", "text": text("quiet"), "weight": 1.0, "first": "2023Q1", "last": "2024Q1", "when": []}
            ]
        },
        "endings.toml": {
            "ending": [{"id": e, "name": text(e), "epilogue": [{"text": text("end"), "when": []}]} for e in ENDINGS]
        },
        "cards/deck.toml": {"card": [card("first-card"), card("second-card", after="first-card")]},
        "scenarios/war.toml": {
            "id": "war",
            "name": text("war"),
            "text": text("text"),
            "goals": [{"id": "rich", "name": text("rich"), "what": "value", "op": ">=", "value": 1e9}],
            "first": "2023Q1",
            "quarters": 20,
            "levers": "all",
            "firms": 2,
            "rivals": ["first-rival"],
            "cards": "all",
            "segments": list(SEGMENTS),
            "start": "fresh",
            "note": text("note"),
        },
        "assumptions/none.toml": {"id": "none", "name": text("none"), "text": text("text"), "set": {}},
        "assumptions/other.toml": {
            "id": "other",
            "name": text("other"),
            "text": text("text"),
            "set": {
                "plain": 7.0,
                "rent": {"finance": 9.0},
                "compute_decline": {"figure": "premium", "scale": 0.1, "use": "low"},
            },
        },
        "locale/ui.toml": {"menu": {"new": text("new"), "cash": {"zh": "现金{amount}", "en": "{amount} in cash"}}},
    }


def value(item: Any) -> str:
    """One TOML value on one line."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    if isinstance(item, (list, tuple)):
        return "[" + ", ".join(value(i) for i in item) + "]"
    if isinstance(item, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {value(v)}" for k, v in item.items()) + " }"
    return repr(item)


def dump(table: dict[str, Any]) -> str:
    """A TOML file: lists of tables as [[name]], everything else on one line."""
    plain, arrays = [], []
    for name, item in table.items():
        if isinstance(item, list) and item and isinstance(item[0], dict) and name not in ("goals",):
            for entry in item:
                arrays.append(f"\n[[{name}]]\n" + "\n".join(f"{json.dumps(k)} = {value(v)}" for k, v in entry.items()))
        else:
            plain.append(f"{json.dumps(name)} = {value(item)}")
    return "\n".join([*plain, *arrays]) + "\n"


def write(folder: Path, files: Tree) -> Path:
    """Write a tree; a file given as text or bytes is written as it is, one given as None is left out."""
    for name, table in files.items():
        path = folder / name
        if table is None:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(table, bytes):
            path.write_bytes(table)
        else:
            path.write_text(table if isinstance(table, str) else dump(table), encoding="utf-8")
    return folder


def broken(folder: Path, change: Callable[[Tree], None]) -> list[Problem]:
    """Problems of the right folder after one change to it."""
    files = copy.deepcopy(tree())
    change(files)
    return collect(write(folder / "content", files))[1]


def entry(files: Tree, file: str, kind: str, label: str) -> dict[str, Any]:
    """An entry of a tree by id."""
    found: dict[str, Any] = next(e for e in files[file][kind] if e["id"] == label)
    return found


def leaf_paths(value: Any, path: Leaf = ()) -> Iterator[tuple[Leaf, Any]]:
    """(path, value) of every number, word and text of a tree."""
    if isinstance(value, dict) and set(value) != {"zh", "en"}:
        for key, item in value.items():
            yield from leaf_paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaf_paths(item, (*path, index))
    else:
        yield path, value


def replaced(files: Tree, path: Leaf, value: Any) -> Tree:
    """A copy of a tree with one leaf replaced."""
    files = copy.deepcopy(files)
    here = files
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return files
