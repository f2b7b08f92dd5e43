"""Everything about a batch of games between two quarters; `State` is known to the engine and to nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from game.engine.draws import Words
from game.engine.names import ACCOUNTS, LEVERS, SEGMENTS, SOURCES
from game.engine.numeric import Array, Fen

Kept = TypeVar("Kept")
"""An array or a tuple of arrays that `State.once` keeps."""

HORIZON = 6
"""Quarters ahead for which compute contracts are kept: longest lead and longest term."""

CHANNELS = (
    *(f"utility.{v}" for v in SEGMENTS),
    "unit_cost", "compute_price", "research", "fixed_cost", "wages", "funding", "leads_rate", "churn", "capacity",
    "import_supply",
)
"""What an event may shift for some quarters; rows of ``State.shifts``."""

CHANNEL = {name: row for row, name in enumerate(CHANNELS)}
SHIFT_QUARTERS = 6
"""Longest duration of a shift."""

BINS = 6
"""Quality bins of the fringe."""


@dataclass(frozen=True)
class State:
    """Arrays of a batch, games last. F firms, V segments, S sources, L = `HORIZON`, G games; money in fen is int64."""

    quarter: int
    """Index of the quarter about to be played."""
    seed: Words
    """(2, G)."""
    cash: Fen
    debt: Fen
    cash_before: Fen
    """Cash at the start of the quarter before: what was known when guidance for the next close was given."""
    paid_out: Fen
    """Money already paid to founders, (F, G)."""
    accounts: Fen
    """(A, G) outside accounts; with the firms' cash they add up to zero."""
    status: NDArray[np.int8]
    """(F, G) row of `STATUSES`."""
    ended: NDArray[np.int16]
    """(F, G) quarter of the end, -1 while active."""
    founders: Array
    lnc: Array
    """Log effective compute in the model."""
    lne: Array
    """Log algorithmic efficiency."""
    released: Array
    """Log effective compute of the best model the firm has opened; -50 if none."""
    safety: Array
    trust: Array
    community: Array
    credibility: Array
    research_capital: Array
    """Research spending, capitalised and written down (CNY)."""
    equity: Array
    revenue: Array
    revenue_before: Array
    cost: Array
    """Operating cost of the last quarter, CNY."""
    margin: Array
    """Gross margin of the last quarter as share of revenue."""
    unserved: Array
    utilisation: Array
    volume: Array
    """Tokens ever served, millions."""
    raised: Array
    """Quarters since the last round, at most 9."""
    tender_value: Array
    """Won since the start, CNY."""
    tender_count: Array
    route: NDArray[np.int8]
    distress: NDArray[np.bool_]
    price: Array
    """(3, F, G) token, app, solution."""
    price_before: Array
    customers: Array
    """(F, V, G) paying customers, or running contracts."""
    hosted: Array
    """(F, V, G) users who chose the firm's release and run it themselves."""
    leads: Array
    pilots: Array
    knowledge: Array
    freshness: Array
    habit: Array
    signed: Array
    """Contracts ever signed."""
    started: Array
    """Projects ever started."""
    staff: NDArray[np.int32]
    hiring: NDArray[np.int32]
    due: Array
    """(F, S, L, G) contracted PFLOP/s, from this quarter on."""
    bill: Array
    """(F, S, L, G) CNY a quarter for it."""
    adopters: Array
    """(V, G)."""
    outside: Array
    """(V, G) users of open weights that no firm of the table released or serves."""
    compute_price: Array
    sentiment: Array
    price_shock: Array
    """Fading fall of the third-lowest log token price."""
    price_third: Array
    fringe: Array
    """(BINS, G) live models."""
    fringe_gap: Array
    """(BINS, G) shortfall of capability behind the best open model."""
    exits: Array
    """(G) fringe models gone since the start."""
    card: NDArray[np.int16]
    """(F, G) card on the desk, -1 none."""
    coming: NDArray[np.int16]
    """(F, G) card announced for the quarter after, -1 none."""
    seen: NDArray[np.bool_]
    """(C, F, G)."""
    shifts: Array
    """(channels, SHIFT_QUARTERS, F, G): slot 0 acts this quarter."""
    guidance: Array
    """(4, F, G) intervals given last quarter for cash and revenue of this one; NaN none."""
    levers: Array
    """(levers, F, G) as they stand."""

    @property
    def games(self) -> int:
        """Number of games in the batch."""
        return self.seed.shape[1]

    @property
    def alive(self) -> NDArray[np.bool_]:
        """(F, G) firms still trading."""
        return self.status == 0

    def evolve(self, **changes: Any) -> State:
        """The same state with some arrays replaced; a tenth of the cost of dataclasses.replace."""
        new = object.__new__(State)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(changes)
        return new

    def once(self, name: str, inputs: tuple[Any, ...], make: Callable[[], Kept]) -> Kept:
        """``make()``, or what it gave before for this ``name`` and the very same ``inputs`` (compared by identity).

        States that follow by `evolve` share what is kept. Arrays kept are read-only, for several callers hold them; so
        nothing may write into an array that has been an input.
        """
        kept = self.__dict__.setdefault("_kept", {})
        entry = kept.get(name)
        if entry is not None and len(entry[0]) == len(inputs) and all(a is b for a, b in zip(entry[0], inputs)):
            found: Kept = entry[1]
            return found
        value = make()
        arrays: Any = value if isinstance(value, tuple) else (value,)
        for array in arrays:
            array.flags.writeable = False
        kept[name] = (inputs, value)
        return value

    def __getstate__(self) -> dict[str, Any]:
        """What is kept by `once` does not travel."""
        return {n: v for n, v in self.__dict__.items() if n != "_kept"}

    def take(self, games: list[int] | NDArray[np.int64] | slice) -> State:
        """The state of some games of the batch, copied."""
        return self.evolve(**{n: np.ascontiguousarray(getattr(self, n)[..., games]) for n in ARRAYS})


