"""Money is conserved to the fen, in every quarter of more than a hundred thousand firm-quarters of every kind."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from game.engine import play
from game.engine.books import Books
from game.engine.names import LEVER, LINE, LINES
from game.engine.play import Ledger, play_quarter
from game.engine.rules import Rules
from game.engine.state import State
from game.policies import decide_all
from tests.engine.playing import mixed, opening, step

GAMES = 800
FIELDS = (("random", "thumb", "reactive"), ("thumb",), ("reactive", "random"), ("random",))
"""Fields of policies; GAMES are shared out among them."""
INFLOWS = ("tokens", "app", "solutions", "tenders", "rent_income", "events_in")
OUTFLOWS = ("compute", "rent", "overflow", "energy", "wages", "research", "knowledge", "community", "marketing",
            "fixed", "interest", "switching", "events_out")
EVERYTHING = ("bridge", "down-round", "unit sold", "nothing done", "card", "card money", "card income", "rent",
              "overdraft", "repaid", "bankrupt", "acquired", "merged")


def faults(before: State, after: State, ledger: Ledger) -> list[str]:
    """What does not balance over one quarter, in words."""
    wrong = []
    lines = ledger.lines
    if lines.dtype != np.int64 or after.cash.dtype != np.int64 or after.accounts.dtype != np.int64:
        wrong.append("not whole fen")
    if not np.array_equal(before.cash + lines.sum(axis=0), after.cash):
        wrong.append("opening + lines is not closing")
    if (after.cash.sum(axis=0) + after.accounts.sum(axis=0) != 0).any():
        wrong.append("accounts do not add up to zero")
    if (lines[[LINE[n] for n in INFLOWS]] < 0).any():
        wrong.append("a negative inflow")
    if (lines[[LINE[n] for n in OUTFLOWS]] > 0).any():
        wrong.append("a positive outflow")
    rent = lines[LINE["rent"]].sum(axis=0) + lines[LINE["rent_income"]].sum(axis=0)
    # Without a cloud firm that trades, rent goes to suppliers.
    if (rent > 0).any():
        wrong.append("more rent received than paid")
    if (after.debt < 0).any() or (after.paid_out < before.paid_out).any():
        wrong.append("negative debt, or founders paid back")
    gone = before.status != 0
    if lines[:, gone].any() or (after.cash[gone] != before.cash[gone]).any():
        wrong.append("money moved for a firm that has gone")
    if (after.cash[after.status != 0] != 0).any():
        wrong.append("cash left with a firm that has gone")
    if (after.status[gone] != before.status[gone]).any():
        wrong.append("a firm that had gone changed its end")
    return wrong


def play_and_check(rules: Rules, policies: tuple[str, ...], seeds: range) -> tuple[int, Counter[str], list[str]]:
    """Firm-quarters played by firms still trading, what happened on the way, and what did not balance."""
    seats = mixed(rules.firms, policies)
    state = opening(rules, seeds)
    happened: Counter[str] = Counter()
    wrong: list[str] = []
    count = 0
    for _ in range(rules.quarters):
        decisions = decide_all(rules, state, seats)
        if policies == ("random",):
            # Thoughtless firms that also answer every distress card at random, overspend and overborrow.
            decisions[LEVER["finance.borrow"]] = 1e10
        after, ledger = play_quarter(rules, state, decisions)
        wrong += [f"quarter {state.quarter} of {policies}: {f}" for f in faults(state, after, ledger)]
        count += int(state.alive.sum())
        answer = np.rint(after.levers[LEVER["distress.choice"]])
        for name, choice in (("bridge", 0), ("down-round", 1), ("unit sold", 2), ("nothing done", 4)):
            happened[name] += int((state.distress & (answer == choice)).sum())
        happened["card"] += int((ledger.card >= 0).sum())
        happened["card money"] += int((ledger.lines[LINE["events_out"]] < 0).sum())
        happened["card income"] += int((ledger.lines[LINE["events_in"]] > 0).sum())
        happened["rent"] += int((ledger.lines[LINE["rent_income"]] > 0).sum())
        happened["overdraft"] += int(((after.cash < 0) & after.alive).sum())
        happened["repaid"] += int((ledger.lines[LINE["borrowing"]] < 0).sum())
        for name, status in (("bankrupt", 1), ("acquired", 2), ("merged", 3)):
            happened[name] += int(((after.status == status) & state.alive).sum())
        state = after
    return count, happened, wrong


def test_every_account_balances_to_the_fen_whatever_happens(war: Rules) -> None:
    share = GAMES // len(FIELDS)
    parts = [play_and_check(war, f, range(i * share, (i + 1) * share)) for i, f in enumerate(FIELDS)]
    happened: Counter[str] = Counter()
    for part in parts:
        happened.update(part[1])
    assert [w for p in parts for w in p[2]] == []
    assert sum(p[0] for p in parts) >= 100_000, "firm-quarters of firms still trading"
    rare = {n: happened[n] for n in EVERYTHING if happened[n] < 3}
    assert rare == {}, dict(happened)


def test_lines_are_as_many_as_their_names(war: Rules) -> None:
    _, ledger = step(war, opening(war, [1]), mixed(war.firms))
    assert ledger.lines.shape == (len(LINES), war.firms, 1)


# Planted faults: each makes `faults` speak.


def one_quarter(rules: Rules) -> list[str]:
    state = opening(rules, range(3))
    after, ledger = step(rules, state, mixed(rules.firms))
    return faults(state, after, ledger)


def test_a_leak_of_one_fen_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Books.post_fen

    def leaky(self: Books, line: str, amount: Any, account: str) -> Any:
        real(self, line, amount, account)
        if line == "wages":
            self.outside[4, 0] -= 1
        return amount

    monkeypatch.setattr(Books, "post_fen", leaky)
    assert one_quarter(war) == ["accounts do not add up to zero"]


def test_a_fen_found_in_the_till_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Books.total
    monkeypatch.setattr(Books, "total", lambda self: real(self) + 1)
    assert "opening + lines is not closing" in one_quarter(war)


def test_rounding_after_posting_is_noticed(war: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rent split by plain rounding instead of largest remainder loses or finds a fen sooner or later."""
    from game.engine import books

    def rounded(total: Any, weights: Any) -> Any:
        return np.rint(total * weights / np.maximum(weights.sum(axis=0), 1e-9)).astype(np.int64)

    real = play.compute.pay
    monkeypatch.setattr(books, "split", rounded)

    def odd(rules: Rules, s: State, b: Books) -> None:
        real(rules, s.evolve(bill=s.bill + 0.01), b)

    monkeypatch.setattr(play.compute, "pay", odd)
    state = opening(war, range(40))
    found: list[str] = []
    for _ in range(3):
        after, ledger = step(war, state, mixed(war.firms))
        rent = ledger.lines[LINE["rent"]].sum(axis=0) + ledger.lines[LINE["rent_income"]].sum(axis=0)
        found += faults(state, after, ledger) + (["rent is not rent"] if rent.any() else [])
        state = after
    assert found
