"""``baimo class forget``: nothing a person typed is left in a run, and it still verifies to the bit."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import run

from game.content import Content
from game.table.runfile import read_run, verify_chain
from tests.bench.pack import NAMES, REASONS, make


@pytest.fixture(scope="module")
def source(shipped: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = make(shipped, tmp_path_factory.mktemp("one"), range(1, 2), quarters=4)
    return path


def words(data: bytes) -> list[str]:
    return [text for text in (*NAMES, *REASONS) if len(text) > 2 and text.encode() in data]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_run_forgets_who_played_it_and_still_verifies(source: Path, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "a run.baimo"
    path.write_bytes(source.read_bytes())
    before = read_run(path)
    assert before.head.player == "王小明" and before.reasons and len(words(path.read_bytes())) > 1
    (tmp_path / "a run.baimo.torn-1").write_bytes(b"x")
    done = run("class", "forget", str(path), "--lang", lang)
    assert (done.code, done.err) == (0, "") and str(len(before.reasons) + 1) in done.out and "torn-1" in done.out
    after = read_run(path)
    assert words(path.read_bytes()) == [] and after.head.player == "" and not after.reasons
    assert verify_chain(path) == [] and [q for q in after.quarters] == [q for q in before.quarters]
    assert run("replay", str(path), "--check").code == 0
    checksums = after.checksums
    assert run("class", "forget", str(path), "--lang", lang).code == 0  # nothing more to forget
    assert read_run(path).checksums == checksums


def test_reasons_alone_go_without_a_new_chain(shipped: Content, tmp_path: Path) -> None:
    (path,) = make(shipped, tmp_path, range(8, 9), quarters=2)  # the one without a name
    before = read_run(path)
    assert before.reasons and not before.head.player
    assert run("class", "forget", str(path)).code == 0
    assert read_run(path).checksums == before.checksums and not read_run(path).reasons


def test_what_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    for name in ("x.txt", "none", "."):
        done = run("class", "forget", str(tmp_path / name))
        assert done.code == 2 and done.sentence
    assert (tmp_path / "x.txt").read_text() == "x"
