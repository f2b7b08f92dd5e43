"""``baimo replay``: a run as it was written passes, and any single character changed in it does not."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shell import refused, run, valid

from game.content import Content
from game.table.auto import auto, replay_report
from game.table.errors import RunError
from game.table.lines import seal_bytes, unseal
from game.table.local import Founding, LocalHost
from game.table.runfile import read_run
from game.table.wire import Draft

KINDS = ("auto", "person")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, shipped: Content) -> dict[str, bytes]:
    """Two finished runs: one by a policy, one by a person who gave reasons."""
    folder = tmp_path_factory.mktemp("runs")
    path = folder / "auto.baimo"
    auto(shipped, scenario="first-lesson", background="lab-spin-off", difficulty="manager", assume="none",
         policy="reactive", seed="7", out=path)  # fmt: skip
    return {"auto": path.read_bytes(), "person": asyncio.run(_person(shipped, folder / "person"))}


async def _person(content: Content, folder: Path) -> bytes:
    host = LocalHost(content, folder, "0")
    seat = await host.new_game(Founding(scenario="first-lesson", seed="7", name="小王 <b>"))
    while not host.table.over:
        view = await seat.view()
        levers: dict[str, float] = {"price.token": 20.0 - view.quarter}
        if host.table.market.card(host.table.state, 0):
            levers["card.choice"] = 0.0
        if host.table.market.distressed(host.table.state, 0):
            levers["distress.choice"] = 0.0
        await seat.submit(Draft(quarter=view.quarter, levers=levers, reason="先占地 “quoted” \\ \n <&> 价"))
    host.close()
    (path,) = folder.glob("*.baimo")
    return path.read_bytes()


@pytest.fixture
def file(tmp_path: Path, runs: dict[str, bytes]) -> Path:
    """The run by a policy, in a folder of its own."""
    path = tmp_path / "a.baimo"
    path.write_bytes(runs["auto"])
    return path


def check(content: Content, path: Path) -> tuple[int, int | None]:
    """Exit code and line that ``replay --check`` gives, without the cost of a new process or of reading content."""
    try:
        result, _, complaint = replay_report(content, path, check=True)
    except RunError as error:
        return (1 if error.id == "run.damaged" else 2), error.values.get("line")
    return (1 if complaint else 0), result["line"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_as_written_passes(tmp_path: Path, runs: dict[str, bytes], kind: str) -> None:
    path = tmp_path / "a.baimo"
    path.write_bytes(runs[kind])
    result = run("replay", path, "--check", "--json")
    found = valid(result.document, "replay")
    assert (result.code, result.err) == (0, "")
    assert (found["ok"], found["checked"], found["replayed"], found["quarters"]) == (True, True, 5, 5)
    assert found["line"] is found["what"] is None and found["ending"]
    assert run("replay", path, "--check").out.splitlines()[-1].endswith("all as recorded")
    for check_too in ((), ("--check",)):
        people = run("replay", path, *check_too)
        assert (people.code, people.err) == (0, "")
        assert [line[:6] for line in people.out.splitlines()[1:6]] == [
            "2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1"
        ]  # fmt: skip
    assert path.read_bytes() == runs[kind], "reading never writes"
    assert [p.name for p in tmp_path.iterdir()] == ["a.baimo"]


def test_a_run_of_every_quarter_of_war_passes(tmp_path: Path) -> None:
    path = tmp_path / "war.baimo"
    printed = run("auto", "--seed", "7", "--out", path, "--json").document
    found = valid(run("replay", path, "--check", "--json").document, "replay")
    assert (found["ok"], found["replayed"]) == (True, 20)
    assert (found["rules_digest"], found["rules"]) == (printed["rules_digest"], printed["rules"])
    assert found["ending"] == printed["final"]["ending"]


# one character ----------------------------------------------------------------------------------------------------


def places(data: bytes) -> Iterator[tuple[int, int]]:
    """Line and place of characters worth changing in every line: both ends, every mark of structure, and a sample."""
    start = 0
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        near = {0, 1, len(line) // 2, len(line) - 1, len(line) - 2, len(line) - 40, len(line) - 66, len(line) - 79}
        near |= {m.start() for m in re.finditer(rb'"[a-z_]+":', line[:600])}
        near |= set(range(7, len(line), max(1, len(line) // 12)))
        near.add(len(line))  # the newline
        yield from ((number, start + place) for place in sorted(near) if 0 <= place <= len(line))
        start += len(line) + 1


def changed(data: bytes, place: int, to: int) -> bytes:
    return data[:place] + bytes([to]) + data[place + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_any_character_changed_fails_and_names_the_line(
    tmp_path: Path, shipped: Content, runs: dict[str, bytes], kind: str
) -> None:
    data, path = runs[kind], tmp_path / "a.baimo"
    count = data.count(b"\n")
    assert data.endswith(b"\n")
    seen = set()
    for line, place in places(data):
        for to in (data[place] ^ 1, ord(" "), ord("\n")):
            if to == data[place]:
                continue
            path.write_bytes(changed(data, place, to))
            code, named = check(shipped, path)
            assert code == 1, (line, place, to)
            last = place == len(data) - 1
            assert named in ({line, line + 1} if last or data[place] == 10 else {line}), (line, place, to, named)
            seen.add(line)
    assert seen == set(range(1, count + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_any_character_changed_fails_property(
    tmp_path_factory: pytest.TempPathFactory, shipped: Content, runs: dict[str, bytes], kind: str
) -> None:
    data = runs[kind]
    path = tmp_path_factory.mktemp("any") / "a.baimo"

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(data) - 1), st.integers(0, 255))
    def holds(place: int, to: int) -> None:
        if to == data[place]:
            return
        path.write_bytes(changed(data, place, to))
        line = data.count(b"\n", 0, place) + 1
        code, named = check(shipped, path)
        assert code == 1 and named in (line, line + 1)
        assert named == line or data[place] == 10

    holds()


def test_the_command_says_so(file: Path, runs: dict[str, bytes]) -> None:
    data = runs["auto"]
    lines = data.split(b"\n")
    for number in (1, 2, 4, len(lines) - 1):
        place = sum(map(len, lines[: number - 1])) + number - 1 + len(lines[number - 1]) // 2
        file.write_bytes(changed(data, place, data[place] ^ 1))
        refused(run("replay", file, "--check"), "a.baimo", f"line {number}", code=1)
        result = run("replay", file, "--check", "--json")
        found = valid(result.document, "replay")
        assert (result.code, found["ok"], found["line"], found["what"]) == (1, False, number, "damaged")
        assert f"line {number}" in result.sentence
        refused(run("replay", file), "a.baimo", f"line {number}", code=2)


# more than a character --------------------------------------------------------------------------------------------


def resealed(data: bytes, number: int, edit: Any) -> bytes:
    """The run with one line edited and every checksum made again, as a forger would."""
    out, checksum = [], ""
    for at, raw in enumerate(data.split(b"\n")[:-1], 1):
        body = raw if (parts := unseal(raw)) is None else parts[0]
        if at == number:
            item = msgspec.json.decode(body + b"}")
            edit(item)
            body = msgspec.json.encode(item)[:-1]
        raw, checksum = seal_bytes(body, checksum)
        out.append(raw)
    return b"".join(raw + b"\n" for raw in out)


def richer(item: dict[str, Any]) -> None:
    item["rows"]["0"]["cash"] += 1.0


def cheaper(item: dict[str, Any]) -> None:
    levers = item["decisions"][0]
    levers["price.token"] = levers.get("price.token", 30.0) * 0.5


def rival(item: dict[str, Any]) -> None:
    item["decisions"][3]["price.token"] = 1.0


def stolen(item: dict[str, Any]) -> None:
    item["digest"] = "0" * 64


def better(item: dict[str, Any]) -> None:
    item["endings"]["0"] = "national-champion" if item["endings"]["0"] != "national-champion" else "merged"


@pytest.mark.parametrize(
    ("number", "edit", "what"),
    [(3, richer, "numbers"), (2, cheaper, "decisions"), (4, rival, "decisions"), (5, stolen, "state"),
     (7, better, "ending")],
)  # fmt: skip
def test_a_forger_who_mends_the_checksums_is_found_by_recomputing(
    file: Path, runs: dict[str, bytes], number: int, edit: Any, what: str
) -> None:
    file.write_bytes(resealed(runs["auto"], number, edit))
    result = run("replay", file, "--check", "--json")
    found = valid(result.document, "replay")
    assert (result.code, found["ok"], found["line"], found["what"]) == (1, False, number, what)
    assert f"line {number}" in result.sentence
    assert found["replayed"] <= number - 2
    people = run("replay", file, "--check")
    assert people.code == 1 and people.sentence == result.sentence


def test_another_seed_in_the_head_is_found(file: Path, runs: dict[str, bytes]) -> None:
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(seed="0" * 32)))
    assert run("replay", file, "--check").code == 1


def test_a_resealed_run_that_was_not_edited_still_passes(file: Path, runs: dict[str, bytes]) -> None:
    """The control of the forgeries: it is the edit that is found."""
    file.write_bytes(resealed(runs["auto"], 0, None))
    assert file.read_bytes() == runs["auto"]
    assert run("replay", file, "--check").code == 0


def test_lines_swapped_repeated_or_missing(file: Path, runs: dict[str, bytes]) -> None:
    lines = runs["auto"].splitlines(keepends=True)
    for order, named in (((0, 2, 1, 3, 4, 5, 6), 2), ((0, 1, 1, 2, 3, 4, 5, 6), 3), ((0, 2, 3, 4, 5, 6), 2)):
        file.write_bytes(b"".join(lines[i] for i in order))
        refused(run("replay", file, "--check"), f"line {named}", code=1)
    file.write_bytes(b"".join(lines[1:]))
    assert run("replay", file, "--check").code in (1, 2)


def test_a_torn_tail(file: Path, runs: dict[str, bytes]) -> None:
    data = runs["auto"]
    lines = data.split(b"\n")
    for keep in (3, 5):
        whole = sum(map(len, lines[:keep])) + keep
        for cut in (1, len(lines[keep]) // 2, len(lines[keep]) - 1):
            file.write_bytes(data[: whole + cut])
            result = run("replay", file, "--check", "--json")
            found = valid(result.document, "replay")
            assert (result.code, found["torn"], found["ok"], found["line"]) == (1, True, False, keep + 1)
            assert f"line {keep + 1}" in result.sentence and "cut short" in result.sentence
            told = run("replay", file)
            assert told.code == 0 and "cut short" in told.sentence, "without --check a notice is enough"
            assert told.out.count("2023Q") + told.out.count("2024Q") == keep - 1
            assert file.read_bytes() == data[: whole + cut], "replay sets nothing aside"


def test_a_run_that_was_left_in_the_middle(file: Path, runs: dict[str, bytes]) -> None:
    lines = runs["auto"].splitlines(keepends=True)
    for keep in (1, 3, 6):
        file.write_bytes(b"".join(lines[:keep]))
        found = valid(run("replay", file, "--check", "--json").document, "replay")
        assert (found["ok"], found["quarters"], found["ending"]) == (True, keep - 1, None)


def test_reasons_may_be_forgotten_but_not_changed(tmp_path: Path, runs: dict[str, bytes]) -> None:
    lines = runs["person"].splitlines(keepends=True)
    reasons = [i for i, raw in enumerate(lines) if raw.startswith(b'{"kind":"reason"')]
    assert len(reasons) == 5
    path = tmp_path / "a.baimo"
    path.write_bytes(b"".join(raw for i, raw in enumerate(lines) if i != reasons[1]))
    assert run("replay", path, "--check").code == 0
    other = json.loads(lines[reasons[1]])
    other["text"] = "another story"
    forged = [*lines]
    forged[reasons[1]] = json.dumps(other, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    path.write_bytes(b"".join(forged))
    refused(run("replay", path, "--check"), f"line {reasons[1] + 1}", code=1)


# other rules, other programs --------------------------------------------------------------------------------------


def test_a_run_of_other_rules_shows_its_history_and_fails_a_check(file: Path, runs: dict[str, bytes]) -> None:
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(digest="e" * 64, rules="1")))
    shown = run("replay", file)
    assert (shown.code, shown.err) == (0, "")
    assert "other rules" in shown.out and "2024Q1" in shown.out
    result = run("replay", file, "--check", "--json")
    found = valid(result.document, "replay")
    assert (result.code, found["ok"], found["same_rules"], found["replayed"]) == (1, False, False, 0)
    assert (found["rules_digest"], found["quarters"]) == ("e" * 64, 5)
    assert "other rules" in result.sentence


def test_a_newer_format_is_not_a_damaged_one(file: Path, runs: dict[str, bytes]) -> None:
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(format=99, program="9.9.9")))
    for more in ((), ("--check",), ("--check", "--json")):
        refused(run("replay", file, *more), "newer version", "9.9.9")


def test_a_run_of_content_that_is_not_here(file: Path, runs: dict[str, bytes]) -> None:
    for field, value in (("scenario", "moon-race"), ("background", "nobody"), ("difficulty", "myth"),
                         ("assume", "optimists")):  # fmt: skip
        file.write_bytes(resealed(runs["auto"], 1, lambda head, f=field, v=value: head.update({f: v})))
        refused(run("replay", file, "--check"), "a.baimo", value)
    def gone(head: dict[str, Any]) -> None:
        head["seats"][3] = "oracle"

    file.write_bytes(resealed(runs["auto"], 1, gone))
    refused(run("replay", file, "--check"), "oracle")


def nonsense(item: dict[str, Any]) -> None:
    item["state"] = b64encode(zlib.compress(b"not a state")).decode()


def cut_state(item: dict[str, Any]) -> None:
    item["state"] = b64encode(b64decode(item["state"])[:-9]).decode()


@pytest.mark.parametrize(
    ("number", "edit"),
    [
        pytest.param(6, nonsense, id="state"),
        pytest.param(6, cut_state, id="state cut"),
        pytest.param(1, lambda head: head.update(seed_text="8"), id="seed_text"),
        pytest.param(1, lambda head: head.update(quarters=4), id="quarters"),
        pytest.param(1, lambda head: head.update(deck=["a"]), id="deck"),
        pytest.param(3, lambda line: line.update(label="2099Q4"), id="label"),
        pytest.param(3, lambda line: line.update(rows={}), id="rows"),
        pytest.param(3, lambda line: line.update(drafts={"0": {"price.token": 1.0}}), id="drafts"),
        pytest.param(7, lambda line: line.update(endings={}), id="endings"),
        pytest.param(7, lambda line: line.update(rows={}), id="last rows"),
        pytest.param(3, lambda line: line.update(cards={"0": "bad-tuesday"}), id="cards"),
        pytest.param(3, lambda line: line.update(rows={**line["rows"], "1": line["rows"]["0"]}), id="more rows"),
        pytest.param(1, lambda head: head.update(firm=99), id="firm"),
        pytest.param(1, lambda head: head.update(firm=-1), id="firm before the first"),
    ],
)
def test_every_field_that_can_be_recomputed_is(file: Path, runs: dict[str, bytes], number: int, edit: Any) -> None:
    file.write_bytes(resealed(runs["auto"], number, edit))
    result = run("replay", file, "--check")
    assert result.code == 1 and f"line {number}" in result.sentence


def test_another_first_quarter_is_found(file: Path, runs: dict[str, bytes]) -> None:
    later = resealed(runs["auto"], 1, lambda head: head.update(first=head["first"] + 1))
    file.write_bytes(later)
    refused(run("replay", file, "--check"), "line 2", code=1)  # the quarters do not follow it
    file.write_bytes(later.splitlines(keepends=True)[0])
    assert run("replay", file, "--check").sentence.startswith("a.baimo: line 1: start")


@pytest.mark.parametrize("seed", ["", "zz", "g" * 32, "7" * 31, "7" * 33])
def test_a_seed_that_is_none(file: Path, runs: dict[str, bytes], seed: str) -> None:
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(seed=seed)))
    refused(run("replay", file), "line 1")
    refused(run("replay", file, "--check"), "line 1", code=1)


def test_nothing_in_a_run_acts_on_the_terminal(file: Path, runs: dict[str, bytes]) -> None:
    evil = "7\x1b]0;owned\x07\u202e\x9b2J"
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(seed_text=evil)))
    shown = run("replay", file)
    assert shown.code == 0 and "owned" in shown.out
    document = run("replay", file, "--json")
    assert document.document["seed"] == evil, "the document says what stands there"
    for out in (shown.out, document.out):
        assert all(c.isprintable() or c == "\n" for c in out)
    file.write_bytes(resealed(runs["auto"], 1, lambda head: head.update(scenario=evil)))
    assert refused(run("replay", file), "owned").isprintable()
    file.write_bytes(resealed(runs["auto"], 3, lambda line: line.update(label=evil)))
    refused(run("replay", file), "line 3")


def test_files_that_are_no_runs(tmp_path: Path, runs: dict[str, bytes]) -> None:
    for name, data in {
        "empty": b"", "text": "百模大战\n".encode(), "binary": bytes(range(256)) * 40, "json": b'{"kind":"other"}\n',
        "toml": b"[[card]]\nid = 1\n", "newlines": b"\n" * 50, "utf16": runs["auto"][:3000].decode().encode("utf-16"),
    }.items():  # fmt: skip
        path = tmp_path / f"{name}.baimo"
        path.write_bytes(data)
        for more in ((), ("--check",), ("--json", "--check")):
            refused(run("replay", path, *more), path.name, "not a run")
        assert path.read_bytes() == data


def test_a_file_with_a_name_that_is_no_text(tmp_path: Path, runs: dict[str, bytes]) -> None:
    path = Path(f"{tmp_path}/\udcff 一局.baimo")
    try:
        path.write_bytes(runs["auto"])
    except (OSError, UnicodeEncodeError):
        pytest.skip("names here are text")
    for more in ((), ("--json",), ("--check", "--json")):
        result = run("replay", path, *more)
        assert (result.code, result.err) == (0, "")
    assert valid(result.document, "replay")["file"] == "? 一局.baimo"
    path.write_bytes(runs["auto"].replace(b"cash", b"cosh", 1))
    result = run("replay", path, "--check", "--json")
    assert result.code == 1 and valid(result.document, "replay")["file"] == "? 一局.baimo"


def test_undone_and_forked_runs_pass_and_are_marked(tmp_path: Path, shipped: Content) -> None:
    async def play() -> list[Path]:
        host = LocalHost(shipped, tmp_path, "0")
        seat = await host.new_game(Founding(scenario="first-lesson", seed="7"))
        for _ in range(3):
            view = await seat.view()
            levers = {"card.choice": 0.0} if host.table.market.card(host.table.state, 0) else {}
            await seat.submit(Draft(quarter=view.quarter, levers=levers))
        first = host.table.record.path
        await host.undo(host.table.head.first + 1)
        undone = host.table.record.path
        await host.fork(first, host.table.head.first + 2)
        forked = host.table.record.path
        host.close()
        return [first, undone, forked]

    paths = asyncio.run(play())
    marks = [valid(run("replay", p, "--check", "--json").document, "replay") for p in paths]
    assert [(m["ok"], m["undone"], m["quarters"]) for m in marks] == [
        (True, False, 3), (True, True, 1), (True, False, 2)
    ]  # fmt: skip
    assert read_run(paths[1]).head.parent is not None


def test_a_record_that_begins_outside_its_scenario_is_refused_in_a_sentence(file: Path, runs: dict[str, bytes]) -> None:
    """Checksums of a forged run may be right; its scenario knows no such quarter."""
    def later(head: dict[str, Any]) -> None:
        head["first"] = 30

    file.write_bytes(resealed(runs["auto"], 1, later))
    refused(run("replay", file), "a.baimo")
