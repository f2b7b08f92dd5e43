"""What every request to a room passes first: the right Host, an Origin of the room's own wherever a browser sends one, a
rate that a person does not reach; and how the room says no."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from game.classroom import join_page
from game.classroom import messages as m
from game.classroom.guard import Guard, headers, is_loopback, plain_address
from game.classroom.limits import MOST_KEYS, Buckets, Limits
from game.classroom.web_link import VERSION_HEADER, Refusal
from game.language import Tongue
from game.table.wire import Message

log = logging.getLogger("baimo.room")
"""One line a request: method, kind of page, status. No address, no name, no secret."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Peer = Callable[[web.BaseRequest], str | None]
PASSED_ON: Final = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""Headers of proxies."""
LOOKING: Final = frozenset({"GET", "HEAD"})


class Refused(Exception):
    """A request that is answered with one sentence; ``kind`` is under what it is counted."""

    def __init__(self, status: int, key: str, kind: str, retry: int = 0, **args: float | int | str) -> None:
        super().__init__(kind)
        self.status, self.message, self.kind, self.retry = status, Message(key, args), kind, retry


class Entrance:
    """The middleware of a room's application, and what it counts."""

    def __init__(
        self, guard: Guard, tongues: Mapping[str, Tongue], lang: str, limits: Limits, peer: Peer, time: Mapping[str, Any]
    ) -> None:
        """``peer`` says where a request comes from; ``time`` may hold a ``clock``."""
        self.guard, self.tongues, self.lang = guard, tongues, lang
        self.counted: Counter[str] = Counter()
        """What was refused, by kind."""
        self.seen: set[str] = set()
        """Addresses that requests came from, as far as they are worth remembering."""
        self._peer = peer
        self._requests = Buckets(*limits.requests, **time)

    @web.middleware
    async def checked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware."""
        try:
            self._admit(request)
            response = await handler(request)
        except Refused as refused:
            response = self.refusal(request, refused)
        except (HttpProcessingError, web.RequestPayloadError, ConnectionError):  # a body that is not what its head says
            response = self.refusal(request, Refused(400, "class.page.bad-request", "unreadable body"))
        except web.HTTPRequestEntityTooLarge:
            response = self.refusal(request, Refused(413, "class.page.too-large", "too large"))
        except web.HTTPException as error:
            key = "class.page.not-found" if error.status in (404, 405) else "class.page.bad-request"
            response = self.refusal(request, Refused(error.status, key, f"status {error.status}"))
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
        except Exception:
            log.exception("fault in %s", kind_of(request))
            self.counted["faults of our own"] += 1
            response = self.refusal(request, Refused(500, "class.page.fault", "fault"))
        log.info("%s %s %s", request.method, kind_of(request), response.status)
        return response

    def _admit(self, request: web.Request) -> None:
        """Raises `Refused` for a request that nobody here should send."""
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1 or self.guard.host(hosts[0]) is None:
            raise Refused(421, "class.page.refused-host", "foreign Host")
        address = self.caller(request)
        if len(self.seen) < MOST_KEYS:
            self.seen.add(address)
        if not self._requests.take(address):
            raise Refused(429, "class.page.too-fast", "requests too fast", retry=2)
        origins = request.headers.getall("Origin", [])
        if origins and (len(origins) != 1 or not self.guard.origin(origins[0], hosts[0])):
            raise Refused(403, "class.page.refused-origin", "foreign Origin")
        acts = request.method not in LOOKING or "Upgrade" in request.headers
        if acts and browses(request) and not origins and "Authorization" not in request.headers:
            raise Refused(403, "class.page.refused-origin", "no Origin")
        if acts and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "class.page.refused-origin", "foreign page")

    async def prepared(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put into every answer, sockets too, what a browser must know."""
        extra = {VERSION_HEADER: str(m.PROTOCOL)}
        host = request.headers.get("Host", "")
        known = self.guard.host(host) is not None
        for name, value in {**headers(host if known else "", self.guard.secure), **extra}.items():
            if name not in response.headers or name == "Server":
                response.headers[name] = value

    def caller(self, request: web.BaseRequest) -> str:
        """Where a request comes from."""
        return plain_address(self._peer(request))

    def from_here(self, request: web.BaseRequest) -> bool:
        """Whether a request comes from this machine itself; what passed a proxy on it does not."""
        return is_loopback(self._peer(request)) and not any(name in request.headers for name in PASSED_ON)

    def tongue(self, request: web.Request) -> Tongue:
        """The language of a request: as the address says, as the form said, as the browser wishes."""
        asked = request.query.get("lang", request.cookies.get("baimo-lang", ""))
        if asked not in self.tongues:
            first = request.headers.get("Accept-Language", "").lower()
            places = {code: first.find(code) for code in self.tongues if code in first}
            asked = min(places, key=places.__getitem__) if places else self.lang
        return self.tongues[asked]

    def refusal(self, request: web.Request, refused: Refused) -> web.Response:
        """No, in one sentence: as a page for who reads pages, else as JSON."""
        self.counted[refused.kind] += 1
        more = {"Retry-After": str(refused.retry)} if refused.retry else {}
        if "text/html" in request.headers.get("Accept", ""):
            tongue = self.tongue(request)
            text = join_page.told_page(tongue, tongue.message(refused.message), again=refused.status != 421)
            return html(text, refused.status, more)
        body = msgspec.json.encode(Refusal(refused.message))
        return web.Response(body=body, status=refused.status, content_type="application/json", headers=more)


def html(text: str, status: int = 200, more: Mapping[str, str] | None = None) -> web.Response:
    """A page."""
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=more)


def kind_of(request: web.Request) -> str:
    """What kind of page a request is for; what stands in its address stays out of it."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


async def farewell(socket: web.WebSocketResponse, code: int = 1000) -> None:
    """Close a socket, without waiting for who does not answer."""
    with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
        await asyncio.wait_for(socket.close(code=code), 2.0)


def browses(request: web.Request) -> bool:
    """Whether a request comes from a browser, as far as it says so."""
    return "Cookie" in request.headers or any(name.startswith("Sec-Fetch-") for name in request.headers)


def upgrades(request: web.Request) -> bool:
    """Whether a request wants to become a WebSocket."""
    return request.headers.get("Upgrade", "").lower() == "websocket" and request.method == "GET"
