"""Under which addresses this machine is reached, and whether a room there answers: as far as one machine can tell."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from game.classroom.address import Address
from game.table.wire import Message

ANY: Final = ("0.0.0.0", "::")
_PROBES: Final = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254", "100.127.255.254")
"""Addresses that are only routed to, never sent to: which of one's own addresses the system would use tells what it has
(documentation, RFC 5737; private networks, RFC 1918; shared space, RFC 6598, where private networks of programs live)."""
_PROBES_6: Final = ("2001:db8::1", "fd00::1")
PATIENCE: Final = 3.0
"""Seconds for an answer of one's own machine."""


class Reach(NamedTuple):
    """Whether pupils can reach the room (None: this machine cannot tell), and that in one sentence."""

    good: bool | None
    said: Message


def own_addresses(bind: str, *, names: bool = True) -> list[str]:
    """Addresses of this machine under which somebody else could reach a room bound to ``bind``, the likeliest first.

    Works without any list of interfaces, which every system gives in another way. Nothing is sent, but for what the system
    does to look up the machine's own name, which may take a while; without ``names`` it is not looked up.
    """
    if bind not in ANY:
        return [bind]
    found: list[str] = []
    for family, probes in ((socket.AF_INET, _PROBES), *(((socket.AF_INET6, _PROBES_6),) if bind == "::" else ())):
        for probe in probes:
            with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect((probe, 9))
                found.append(asked.getsockname()[0])
        with contextlib.suppress(OSError, UnicodeError):
            found += [] if not names else [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, family)]
    return sorted(dict.fromkeys(a for a in found if _useful(a)), key=_rank)


def _useful(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast)


def _rank(address: str) -> int:
    """What a school's network looks like comes first; the order is otherwise the system's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.is_link_local:
        return 3
    if ip.version == 6:
        return 2
    return 0 if any(ip in net for net in _PRIVATE) else 1


_PRIVATE: Final = tuple(ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")


async def reach(bind: str, addresses: Sequence[Address], others: int = 0) -> Reach:
    """Whether the room is reached: asks it under its own first address. ``others`` is how many other machines have come.

    That an address answers from here does not mean that it does from elsewhere: firewalls and access points let one's own
    machine through. Only another machine's visit proves it, and is told.
    """
    if others:
        return Reach(True, Message("class.reach.others", {"count": others}))
    if not addresses:
        return Reach(False, Message("class.reach.no-network"))
    first = addresses[0]
    kind = _kind(first.host)
    if kind == "loopback":
        return Reach(False, Message("class.reach.local-only", {"bind": bind}))
    if not await _answers(first):
        return Reach(False, Message("class.reach.blocked", {"address": str(first), "port": str(first.port)}))
    if kind == "link-local":
        return Reach(False, Message("class.reach.link-local", {"address": str(first)}))
    if kind == "shared":
        return Reach(None, Message("class.reach.shared", {"address": str(first)}))
    if kind == "public":
        return Reach(None, Message("class.reach.public", {"address": str(first)}))
    return Reach(None, Message("class.reach.own", {"address": str(first), "port": str(first.port)}))


def _kind(host: str) -> str:
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "name"
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link-local"
    if ip in _SHARED:
        return "shared"
    return "private" if ip.is_private else "public"


async def _answers(address: Address) -> bool:
    """Whether a room answers there. The certificate is not looked at: it is our own server that is asked."""
    tls = None
    if address.secure:
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(address.host, address.port, ssl=tls)
            try:
                writer.write(f"GET /check HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
                answer = await reader.read(65536)
            finally:
                writer.close()
    except (OSError, TimeoutError, ssl.SSLError):
        return False
    return b"baimo-protocol:" in answer.lower()


def printed(hosts: Iterable[str], port: int, secure: bool) -> list[Address]:
    """The addresses to print."""
    return [Address(host, port, secure) for host in hosts]
