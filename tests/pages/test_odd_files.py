"""Where ``baimo odd`` may write: over its own documents, over nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.cli import main


@pytest.mark.parametrize("way", ["--out", "--html"])
def test_only_documentation_is_written_over(way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "game.baimo"
    saved.write_text('{"kind":"head"}\n', "utf-8")
    assert main(["odd", "--lang", "en", way, str(saved)]) == 2
    assert saved.read_text("utf-8") == '{"kind":"head"}\n'
    assert "exists already" in capsys.readouterr().err
    fresh = tmp_path / "new"
    assert main(["odd", "--lang", "en", way, str(fresh)]) == 0
    first = fresh.read_bytes()
    fresh.write_bytes(first[: len(first) // 2])
    assert main(["odd", "--lang", "en", way, str(fresh)]) == 0
    assert fresh.read_bytes() == first


def test_what_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["odd", "--lang", "en", "--out", str(tmp_path / "a\x1b[31m" / "b.md")]) == 2
    err = capsys.readouterr().err
    assert "cannot be written" in err and "\x1b" not in err
