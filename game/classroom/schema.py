"""The tables of a room's store, and what tells a store from any other file.

What people wrote or are called stands in tables of its own (`NAMES`), so that it can be taken out and all the rest stays
whole. Rounds count from 1; ``place`` is the number of a table (one in a shared market, one a team in parallel ones);
quarters count from 2023 Q1.
"""

from __future__ import annotations

from typing import Final

APPLICATION: Final = 0x42614D6F
"""``application_id`` in the header: these bytes read BaMo."""
VERSION: Final = 1
"""``user_version``; raised when an older program could not read the file."""
MAGIC: Final = b"SQLite format 3\x00"

TABLES: Final = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE teams (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, pen TEXT NOT NULL DEFAULT '',
    absent INTEGER NOT NULL DEFAULT 0, stood_in TEXT NOT NULL DEFAULT '',
    reentered INTEGER NOT NULL DEFAULT 0, wants_back INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE team_names (team TEXT PRIMARY KEY REFERENCES teams(id), name TEXT NOT NULL) STRICT;
CREATE TABLE members (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, team TEXT NOT NULL REFERENCES teams(id),
    role TEXT NOT NULL DEFAULT '', secret BLOB NOT NULL, removed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE people (member TEXT PRIMARY KEY REFERENCES members(id), name TEXT NOT NULL) STRICT;
CREATE TABLE tokens (hash BLOB PRIMARY KEY, member TEXT NOT NULL REFERENCES members(id)) STRICT;
CREATE TABLE drafts (
    team TEXT NOT NULL REFERENCES teams(id), round INTEGER NOT NULL, quarter INTEGER NOT NULL, levers TEXT NOT NULL,
    saved INTEGER NOT NULL, decided INTEGER NOT NULL, PRIMARY KEY (team, round, quarter)) STRICT;
CREATE TABLE draft_texts (
    team TEXT NOT NULL, round INTEGER NOT NULL, quarter INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (team, round, quarter),
    FOREIGN KEY (team, round, quarter) REFERENCES drafts(team, round, quarter)) STRICT;
CREATE TABLE forecasts (
    member TEXT NOT NULL REFERENCES members(id), round INTEGER NOT NULL, quarter INTEGER NOT NULL, what TEXT NOT NULL,
    low REAL NOT NULL, high REAL NOT NULL, actual REAL, score REAL, naive REAL,
    PRIMARY KEY (member, round, quarter, what)) STRICT;
CREATE TABLE reasons (
    member TEXT NOT NULL REFERENCES members(id), round INTEGER NOT NULL, quarter INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (member, round, quarter)) STRICT;
CREATE TABLE reason_texts (
    member TEXT NOT NULL, round INTEGER NOT NULL, quarter INTEGER NOT NULL, salt TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (member, round, quarter),
    FOREIGN KEY (member, round, quarter) REFERENCES reasons(member, round, quarter)) STRICT;
CREATE TABLE told (number INTEGER PRIMARY KEY, round INTEGER NOT NULL, quarter INTEGER NOT NULL) STRICT;
CREATE TABLE told_texts (number INTEGER PRIMARY KEY REFERENCES told(number), text TEXT NOT NULL) STRICT;
CREATE TABLE outside (
    number INTEGER PRIMARY KEY, round INTEGER NOT NULL, quarter INTEGER NOT NULL, place INTEGER NOT NULL,
    act TEXT NOT NULL, what TEXT NOT NULL) STRICT;
CREATE TABLE runs (
    round INTEGER NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (round, place, line)) STRICT;
CREATE TABLE run_reasons (
    round INTEGER NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (round, place, line)) STRICT;
"""

NAMES: Final = ("people", "team_names", "draft_texts", "reason_texts", "told_texts", "run_reasons")
"""Tables that hold what a person typed or is called, and nothing else. In `run_reasons` are the lines of reasons of a run,
which stand outside its chain; ``line`` counts them together with those of `runs`."""
