"""Places kept on this machine: found again by room and code, private, forgotten, and never a reason to stop."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from game.classroom.places import Kept, forget_place, keep_place, kept_place, place_file

HERE = "http://192.168.1.5:8100/"
PLACE = Kept(HERE, "m1", "seat-1", "小雨", "secret-secret")


def test_a_place_is_found_again_by_room_and_code_alone(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    assert keep_place(folder, HERE, "K7QM-2XRD-9", PLACE)
    assert kept_place(folder, HERE, " k7qm 2xrd－9") == PLACE  # typed in another way
    assert kept_place(folder, HERE, "K7QM-2XRD-8") is None
    assert kept_place(folder, "http://192.168.1.6:8100/", "K7QM-2XRD-9") is None
    assert keep_place(folder, HERE, "K7QM-2XRD-9", Kept(HERE, "m2", "", "x", "newer"))
    assert len(list(folder.iterdir())) == 1
    found = kept_place(folder, HERE, "K7QM-2XRD-9")
    assert found is not None and found.secret == "newer"
    forget_place(folder, HERE, "K7QM-2XRD-9")
    forget_place(folder, HERE, "K7QM-2XRD-9")
    assert kept_place(folder, HERE, "K7QM-2XRD-9") is None and not list(folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="modes of files are another matter there")
def test_only_the_user_may_read_it_and_its_name_tells_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    keep_place(folder, HERE, "K7QM-2XRD-9", PLACE)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "K7QM" not in file.name.upper() and b"K7QM" not in file.read_bytes().upper()


def test_what_cannot_be_read_or_kept_counts_as_none(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    folder.mkdir()
    path = place_file(folder, HERE, "A")
    for damage in (b"", b"{", b"[]", b'{"secret": 1}', b"\xff" * 10, b"[" * 5000, b'"' + b"x" * 9000):
        path.write_bytes(damage)
        assert kept_place(folder, HERE, "A") is None
    path.unlink()
    path.mkdir()
    assert kept_place(folder, HERE, "A") is None and not keep_place(folder, HERE, "A", PLACE)
    (tmp_path / "file").write_text("")
    assert not keep_place(tmp_path / "file", HERE, "A", PLACE)
