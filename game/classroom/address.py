"""Where a room is, as a person types it: ``192.168.1.5``, ``192.168.1.5:8100``, ``http://host:8100/``, ``[fe80::1]:8100``.

What a Chinese input method makes of dots and colons (``。``, ``：``) is understood.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from game.classroom.errors import ClassError

PORT: Final = 8100
"""The port of a room where none is said."""
_LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"(?=.*[a-z])(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*\.?")
"""A name; what is made of digits and dots alone is an address or nothing."""


@dataclass(frozen=True)
class Address:
    """A room's address; ``host`` without brackets."""

    host: str
    port: int = PORT
    secure: bool = False

    @property
    def netloc(self) -> str:
        """``host:port`` as it stands in a Host header; the port of the scheme is left out, as programs leave it out."""
        usual = 443 if self.secure else 80
        return bracketed(self.host) + ("" if self.port == usual else f":{self.port}")

    def url(self, path: str = "/", *, socket: bool = False) -> str:
        """The whole address of a page, or of a WebSocket."""
        scheme = ("ws" if socket else "http") + ("s" if self.secure else "")
        return f"{scheme}://{self.netloc}{path}"

    def __str__(self) -> str:
        return self.url()


def bracketed(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets, its zone escaped."""
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


def parse_address(text: str) -> Address:
    """An address as typed. Raises `ClassError` where it is none.

    >>> parse_address("192.168.1.5").url("/play")
    'http://192.168.1.5:8100/play'
    """
    typed = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
    wrong = ClassError("class.join.address", address=text.strip()[:80])
    if not typed or len(typed) > 300 or any(c.isspace() for c in typed):
        raise wrong
    if (alone := _ip(typed)) is not None:  # a bare IPv6 address looks like a host with a port
        return Address(alone)
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*)://", typed)
    try:
        parts = urlsplit(typed if scheme else f"//{typed}")
        port, host = parts.port, parts.hostname
    except ValueError:
        raise wrong from None
    if not host or parts.username is not None or (scheme and parts.scheme not in ("http", "https")) or port == 0:
        raise wrong
    address = _ip(host.replace("%25", "%")) or (host if _HOST.fullmatch(host) else None)
    if address is None:
        raise wrong
    secure = parts.scheme == "https"
    usual = (443 if secure else 80) if scheme else PORT
    return Address(address, usual if port is None else port, secure)


def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return None
