"""What a room keeps, as statements for its store, and all of it read again after a start."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import msgspec

from game.classroom.people import Member, Team
from game.classroom.store import Op
from game.table.lines import hash_reason
from game.table.wire import Draft

_json = msgspec.json.Encoder()


def setting(key: str, value: Any) -> Op:
    """Anything small, by name."""
    return _put("settings", ("key", "value"), 1, (key, _json.encode(value).decode()))


def team(t: Team) -> Op:
    """A team without its name."""
    return _put(
        "teams", ("id", "number", "pen", "absent", "stood_in", "reentered", "wants_back"), 1,
        (t.id, t.number, t.pen, t.absent, t.stood_in, int(t.reentered), int(t.returning)),
    )  # fmt: skip


def team_name(t: Team) -> Op:
    """A team's name."""
    return _put("team_names", ("team", "name"), 1, (t.id, t.name))


def member(m: Member) -> Op:
    """A member without a name."""
    return _put(
        "members", ("id", "number", "team", "role", "secret", "removed"), 1,
        (m.id, m.number, m.team, m.role, m.hash, int(m.removed)),
    )  # fmt: skip


def person(m: Member) -> Op:
    """A member's name."""
    return _put("people", ("member", "name"), 1, (m.id, m.name))


def token(hash: bytes, member: str) -> Op:
    """A one-time token."""
    return _put("tokens", ("hash", "member"), 1, (hash, member))


def token_used(hash: bytes) -> Op:
    """A one-time token is worth nothing any more."""
    return "DELETE FROM tokens WHERE hash = ?", (hash,)


def tokens_of(member: str) -> Op:
    """All tokens of a member are worth nothing any more."""
    return "DELETE FROM tokens WHERE member = ?", (member,)


def draft(t: Team, round: int) -> list[Op]:
    """A team's draft, or that it has none."""
    if t.draft is None:
        return []
    key = (t.id, round, t.draft.quarter)
    levers = _json.encode(t.draft.levers).decode()
    ops = [_put("drafts", ("team", "round", "quarter", "levers", "saved", "decided"), 3,
                (*key, levers, t.saved, int(t.decided)))]  # fmt: skip
    return [*ops, _put("draft_texts", ("team", "round", "quarter", "text"), 3, (*key, t.draft.reason))]


def forecast(m: Member, round: int, quarter: int, what: str) -> Op:
    """A member's forecast."""
    return _put("forecasts", ("member", "round", "quarter", "what", "low", "high"), 4,
                (m.id, round, quarter, what, *m.forecast[what]))  # fmt: skip


def scored(m: Member, round: int, quarter: int, what: str, actual: float, score: float, naive: float | None) -> Op:
    """What came of a forecast."""
    where = "WHERE member = ? AND round = ? AND quarter = ? AND what = ?"
    return f"UPDATE forecasts SET actual = ?, score = ?, naive = ? {where}", (
        actual, score, naive, m.id, round, quarter, what,
    )  # fmt: skip


def reason(m: Member, round: int, quarter: int, salt: str) -> list[Op]:
    """A member's reason: a salted hash, and text and salt apart from it."""
    key = (m.id, round, quarter)
    return [
        _put("reasons", ("member", "round", "quarter", "hash"), 3, (*key, hash_reason(salt, m.reason))),
        _put("reason_texts", ("member", "round", "quarter", "salt", "text"), 3, (*key, salt, m.reason)),
    ]


def told(number: int, round: int, quarter: int, text: str) -> list[Op]:
    """What the teacher told the class."""
    return [
        _put("told", ("number", "round", "quarter"), 1, (number, round, quarter)),
        _put("told_texts", ("number", "text"), 1, (number, text)),
    ]


def outside(number: int, round: int, quarter: int, place: int, act: str, what: str) -> Op:
    """Something done to a table from outside: ``dealt`` a card, ``found-again`` a firm, ``managed`` a firm."""
    return _put("outside", ("number", "round", "quarter", "place", "act", "what"), 1,
                (number, round, quarter, place, act, what))  # fmt: skip


def run_line(round: int, place: int, line: int, raw: bytes, reason: bool) -> Op:
    """A line of a table's run."""
    return _put("run_reasons" if reason else "runs", ("round", "place", "line", "raw"), 3, (round, place, line, raw))


