"""The command line as a test calls it: in this process, or in a child of its own where the process is the point."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import jsonschema

from game.cli import main

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parents[1] / "schemas"


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it has to be, without NaN or infinities."""
        return json.loads(self.out, parse_constant=_no_number)

    @property
    def sentence(self) -> str:
        """Standard error as the one sentence it has to be."""
        assert self.err.endswith("\n") and self.err.count("\n") == 1, self.err
        assert self.err.startswith("baimo: ") and "Traceback" not in self.err, self.err
        return self.err[len("baimo: ") : -1]


def run(*args: str | Path) -> Result:
    """A command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(a) for a in args])
    for stream in (out, err):
        stream.flush()
    return Result(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())


def child(*args: str | Path, env: Mapping[str, str] | None = None, entry: tuple[str, ...] = ("-m", "game")) -> Result:
    """A command in a process of its own; output must be UTF-8 whatever the locale says."""
    done = subprocess.run(
        [sys.executable, *entry, *map(str, args)], cwd=ROOT, capture_output=True, timeout=120, check=False,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def valid(document: Any, schema: str) -> Any:
    """The document, after it was held against ``tests/schemas/NAME.json``."""
    rules = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(rules)
    jsonschema.Draft202012Validator(rules).validate(document)
    return document


def refused(result: Result, *words: str, code: int = 2) -> str:
    """The sentence of a command that refused, which has to hold every one of ``words``."""
    assert result.code == code, (result.code, result.err)
    assert result.out == ""
    for word in words:
        assert word in result.sentence, (word, result.sentence)
    return result.sentence


def _no_number(name: str) -> NoReturn:
    raise AssertionError(f"{name} in a JSON document")
