"""Who may speak to a room's server at all: the Host and Origin of a request, where it comes from, and what every answer
tells the browser not to do."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names under which a machine calls itself."""


@dataclass
class Guard:
    """The names that a room is reached by. A page of another site, or a name that somebody else's name server points
    here (rebinding), is refused."""

    names: frozenset[str]
    """Hosts as printed, small letters, IPv6 without brackets."""
    port: int
    secure: bool = False
    again: Callable[[], frozenset[str]] = field(default=frozenset, repr=False)
    """Looks for this machine's addresses again: a notebook changes its network in the middle of a lesson."""

    def host(self, header: str) -> str | None:
        """The host of a Host header, if the room is printed under it with this port; else None."""
        try:
            parts = urlsplit(f"//{header}")
            name, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return None
        if parts.netloc != header or "@" in header or (port or (443 if self.secure else 80)) != self.port:
            return None
        name = _plain(name.replace("%25", "%"))
        if name not in self.names and name not in LOOPBACK:
            self.names = self.names | self.again()
        return name if name in self.names or name in LOOPBACK else None

    def origin(self, header: str, host: str) -> bool:
        """Whether an Origin header is the room's own page under the Host header of the same request."""
        try:
            parts = urlsplit(header)
            ours = urlsplit(f"//{host}")
            usual = 443 if self.secure else 80
            return (
                parts.scheme == ("https" if self.secure else "http") and not parts.path and not parts.query
                and not parts.fragment and parts.username is None and bool(parts.hostname)
                and (parts.hostname, parts.port or usual) == (ours.hostname, ours.port or usual)
            )  # fmt: skip
        except ValueError:
            return False


def _plain(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def plain_address(peer: str | None) -> str:
    """The address that a connection comes from, without a zone; an IPv4 address in IPv6 clothes as IPv4."""
    try:
        address = ipaddress.ip_address((peer or "").partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_loopback(peer: str | None) -> bool:
    """Whether a connection comes from this machine to itself."""
    plain = plain_address(peer)
    return bool(plain) and ipaddress.ip_address(plain).is_loopback


def headers(host: str, secure: bool, *, own_styles: bool = False) -> dict[str, str]:
    """What every answer says. ``own_styles`` for the page of the terminal, whose program writes style sheets."""
    style = "'self' 'unsafe-inline'" if own_styles else "'self'"
    socket = f"{'wss' if secure else 'ws'}://{host}" if host else ""
    found = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; font-src 'self'; "
            f"connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cache-Control": "no-store",
        "Server": "Baimo",
    }
    return found
