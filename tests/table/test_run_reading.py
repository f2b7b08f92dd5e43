"""A run file gives back what was written, and every change to it is found and placed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from run_builders import FIRST, PARENT, SALT, head, quarter, reason, row, state, write

from game.table.errors import Damaged, NewerFormat, NotARun, RunError, Unreadable
from game.table.lines import FORMAT, MAX_STATE, Levers, Quarter, decode_line, pack_state, seal, seal_bytes, unpack_state
from game.table.runfile import changed_levers, read_run, run_of, verify_chain, whole_decisions


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("runs") / "a.baimo", end=True).read_bytes()


def first_fault(data: bytes) -> tuple[int, str]:
    with pytest.raises(Damaged) as caught:
        run_of(Path("a.baimo"), data)
    return caught.value.line, caught.value.why


def test_round_trip(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "a.baimo", parent=PARENT, undone=True))
    assert run.head == head(parent=PARENT, undone=True)
    assert run.quarters == tuple(quarter(n, (reason(n), reason(n, "second", 2))) for n in range(3))
    assert [run.state(n + 1) for n in range(3)] == [state(n) for n in range(3)]
    assert run.reasons[FIRST, 0] == reason(0)
    assert run.end is None and not run.torn and not run.unended and run.migrated is None
    assert run.size == run.path.stat().st_size
    assert [run.line_of(n) for n in range(4)] == [1, 2, 5, 8]
    assert verify_chain(run.path) == []


def test_end_round_trips(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "a.baimo", end=True))
    assert run.end is not None and run.end.endings == {0: "bankrupt"} and run.end.rows == {0: row(FIRST + 2)}


def test_decisions_are_exact(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "a.baimo"))
    now = run.decisions(2)
    assert now[0]["price.token"].hex() == (5e-324 + 2).hex()
    assert now[0]["card.choice"].hex() == (-0.0).hex()
    assert now[1] == {"route": 1.0, "price.token": 1 / 3, "card.choice": -0.0}
    assert now[2]["price.token"] == 2e22


VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES)))
def test_changes_add_up_to_the_whole(series: list[Levers]) -> None:
    standing: Levers = {}
    changes = []
    for number, new in enumerate(series):
        now = {**standing, **new}
        changes.append([changed_levers(now, standing) if number else dict(now)])
        standing = now
    if changes:
        assert repr(whole_decisions(changes)[0]) == repr(standing)


def test_the_sign_of_nothing_and_nothing_at_all_are_changes() -> None:
    assert repr(changed_levers({"a": -0.0, "b": None, "c": 0.0}, {"a": 0.0, "b": 0.0, "c": 0.0})) == repr(
        {"a": -0.0, "b": None}
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(-0.0)
@example(5e-324)
@example(1.7976931348623157e308)
def test_every_float_survives_the_file(value: float) -> None:
    line = Quarter(0, "2023Q1", [{"price.token": value}], {}, "", {}, {}, {}, b"")
    back = decode_line(seal(line, "")[0])
    assert isinstance(back, Quarter) and back.decisions[0]["price.token"].hex() == value.hex()


def line_at(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def swap(data: bytes, place: int, new: int) -> bytes:
    return data[:place] + bytes([new]) + data[place + 1 :]


def found_at(data: bytes) -> int:
    """The first faulty line of a damaged file, a torn tail included."""
    try:
        faults = verify_chain_of(data)
    except NotARun:
        pytest.fail("one character must not make it another kind of file")
    assert faults
    return faults[0]


def verify_chain_of(data: bytes) -> list[int]:
    try:
        run = run_of(Path("a.baimo"), data)
    except Damaged as error:
        return [error.line]
    return [len(run.lines) + 1] if run.torn else [len(run.lines)] if run.unended else []


def test_one_changed_character_in_any_line_is_found(whole: bytes) -> None:
    starts = [0, *(i + 1 for i, c in enumerate(whole[:-1]) if c == 10)]
    ends = [*(s - 1 for s in starts[1:]), len(whole) - 1]
    chance = random.Random(5)
    for start, end in zip(starts, ends, strict=True):
        edges = {*range(start, min(start + 120, end)), *range(max(start, end - 90), end + 1)}
        for place in sorted(edges | {chance.randrange(start, end) for _ in range(60)}):
            for new in {whole[place] ^ 1, ord(" "), ord("0"), ord("}"), 10, 0, 0xFF} - {whole[place]}:
                assert found_at(swap(whole, place, new)) == line_at(whole, place), (place, new)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), new=st.integers(0, 255), how=st.sampled_from(["swap", "insert", "delete"]))
def test_any_edit_of_one_character_is_found(whole: bytes, place: int, new: int, how: str) -> None:
    place %= len(whole)
    if how == "swap":
        data = swap(whole, place, new)
    else:
        data = whole[:place] + (bytes([new]) if how == "insert" else b"") + whole[place + (how == "delete") :]
    if data != whole:
        # a character put in at a line's very start, or a newline doubled, may be seen at either side of the seam
        assert found_at(data) in (line_at(whole, place), line_at(whole, place) + 1)


def test_equal_json_in_other_bytes_is_found(whole: bytes) -> None:
    lines = whole.split(b"\n")
    for number in (0, 1, 2, 4):
        item = msgspec.json.decode(lines[number])
        for other in (msgspec.json.encode(dict(reversed(item.items()))), lines[number].replace(b":", b": ", 1)):
            changed = b"\n".join([*lines[:number], other, *lines[number + 1 :]])
            assert first_fault(changed)[0] == number + 1


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ([0, 3, 4, 5, 1, 2], (2, "order")),  # quarters exchanged, with their reasons
        ([0, 1, 2, 4, 3, 5], (4, "order")),
        ([0, 1, 2, 1, 2, 3], (4, "repeat")),
        ([0, 1, 2, 2, 3, 4], (4, "repeat")),  # a reason twice
        ([0, 0, 1, 2, 3, 4], (2, "repeat")),
        ([0, 3, 4], (2, "order")),  # a quarter taken out: the next one fits only a line that is not there
        ([0, 1, 4, 3], (3, "order")),
    ],
)
def test_lines_moved_or_missing_are_named(tmp_path: Path, order: list[int], fault: tuple[int, str]) -> None:
    path = tmp_path / "a.baimo"
    write(path, 3)
    every = [raw for raw in path.read_bytes().split(b"\n") if b'"firm":2' not in raw[:40]][:-1]
    line, why = first_fault(b"".join(every[i] + b"\n" for i in order))
    assert line == fault[0]
    # a line whose predecessor is gone altogether can only be said not to fit
    assert why == fault[1] or (order == [0, 3, 4] and why == "checksum")


def test_several_faults_are_all_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", with_reasons=False)
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"2024Q1", b"2024Q9")
    lines[3] = lines[3].replace(b"2024Q3", b"2024Q9")
    path.write_bytes(b"\n".join(lines))
    assert [(f.line, f.why) for f in verify_chain(path)] == [(2, "checksum"), (4, "checksum")]
    assert "line 2" in str(verify_chain(path)[0])


def test_torn_tail_at_every_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 2, with_reasons=False)
    data = path.read_bytes()
    start = data.rindex(b"\n", 0, len(data) - 1) + 1
    for cut in range(start + 1, len(data) - 1):
        run = run_of(path, data[:cut])
        assert len(run.quarters) == 1 and run.torn == data[start:cut]
    run = run_of(path, data[:-1])  # all but the newline: nothing is lost
    assert len(run.quarters) == 2 and run.unended and not run.torn
    path.write_bytes(data[: start + 9])
    assert [(f.line, f.why) for f in verify_chain(path)] == [(3, "cut")]
    path.write_bytes(data[:-1])
    assert [(f.line, f.why) for f in verify_chain(path)] == [(3, "newline")]


def test_tail_of_zeros_is_torn(tmp_path: Path) -> None:
    path = write(tmp_path / "a.baimo", 1)
    assert run_of(path, path.read_bytes() + b"\0" * 4096).torn == b"\0" * 4096


def test_head_cut_short_is_damage(whole: bytes) -> None:
    assert first_fault(whole[:200]) == (1, "cut")


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"hello", b"{}\n", b'{"kind":"save"}\n', b"\x89PNG\r\n\x1a\n", b"\0" * 99]
)
def test_other_files_are_not_runs(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.baimo"
    path.write_bytes(data)
    for read in (read_run, verify_chain):
        with pytest.raises(NotARun, match="not a run"):
            read(path)


def test_missing_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.baimo", tmp_path):
        with pytest.raises(Unreadable):
            read_run(path)


def test_newer_format_is_told_from_damage(tmp_path: Path, whole: bytes) -> None:
    body = b'{"kind":"head","format":3,"program":"9.1","unheard":{"of":1}'
    path = tmp_path / "a.baimo"
    path.write_bytes(seal_bytes(body, "")[0] + b"\nwhat comes next is its own business\n")
    with pytest.raises(NewerFormat) as caught:
        read_run(path)
    assert caught.value.values["program"] == "9.1" and caught.value.values["format"] == FORMAT + 1
    # the same digit changed in an intact file is damage, not a newer format
    assert first_fault(whole.replace(b'"format":1', b'"format":3', 1)) == (1, "checksum")


def test_forged_but_sealed_lines_are_refused(whole: bytes) -> None:
    raw, checksum = seal(head(), "")
    late, _ = seal(quarter(1), checksum)
    assert first_fault(raw + b"\n" + late + b"\n") == (2, "sequence")
    few, _ = seal(msgspec.structs.replace(quarter(0), decisions=[{}]), checksum)
    assert first_fault(raw + b"\n" + few + b"\n") == (2, "fields")
    odd, _ = seal_bytes(b'{"kind":"quarter","quarter":"x"', checksum)
    assert first_fault(raw + b"\n" + odd + b"\n") == (2, "fields")
    again, _ = seal(head(), checksum)
    assert first_fault(raw + b"\n" + again + b"\n") == (2, "fields")
    last = whole.rstrip(b"\n").split(b"\n")[-1][-66:-2].decode()
    after, _ = seal(quarter(3), last)
    assert first_fault(whole + after + b"\n")[1] == "after-end"
    deep, _ = seal_bytes(b'{"kind":"quarter","quarter":' + b"[" * 5000, checksum)
    assert first_fault(raw + b"\n" + deep + b"\n") == (2, "fields")


def test_reasons_can_be_removed_but_not_changed(whole: bytes) -> None:
    lines = whole.split(b"\n")
    places = [i for i, raw in enumerate(lines) if raw.startswith(b'{"kind":"reason"')]
    assert len(places) == 6
    for gone in ([places[0]], places[3:], places):
        run = run_of(Path("a.baimo"), b"\n".join(raw for i, raw in enumerate(lines) if i not in gone))
        assert len(run.quarters) == 3 and len(run.reasons) == 6 - len(gone)
    other = lines[places[1]].replace(b"second", b"secund")
    assert first_fault(b"\n".join([*lines[: places[1]], other, *lines[places[1] + 1 :]])) == (places[1] + 1, "reason")
    stray = msgspec.json.encode(reason(0, "never said", 1))
    assert first_fault(b"\n".join([*lines[:3], stray, *lines[3:]])) == (4, "reason")
    early = msgspec.json.encode(msgspec.structs.replace(reason(0), quarter=-1))
    assert first_fault(b"\n".join([lines[0], early, *lines[1:]])) == (2, "order")


def test_salt_hides_the_same_words() -> None:
    from game.table.lines import hash_reason

    assert hash_reason(SALT, "yes") != hash_reason(SALT[::-1], "yes")


def test_state_that_swells_is_refused() -> None:
    assert unpack_state(pack_state(b"x" * 100)) == b"x" * 100
    for bad in (pack_state(b"\0" * (MAX_STATE + 1)), pack_state(b"abc" * 50)[:-3], b"", b"nonsense"):
        with pytest.raises(ValueError):
            unpack_state(bad)


def test_errors_are_messages(tmp_path: Path) -> None:
    try:
        read_run(tmp_path / "none.baimo")
    except RunError as error:
        message = error.message()
    assert message.id == "run.unreadable" and message.args["file"] == "none.baimo"


def test_reading_runs_needs_neither_numpy_nor_an_interface() -> None:
    code = (
        "import sys, game.table.wire, game.table.runfile, game.table.listing, game.table.writer, game.table.migrate;"
        "print([m for m in ('numpy', 'textual', 'rich', 'portalocker', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
