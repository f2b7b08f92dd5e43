"""Quarters that are not on disk: tried once more before a table is let go, and told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from game.content import Content, load
from game.table.errors import RunError, SaveError
from game.table.founding import Founding
from game.table.local import LocalHost
from game.table.runfile import read_run
from game.table.wire import Draft


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def play(host: LocalHost) -> None:
    """A quarter with every lever left standing."""
    table = host.table
    assert table is not None
    levers = {"card.choice": 0.0} if table.market.card(table.state, 0) else {}
    table.submit(0, Draft(quarter=table.quarter, levers=levers))
    table.step()


def begun(content: Content, saves: Path) -> LocalHost:
    host = LocalHost(content, saves, "0")
    asyncio.run(host.new_game(Founding(scenario="first-lesson", seed="7")))
    return host


def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path, content: Content) -> None:
    (tmp_path / "file").write_text("precious")
    for saves in (tmp_path / "file" / "saves", tmp_path / "file", Path("/proc/nope"), tmp_path / ("x" * 300)):
        host = begun(content, saves)
        assert isinstance(host.trouble(), SaveError) and host.unsaved() == 0 and host.list_runs() == []
        play(host)
        assert host.unsaved() == 1
        with pytest.raises(SaveError):
            host.save()
        asyncio.run(host.undo(host.table.head.first))
        assert isinstance(host.trouble(), SaveError)
        host.close()


def test_a_game_let_go_is_saved_once_more(tmp_path: Path, content: Content) -> None:
    saves, away = tmp_path / "saves", tmp_path / "away"
    host = begun(content, saves)
    path = host.table.record.path
    play(host)
    assert host.unsaved() == 0 and host.trouble() is None
    saves.rename(away)
    saves.write_text("something else")
    play(host)
    play(host)
    assert host.unsaved() == 2 and len(read_run(away / path.name).quarters) == 1
    saves.unlink()
    away.rename(saves)
    host.close()
    assert len(read_run(path).quarters) == 3


def test_the_place_in_a_file_that_was_gone_for_a_while_is_not_forgotten(tmp_path: Path, content: Content) -> None:
    host = begun(content, tmp_path / "saves")
    play(host)
    size = host.table.record._size
    (tmp_path / "saves").rename(tmp_path / "away")
    (tmp_path / "saves").write_text("")
    play(host)
    assert host.table.record._size == size
    (tmp_path / "saves").unlink()
    (tmp_path / "away").rename(tmp_path / "saves")
    host.save()
    assert len(read_run(host.table.record.path).quarters) == 2 and host.unsaved() == 0
    host.close()


def test_a_run_that_cannot_be_opened_leaves_the_game_at_hand(tmp_path: Path, content: Content) -> None:
    host = begun(content, tmp_path / "saves")
    table = host.table
    other = begun(content, tmp_path / "saves")
    with pytest.raises(RunError):
        asyncio.run(host.open_run(other.table.record.path))
    assert host.table is table
    play(host)
    assert host.unsaved() == 0 and len(read_run(table.record.path).quarters) == 1
    host.close()
    other.close()
