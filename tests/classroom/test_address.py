"""Addresses as people type them."""

from __future__ import annotations

import pytest

from game.classroom.address import Address, parse_address
from game.classroom.errors import ClassError


@pytest.mark.parametrize(("typed", "url"), [
    ("192.168.1.5", "http://192.168.1.5:8100/"),
    ("192.168.1.5:9000", "http://192.168.1.5:9000/"),
    (" http://192.168.1.5:8100/join ", "http://192.168.1.5:8100/"),
    ("https://room.school.cn", "https://room.school.cn/"),
    ("https://room.school.cn:8443/#K7QM", "https://room.school.cn:8443/"),
    ("http://desk.local", "http://desk.local/"),
    ("desk", "http://desk:8100/"),
    ("::1", "http://[::1]:8100/"),
    ("[::1]:9000", "http://[::1]:9000/"),
    ("http://[fd00::12]:81/", "http://[fd00::12]:81/"),
    ("fe80::1%eth0", "http://[fe80::1%25eth0]:8100/"),
    ("192。168。1。5：8100", "http://192.168.1.5:8100/"),
    ("１９２．１６８．１．５", "http://192.168.1.5:8100/"),
])  # fmt: skip
def test_an_address_is_understood(typed: str, url: str) -> None:
    assert parse_address(typed).url() == url


@pytest.mark.parametrize("typed", [
    "", "  ", "a b", "ftp://host", "http://", "host:notaport", "host:70000", "host:0", "http://user:pw@host/", "host\x00", "-",
    "x" * 400, "x" * 64, "a..b", "999.1.1.1", "1.2.3", "2130706433", ".", "a.-b", "javascript:alert(1)", "主机", "http://[zz]:1/",
])  # fmt: skip
def test_what_is_none_is_told(typed: str) -> None:
    with pytest.raises(ClassError) as caught:
        parse_address(typed)
    assert caught.value.message.id == "class.join.address"


def test_sockets_and_hosts() -> None:
    assert Address("h", 8100).url("/api/ws", socket=True) == "ws://h:8100/api/ws"
    assert Address("h", 443, True).url("/x", socket=True) == "wss://h/x"
    assert Address("::1", 80).netloc == "[::1]"
