"""A fault of the program itself: one sentence for the player, the trace in a file, nothing saved lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import game.tui.app
from game.content import load
from game.table.local import LocalHost
from game.tui.app import BaimoApp


class Broken(BaimoApp):
    """An app in which pressing a key meets a fault."""

    CSS_PATH = Path(game.tui.app.__file__).with_name("app.tcss")

    def on_key(self) -> None:
        raise ZeroDivisionError("planted")


def test_a_fault_is_told_in_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = load()
    app = Broken(content, LocalHost(content, tmp_path, "0"), lang="en", saves=tmp_path)

    async def press() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("x")

    with pytest.raises(ZeroDivisionError):
        asyncio.run(press())
    said = "".join(capfd.readouterr())
    assert "fault of its own" in said and "Traceback" not in said
    assert "planted" in (tmp_path / "crash.txt").read_text(encoding="utf-8")
