"""A process that plays futures for the seats of a room: one draft at a time, told to stop between two quarters.

It has no secret: rules, a packed state of the market and a draft come in through its standard input, fans go out. Fans are
made from the sealed view of the seat (`game.foresight.views`), so the room's luck is not in them.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from game.classroom import pipes

if TYPE_CHECKING:
    from game.content import Content
    from game.table.fans import Prospect
    from game.table.market import EngineMarket
    from game.table.wire import Fans

RULES: Final = 1
"""To the process: the pickled rules of a market, 16 bytes of their digest before them."""
PLAY: Final = 2
"""To the process: a `FanRequest`."""
STOP: Final = 3
"""To the process: the job of this number is not wanted any more."""
READY: Final = 32
PART: Final = 33
"""From the process: `Fans`."""
DONE: Final = 34
FAILED: Final = 35
DIGEST: Final = 16
LOWER: Final = 5
"""Added to the process's niceness: keys and frames come first."""


class FanRequest(msgspec.Struct, frozen=True, array_like=True):
    """Everything that the fans of a draft depend on."""

    rules: bytes
    """Digest of rules sent before."""
    scenario: str
    backgrounds: list[str]
    difficulty: str
    assume: str
    state: bytes
    seats: list[str]
    firm: int
    levers: dict[str, float]
    games: int


class Stopped(Exception):
    """Nobody wants the job any more."""


class Outlooks:
    """What all drafts of a view have in common, kept for the next draft; the one used longest ago goes first.

    An outlook is some 60 kB a game, so that what is kept is counted in games.
    """

    def __init__(self, games: int) -> None:
        self._most, self._games = games, 0
        self._kept: OrderedDict[Any, Prospect] = OrderedDict()

    def get(self, key: Any) -> Prospect | None:
        """The outlook of a view, if it is here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Any, prospect: Prospect) -> None:
        """Keep an outlook; others go to make room."""
        while self._kept and self._games + prospect.wanted > self._most:
            self._games -= self._kept.popitem(last=False)[1].wanted
        self._kept[key] = prospect
        self._games += prospect.wanted

    @property
    def games(self) -> int:
        """Games kept."""
        return self._games


class Player:
    """Plays the futures of requests."""

    def __init__(self, content: Content, kept: int) -> None:
        self._content = content
        self._rules: dict[bytes, Any] = {}
        self._markets: dict[Any, EngineMarket] = {}
        self.outlooks = Outlooks(kept)

    def learn(self, body: bytes) -> None:
        """Rules of a market, from the room's own process."""
        self._rules[body[:DIGEST]] = pickle.loads(body[DIGEST:])

    def fans(self, request: FanRequest, pause: Any) -> Iterator[Fans]:
        """Fans as they come; see `game.table.fans`."""
        from game.table import fans

        market = self._market(request)
        state_key = blake2b(request.state, digest_size=DIGEST).digest()
        key = (request.rules, state_key, tuple(request.seats), request.firm, request.games)
        ahead = self.outlooks.get(key)
        if ahead is None:
            pause()
            state = market.unpack(request.state, market.deck)
            ahead = fans.prospect(market, state, request.firm, tuple(request.seats), request.games)
            self.outlooks.put(key, ahead)
        wrong = {m.args.get("lever") for m in market.faults(ahead.state, request.firm, request.levers)}
        levers = {name: value for name, value in request.levers.items() if name not in wrong}
        return fans.fans(market, ahead, request.firm, levers, pause)

    def _market(self, request: FanRequest) -> EngineMarket:
        from game.table.market import EngineMarket

        key = (request.rules, request.scenario, tuple(request.backgrounds), request.difficulty, request.assume)
        if key not in self._markets:
            self._markets[key] = EngineMarket(
                self._rules[request.rules], self._content, scenario=request.scenario, backgrounds=request.backgrounds,
                difficulty=request.difficulty, assume=request.assume,
            )  # fmt: skip
        return self._markets[key]


class _Worker:
    def __init__(self, player: Player, into: BinaryIO, out: BinaryIO) -> None:
        self._player, self._into, self._out = player, into, out
        self._jobs: queue.SimpleQueue[pipes.Frame | None] = queue.SimpleQueue()
        self._stopped: set[int] = set()

    def run(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        self._say(0, READY)
        while (frame := self._jobs.get()) is not None:
            if frame.kind == RULES:
                self._player.learn(frame.body)
            else:
                self._play(frame)

    def _listen(self) -> None:
        frames = pipes.Frames()
        while data := self._into.read1(65536):  # type: ignore[attr-defined]
            for frame in frames.feed(data):
                if frame.kind == STOP:
                    self._stopped.add(frame.connection)
                else:
                    self._jobs.put(frame)
        os._exit(0)  # the room is gone; what is being played is nobody's

    def _play(self, frame: pipes.Frame) -> None:
        number = frame.connection

        def pause() -> None:
            if number in self._stopped:
                raise Stopped

        kind, said = DONE, b""
        try:
            request = msgspec.msgpack.decode(frame.body, type=FanRequest)
            for found in self._player.fans(request, pause):
                self._say(number, PART, msgspec.msgpack.encode(found))
        except Stopped:
            pass
        except Exception as error:  # told to the room; the next draft may do better
            kind, said = FAILED, f"{type(error).__name__}: {error}"[:300].encode()
        self._stopped.discard(number)
        self._say(number, kind, said)

    def _say(self, number: int, kind: int, body: bytes = b"") -> None:
        self._out.write(pipes.pack(number, kind, body))
        self._out.flush()


def main() -> None:
    """The process: ``fan_worker KEPT [CONTENT]``."""
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing but frames goes out
    with contextlib.suppress(AttributeError, OSError):
        os.nice(LOWER)
    from game.content import load
    from game.table import market as _market  # noqa: F401  (loads the engine now, not with the first draft)

    content = load(overlay=Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    with contextlib.suppress(KeyboardInterrupt):
        _Worker(Player(content, int(sys.argv[1])), sys.stdin.buffer, out).run()


if __name__ == "__main__":
    main()