def _put(table: str, columns: tuple[str, ...], keys: int, values: tuple[Any, ...]) -> Op:
    """A row, in place of the one with the same key (its first ``keys`` columns)."""
    key, rest = ", ".join(columns[:keys]), columns[keys:]
    sets = ", ".join(f"{c} = excluded.{c}" for c in rest)
    holes = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes}) ON CONFLICT ({key}) DO UPDATE SET {sets}", values


# reading --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outside:
    """See `outside`."""

    round: int
    quarter: int
    place: int
    act: str
    what: str


@dataclass(frozen=True)
class Forecast:
    """A forecast as kept."""

    member: str
    round: int
    quarter: int
    what: str
    low: float
    high: float
    actual: float | None
    score: float | None
    naive: float | None


@dataclass
class Saved:
    """Everything a store holds."""

    settings: dict[str, Any] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    tokens: dict[bytes, str] = field(default_factory=dict)
    drafts: dict[tuple[str, int, int], tuple[Draft, int, bool]] = field(default_factory=dict)
    """By team, round and quarter: the draft, how often it was saved, and whether it was decided."""
    forecasts: list[Forecast] = field(default_factory=list)
    reasons: dict[tuple[str, int, int], tuple[str, str, str]] = field(default_factory=dict)
    """By member, round and quarter: hash, salt and text, the latter two empty once forgotten."""
    told: list[tuple[int, int, int, str]] = field(default_factory=list)
    """Number, round, quarter and text."""
    outside: list[Outside] = field(default_factory=list)
    runs: dict[tuple[int, int], list[bytes]] = field(default_factory=dict)
    """Lines of each run in order, by round and place."""


def load(db: sqlite3.Connection) -> Saved:
    """Everything in a store. Raises `sqlite3.Error`, `msgspec.DecodeError` and ValueError for what is none."""
    s = Saved()
    s.settings = {key: msgspec.json.decode(value) for key, value in db.execute("SELECT key, value FROM settings")}
    names = dict(db.execute("SELECT team, name FROM team_names").fetchall())
    for id, number, pen, absent, stood_in, reentered, returning in db.execute(
        "SELECT id, number, pen, absent, stood_in, reentered, wants_back FROM teams ORDER BY number"
    ):
        s.teams.append(Team(id, number, names.get(id, ""), pen, absent, stood_in, bool(reentered), bool(returning)))
    people = dict(db.execute("SELECT member, name FROM people").fetchall())
    for id, number, of, role, secret, removed in db.execute(
        "SELECT id, number, team, role, secret, removed FROM members ORDER BY number"
    ):
        s.members.append(Member(id, number, of, role, bytes(secret), people.get(id, ""), bool(removed)))
    s.tokens = {bytes(hash): owner for hash, owner in db.execute("SELECT hash, member FROM tokens")}
    texts = {(t, r, q): text for t, r, q, text in db.execute("SELECT team, round, quarter, text FROM draft_texts")}
    for t, r, q, levers, count, decided in db.execute(
        "SELECT team, round, quarter, levers, saved, decided FROM drafts"
    ):
        made = Draft(q, msgspec.json.decode(levers, type=dict[str, float]), texts.get((t, r, q), ""))
        s.drafts[t, r, q] = made, count, bool(decided)
    s.forecasts = [
        Forecast(*row) for row in db.execute(
            "SELECT member, round, quarter, what, low, high, actual, score, naive FROM forecasts ORDER BY 2, 3, 1, 4"
        )
    ]  # fmt: skip
    for m, r, q, hash, salt, text in db.execute(
        "SELECT member, round, quarter, hash, salt, text FROM reasons LEFT JOIN reason_texts USING (member, round, quarter)"
    ):
        s.reasons[m, r, q] = hash, salt or "", text or ""
    s.told = [
        (n, r, q, text or "") for n, r, q, text in
        db.execute("SELECT number, round, quarter, text FROM told LEFT JOIN told_texts USING (number) ORDER BY number")
    ]  # fmt: skip
    s.outside = [
        Outside(*row) for row in db.execute("SELECT round, quarter, place, act, what FROM outside ORDER BY number")
    ]
    lines = db.execute(
        "SELECT round, place, line, raw FROM runs UNION ALL SELECT round, place, line, raw FROM run_reasons ORDER BY 1, 2, 3"
    )
    for r, p, _, raw in lines:
        s.runs.setdefault((r, p), []).append(bytes(raw))
    return s