ARRAYS = tuple(f.name for f in fields(State) if f.name != "quarter")
"""Names of the arrays of a state in a fixed order."""


def roomy(x: Array, axis: int) -> Array:
    """A copy of ``x`` to write in, laid out with one empty slot behind the last along ``axis``; see `moved_on`."""
    shape = list(x.shape)
    shape[axis] += 1
    base = np.empty(shape)
    at = [slice(None)] * x.ndim
    at[axis] = slice(-1, None)
    base[tuple(at)] = 0.0
    at[axis] = slice(0, -1)
    out = base[tuple(at)]
    out[...] = x
    return out


def moved_on(x: Array, axis: int) -> Array:
    """``x`` with every slot one place nearer along ``axis`` and an empty last one: a view where `roomy` made it."""
    base = x.base
    at = [slice(None)] * x.ndim
    at[axis] = slice(1, None)
    whole = (*x.shape[:axis], x.shape[axis] + 1, *x.shape[axis + 1 :])
    # What `roomy` makes begins where its base begins and lacks one slot of it; anything else is copied now.
    if (not isinstance(base, np.ndarray) or base.shape != whole or base.strides != x.strides
            or base.ctypes.data != x.ctypes.data):
        base = roomy(x, axis).base
    moved: Array = np.asarray(base)[tuple(at)]
    return moved


def concat(states: list[State]) -> State:
    """One batch from several at the same quarter.

    Raises ValueError where quarters differ.
    """
    if len({s.quarter for s in states}) != 1:
        raise ValueError("states of different quarters cannot form a batch")
    return states[0].evolve(**{n: np.concatenate([getattr(s, n) for s in states], axis=-1) for n in ARRAYS})


def repeat(state: State, games: int, seeds: Words | None = None) -> State:
    """One game ``games`` times over, under ``seeds`` (2, games) where given."""
    new = {n: np.repeat(getattr(state, n), games, axis=-1) for n in ARRAYS}
    if seeds is not None:
        new["seed"] = seeds
    return state.evolve(**new)


def pack(state: State, game: int = 0) -> bytes:
    """Bytes of one game: quarter, then the arrays in order, little endian. Shapes follow from the rules."""
    parts = [int(state.quarter).to_bytes(4, "little"), int(state.cash.shape[0]).to_bytes(4, "little"),
             int(state.seen.shape[0]).to_bytes(4, "little")]
    for name in ARRAYS:
        a = np.ascontiguousarray(getattr(state, name)[..., game])
        parts.append(a.astype(a.dtype.newbyteorder("<"), copy=False).tobytes())
    return b"".join(parts)


def unpack(data: bytes) -> State:
    """A batch of one game from `pack`'s bytes.

    Raises ValueError where the bytes are too few or too many.
    """
    if len(data) < 12:
        raise ValueError("state is too short")
    quarter, f, c = (int.from_bytes(data[i : i + 4], "little") for i in (0, 4, 8))
    out: dict[str, Any] = {}
    at = 12
    for name, (shape, kind) in layout(f, c).items():
        count = int(np.prod(shape, dtype=np.int64))
        dtype = np.dtype(kind).newbyteorder("<")
        if at + count * dtype.itemsize > len(data):
            raise ValueError(f"state ends within {name}")
        a = np.frombuffer(data, dtype=dtype, count=count, offset=at).astype(np.dtype(kind))
        out[name] = a.reshape(*shape, 1)
        at += count * dtype.itemsize
    if at != len(data):
        raise ValueError("state has bytes left over")
    return State(quarter=quarter, **out)


def digest(state: State, game: int = 0) -> str:
    """SHA-256 of one game's packed state, hex."""
    return hashlib.sha256(pack(state, game)).hexdigest()


def layout(f: int, c: int) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape without games, and dtype, of each array for ``f`` firms and ``c`` cards."""
    v, s = len(SEGMENTS), len(SOURCES)
    special: dict[str, tuple[tuple[int, ...], str]] = {
        "seed": ((2,), "u8"), "cash": ((f,), "i8"), "debt": ((f,), "i8"), "cash_before": ((f,), "i8"), "paid_out": ((f,), "i8"),
        "accounts": ((len(ACCOUNTS),), "i8"), "status": ((f,), "i1"), "ended": ((f,), "i2"), "route": ((f,), "i1"),
        "distress": ((f,), "?"), "price": ((3, f), "f8"), "price_before": ((3, f), "f8"),
        "staff": ((f, v), "i4"), "hiring": ((f, v), "i4"), "due": ((f, s, HORIZON), "f8"),
        "bill": ((f, s, HORIZON), "f8"), "adopters": ((v,), "f8"), "outside": ((v,), "f8"),
        "fringe": ((BINS,), "f8"), "fringe_gap": ((BINS,), "f8"), "card": ((f,), "i2"), "coming": ((f,), "i2"),
        "seen": ((c, f), "?"), "shifts": ((len(CHANNELS), SHIFT_QUARTERS, f), "f8"), "guidance": ((4, f), "f8"),
        "levers": ((len(LEVERS), f), "f8"),
    }
    matrices = {"customers", "hosted", "leads", "pilots", "knowledge", "freshness", "habit", "signed", "started"}
    market = {"compute_price", "sentiment", "price_shock", "price_third", "exits"}
    plain: dict[str, tuple[tuple[int, ...], str]] = {}
    for name in ARRAYS:
        if name in special:
            plain[name] = special[name]
        elif name in matrices:
            plain[name] = ((f, v), "f8")
        elif name in market:
            plain[name] = ((), "f8")
        else:
            plain[name] = ((f,), "f8")
    return plain
