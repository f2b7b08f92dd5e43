"""Codes that people type and secrets that programs show: drawn from `secrets`, kept as hashes, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody takes for one another when they are read off a projector."""
LENGTH: Final = 9
"""Of a room's code: 30 to the 9th is more than 44 bits."""
_GROUP: Final = 4


def draw_code() -> str:
    """A room's code as it is printed, in groups: ``K7QM-2XRD-9``."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[i : i + _GROUP] for i in range(0, LENGTH, _GROUP))


def bare_code(typed: str) -> str:
    """A code as it is compared: capitals, without dashes and blanks, full-width letters made plain.

    >>> bare_code(" k7qm 2xrd－9 ")
    'K7QM2XRD9'
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def same_code(typed: str, code: str) -> bool:
    """Whether what was typed is the code; takes as long whatever was typed. No code is nobody's."""
    return bool(code) and hmac.compare_digest(bare_code(typed).encode(), bare_code(code).encode())


def draw_secret() -> str:
    """A member's secret or a one-time token: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is kept of a secret. It is long and random, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def find_owner(secret: str, hashes: Iterable[tuple[str, bytes]]) -> str | None:
    """Whose secret this is, of (id, hash); every hash is looked at, whoever it is."""
    mine, found = hash_secret(secret), None
    for owner, kept in hashes:
        if hmac.compare_digest(mine, kept):
            found = owner
    return found
