"""Effects of cards all at once are those of a plain loop over firms and games, one effect after the other."""

from __future__ import annotations

import numpy as np
import pytest

from game.engine import effects
from game.engine.books import Books
from game.engine.effects import MATRICES, STOCKS, TIMED, Desk, Stream, carry_out, deck_of, fall
from game.engine.names import LINE, SEGMENTS
from game.engine.play import chance, play_quarter
from game.engine.rules import EffectRule, Rules
from game.engine.state import ARRAYS, CHANNEL, State
from game.policies import decide_all
from tests.engine.playing import mixed, play


@pytest.fixture(scope="module")
def crowded(war: Rules) -> State:
    """Two years in, with a card on every desk: every card of the deck is there."""
    s = play(war, [f"crowd/{i}" for i in range(40)], mixed(war.firms, ("thumb", "reactive")), 8)[-1]
    cards = np.arange(s.cash.size).reshape(s.cash.shape) * 7 % len(war.cards)
    return s.evolve(card=cards.astype(np.int16))


def deal(war: Rules, s: State, choice: int) -> Stream:
    deck = deck_of(war.cards)
    firms, games = np.nonzero(s.alive)
    picks = np.minimum(deck.last[s.card[firms, games]], choice)
    return fall(s, deck, s.card[firms, games] * np.int64(deck.most) + picks, firms, games)


def twin(rules: Rules, s: State, stream: Stream) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Arrays and ledger lines after a loop: in the order of the deck, each effect on each firm."""
    now = {n: getattr(s, n).copy() for n in ARRAYS}
    lines = np.zeros((len(LINE), *s.cash.shape), dtype=np.int64)
    pending: dict[int, list[tuple[int, int, int, float]]] = {}
    for i, e in enumerate(deck_of(rules.cards).effects):
        mine = [(int(f), int(g), float(a)) for j, f, g, a in zip(*stream, strict=True) if j == i]
        if not mine:
            continue
        if e.target != "sentiment" and e.who != "self":
            mine = sent_on(rules, s, e, mine)
        for f, g, amount in mine:
            one(s, e, f, g, amount, now, lines, pending)
    for length in sorted(pending):
        for slot in range(length):
            for channel, f, g, amount in pending[length]:
                now["shifts"][channel, slot, f, g] += amount
    return now, lines


def sent_on(rules: Rules, s: State, e: EffectRule, mine: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    out = []
    for g in sorted({g for _, g, _ in mine}):
        senders = {f: a for f, h, a in mine if h == g}
        total = 0.0
        for f in range(rules.firms):
            total += senders.get(f, 0.0)
        for f in range(rules.firms):
            meant = {"rivals": True, "all": True, "clouds": rules.traits.cloud[f, 0] > 0, "open": s.route[f, g] == 3}
            got = total - senders.get(f, 0.0) if e.who == "rivals" else total
            if meant[e.who] and s.alive[f, g] and got != 0.0:
                out.append((f, g, got))
    return sorted(out)


def one(s: State, e: EffectRule, f: int, g: int, amount: float, now: dict, lines: np.ndarray, pending: dict) -> None:
    where = range(len(SEGMENTS)) if e.segment in ("all", "") else [0]
    if e.segment == "focus":
        people = s.staff[f, 2:, g]
        where = [2 + int(np.argmax(people))]
    elif e.segment not in ("all", ""):
        where = [SEGMENTS.index(e.segment)]
    if e.target == "sentiment":
        now["sentiment"][g] += amount
    elif e.target in TIMED:
        for v in where if e.target == "utility" else [CHANNEL[e.target]]:
            pending.setdefault(min(max(e.quarters, 1), s.shifts.shape[1]), []).append((v, f, g, amount))
    elif e.target in STOCKS:
        now[STOCKS[e.target]][f, g] = moved(now[STOCKS[e.target]][f, g], amount, e)
    elif e.target in MATRICES:
        for v in where:
            now[e.target][f, v, g] = moved(now[e.target][f, v, g], amount, e)
    elif e.target == "staff":
        for v in where:
            now["staff"][f, v, g] = max(np.rint(now["staff"][f, v, g] * (1.0 + amount)), 0)
    elif e.target == "cash":
        flow = amount * s.cost[f, g] if e.op == "scale" else amount
        lines[LINE["events_in" if flow > 0 else "events_out"], f, g] += round(flow * 100.0)
    elif e.target == "debt":
        paid = round(max(amount, -s.debt[f, g] / 100.0) * 100.0)
        now["debt"][f, g] += paid
        lines[LINE["borrowing"], f, g] += paid
    elif e.target == "release":
        now["released"][f, g] = max(now["released"][f, g], s.lnc[f, g])
    elif e.target == "route":
        now["route"][f, g] = round(amount)
    elif e.target in ("merge", "sell"):
        now["ended"][f, g] = -3 if e.target == "merge" else -2
    else:
        for v in where:
            for name in ("customers", "leads", "pilots"):
                now["adopters"][v, g] -= now[name][f, v, g]
                now[name][f, v, g] = 0.0
            now["adopters"] = np.maximum(now["adopters"], 0.0)
            now["staff"][f, v, g] = 0


def moved(old: float, amount: float, e: EffectRule) -> float:
    new = old * (1.0 + amount) if e.op == "mul" else old + amount
    if e.target in ("trust", "credibility", "safety", "freshness", "founders_share"):
        return min(max(new, 0.0), 1.0)
    return new if e.target in ("capability", "efficiency") else max(new, 0.0)


def differs(war: Rules, s: State, choice: int) -> list[str]:
    stream = deal(war, s, choice)
    desk, books = Desk(s), Books(*s.cash.shape)
    carry_out(war, s, deck_of(war.cards), stream, desk, books)
    after = desk.state()
    now, lines = twin(war, s, stream)
    return [n for n in ARRAYS if not np.array_equal(getattr(after, n), now[n])] + (
        [] if np.array_equal(books.lines, lines) else ["lines"]
    )


@pytest.mark.parametrize("choice", [0, 1, 2])
def test_all_at_once_is_one_after_the_other_to_the_bit(war: Rules, crowded: State, choice: int) -> None:
    assert differs(war, crowded, choice) == []


def test_a_cell_hit_twice_in_one_go_would_be_noticed(
    war: Rules, crowded: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "_rounds", lambda cells: iter([slice(None)]))
    assert any(differs(war, crowded, k) for k in range(3))


def test_luck_that_was_kept_is_the_luck_that_is_drawn(war: Rules, crowded: State) -> None:
    draws = chance(war, crowded, keep=True)
    seats = ("thumb",) * war.firms
    decisions = decide_all(war, crowded, seats)
    plain = play_quarter(war, crowded, decisions)[0]
    for _ in range(2):  # the first time words of cards are kept, the second time they are read
        again = play_quarter(war, crowded, decisions, draws)[0]
        assert [n for n in ARRAYS if not np.array_equal(getattr(plain, n), getattr(again, n), equal_nan=True)] == []
    other = play_quarter(war, crowded, decisions, chance(war, crowded.evolve(quarter=crowded.quarter + 1)))[0]
    assert any(not np.array_equal(getattr(plain, n), getattr(other, n), equal_nan=True) for n in ARRAYS)
