"""The store of decoded content: the same as reading it, and never anything else."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from game.content import Content, cache, load
from game.content.cache import SIZE, content_key, load_shipped
from game.content.digest import rules_digest
from game.content.load import content_directory


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the shipped content."""
    path = tmp_path_factory.mktemp("cache") / "deep" / "content.msgpack"
    load_shipped(path)
    return path


def from_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> Content | None:
    """What the store gives; None where it had to be read again."""
    read: list[int] = []
    monkeypatch.setattr(cache, "load", lambda: read.append(1) or load())
    content = load_shipped(path)
    return None if read else content


def test_it_is_the_same_content(place: Path, shipped: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = from_store(place, monkeypatch)
    assert stored is not None, "read from the store"
    for field in dataclasses.fields(Content):
        kept, read = getattr(stored, field.name), getattr(shipped, field.name)
        assert kept == read and type(kept) is type(read), field.name
        if isinstance(read, dict):
            assert list(kept) == list(read), f"{field.name}: in file order"
            assert [repr(v) for v in kept.values()] == [repr(v) for v in read.values()], field.name
    assert stored.locale == shipped.locale and list(stored.locale) == list(shipped.locale)
    assert rules_digest(stored) == rules_digest(shipped)


def test_any_other_byte_is_another_key(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(content_directory(), folder)
    key = content_key(folder)
    assert key == content_key(content_directory()), "where the folder lies does not matter"
    file = folder / "locale" / "ui.toml"
    file.write_bytes(file.read_bytes().replace(b"Baimo", b"Baino", 1))
    other = content_key(folder)
    assert other != key, "the same size"
    file.rename(file.with_name("uj.toml"))
    assert content_key(folder) not in (key, other)


@pytest.mark.parametrize("damage", ["cut", "flipped", "key", "empty", "garbage", "folder"])
def test_a_damaged_store_is_passed_over_and_made_good(
    damage: str, place: Path, tmp_path: Path, shipped: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "content.msgpack"
    data = bytearray(place.read_bytes())
    if damage == "cut":
        del data[-100:]
    elif damage == "flipped":
        data[len(data) // 2] ^= 1
    elif damage == "key":
        data[0] ^= 1
    elif damage == "empty":
        data.clear()
    elif damage == "garbage":  # well digested, and still no content
        body = b"\x81\xa1a\x01"
        data = bytearray(bytes(data[:SIZE]) + cache.blake2b(body, digest_size=SIZE).digest() + body)
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(data)
    assert from_store(path, monkeypatch) is None
    assert (from_store(path, monkeypatch) is None) == (damage == "folder")
    assert [p.name for p in tmp_path.iterdir()] == ["content.msgpack"], "nothing is left beside it"


def test_a_place_that_takes_nothing_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"somebody's")
    assert from_store(file / "deep" / "content.msgpack", monkeypatch) is None
    assert file.read_bytes() == b"somebody's"
